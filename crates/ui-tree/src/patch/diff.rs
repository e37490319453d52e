//! Finds the operations between two trees. How items of lists are matched is in `align`, how operations are written in
//! `operations`.

use super::align::{self, Matches};
use super::arrange::{self, Step};
use super::operations::{Operations, replacement_size};
use super::tape::{Kind, Node, Tape};
use super::{Difference, pointer};
use crate::tree::Tree;

/// What lets the items of a list be told apart, the best first.
const KEYS: [&[u8]; 3] = [b"id", b"key", b"name"];

/// The prop of a table that names the key of its rows, and the prop where the rows are.
const ROW_KEY: &[u8] = b"row_key";
const ROWS: &[u8] = b"data";

/// What leads from `before` to `after`. Carried out on `before`, a patch gives the same JSON value as `after`, and the same
/// bytes as long as no map has got or lost a key. A patch is always smaller than `after`.
///
/// Numbers that are encoded in another way count as different, and so do maps in which a key stands twice.
#[must_use]
pub fn diff(before: &Tree, after: &Tree) -> Difference {
    let (before, after) = (before.as_msgpack(), after.as_msgpack());
    if before == after {
        return Difference::Nothing;
    }
    match operations(before, after) {
        Some(operations) if operations.is_empty() => Difference::Nothing,
        Some(operations) => operations
            .patch(after)
            .map_or(Difference::Whole, Difference::Patch),
        None => Difference::Whole,
    }
}

fn operations(before: &[u8], after: &[u8]) -> Option<Operations> {
    let mut differ = Differ {
        before: Tape::of(before)?,
        after: Tape::of(after)?,
        path: Vec::new(),
        found: Operations::default(),
    };
    differ.value(0, 0, None)?;
    Some(differ.found)
}

/// Walks both trees at once. Its steps give `None` where a patch can't tell the difference.
struct Differ<'a> {
    before: Tape<'a>,
    after: Tape<'a>,
    /// Where the walk is.
    path: Vec<u8>,
    found: Operations,
}

impl<'a> Differ<'a> {
    /// `row_key` is what the rows of a table are told apart by, if `before` and `after` are its rows.
    fn value(&mut self, before: Node, after: Node, row_key: Option<&'a [u8]>) -> Option<()> {
        if self.before.raw(before) == self.after.raw(after) {
            return Some(());
        }
        if self.found.are_too_long() {
            return None;
        }
        let start = self.found.mark();
        match (self.before.kind(before), self.after.kind(after)) {
            (Kind::Map, Kind::Map) => self.map(before, after)?,
            (Kind::List, Kind::List) => self.list(before, after, row_key)?,
            _ => {
                self.replace(after);
                return Some(());
            }
        }
        // Many small changes may cost more than the part that they are in.
        let value = self.after.raw(after).len();
        if self.found.size_since(start) > replacement_size(self.path.len(), value) {
            self.found.back_to(start);
            self.replace(after);
        }
        Some(())
    }

    fn replace(&mut self, after: Node) {
        self.found.replace(&self.path, self.after.range(after));
    }

    fn map(&mut self, before: Node, after: Node) -> Option<()> {
        if self.has_same_keys(before, after) {
            self.values_in_order(before, after)
        } else {
            self.entries_by_key(before, after)
        }
    }

    fn has_same_keys(&self, before: Node, after: Node) -> bool {
        let keys = |(key, _)| key;
        let before = self.before.entries(before).map(keys);
        before.eq(self.after.entries(after).map(keys))
    }

    /// The usual case: the same keys in the same order. None of them may stand twice.
    fn values_in_order(&mut self, before: Node, after: Node) -> Option<()> {
        let names: Vec<_> = self.before.entries(before).map(|(key, _)| key).collect();
        align::sorted(&names)?;
        let (mut key, mut later) = (before + 1, after + 1);
        for name in names {
            self.child(name, after, key + 1, later + 1)?;
            key = self.before.next(key + 1);
            later = self.after.next(later + 1);
        }
        Some(())
    }

    fn child(&mut self, key: &'a [u8], after_map: Node, before: Node, after: Node) -> Option<()> {
        let row_key = match key {
            ROWS => self.row_key(after_map),
            _ => None,
        };
        let length = self.path.len();
        pointer::push_key(&mut self.path, key);
        self.value(before, after, row_key)?;
        self.path.truncate(length);
        Some(())
    }

