//! A file that should hold one JSON object: from its bytes to the object, and every reason why there is none.

use std::path::Path;

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
    let size = bytes.len() as u64;
    if size > MAX_BYTES {
        return (None, vec![too_large(file, size)]);
    }
    let mut report = Report::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => without_byte_order_mark(text, &mut report),
        Err(error) => return (None, not_utf8(file, bytes, error.valid_up_to())),
    };
    let value = read_text(text, read, &mut report).filter(|_| !report.has_errors());
    (value, report.place(file, &SourceText::new(text)))
}

fn read_text<T>(
    text: &str,
    read: impl FnOnce(&Object<'_>, &mut Report) -> Option<T>,
    report: &mut Report,
) -> Option<T> {
    match json::parse(text, report)? {
        Value::Object(object) => read(&object, report),
        other => {
            report.add(
                Finding::error(Code::WrongType, span(&other), "A manifest is an object")
                    .found(kind(&other))
                    .expected("an object: { … }")
                    .help("Start from the minimal example of the module.json reference."),
            );
            None
        }
    }
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
            "The file starts with a byte order mark",
        )
        .found("the invisible bytes EF BB BF before this character")
        .expected("UTF-8 without a byte order mark")
        .help("It was skipped. Save the file as \"UTF-8\" instead of \"UTF-8 with BOM\"."),
    );
    rest
}

fn not_utf8(file: &Path, bytes: &[u8], valid: usize) -> Vec<Problem> {
    let byte = bytes.get(valid).copied().unwrap_or_default();
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "This looks like UTF-16. Save the file as UTF-8.",
        _ => "Save the file as UTF-8.",
    };
    let mut report = Report::default();
    report.add(
        Finding::error(Code::NotUtf8, valid..valid, "The file isn't UTF-8")
            .found(format!("byte 0x{byte:02X} at offset {valid}"))
            .expected("UTF-8")
            .help(help),
    );
    report.place(file, &SourceText::new(&String::from_utf8_lossy(bytes)))
}
