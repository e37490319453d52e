//! Environments on disk: `<cache>/environments/<key>` with the packages in `site`, what they are in `packages.json`, and the
//! time of the last use in `used`. One is made beside the others and renamed when it is whole, so that what a killed daemon
//! leaves never counts.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{EnvironmentError, Packages};
use crate::machine::size_on_disk;

/// The folder of all environments.
#[derive(Debug)]
pub(super) struct Shelf {
    folder: PathBuf,
    /// Where Python keeps compiled modules, in folders that are named like the modules' own.
    bytecode: PathBuf,
    /// What begins the names of this daemon's unfinished folders, so that those of another are known.
    token: String,
    count: AtomicU64,
    /// Held while one is looked at and while old ones are put away, so that none goes that somebody has just found.
    lock: Mutex<()>,
}

/// What `packages.json` says.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Contents {
    /// What was asked for; for people.
    pub(super) requirements: Vec<String>,
    /// What was installed, as `name==version`; for people, too.
    pub(super) packages: Vec<String>,
    pub(super) overrides_sdk: bool,
    /// What lies in `site`, folders with a slash at the end.
    pub(super) entries: Vec<String>,
}

/// A folder in which an environment is being made. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) path: PathBuf,
}

/// After this long without a use, nobody is going to miss it; downloads are kept longer, so that it is made anew in seconds.
const UNUSED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

const CONTENTS: &str = "packages.json";
const SITE: &str = "site";
const USED: &str = "used";

