//! Stamps: a small file beside the result of a slow step that says from which inputs the result was made. It is removed
//! before the step and written after it, so an interrupted step leaves none and is done again.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;

/// A hash over the inputs of a step. `DefaultHasher` is enough: the inputs are our own, and if another Rust release
/// hashes differently, the step is merely done once more.
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    pub(crate) fn new() -> Self {
        Self(DefaultHasher::new())
    }

    /// Something that is no file, e.g. a version.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        text.hash(&mut self.0);
        self
    }

    /// A file, by name and content.
    pub(crate) fn file(&mut self, file: &Path) -> Result<&mut Self> {
        let content =
            fs::read(file).with_context(|| format!("couldn't read {}", file.display()))?;
        file.hash(&mut self.0);
        content.hash(&mut self.0);
        Ok(self)
    }

    /// All files below a folder, less those whose path `skip` refuses.
    pub(crate) fn folder(
        &mut self,
        folder: &Path,
        skip: &dyn Fn(&Path) -> bool,
    ) -> Result<&mut Self> {
        for entry in sorted_entries(folder)? {
            if skip(&entry) {
                continue;
            }
            if entry.is_dir() {
                self.folder(&entry, skip)?;
            } else {
                self.file(&entry)?;
            }
        }
        Ok(self)
    }

    pub(crate) fn digest(&self) -> String {
        format!("{:016x}\n", self.0.finish())
    }
}

/// A step's result and the stamp that describes it.
pub(crate) struct Stamped {
    /// Locked while the step runs: a second xtask in the checkout waits instead of building into the same place.
    pub(crate) folder: PathBuf,
    pub(crate) result: PathBuf,
    pub(crate) stamp: PathBuf,
}

impl Stamped {
    /// Runs `step` unless its result is there and was made from these inputs.
    pub(crate) fn unless_current(
        &self,
        inputs: &Inputs,
        step: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        if self.is_current(inputs) {
            return Ok(());
        }
        let _lock = lock(&self.folder)?;
        if self.is_current(inputs) {
            return Ok(());
        }
        remove(&self.stamp)?;
        step()?;
        fs::write(&self.stamp, inputs.digest())
            .with_context(|| format!("couldn't write {}", self.stamp.display()))
    }

    fn is_current(&self, inputs: &Inputs) -> bool {
        self.result.exists()
            && fs::read_to_string(&self.stamp).is_ok_and(|found| found == inputs.digest())
    }
}

/// Held until it is dropped, or the process ends.
fn lock(folder: &Path) -> Result<File> {
    let file = File::open(folder).with_context(|| format!("couldn't open {}", folder.display()))?;
    if file.try_lock().is_err() {
        process::say(&format!(
            "waiting for another xtask that works in {}",
            folder.display()
        ));
        file.lock()
            .with_context(|| format!("couldn't lock {}", folder.display()))?;
    }
    Ok(file)
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("couldn't remove {}", file.display()))
        }
        _ => Ok(()),
    }
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .with_context(|| format!("couldn't list {}", folder.display()))?;
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::env;
    use std::process;

    use anyhow::bail;

    use super::*;

    /// A folder of the test's own, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = env::temp_dir().join(format!("contara-stamp-{name}-{}", process::id()));
            fs::create_dir_all(&folder).expect("a temporary folder");
            Self(folder)
        }

        fn stamped(&self) -> Stamped {
            Stamped {
                folder: self.0.clone(),
                result: self.0.clone(),
                stamp: self.0.join("stamp"),
            }
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn inputs(text: &str) -> Inputs {
        let mut inputs = Inputs::new();
        inputs.text(text);
        inputs
    }

    #[test]
    fn a_step_is_done_once_for_the_same_inputs_and_again_for_others() {
        let folder = Folder::new("once");
        let count = Cell::new(0);
        for text in ["a", "a", "b", "b"] {
            let step = || {
                count.set(count.get() + 1);
                Ok(())
            };
            folder
                .stamped()
                .unless_current(&inputs(text), step)
                .expect("the step");
        }
        assert_eq!(count.get(), 2);
    }

    #[test]
    fn a_step_that_failed_leaves_no_stamp() {
        let folder = Folder::new("failed");
        let stamped = folder.stamped();
        stamped
            .unless_current(&inputs("a"), || Ok(()))
            .expect("the step");
        stamped
            .unless_current(&inputs("b"), || bail!("interrupted"))
            .expect_err("the step failed");
        assert!(!stamped.stamp.exists());
    }

    #[test]
    fn a_result_that_was_removed_is_made_again() {
        let folder = Folder::new("removed");
        let stamped = Stamped {
            result: folder.0.join("result"),
            ..folder.stamped()
        };
        let step = || Ok(fs::write(folder.0.join("result"), "x")?);
        stamped
            .unless_current(&inputs("a"), step)
            .expect("the step");
        fs::remove_file(&stamped.result).expect("the result");
        stamped
            .unless_current(&inputs("a"), step)
            .expect("the step");
        assert!(stamped.result.exists());
    }

    #[test]
    fn a_folder_counts_with_its_files_and_without_those_skipped() {
        let folder = Folder::new("files");
        let digest = || {
            let mut inputs = Inputs::new();
            inputs
                .folder(&folder.0, &|path| path.ends_with("skipped"))
                .expect("the folder");
            inputs.digest()
        };
        let empty = digest();
        fs::create_dir(folder.0.join("skipped")).expect("a folder");
        fs::write(folder.0.join("skipped/file"), "x").expect("a file");
        assert_eq!(digest(), empty);
        fs::create_dir(folder.0.join("counted")).expect("a folder");
        fs::write(folder.0.join("counted/file"), "x").expect("a file");
        let first = digest();
        assert_ne!(first, empty);
        fs::write(folder.0.join("counted/file"), "y").expect("a file");
        assert_ne!(digest(), first);
    }
}
