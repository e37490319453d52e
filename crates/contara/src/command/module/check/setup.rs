//! The part of a check that is about setting something up: hooks that are named, the script and its parameters, and what
//! other programs say about the script.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contara_i18n::{Message, message};
use contara_manifest::{Code, FieldKind, Problem, SetupManifest, Severity, in_code, missing_hooks};
use contara_system::lint::{Remark, bash_syntax, shellcheck};
use contara_system::module_check;
use serde::{Deserialize, Serialize};

use super::code::{LIMIT, Told, not_checked, place_of, read, unintelligible};

/// What running the module's functions brought to light.
#[derive(Debug, Serialize)]
pub(super) struct CheckedSetup {
    /// Functions that can be called, by name.
    functions: BTreeSet<String>,
    /// The script, relative to the folder; null for a module without.
    script: Option<PathBuf>,
    /// The names of the script's parameters, in order.
    parameters: Vec<String>,
}

/// What the SDK prints.
#[derive(Debug, Deserialize)]
struct Answer {
    functions: BTreeSet<String>,
    script: Option<PathBuf>,
    parameters: Vec<String>,
    problems: Vec<Told>,
}

/// Asks the module's code, in a process of its own, and looks at its script.
pub(super) async fn check(
    python: &Path,
    folder: &Path,
    setup: &SetupManifest,
) -> (Option<CheckedSetup>, Vec<Problem>) {
    // The process starts in another folder.
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let output = match module_check::run_hooks(python, &absolute, &setup.slug, LIMIT).await {
        Ok(output) => output,
        Err(error) => return (None, vec![not_checked(folder, python, &error)]),
    };
    let answer: Answer = match serde_json::from_slice(&output) {
        Ok(answer) => answer,
        Err(error) => return (None, vec![unintelligible(folder, &error)]),
    };
    let told = answer.problems.into_iter();
    let mut problems: Vec<_> = told.map(|told| told.problem(folder)).collect();
    // Of code that can't be imported nobody knows the functions.
    let is_imported = !problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    if is_imported && let Some(text) = read(&folder.join("desc.json")) {
        problems.extend(missing_hooks(folder, text.as_bytes(), &answer.functions));
    }
    problems.extend(nameless(folder, setup, &answer.parameters));
    if let Some(script) = &answer.script {
        problems.extend(check_script(folder, script).await);
    }
    let checked = CheckedSetup {
        functions: answer.functions,
        script: answer.script,
        parameters: answer.parameters,
    };
    (Some(checked), problems)
}

/// Parameters that no field answers. With fields that a hook generates, nobody can tell.
fn nameless(folder: &Path, setup: &SetupManifest, parameters: &[String]) -> Vec<Problem> {
    let fields = setup.config.as_deref().unwrap_or_default();
    if fields.iter().any(|field| field.kind == FieldKind::Custom) {
        return Vec::new();
    }
    let has_field = |name: &&String| fields.iter().any(|field| field.name.as_ref() == Some(name));
    let missing = parameters.iter().filter(|name| !has_field(name));
    missing.map(|name| no_field(folder, name)).collect()
}

fn no_field(folder: &Path, name: &str) -> Problem {
    let file = folder.join("__init__.py");
    let text = read(&file);
    let place = text.as_deref().and_then(|text| place_of(text, name));
    let message = message!("There is no field {field}", field = name);
    let mut problem = in_code(Severity::Warning, message, &file, place, text.as_deref());
    problem.found = Some(message!(
        "{name} among the parameters of get_config_info()",
        name = format!("{name:?}")
    ));
    problem.expected = Some(message!(
        "a field of the name {name} in desc.json",
        name = format!("{name:?}")
    ));
    problem.help = Some(message!(
        "The script gets nothing in its place, so that all parameters after it move up by one."
    ));
    problem
}

async fn check_script(folder: &Path, script: &Path) -> Vec<Problem> {
    let file = folder.join(script);
    if !file.is_file() {
        return vec![no_script(folder, script)];
    }
    let text = read(&file);
    let text = text.as_deref();
    let Ok(errors) = bash_syntax(&file).await else {
        // Without a bash there is nobody to ask, and nobody who could run it.
        return Vec::new();
    };
    if let Some(problem) = text.and_then(|text| windows_lines(&file, text)) {
        return vec![problem];
    }
    if !errors.is_empty() {
        let errors = errors.into_iter();
        let told = errors.map(|remark| told(Severity::Error, &file, text, remark));
        return told.collect();
    }
    let warnings = shellcheck(&file).await.into_iter();
    warnings
        .map(|remark| told(Severity::Warning, &file, text, remark))
        .collect()
}

/// Bash takes the carriage return for a part of the line's last word, and what it says of that helps nobody.
fn windows_lines(file: &Path, text: &str) -> Option<Problem> {
    let before = text.find("\r\n")?;
    let line = text[..before].matches('\n').count() + 1;
    let message = message!("The script's lines end as on Windows");
    let mut problem = in_code(Severity::Error, message, file, Some((line, 1)), Some(text));
    problem.code = Code::Script;
    problem.found = Some(message!("a carriage return and a line feed"));
    problem.expected = Some(message!("a line feed alone"));
    problem.help = Some(message!(
        "Bash takes the carriage return for text. Take it away: {command}",
        command = format!("sed -i 's/\\r$//' {}", file.display())
    ));
    Some(problem)
}

fn no_script(folder: &Path, script: &Path) -> Problem {
    let name = script.display().to_string();
    let file = folder.join("__init__.py");
    let text = read(&file);
    let place = text.as_deref().and_then(|text| place_of(text, &name));
    let message = message!("There is no script {file}", file = &name);
    let mut problem = in_code(Severity::Error, message, &file, place, text.as_deref());
    problem.code = Code::Script;
    problem.help = Some(message!(
        "get_config_info() names it relative to the module's folder."
    ));
    problem
}

fn told(severity: Severity, file: &Path, text: Option<&str>, remark: Remark) -> Problem {
    let place = (remark.line, remark.column.unwrap_or(1));
    let mut problem = in_code(
        severity,
        Message::verbatim(remark.message),
        file,
        Some(place),
        text,
    );
    problem.code = Code::Script;
    problem
}
