//! From text to a JSON tree that keeps places. What is allowed in the text is `syntax.rs`; reading fields out of the
//! tree is `fields.rs`.

use std::collections::HashMap;
use std::ops::Range;

use contara_i18n::{Message, message};
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, parse_to_ast};

use crate::finding::{Finding, Report};
use crate::problem::Code;
use crate::source_text::quoted;
use crate::syntax::{self, Verdict};

/// The tree, or `None` when there is none; everything wrong with the text goes to the report.
pub(crate) fn parse<'t>(text: &'t str, report: &mut Report) -> Option<Value<'t>> {
    if syntax::check_tokens(text, report) == Verdict::Stop {
        return None;
    }
    match parse_to_ast(text, &CollectOptions::default(), &syntax::parse_options()) {
        Err(error) => report.add(syntax::parse_failure(text, &error)),
        Ok(parsed) => match parsed.value {
            None => report.add(syntax::empty(text)),
            Some(value) => {
                check_duplicates(&value, report);
                return Some(value);
            }
        },
    }
    None
}

/// The bytes of a value, quotes and brackets included.
pub(crate) fn span(of: &impl Ranged) -> Range<usize> {
    of.start()..of.end()
}

/// The bytes of a member's key, quotes included.
pub(crate) fn key_span(property: &ObjectProp<'_>) -> Range<usize> {
    span(&property.name)
}

/// A value's JSON type, to follow "found".
pub(crate) fn kind(value: &Value<'_>) -> Message {
    match value {
        Value::StringLit(_) => message!("a string"),
        Value::NumberLit(_) => message!("a number"),
        Value::BooleanLit(_) => message!("a boolean"),
        Value::Object(_) => message!("an object"),
        Value::Array(_) => message!("an array"),
        Value::NullKeyword(_) => Message::verbatim("null"),
    }
}

/// Parsers differ in which of two equal keys wins; here neither does.
fn check_duplicates(value: &Value<'_>, report: &mut Report) {
    match value {
        Value::Object(object) => {
            check_keys(object, report);
            object
                .properties
                .iter()
                .for_each(|property| check_duplicates(&property.value, report));
        }
        Value::Array(array) => array
            .elements
            .iter()
            .for_each(|element| check_duplicates(element, report)),
        _ => {}
    }
}

fn check_keys(object: &Object<'_>, report: &mut Report) {
    let mut seen = HashMap::new();
    for property in &object.properties {
        let (key, at) = (property.name.as_str(), key_span(property));
        let first = *seen.entry(key).or_insert(at.start);
        if first != at.start {
            report.add(
                Finding::error(
                    Code::DuplicateKey,
                    at,
                    message!("The key {key} stands twice", key = quoted(key)),
                )
                .found(message!("a second one"))
                .expected(message!("each key once in an object"))
                .help(message!("Delete one of the two."))
                .first(first),
            );
        }
    }
}
