//! Has a module's code changed? Answered from names, sizes and times of change of its Python files and manifest.
//!
//! Other files don't count: a module may keep data beside its code, and writing it must not restart the module.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// More files than any module's code has; keeps a folder that isn't one from costing minutes.
const MOST_FILES: usize = 10_000;

/// A number that changes when the code in `folder` does. Only good for comparing within one process.
pub(super) fn of(folder: &Path) -> u64 {
    let mut files = Vec::new();
    collect(folder, 0, &mut files);
    files.sort_unstable();
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    hasher.finish()
}

type Facts = (std::path::PathBuf, u64, i64, i64);

fn collect(folder: &Path, depth: usize, files: &mut Vec<Facts>) {
    let Ok(entries) = folder.read_dir() else {
        return;
    };
    for entry in entries.flatten() {
        if files.len() >= MOST_FILES {
            return;
        }
        let path = entry.path();
        let Ok(metadata) = path.metadata() else {
            continue;
        };
        if metadata.is_dir() && depth < 16 && !is_passed_over(&path) {
            collect(&path, depth + 1, files);
        } else if metadata.is_file() && is_code(&path) {
            files.push((
                path,
                metadata.size(),
                metadata.mtime(),
                metadata.mtime_nsec(),
            ));
        }
    }
}

fn is_code(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
        || path.file_name().is_some_and(|name| name == "module.json")
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
        fs::write(folder.join("services/api.py"), "b = 2").unwrap();
        assert_ne!(of(folder), first);
    }
}
