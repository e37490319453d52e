//! Makes a record. What hasn't been touched since an earlier record isn't read again.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::at::{self, Found, Stamp};
use super::contents::Contents;
use super::facts::{Content, Facts, Kind};
use super::scope::{Counts, Start};
use super::{FileRecordError, MOST_ENTRIES, MOST_KEPT, bytes};

/// What has been touched so shortly before a record may have been touched again without a trace: file systems keep time in steps
/// of up to two seconds.
const UNSURE_SECONDS: i64 = 3;

/// Files, links and folders as they were at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The module's globs that were asked for.
    pub(super) globs: Vec<String>,
    /// Unix time, in seconds.
    began: i64,
    /// By path.
    pub(super) items: Vec<Item>,
    /// Folders of which it isn't known what is in them.
    pub(super) unread: Vec<Unread>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    #[serde(with = "bytes::path")]
    pub(super) path: PathBuf,
    pub(super) facts: Facts,
    stamp: Stamp,
}

/// See [`Record::unread`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unread(#[serde(with = "bytes::path")] pub(super) PathBuf);

/// What becomes of contents that aren't in the store.
pub(super) enum Keep<'a> {
    /// They are put into it.
    All(&'a mut Contents),
    /// They are only looked at.
    None,
}

/// See the file's first lines.
pub(super) struct Walk<'a> {
    pub(super) previous: Option<&'a Record>,
    pub(super) keep: Keep<'a>,
    /// Left out, with all that is in it.
    pub(super) data: &'a Path,
}

struct Walking<'a> {
    walk: Walk<'a>,
    items: BTreeMap<PathBuf, Item>,
    unread: Vec<Unread>,
    kept: u64,
}

impl Record {
    pub(super) fn find(&self, path: &Path) -> Option<&Item> {
        let found = self
            .items
            .binary_search_by(|item| item.path.as_path().cmp(path));
        found.ok().map(|index| &self.items[index])
    }

    /// What is known of a path.
    #[must_use]
    pub fn facts(&self, path: &Path) -> Option<&Facts> {
        self.find(path).map(|item| &item.facts)
    }

    /// Forgets all others.
    pub fn retain(&mut self, keeps: impl Fn(&Path, &Facts) -> bool) {
        self.items.retain(|item| keeps(&item.path, &item.facts));
    }

    /// How many files, links and folders it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether the item of the same path and stamp is sure to have the same in it.
    fn is_sure_of(&self, stamp: &Stamp) -> bool {
        stamp.changed.0 + UNSURE_SECONDS < self.began
    }
}

impl Walk<'_> {
    /// Looks at all of it.
    pub(super) fn walk(
        self,
        starts: &[Start],
        globs: &[String],
    ) -> Result<Record, FileRecordError> {
        let began = SystemTime::now().duration_since(UNIX_EPOCH);
        let began = began.map_or(0, |since| since.as_secs().cast_signed());
        let mut walking = Walking {
            walk: self,
            items: BTreeMap::new(),
            unread: Vec::new(),
            kept: 0,
        };
        for start in starts {
            walking.start(start)?;
        }
        if let Keep::All(contents) = &mut walking.walk.keep {
            contents.commit()?;
        }
        Ok(Record {
            globs: globs.to_vec(),
            began,
            items: walking.items.into_values().collect(),
            unread: walking.unread,
        })
    }
}