impl Shelf {
    /// In `folder`; touches nothing yet.
    pub(super) fn new(folder: PathBuf, bytecode: PathBuf) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_nanos();
        Self {
            folder,
            bytecode,
            token: format!(".{}-{now}", std::process::id()),
            count: AtomicU64::new(0),
            lock: Mutex::new(()),
        }
    }

    /// Bytes on disk of all that lies there.
    pub(super) fn size_on_disk(&self) -> u64 {
        size_on_disk(&self.folder)
    }

    /// The packages of this key, if they are there and whole. That is a use.
    pub(super) fn find(&self, key: &str) -> Option<Option<Packages>> {
        let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join(key);
        let contents = whole(&path)?;
        // Where nothing can be written nothing is cleaned away either.
        let _ = touch(&path.join(USED));
        Some(packages(&path, &contents))
    }

    /// The folder of this key and the packages in it, as `name==version`, if they are there and whole. That is no use.
    pub(super) fn look(&self, key: &str) -> Option<(PathBuf, Vec<String>)> {
        let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join(key);
        let contents = whole(&path)?;
        Some((path, contents.packages))
    }

    /// A new folder to make one in.
    pub(super) fn begin(&self) -> Result<Unfinished, EnvironmentError> {
        let path = self.scratch();
        fs::create_dir_all(path.join(SITE)).map_err(EnvironmentError::folder(&path))?;
        Ok(Unfinished { path })
    }

    /// Puts a finished one in its place.
    pub(super) fn finish(
        &self,
        unfinished: &Unfinished,
        key: &str,
        contents: &Contents,
    ) -> Result<Option<Packages>, EnvironmentError> {
        let path = self.folder.join(key);
        let text = serde_json::to_vec_pretty(contents).unwrap_or_default();
        let list = unfinished.path.join(CONTENTS);
        fs::write(&list, text)
            .and_then(|()| touch(&unfinished.path.join(USED)))
            .map_err(EnvironmentError::folder(&list))?;
        // Before the lock: on a busy disk this takes a while.
        sync(&unfinished.path).map_err(EnvironmentError::folder(&path))?;
        let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.put_away(&path)
            .map_err(EnvironmentError::folder(&path))?;
        self.keep_bytecode(unfinished, &path);
        fs::rename(&unfinished.path, &path).map_err(EnvironmentError::folder(&path))?;
        Ok(packages(&path, contents))
    }

    /// Removes what other daemons left half made.
    pub(super) fn remove_leftovers(&self) {
        self.each(|name, path| {
            if name.starts_with('.') && !name.starts_with(&self.token) {
                remove(path)
            } else {
                Ok(())
            }
        });
    }

    /// Removes what nobody has used for long.
    pub(super) fn remove_unused(&self) {
        self.each(|name, path| {
            if name.starts_with('.') {
                Ok(())
            } else {
                self.remove_if_unused(path)
            }
        });
    }

    /// Whatever lies there, by its name and its path.
    fn each(&self, remove: impl Fn(&str, &Path) -> std::io::Result<()>) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if let Err(error) = remove(&entry.file_name().to_string_lossy(), &path) {
                tracing::warn!(path = %path.display(), %error, "can't remove an old environment");
            }
        }
    }

    fn remove_if_unused(&self, path: &Path) -> std::io::Result<()> {
        let held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let used = fs::metadata(path.join(USED)).and_then(|used| used.modified());
        let age = used.ok().and_then(|used| used.elapsed().ok());
        // One without a stamp isn't ours or damaged; one from the future was used before the clock was set back.
        if age.is_none_or(|age| age < UNUSED) {
            return Ok(());
        }
        let aside = self.scratch();
        fs::rename(path, &aside)?;
        drop(held);
        tracing::info!(path = %path.display(), "an environment that nobody has used for 30 days is removed");
        remove(&self.bytecode_of(path))?;
        remove(&aside)
    }

    /// Makes room at a place.
    fn put_away(&self, path: &Path) -> std::io::Result<()> {
        let aside = self.scratch();
        match fs::rename(path, &aside) {
            Ok(()) => remove(&aside),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Compiled modules go where workers look for them, under the name that the folder is about to get. Without them Python
    /// compiles again.
    fn keep_bytecode(&self, unfinished: &Unfinished, path: &Path) {
        let made = below(&unfinished.bytecode(), &unfinished.path);
        let kept = self.bytecode_of(path);
        let moved = remove(&kept)
            .and_then(|()| fs::create_dir_all(kept.parent().unwrap_or(&kept)))
            .and_then(|()| fs::rename(&made, &kept))
            .and_then(|()| remove(&unfinished.bytecode()));
        if let Err(error) = moved {
            tracing::debug!(%error, "compiled modules are not kept");
        }
    }

    fn bytecode_of(&self, path: &Path) -> PathBuf {
        below(&self.bytecode, path)
    }

    fn scratch(&self) -> PathBuf {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        self.folder.join(format!("{}-{number}", self.token))
    }
}

impl Unfinished {
    /// Where packages go.
    pub(super) fn site(&self) -> PathBuf {
        self.path.join(SITE)
    }

    /// Where compiled modules go.
    pub(super) fn bytecode(&self) -> PathBuf {
        self.path.join("bytecode")
    }

    /// What lies in `site` now.
    pub(super) fn entries(&self) -> Result<Vec<String>, EnvironmentError> {
        let site = self.site();
        let mut names = entries(&site).map_err(EnvironmentError::folder(&site))?;
        names.sort();
        Ok(names)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What can't be removed now is removed at the next start.
        let _ = remove(&self.path);
    }
}

/// What a folder says it holds, if that is there.
fn whole(path: &Path) -> Option<Contents> {
    let text = fs::read(path.join(CONTENTS)).ok()?;
    let contents: Contents = serde_json::from_slice(&text).ok()?;
    let site = path.join(SITE);
    let is_there = |entry: &String| match entry.strip_suffix('/') {
        Some(folder) => {
            fs::read_dir(site.join(folder)).is_ok_and(|mut inside| inside.next().is_some())
        }
        None => site.join(entry).is_file(),
    };
    (site.is_dir() && contents.entries.iter().all(is_there)).then_some(contents)
}

/// Names in a folder, those of folders with a slash; empty folders, which say nothing, are left out.
fn entries(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.path().is_dir() {
            names.push(name);
        } else if fs::read_dir(entry.path())?.next().is_some() {
            names.push(name + "/");
        }
    }
    Ok(names)
}

fn packages(path: &Path, contents: &Contents) -> Option<Packages> {
    let site = path.join(SITE);
    let packages = Packages {
        bin: site.join("bin"),
        site,
        overrides_sdk: contents.overrides_sdk,
    };
    (!contents.packages.is_empty()).then_some(packages)
}

