//! Where every module's latest view hangs, for any number of readers.
//!
//! Latest state wins: a reader remembers the last number it has seen and asks what is newer. Nothing is queued, so a
//! reader that is slow, or gone, costs nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::view::ModuleView;

/// A module's view and the numbers of the changes that made it.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// The last change of anything but the detail page.
    pub change: u64,
    /// The last change of anything.
    pub page_change: u64,
    /// How the module looks.
    pub view: Arc<ModuleView>,
}

#[derive(Debug, Default)]
struct Pins {
    change: u64,
    modules: BTreeMap<String, Pinned>,
}

/// The latest view of every module.
#[derive(Debug)]
pub struct Board {
    pins: Mutex<Pins>,
    changes: watch::Sender<u64>,
}

/// A reader's place on the board.
#[derive(Debug)]
pub struct Subscription {
    board: Arc<Board>,
    changes: watch::Receiver<u64>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            pins: Mutex::default(),
            changes: watch::Sender::new(0),
        }
    }
}

impl Board {
    /// Every module's view, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<ModuleView>> {
        let pins = self.lock();
        pins.modules
            .values()
            .map(|pinned| Arc::clone(&pinned.view))
            .collect()
    }

    /// One module's view.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<ModuleView>> {
        self.lock()
            .modules
            .get(name)
            .map(|pinned| Arc::clone(&pinned.view))
    }

    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn subscribe(self: &Arc<Self>) -> Subscription {
        Subscription {
            board: Arc::clone(self),
            changes: self.changes.subscribe(),
        }
    }

    /// Hangs up a view, unless it looks as the last one did.
    pub(crate) fn pin_if_changed(&self, view: ModuleView) {
        let last = self.get(&view.name);
        if last.as_deref() == Some(&view) {
            return;
        }
        let is_of_page = last.is_some_and(|last| last.differs_in_page_only(&view));
        self.change(|pins, page_change| {
            let before = pins.modules.get(&view.name).map(|last| last.change);
            let change = before.filter(|_| is_of_page).unwrap_or(page_change);
            let pinned = Pinned {
                change,
                page_change,
                view: Arc::new(view),
            };
            pins.modules.insert(pinned.view.name.clone(), pinned);
        });
    }

    pub(crate) fn unpin(&self, name: &str) {
        self.change(|pins, _| {
            pins.modules.remove(name);
        });
    }

    fn change(&self, act: impl FnOnce(&mut Pins, u64)) {
        let change = {
            let mut pins = self.lock();
            pins.change += 1;
            let change = pins.change;
            act(&mut pins, change);
            change
        };
        // Two writers may arrive here in either order; the number must not go back.
        self.changes
            .send_modify(|latest| *latest = change.max(*latest));
    }

    fn lock(&self) -> MutexGuard<'_, Pins> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscription {
    /// The number of the latest change.
    #[must_use]
    pub fn latest(&self) -> u64 {
        self.board.lock().change
    }

    /// Every view with the numbers of its changes, by name.
    #[must_use]
    pub fn views(&self) -> Vec<Pinned> {
        self.board.lock().modules.values().cloned().collect()
    }

    /// One module's view with the numbers of its changes.
    #[must_use]
    pub fn view(&self, name: &str) -> Option<Pinned> {
        self.board.lock().modules.get(name).cloned()
    }

    /// Waits until something has changed since the last call.
    pub async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            // The board is gone with the daemon; nothing will ever change.
            std::future::pending::<()>().await;
        }
    }
}
