//! Has a module's code changed? Answered from names, sizes and times of change of its Python files, scripts, catalogues of
//! texts and manifests.
//!
//! Other files don't count: a module may keep data beside its code, and writing it must not restart the module.

use std::ffi::OsStr;
use std::fs::DirEntry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// More entries than any module's folder has; keeps one that isn't a module's from costing minutes.
const MOST_ENTRIES: usize = 20_000;

/// A number that changes when the code in `folder` does. Only good for comparing within one process.
pub(super) fn of(folder: &Path) -> u64 {
    let mut walk = Walk::default();
    walk.collect(folder);
    walk.files.sort_unstable();
    let mut hasher = DefaultHasher::new();
    walk.files.hash(&mut hasher);
    hasher.finish()
}

/// Path, size, and time of change in seconds and nanoseconds.
type Facts = (PathBuf, u64, i64, i64);

#[derive(Default)]
struct Walk {
    files: Vec<Facts>,
    entries: usize,
}

impl Walk {
    fn collect(&mut self, folder: &Path) {
        let Ok(entries) = folder.read_dir() else {
            return;
        };
        for entry in entries.flatten() {
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                return;
            }
            self.visit(&entry);
        }
    }

    /// Links are not followed: they may lead in a circle, or to a whole disk.
    fn visit(&mut self, entry: &DirEntry) {
        let path = entry.path();
        let Ok(metadata) = entry.metadata() else {
            return;
        };
        if metadata.is_dir() && !is_passed_over(&path) {
            self.collect(&path);
        } else if !metadata.is_dir() && is_code(&path) {
            self.files.push((
                path,
                metadata.size(),
                metadata.mtime(),
                metadata.mtime_nsec(),
            ));
        }
    }
}

fn is_code(path: &Path) -> bool {
    let is_code = |extension: &OsStr| extension == "py" || extension == "sh" || extension == "po";
    let is_manifest = |name: &OsStr| name == "module.json" || name == "desc.json";
    path.extension().is_some_and(is_code) || path.file_name().is_some_and(is_manifest)
}

/// Whether a folder is none of a module's code: hidden ones, and Python's and npm's leavings.
pub(super) fn is_passed_over(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "__pycache__" || name == "node_modules"
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn links_that_lead_in_circles_are_not_followed() {
        let temp = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c", "d"] {
            std::os::unix::fs::symlink(".", temp.path().join(name)).unwrap();
        }
        let mut walk = Walk::default();
        walk.collect(temp.path());
        assert_eq!(walk.entries, 4);
    }

    #[test]
    fn code_counts_and_data_does_not() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path();
        fs::write(folder.join("__init__.py"), "a = 1").unwrap();
        let first = of(folder);
        assert_eq!(of(folder), first);
        fs::write(folder.join("cache.db"), "data").unwrap();
        fs::create_dir(folder.join("__pycache__")).unwrap();
        fs::write(folder.join("__pycache__/x.py"), "").unwrap();
        assert_eq!(of(folder), first);
        fs::create_dir(folder.join("services")).unwrap();
        for code in [
            "services/api.py",
            "desc.json",
            "setup-a.sh",
            "services/a.po",
        ] {
            let before = of(folder);
            fs::write(folder.join(code), "b = 2").unwrap();
            assert_ne!(of(folder), before, "{code}");
        }
    }
}
