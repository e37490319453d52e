//! What differs between two records.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::walk::Record;

/// Something that was created, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub path: PathBuf,
    /// As it was; `None` if it wasn't there.
    pub before: Option<Facts>,
    /// As it is; `None` if it isn't there any more.
    pub after: Option<Facts>,
}

/// Everything that differs, by path: a folder comes before what is in it. What one of the two couldn't look at is left out.
#[must_use]
pub fn compare(before: &Record, after: &Record) -> Vec<Change> {
    let paths = |record: &Record| -> BTreeSet<PathBuf> {
        record.items.iter().map(|item| item.path.clone()).collect()
    };
    let all = &paths(before) | &paths(after);
    let unread = || before.unread.iter().chain(&after.unread);
    let is_known =
        |path: &Path| !unread().any(|folder| path != folder.0 && path.starts_with(&folder.0));
    all.into_iter()
        .filter(|path| is_known(path))
        .map(|path| Change {
            before: before.facts(&path).cloned(),
            after: after.facts(&path).cloned(),
            path,
        })
        .filter(|change| match (&change.before, &change.after) {
            (Some(before), Some(after)) => !before.is_same(after),
            _ => true,
        })
        .collect()
}
