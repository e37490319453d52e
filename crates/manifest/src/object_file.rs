//! A file that should hold one JSON object or array: from its bytes to the value, and every reason why there is none.

use std::path::Path;

use contara_i18n::{Message, message};
use jsonc_parser::ast::{Object, Value};

use crate::finding::{Finding, Report};
use crate::folder::{MAX_BYTES, too_large};
use crate::json::{self, kind, span};
use crate::problem::{Code, Problem};
use crate::source_text::SourceText;

/// Reads a file of these bytes. What `read` gives is there unless one of the problems is an error.
pub(crate) fn read_object<T>(
    file: &Path,
    bytes: &[u8],
    read: impl FnOnce(&Object<'_>, &mut Report) -> Option<T>,
) -> (Option<T>, Vec<Problem>) {
    read_value(file, bytes, |value, report| match value {
        Value::Object(object) => read(object, report),
        other => {
            report.add(no_object(other));
            None
        }
    })
}

fn no_object(value: &Value<'_>) -> Finding {
    Finding::error(
        Code::WrongType,
        span(value),
        message!("A manifest is an object"),
    )
    .found(kind(value))
    .expected(message!("an object: {example}", example = "{ … }"))
    .help(message!("Start from the minimal example of its reference."))
}

/// Reads a file of these bytes, whatever it holds. What `read` gives is there unless one of the problems is an error.
pub(crate) fn read_value<T>(
    file: &Path,
    bytes: &[u8],
    read: impl FnOnce(&Value<'_>, &mut Report) -> Option<T>,
) -> (Option<T>, Vec<Problem>) {
    let size = bytes.len() as u64;
    if size > MAX_BYTES {
        return (None, vec![too_large(file, size)]);
    }
    let mut report = Report::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => without_byte_order_mark(text, &mut report),
        Err(error) => return (None, not_utf8(file, bytes, error.valid_up_to())),
    };
    let value = json::parse(text, &mut report)
        .and_then(|value| read(&value, &mut report))
        .filter(|_| !report.has_errors());
    (value, report.place(file, &SourceText::new(text)))
}

/// A byte order mark does no harm once it is skipped, so it is worth a warning only; other tools do stumble over it.
fn without_byte_order_mark<'t>(text: &'t str, report: &mut Report) -> &'t str {
    let Some(rest) = text.strip_prefix('\u{FEFF}') else {
        return text;
    };
    report.add(
        Finding::warning(
            Code::ByteOrderMark,
            0..0,
            message!("The file starts with a byte order mark"),
        )
        .found(message!(
            "the invisible bytes EF BB BF before this character"
        ))
        .expected(message!("UTF-8 without a byte order mark"))
        .help(message!(
            "It was skipped. Save the file as \"UTF-8\" instead of \"UTF-8 with BOM\"."
        )),
    );
    rest
}

fn not_utf8(file: &Path, bytes: &[u8], valid: usize) -> Vec<Problem> {
    let byte = bytes.get(valid).copied().unwrap_or_default();
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            message!("This looks like UTF-16. Save the file as UTF-8.")
        }
        _ => message!("Save the file as UTF-8."),
    };
    let mut report = Report::default();
    report.add(
        Finding::error(
            Code::NotUtf8,
            valid..valid,
            message!("The file isn't UTF-8"),
        )
        .found(message!(
            "byte {byte} at offset {offset}",
            byte = format!("0x{byte:02X}"),
            offset = valid
        ))
        .expected(Message::verbatim("UTF-8"))
        .help(help),
    );
    report.place(file, &SourceText::new(&String::from_utf8_lossy(bytes)))
}
