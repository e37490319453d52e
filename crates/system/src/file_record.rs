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

use std::path::PathBuf;

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
    #[error("can't use {}", .path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// It isn't what was written.
    #[error("{} is damaged", .0.display())]
    Damaged(PathBuf),
    /// There are too many files.
    #[error("more than {MOST_ENTRIES} files and folders would have to be recorded, the last of them {}", .0.display())]
    TooMany(PathBuf),
}

fn unusable(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> FileRecordError + use<> {
    let path = path.to_owned();
    move |source| FileRecordError::Unusable { path, source }
}

#[cfg(test)]
#[path = "file_record/tests.rs"]
mod tests;