/// An absolute path below another folder.
fn below(folder: &Path, path: &Path) -> PathBuf {
    folder.join(path.strip_prefix("/").unwrap_or(path))
}

fn touch(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let file = options
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    file.set_modified(SystemTime::now())
}

/// What was written is on the disk before the name says that it is whole, for the sake of power cuts.
fn sync(path: &Path) -> std::io::Result<()> {
    rustix::fs::syncfs(fs::File::open(path)?)?;
    Ok(())
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn shelf(folder: &Path) -> Shelf {
        Shelf::new(folder.join("environments"), folder.join("bytecode"))
    }

    fn place(shelf: &Shelf, key: &str) -> Packages {
        let unfinished = shelf.begin().unwrap();
        fs::create_dir(unfinished.site().join("a")).unwrap();
        fs::write(unfinished.site().join("a/b.py"), "").unwrap();
        fs::write(unfinished.site().join("c.py"), "").unwrap();
        let compiled = below(&unfinished.bytecode(), &unfinished.site());
        fs::create_dir_all(&compiled).unwrap();
        fs::write(compiled.join("c.pyc"), "").unwrap();
        let contents = Contents {
            requirements: vec!["a".to_owned()],
            packages: vec!["a==1".to_owned()],
            overrides_sdk: true,
            entries: unfinished.entries().unwrap(),
        };
        shelf.finish(&unfinished, key, &contents).unwrap().unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names = entries(&folder.join("environments")).unwrap();
        names.sort();
        names
    }

    #[test]
    fn what_is_whole_is_found() {
        let temp = tempfile::tempdir().unwrap();
        let shelf = shelf(temp.path());
        assert_eq!(shelf.find("key"), None);
        let packages = place(&shelf, "key");
        assert_eq!(shelf.find("key"), Some(Some(packages.clone())));
        assert!(packages.overrides_sdk && packages.site.join("c.py").is_file());
        let compiled = below(&temp.path().join("bytecode"), &packages.site);
        assert!(compiled.join("c.pyc").is_file());
        assert_eq!(names(temp.path()), ["key/"]);
    }

    #[test]
    fn what_is_damaged_is_not_found_and_can_be_replaced() {
        let temp = tempfile::tempdir().unwrap();
        let shelf = shelf(temp.path());
        let damages: [fn(&Path); 4] = [
            |site| fs::remove_file(site.join("a/b.py")).unwrap(),
            |site| fs::remove_file(site.join("c.py")).unwrap(),
            |site| fs::remove_dir_all(site).unwrap(),
            |site| fs::write(site.with_file_name(CONTENTS), "{").unwrap(),
        ];
        for damage in damages {
            damage(&place(&shelf, "key").site);
            assert_eq!(shelf.find("key"), None);
        }
        place(&shelf, "key");
        assert!(shelf.find("key").is_some());
    }

    #[test]
    fn leftovers_of_others_and_what_is_unused_are_removed() {
        let temp = tempfile::tempdir().unwrap();
        let dead = shelf(temp.path());
        std::mem::forget(dead.begin().unwrap());
        let shelf = shelf(temp.path());
        let unfinished = shelf.begin().unwrap();
        for (key, days) in [("new", 29), ("old", 31)] {
            let used = place(&shelf, key).site.with_file_name(USED);
            let then = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
            fs::File::options()
                .write(true)
                .open(used)
                .unwrap()
                .set_modified(then)
                .unwrap();
        }
        let own = unfinished.path.file_name().unwrap().to_string_lossy() + "/";
        shelf.remove_leftovers();
        assert_eq!(names(temp.path()), [&own, "new/", "old/"]);
        shelf.remove_unused();
        assert_eq!(names(temp.path()), [&own, "new/"]);
        let compiled = |key: &str| {
            shelf
                .bytecode_of(&temp.path().join("environments").join(key))
                .exists()
        };
        assert_eq!((compiled("new"), compiled("old")), (true, false));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("environments"), "").unwrap();
        let error = shelf(temp.path())
            .begin()
            .unwrap_err()
            .message()
            .to_string();
        assert!(error.contains("environments/."), "{error}");
        assert!(error.contains("Make room or give"), "{error}");
    }
}
