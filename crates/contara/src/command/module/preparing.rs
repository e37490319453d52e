//! Follows a module whose Python packages are being installed until it runs or is known not to. Progress goes to standard
//! error: one line that changes on a terminal, a line for each step otherwise.

use std::io::{IsTerminal, Write as _};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use contara_i18n::message;
use serde_json::Value;

use super::modules;
use crate::admin_client::AdminClient;
use crate::locale_language::say;

/// Often enough to look alive, seldom enough to cost nothing.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// What fits into a narrow terminal; a line that wraps can't be written over.
const LONGEST_LINE: usize = 78;

/// Returns once the module runs.
///
/// # Errors
/// It is blocked (in the installer's words), failed, was disabled, or is gone; or the daemon has ended.
pub(super) async fn follow(daemon: &AdminClient, name: &str) -> anyhow::Result<()> {
    let mut shown = Shown::new();
    let end = loop {
        let module = find(daemon, name).await?;
        if let Some(end) = end(name, &module) {
            break end;
        }
        shown.show(&text(&module["preparing"]));
        tokio::time::sleep(LOOK_EVERY).await;
    };
    shown.clear();
    end
}

/// The module of this name, as the API gives it.
pub(super) async fn find(daemon: &AdminClient, name: &str) -> anyhow::Result<Value> {
    let all = modules(daemon).await?;
    all.into_iter()
        .find(|module| module["name"] == name)
        .with_context(|| say(&message!("the module \"{module}\" is gone", module = name)))
}

/// How it ended, if it has.
fn end(name: &str, module: &Value) -> Option<anyhow::Result<()>> {
    let problem = &module["problem"];
    let detail = problem["detail"].as_str().unwrap_or_default();
    match module["life"].as_str().unwrap_or_default() {
        "running" => Some(Ok(())),
        "blocked" => Some(Err(anyhow!(say(&message!(
            "{module} is blocked: {reason}",
            module = name,
            reason = words(problem, detail)
        ))))),
        "failed" | "backoff" => Some(Err(anyhow!("{detail}").context(super::failed(name)))),
        "stopped" | "stopping" => Some(stopped(name)),
        _ => None,
    }
}

fn stopped(name: &str) -> anyhow::Result<()> {
    bail!(say(&message!(
        "{module} was disabled meanwhile",
        module = name
    )))
}

/// The reason, and what the installer said.
fn words(problem: &Value, detail: &str) -> String {
    match problem["traceback"].as_str() {
        Some(words) => format!("{detail}\n{words}"),
        None => detail.to_owned(),
    }
}

/// Such as "Installing yarl (3 of 7)"; empty when nothing is known.
pub(super) fn text(preparing: &Value) -> String {
    let text = preparing["text"].as_str().unwrap_or_default();
    match (preparing["done"].as_u64(), preparing["total"].as_u64()) {
        (Some(done), Some(total)) => say(&message!(
            "{what} ({number} of {total})",
            what = text,
            number = done,
            total = total
        )),
        _ => text.to_owned(),
    }
}

/// What was shown last, and where.
struct Shown {
    is_terminal: bool,
    last: String,
}

impl Shown {
    fn new() -> Self {
        Self {
            is_terminal: std::io::stderr().is_terminal(),
            last: String::new(),
        }
    }

    fn show(&mut self, text: &str) {
        if text.is_empty() || text == self.last {
            return;
        }
        text.clone_into(&mut self.last);
        let line: String = text.chars().take(LONGEST_LINE).collect();
        self.write(&if self.is_terminal {
            format!("\r{line}\x1b[K")
        } else {
            format!("{text}\n")
        });
    }

    /// Leaves the terminal as it was.
    fn clear(&mut self) {
        if self.is_terminal && !self.last.is_empty() {
            self.write("\r\x1b[K");
        }
    }

    fn write(&mut self, text: &str) {
        let mut stderr = std::io::stderr().lock();
        // Nobody may read it any more; what is done goes on all the same.
        let _ = stderr.write_all(text.as_bytes());
        let _ = stderr.flush();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is printed at the end, if it is the end.
    fn told(module: &Value) -> Option<String> {
        end("a", module).map(|end| match end {
            Ok(()) => "runs".to_owned(),
            Err(error) => format!("{error:#}"),
        })
    }

    #[test]
    fn it_goes_on_until_the_module_runs_or_is_known_not_to() {
        let preparing = json!({"text": "Installing yarl", "done": 3, "total": 7});
        assert_eq!(text(&preparing), "Installing yarl (3 of 7)");
        assert_eq!(
            text(&json!({"text": "Resolving", "done": null, "total": null})),
            "Resolving"
        );
        for life in ["preparing", "starting", "of later"] {
            assert_eq!(told(&json!({"life": life})), None);
        }
        assert_eq!(told(&json!({"life": "running"})).as_deref(), Some("runs"));
        let problem =
            json!({"detail": "They don't fit together.", "traceback": "Because a\nand b"});
        assert_eq!(
            told(&json!({"life": "blocked", "problem": problem})).as_deref(),
            Some("a is blocked: They don't fit together.\nBecause a\nand b")
        );
        assert_eq!(
            told(&json!({"life": "backoff", "problem": {"detail": "exit status 3"}})).as_deref(),
            Some("a failed; `contara module logs a` shows what it said: exit status 3")
        );
        assert!(told(&json!({"life": "stopped"})).is_some());
    }
}
