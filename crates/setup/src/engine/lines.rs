//! A program's output on its way into the log: split, masked, and written in batches.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contara_store::StoreError;

use super::log::{Log, new_line};
use super::progress::ProgressReader;
use crate::output::{Line, Mask, Splitter};
use crate::transaction::{LineKind, LogLine};

/// How long a line may wait for others to be written with it.
const TOGETHER: Duration = Duration::from_millis(100);
/// How many are written at once at most.
const BATCH: usize = 1_000;
/// How many a failure shows.
const LAST: usize = 10;

/// See the file's first lines.
pub(super) struct Lines {
    log: Arc<Log>,
    module: Option<String>,
    mask: Mask,
    splitter: Splitter,
    batch: Vec<LogLine>,
    /// When the first of the batch came.
    since: Option<Instant>,
    /// The splitter's number of the line that was written open, and the log's.
    open: Option<(u64, Option<u64>)>,
    last: VecDeque<String>,
    /// Learns how far a package manager is.
    progress: Option<ProgressReader>,
}

impl Lines {
    /// Of a program of this module; only modules' scripts have levels.
    pub(super) fn new(log: Arc<Log>, module: Option<&str>, mask: Mask) -> Self {
        Self {
            log,
            module: module.map(str::to_owned),
            mask,
            splitter: match module {
                Some(_) => Splitter::default(),
                None => Splitter::without_levels(),
            },
            batch: Vec::new(),
            since: None,
            open: None,
            last: VecDeque::with_capacity(LAST),
            progress: None,
        }
    }

    /// The same, and they say how far a package manager is.
    pub(super) fn telling(self, progress: Option<ProgressReader>) -> Self {
        Self { progress, ..self }
    }

    /// Takes what was written about how far it is, beside the output.
    pub(super) fn status(&mut self, bytes: &[u8]) {
        if let Some(progress) = &mut self.progress {
            progress.status(bytes);
        }
    }

    /// When [`Self::tick`] is due, if nothing more comes.
    pub(super) fn due(&self) -> Option<Instant> {
        let batch = self.since.map(|since| since + TOGETHER);
        batch.into_iter().chain(self.splitter.due()).min()
    }

    /// Takes what was printed.
    pub(super) async fn push(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        for line in self.splitter.push(bytes, Instant::now()) {
            self.take(line);
            if self.batch.len() >= BATCH {
                self.flush().await?;
            }
        }
        self.tick().await
    }

    /// Writes what has waited for long enough.
    pub(super) async fn tick(&mut self) -> Result<(), StoreError> {
        let now = Instant::now();
        if self.since.is_some_and(|since| since + TOGETHER <= now) {
            self.flush().await?;
        }
        if let Some(line) = self.splitter.flush_open(now) {
            self.flush().await?;
            self.write_open(line).await?;
        }
        Ok(())
    }

    /// Writes all that is left; the last lines.
    pub(super) async fn finish(mut self) -> Result<Vec<String>, StoreError> {
        if let Some(line) = self.splitter.finish() {
            self.take(line);
        }
        self.flush().await?;
        self.log.tell_dropped().await?;
        Ok(self.last.into())
    }

    fn take(&mut self, line: Line) {
        let number = line.number;
        let mut line = self.masked(line);
        self.tell(&line);
        match self.open.take_if(|(open, _)| *open == number) {
            // It was begun when the log was full.
            Some((_, None)) => return,
            Some((_, Some(written))) => line.number = written,
            None => {}
        }
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(line.text.clone());
        self.since.get_or_insert_with(Instant::now);
        self.batch.push(line);
    }

    async fn write_open(&mut self, line: Line) -> Result<(), StoreError> {
        let number = line.number;
        let mut line = self.masked(line);
        self.tell(&line);
        match self.open {
            Some((open, None)) if open == number => return Ok(()),
            Some((open, Some(written))) if open == number => line.number = written,
            _ => {}
        }
        let written = self.log.write(vec![line]).await?;
        self.open = Some((number, written));
        Ok(())
    }

    fn tell(&mut self, line: &LogLine) {
        if let Some(progress) = &mut self.progress {
            progress.line(&line.text);
        }
    }

    fn masked(&self, line: Line) -> LogLine {
        let line = self.mask.output(line);
        LogLine {
            level: line.level,
            is_open: line.is_open,
            ..new_line(self.module.as_deref(), LineKind::Output, line.text)
        }
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        self.since = None;
        if !self.batch.is_empty() {
            self.log.write(std::mem::take(&mut self.batch)).await?;
        }
        Ok(())
    }
}
