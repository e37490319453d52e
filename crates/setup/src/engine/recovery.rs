//! The start after an end that may have been sudden: what was under way is interrupted, what it left running is ended, and
//! what waited goes on waiting.

use std::sync::Arc;

use contara_store::{SetupRecord, SetupSessionRow, Store};
use contara_system::machine;
use contara_system::run_name::RunName;
use jiff::Timestamp;

use super::entry::step_text;
use super::records::{COUNTING, NEEDED, ORDERED, row_id, word};
use super::{Engine, SetupError};
use crate::transaction::machine::{Event, Machine};
use crate::transaction::{StepKind, Transaction, TransactionId, TransactionState};
use contara_i18n::Message;
use contara_i18n::message;

impl Engine {
    /// Before anything else is done.
    pub(super) async fn recover(self: &Arc<Self>) -> Result<(), SetupError> {
        self.end_orphans().await?;
        self.settle_recordings().await?;
        for state in [TransactionState::Waiting, TransactionState::Queued] {
            for record in self.records_in(state).await? {
                self.take_up(record).await;
            }
        }
        for record in self.records_in(TransactionState::Running).await? {
            self.interrupt(record).await?;
        }
        for reboot in [NEEDED, COUNTING, ORDERED] {
            let waiting = |store: &Store| store.setup_transactions_to_restart(reboot);
            for record in self.store.run(waiting).await? {
                self.look_at_reboot(record).await?;
            }
        }
        Ok(())
    }

    /// The restart of the machine that a transaction waits for has been, or has to be asked for.
    async fn look_at_reboot(self: &Arc<Self>, record: SetupRecord) -> Result<(), SetupError> {
        let has_rebooted = record.transaction.ended.is_some_and(has_started_since);
        let (text, event) = match record.transaction.reboot.as_str() {
            _ if has_rebooted => (
                message!("The machine has been started again."),
                Event::Rebooted,
            ),
            COUNTING => (
                message!(
                    "Contara ended before the machine was to start again: that was called off."
                ),
                Event::Found,
            ),
            ORDERED => (
                message!("Contara was started again, and the machine wasn't."),
                Event::Found,
            ),
            _ => return Ok(()),
        };
        let id = self.take_up(record).await;
        self.note_in_log(id, |_| text).await?;
        self.apply(id, event).await?;
        Ok(())
    }

    async fn records_in(&self, state: TransactionState) -> Result<Vec<SetupRecord>, SetupError> {
        let state = word(&state);
        let read = move |store: &Store| store.setup_transactions_in(&state);
        Ok(self.store.run(read).await?)
    }

    /// Scripts that go on without anybody who reads their output are ended; package managers end by themselves.
    async fn end_orphans(&self) -> Result<(), SetupError> {
        let sessions = self.store.run(Store::setup_sessions).await?;
        for row in sessions {
            let SetupSessionRow {
                transaction,
                session,
                ends_with_us,
            } = row;
            if let Ok(run) = session.parse::<RunName>()
                && ends_with_us
                && run.end_leftovers().await
            {
                tracing::warn!(transaction, "ended what a script had left running");
            }
            let forget = move |store: &Store| store.remove_setup_session(transaction);
            self.store.run(forget).await?;
        }
        Ok(())
    }

    async fn take_up(&self, record: SetupRecord) -> TransactionId {
        let entry = self.known_entry(record);
        let id = entry.shown().id;
        let is_queued = entry.shown().state == TransactionState::Queued;
        let mut live = self.live.lock().await;
        live.entries.insert(id, entry);
        if is_queued {
            live.queue.push_back(id);
        }
        id
    }

    async fn interrupt(self: &Arc<Self>, record: SetupRecord) -> Result<(), SetupError> {
        let id = self.take_up(record).await;
        let close = move |store: &Store| store.close_setup_lines(row_id(id));
        self.store.run(close).await?;
        self.note_in_log(id, note).await?;
        self.apply(id, Event::Found).await?;
        Ok(())
    }

    async fn note_in_log(
        &self,
        id: TransactionId,
        text: impl FnOnce(&Transaction) -> Message,
    ) -> Result<(), SetupError> {
        let live = self.live.lock().await;
        let entry = live.entries.get(&id);
        let note = entry.map(|entry| (Arc::clone(&entry.log), text(entry.shown())));
        drop(live);
        if let Some((log, text)) = note {
            log.note(None, text).await?;
        }
        Ok(())
    }
}

/// Whether the machine was started later than this, in milliseconds of Unix time.
fn has_started_since(at: i64) -> bool {
    let started = machine::started_at().and_then(|time| Timestamp::try_from(time).ok());
    started.is_some_and(|started| started.as_millisecond() > at)
}

fn note(shown: &Transaction) -> Message {
    let machine = Machine::from_shown(shown.clone());
    let current = machine.current();
    let step = current.and_then(|kind| step_text(shown, kind).cloned());
    let left_over = match current {
        Some(StepKind::Packages) => {
            message!("A package manager that was at work goes on to its end.")
        }
        _ => message!("The script was ended, with what it had started but for services."),
    };
    let mut sentences = vec![message!("Contara ended during this step:")];
    sentences.extend(step);
    sentences.push(left_over);
    sentences.push(message!("Retry goes on with this step."));
    Message::sentences(sentences)
}
