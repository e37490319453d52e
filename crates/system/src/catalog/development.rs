//! Folders that their authors work on: modules for as long as somebody says so, and looked at sooner.
//!
//! Owns the list of them and the call to look again. Whether an author may name a folder is decided by whoever asks.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;

/// Why a folder can't be a module in development.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DevelopError {
    /// The system doesn't give it.
    #[error("the daemon can't read the folder {}: {source}", .folder.display())]
    Unreadable {
        /// As it was named.
        folder: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A path from another working directory means nothing here.
    #[error("the path {} must be absolute", .0.display())]
    Relative(PathBuf),
    /// A root folder can't be a module.
    #[error("the folder {} has no name that a module could have", .0.display())]
    Nameless(PathBuf),
    /// Two would fight for one name.
    #[error("{} is in development already: end the other `contara module dev` first", .0.display())]
    Taken(PathBuf),
}

/// The right of one folder to be a module. Dropping it ends that.
#[derive(Debug)]
pub struct DevFolder {
    folder: PathBuf,
    development: Arc<Development>,
}

impl DevFolder {
    /// The folder, absolute and without links in its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for DevFolder {
    fn drop(&mut self) {
        self.development
            .lock()
            .retain(|folder| *folder != self.folder);
        self.development.hurry();
    }
}

/// What the catalog's thread shares with those who add folders.
#[derive(Debug)]
pub(super) struct Development {
    folders: Mutex<Vec<PathBuf>>,
    /// Whether the next look should come soon.
    hurried: AtomicBool,
    notifier: SyncSender<()>,
}

impl Development {
    pub(super) fn new(notifier: SyncSender<()>) -> Self {
        Self {
            folders: Mutex::default(),
            hurried: AtomicBool::new(false),
            notifier,
        }
    }

    pub(super) fn add(self: &Arc<Self>, folder: &Path) -> Result<DevFolder, DevelopError> {
        if !folder.is_absolute() {
            return Err(DevelopError::Relative(folder.to_owned()));
        }
        let readable = folder
            .canonicalize()
            .and_then(|path| path.read_dir().map(|_| path));
        let folder = readable.map_err(|source| DevelopError::Unreadable {
            folder: folder.to_owned(),
            source,
        })?;
        let name = folder
            .file_name()
            .ok_or_else(|| DevelopError::Nameless(folder.clone()))?;
        let mut folders = self.lock();
        if let Some(other) = folders.iter().find(|other| other.file_name() == Some(name)) {
            return Err(DevelopError::Taken(other.clone()));
        }
        folders.push(folder.clone());
        drop(folders);
        self.hurry();
        Ok(DevFolder {
            folder,
            development: Arc::clone(self),
        })
    }

    pub(super) fn folders(&self) -> Vec<PathBuf> {
        self.lock().clone()
    }

    /// Something has changed at these places.
    pub(super) fn notice(&self, paths: &[PathBuf]) {
        let is_developed = |path: &PathBuf| {
            let folders = self.lock();
            folders.iter().any(|folder| path.starts_with(folder))
        };
        if paths.iter().any(is_developed) {
            self.hurried.store(true, Ordering::Relaxed);
        }
        self.call();
    }

    pub(super) fn is_hurried(&self) -> bool {
        self.hurried.load(Ordering::Relaxed)
    }

    pub(super) fn calm_down(&self) {
        self.hurried.store(false, Ordering::Relaxed);
    }

    fn hurry(&self) {
        self.hurried.store(true, Ordering::Relaxed);
        self.call();
    }

    fn call(&self) {
        // Full: it will look anyway. The receiver only goes with the thread, at the end of the process.
        let _ = self.notifier.try_send(());
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
