//! Problems while a file is being read: a finding knows the bytes it is about, and a report gathers findings and
//! turns them into placed problems at the end. No more are kept than are shown, places are worked out once, for those, and
//! words are put together by whoever reads them, so that a hostile file with a million mistakes in one line costs no more
//! than an honest one.

use std::ops::Range;
use std::path::Path;

use contara_i18n::{Message, message};

use crate::problem::{Code, Problem, Severity};
use crate::source_text::{SourceText, quoted};

/// As many problems of one file as anyone reads; the rest is counted.
const MOST_SHOWN: usize = 100;

/// A problem that isn't placed yet.
#[derive(Debug)]
pub(crate) struct Finding {
    severity: Severity,
    code: Code,
    message: Message,
    at: Range<usize>,
    found: Option<Message>,
    expected: Option<Message>,
    help: Option<Message>,
    first: Option<usize>,
}

impl Finding {
    pub(crate) fn error(code: Code, at: Range<usize>, message: Message) -> Self {
        Self::new(Severity::Error, code, at, message)
    }

    pub(crate) fn warning(code: Code, at: Range<usize>, message: Message) -> Self {
        Self::new(Severity::Warning, code, at, message)
    }

    fn new(severity: Severity, code: Code, at: Range<usize>, message: Message) -> Self {
        Finding {
            severity,
            code,
            message,
            at,
            found: None,
            expected: None,
            help: None,
            first: None,
        }
    }

    /// What stands there, to follow "found".
    pub(crate) fn found(mut self, found: Message) -> Self {
        self.found = Some(found);
        self
    }

    /// What stands there, if that is a text.
    pub(crate) fn found_text(self, text: &str) -> Self {
        self.found(Message::verbatim(quoted(text)))
    }

    /// What should stand there, to follow "expected".
    pub(crate) fn expected(mut self, expected: Message) -> Self {
        self.expected = Some(expected);
        self
    }

    /// What to do: whole sentences.
    pub(crate) fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// The offset of the earlier one that this repeats; its place is told in the text.
    pub(crate) fn first(mut self, offset: usize) -> Self {
        self.first = Some(offset);
        self
    }

    fn place(self, file: &Path, text: &SourceText) -> Problem {
        let (line, column) = text.position(self.at.start);
        Problem {
            severity: self.severity,
            line: Some(line),
            column: Some(column),
            found: with_first(self.found, self.first, text),
            expected: self.expected,
            help: self.help,
            snippet: Some(text.snippet(&self.at)),
            ..Problem::about(file, self.code, self.message)
        }
    }
}

fn with_first(found: Option<Message>, first: Option<usize>, text: &SourceText) -> Option<Message> {
    let Some(first) = first else {
        return found;
    };
    let (line, column) = text.position(first);
    found.map(|found| {
        message!(
            "{found}; the first one is on line {line}, column {column}",
            found = found,
            line = line,
            column = column
        )
    })
}

/// All findings of one file.
#[derive(Debug, Default)]
pub(crate) struct Report {
    errors: Findings,
    warnings: Findings,
    /// Errors count as warnings.
    is_soft: bool,
}

/// Those of one severity: the first ones, and how many follow them.
#[derive(Debug, Default)]
struct Findings {
    kept: Vec<Finding>,
    left_out: usize,
}

impl Report {
    pub(crate) fn add(&mut self, mut finding: Finding) {
        if self.is_soft {
            finding.severity = Severity::Warning;
        }
        match finding.severity {
            Severity::Error => self.errors.add(finding),
            Severity::Warning => self.warnings.add(finding),
        }
    }

    /// Whether one more warning would only be counted, so that its wording is wasted time.
    pub(crate) fn is_full(&self) -> bool {
        self.errors.kept.len() + self.warnings.kept.len() >= MOST_SHOWN
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.kept.is_empty()
    }

    /// Has `read` read what the rest does without: its errors count as warnings.
    pub(crate) fn softly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.is_soft, true);
        let value = read(self);
        self.is_soft = before;
        value
    }

    /// The first error without its place, for texts that nobody wrote in a file.
    pub(crate) fn first_error(&self) -> Option<Message> {
        let error = self.errors.kept.first()?;
        let message = error.message.clone();
        Some(match (error.found.clone(), error.expected.clone()) {
            (Some(found), Some(expected)) => message!(
                "{message}: found {found}, expected {expected}",
                message = message,
                found = found,
                expected = expected
            ),
            (Some(found), None) => {
                message!("{message}: found {found}", message = message, found = found)
            }
            (None, Some(expected)) => message!(
                "{message}, expected {expected}",
                message = message,
                expected = expected
            ),
            (None, None) => message,
        })
    }

    /// The problems from top to bottom. Of too many, errors are kept before warnings.
    pub(crate) fn place(mut self, file: &Path, text: &SourceText) -> Vec<Problem> {
        self.warnings.keep(MOST_SHOWN - self.errors.kept.len());
        let more = self.more(file);
        let mut shown = self.errors.kept;
        shown.append(&mut self.warnings.kept);
        shown.sort_by_key(|finding| finding.at.start);
        let shown = shown.into_iter();
        shown
            .map(|finding| finding.place(file, text))
            .chain(more)
            .collect()
    }

    /// The problem that stands for those left out.
    fn more(&self, file: &Path) -> Option<Problem> {
        let count = self.errors.left_out + self.warnings.left_out;
        let severity = match self.errors.left_out {
            0 => Severity::Warning,
            _ => Severity::Error,
        };
        let problem = || Problem {
            severity,
            help: Some(message!(
                "Put the listed ones right first; the rest is likely to follow from them."
            )),
            ..Problem::about(
                file,
                Code::MoreProblems,
                message!("{count} more problems are not listed", count = count),
            )
        };
        (count > 0).then(problem)
    }
}

impl Findings {
    fn add(&mut self, finding: Finding) {
        if self.kept.len() < MOST_SHOWN {
            self.kept.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    /// Keeps the first ones, and counts the others.
    fn keep(&mut self, most: usize) {
        self.left_out += self.kept.len().saturating_sub(most);
        self.kept.truncate(most);
    }
}
