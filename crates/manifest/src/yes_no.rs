//! Yes and no as setup modules write them: the words, the numbers and the values of JSON, read by one rule everywhere.

use contara_i18n::{Message, message};
use jsonc_parser::ast::Value;

use crate::fields::Field;
use crate::finding::{Finding, Report};
use crate::json::kind;
use crate::problem::Code;
use crate::source_text::quoted;

/// Reads a yes or no. What is neither is taken as yes, as it always has been, and is worth a warning.
pub(crate) fn yes_or_no(field: &Field<'_, '_>, report: &mut Report) -> Option<bool> {
    let said = match field.value {
        Value::BooleanLit(flag) => Some(flag.value),
        Value::StringLit(text) => of_word(&text.value),
        Value::NumberLit(number) => of_word(number.value),
        _ => None,
    };
    if said.is_none() {
        report.add(neither(field));
    }
    Some(said.unwrap_or(true))
}

fn of_word(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" | "1" => Some(true),
        "no" | "off" | "false" | "0" | "" => Some(false),
        _ => None,
    }
}

fn neither(field: &Field<'_, '_>) -> Finding {
    let found = match field.value {
        Value::StringLit(text) => Message::verbatim(quoted(&text.value)),
        other => kind(other),
    };
    let message = message!("Neither yes nor no: {field}", field = &field.path);
    Finding::warning(Code::InvalidAmount, field.span(), message)
        .found(found)
        .expected(message!("\"yes\" or \"no\""))
        .help(message!("Until then it is taken as \"yes\"."))
}
