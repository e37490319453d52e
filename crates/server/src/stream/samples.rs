//! What tests of the stream hang on the board.

use std::sync::Arc;

use contara_protocol::link::Capabilities;
use contara_supervisor::{Life, ModuleView, Pinned};

/// A module that runs and has drawn nothing.
pub(super) fn pinned(name: &str, change: u64) -> Pinned {
    let view = ModuleView {
        name: name.into(),
        display_name: name.into(),
        wanted: true,
        initialized: true,
        life: Life::Running,
        ui: None,
        trouble: None,
        warnings: Vec::new(),
        running: Vec::new(),
        preparing: None,
        capabilities: Capabilities {
            websocket: true,
            dashboard: true,
            detail_page: false,
            settings: false,
        },
    };
    Pinned {
        change,
        page_change: change,
        view: Arc::new(view),
    }
}
