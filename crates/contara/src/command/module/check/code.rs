//! The code's part of a check: what the SDK found when it ran the module, and icons in what it draws.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use contara_i18n::{Message, message};
use contara_manifest::{Code, ModuleManifest, Problem, Severity, icon, in_code, unknown_icon};
use contara_system::module_check::{self, CheckError, CheckedModule};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Long enough for an import that looks around on a slow disk.
pub(super) const LIMIT: Duration = Duration::from_secs(30);
/// A file that is read to find a place in it; longer ones are no module's code.
const LONGEST_FILE: u64 = 1024 * 1024;

/// What running the module brought to light.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    /// The module's class.
    class: Option<String>,
    /// Each action's parameters, as JSON Schema and more.
    actions: Value,
    /// Its settings, as JSON Schema.
    settings: Value,
}

/// What the SDK prints.
#[derive(Debug, Deserialize)]
struct Answer {
    class: Option<String>,
    #[serde(default)]
    problems: Vec<Told>,
    #[serde(default)]
    schemas: Value,
    #[serde(default)]
    settings: Value,
    #[serde(default)]
    trees: Value,
}

/// A problem as the SDK tells it; the file is relative to the module's folder.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    severity: String,
    message: String,
    #[serde(default)]
    file: Option<PathBuf>,
    #[serde(default)]
    line: Option<usize>,
    #[serde(default)]
    column: Option<usize>,
    #[serde(default)]
    help: Option<String>,
}

/// Runs the module's code in a process of its own.
pub(super) async fn check(
    python: &Path,
    folder: &Path,
    manifest: &ModuleManifest,
) -> (Option<Checked>, Vec<Problem>) {
    // The process starts in another folder.
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let module = CheckedModule {
        python,
        folder: &absolute,
        name: &manifest.name,
        display_name: &manifest.display_name,
    };
    let output = match module_check::run(module, LIMIT).await {
        Ok(output) => output,
        Err(error) => return (None, vec![not_checked(folder, python, &error)]),
    };
    let answer: Answer = match serde_json::from_slice(&output) {
        Ok(answer) => answer,
        Err(error) => return (None, vec![unintelligible(folder, &error)]),
    };
    let icons = icons(&answer.trees);
    let mut problems: Vec<_> = answer
        .problems
        .into_iter()
        .map(|told| told.problem(folder))
        .collect();
    problems.extend(icons.into_iter().map(|name| icon_problem(folder, &name)));
    let checked = Checked {
        class: answer.class,
        actions: answer.schemas,
        settings: answer.settings,
    };
    (Some(checked), problems)
}

impl Told {
    pub(super) fn problem(self, folder: &Path) -> Problem {
        let severity = if self.severity == "warning" {
            Severity::Warning
        } else {
            Severity::Error
        };
        let file = self
            .file
            .map_or_else(|| folder.to_owned(), |file| folder.join(file));
        let text = read(&file);
        let place = self.line.map(|line| (line, self.column.unwrap_or(1)));
        let mut problem = in_code(
            severity,
            Message::verbatim(self.message),
            &file,
            place,
            text.as_deref(),
        );
        problem.help = self.help.map(Message::verbatim);
        problem
    }
}

pub(super) fn not_checked(folder: &Path, python: &Path, error: &CheckError) -> Problem {
    let mut problem = in_code(
        Severity::Error,
        message!("The module's code could not be checked"),
        folder,
        None,
        None,
    );
    problem.code = Code::CheckFailed;
    problem.found = Some(error.message());
    problem.help = Some(match error {
        CheckError::Ended { complaints, .. }
            if complaints.contains("No module named") && complaints.contains("contara_worker") =>
        {
            message!(
                "The Contara SDK isn't installed in {python}. Name another Python with --python, or check only the manifest with --manifest-only.",
                python = python.display().to_string()
            )
        }
        CheckError::Ended { complaints, .. } if !complaints.is_empty() => {
            Message::verbatim(complaints)
        }
        CheckError::Run { source, .. } => {
            message!(
                "{reason}. Name another Python with --python, or check only the manifest with --manifest-only.",
                reason = source.to_string()
            )
        }
        _ => message!(
            "Move what takes long out of the import: into initialize(), a background task or a hook."
        ),
    });
    problem
}

pub(super) fn unintelligible(folder: &Path, error: &serde_json::Error) -> Problem {
    let mut problem = in_code(
        Severity::Error,
        message!("What the check printed can't be read"),
        folder,
        None,
        None,
    );
    problem.code = Code::CheckFailed;
    problem.found = Some(Message::verbatim(error.to_string()));
    problem.help = Some(message!(
        "Is the Contara SDK in this Python of another version?"
    ));
    problem
}

/// The names of icons in trees that aren't any, each once.
fn icons(trees: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect_icons(trees, &mut found);
    found
}

fn collect_icons(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| collect_icons(item, found)),
        Value::Object(object) => {
            // Rows of a table are data, whatever their keys are called; a component has a type.
            let name = object.get("icon").and_then(Value::as_str);
            let name = name.filter(|_| object.contains_key("type"));
            found.extend(
                name.filter(|name| icon::resolve(name).is_none())
                    .map(str::to_owned),
            );
            object.values().for_each(|item| collect_icons(item, found));
        }
        _ => {}
    }
}

/// The place of an icon is where its name stands in the code, if it stands there as it is.
fn icon_problem(folder: &Path, name: &str) -> Problem {
    let file = folder.join("__init__.py");
    let text = read(&file);
    let place = text.as_deref().and_then(|text| place_of(text, name));
    unknown_icon(name, &file, place, text.as_deref())
}

pub(super) fn place_of(text: &str, name: &str) -> Option<(usize, usize)> {
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    let mut lines = text.lines().enumerate();
    lines.find_map(|(index, line)| {
        let at = quoted
            .iter()
            .find_map(|quoted| line.find(quoted.as_str()))?;
        // Past the quote.
        Some((index + 1, line[..at].chars().count() + 2))
    })
}

pub(super) fn read(file: &Path) -> Option<String> {
    let metadata = file.metadata().ok()?;
    let is_code = metadata.is_file() && metadata.len() <= LONGEST_FILE;
    is_code.then(|| std::fs::read_to_string(file).ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_components_have_icons_and_each_name_counts_once() {
        let trees = json!({
            "tile": {"type": "tile", "icon": "Counter", "content": [
                {"type": "button", "icon": "wrench"},
                {"type": "button", "icon": "Counter"},
                {"type": "table", "data": [{"icon": "no component"}]},
            ]},
            "modals": [{"type": "modal", "children": [{"type": "stat_card", "icon": "Nope"}]}],
            "page": null,
        });
        let found = icons(&trees);
        assert_eq!(found.iter().collect::<Vec<_>>(), ["Counter", "Nope"]);
    }

    #[test]
    fn an_icon_is_found_in_the_code() {
        let code = "# Counter\nreturn Tile(\n    icon=\"Counter\",\n";
        assert_eq!(place_of(code, "Counter"), Some((3, 11)));
        assert_eq!(place_of(code, "Other"), None);
    }
}
