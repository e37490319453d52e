//! The log of one transaction: lines get their numbers and are in the journal before anybody is told of them.

use contara_store::{Store, StoreError};
use tokio::sync::{Mutex, watch};

use super::records::{line_row, now, row_id};
use crate::transaction::{LineKind, LogLine, TransactionId};
use contara_i18n::Message;
use contara_i18n::message;

/// Lines of programs that a log keeps: some 20 MB. What comes after is only counted.
const KEPT: u64 = 200_000;

/// Lines that all logs keep together: some 100 MB. The oldest make room.
pub(super) const KEPT_OF_ALL: i64 = 1_000_000;

/// See the file's first lines.
#[derive(Debug)]
pub(super) struct Log {
    id: TransactionId,
    store: Store,
    changes: watch::Sender<u64>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    last: u64,
    dropped: u64,
}

impl Log {
    /// One whose last line has this number.
    pub(super) fn new(
        id: TransactionId,
        store: Store,
        changes: watch::Sender<u64>,
        last: u64,
    ) -> Self {
        let state = Mutex::new(State { last, dropped: 0 });
        Self {
            id,
            store,
            changes,
            state,
        }
    }

    /// Writes lines. Those with the number 0 get the next ones; others have been written before and have changed. Returns the
    /// number of the last one; `None` if that was dropped because the log is full.
    pub(super) async fn write(&self, mut lines: Vec<LogLine>) -> Result<Option<u64>, StoreError> {
        let mut state = self.state.lock().await;
        let (mut last, mut dropped) = (state.last, 0);
        let mut written = None;
        lines.retain_mut(|line| {
            if line.number == 0 {
                if line.kind == LineKind::Output && last >= KEPT {
                    dropped += 1;
                    written = None;
                    return false;
                }
                last += 1;
                line.number = last;
            }
            written = Some(line.number);
            true
        });
        if !lines.is_empty() {
            let id = row_id(self.id);
            let rows: Vec<_> = lines.into_iter().map(line_row).collect();
            let write = move |store: &Store| store.write_setup_lines(id, &rows);
            self.store.run(write).await?;
            self.changes.send_modify(|count| *count += 1);
        }
        state.last = last;
        state.dropped += dropped;
        Ok(written)
    }

    /// Says how many lines were dropped, if any were.
    pub(super) async fn tell_dropped(&self) -> Result<(), StoreError> {
        let dropped = std::mem::take(&mut self.state.lock().await.dropped);
        if dropped == 0 {
            return Ok(());
        }
        let text = message!(
            "… {count} lines were dropped: a log keeps {kept}.",
            count = dropped,
            kept = KEPT
        );
        self.note(None, text).await
    }

    /// Contara says something.
    pub(super) async fn note(
        &self,
        module: Option<&str>,
        message: Message,
    ) -> Result<(), StoreError> {
        let line = said(module, message);
        self.write(vec![line]).await.map(drop)
    }

    /// A program is started.
    pub(super) async fn command(&self, module: Option<&str>, text: &str) -> Result<(), StoreError> {
        let line = new_line(module, LineKind::Command, text.to_owned());
        self.write(vec![line]).await.map(drop)
    }
}

/// A line that has no number yet.
pub(super) fn new_line(module: Option<&str>, kind: LineKind, text: String) -> LogLine {
    LogLine {
        number: 0,
        at: now(),
        module: module.map(str::to_owned),
        kind,
        level: None,
        text,
        message: None,
        is_open: false,
    }
}

/// Contara's own words, without a number yet.
fn said(module: Option<&str>, message: Message) -> LogLine {
    let text = message.to_string();
    LogLine {
        message: Some(message),
        ..new_line(module, LineKind::Note, text)
    }
}

/// What stands in the place of a log that made room for others.
pub(super) fn removed_log() -> LogLine {
    let text = message!("This log was removed to make room for those of later transactions.");
    LogLine {
        number: 1,
        ..said(None, text)
    }
}
