//! The data folder: where it is, that nobody else can write to it, and that one daemon at a time holds it.

use std::ffi::OsString;
use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use contara_i18n::{Explained, Message, message};
use thiserror::Error;

/// How long the folder of a daemon that is gone may still be held.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether it is.
const LOOKS: Duration = Duration::from_millis(20);

/// The folder of a daemon that runs, held until this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

/// Why a data folder can't be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DataFolderError {
    /// Neither the flag nor the environment says where it should be.
    NoHome,
    /// It can't be made or opened.
    Unusable {
        /// The folder or the file in it.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Another user's.
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// Others could plant files in it.
    OpenToOthers(PathBuf),
    /// Another daemon holds it.
    Held {
        /// The folder.
        path: PathBuf,
        /// Such as "process 4711 (contara)".
        holder: String,
    },
}

impl Explained for DataFolderError {
    fn message(&self) -> Message {
        let shown = |path: &Path| path.display().to_string();
        match self {
            Self::NoHome => message!(
                "don't know where to keep data: HOME is not set; name a folder with --data-dir"
            ),
            Self::Unusable { path, .. } => {
                message!("can't use the data folder {path}", path = shown(path))
            }
            Self::NotOurs { path, owner } => message!(
                "the data folder {path} belongs to user id {owner}, not to you: choose another one with --data-dir",
                path = shown(path),
                owner = owner.to_string()
            ),
            Self::OpenToOthers(path) => message!(
                "the data folder {path} can be written by other users: take that right away (chmod go-w), or choose another one with --data-dir",
                path = shown(path)
            ),
            Self::Held { path, holder } => message!(
                "the data folder {path} is in use by {holder}: stop that daemon, or give this one another folder with --data-dir",
                path = shown(path),
                holder = Message::phrase(holder)
            ),
        }
    }
}

/// In English.
impl fmt::Display for DataFolderError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// Where data lives if the user doesn't say: `/var/lib/contara` for root, `$XDG_DATA_HOME/contara` (by default
/// `~/.local/share/contara`) for anybody else.
///
/// # Errors
/// There is no home folder.
pub fn default_path() -> Result<PathBuf, DataFolderError> {
    resolve(
        rustix::process::getuid().is_root(),
        std::env::var_os("XDG_DATA_HOME"),
        std::env::var_os("HOME"),
    )
}

/// The user that this process runs as.
#[must_use]
pub fn own_uid() -> u32 {
    rustix::process::getuid().as_raw()
}

fn resolve(
    is_root: bool,
    xdg: Option<OsString>,
    home: Option<OsString>,
) -> Result<PathBuf, DataFolderError> {
    if is_root {
        return Ok(PathBuf::from("/var/lib/contara"));
    }
    // The XDG specification says that a relative path is to be ignored.
    let xdg = xdg.map(PathBuf::from).filter(|path| path.is_absolute());
    let home = home
        .filter(|home| !home.is_empty())
        .map(|home| PathBuf::from(home).join(".local/share"));
    xdg.or(home)
        .map(|base| base.join("contara"))
        .ok_or(DataFolderError::NoHome)
}

impl DataFolder {
    /// Makes the folder if need be (mode 0700) and takes hold of it.
    ///
    /// # Errors
    /// It can't be made, belongs to somebody else, or another daemon holds it.
    pub fn hold(path: &Path) -> Result<Self, DataFolderError> {
        let path = make(path)?;
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// The folder, absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a folder in it, and says where it is.
    ///
    /// # Errors
    /// It can't be made.
    pub fn folder(&self, name: &str) -> Result<PathBuf, DataFolderError> {
        let path = self.path.join(name);
        create(&path)?;
        Ok(path)
    }
}

fn make(path: &Path) -> Result<PathBuf, DataFolderError> {
    create(path)?;
    let path = path.canonicalize().map_err(unusable(path))?;
    let metadata = path.metadata().map_err(unusable(&path))?;
    if metadata.uid() != own_uid() {
        return Err(DataFolderError::NotOurs {
            owner: metadata.uid(),
            path,
        });
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(DataFolderError::OpenToOthers(path));
    }
    Ok(path)
}

fn create(path: &Path) -> Result<(), DataFolderError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(unusable(path))
}

