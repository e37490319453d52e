//! Problems for a terminal, a log or a serial console: the line with a caret under the place, what was found and
//! expected, and what to do.

use std::fmt;

use contara_i18n::{Message, message};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use textwrap::core::display_width;

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

/// A report on all problems, in their order, each followed by an empty line; `say` knows the reader's language.
pub fn render(problems: &[Problem], colour: Colour, say: impl Fn(&Message) -> String) -> String {
    let styles = styles(colour);
    let handler = handler(styles.clone());
    let mut report = String::new();
    for problem in problems {
        // The one-line form stands in for what the handler can't draw; nothing may go unreported.
        let mut drawn = String::new();
        match handler.render_report(&mut drawn, &Shown::new(problem, &say)) {
            Ok(()) => report.push_str(&drawn),
            Err(fmt::Error) => report.push_str(&problem.to_string()),
        }
        if let Some(help) = &problem.help {
            report.push_str(&draw_help(&say(help), &say(&message!("help:")), &styles));
        }
        report.push('\n');
    }
    report
}

fn styles(colour: Colour) -> ThemeStyles {
    match colour {
        Colour::Never => ThemeStyles::none(),
        Colour::Always => ThemeStyles::ansi(),
    }
}

/// The help under a problem as miette draws it, whose label is English.
fn draw_help(help: &str, label: &str, styles: &ThemeStyles) -> String {
    let label = format!("  {label} ");
    let indent = " ".repeat(display_width(&label));
    let label = styles.help.style(&label).to_string();
    let options = textwrap::Options::new(WIDTH - 2)
        .initial_indent(&label)
        .subsequent_indent(&indent)
        .break_words(false);
    textwrap::fill(&printable(help), options) + "\n"
}

fn handler(styles: ThemeStyles) -> GraphicalReportHandler {
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

/// A problem as miette takes it, in the reader's language.
#[derive(Debug)]
struct Shown<'p> {
    problem: &'p Problem,
    message: String,
    /// Its severity and its code.
    code: String,
    /// Where it is, if there is nothing to show of it.
    place: String,
    /// "found …, expected …", as much as is known.
    contrast: Option<String>,
    /// The file, safe to print, and the mark in it; `None` when there is nothing to show.
    snippet: Option<(String, &'p Snippet)>,
}

impl<'p> Shown<'p> {
    fn new(problem: &'p Problem, say: impl Fn(&Message) -> String) -> Self {
        let say = |message: &Message| printable(&say(message)).into_owned();
        let shown = problem.snippet.as_ref().filter(|snippet| can_show(snippet));
        let snippet = shown.map(|snippet| (printable(&snippet.text).into_owned(), snippet));
        Shown {
            problem,
            message: say(&problem.message),
            code: format!("{}[{}]", say(&problem.severity.message()), problem.code),
            place: say(&message!("in {place}", place = problem.place())),
            contrast: contrast(problem).as_ref().map(say),
            snippet,
        }
    }
}

fn contrast(problem: &Problem) -> Option<Message> {
    match (problem.found.clone(), problem.expected.clone()) {
        (Some(found), Some(expected)) => Some(message!(
            "found {found}, expected {expected}",
            found = found,
            expected = expected
        )),
        (Some(found), None) => Some(message!("found {found}", found = found)),
        (None, Some(expected)) => Some(message!("expected {expected}", expected = expected)),
        (None, None) => None,
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.snippet.is_some() {
            return Ok(());
        }
        write!(f, "\n{}", self.place)?;
        match &self.contrast {
            Some(contrast) => write!(f, "\n{contrast}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|_| self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, snippet) = self.snippet.as_ref()?;
        let label = LabeledSpan::new(
            self.contrast.clone(),
            snippet.mark.start,
            snippet.mark.len(),
        );
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
