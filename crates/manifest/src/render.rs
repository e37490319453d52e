//! Problems for a terminal, a log or a serial console: the line with a caret under the place, what was found and
//! expected, and what to do.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use crate::problem::{Problem, Severity};
use crate::source_text::{Snippet, printable};

/// Whether to use terminal colours. The caller knows whether it writes to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI colours.
    Always,
}

/// A line longer than this isn't shown: its caret would be off the screen, and the place says enough.
const LONGEST_LINE: usize = 240;
const WIDTH: usize = 100;

/// A report on all problems, in their order, each followed by an empty line.
pub fn render(problems: &[Problem], colour: Colour) -> String {
    let handler = handler(colour);
    let mut report = String::new();
    for problem in problems {
        // The one-line form stands in for what the handler can't draw; nothing may go unreported.
        let mut drawn = String::new();
        match handler.render_report(&mut drawn, &Shown::new(problem)) {
            Ok(()) => report.push_str(&drawn),
            Err(fmt::Error) => report.push_str(&problem.to_string()),
        }
        report.push('\n');
    }
    report
}

fn handler(colour: Colour) -> GraphicalReportHandler {
    let styles = match colour {
        Colour::Never => ThemeStyles::none(),
        Colour::Always => ThemeStyles::ansi(),
    };
    // A caret under every place, also under one of a single character, which miette would mark with its label's line.
    let characters = ThemeCharacters {
        underbar: '^',
        ..ThemeCharacters::ascii()
    };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_width(WIDTH)
        .with_break_words(false)
        .without_syntax_highlighting()
}

/// The end of a file has no character to put a caret under.
fn can_show(snippet: &Snippet) -> bool {
    snippet.line_bytes <= LONGEST_LINE && !snippet.mark.is_empty()
}

/// A problem as miette takes it.
#[derive(Debug)]
struct Shown<'p> {
    problem: &'p Problem,
    /// The file, safe to print, and the mark in it; `None` when there is nothing to show.
    snippet: Option<(String, &'p Snippet)>,
}

impl<'p> Shown<'p> {
    fn new(problem: &'p Problem) -> Self {
        let shown = problem.snippet.as_ref().filter(|snippet| can_show(snippet));
        let snippet = shown.map(|snippet| (printable(&snippet.text).into_owned(), snippet));
        Shown { problem, snippet }
    }

    /// "found …, expected …", as much as is known.
    fn contrast(&self) -> Option<String> {
        let found = self
            .problem
            .found
            .as_ref()
            .map(|found| format!("found {found}"));
        let expected = self
            .problem
            .expected
            .as_ref()
            .map(|expected| format!("expected {expected}"));
        let parts: Vec<_> = found.into_iter().chain(expected).collect();
        (!parts.is_empty()).then(|| printable(&parts.join(", ")).into_owned())
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.problem.message))?;
        if self.snippet.is_some() {
            return Ok(());
        }
        write!(f, "\nin {}", printable(&self.problem.place()))?;
        match self.contrast() {
            Some(contrast) => write!(f, "\n{contrast}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!(
            "{}[{}]",
            self.problem.severity, self.problem.code
        )))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.problem.help.as_ref()?;
        Some(Box::new(printable(help)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, snippet) = self.snippet.as_ref()?;
        let label = LabeledSpan::new(self.contrast(), snippet.mark.start, snippet.mark.len());
        Some(Box::new(std::iter::once(label)))
    }
}

impl SourceCode for Shown<'_> {
    /// The text's own lines under the problem's file name. miette counts columns in bytes; when it asks for the
    /// place alone (no lines around), it gets the problem's column, so that all forms of a problem agree.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (text, _) = self.snippet.as_ref().ok_or(MietteError::OutOfBounds)?;
        let contents = text.read_span(span, before, after)?;
        let column = match self.problem.column {
            Some(column) if before == 0 => column - 1,
            _ => contents.column(),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            printable(&self.problem.file).into_owned(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column,
            contents.line_count(),
        )))
    }
}
