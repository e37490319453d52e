//! Problems while a file is being read: a finding knows the bytes it is about, and a report gathers findings and
//! turns them into placed problems at the end. Places are worked out once, for the findings that are kept, so that a
//! hostile file with a million mistakes in one line costs no more than an honest one.

use std::ops::Range;
use std::path::Path;

use crate::problem::{Code, Problem, Severity};
use crate::source_text::SourceText;

/// As many problems of one file as anyone reads; the rest is counted.
const MOST_SHOWN: usize = 100;

/// A problem that isn't placed yet.
#[derive(Debug)]
pub(crate) struct Finding {
    severity: Severity,
    code: Code,
    message: String,
    at: Range<usize>,
    found: Option<String>,
    expected: Option<String>,
    help: Option<String>,
    first: Option<usize>,
}

impl Finding {
    pub(crate) fn error(code: Code, at: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, at, message.into())
    }

    pub(crate) fn warning(code: Code, at: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, at, message.into())
    }

    fn new(severity: Severity, code: Code, at: Range<usize>, message: String) -> Self {
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
    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// What should stand there, to follow "expected".
    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// What to do: whole sentences.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
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

fn with_first(found: Option<String>, first: Option<usize>, text: &SourceText) -> Option<String> {
    let (Some(found), Some(first)) = (&found, first) else {
        return found;
    };
    let (line, column) = text.position(first);
    Some(format!(
        "{found}; the first one is on line {line}, column {column}"
    ))
}

/// All findings of one file.
#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether one more warning would only be counted, so that its wording is wasted time.
    pub(crate) fn is_full(&self) -> bool {
        self.findings.len() >= MOST_SHOWN
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// Has `read` read what the rest does without: its errors count as warnings.
    pub(crate) fn softly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.findings.len();
        let value = read(self);
        for finding in &mut self.findings[before..] {
            finding.severity = Severity::Warning;
        }
        value
    }

    /// The first error without its place, for texts that nobody wrote in a file.
    pub(crate) fn first_error(&self) -> Option<String> {
        let mut findings = self.findings.iter();
        let error = findings.find(|finding| finding.severity == Severity::Error)?;
        let mut sentence = error.message.clone();
        if let Some(found) = &error.found {
            sentence.push_str(&format!(": found {found}"));
        }
        if let Some(expected) = &error.expected {
            sentence.push_str(&format!(", expected {expected}"));
        }
        Some(sentence)
    }

    /// The problems from top to bottom. Of too many, errors are kept before warnings.
    pub(crate) fn place(mut self, file: &Path, text: &SourceText) -> Vec<Problem> {
        self.findings.sort_by_key(|finding| finding.severity);
        let left_out = self.findings.split_off(MOST_SHOWN.min(self.findings.len()));
        self.findings.sort_by_key(|finding| finding.at.start);
        let shown = self.findings.into_iter();
        shown
            .map(|finding| finding.place(file, text))
            .chain(more(file, &left_out))
            .collect()
    }
}

/// The problem that stands for those left out.
fn more(file: &Path, left_out: &[Finding]) -> Option<Problem> {
    let severity = left_out.iter().map(|finding| finding.severity).min()?;
    let message = format!("{} more problems are not listed", left_out.len());
    Some(Problem {
        severity,
        help: Some(
            "Put the listed ones right first; the rest is likely to follow from them.".into(),
        ),
        ..Problem::about(file, Code::MoreProblems, message)
    })
}
