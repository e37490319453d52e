//! What files are, so that a later look says what has changed and each can be put back: content, mode, owner, extended
//! attributes, targets of links.
//!
//! A record (`recorder.rs`) is made of the recorded folders and of what globs name (`scope.rs`, `walk.rs`). Contents lie in a store
//! of their own (`contents.rs`), each once. Two records are compared (`compare.rs`), and what differs is put back (`put_back.rs`).
//! It doesn't decide when: that is the business of whoever changes the machine. Sockets, pipes and devices are passed over, links
//! are never followed, and other file systems that are mounted below a recorded folder are left out.

mod at;
mod bytes;
mod compare;
mod contents;
mod facts;
mod put_back;
mod recorder;
mod scope;
mod walk;

use std::fmt;
use std::path::PathBuf;

use contara_i18n::{Explained, Message, message};
use thiserror::Error;

pub use compare::{Change, compare};
pub use facts::{Content, Digest, Facts, Kind};
pub use put_back::{Left, changed_since};
pub use recorder::FileRecorder;
pub use walk::Record;

/// Larger files are recorded without their content, and can't be put back.
pub const LARGEST: u64 = 16 * 1024 * 1024;
/// Bytes of content that one record keeps; files beyond are recorded like those that are too large.
const MOST_KEPT: u64 = 1024 * 1024 * 1024;
/// More files and folders than any `/etc` has: a glob that names a whole disk isn't recorded.
const MOST_ENTRIES: usize = 200_000;

/// Why there is no record.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileRecordError {
    /// The store can't be read or written.
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// It isn't what was written.
    Damaged(PathBuf),
    /// There are too many files.
    TooMany(PathBuf),
}

impl Explained for FileRecordError {
    fn message(&self) -> Message {
        match self {
            Self::Unusable { path, .. } => {
                message!("can't use {path}", path = path.to_string_lossy())
            }
            Self::Damaged(path) => message!("{path} is damaged", path = path.to_string_lossy()),
            Self::TooMany(path) => message!(
                "more than {count} files and folders would have to be recorded, the last of them {path}",
                count = MOST_ENTRIES,
                path = path.to_string_lossy()
            ),
        }
    }
}

impl fmt::Display for FileRecordError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

fn unusable(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> FileRecordError + use<> {
    let path = path.to_owned();
    move |source| FileRecordError::Unusable { path, source }
}

#[cfg(test)]
#[path = "file_record/tests.rs"]
mod tests;
