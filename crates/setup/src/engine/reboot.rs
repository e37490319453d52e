//! The restart of the machine: asked for, counted down to, and ordered, unless it is called off.

use std::sync::Arc;
use std::time::Duration;

use contara_system::reboot;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::records::now;
use super::{Engine, SetupError};
use crate::transaction::machine::Event;
use crate::transaction::{Reboot, Transaction, TransactionId, TransactionState};
use contara_i18n::{Explained, message, with_causes};

impl Engine {
    /// Begins the countdown.
    pub(super) async fn reboot(
        self: &Arc<Self>,
        id: TransactionId,
        by: &str,
    ) -> Result<Transaction, SetupError> {
        self.require_root()?;
        let delay = self.settings.reboot_delay;
        let mut live = self.live.lock().await;
        let mut entries = live.entries.iter();
        let running = entries.find(|(_, e)| e.shown().state == TransactionState::Running);
        if let Some((other, _)) = running {
            return Err(SetupError::WrongState(message!(
                "transaction {transaction} is changing the machine: wait for its end",
                transaction = *other
            )));
        }
        self.activate(&mut live, id).await?;
        let entry = live.entries.get(&id);
        if !entry.is_some_and(|entry| entry.shown().reboot == Reboot::Needed) {
            live.forget_finished();
            let text = message!(
                "transaction {transaction} needs no restart of the machine, or it is ordered",
                transaction = id
            );
            return Err(SetupError::WrongState(text));
        }
        let at = now().checked_add(delay).unwrap_or(Timestamp::MAX);
        let text = message!(
            "{person} starts the machine again in {seconds} s.",
            person = by,
            seconds = delay.as_secs()
        );
        self.change(&mut live, id, Event::Reboot(at), None, text)
            .await?;
        drop(live);
        self.transaction(id).await
    }

    /// Waits for the time.
    pub(super) async fn count_down(
        self: Arc<Self>,
        id: TransactionId,
        at: Timestamp,
        call_off: CancellationToken,
    ) {
        let delay = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
        tokio::select! {
            () = call_off.cancelled() => return,
            // The next start calls it off.
            () = self.closing.cancelled() => return,
            () = tokio::time::sleep(delay) => {}
        }
        let mut live = self.live.lock().await;
        let mut entries = live.entries.values();
        let is_busy = entries.any(|entry| entry.shown().state == TransactionState::Running);
        let changed = match is_busy {
            true => {
                let text = message!(
                    "The restart of the machine was called off: another transaction is changing it."
                );
                self.change(&mut live, id, Event::Cancel, None, text).await
            }
            false => self
                .apply_in(&mut live, id, Event::Due, None)
                .await
                .map(drop),
        };
        match changed {
            // It was called off at the last moment.
            Ok(()) | Err(SetupError::WrongState(_)) => {}
            Err(error) => tracing::error!(
                id,
                "the machine isn't started again: {}",
                with_causes(&error)
            ),
        }
    }

    /// Tells the system.
    pub(super) async fn order_reboot(self: Arc<Self>, id: TransactionId) {
        let ordered = reboot::reboot(&self.settings.reboot_command).await;
        let Err(error) = ordered else { return };
        let reason = error.explanation();
        tracing::error!(id, "{reason}");
        let text = message!("The system refused: {reason}", reason = reason);
        let mut live = self.live.lock().await;
        let refused = self.change(&mut live, id, Event::RebootRefused, None, text);
        if let Err(error) = refused.await {
            tracing::error!(id, "{}", with_causes(&error));
        }
    }
}
