//! `contara setup list`: which setup modules there are, and how they stand.

use std::process::ExitCode;

use clap::Args;
use contara_i18n::{Message, message};
use serde_json::Value;

use super::daemon::SetupApi;
use super::{print_json, say};
use crate::command::{DataDir, table, wait_for};
use crate::locale_language::{self, with_colon};
use crate::plain::plain;

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one JSON object: what `GET /api/setup` answers
    #[arg(long)]
    pub(super) json: bool,
}

impl List {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let api = SetupApi::new(self.data_dir.admin_client()?);
        let overview = wait_for(api.overview())?;
        if self.json {
            print_json(&overview)?;
        } else {
            say(&text(&overview))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn text(overview: &Value) -> String {
    let modules = overview["modules"].as_array().cloned().unwrap_or_default();
    let mut lines = Vec::new();
    if modules.is_empty() {
        lines.push(locale_language::say(&message!(
            "There are no setup modules yet. One is a folder with a desc.json: put yours into `modules` in Contara's data folder, and it is here."
        )));
    } else {
        let head = [
            message!("NAME"),
            message!("STATE"),
            message!("SECTION"),
            message!("TITLE"),
        ];
        lines.push(table(head, modules.iter().map(row)));
    }
    lines.extend(modules.iter().flat_map(problems));
    lines.extend(overview["read_only"].as_str().map(plain));
    lines.join("\n")
}

fn row(module: &Value) -> [String; 4] {
    let text = |key: &str| plain(module[key].as_str().unwrap_or_default());
    [
        text("slug"),
        locale_language::say(&state(module)),
        text("section"),
        text("name"),
    ]
}

fn state(module: &Value) -> Message {
    if module["usable"] == false {
        message!("unusable")
    } else if module["configured"] == true {
        message!("configured")
    } else if module["installed"] == true {
        message!("installed")
    } else {
        message!("available")
    }
}

fn problems(module: &Value) -> Vec<String> {
    let name = plain(module["slug"].as_str().unwrap_or_default());
    let problems = module["problems"].as_array().into_iter().flatten();
    let problems = problems.filter_map(Value::as_str);
    problems
        .map(|problem| format!("{} {}", with_colon(&name), plain(problem)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn modules_are_listed_with_their_state_and_problems() {
        let overview = json!({"modules": [
            {"slug": "dns", "name": "DNS", "section": "core", "usable": true, "configured": true, "problems": []},
            {"slug": "x", "name": "X", "section": "other", "usable": false, "configured": false, "problems": ["No slug"]},
        ], "read_only": "Not root."});
        assert_eq!(
            text(&overview),
            "NAME  STATE       SECTION  TITLE\n\
             dns   configured  core     DNS\n\
             x     unusable    other    X\n\
             x: No slug\n\
             Not root."
        );
        let none = json!({"modules": []});
        assert!(text(&none).starts_with("There are no setup modules yet."));
    }
}
