//! The task that changes the machine: one transaction at a time, in the order in which they were queued.

use std::sync::Arc;

use super::Engine;
use super::SetupError;
use crate::transaction::machine::{Event, Work};
use crate::transaction::{Failure, StepKind, TransactionId, TransactionState};
use contara_i18n::{Message, message, with_causes};

impl Engine {
    /// Gives turns until all ends.
    pub(super) async fn take_turns(self: Arc<Self>) {
        loop {
            let machine = self.machine.lock().await;
            let turn = {
                let mut live = self.live.lock().await;
                // Asked with nobody in between: whoever ends all has interrupted what runs, and nothing may begin after that.
                if self.closing.is_cancelled() {
                    return;
                }
                match live.next_turn() {
                    Some(id) => Some((id, self.apply_in(&mut live, id, Event::Turn, None).await)),
                    None => None,
                }
            };
            match turn {
                Some((id, begun)) => self.take_turn(id, begun).await,
                None => {
                    drop(machine);
                    self.wake.notified().await;
                }
            }
        }
    }

    /// Does what `begun` says is first, and all that follows from it.
    async fn take_turn(
        self: &Arc<Self>,
        id: TransactionId,
        begun: Result<Option<Work>, SetupError>,
    ) {
        let mut next = begun;
        loop {
            let event = match next {
                Ok(Some(work)) => self.work(id, work).await,
                Ok(None) => return,
                Err(error) => return self.give_up(id, &error).await,
            };
            next = match event {
                Ok(event) => self.apply(id, event).await,
                Err(error) => Err(error),
            };
        }
    }

    async fn work(self: &Arc<Self>, id: TransactionId, work: Work) -> Result<Event, SetupError> {
        match work {
            Work::Step(StepKind::Repositories) => self.add_repositories(id).await,
            Work::Step(StepKind::Packages) => self.install_packages(id).await,
            Work::Step(step) => Ok(Event::Failed(Failure {
                step,
                module: None,
                message: message!("Contara can't do this on this machine"),
                command: None,
                exit: None,
                last_lines: Vec::new(),
                unapproved: None,
            })),
            Work::Prepare => self.prepare(id).await,
            Work::Script(slug) => self.run_script(id, &slug).await,
        }
    }

    /// Ends what is under way, and all tasks.
    pub(super) async fn shut_down(self: &Arc<Self>) {
        self.closing.cancel();
        let mut live = self.live.lock().await;
        let ids: Vec<_> = live.entries.keys().copied().collect();
        for id in ids {
            match self.apply_in(&mut live, id, Event::Interrupt, None).await {
                // Those that wait stay as they are.
                Ok(_) | Err(SetupError::WrongState(_)) => {}
                Err(error) => tracing::error!(id, "{}", with_causes(&error)),
            }
        }
        drop(live);
        self.wake.notify_one();
        self.tasks.close();
        self.tasks.wait().await;
        self.hooks.forget_all();
    }

    /// Ends a transaction that isn't over, or the countdown of one that is.
    pub(super) async fn cancel(
        self: &Arc<Self>,
        id: TransactionId,
        by: &str,
    ) -> Result<crate::transaction::Transaction, SetupError> {
        self.require_root()?;
        let mut live = self.live.lock().await;
        self.activate(&mut live, id).await?;
        let entry = live.entries.get(&id);
        let is_over = entry.is_some_and(|entry| entry.shown().state == TransactionState::Done);
        let text = match is_over {
            true => message!(
                "{person} called the restart of the machine off.",
                person = by
            ),
            false => message!(
                "{person} cancelled this. What was done stays done.",
                person = by
            ),
        };
        self.change(&mut live, id, Event::Cancel, None, text)
            .await?;
        drop(live);
        self.transaction(id).await
    }

    /// Says something in a log after the fact. Nobody is told of a failure but the daemon's log.
    pub(super) async fn noted(&self, id: TransactionId, log: &super::log::Log, text: Message) {
        if let Err(error) = log.note(None, text).await {
            let error = with_causes(&error);
            tracing::warn!(transaction = id, "the journal can't be written: {error}");
        }
    }
}
