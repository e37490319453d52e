//! Hooks that `desc.json` names, held against the functions that the module has. Which those are is found out by whoever
//! can read Python.

use std::collections::BTreeSet;
use std::path::Path;

use contara_i18n::{Message, message};
use jsonc_parser::ast::{Object, Value};

use crate::finding::{Finding, Report};
use crate::json::span;
use crate::object_file::read_object;
use crate::problem::{Code, Problem};
use crate::spelling::{closest, did_you_mean};

/// What checks an answer without the module's help.
const BUILT_IN: [&str; 3] = ["fqdn", "ip", "network"];

/// The hooks that the `desc.json` in `folder` names and that aren't among the module's `functions`. `bytes` are the file's;
/// what else is wrong with it is said by [`read_setup`](crate::read_setup).
pub fn missing_hooks(folder: &Path, bytes: &[u8], functions: &BTreeSet<String>) -> Vec<Problem> {
    let names = |object: &Object<'_>, report: &mut Report| {
        if let Some(Value::Array(fields)) = member(object, "config") {
            let objects = fields.elements.iter().filter_map(Value::as_object);
            objects.for_each(|field| check_field(field, functions, report));
        }
        Some(())
    };
    let problems = read_object(&folder.join("desc.json"), bytes, names).1;
    let is_hook = |problem: &Problem| problem.code == Code::MissingHook;
    problems.into_iter().filter(is_hook).collect()
}

fn check_field(field: &Object<'_>, functions: &BTreeSet<String>, report: &mut Report) {
    let known = |function: &str| functions.contains(function);
    if let (Some("custom"), Some(name)) = (text(field, "type"), text(field, "name")) {
        let function = format!("get_{name}_config");
        if !known(&function) {
            let then = message!("Until then nothing stands in this field's place.");
            report.add(missing(field, "name", &function, then, functions));
        }
    }
    if let Some(validation) = text(field, "validation").filter(|name| !name.is_empty())
        && !BUILT_IN.contains(&validation)
        && !known(validation)
    {
        let then = message!("Until then the answer isn't checked.");
        report.add(missing(field, "validation", validation, then, functions));
    }
    // Any text may be a default; this one looks like no answer.
    if let Some(default) = text(field, "default")
        && default.starts_with("get_")
        && !default.contains(char::is_whitespace)
        && !known(default)
    {
        let then = message!("Until then this very text is the default.");
        report.add(missing(field, "default", default, then, functions));
    }
}

fn missing(
    field: &Object<'_>,
    key: &str,
    function: &str,
    then: Message,
    functions: &BTreeSet<String>,
) -> Finding {
    let at = member(field, key).map_or(0..0, span);
    let meant = closest(function, functions.iter().map(String::as_str));
    let help = meant.map(did_you_mean).into_iter().chain([then]);
    Finding::warning(
        Code::MissingHook,
        at,
        message!("There is no function {function}()", function = function),
    )
    .found_text(text(field, key).unwrap_or_default())
    .expected(message!(
        "a function {function}() in __init__.py",
        function = function
    ))
    .help(Message::sentences(help.collect()))
}

fn member<'v, 't>(object: &'v Object<'t>, key: &str) -> Option<&'v Value<'t>> {
    let mut members = object.properties.iter();
    let member = members.find(|member| member.name.as_str() == key)?;
    Some(&member.value)
}

fn text<'v>(object: &'v Object<'_>, key: &str) -> Option<&'v str> {
    match member(object, key)? {
        Value::StringLit(text) => Some(&text.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, expected: &[&str]) {
        let functions = ["get_eths_config", "valid_password", "get_domain"].map(str::to_owned);
        let text = format!("{{\"slug\": \"a\", \"unknown\": 1,\n\"config\": [{field}]}}");
        let problems = missing_hooks(Path::new("a"), text.as_bytes(), &functions.into());
        let found: Vec<_> = problems
            .iter()
            .map(|problem| {
                let help = problem.help.as_ref().map(ToString::to_string);
                format!("{problem} {}", help.unwrap_or_default())
            })
            .collect();
        assert_eq!(found, expected, "{field}");
    }

    #[test]
    fn hooks_that_are_there_are_fine() {
        check(r#"{"type": "custom", "name": "eths"}"#, &[]);
        check(
            r#"{"type": "text", "name": "a", "validation": "fqdn", "default": "get_domain"}"#,
            &[],
        );
        check(
            r#"{"type": "text", "name": "a", "validation": "", "default": "get off my lawn"}"#,
            &[],
        );
        check(
            r#"{"type": "text", "name": "a", "validation": null, "default": 3}, 3"#,
            &[],
        );
    }

    #[test]
    fn hooks_that_are_not_there_are_named_at_their_place() {
        check(
            r#"{"type": "custom", "name": "eth"}"#,
            &[
                "a/desc.json:2:39: warning: There is no function get_eth_config() Did you mean \"get_eths_config\"? Until then nothing stands in this field's place.",
            ],
        );
        check(
            r#"{"type": "text", "name": "a", "validation": "country_code", "default": "get_host"}"#,
            &[
                "a/desc.json:2:56: warning: There is no function country_code() Until then the answer isn't checked.",
                "a/desc.json:2:83: warning: There is no function get_host() Until then this very text is the default.",
            ],
        );
    }

    #[test]
    fn what_is_no_manifest_names_no_hooks() {
        let problems = missing_hooks(Path::new("a"), b"{}", &BTreeSet::new());
        assert!(problems.is_empty(), "{problems:?}");
    }
}
