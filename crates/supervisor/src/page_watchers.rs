//! How many clients look at each module's detail page, so that a page nobody sees is never rendered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The numbers, by module. An entry lives as long as somebody counts or listens.
#[derive(Debug, Default)]
pub(crate) struct PageWatchers(Mutex<HashMap<String, watch::Sender<usize>>>);

/// One client's look at a page; it ends when this is dropped.
#[derive(Debug)]
pub struct PageWatch {
    watchers: Arc<PageWatchers>,
    module: String,
}

impl PageWatchers {
    /// Follows the number of those who watch a module's page.
    pub(crate) fn follow(&self, module: &str) -> watch::Receiver<usize> {
        let mut counts = self.lock();
        // Nobody says when a module that isn't watched is gone.
        counts.retain(|_, count| *count.borrow() > 0 || count.receiver_count() > 0);
        counts.entry(module.to_owned()).or_default().subscribe()
    }

    /// One more.
    pub(crate) fn watch(self: &Arc<Self>, module: &str) -> PageWatch {
        let mut counts = self.lock();
        let count = counts.entry(module.to_owned()).or_default();
        count.send_modify(|count| *count += 1);
        PageWatch {
            watchers: Arc::clone(self),
            module: module.to_owned(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<usize>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PageWatch {
    fn drop(&mut self) {
        let mut counts = self.watchers.lock();
        let Some(count) = counts.get(&self.module) else {
            return;
        };
        count.send_modify(|count| *count -= 1);
        if *count.borrow() == 0 && count.receiver_count() == 0 {
            counts.remove(&self.module);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_watch_are_counted_and_names_are_forgotten() {
        let watchers = Arc::new(PageWatchers::default());
        let count = watchers.follow("a");
        let (one, other) = (watchers.watch("a"), watchers.watch("a"));
        assert_eq!(*count.borrow(), 2);
        drop(one);
        assert_eq!(*count.borrow(), 1);
        drop((count, other));
        drop(watchers.watch("nobody has this name"));
        assert!(watchers.lock().is_empty());
        drop(watchers.follow("a"));
        let _other = watchers.follow("b");
        assert!(watchers.lock().keys().eq(["b"]));
    }
}
