//! `contara module list`: which modules the daemon has, and how they are.

use std::process::ExitCode;

use clap::Args;
use contara_i18n::{Message, message};
use serde_json::Value;

use super::{modules, preparing, say};
use crate::command::{DataDir, table, wait_for};
use crate::locale_language::{self, warning_line, with_colon};

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one JSON array: the modules as `GET /api/modules` has them
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let daemon = self.data_dir.admin_client()?;
        let modules = wait_for(modules(&daemon))?;
        if self.json {
            say(&serde_json::to_string_pretty(&modules)?)?;
        } else if modules.is_empty() {
            let none = message!("There are no modules yet. Make one with `contara module new`.");
            say(&locale_language::say(&none))?;
        } else {
            say(&text(&modules))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn text(modules: &[Value]) -> String {
    let head = [
        message!("NAME"),
        message!("STATE"),
        message!("VERSION"),
        message!("SOURCE"),
        message!("TITLE"),
    ];
    let lines = table(head, modules.iter().map(row));
    let notes = modules.iter().flat_map(notes);
    std::iter::once(lines)
        .chain(notes)
        .collect::<Vec<_>>()
        .join("\n")
}

fn row(module: &Value) -> [String; 5] {
    let text = |key: &str| module[key].as_str().unwrap_or_default().to_owned();
    [
        text("name"),
        locale_language::say(&state(module)),
        text("version"),
        locale_language::say(&source(module)),
        text("display_name"),
    ]
}

fn source(module: &Value) -> Message {
    match module["source"].as_str().unwrap_or_default() {
        _ if module["in_development"] == true => message!("development"),
        "builtin" => message!("builtin"),
        "community" => message!("community"),
        // Of a later daemon.
        source => Message::verbatim(source),
    }
}

fn state(module: &Value) -> Message {
    match module["life"].as_str().unwrap_or_default() {
        "blocked" => message!("blocked"),
        _ if module["valid"] != true => message!("unusable"),
        "stopped" => message!("stopped"),
        "preparing" => message!("preparing"),
        "starting" => message!("starting"),
        "running" => message!("running"),
        "stopping" => message!("stopping"),
        "backoff" => message!("backoff"),
        "failed" => message!("failed"),
        // Of a later daemon.
        life => Message::verbatim(life),
    }
}

/// What is to be said of a module: first what keeps it from running, then what it is warned of.
fn notes(module: &Value) -> Vec<String> {
    let name = module["name"].as_str().unwrap_or_default();
    let warnings = super::warnings(module);
    let warnings =
        warnings.map(|warning| format!("{} {}", with_colon(name), warning_line(warning)));
    note(module).into_iter().chain(warnings).collect()
}

/// Why it isn't running though it should be, or can't be used at all; or how far its packages are.
fn note(module: &Value) -> Option<String> {
    let name = with_colon(module["name"].as_str()?);
    if module["life"] == "preparing" {
        return Some(format!("{name} {}", preparing::text(&module["preparing"])));
    }
    let mut problems = module["problems"].as_array()?.iter();
    let error = problems.find(|problem| problem["severity"] == "error");
    let why = module["problem"]["detail"]
        .as_str()
        .or_else(|| error?["message"].as_str())?;
    Some(format!("{name} {why}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_says_how_each_module_is_and_why() {
        let modules = [
            json!({"name": "steam", "display_name": "Steam", "version": "1.0.0", "source": "builtin", "valid": true,
                "life": "backoff", "problem": {"detail": "No vdf."}, "problems": []}),
            json!({"name": "mine", "display_name": "Mine", "version": "0.1.0", "source": "community", "valid": true,
                "life": "running", "problem": null, "in_development": true,
                "problems": [{"severity": "warning", "message": "curl is not installed."}]}),
            json!({"name": "x", "display_name": "x", "version": "", "source": "community", "valid": false,
                "life": "stopped", "problem": null, "problems": [{"severity": "error", "message": "No name"}]}),
            json!({"name": "bsd", "display_name": "BSD", "version": "1.0.0", "source": "community", "valid": false,
                "life": "blocked", "problem": {"detail": "Not here."}, "problems": [{"severity": "error", "message": "Not here."}]}),
            json!({"name": "new", "display_name": "New", "version": "1.0.0", "source": "community", "valid": true,
                "life": "preparing", "preparing": {"text": "Installing yarl", "done": 3, "total": 7}, "problem": null,
                "problems": []}),
        ];
        assert_eq!(
            text(&modules),
            "NAME   STATE      VERSION  SOURCE       TITLE\n\
             steam  backoff    1.0.0    builtin      Steam\n\
             mine   running    0.1.0    development  Mine\n\
             x      unusable            community    x\n\
             bsd    blocked    1.0.0    community    BSD\n\
             new    preparing  1.0.0    community    New\n\
             steam: No vdf.\n\
             mine: warning: curl is not installed.\n\
             x: No name\n\
             bsd: Not here.\n\
             new: Installing yarl (3 of 7)"
        );
    }
}