impl Walking<'_> {
    /// The folders that lead to a place are part of it: a script may make them.
    fn start(&mut self, start: &Start) -> Result<(), FileRecordError> {
        let mut way: Vec<_> = start.base.ancestors().collect();
        way.reverse();
        for path in way {
            let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
                continue;
            };
            let Ok(folder) = at::folder(parent) else {
                return Ok(());
            };
            let Some(found) = self.take(folder.as_fd(), name, path)? else {
                return Ok(());
            };
            if path == start.base && found.kind == Kind::Folder {
                let device = found.stamp.device();
                self.folder(folder.as_fd(), name, path, &start.counts, (0, device))?;
            }
        }
        Ok(())
    }

    /// All that counts in a folder.
    fn folder(
        &mut self,
        parent: BorrowedFd<'_>,
        name: &OsStr,
        path: &Path,
        counts: &Counts,
        (depth, device): (usize, u64),
    ) -> Result<(), FileRecordError> {
        if path == self.walk.data {
            return Ok(());
        }
        let folder = at::folder_in(parent, name);
        let Ok((folder, names)) = folder.and_then(|folder| {
            let names = at::names(folder.as_fd())?;
            Ok((folder, names))
        }) else {
            self.unread.push(Unread(path.to_owned()));
            return Ok(());
        };
        let goes_deeper = counts.reaches(depth + 1);
        for name in names {
            let path = path.join(&name);
            let Ok(Some(found)) = at::find(folder.as_fd(), &name) else {
                continue;
            };
            let is_way = found.kind == Kind::Folder && goes_deeper;
            if !is_way && !counts.counts(&path) {
                continue;
            }
            self.take_found(folder.as_fd(), &name, &path, &found)?;
            if is_way && found.stamp.device() != device {
                self.unread.push(Unread(path));
            } else if is_way {
                self.folder(folder.as_fd(), &name, &path, counts, (depth + 1, device))?;
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        folder: BorrowedFd<'_>,
        name: &OsStr,
        path: &Path,
    ) -> Result<Option<Found>, FileRecordError> {
        let Ok(Some(found)) = at::find(folder, name) else {
            return Ok(None);
        };
        self.take_found(folder, name, path, &found)?;
        Ok(Some(found))
    }

    fn take_found(
        &mut self,
        folder: BorrowedFd<'_>,
        name: &OsStr,
        path: &Path,
        found: &Found,
    ) -> Result<(), FileRecordError> {
        if self.items.contains_key(path) {
            return Ok(());
        }
        if self.items.len() >= MOST_ENTRIES {
            return Err(FileRecordError::TooMany(path.to_owned()));
        }
        let facts = match self.known(path, found) {
            Some(facts) => facts,
            // Whatever vanishes meanwhile isn't there.
            None => match at::read(folder, name, found) {
                Ok(Some((facts, bytes))) => self.kept(facts, &bytes)?,
                Ok(None) | Err(_) => return Ok(()),
            },
        };
        let item = Item {
            path: path.to_owned(),
            facts,
            stamp: found.stamp,
        };
        self.items.insert(path.to_owned(), item);
        Ok(())
    }

    /// What an earlier record has of it, if it is sure to be still so.
    fn known(&mut self, path: &Path, found: &Found) -> Option<Facts> {
        let previous = self.walk.previous?;
        let item = previous.find(path)?;
        let is_same = item.stamp == found.stamp && previous.is_sure_of(&item.stamp);
        let is_kept = match (&self.walk.keep, item.facts.digest()) {
            (Keep::All(contents), Some(digest)) => contents.has(digest),
            // It may have been left out because of what came before it.
            (Keep::All(_), None) => item.facts.content != Content::TooLarge,
            (Keep::None, _) => true,
        };
        (is_same && is_kept).then(|| {
            self.kept += item.facts.size;
            item.facts.clone()
        })
    }

    fn kept(&mut self, mut facts: Facts, bytes: &[u8]) -> Result<Facts, FileRecordError> {
        let Keep::All(contents) = &mut self.walk.keep else {
            return Ok(facts);
        };
        let Some(digest) = facts.digest() else {
            return Ok(facts);
        };
        if self.kept + bytes.len() as u64 > MOST_KEPT {
            facts.content = Content::TooLarge;
            return Ok(facts);
        }
        self.kept += bytes.len() as u64;
        contents.add(digest, bytes)?;
        Ok(facts)
    }
}

#[cfg(test)]
impl Record {
    /// As if it had been made later than it was.
    pub(super) fn age_by(&mut self, seconds: i64) {
        self.began += seconds;
    }

    /// As if a file had had another content.
    pub(super) fn plant(&mut self, path: &Path, digest: super::facts::Digest) {
        let item = self.items.iter_mut().find(|item| item.path == path);
        if let Some(item) = item {
            item.facts.content = Content::Known(digest);
        }
    }
}
