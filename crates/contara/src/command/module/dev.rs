//! `contara module dev PATH`: a folder as a module of the daemon for as long as this runs, and all that happens to it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use contara_i18n::message;
use serde::Deserialize;
use serde_json::json;

use super::log_line::LogLine;
use super::{about, colour, say};
use crate::admin_client::Lines;
use crate::command::{DataDir, wait_for};
use crate::locale_language::{self, error_line, warning_line, with_colon};

#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// The module's folder
    path: PathBuf,
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// What happens, as the API tells it. What a later daemon adds is left out.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    Started {
        module: String,
        url: String,
    },
    Log(LogLine),
    Life {
        life: String,
    },
    Problems {
        problems: Vec<Problem>,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Deserialize)]
struct Problem {
    severity: String,
    message: String,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    found: Option<String>,
    expected: Option<String>,
    help: Option<String>,
}

impl Dev {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let folder = folder(&self.path)?;
        let daemon = self.data_dir.admin_client()?;
        let path = folder.to_str().with_context(|| {
            about(&folder, |path| {
                message!("the path {path} isn't UTF-8", path = path)
            })
        })?;
        wait_for(async {
            let body = json!({"path": path});
            let mut lines = daemon
                .post_for_lines("/api/admin/dev-modules", &body)
                .await?;
            tokio::select! {
                shown = self.show(&mut lines) => shown,
                // The daemon notices that we are gone, and takes the module away.
                stopped = tokio::signal::ctrl_c() => Ok(stopped?),
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, lines: &mut Lines) -> anyhow::Result<()> {
        let mut teller = Teller::default();
        while let Some(line) = lines.next().await {
            if self.json {
                say(&line)?;
                continue;
            }
            let event = serde_json::from_str(&line).with_context(|| {
                locale_language::say(&message!(
                    "the daemon's words can't be read; is it of another version?"
                ))
            })?;
            if let Some(text) = teller.tell(event) {
                say(&text)?;
            }
        }
        bail!(locale_language::say(&message!("the daemon has ended")));
    }
}

/// The folder to name, absolute: whoever gives the manifest means the folder around it.
fn folder(path: &Path) -> anyhow::Result<PathBuf> {
    let path = path
        .canonicalize()
        .with_context(|| about(path, |path| message!("can't use {path}", path = path)))?;
    let folder = if path.is_file() {
        path.parent().unwrap_or(&path)
    } else {
        &path
    };
    let is_module = |manifest: &&str| folder.join(manifest).exists();
    if ["module.json", "desc.json"].iter().any(is_module) {
        return Ok(folder.to_owned());
    }
    bail!(about(folder, |folder| message!(
        "there is no module.json and no desc.json in {folder}: make a new module with `contara module new NAME`",
        folder = folder
    )))
}

/// Turns events into lines for people.
#[derive(Debug, Default)]
struct Teller {
    changed: Option<Instant>,
    had_problems: bool,
}

impl Teller {
    fn tell(&mut self, event: Event) -> Option<String> {
        match event {
            Event::Started { module, url } => Some(started(module, url)),
            Event::Log(line) => {
                if line.source == "host" && line.message == "its folder has changed" {
                    self.changed = Some(Instant::now());
                }
                Some(line.text(colour()))
            }
            Event::Life { life } if life == "running" => {
                let took = self.changed.take()?.elapsed().as_secs_f32();
                let seconds = format!("{took:.2}");
                let reloaded = message!("Reloaded in {seconds} s.", seconds = seconds);
                Some(locale_language::say(&reloaded))
            }
            Event::Problems { problems } => self.tell_problems(&problems),
            Event::Life { .. } | Event::Unknown => None,
        }
    }

    fn tell_problems(&mut self, problems: &[Problem]) -> Option<String> {
        let had_problems = std::mem::replace(&mut self.had_problems, !problems.is_empty());
        if problems.is_empty() {
            return had_problems.then(|| locale_language::say(&message!("All is fine again.")));
        }
        let texts: Vec<_> = problems.iter().map(Problem::text).collect();
        Some(texts.join("\n"))
    }
}

fn started(module: String, url: String) -> String {
    let where_it_is = message!(
        "{module} is in development: {url}",
        module = module,
        url = url
    );
    let how = message!("It is loaded anew whenever you save. Stop with Ctrl-C.");
    [where_it_is, how]
        .map(|line| locale_language::say(&line))
        .join("\n")
}

impl Problem {
    fn text(&self) -> String {
        let message = match self.severity.as_str() {
            "error" => error_line(&self.message),
            "warning" => warning_line(&self.message),
            severity => format!("{} {}", with_colon(severity), self.message),
        };
        let found = self.found.as_ref();
        let found = found.map(|found| message!("; found {found}", found = found));
        let expected = self.expected.as_ref();
        let expected =
            expected.map(|expected| message!("; expected {expected}", expected = expected));
        let contrast = [found, expected].into_iter().flatten();
        let contrast: String = contrast.map(|part| locale_language::say(&part)).collect();
        let help = self.help.as_ref();
        let help = help.map_or_else(String::new, |help| format!("\n    {help}"));
        format!("{}{message}{contrast}{help}", self.place())
    }

    /// As compilers have it, so that editors find it.
    fn place(&self) -> String {
        let Some(file) = &self.file else {
            return String::new();
        };
        let numbers = [self.line, self.column].into_iter().flatten();
        let numbers: String = numbers.map(|number| format!(":{number}")).collect();
        format!("{file}{numbers}: ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(teller: &mut Teller, event: &str) -> Option<String> {
        teller.tell(serde_json::from_str(event).expect("an event"))
    }

    #[test]
    fn problems_have_their_place_and_their_end() {
        let mut teller = Teller::default();
        let problem = r#"{"type": "problems", "problems": [{"severity": "error", "message": "Invalid version format",
            "file": "a/module.json", "line": 4, "column": 13, "found": "\"1\"", "expected": "three numbers", "help": "Write 1.0.0."}]}"#;
        assert_eq!(
            tell(&mut teller, problem).as_deref(),
            Some(
                "a/module.json:4:13: error: Invalid version format; found \"1\"; expected three numbers\n    Write 1.0.0."
            )
        );
        let none = r#"{"type": "problems", "problems": []}"#;
        assert!(tell(&mut teller, none).is_some());
        assert_eq!(tell(&mut teller, none), None);
    }

    #[test]
    fn only_a_reload_is_timed() {
        let mut teller = Teller::default();
        let running = r#"{"type": "life", "life": "running", "problem": null}"#;
        assert_eq!(tell(&mut teller, running), None);
        let changed = r#"{"type": "log", "seq": 1, "time": "", "source": "host", "level": "info", "logger": "",
            "message": "its folder has changed", "traceback": null}"#;
        tell(&mut teller, changed);
        let text = tell(&mut teller, running).expect("a line");
        assert!(text.starts_with("Reloaded in 0."), "{text}");
        assert_eq!(tell(&mut teller, r#"{"type": "of later"}"#), None);
    }
}