    fn row_key(&self, table: Node) -> Option<&'a [u8]> {
        let name = self.after.get(table, ROW_KEY)?;
        (self.after.kind(name) == Kind::Text).then(|| self.after.text(name))
    }

    fn entries_by_key(&mut self, before: Node, after: Node) -> Option<()> {
        let earlier: Vec<_> = self.before.entries(before).collect();
        let later: Vec<_> = self.after.entries(after).collect();
        let names = |entries: &[(&'a [u8], Node)]| -> Vec<_> {
            entries.iter().map(|(key, _)| *key).collect()
        };
        let matches = align::by_keys(&names(&earlier), &names(&later))?;
        let mut is_left = vec![true; earlier.len()];
        for index in matches.iter().flatten() {
            is_left[*index] = false;
        }
        for (key, _) in earlier
            .iter()
            .zip(is_left)
            .filter_map(|(entry, left)| left.then_some(entry))
        {
            self.found.remove(&self.path, key);
        }
        for ((key, value), same) in later.iter().zip(matches) {
            match same {
                Some(index) => self.child(key, after, earlier[index].1, *value)?,
                None => self.found.add(&self.path, key, self.after.range(*value)),
            }
        }
        Some(())
    }

    fn list(&mut self, before: Node, after: Node, row_key: Option<&'a [u8]>) -> Option<()> {
        let before: Vec<Node> = self.before.items(before).collect();
        let list = after;
        let after: Vec<Node> = self.after.items(list).collect();
        let same = |(a, b): (&Node, &Node)| self.before.raw(*a) == self.after.raw(*b);
        let head = before
            .iter()
            .zip(&after)
            .take_while(|pair| same(*pair))
            .count();
        let (before, after) = (&before[head..], &after[head..]);
        let tail = before
            .iter()
            .rev()
            .zip(after.iter().rev())
            .take_while(|pair| same(*pair))
            .count();
        let changed = Changed {
            before: &before[..before.len() - tail],
            after: &after[..after.len() - tail],
            head,
            tail,
        };
        let matches = self.matches(&changed, row_key);
        self.items(list, &changed, &matches)
    }

    fn matches(&self, changed: &Changed<'_>, row_key: Option<&'a [u8]>) -> Matches {
        let (before, after) = (changed.before, changed.after);
        if before.is_empty() || after.is_empty() {
            return vec![None; after.len()];
        }
        let shifted = align::by_shift(before.len(), after.len(), |i, j, count| {
            self.before.raw_between(before[i], before[i + count - 1])
                == self.after.raw_between(after[j], after[j + count - 1])
        });
        if let Some(matches) = shifted {
            return matches;
        }
        let mut matches = self
            .matches_by_key(changed, row_key)
            .or_else(|| self.matches_by_edits(changed))
            .unwrap_or_else(|| vec![None; after.len()]);
        align::pair_gaps(&mut matches, before.len());
        matches
    }

    fn matches_by_key(&self, changed: &Changed<'_>, row_key: Option<&'a [u8]>) -> Option<Matches> {
        row_key.into_iter().chain(KEYS).find_map(|key| {
            let before = keys(&self.before, changed.before, key)?;
            let after = keys(&self.after, changed.after, key)?;
            align::by_keys(&before, &after)
        })
    }

    /// Scalars in equal number are taken for values that have changed, each in its place.
    fn matches_by_edits(&self, changed: &Changed<'_>) -> Option<Matches> {
        let (before, after) = (changed.before, changed.after);
        let is_scalar = |node: &Node| matches!(self.after.kind(*node), Kind::Scalar | Kind::Text);
        if before.len() == after.len() && after.iter().all(is_scalar) {
            return None;
        }
        align::by_edits(before.len(), after.len(), |i, j| {
            self.before.raw(before[i]) == self.after.raw(after[j])
        })
    }

    /// Removals first, then insertions and moves from the front to the back, then what changed within items.
    fn items(&mut self, list: Node, changed: &Changed<'_>, matches: &Matches) -> Option<()> {
        let Some(steps) = arrange::steps(matches, changed.before.len()) else {
            self.replace(list);
            return Some(());
        };
        self.remove_unmatched(changed, matches);
        for step in steps {
            self.step(changed, step);
        }
        for (index, same) in matches.iter().enumerate() {
            let Some(same) = *same else { continue };
            let (before, after) = (changed.before[same], changed.after[index]);
            if self.before.raw(before) == self.after.raw(after) {
                continue;
            }
            let length = self.path.len();
            pointer::push_index(&mut self.path, changed.head + index);
            self.value(before, after, None)?;
            self.path.truncate(length);
        }
        Some(())
    }

    fn remove_unmatched(&mut self, changed: &Changed<'_>, matches: &Matches) {
        let mut is_left = vec![true; changed.before.len()];
        for index in matches.iter().flatten() {
            is_left[*index] = false;
        }
        let left = is_left.iter().enumerate().filter(|(_, left)| **left);
        for (removed, (index, _)) in left.enumerate() {
            // The ones before it are gone already.
            self.found
                .remove_item(&self.path, changed.head + index - removed);
        }
    }

    fn step(&mut self, changed: &Changed<'_>, step: Step) {
        let value = |index: usize| self.after.range(changed.after[index]);
        match step {
            Step::Append(index) if changed.tail == 0 => {
                self.found.append_item(&self.path, value(index));
            }
            Step::Insert(index) | Step::Append(index) => {
                self.found
                    .insert_item(&self.path, changed.head + index, value(index));
            }
            Step::Move { from, to } => {
                self.found
                    .move_item(&self.path, changed.head + from, changed.head + to);
            }
        }
    }
}

/// What is left of two lists without the equal items at their beginnings and ends.
struct Changed<'n> {
    before: &'n [Node],
    after: &'n [Node],
    /// How many items were equal at the beginning, and at the end.
    head: usize,
    tail: usize,
}

/// Each item's value of a key, as bytes; `None` unless all are maps with a scalar or text there.
fn keys<'a>(tape: &Tape<'a>, items: &[Node], key: &[u8]) -> Option<Vec<&'a [u8]>> {
    let value = |item: &Node| {
        let value = tape.get(*item, key)?;
        matches!(tape.kind(value), Kind::Scalar | Kind::Text).then(|| tape.raw(value))
    };
    items.iter().map(value).collect()
}
