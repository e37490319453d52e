//! A module's view as the wire has it.

use std::time::Instant;

use contara_i18n::{Catalogue, message};
use contara_manifest::Blocked;
use contara_protocol::Tree;
use contara_protocol::stream::{v1, v2};
use contara_supervisor::{Life, ModuleView, Preparing, Running, Tile, Trouble, TroubleKind};

/// Whether the detail page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Page {
    Shown,
    LeftOut,
}

/// Whether there are words of Contara's own in it, which differ from language to language.
pub(crate) fn has_words(view: &ModuleView) -> bool {
    let tile = view.ui.as_ref().and_then(|ui| ui.tile.as_ref());
    view.trouble.is_some() || view.preparing.is_some() || matches!(tile, Some(Tile::StandIn(_)))
}

/// For a client of this language.
pub(crate) fn of(
    view: &ModuleView,
    now: Instant,
    page: Page,
    catalogue: Option<Catalogue>,
) -> v1::Snapshot {
    v1::Snapshot {
        name: view.name.clone(),
        display_name: view.display_name.clone(),
        enabled: view.wanted,
        initialized: view.initialized,
        ui: view.ui.clone().map(|ui| v1::Ui {
            tile: ui.tile.and_then(|tile| tile.tree(catalogue)),
            modals: ui.modals,
            page: ui.page.filter(|_| page == Page::Shown),
        }),
        life: life(&view.life),
        problem: view
            .trouble
            .as_deref()
            .map(|trouble| problem(trouble, now, catalogue)),
        preparing: view
            .preparing
            .as_ref()
            .map(|how_far| preparing(how_far, catalogue)),
        running: view.running.iter().map(running).collect(),
        dashboard: view.capabilities.dashboard,
        has_page: view.capabilities.detail_page,
        live: view.capabilities.websocket,
        settings: view.settings,
    }
}

/// A module's metadata and its UI, for a client of this language; the UI is nil if there is none.
pub(crate) fn parts(
    view: &ModuleView,
    now: Instant,
    page: Page,
    catalogue: Option<Catalogue>,
) -> (v2::Info, Tree) {
    let whole = of(view, now, page, catalogue);
    let ui = whole.ui.map_or_else(Tree::nil, |ui| {
        let tile = ui.tile.unwrap_or_else(Tree::nil);
        let mut fields = vec![("tile", &tile), ("modals", &ui.modals)];
        fields.extend(ui.page.iter().map(|page| ("page", page)));
        Tree::map_of(&fields)
    });
    let info = v2::Info {
        display_name: whole.display_name,
        enabled: whole.enabled,
        initialized: whole.initialized,
        life: whole.life,
        problem: whole.problem,
        preparing: whole.preparing,
        running: whole.running,
        dashboard: whole.dashboard,
        has_page: whole.has_page,
        live: whole.live,
        settings: whole.settings,
    };
    (info, ui)
}

pub(crate) fn preparing(preparing: &Preparing, catalogue: Option<Catalogue>) -> v1::Preparing {
    v1::Preparing {
        text: preparing.text.render(catalogue),
        done: preparing.done,
        total: preparing.total,
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
        Life::Preparing => v1::Life::Preparing,
        Life::Blocked { .. } => v1::Life::Blocked,
    }
}

pub(crate) fn problem(
    trouble: &Trouble,
    now: Instant,
    catalogue: Option<Catalogue>,
) -> v1::Problem {
    let left = trouble.retry_at.map(|at| at.saturating_duration_since(now));
    v1::Problem {
        kind: kind(trouble.kind),
        title: trouble.title.render(catalogue),
        detail: trouble.detail.render(catalogue),
        traceback: trouble.traceback.clone(),
        retry_in_ms: left.map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// Why a module can't run on this machine at all.
pub(crate) fn unfit(why: &Blocked, catalogue: Option<Catalogue>) -> v1::Problem {
    let (kind, title) = match why {
        Blocked::Platform { .. } => (
            v1::ProblemKind::Platform,
            message!("This module is made for other platforms"),
        ),
        Blocked::Engine { .. } => (
            v1::ProblemKind::Engine,
            message!("This module is made for another version of Contara"),
        ),
    };
    v1::Problem {
        kind,
        title: title.render(catalogue),
        detail: why.message().render(catalogue),
        traceback: None,
        retry_in_ms: None,
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
        TroubleKind::Packages => v1::ProblemKind::Packages,
        TroubleKind::Limit => v1::ProblemKind::Limit,
    }
}
