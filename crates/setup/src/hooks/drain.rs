//! What a module's worker prints and logs: lines for the daemon's log under the module's name, as many as are of use, and none
//! from a module that may know passwords.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use contara_protocol::link::LogLevel;
use tokio::io::{AsyncRead, AsyncReadExt};
use tracing::{debug, error, info, warn};

/// Lines of one worker that are logged; a module that says more has made its point.
const LINES: u32 = 500;
/// Longer lines are cut.
const LONGEST: usize = 8 * 1024;

/// The log of one worker. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Drain {
    module: Arc<str>,
    /// Lines that may still be logged; of the last one only that there was more.
    left: Arc<AtomicU32>,
    /// Why there is no more.
    ending: &'static str,
}

impl Drain {
    pub(super) fn new(module: &str) -> Self {
        Self {
            module: module.into(),
            left: Arc::new(AtomicU32::new(LINES)),
            ending: "it says more than is logged: the rest is dropped",
        }
    }

    /// One that logs nothing but that.
    pub(super) fn silent(module: &str) -> Self {
        Self {
            module: module.into(),
            left: Arc::new(AtomicU32::new(1)),
            ending: "what its functions print isn't logged, as they may know passwords",
        }
    }

    /// Logs a line, if there is room left.
    pub(super) fn line(&self, level: LogLevel, text: &str) {
        let Some(text) = self.admit(text) else {
            return;
        };
        let module = &*self.module;
        match level {
            LogLevel::Debug => debug!(module, "{text}"),
            LogLevel::Info => info!(module, "{text}"),
            LogLevel::Warning => warn!(module, "{text}"),
            LogLevel::Error => error!(module, "{text}"),
        }
    }

    /// The line as it is logged; control characters, which could steer a terminal, are written out.
    fn admit(&self, text: &str) -> Option<String> {
        let take = |left: u32| left.checked_sub(1);
        let left = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .ok()?;
        if left == 1 {
            return Some(self.ending.to_owned());
        }
        let text = &text[..text.floor_char_boundary(LONGEST)];
        let escape = |char: char| match char.is_control() && char != '\t' {
            true => char.escape_default().to_string(),
            false => char.to_string(),
        };
        Some(text.chars().map(escape).collect())
    }

    /// Logs all lines of a stream until its end. It is always read on, so that nothing is held up.
    pub(super) async fn read(self, level: LogLevel, mut stream: impl AsyncRead + Unpin) {
        let mut line = Vec::new();
        let mut chunk = vec![0; 4 * 1024];
        loop {
            // A pipe that can't be read has nothing more to say.
            let count = stream.read(&mut chunk).await.unwrap_or(0);
            for &byte in &chunk[..count] {
                if byte == b'\n' {
                    self.line(level, &String::from_utf8_lossy(&line));
                    line.clear();
                } else if line.len() < LONGEST {
                    line.push(byte);
                }
            }
            if count == 0 {
                break;
            }
        }
        if !line.is_empty() {
            self.line(level, &String::from_utf8_lossy(&line));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_cut_and_cannot_steer_a_terminal() {
        let drain = Drain::new("it");
        assert_eq!(drain.admit("a\tb\u{1b}[2J").unwrap(), "a\tb\\u{1b}[2J");
        assert_eq!(drain.admit(&"ä".repeat(LONGEST)).unwrap().len(), LONGEST);
        let logged = std::iter::from_fn(|| drain.admit("x")).collect::<Vec<_>>();
        assert_eq!(logged.len() + 2, LINES as usize);
        assert!(logged.last().unwrap().contains("dropped"));
    }

    #[test]
    fn of_a_silent_one_nothing_is_logged_but_that() {
        let drain = Drain::silent("it");
        let said = drain.admit("canary").unwrap();
        assert!(
            said.contains("isn't logged") && !said.contains("canary"),
            "{said}"
        );
        assert_eq!(drain.admit("canary"), None);
    }
}
