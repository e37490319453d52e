//! What is said by and about one module: each line goes into the daemon's log under the module's name, and into the
//! module's own. Both get it as a line is kept: cut at a length, and without what could steer a terminal.
//!
//! What the module causes is kept up to a budget (`log_budget.rs`); what the host has to say about it always is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use contara_protocol::link::LogLevel;
use tracing::{debug, error, info, warn};

use crate::log_budget::{LogBudget, REPORT_AFTER, Verdict};
use crate::log_ring::{
    LONGEST_MESSAGE, LONGEST_TRACEBACK, LogRing, LogSource, message_of, traceback_of,
};
use crate::machine::Life;
use crate::output::printable;

/// See the file's first lines. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ModuleLog {
    module: String,
    ring: Arc<LogRing>,
    budget: Arc<Mutex<LogBudget>>,
}

impl ModuleLog {
    pub(crate) fn new(module: &str, ring: Arc<LogRing>) -> Self {
        Self {
            module: module.to_owned(),
            ring,
            budget: Arc::new(Mutex::new(LogBudget::new(Instant::now()))),
        }
    }

    /// What the module logged.
    pub(crate) fn logged(
        &self,
        level: LogLevel,
        logger: &str,
        message: &str,
        traceback: Option<&str>,
    ) {
        if !self.has_room_for(message, traceback) {
            return;
        }
        let module = self.module.as_str();
        let (line, traceback) = (message_of(message), traceback.map(traceback_of));
        let (logger, traceback) = (message_of(logger), traceback.as_deref());
        match level {
            LogLevel::Debug => debug!(module, logger, traceback, "{line}"),
            LogLevel::Info => info!(module, logger, traceback, "{line}"),
            LogLevel::Warning => warn!(module, logger, traceback, "{line}"),
            LogLevel::Error => error!(module, logger, traceback, "{line}"),
        }
        self.ring.logged(level, &logger, &line, traceback);
    }

    /// A line that the module printed.
    pub(crate) fn printed(&self, source: LogSource, line: &[u8]) {
        if !self.admits(line.len()) {
            return;
        }
        let (module, line) = (self.module.as_str(), printable(line));
        match source {
            LogSource::Stderr => warn!(module, "{line}"),
            _ => info!(module, "{line}"),
        }
        self.ring.printed(source, &line);
    }

    /// What its author or its user should know.
    pub(crate) fn warn(&self, message: &str) {
        let line = message_of(message);
        warn!(module = self.module, "{line}");
        self.ring.note(LogLevel::Warning, &line, None);
    }

    /// Something that the module does is broken, and may be so a thousand times a second.
    pub(crate) fn complain(&self, message: &str, traceback: Option<&str>) {
        if self.has_room_for(message, traceback) {
            self.fail(message, traceback);
        }
    }

    /// Something of the module is broken, which to the daemon is no more than worth a look.
    pub(crate) fn fail(&self, message: &str, traceback: Option<&str>) {
        let (line, traceback) = (message_of(message), traceback.map(traceback_of));
        let traceback = traceback.as_deref();
        warn!(module = self.module, traceback, "{line}");
        self.ring.note(LogLevel::Error, &line, traceback);
    }

    /// What the installer of its packages says; a package's own build may say anything.
    pub(crate) fn prepare(&self, message: &str) {
        if !self.has_room_for(message, None) {
            return;
        }
        let line = message_of(message);
        info!(module = self.module, "{line}");
        self.ring.note(LogLevel::Info, &line, None);
    }

    pub(crate) fn folder_changed(&self) {
        info!(module = self.module, "its folder has changed");
        self.ring
            .note(LogLevel::Info, "its folder has changed", None);
    }

    /// Where the module is in its life now, if that is news. The daemon's log has what led to it.
    pub(crate) fn note_life(&self, before: &Life, now: &Life) {
        if std::mem::discriminant(before) == std::mem::discriminant(now) {
            return;
        }
        let (level, text) = match now {
            Life::Starting => (LogLevel::Info, "starting"),
            Life::Running => (LogLevel::Info, "running"),
            Life::Stopping => (LogLevel::Info, "stopping"),
            Life::Stopped => (LogLevel::Info, "stopped"),
            Life::Preparing => (LogLevel::Info, "its Python packages are being installed"),
            Life::Blocked { retry_at: None } => (
                LogLevel::Error,
                "it can't run before that has changed, and stays down until somebody enables it",
            ),
            Life::Blocked { retry_at: Some(_) } => (
                LogLevel::Warning,
                "it can't run before that has changed, and is tried again after a pause",
            ),
            Life::Backoff { .. } => (LogLevel::Warning, "it is started again after a pause"),
            Life::Failed => (
                LogLevel::Error,
                "it has failed and stays down until somebody enables it, or its code changes",
            ),
        };
        self.ring.note(level, text, None);
    }

    fn has_room_for(&self, message: &str, traceback: Option<&str>) -> bool {
        let traceback = traceback.map_or(0, |text| text.len().min(LONGEST_TRACEBACK));
        self.admits(message.len().min(LONGEST_MESSAGE) + traceback)
    }

    /// Whether the module may have a line of so many bytes now. What it may not have is said after a while.
    fn admits(&self, bytes: usize) -> bool {
        let verdict = self.budget().admit(bytes, Instant::now());
        if verdict == Verdict::DropAndReport {
            let log = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(REPORT_AFTER).await;
                let report = log.budget().report();
                log.warn(&report);
            });
        }
        verdict == Verdict::Keep
    }

    fn budget(&self) -> std::sync::MutexGuard<'_, LogBudget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn only_news_of_its_life_are_noted() {
        let ring = Arc::<LogRing>::default();
        let log = ModuleLog::new("a", Arc::clone(&ring));
        let backoff = |failures| Life::Backoff {
            until: Instant::now(),
            failures,
        };
        log.note_life(&Life::Starting, &Life::Running);
        log.note_life(&Life::Running, &Life::Running);
        log.note_life(&backoff(1), &backoff(2));
        let part = ring.read(None, 10);
        assert_eq!(part.lines.len(), 1);
        assert_eq!(part.lines[0].message, "running");
    }
}
