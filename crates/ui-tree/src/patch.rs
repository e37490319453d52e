//! What leads from one tree to the next: operations of RFC 6902, found by [`diff`] and carried out by [`apply`].
//!
//! The difference is found on the bytes of both trees; equal parts are passed over by comparing memory, and nothing is
//! decoded. It is for the way of every update to the clients. Applying isn't: the host never does it, tests and clients do.

mod align;
mod apply;
mod arrange;
mod diff;
mod operations;
mod pointer;
mod tape;
mod value;

pub use apply::{ApplyError, Refusal, apply};
pub use diff::diff;

use crate::encode::text_size;
use crate::tree::Tree;

/// What [`diff`] has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Both trees are the same JSON value.
    Nothing,
    /// This makes one of the other, and is smaller.
    Patch(Patch),
    /// No smaller patch was found: send the tree itself.
    Whole,
}

/// Operations that make one tree of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    at: String,
    ops: Tree,
}

impl Patch {
    /// The JSON Pointer that all paths of the operations are to be prefixed with; often empty, which is the whole tree.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.at
    }

    /// The operations: a list of maps, `{op, path, value}`, `{op, path}` or `{op, from, path}`, in the order to carry
    /// them out.
    #[must_use]
    pub fn ops(&self) -> &Tree {
        &self.ops
    }

    /// Bytes that `at`, if it isn't empty, and the operations take in a frame.
    #[must_use]
    pub fn size(&self) -> usize {
        at_size(self.at.len()) + self.ops.as_msgpack().len()
    }
}

/// Bytes of the field `at`, which is left out when it is empty.
fn at_size(length: usize) -> usize {
    match length {
        0 => 0,
        _ => text_size("at".len()) + text_size(length),
    }
}
