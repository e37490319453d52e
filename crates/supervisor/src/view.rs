//! What the world sees of one module.

use std::sync::Arc;
use std::time::Instant;

use contara_i18n::Message;
use contara_protocol::Tree;
use contara_protocol::link::{Capabilities, Progress};

use crate::machine::Life;
use crate::tile::Tile;

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
    /// How far the installation of its packages is, while it is [`Life::Preparing`].
    pub preparing: Option<Preparing>,
    /// Its UI; while it isn't running a tile made by the host; `None` while there is nothing to draw.
    pub ui: Option<Ui>,
    /// Why it isn't running, can't draw, or isn't all that it was.
    pub trouble: Option<Arc<Trouble>>,
    /// What its author should know, such as an icon that doesn't exist.
    pub warnings: Vec<Message>,
    /// Actions that have been running for more than a moment, oldest first.
    pub running: Vec<Running>,
    /// Another number once its settings may be others: they were set anew, or its code has others.
    pub settings: u64,
    /// What its manifest says that it offers.
    pub capabilities: Capabilities,
}

impl ModuleView {
    /// Whether only the detail page is another one.
    pub(crate) fn differs_in_page_only(&self, other: &Self) -> bool {
        let page = |view: &Self| view.ui.as_ref().and_then(|ui| ui.page.clone());
        let mut alike = other.clone();
        if let Some(ui) = &mut alike.ui {
            ui.page = page(self);
        }
        *self == alike && page(self) != page(other)
    }
}

/// How far the installation of a module's packages is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preparing {
    /// What is being done, in a few words.
    pub text: Message,
    /// So many packages are installed.
    pub done: Option<u64>,
    /// Of so many.
    pub total: Option<u64>,
}

/// An action that is running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Names it when it is to be cancelled.
    pub call: u64,
    /// Its name.
    pub action: String,
    /// The parameters bound to it: a map.
    pub params: Tree,
    /// How far it is, if it says so.
    pub progress: Option<Progress>,
}

/// A module's UI. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ui {
    /// The tile, if it has one.
    pub tile: Option<Tile>,
    /// The list of its modals.
    pub modals: Tree,
    /// The detail page, while somebody wants it.
    pub page: Option<Tree>,
}

impl Ui {
    /// Bytes of MessagePack in all.
    #[must_use]
    pub fn size(&self) -> u64 {
        let tile = self.tile.as_ref().and_then(Tile::drawn);
        let trees = [tile, Some(&self.modals), self.page.as_ref()];
        let sizes = trees
            .into_iter()
            .flatten()
            .map(|tree| tree.as_msgpack().len() as u64);
        sizes.sum()
    }
}

/// What sort of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// The module's code raised while it was imported.
    Import,
    /// There is no class to construct.
    NoModuleClass,
    /// It can't be loaded for another reason.
    Load,
    /// `initialize()` raised.
    Initialize,
    /// `start_monitoring()` raised.
    Start,
    /// `stop_monitoring()` raised.
    Stop,
    /// It can't say what its UI is.
    Tile,
    /// A background task ended with an exception.
    Task,
    /// A thread ended with an exception.
    Thread,
    /// Its process ended.
    Exit,
    /// What its process says can't be understood.
    Link,
    /// No answer in time.
    Timeout,
    /// Python can't be started.
    Python,
    /// Its Python packages can't be installed.
    Packages,
    /// It used more than it may.
    Limit,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What sort of thing.
    pub kind: TroubleKind,
    /// What, in a few words.
    pub title: Message,
    /// Why, in one sentence.
    pub detail: Message,
    /// The module's frames, the last lines that it wrote, or what the installer said.
    pub traceback: Option<String>,
    /// When it is tried again by itself.
    pub retry_at: Option<Instant>,
}
