//! What setup did to files, as the wire has it.

use contara_setup::engine::{FileChange, FileChanges, FileCounts, FileDiff, Undone};
use contara_system::file_record::{Facts, Kind};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::transaction::time;
use crate::reader::Reader;

/// What a transaction's scripts did to files, and whether that can be undone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupChanges {
    /// By path: a folder comes before what is in it.
    files: Vec<SetupFile>,
    /// The slugs of modules of which it isn't known what their scripts did.
    unknown: Vec<String>,
    undo: SetupUndo,
}

/// A file, link or folder that was created, changed or deleted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupFile {
    /// Names it within its transaction, for its difference.
    number: u64,
    /// What is no UTF-8 in it is replaced.
    path: String,
    /// The slugs of the modules whose scripts did it.
    modules: Vec<String>,
    change: SetupFileChange,
    /// Null if it wasn't there.
    before: Option<SetupFileFacts>,
    /// Null if it isn't there any more.
    after: Option<SetupFileFacts>,
    /// Whether there may be a difference to be shown.
    diff: bool,
    /// Why it can't be put back, if so.
    lost: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SetupFileChange {
    Created,
    Changed,
    Deleted,
}

/// What a file is.
#[derive(Debug, Serialize, ToSchema)]
struct SetupFileFacts {
    kind: SetupFileKind,
    /// Its permission bits in octal, such as `0644`; null for a link.
    mode: Option<String>,
    /// The number of its owner.
    owner: u32,
    /// The number of its group.
    group: u32,
    /// Bytes; null for a folder.
    size: Option<u64>,
}

/// What it is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SetupFileKind {
    File,
    Link,
    Folder,
}

/// Whether it can be undone.
#[derive(Debug, Serialize, ToSchema)]
struct SetupUndo {
    possible: bool,
    /// Why it isn't possible, for people.
    reason: Option<String>,
    /// When it was last begun; without `undone` it was broken off, and can be done again.
    began: Option<String>,
    undone: Option<SetupUndoneBy>,
    leaves: SetupLeaves,
}

/// When something was undone, and by whom.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupUndoneBy {
    at: String,
    by: String,
}

/// What an undo doesn't touch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupLeaves {
    /// Packages that the modules want and that are installed, if the transaction has installed any.
    packages: Vec<String>,
    /// Services that the modules bring.
    services: Vec<String>,
}

/// How many files, links and folders.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupFileCounts {
    created: u32,
    changed: u32,
    deleted: u32,
}

/// The difference of one file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupFileDiff {
    /// Unified; null if it isn't shown.
    diff: Option<String>,
    /// Whether its end is left away.
    cut: bool,
    /// Why it isn't shown, for people.
    reason: Option<String>,
}

/// What became of an undo.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupUndone {
    /// How many files, links and folders are as they were.
    put_back: usize,
    /// Those that aren't.
    left: Vec<SetupLeft>,
    /// False if trying again may help.
    complete: bool,
    leaves: SetupLeaves,
    /// Whether each module is configured now.
    modules: Vec<SetupUndoneModule>,
}

/// A file that isn't as it was.
#[derive(Debug, Serialize, ToSchema)]
struct SetupLeft {
    path: String,
    reason: String,
}

/// A module after an undo.
#[derive(Debug, Serialize, ToSchema)]
struct SetupUndoneModule {
    slug: String,
    configured: bool,
}

impl SetupChanges {
    pub(crate) fn of(changes: FileChanges, reader: &Reader) -> Self {
        let files = changes.files.into_iter();
        Self {
            files: files.map(|file| SetupFile::of(file, reader)).collect(),
            unknown: changes.unknown,
            undo: SetupUndo {
                possible: changes.refusal.is_none(),
                reason: changes.refusal.map(|refusal| reader.say(&refusal)),
                began: changes.undo_began.map(time),
                undone: changes.undone.map(SetupUndoneBy::of),
                leaves: SetupLeaves::of(changes.leaves),
            },
        }
    }
}

impl SetupFile {
    fn of(file: FileChange, reader: &Reader) -> Self {
        Self {
            number: file.number,
            path: file.path.to_string_lossy().into_owned(),
            change: match (&file.before, &file.after) {
                (None, _) => SetupFileChange::Created,
                (_, None) => SetupFileChange::Deleted,
                _ => SetupFileChange::Changed,
            },
            before: file.before.as_ref().map(SetupFileFacts::of),
            after: file.after.as_ref().map(SetupFileFacts::of),
            diff: file.has_diff(),
            lost: file.lost.map(|lost| reader.say(&lost)),
            modules: file.modules,
        }
    }
}

impl SetupFileFacts {
    fn of(facts: &Facts) -> Self {
        Self {
            kind: match facts.kind {
                Kind::File => SetupFileKind::File,
                Kind::Link => SetupFileKind::Link,
                Kind::Folder => SetupFileKind::Folder,
            },
            mode: (facts.kind != Kind::Link).then(|| format!("{:04o}", facts.mode)),
            owner: facts.uid,
            group: facts.gid,
            size: (facts.kind != Kind::Folder).then_some(facts.size),
        }
    }
}

impl SetupUndoneBy {
    pub(crate) fn of((at, by): (Timestamp, String)) -> Self {
        Self { at: time(at), by }
    }
}

impl SetupLeaves {
    fn of((packages, services): (Vec<String>, Vec<String>)) -> Self {
        Self { packages, services }
    }
}

impl SetupFileCounts {
    pub(crate) fn of(counts: FileCounts) -> Self {
        let FileCounts {
            created,
            changed,
            deleted,
        } = counts;
        Self {
            created,
            changed,
            deleted,
        }
    }
}

impl SetupFileDiff {
    pub(crate) fn of(diff: FileDiff, reader: &Reader) -> Self {
        let (diff, cut, reason) = match diff {
            FileDiff::Text(text, cut) => (Some(text), cut, None),
            FileDiff::NotShown(reason) => (None, false, Some(reader.say(&reason))),
        };
        Self { diff, cut, reason }
    }
}

impl SetupUndone {
    pub(crate) fn of(undone: Undone, reader: &Reader) -> Self {
        let left = undone.left.into_iter().map(|(path, reason)| SetupLeft {
            path: path.to_string_lossy().into_owned(),
            reason: reader.say(&reason),
        });
        let modules = undone.modules.into_iter();
        Self {
            put_back: undone.put_back,
            left: left.collect(),
            complete: undone.is_over,
            leaves: SetupLeaves::of(undone.leaves),
            modules: modules
                .map(|(slug, configured)| SetupUndoneModule { slug, configured })
                .collect(),
        }
    }
}
