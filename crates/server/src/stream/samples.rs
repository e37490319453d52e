//! What tests of the stream hang on the board.

use std::sync::Arc;

use contara_i18n::message;
use contara_protocol::Tree;
use contara_protocol::link::Capabilities;
use contara_supervisor::{Life, ModuleView, Pinned, Tile, Trouble, TroubleKind, Ui};
use serde_json::Value;

/// A module that runs and has drawn nothing.
pub(super) fn pinned(name: &str, change: u64) -> Pinned {
    Pinned {
        change,
        page_change: change,
        view: Arc::new(view(name)),
    }
}

/// A module that runs and has drawn this.
pub(super) fn drawn(change: u64, tile: &Value) -> Pinned {
    let mut view = view("a");
    view.ui = Some(Ui {
        tile: Some(Tile::Drawn(tree(tile))),
        modals: Tree::empty_list(),
        page: None,
    });
    Pinned {
        change,
        page_change: change,
        view: Arc::new(view),
    }
}

/// The same with a fault, which is told in words of Contara's own.
pub(super) fn faulty(change: u64, tile: &Value) -> Pinned {
    let mut pinned = drawn(change, tile);
    Arc::make_mut(&mut pinned.view).trouble = Some(Arc::new(Trouble {
        kind: TroubleKind::Task,
        title: message!("A background task of this module ended"),
        detail: message!("Sign in first"),
        traceback: None,
        retry_at: None,
    }));
    pinned
}

fn tree(value: &Value) -> Tree {
    Tree::from_value(value).unwrap_or_else(|error| panic!("{value}: {error}"))
}

fn view(name: &str) -> ModuleView {
    ModuleView {
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
        settings: 0,
        capabilities: Capabilities {
            websocket: true,
            dashboard: true,
            detail_page: false,
            settings: false,
        },
    }
}
