//! Whether a module has Python code at all: an `__init__.py` that is empty needs no worker.

use std::path::Path;

use contara_i18n::Message;

use super::HookError;

/// Whether there is more in a module's `__init__.py` than blank lines and comments.
///
/// # Errors
/// It can't be read.
pub(super) async fn has_code(folder: &Path) -> Result<bool, HookError> {
    let source = tokio::fs::read(folder.join("__init__.py")).await;
    let source = source.map_err(|error| HookError::NotLoaded {
        why: Message::verbatim(error.to_string()),
    })?;
    Ok(says_something(&source))
}

fn says_something(source: &[u8]) -> bool {
    let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
    let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let mut lines = source.split(is_line_end).map(<[u8]>::trim_ascii);
    lines.any(|line| !line.is_empty() && !line.starts_with(b"#"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_say_nothing() {
        for nothing in [
            "",
            "\n \t\n",
            "# -*- coding: utf-8 -*-\n\n  # x\r\n",
            "\u{feff}# x",
            "# a\r# b",
        ] {
            assert!(!says_something(nothing.as_bytes()), "{nothing:?}");
        }
        for something in [
            "import os",
            "# x\nimport os",
            "\"\"\"Doc\"\"\"",
            "\u{feff}x = 1",
            "# a\rx = 1",
        ] {
            assert!(says_something(something.as_bytes()), "{something:?}");
        }
    }
}
