//! Looking again when something in the folders changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};
use thiserror::Error;
use tokio::sync::watch;
use tracing::warn;

use super::development::{DevFolder, DevelopError, Development};
use super::scan::{Catalog, Root, scan};

/// A copy takes many writes; look once it has been quiet for so long ...
const QUIET: Duration = Duration::from_millis(300);
/// ... and sooner where an author works: an editor's save takes a few writes, and somebody looks at the screen ...
const QUIET_IN_DEVELOPMENT: Duration = Duration::from_millis(80);
/// ... but not later than this, should somebody never stop writing.
const PATIENCE: Duration = Duration::from_secs(3);
/// The kernel tells of changes inside the folders, but not that a whole folder was replaced.
const RECHECK: Duration = Duration::from_secs(30);
/// Without the kernel's help, look every so often.
const POLL: Duration = Duration::from_secs(5);

/// The latest catalog, kept up to date by a thread of its own until this and every receiver are dropped.
#[derive(Debug)]
pub struct Watch {
    latest: watch::Receiver<Arc<Catalog>>,
    development: Arc<Development>,
}

/// The watching thread can't be started.
#[derive(Debug, Error)]
#[error("can't start the thread that watches the module folders: {0}")]
pub struct WatchError(#[from] std::io::Error);

impl Watch {
    /// Scans `roots` and keeps watching them.
    ///
    /// # Errors
    /// There can be no more threads.
    pub fn start(roots: Vec<Root>) -> Result<Self, WatchError> {
        let first = scan(&roots, &[]);
        let (sender, latest) = watch::channel(Arc::new(first));
        // One event that waits is enough to make it look.
        let (notifier, events) = sync_channel(1);
        let development = Arc::new(Development::new(notifier));
        let shared = Arc::clone(&development);
        std::thread::Builder::new()
            .name("catalog".into())
            .spawn(move || Task::new(roots, sender, shared, events).run())?;
        Ok(Self {
            latest,
            development,
        })
    }

    /// Makes `folder` a module until what comes back is dropped. It wins over all others of its name, and its changes are
    /// noticed sooner.
    ///
    /// # Errors
    /// It is no folder, can't be read, or its name is taken by another one in development.
    pub fn develop(&self, folder: &Path) -> Result<DevFolder, DevelopError> {
        self.development.add(folder)
    }

    /// The latest catalog, now and from now on.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Arc<Catalog>> {
        self.latest.clone()
    }
}

struct Task {
    roots: Vec<Root>,
    development: Arc<Development>,
    sender: watch::Sender<Arc<Catalog>>,
    events: Receiver<()>,
    watcher: Option<RecommendedWatcher>,
    linked: Vec<PathBuf>,
    /// The folders in development that are watched now.
    developed: Vec<PathBuf>,
}

impl Task {
    fn new(
        roots: Vec<Root>,
        sender: watch::Sender<Arc<Catalog>>,
        development: Arc<Development>,
        events: Receiver<()>,
    ) -> Self {
        let shared = Arc::clone(&development);
        let notice = move |event: notify::Result<notify::Event>| match event {
            Ok(event) if !event.kind.is_access() => shared.notice(&event.paths),
            _ => {}
        };
        let watcher =
            RecommendedWatcher::new(notice, Config::default().with_follow_symlinks(false));
        let watcher = watcher
            .inspect_err(|error| explain_polling(&error.to_string()))
            .ok();
        Self {
            roots,
            development,
            sender,
            events,
            watcher,
            linked: Vec::new(),
            developed: Vec::new(),
        }
    }

    fn run(mut self) {
        self.watch_roots();
        // What changed between the first scan and the watch would go unseen.
        self.look();
        while !self.sender.is_closed() {
            self.wait();
            self.look();
        }
    }

    fn watch_roots(&mut self) {
        // The next look watches them anew.
        self.developed.clear();
        for root in self.roots.clone() {
            self.watch(&root.path);
        }
    }

    fn watch(&mut self, path: &Path) {
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        if let Err(error) = watcher.watch(path, RecursiveMode::Recursive) {
            explain_polling(&error.to_string());
            self.watcher = None;
        }
    }

    /// Waits for a change and the quiet after it.
    fn wait(&mut self) {
        let limit = if self.watcher.is_some() {
            RECHECK
        } else {
            POLL
        };
        match self.events.recv_timeout(limit) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return self.watch_roots(),
            // The watcher is gone, and the sender with it.
            Err(RecvTimeoutError::Disconnected) => return std::thread::sleep(POLL),
        }
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience && self.events.recv_timeout(self.quiet()).is_ok() {}
    }

    fn quiet(&self) -> Duration {
        if self.development.is_hurried() {
            QUIET_IN_DEVELOPMENT
        } else {
            QUIET
        }
    }

    fn look(&mut self) {
        // Before the look: what changes while it looks calls for another one.
        self.development.calm_down();
        let developed = self.development.folders();
        self.watch_developed(&developed);
        let catalog = scan(&self.roots, &developed);
        self.watch_linked(&catalog);
        self.sender.send_if_modified(|latest| {
            let changed = **latest != catalog;
            if changed {
                *latest = Arc::new(catalog);
            }
            changed
        });
    }

    fn watch_developed(&mut self, folders: &[PathBuf]) {
        for folder in folders {
            if !self.developed.contains(folder) {
                self.watch(folder);
            }
        }
        let gone = |folder: &PathBuf| !folders.contains(folder) && !self.is_in_roots(folder);
        let gone: Vec<_> = self
            .developed
            .iter()
            .filter(|folder| gone(folder))
            .cloned()
            .collect();
        for folder in gone {
            if let Some(watcher) = &mut self.watcher {
                // Already gone if the folder was removed.
                let _ = watcher.unwatch(&folder);
            }
        }
        self.developed = folders.to_vec();
    }

    /// Whether a root's own watch covers the folder, so that it must stay.
    fn is_in_roots(&self, folder: &Path) -> bool {
        let mut watched = self.roots.iter().map(|root| &root.path).chain(&self.linked);
        watched.any(|path| folder.starts_with(path))
    }

    /// The kernel doesn't look through symbolic links, and authors like to link their work into the modules folder.
    fn watch_linked(&mut self, catalog: &Catalog) {
        let links = catalog
            .modules
            .iter()
            .filter(|found| found.folder.is_symlink());
        let targets: Vec<_> = links
            .filter_map(|found| found.folder.canonicalize().ok())
            .collect();
        for target in &targets {
            if !self.linked.contains(target) {
                self.watch(target);
            }
        }
        self.linked = targets;
    }
}

fn explain_polling(reason: &str) {
    warn!(
        "can't watch the module folders ({reason}); looking every {} s instead",
        POLL.as_secs()
    );
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use contara_manifest::Source;

    use super::*;

    #[tokio::test]
    async fn other_sections_are_news() {
        let temp = tempfile::tempdir().unwrap();
        let root = Root {
            path: temp.path().to_owned(),
            source: Source::Community,
        };
        let watch = Watch::start(vec![root]).unwrap();
        let mut catalog = watch.subscribe();
        let sections = r#"[{"slug": "shop", "name": "Shop"}]"#;
        std::fs::write(temp.path().join("sections.json"), sections).unwrap();
        let is_news = catalog.wait_for(|catalog| catalog.sections[0].name == "Shop");
        let news = tokio::time::timeout(Duration::from_secs(30), is_news).await;
        assert_eq!(news.unwrap().unwrap().sections.len(), 1);
    }
}