fn lock(folder: &Path) -> Result<File, DataFolderError> {
    let path = folder.join("lock");
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600);
    let mut file = options.open(&path).map_err(unusable(&path))?;
    match take(&mut file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(DataFolderError::Held {
                path: folder.to_owned(),
                holder: holder(&mut file),
            });
        }
        Err(TryLockError::Error(source)) => return Err(DataFolderError::Unusable { path, source }),
    }
    note_holder(&mut file).map_err(unusable(&path))?;
    Ok(file)
}

/// Takes the lock. A program that a daemon was about to start when it was killed holds it for a moment longer than the daemon.
fn take(file: &mut File) -> Result<(), TryLockError> {
    let until = Instant::now() + PATIENCE;
    loop {
        let taken = file.try_lock();
        let is_held = matches!(taken, Err(TryLockError::WouldBlock));
        if !is_held || Instant::now() > until || noted_holder(file).is_none_or(lives) {
            return taken;
        }
        std::thread::sleep(LOOKS);
    }
}

fn lives(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

fn note_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> String {
    noted_holder(file).map_or_else(
        || "another process".to_owned(),
        crate::port_owner::name_process,
    )
}

fn noted_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn unusable(path: &Path) -> impl FnOnce(std::io::Error) -> DataFolderError + use<> {
    let path = path.to_owned();
    move |source| DataFolderError::Unusable { path, source }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn check(is_root: bool, xdg: Option<&str>, home: Option<&str>, expected: Option<&str>) {
        let found = resolve(is_root, xdg.map(Into::into), home.map(Into::into)).ok();
        assert_eq!(found, expected.map(PathBuf::from));
    }

    #[test]
    fn the_default_follows_xdg() {
        check(true, Some("/x"), Some("/home/a"), Some("/var/lib/contara"));
        check(false, Some("/x"), Some("/home/a"), Some("/x/contara"));
        check(
            false,
            Some("relative"),
            Some("/home/a"),
            Some("/home/a/.local/share/contara"),
        );
        check(
            false,
            None,
            Some("/home/a"),
            Some("/home/a/.local/share/contara"),
        );
        check(false, None, Some(""), None);
    }

    #[test]
    fn a_second_daemon_is_told_who_holds_the_folder() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("data");
        let first = DataFolder::hold(&path).unwrap();
        let second = DataFolder::hold(&path).unwrap_err().to_string();
        assert!(
            second.contains(&format!("is in use by process {}", std::process::id())),
            "{second}"
        );
        drop(first);
        DataFolder::hold(&path).unwrap();
    }

    #[test]
    fn what_a_killed_daemon_was_starting_is_waited_for() {
        let temp = tempfile::tempdir().unwrap();
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        let path = temp.path().join("lock");
        std::fs::write(&path, gone.id().to_string()).unwrap();
        let held = File::open(&path).unwrap();
        held.lock().unwrap();
        let start = Instant::now();
        let holding = std::thread::spawn(move || {
            std::thread::sleep(5 * LOOKS);
            drop(held);
        });
        DataFolder::hold(temp.path()).unwrap();
        assert!(start.elapsed() >= 5 * LOOKS);
        holding.join().unwrap();
    }

    #[test]
    fn a_new_folder_is_private_and_one_that_others_can_write_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("deep/er");
        drop(DataFolder::hold(&path).unwrap());
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o700);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o770)).unwrap();
        let error = DataFolder::hold(&path).unwrap_err().to_string();
        assert!(error.contains("can be written by other users"), "{error}");
    }

    #[test]
    fn a_file_in_its_place_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("file");
        std::fs::write(&path, "").unwrap();
        let error = DataFolder::hold(&path).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("can't use the data folder {}", path.display())),
            "{error}"
        );
    }
}
