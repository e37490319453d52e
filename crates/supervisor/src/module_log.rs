//! What is said by and about one module: each line goes into the daemon's log under the module's name, and into the
//! module's own. Both get it as a line is kept: cut at a length, and without what could steer a terminal.

use std::sync::Arc;

use contara_protocol::link::LogLevel;
use tracing::{debug, error, info, warn};

use crate::log_ring::{LogRing, LogSource, message_of, traceback_of};
use crate::machine::Life;

/// See the file's first lines. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ModuleLog {
    module: String,
    ring: Arc<LogRing>,
}

impl ModuleLog {
    pub(crate) fn new(module: &str, ring: Arc<LogRing>) -> Self {
        Self {
            module: module.to_owned(),
            ring,
        }
    }

    /// The name of the module that it is about.
    pub(crate) fn module(&self) -> &str {
        &self.module
    }

    /// What the module logged.
    pub(crate) fn logged(
        &self,
        level: LogLevel,
        logger: &str,
        message: &str,
        traceback: Option<&str>,
    ) {
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
    pub(crate) fn printed(&self, source: LogSource, line: &str) {
        let module = self.module.as_str();
        match source {
            LogSource::Stderr => warn!(module, "{line}"),
            _ => info!(module, "{line}"),
        }
        self.ring.printed(source, line);
    }

    /// What its author or its user should know.
    pub(crate) fn warn(&self, message: &str) {
        let line = message_of(message);
        warn!(module = self.module, "{line}");
        self.ring.note(LogLevel::Warning, &line, None);
    }

    /// Something of the module is broken, which to the daemon is no more than worth a look.
    pub(crate) fn fail(&self, message: &str, traceback: Option<&str>) {
        let (line, traceback) = (message_of(message), traceback.map(traceback_of));
        let traceback = traceback.as_deref();
        warn!(module = self.module, traceback, "{line}");
        self.ring.note(LogLevel::Error, &line, traceback);
    }

    /// What the installer of its packages says.
    pub(crate) fn prepare(&self, message: &str) {
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
