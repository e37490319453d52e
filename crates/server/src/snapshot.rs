//! A module's view as the wire has it.

use std::time::Instant;

use contara_protocol::stream::v1;
use contara_supervisor::{Life, ModuleView, Running, Trouble, TroubleKind};

/// Whether the detail page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Shown,
    LeftOut,
}

pub(crate) fn of(view: &ModuleView, now: Instant, page: Page) -> v1::Snapshot {
    v1::Snapshot {
        name: view.name.clone(),
        display_name: view.display_name.clone(),
        enabled: view.wanted,
        initialized: view.initialized,
        ui: view.ui.clone().map(|ui| v1::Ui {
            tile: ui.tile,
            modals: ui.modals,
            page: ui.page.filter(|_| page == Page::Shown),
        }),
        life: life(&view.life),
        problem: view.trouble.as_deref().map(|trouble| problem(trouble, now)),
        running: view.running.iter().map(running).collect(),
        dashboard: view.capabilities.dashboard,
        has_page: view.capabilities.detail_page,
        live: view.capabilities.websocket,
    }
}

fn running(running: &Running) -> v1::Running {
    v1::Running {
        call: running.call,
        action: running.action.clone(),
        params: running.params.clone(),
        progress: running.progress.clone().map(|progress| v1::Progress {
            done: progress.done,
            total: progress.total,
            text: progress.text,
        }),
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
        kind: kind(trouble.kind),
        title: trouble.title.clone(),
        detail: trouble.detail.clone(),
        traceback: trouble.traceback.clone(),
        retry_in_ms: left.map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
    }
}

fn kind(kind: TroubleKind) -> v1::ProblemKind {
    match kind {
        TroubleKind::Import => v1::ProblemKind::Import,
        TroubleKind::NoModuleClass => v1::ProblemKind::NoModuleClass,
        TroubleKind::Load => v1::ProblemKind::Load,
        TroubleKind::Initialize => v1::ProblemKind::Initialize,
        TroubleKind::Start => v1::ProblemKind::Start,
        TroubleKind::Stop => v1::ProblemKind::Stop,
        TroubleKind::Tile => v1::ProblemKind::Tile,
        TroubleKind::Task => v1::ProblemKind::Task,
        TroubleKind::Thread => v1::ProblemKind::Thread,
        TroubleKind::Exit => v1::ProblemKind::Exit,
        TroubleKind::Link => v1::ProblemKind::Link,
        TroubleKind::Timeout => v1::ProblemKind::Timeout,
        TroubleKind::Python => v1::ProblemKind::Python,
        TroubleKind::Limit => v1::ProblemKind::Limit,
    }
}
