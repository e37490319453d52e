//! Looking again when something in the folders changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};
use thiserror::Error;
use tokio::sync::watch;
use tracing::warn;

use super::scan::{Catalog, Root, scan};

/// A copy takes many writes; look once it has been quiet for so long ...
const QUIET: Duration = Duration::from_millis(300);
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
        let first = scan(&roots);
        let (sender, latest) = watch::channel(Arc::new(first));
        std::thread::Builder::new()
            .name("catalog".into())
            .spawn(move || Task::new(roots, sender).run())?;
        Ok(Self { latest })
    }

    /// The latest catalog, now and from now on.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Arc<Catalog>> {
        self.latest.clone()
    }
}

struct Task {
    roots: Vec<Root>,
    sender: watch::Sender<Arc<Catalog>>,
    events: Receiver<()>,
    watcher: Option<RecommendedWatcher>,
    linked: Vec<PathBuf>,
}

impl Task {
    fn new(roots: Vec<Root>, sender: watch::Sender<Arc<Catalog>>) -> Self {
        // One event that waits is enough to make it look.
        let (notifier, events) = sync_channel(1);
        let notice = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                // Full: it will look anyway. The receiver only goes with the thread, at the end of the process.
                let _ = notifier.try_send(());
            }
        };
        let watcher =
            RecommendedWatcher::new(notice, Config::default().with_follow_symlinks(false));
        let watcher = watcher
            .inspect_err(|error| explain_polling(&error.to_string()))
            .ok();
        Self {
            roots,
            sender,
            events,
            watcher,
            linked: Vec::new(),
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
        while Instant::now() < patience && self.events.recv_timeout(QUIET).is_ok() {}
    }

    fn look(&mut self) {
        let catalog = scan(&self.roots);
        self.watch_linked(&catalog);
        self.sender.send_if_modified(|latest| {
            let changed = **latest != catalog;
            if changed {
                *latest = Arc::new(catalog);
            }
            changed
        });
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
