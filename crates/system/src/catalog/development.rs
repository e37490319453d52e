//! Folders that their authors work on: modules for as long as somebody says so, and looked at sooner.
//!
//! Owns the list of them and the call to look again. Whether an author may name a folder is decided by whoever asks.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contara_i18n::{Explained, Message, message};
use thiserror::Error;

/// Why a folder can't be a module in development.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DevelopError {
    /// The system doesn't give it.
    Unreadable {
        /// As it was named.
        folder: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A path from another working directory means nothing here.
    Relative(PathBuf),
    /// A root folder can't be a module.
    Nameless(PathBuf),
    /// Two would fight for one name.
    Taken(PathBuf),
}

/// What is wrong and, where something can be done, what to do.
impl Explained for DevelopError {
    fn message(&self) -> Message {
        let shown = |folder: &Path| folder.display().to_string();
        match self {
            Self::Unreadable { folder, source } => message!(
                "the daemon can't read the folder {folder}: {reason}",
                folder = shown(folder),
                reason = source.to_string()
            ),
            Self::Relative(path) => {
                message!("the path {path} must be absolute", path = shown(path))
            }
            Self::Nameless(folder) => message!(
                "the folder {folder} has no name that a module could have",
                folder = shown(folder)
            ),
            Self::Taken(folder) => message!(
                "{folder} is in development already: end the other `contara module dev` first",
                folder = shown(folder)
            ),
        }
    }
}

/// In English.
impl fmt::Display for DevelopError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::fs;
    use std::time::Duration;

    use contara_manifest::Source;
    use tempfile::TempDir;
    use tokio::sync::watch;

    use super::super::{Catalog, Found, Root, Watch};
    use super::*;

    /// A folder of modules with an installed one, a folder elsewhere of the same name, and the watch.
    struct Place {
        temp: TempDir,
        watch: Watch,
        catalog: watch::Receiver<Arc<Catalog>>,
    }

    impl Place {
        fn new() -> Self {
            let temp = tempfile::tempdir().unwrap();
            for folder in ["installed/a", "work/a", "work/other/a"] {
                let folder = temp.path().join(folder);
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join("__init__.py"), "").unwrap();
                let manifest = r#"{"name": "a", "displayName": "A", "version": "1.0.0", "author": "a", "description": "a",
                    "icon": "wrench", "engine": {"contaranas": "^0.1.0"}, "platforms": ["linux"]}"#;
                fs::write(folder.join("module.json"), manifest).unwrap();
            }
            let root = Root {
                path: temp.path().join("installed"),
                source: Source::Builtin,
            };
            let watch = Watch::start(vec![root]).unwrap();
            let catalog = watch.subscribe();
            Self {
                temp,
                watch,
                catalog,
            }
        }

        fn develop(&self, folder: &str) -> Result<DevFolder, DevelopError> {
            self.watch.develop(&self.temp.path().join(folder))
        }

        async fn wait_for(&mut self, is_so: impl Fn(&[Found]) -> bool) -> Vec<Found> {
            let found = self.catalog.wait_for(|catalog| is_so(&catalog.modules));
            let found = tokio::time::timeout(Duration::from_secs(30), found).await;
            found.unwrap().unwrap().modules.clone()
        }
    }

    #[tokio::test]
    async fn a_folder_in_development_wins_its_name_and_gives_it_back() {
        let mut place = Place::new();
        let developed = place.develop("work/a").unwrap();
        let modules = place.wait_for(|modules| modules[0].in_development).await;
        assert_eq!(modules[0].folder, developed.path());
        assert!(modules[0].manifest.is_some());
        assert!(modules[1].manifest.is_none(), "the installed one gives way");
        drop(developed);
        let modules = place.wait_for(|modules| !modules[0].in_development).await;
        assert_eq!(modules.len(), 1);
        assert!(modules[0].manifest.is_some());
    }

    #[tokio::test]
    async fn a_change_of_its_code_is_noticed() {
        let mut place = Place::new();
        let developed = place.develop("work/a").unwrap();
        let before = place.wait_for(|modules| modules[0].in_development).await[0].fingerprint;
        fs::write(developed.path().join("__init__.py"), "a = 1").unwrap();
        place
            .wait_for(|modules| modules[0].fingerprint != before)
            .await;
    }

    #[tokio::test]
    async fn an_installed_folder_in_development_is_no_rival_of_itself() {
        let mut place = Place::new();
        let developed = place.develop("installed/a").unwrap();
        let modules = place.wait_for(|modules| modules[0].in_development).await;
        assert_eq!(modules.len(), 1);
        drop(developed);
        place.wait_for(|modules| !modules[0].in_development).await;
        // Its changes are noticed as before.
        let before = place.catalog.borrow().modules[0].fingerprint;
        fs::write(place.temp.path().join("installed/a/__init__.py"), "a = 1").unwrap();
        place
            .wait_for(|modules| modules[0].fingerprint != before)
            .await;
    }

    #[test]
    fn what_is_no_folder_or_taken_is_refused() {
        let place = Place::new();
        let developed = place.develop("work/a").unwrap();
        let refused = |folder: &str| place.develop(folder).unwrap_err().to_string();
        assert!(refused("work/other/a").contains("work/a is in development already"));
        assert!(refused("work/nothing").contains("can't read the folder"));
        assert!(refused("work/a/__init__.py").contains("can't read the folder"));
        let error = place.watch.develop(Path::new("work/a")).unwrap_err();
        assert_eq!(error.to_string(), "the path work/a must be absolute");
        let error = place.watch.develop(Path::new("/")).unwrap_err();
        assert!(error.to_string().contains("no name"), "{error}");
        drop(developed);
        place.develop("work/other/a").unwrap();
    }
}
