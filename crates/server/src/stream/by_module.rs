//! What is kept of each module for all clients together.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use contara_supervisor::Pinned;

use crate::stream::lock;

/// Each module's has a lock of its own: work on one that is large must not hold up the others.
#[derive(Debug)]
pub(super) struct ByModule<T>(Mutex<HashMap<String, Arc<Mutex<T>>>>);

impl<T> Default for ByModule<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Default> ByModule<T> {
    pub(super) fn of(&self, module: &str) -> Arc<Mutex<T>> {
        let mut all = lock(&self.0);
        if let Some(known) = all.get(module) {
            return Arc::clone(known);
        }
        Arc::clone(all.entry(module.to_owned()).or_default())
    }

    /// Forgets what is kept of all others.
    pub(super) fn keep_only(&self, there: &[Pinned]) {
        let there: HashSet<_> = there.iter().map(|pinned| &pinned.view.name).collect();
        lock(&self.0).retain(|name, _| there.contains(name));
    }
}
