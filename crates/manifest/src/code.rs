//! Problems that others found, of a module's Python and of the configuration; this crate only gives them the form that
//! those of manifests have.

use std::ops::Range;
use std::path::Path;

use contara_i18n::{Message, message};

use crate::problem::{Code, Problem, Severity};
use crate::read_module::icon_help;
use crate::source_text::{SourceText, quoted};

/// A problem in a file of the module. `text` is the file's, to show the line that is meant; `place` is its line and
/// column, both from 1.
pub fn in_code(
    severity: Severity,
    message: Message,
    file: &Path,
    place: Option<(usize, usize)>,
    text: Option<&str>,
) -> Problem {
    let problem = Problem {
        severity,
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        ..Problem::about(file, Code::ModuleCode, message)
    };
    let (Some((line, column)), Some(text)) = (place, text) else {
        return problem;
    };
    let text = SourceText::new(text);
    let word = text.word(text.offset(line, column));
    Problem {
        snippet: Some(text.snippet(&word)),
        ..problem
    }
}

/// A problem in a configuration file. `text` is the whole file's, `at` the bytes that are meant.
pub fn in_configuration(
    code: Code,
    message: Message,
    file: &Path,
    text: &str,
    at: Range<usize>,
) -> Problem {
    let text = SourceText::new(text);
    let (line, column) = text.position(at.start);
    Problem {
        line: Some(line),
        column: Some(column),
        snippet: Some(text.snippet(&at)),
        ..Problem::about(file, code, message)
    }
}

/// An icon in what the module draws, which isn't one.
pub fn unknown_icon(
    written: &str,
    file: &Path,
    place: Option<(usize, usize)>,
    text: Option<&str>,
) -> Problem {
    Problem {
        code: Code::UnknownIcon,
        found: Some(Message::verbatim(quoted(written))),
        expected: Some(message!("the name of a Lucide icon")),
        help: Some(icon_help(written)),
        ..in_code(
            Severity::Warning,
            message!("Unknown icon"),
            file,
            place,
            text,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Colour, render};

    #[test]
    fn the_line_is_shown() {
        let text = "import os\n\nclass A(Modul):\n    pass\n";
        let file = Path::new("a/__init__.py");
        let problem = in_code(
            Severity::Error,
            Message::verbatim("Modul isn't defined"),
            file,
            Some((3, 9)),
            Some(text),
        );
        let shown = render(&[problem], Colour::Never, Message::to_string);
        for expected in [
            "error[module-code]",
            "a/__init__.py:3:9",
            "class A(Modul):",
            "^^^^^",
        ] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
    }

    #[test]
    fn a_place_that_is_not_there_does_no_harm() {
        let file = Path::new("a/__init__.py");
        let problem = in_code(
            Severity::Warning,
            Message::verbatim("Odd"),
            file,
            Some((9, 9)),
            Some("é"),
        );
        assert!(
            render(&[problem], Colour::Never, Message::to_string).contains("a/__init__.py:9:9")
        );
        let icon = unknown_icon("wrenhc", file, None, None);
        assert!(
            icon.help
                .is_some_and(|help| help.to_string().contains("\"wrench\""))
        );
    }
}
