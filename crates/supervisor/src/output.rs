//! What a module prints, line by line into the daemon's log under the module's name, and into the module's own.
//!
//! The bytes are anybody's: lines are cut at a length, and what could steer a terminal is escaped. How many lines are kept is
//! the log's decision; here they are read, somewhat slower than a module can print, but always, so that it isn't held up for long.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::budget::Budget;
use crate::log_ring::LogSource;
use crate::module_log::ModuleLog;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::sleep;

/// Longer lines are cut.
const LONGEST_LINE: usize = 8 * 1024;
/// So many lines are kept to explain an end.
const LAST_WORDS: usize = 20;
/// Bytes a second of each stream that are read. 100 MB take 3 s, which is well within a ping's deadline for a module that does
/// nothing else meanwhile, and cost the host about a hundredth of a core.
const READ: u32 = 32 * 1024 * 1024;
const READ_AT_ONCE: u32 = 1024 * 1024;
/// Shorter waits are left to come together: timers are no finer.
const SHORTEST_WAIT: Duration = Duration::from_millis(5);
/// What is read at a time: little while the module prints little, as each module has two of these.
const CHUNK: usize = 4 * 1024;
const LARGEST_CHUNK: usize = 64 * 1024;

/// Which of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Stdout,
    Stderr,
}

impl Output {
    /// Logs all lines until the end and returns the last ones, those included that the log had no room for.
    pub(crate) async fn log(
        self,
        log: ModuleLog,
        mut stream: impl AsyncRead + Unpin,
    ) -> VecDeque<String> {
        let mut last = LastWords::default();
        let mut lines = Lines::default();
        let mut keep = |line: &[u8]| {
            log.printed(self.source(), line);
            if self == Self::Stderr {
                last.push(line);
            }
        };
        let mut reading = Budget::new(READ, READ_AT_ONCE, Instant::now());
        let mut chunk = vec![0; CHUNK];
        loop {
            // A pipe that can't be read has nothing more to say.
            let count = stream.read(&mut chunk).await.unwrap_or(0);
            if count == 0 {
                break;
            }
            lines.take(&chunk[..count], &mut keep);
            let wait = reading.charge(count, Instant::now());
            if wait >= SHORTEST_WAIT {
                sleep(wait).await;
            }
            fit(&mut chunk, count);
        }
        lines.finish(&mut keep);
        last.into_lines()
    }

    fn source(self) -> LogSource {
        match self {
            Self::Stdout => LogSource::Stdout,
            Self::Stderr => LogSource::Stderr,
        }
    }
}

/// More room for a module that fills it, and no more than needed for one that doesn't.
fn fit(chunk: &mut Vec<u8>, count: usize) {
    let size = match () {
        () if count == chunk.len() => LARGEST_CHUNK,
        () if count < CHUNK => CHUNK,
        () => return,
    };
    if size != chunk.len() {
        *chunk = vec![0; size];
    }
}

/// Bytes to lines. Whole lines are not copied.
#[derive(Debug, Default)]
struct Lines {
    /// The beginning of a line whose end hasn't come yet.
    begun: Vec<u8>,
    /// Whether the line was cut already, and what comes of it is dropped.
    skipping: bool,
}

impl Lines {
    /// Gives `keep` each line that ends within `bytes`, without its end.
    fn take(&mut self, mut bytes: &[u8], keep: &mut impl FnMut(&[u8])) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            self.end(&bytes[..end], keep);
            bytes = &bytes[end + 1..];
        }
        self.begin(bytes, keep);
    }

    /// Gives `keep` what is left at the end of the stream.
    fn finish(&mut self, keep: &mut impl FnMut(&[u8])) {
        if !self.begun.is_empty() {
            self.end(&[], keep);
        }
    }

    fn end(&mut self, rest: &[u8], keep: &mut impl FnMut(&[u8])) {
        if std::mem::take(&mut self.skipping) {
            return;
        }
        if self.begun.is_empty() {
            return keep(cut(rest));
        }
        self.begun.extend_from_slice(cut(rest));
        keep(cut(&self.begun));
        self.begun = Vec::new();
    }

    fn begin(&mut self, bytes: &[u8], keep: &mut impl FnMut(&[u8])) {
        if self.skipping {
            return;
        }
        self.begun.extend_from_slice(cut(bytes));
        if self.begun.len() >= LONGEST_LINE {
            keep(cut(&self.begun));
            self.begun = Vec::new();
            self.skipping = true;
        }
    }
}

fn cut(line: &[u8]) -> &[u8] {
    &line[..line.len().min(LONGEST_LINE)]
}

/// The last lines, in buffers that are used again.
#[derive(Debug, Default)]
struct LastWords(VecDeque<Vec<u8>>);

impl LastWords {
    fn push(&mut self, line: &[u8]) {
        let mut buffer = Vec::new();
        if self.0.len() == LAST_WORDS {
            buffer = self.0.pop_front().unwrap_or_default();
            buffer.clear();
        }
        buffer.extend_from_slice(line);
        self.0.push_back(buffer);
    }

    fn into_lines(self) -> VecDeque<String> {
        self.0.iter().map(|line| printable(line)).collect()
    }
}

/// Text that can't move a cursor, change a colour or forge a line.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches(['\n', '\r']);
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() && char != '\t' {
            out.extend(char.escape_default());
        } else {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::log_ring::LogRing;

    /// The same lines come out, however the bytes come in.
    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str]) {
        for size in [1, 3, 4096, 1 << 20] {
            let mut lines = Lines::default();
            let mut found = Vec::new();
            let mut keep = |line: &[u8]| found.push(printable(line));
            for chunk in bytes.chunks(size) {
                lines.take(chunk, &mut keep);
            }
            lines.finish(&mut keep);
            assert_eq!(found, expected, "in chunks of {size}");
        }
    }

    #[test]
    fn lines_end_at_line_feeds_or_the_end() {
        check(b"one\ntwo\r\n\nthree", &["one", "two", "", "three"]);
    }

    #[test]
    fn what_could_steer_a_terminal_is_escaped() {
        check(b"\x1b[2J\xff\n", &["\\u{1b}[2J\u{fffd}"]);
    }

    #[test]
    fn a_line_without_end_is_cut_once_and_its_rest_dropped() {
        let mut bytes = vec![b'a'; 3 * LONGEST_LINE];
        bytes.extend_from_slice(b"\nnext\n");
        check(&bytes, &[&"a".repeat(LONGEST_LINE), "next"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_read_to_its_end_and_mostly_dropped_but_its_last_words_are_kept() {
        let ring = Arc::<LogRing>::default();
        let log = ModuleLog::new("a", Arc::clone(&ring));
        let flood: String = (0..100_000).map(|line| format!("line {line}\n")).collect();
        let last = Output::Stderr.log(log, flood.as_bytes()).await;
        assert_eq!(last.len(), LAST_WORDS);
        assert_eq!(last.back().unwrap(), "line 99999");
        let is_report = |message: &str| message.ends_with("more than 200 lines a second");
        while !ring
            .read(None, 1_000)
            .lines
            .iter()
            .any(|line| is_report(&line.message))
        {
            let last = ring.read(None, 1).next;
            ring.newer_than(last).await;
        }
        assert!(ring.read(None, 1).next < 10_000);
    }
}
