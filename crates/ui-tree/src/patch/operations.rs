//! The operations of a difference while it is found, what they cost, and how they are written.

use std::ops::Range;

use super::{Patch, at_size, pointer};
use crate::encode::{put_list, put_map, put_text, text_size};
use crate::tree::Tree;

/// Bytes of all paths beyond which no patch is looked for: a long key above many changes stands in each of their paths.
const MOST_PATHS: usize = 1 << 22;

/// Operations in their order, with whole paths.
#[derive(Default)]
pub(super) struct Operations {
    list: Vec<Operation>,
    paths: Vec<u8>,
    size: usize,
}

struct Operation {
    what: What,
    path: Range<usize>,
}

enum What {
    /// The value lies there in the bytes of the tree that is to come.
    Add(Range<usize>),
    Replace(Range<usize>),
    Remove,
    /// From the path that lies there.
    Move(Range<usize>),
}

/// A point to go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    list: usize,
    paths: usize,
    size: usize,
}

impl Operations {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether there is no use in looking for more.
    pub(super) fn are_too_long(&self) -> bool {
        self.paths.len() > MOST_PATHS
    }

    pub(super) fn add(&mut self, map: &[u8], key: &[u8], value: Range<usize>) {
        let path = self.path(map, |path| pointer::push_key(path, key));
        self.push(What::Add(value), path);
    }

    pub(super) fn remove(&mut self, map: &[u8], key: &[u8]) {
        let path = self.path(map, |path| pointer::push_key(path, key));
        self.push(What::Remove, path);
    }

    pub(super) fn replace(&mut self, place: &[u8], value: Range<usize>) {
        let path = self.path(place, |_| {});
        self.push(What::Replace(value), path);
    }

    pub(super) fn insert_item(&mut self, list: &[u8], index: usize, value: Range<usize>) {
        let path = self.path(list, |path| pointer::push_index(path, index));
        self.push(What::Add(value), path);
    }

    pub(super) fn append_item(&mut self, list: &[u8], value: Range<usize>) {
        let path = self.path(list, pointer::push_end);
        self.push(What::Add(value), path);
    }

    pub(super) fn remove_item(&mut self, list: &[u8], index: usize) {
        let path = self.path(list, |path| pointer::push_index(path, index));
        self.push(What::Remove, path);
    }

    pub(super) fn move_item(&mut self, list: &[u8], from: usize, to: usize) {
        let from = self.path(list, |path| pointer::push_index(path, from));
        let path = self.path(list, |path| pointer::push_index(path, to));
        self.push(What::Move(from), path);
    }

    fn path(&mut self, parent: &[u8], child: impl FnOnce(&mut Vec<u8>)) -> Range<usize> {
        let start = self.paths.len();
        self.paths.extend_from_slice(parent);
        child(&mut self.paths);
        start..self.paths.len()
    }

    fn push(&mut self, what: What, path: Range<usize>) {
        self.size += what.size() + text_size(path.len());
        self.list.push(Operation { what, path });
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            list: self.list.len(),
            paths: self.paths.len(),
            size: self.size,
        }
    }

    /// Bytes of the operations since then, with whole paths.
    pub(super) fn size_since(&self, mark: Mark) -> usize {
        self.size - mark.size
    }

    pub(super) fn back_to(&mut self, mark: Mark) {
        self.list.truncate(mark.list);
        self.paths.truncate(mark.paths);
        self.size = mark.size;
    }

    /// The patch, whose values are copied from `after`; `None` if it would not be smaller than that.
    pub(super) fn patch(&self, after: &[u8]) -> Option<Patch> {
        let shared = self.shared();
        let at = String::from_utf8(self.paths_of().next()?[..shared].to_vec()).ok()?;
        let mut out = Vec::with_capacity(self.size.min(after.len()) + 5);
        put_list(&mut out, self.list.len());
        for operation in &self.list {
            operation.write(&mut out, &self.paths, shared, after);
            if at_size(shared) + out.len() >= after.len() {
                return None;
            }
        }
        Some(Patch {
            at,
            ops: Tree::from_checked(out.into()),
        })
    }

    fn paths_of(&self) -> impl Iterator<Item = &[u8]> {
        self.list.iter().flat_map(|operation| {
            let from = match &operation.what {
                What::Move(from) => Some(&self.paths[from.clone()]),
                _ => None,
            };
            from.into_iter()
                .chain([&self.paths[operation.path.clone()]])
        })
    }

    /// Length of what all paths begin with, in whole tokens; 0 if it costs more to name it than it saves.
    fn shared(&self) -> usize {
        let Some(first) = self.paths_of().next() else {
            return 0;
        };
        let alike = |path: &[u8]| first.iter().zip(path).take_while(|(a, b)| a == b).count();
        let length = self.paths_of().map(alike).min().unwrap_or(0);
        let is_whole = |path: &[u8]| path.get(length).is_none_or(|byte| *byte == b'/');
        let shared = match self.paths_of().all(is_whole) {
            true => length,
            false => first[..length]
                .iter()
                .rposition(|byte| *byte == b'/')
                .unwrap_or(0),
        };
        let saved = |path: &[u8]| text_size(path.len()) - text_size(path.len() - shared);
        let saved: usize = self.paths_of().map(saved).sum();
        if saved > at_size(shared) { shared } else { 0 }
    }
}

impl Operation {
    /// Keys stand in the order op, from, path, value. Of paths the first `shared` bytes are left out.
    fn write(&self, out: &mut Vec<u8>, paths: &[u8], shared: usize, after: &[u8]) {
        put_map(out, self.what.fields());
        put_text(out, b"op");
        put_text(out, self.what.name());
        if let What::Move(from) = &self.what {
            put_text(out, b"from");
            put_text(out, &paths[from.start + shared..from.end]);
        }
        put_text(out, b"path");
        put_text(out, &paths[self.path.start + shared..self.path.end]);
        if let What::Add(value) | What::Replace(value) = &self.what {
            put_text(out, b"value");
            out.extend_from_slice(&after[value.clone()]);
        }
    }
}

impl What {
    fn name(&self) -> &'static [u8] {
        match self {
            Self::Add(_) => b"add",
            Self::Replace(_) => b"replace",
            Self::Remove => b"remove",
            Self::Move(_) => b"move",
        }
    }

    fn fields(&self) -> usize {
        match self {
            Self::Remove => 2,
            Self::Add(_) | Self::Replace(_) | Self::Move(_) => 3,
        }
    }

    /// Bytes of an operation but for its path.
    fn size(&self) -> usize {
        let fixed =
            1 + text_size("op".len()) + text_size(self.name().len()) + text_size("path".len());
        fixed
            + match self {
                Self::Remove => 0,
                Self::Add(value) | Self::Replace(value) => text_size("value".len()) + value.len(),
                Self::Move(from) => text_size("from".len()) + text_size(from.len()),
            }
    }
}

/// Bytes of an operation that replaces what stands at a path of this length.
pub(super) fn replacement_size(path: usize, value: usize) -> usize {
    What::Replace(0..value).size() + text_size(path)
}
