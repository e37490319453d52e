//! A store of contents, each once, under the digest of what is in it. They may hold secrets, such as those in `/etc/shadow`: the folder
//! is nobody's but the daemon's.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::facts::Digest;
use super::{FileRecordError, unusable};

/// Begins the names of those that aren't safely written yet.
const NEW: &str = ".new-";

/// See the file's first lines.
#[derive(Debug)]
pub(super) struct Contents {
    folder: PathBuf,
    known: BTreeSet<Digest>,
    new: BTreeSet<Digest>,
}

impl Contents {
    /// Those in this folder, which is there.
    pub(super) fn open(folder: &Path) -> Result<Self, FileRecordError> {
        let mut known = BTreeSet::new();
        for entry in fs::read_dir(folder).map_err(unusable(folder))?.flatten() {
            known.extend(entry.file_name().to_str().and_then(Digest::parse));
        }
        Ok(Self {
            folder: folder.to_owned(),
            known,
            new: BTreeSet::new(),
        })
    }

    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.known.contains(digest) || self.new.contains(digest)
    }

    /// Writes one, if it isn't there. It counts from [`Self::commit`] on.
    pub(super) fn add(&mut self, digest: &Digest, bytes: &[u8]) -> Result<(), FileRecordError> {
        if self.has(digest) {
            return Ok(());
        }
        let path = self.new_path(digest);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&path).map_err(unusable(&path))?;
        file.write_all(bytes).map_err(unusable(&path))?;
        self.new.insert(digest.clone());
        Ok(())
    }

    /// Makes all that were added outlast a power cut. One order for the whole file system: a thousand files each with its own would
    /// take seconds.
    pub(super) fn commit(&mut self) -> Result<(), FileRecordError> {
        if self.new.is_empty() {
            return Ok(());
        }
        let folder = File::open(&self.folder).map_err(unusable(&self.folder))?;
        rustix::fs::syncfs(&folder).map_err(|error| unusable(&self.folder)(error.into()))?;
        for digest in &self.new {
            let (from, to) = (self.new_path(digest), self.path(digest));
            fs::rename(&from, &to).map_err(unusable(&to))?;
        }
        folder.sync_all().map_err(unusable(&self.folder))?;
        self.known.append(&mut self.new);
        Ok(())
    }

    /// One of them, unless it was damaged meanwhile.
    pub(super) fn read(&self, digest: &Digest) -> Result<Vec<u8>, FileRecordError> {
        let path = self.path(digest);
        let bytes = fs::read(&path).map_err(unusable(&path))?;
        match Digest::of(&bytes) == *digest {
            true => Ok(bytes),
            false => Err(FileRecordError::Damaged(path)),
        }
    }

    /// Removes all others, and what was never finished.
    pub(super) fn keep_only(&self, used: &BTreeSet<Digest>) -> Result<(), FileRecordError> {
        let entries = fs::read_dir(&self.folder).map_err(unusable(&self.folder))?;
        for entry in entries.flatten() {
            let digest = entry.file_name().to_str().and_then(Digest::parse);
            if !digest.is_some_and(|digest| used.contains(&digest)) {
                fs::remove_file(entry.path()).map_err(unusable(&entry.path()))?;
            }
        }
        Ok(())
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(digest.as_str())
    }

    fn new_path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{NEW}{}", digest.as_str()))
    }
}
