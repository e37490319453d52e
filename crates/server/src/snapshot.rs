//! A module's view as the wire has it.

use std::time::Instant;

use contara_protocol::stream::v1;
use contara_supervisor::{Life, ModuleView, Trouble};

pub(crate) fn of(view: &ModuleView, now: Instant) -> v1::Snapshot {
    v1::Snapshot {
        name: view.name.clone(),
        display_name: view.display_name.clone(),
        enabled: view.wanted,
        initialized: view.initialized,
        ui: view.ui.clone().map(|ui| v1::Ui {
            tile: ui.tile,
            modals: ui.modals,
        }),
        life: life(&view.life),
        problem: view.trouble.as_deref().map(|trouble| problem(trouble, now)),
    }
}

pub(crate) fn life(life: &Life) -> v1::Life {
    match life {
        Life::Stopped => v1::Life::Stopped,
        Life::Starting => v1::Life::Starting,
        Life::Running => v1::Life::Running,
        Life::Stopping => v1::Life::Stopping,
        Life::Backoff { .. } => v1::Life::Backoff,
        Life::Failed => v1::Life::Failed,
    }
}

pub(crate) fn problem(trouble: &Trouble, now: Instant) -> v1::Problem {
    let left = trouble.retry_at.map(|at| at.saturating_duration_since(now));
    v1::Problem {
        title: trouble.title.clone(),
        detail: trouble.detail.clone(),
        traceback: trouble.traceback.clone(),
        retry_in_ms: left.map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
    }
}
