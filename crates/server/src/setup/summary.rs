//! What a run has to say at its end: by module the lines of a level that people should see, in the order in which they came.

use contara_protocol::stream::v1::setup::SetupLine;
use contara_setup::transaction::{LineKind, LogLine, Transaction};
use serde::Serialize;
use utoipa::ToSchema;

use super::transaction;
use crate::reader::Reader;

/// What scripts said that people should see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupSummary {
    /// In the order in which they are configured.
    modules: Vec<ModuleSummary>,
}

/// What one module's script said, the last time that it ran.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleSummary {
    slug: String,
    name: String,
    /// Level 7, and 8, which is shown in bold.
    info: Vec<SetupLine>,
    /// Level 1.
    warnings: Vec<SetupLine>,
    /// Level 2.
    errors: Vec<SetupLine>,
}

impl SetupSummary {
    pub(crate) fn of(transaction: &Transaction) -> Self {
        let modules = transaction.modules.iter().map(|module| ModuleSummary {
            slug: module.slug.clone(),
            name: module.name.clone(),
            info: Vec::new(),
            warnings: Vec::new(),
            errors: Vec::new(),
        });
        Self {
            modules: modules.collect(),
        }
    }

    /// Takes what is next in the log.
    pub(crate) fn add(&mut self, line: &LogLine, reader: &Reader) {
        let slug = line.module.as_deref();
        let mut modules = self.modules.iter_mut();
        if let Some(module) = modules.find(|module| Some(module.slug.as_str()) == slug) {
            module.add(line, reader);
        }
    }
}

impl ModuleSummary {
    fn add(&mut self, line: &LogLine, reader: &Reader) {
        match (line.kind, line.level) {
            // Its script is run again: what the former run said is over.
            (LineKind::Command, _) => {
                self.info.clear();
                self.warnings.clear();
                self.errors.clear();
            }
            (LineKind::Output, Some(7 | 8)) => self.info.push(transaction::line(line, reader)),
            (LineKind::Output, Some(1)) => self.warnings.push(transaction::line(line, reader)),
            (LineKind::Output, Some(2)) => self.errors.push(transaction::line(line, reader)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn line(kind: LineKind, level: Option<u8>, text: &str) -> LogLine {
        LogLine {
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            module: Some("dns".into()),
            kind,
            level,
            text: text.into(),
            message: None,
            is_open: false,
        }
    }

    fn texts(lines: &[SetupLine]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn lines_go_by_level_and_a_second_run_starts_anew() {
        let reader = Reader::for_test("/", "en");
        let mut module = ModuleSummary {
            slug: "dns".into(),
            name: "DNS".into(),
            info: Vec::new(),
            warnings: Vec::new(),
            errors: Vec::new(),
        };
        let lines = [
            line(LineKind::Output, Some(2), "of the first run"),
            line(LineKind::Command, None, "bash setup.sh"),
            line(LineKind::Output, Some(7), "one"),
            line(LineKind::Output, Some(1), "careful"),
            line(LineKind::Output, Some(8), "two"),
            line(LineKind::Output, Some(3), "only in the log"),
            line(LineKind::Output, None, "neither"),
        ];
        for line in &lines {
            module.add(line, &reader);
        }
        assert_eq!(texts(&module.info), ["one", "two"]);
        assert_eq!(texts(&module.warnings), ["careful"]);
        assert!(module.errors.is_empty());
    }
}
