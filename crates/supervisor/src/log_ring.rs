//! The latest lines of one module's log: what it logged and printed, and what the host did with it.
//!
//! Bounded in lines and bytes; the oldest go first. Readers remember the number of the last line that they have seen and
//! ask what is newer, so one that is slow, or gone, costs nothing. It lives as long as the module does, workers come and go.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use contara_protocol::link::LogLevel;
use tokio::sync::watch;

use crate::output::printable;

/// As many lines as somebody scrolls through.
const MOST_LINES: usize = 1_000;
/// All lines together, in bytes: with a hundred modules at their worst 50 MiB.
const MOST_BYTES: usize = 512 * 1024;
/// A longer message is cut, so that one can't push out all others.
pub(crate) const LONGEST_MESSAGE: usize = 8 * 1024;
/// Likewise a traceback, whose end says the most.
pub(crate) const LONGEST_TRACEBACK: usize = 32 * 1024;
/// What a line costs beside its texts.
const OVERHEAD: usize = 128;

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogSource {
    /// The module, through its logger.
    Log,
    /// The module, by printing.
    Stdout,
    /// Python, or the module, complaining.
    Stderr,
    /// The host, about the module.
    Host,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its number, from 1 and without gaps.
    pub seq: u64,
    /// When the host got it.
    pub time: SystemTime,
    /// Who says it.
    pub source: LogSource,
    /// How bad it is.
    pub level: LogLevel,
    /// The logger's name; empty if it was printed.
    pub logger: String,
    /// The text, without control characters.
    pub message: String,
    /// The traceback that belongs to it, in many lines.
    pub traceback: Option<String>,
}

/// A part of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPart {
    /// In order.
    pub lines: Vec<Arc<LogLine>>,
    /// What to ask for next: the number of the last line that was looked at.
    pub next: u64,
}

#[derive(Debug, Default)]
struct Lines {
    lines: VecDeque<Arc<LogLine>>,
    bytes: usize,
    last: u64,
}

/// The latest lines of one module's log.
#[derive(Debug)]
pub struct LogRing {
    lines: Mutex<Lines>,
    last: watch::Sender<u64>,
}

impl Default for LogRing {
    fn default() -> Self {
        Self {
            lines: Mutex::default(),
            last: watch::Sender::new(0),
        }
    }
}

impl LogRing {
    /// At most `limit` lines: the first ones after number `after`, or without it the latest.
    ///
    /// A number that was never given out is one of an earlier daemon's, so all lines are new to whoever names it.
    #[must_use]
    pub fn read(&self, after: Option<u64>, limit: usize) -> LogPart {
        let lines = self.lock();
        let last = lines.last;
        let Some(after) = after else {
            let skipped = lines.lines.len().saturating_sub(limit);
            let latest = lines.lines.iter().skip(skipped).cloned().collect();
            return LogPart {
                lines: latest,
                next: last,
            };
        };
        let after = if after > last { 0 } else { after };
        let newer = lines.lines.iter().filter(|line| line.seq > after);
        let newer: Vec<_> = newer.take(limit).cloned().collect();
        LogPart {
            next: newer.last().map_or(after, |line| line.seq),
            lines: newer,
        }
    }

    /// Waits until there is a line after number `after`.
    pub async fn newer_than(&self, after: u64) {
        let mut last = self.last.subscribe();
        // An earlier daemon's number is no reason to wait for as many lines.
        let is_news = |last: &u64| *last > after || (*last < after && *last > 0);
        // The sender is part of this, so it can't be gone.
        let _ = last.wait_for(is_news).await;
    }

    /// What the module logged.
    pub(crate) fn logged(
        &self,
        level: LogLevel,
        logger: &str,
        message: &str,
        traceback: Option<&str>,
    ) {
        self.push(LogSource::Log, level, logger, message, traceback);
    }

    /// A line that the module printed.
    pub(crate) fn printed(&self, source: LogSource, line: &str) {
        let level = match source {
            LogSource::Stderr => LogLevel::Warning,
            _ => LogLevel::Info,
        };
        self.push(source, level, "", line, None);
    }

    /// What the host has to say about the module.
    pub(crate) fn note(&self, level: LogLevel, message: &str, traceback: Option<&str>) {
        self.push(LogSource::Host, level, "contara", message, traceback);
    }

    fn push(
        &self,
        source: LogSource,
        level: LogLevel,
        logger: &str,
        message: &str,
        traceback: Option<&str>,
    ) {
        let mut lines = self.lock();
        lines.last += 1;
        let line = LogLine {
            seq: lines.last,
            time: SystemTime::now(),
            source,
            level,
            logger: message_of(logger),
            message: message_of(message),
            traceback: traceback.map(traceback_of),
        };
        lines.bytes += cost(&line);
        lines.lines.push_back(Arc::new(line));
        lines.make_room();
        let last = lines.last;
        drop(lines);
        // Two writers may arrive here in either order; the number must not go back.
        self.last.send_modify(|latest| *latest = last.max(*latest));
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn make_room(&mut self) {
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some(oldest) = self.lines.pop_front() else {
                return;
            };
            self.bytes -= cost(&oldest);
        }
    }
}

