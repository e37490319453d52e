//! What the world sees of one module.

use std::sync::Arc;
use std::time::Instant;

use contara_protocol::Tree;

use crate::machine::Life;

/// One module as it is now. Immutable: a change makes a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleView {
    /// The unique name.
    pub name: String,
    /// The name that people read.
    pub display_name: String,
    /// What the user wants.
    pub wanted: bool,
    /// Whether `initialize()` has run in the worker that lives now.
    pub initialized: bool,
    /// Where it is in its life.
    pub life: Life,
    /// Its UI; in back-off and failure a tile made by the host; `None` while there is nothing to draw.
    pub ui: Option<Ui>,
    /// Why it isn't running, or can't draw.
    pub trouble: Option<Arc<Trouble>>,
    /// What its author should know, such as an icon that doesn't exist.
    pub warnings: Vec<String>,
}

/// A module's UI. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ui {
    /// The tile, if it has one.
    pub tile: Option<Tree>,
    /// The list of its modals.
    pub modals: Tree,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What, in a few words.
    pub title: String,
    /// Why, in one sentence.
    pub detail: String,
    /// The module's frames, or the last lines that it wrote.
    pub traceback: Option<String>,
    /// When the worker is started again.
    pub retry_at: Option<Instant>,
}
