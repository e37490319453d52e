//! How setup stands as a whole.

use contara_store::Store;

use super::entry::Live;
use super::records::{NEEDED, read};
use super::types::Standing;
use super::{Engine, SetupError};
use crate::transaction::TransactionState;

impl Engine {
    /// From what is under way, which is known here; else from the journal.
    pub(super) async fn standing(&self) -> Result<Standing, SetupError> {
        let under_way = under_way(&*self.live.lock().await);
        if let Some(standing) = under_way {
            return Ok(standing);
        }
        let ask = |store: &Store| Ok((store.last_setup_state()?, store.has_setup_restart(NEEDED)?));
        let (last, needs_restart) = self.store.run(ask).await?;
        Ok(match last.as_deref().and_then(read) {
            Some(TransactionState::Failed) => Standing::Failed,
            Some(TransactionState::Interrupted) => Standing::Interrupted,
            _ if needs_restart => Standing::RestartNeeded,
            _ => Standing::Idle,
        })
    }
}

fn under_way(live: &Live) -> Option<Standing> {
    let is_any = |state| {
        let mut entries = live.entries.values();
        entries.any(|entry| entry.shown().state == state)
    };
    if is_any(TransactionState::Running) || is_any(TransactionState::Queued) {
        Some(Standing::Busy)
    } else if is_any(TransactionState::Waiting) {
        Some(Standing::Waiting)
    } else {
        None
    }
}
