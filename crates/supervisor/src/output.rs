//! What a module prints, line by line into the daemon's log under the module's name, and into the module's own.
//!
//! The bytes are anybody's: lines are cut at a length, and what could steer a terminal is escaped.

use std::collections::VecDeque;

use crate::log_ring::LogSource;
use crate::module_log::ModuleLog;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Longer lines are cut.
const LONGEST_LINE: usize = 8 * 1024;
/// So many lines are kept to explain an end.
const LAST_WORDS: usize = 20;

/// Which of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Stdout,
    Stderr,
}

impl Output {
    /// Logs all lines until the end and returns the last ones.
    pub(crate) async fn log(
        self,
        log: ModuleLog,
        stream: impl AsyncRead + Unpin,
    ) -> VecDeque<String> {
        let mut last = VecDeque::new();
        let mut lines = Lines::new(stream);
        while let Some(line) = lines.next().await {
            log.printed(self.source(), &line);
            if last.len() == LAST_WORDS {
                last.pop_front();
            }
            last.push_back(line);
        }
        last
    }

    fn source(self) -> LogSource {
        match self {
            Self::Stdout => LogSource::Stdout,
            Self::Stderr => LogSource::Stderr,
        }
    }
}

struct Lines<R> {
    stream: R,
    pending: Vec<u8>,
    /// The rest of a line that was cut already.
    skipping: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    fn new(stream: R) -> Self {
        Self {
            stream,
            pending: Vec::new(),
            skipping: false,
        }
    }

    /// The next line, without its end; `None` at the end of the stream.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(line) = self.take_line() {
                return Some(line);
            }
            let mut chunk = [0; 4096];
            // A pipe that can't be read has nothing more to say.
            let count = self.stream.read(&mut chunk).await.unwrap_or(0);
            if count == 0 {
                let rest = std::mem::take(&mut self.pending);
                return (!rest.is_empty() && !self.skipping).then(|| printable(&rest));
            }
            self.pending.extend_from_slice(&chunk[..count]);
        }
    }

    fn take_line(&mut self) -> Option<String> {
        loop {
            let end = self.pending.iter().position(|byte| *byte == b'\n');
            let cut = end.is_none() && self.pending.len() > LONGEST_LINE;
            if end.is_none() && !cut {
                return None;
            }
            let line: Vec<u8> = match end {
                Some(end) => self.pending.drain(..=end).collect(),
                None => std::mem::take(&mut self.pending),
            };
            let was_skipping = std::mem::replace(&mut self.skipping, cut);
            if !was_skipping {
                return Some(printable(&line[..line.len().min(LONGEST_LINE)]));
            }
            if cut {
                return None;
            }
        }
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
mod tests {
    use super::*;

    async fn check(bytes: &[u8], expected: &[&str]) {
        let mut lines = Lines::new(bytes);
        let mut found = Vec::new();
        while let Some(line) = lines.next().await {
            found.push(line);
        }
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn lines_end_at_line_feeds_or_the_end() {
        check(b"one\ntwo\r\n\nthree", &["one", "two", "", "three"]).await;
    }

    #[tokio::test]
    async fn what_could_steer_a_terminal_is_escaped() {
        check(b"\x1b[2J\xff\n", &["\\u{1b}[2J\u{fffd}"]).await;
    }

    #[tokio::test]
    async fn a_line_without_end_is_cut_once_and_its_rest_dropped() {
        let mut bytes = vec![b'a'; 3 * LONGEST_LINE];
        bytes.extend_from_slice(b"\nnext\n");
        check(&bytes, &[&"a".repeat(LONGEST_LINE), "next"]).await;
    }
}
