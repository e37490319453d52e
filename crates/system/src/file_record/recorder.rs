//! Keeps records and contents in a folder: one record for each run of which the end isn't known yet, and the latest one, which saves
//! reading files that haven't been touched.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::compare::Change;
use super::contents::Contents;
use super::facts::{Digest, Facts};
use super::put_back::{Left, put_back};
use super::scope::{self, Start};
use super::walk::{Keep, Record, Walk};
use super::{FileRecordError, at, unusable};
use crate::machine::size_on_disk;

const LATEST: &str = "latest";

/// See the file's first lines. Its calls block.
#[derive(Debug, Clone)]
pub struct FileRecorder {
    folder: PathBuf,
    roots: Vec<PathBuf>,
    data: PathBuf,
}

impl FileRecorder {
    /// Keeps in `folder` what it knows of the folders `roots`. What lies in `data` is never recorded on the way, and no glob leads
    /// there.
    #[must_use]
    pub fn new(folder: PathBuf, roots: Vec<PathBuf>, data: PathBuf) -> Self {
        Self {
            folder,
            roots,
            data,
        }
    }

    /// Bytes on disk of what it keeps. Blocks.
    #[must_use]
    pub fn size_on_disk(&self) -> u64 {
        size_on_disk(&self.folder)
    }

    /// Records everything, with contents, for the run of this number: on the disk when this returns. Globs that can't be used are
    /// passed over.
    ///
    /// # Errors
    /// There is too much, or it can't be written.
    pub fn record(&self, run: i64, globs: &[String]) -> Result<Record, FileRecordError> {
        self.make_folders()?;
        let mut contents = self.contents()?;
        let previous = read_record(&self.records().join(LATEST)).ok();
        let walk = Walk {
            previous: previous.as_ref(),
            keep: Keep::All(&mut contents),
            data: &self.data,
        };
        let record = walk.walk(&self.starts(globs), globs)?;
        write_record(&self.records(), &run.to_string(), &record)?;
        Ok(record)
    }

    /// The same files as they are now, without keeping contents.
    ///
    /// # Errors
    /// There is too much.
    pub fn again(&self, before: &Record) -> Result<Record, FileRecordError> {
        let walk = Walk {
            previous: Some(before),
            keep: Keep::None,
            data: &self.data,
        };
        walk.walk(&self.starts(&before.globs), &before.globs)
    }

    /// Runs that were recorded and not settled.
    #[must_use]
    pub fn pending(&self) -> Vec<i64> {
        let entries = fs::read_dir(self.records()).into_iter().flatten().flatten();
        let mut runs: Vec<_> = entries
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        runs.sort_unstable();
        runs
    }

    /// What was recorded for one of them.
    ///
    /// # Errors
    /// It can't be read.
    pub fn recorded(&self, run: i64) -> Result<Record, FileRecordError> {
        read_record(&self.records().join(run.to_string()))
    }

    /// The run's changes are known: its record goes, this is the latest one, and of contents those are kept that are used, or in it.
    ///
    /// # Errors
    /// It can't be written.
    pub fn settle(
        &self,
        run: i64,
        latest: Option<&Record>,
        mut used: BTreeSet<Digest>,
    ) -> Result<(), FileRecordError> {
        if let Some(latest) = latest {
            write_record(&self.records(), LATEST, latest)?;
            let digests = latest.items.iter().filter_map(|item| item.facts.digest());
            used.extend(digests.cloned());
        }
        let path = self.records().join(run.to_string());
        match fs::remove_file(&path) {
            Err(error) if !at::is_absent(&error) => return Err(unusable(&path)(error)),
            _ => {}
        }
        // Another run's record needs its contents.
        match latest.is_some() && self.pending().is_empty() {
            true => self.contents()?.keep_only(&used),
            false => Ok(()),
        }
    }

    /// What is in a file or link now, if it is still this.
    #[must_use]
    pub fn look(&self, path: &Path, facts: &Facts) -> Option<Vec<u8>> {
        let folder = at::folder(path.parent()?).ok()?;
        let name = path.file_name()?;
        let found = at::find(folder.as_fd(), name).ok()??;
        let (now, bytes) = at::read(folder.as_fd(), name, &found).ok()??;
        (now.digest().is_some() && now.has_same_content(facts)).then_some(bytes)
    }

    /// Keeps this too; on the disk when this returns.
    ///
    /// # Errors
    /// It can't be written.
    pub fn keep(&self, contents: &[Vec<u8>]) -> Result<(), FileRecordError> {
        let mut store = self.contents()?;
        for bytes in contents {
            store.add(&Digest::of(bytes), bytes)?;
        }
        store.commit()
    }

    /// A content that was kept.
    ///
    /// # Errors
    /// It can't be read, or is damaged.
    pub fn content(&self, digest: &Digest) -> Result<Vec<u8>, FileRecordError> {
        self.contents()?.read(digest)
    }

    /// Puts everything back as it was before these changes; what can't be is named.
    ///
    /// # Errors
    /// The store can't be read. Nothing was changed.
    pub fn put_back(&self, changes: &[Change]) -> Result<Vec<Left>, FileRecordError> {
        self.make_folders()?;
        let contents = self.contents()?;
        Ok(put_back(changes, |digest| contents.read(digest)))
    }

    fn starts(&self, globs: &[String]) -> Vec<Start> {
        let roots = self.roots.iter().map(|root| scope::folder(root));
        let globs = globs
            .iter()
            .filter_map(|text| scope::glob(text, &self.data));
        roots.chain(globs).collect()
    }

    fn contents(&self) -> Result<Contents, FileRecordError> {
        Contents::open(&self.folder.join("contents"))
    }

    fn records(&self) -> PathBuf {
        self.folder.join("records")
    }

    fn make_folders(&self) -> Result<(), FileRecordError> {
        for folder in [self.folder.join("contents"), self.records()] {
            let mut builder = DirBuilder::new();
            builder.recursive(true).mode(0o700);
            builder.create(&folder).map_err(unusable(&folder))?;
        }
        Ok(())
    }
}

fn read_record(path: &Path) -> Result<Record, FileRecordError> {
    let bytes = fs::read(path).map_err(unusable(path))?;
    rmp_serde::from_slice(&bytes).map_err(|_| FileRecordError::Damaged(path.to_owned()))
}

fn write_record(folder: &Path, name: &str, record: &Record) -> Result<(), FileRecordError> {
    let (new, path) = (folder.join(format!(".new-{name}")), folder.join(name));
    // Nothing of it can fail to be written.
    let bytes = rmp_serde::to_vec_named(record).unwrap_or_default();
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&new).map_err(unusable(&new))?;
    file.write_all(&bytes).map_err(unusable(&new))?;
    file.sync_all().map_err(unusable(&new))?;
    fs::rename(&new, &path).map_err(unusable(&path))?;
    let folder_file = File::open(folder).map_err(unusable(folder))?;
    folder_file.sync_all().map_err(unusable(folder))
}