fn cost(line: &LogLine) -> usize {
    let traceback = line.traceback.as_ref().map_or(0, String::len);
    OVERHEAD + line.logger.len() + line.message.len() + traceback
}

/// A line's text as it is kept.
pub(crate) fn message_of(text: &str) -> String {
    // Cut first too: a module may send sixteen megabytes of it.
    let start = start_of(text, LONGEST_MESSAGE);
    start_of(&printable(start.as_bytes()), LONGEST_MESSAGE).to_owned()
}

/// A traceback as it is kept.
pub(crate) fn traceback_of(text: &str) -> String {
    end_of(
        &lines_of(end_of(text, LONGEST_TRACEBACK)),
        LONGEST_TRACEBACK,
    )
    .to_owned()
}

/// Many lines, each made harmless.
fn lines_of(text: &str) -> String {
    let lines: Vec<_> = text
        .lines()
        .map(|line| printable(line.as_bytes()))
        .collect();
    lines.join("\n")
}

/// What a module says goes to every client with each of its frames, and it may say sixteen megabytes.
pub(crate) fn cut_message(text: &str) -> &str {
    start_of(text, LONGEST_MESSAGE)
}

pub(crate) fn start_of(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

fn end_of(text: &str, most: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(most))..]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn messages(part: &LogPart) -> Vec<&str> {
        part.lines
            .iter()
            .map(|line| line.message.as_str())
            .collect()
    }

    fn ring(count: usize) -> LogRing {
        let ring = LogRing::default();
        for number in 1..=count {
            ring.printed(LogSource::Stdout, &number.to_string());
        }
        ring
    }

    #[test]
    fn a_reader_gets_each_line_once_in_parts() {
        let ring = ring(5);
        let first = ring.read(Some(0), 3);
        assert_eq!((messages(&first), first.next), (vec!["1", "2", "3"], 3));
        let rest = ring.read(Some(first.next), 3);
        assert_eq!((messages(&rest), rest.next), (vec!["4", "5"], 5));
        let none = ring.read(Some(rest.next), 3);
        assert_eq!((messages(&none), none.next), (vec![], 5));
        let nothing = ring.read(Some(3), 0);
        assert_eq!((messages(&nothing), nothing.next), (vec![], 3));
    }

    #[test]
    fn whoever_has_seen_nothing_gets_the_latest() {
        let part = ring(5).read(None, 2);
        assert_eq!((messages(&part), part.next), (vec!["4", "5"], 5));
        assert_eq!(messages(&ring(5).read(None, 0)), Vec::<&str>::new());
    }

    #[test]
    fn a_number_of_an_earlier_daemon_is_taken_for_none() {
        assert_eq!(messages(&ring(2).read(Some(99), 10)), ["1", "2"]);
    }

    #[test]
    fn the_oldest_lines_go_first() {
        let ring = ring(MOST_LINES + 7);
        let part = ring.read(Some(0), usize::MAX);
        assert_eq!(part.lines.len(), MOST_LINES);
        assert_eq!(part.lines[0].seq, 8);
    }

    #[test]
    fn bytes_are_bounded_whatever_a_module_says() {
        let ring = LogRing::default();
        let long = "é".repeat(1024 * 1024);
        for _ in 0..100 {
            ring.logged(LogLevel::Error, &long, &long, Some(&long));
        }
        let part = ring.read(Some(0), usize::MAX);
        let bytes: usize = part.lines.iter().map(|line| cost(line)).sum();
        assert!(bytes <= MOST_BYTES, "{bytes}");
        assert_eq!(ring.lock().bytes, bytes);
        assert_eq!(part.lines[0].message.len(), LONGEST_MESSAGE);
    }

    #[test]
    fn what_could_steer_a_terminal_is_escaped() {
        let ring = LogRing::default();
        ring.logged(LogLevel::Info, "a\u{1b}", "b\n\u{7}", Some("c\u{1b}\nd"));
        let line = &ring.read(None, 1).lines[0];
        assert_eq!(
            (line.logger.as_str(), line.message.as_str()),
            ("a\\u{1b}", "b\\n\\u{7}")
        );
        assert_eq!(line.traceback.as_deref(), Some("c\\u{1b}\nd"));
    }

    #[tokio::test]
    async fn a_reader_that_waits_is_woken_by_the_next_line() {
        let ring = Arc::new(ring(3));
        ring.newer_than(2).await;
        ring.newer_than(99).await;
        let waiting = tokio::spawn({
            let ring = Arc::clone(&ring);
            async move { ring.newer_than(3).await }
        });
        ring.printed(LogSource::Stdout, "4");
        tokio::time::timeout(Duration::from_secs(10), waiting)
            .await
            .expect("it is woken")
            .expect("it doesn't panic");
    }
}
