//! Where each value of a tree lies: one pass over checked bytes, after which a part is found and skipped without reading it.

use std::ops::Range;

/// Index of a value in a tape.
pub(super) type Node = usize;

/// The values of a tree in the order of its bytes. Of a map each key is followed by its value.
pub(super) struct Tape<'a> {
    bytes: &'a [u8],
    places: Vec<Place>,
}

#[derive(Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
    /// The node after this one and all that is in it.
    next: u32,
    /// Length of the head, behind which a text begins.
    head: u8,
    kind: Kind,
}

/// What a value is, as far as a difference cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Text,
    List,
    Map,
}

impl<'a> Tape<'a> {
    /// `None` of bytes that are no tree, or that 32 bits don't count.
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        u32::try_from(bytes.len()).ok()?;
        let mut tape = Self {
            bytes,
            // UI trees have a value every six bytes or so.
            places: Vec::with_capacity(bytes.len() / 5 + 1),
        };
        let end = tape.read(0)?;
        (end == bytes.len()).then_some(tape)
    }

    /// Notes the value at `start` and all in it; gives where it ends.
    fn read(&mut self, start: usize) -> Option<usize> {
        let (kind, head, count) = self.head(start)?;
        let node = self.places.len();
        self.places.push(Place {
            start: start as u32,
            end: 0,
            next: 0,
            head,
            kind,
        });
        let mut end = start + usize::from(head);
        match kind {
            Kind::Scalar | Kind::Text => end = end.checked_add(count)?,
            Kind::List => {
                for _ in 0..count {
                    end = self.read(end)?;
                }
            }
            Kind::Map => {
                for _ in 0..count {
                    end = self.read(end)?;
                    end = self.read(end)?;
                }
            }
        }
        let next = self.places.len() as u32;
        let place = &mut self.places[node];
        place.end = u32::try_from(end).ok()?;
        place.next = next;
        Some(end)
    }

    /// Kind, length of the head, and how many follow it: bytes of a scalar or text, items, or entries.
    #[inline]
    fn head(&self, at: usize) -> Option<(Kind, u8, usize)> {
        let marker = *self.bytes.get(at)?;
        Some(match marker {
            0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => (Kind::Scalar, 1, 0),
            0xcc | 0xd0 => (Kind::Scalar, 1, 1),
            0xcd | 0xd1 => (Kind::Scalar, 1, 2),
            0xca | 0xce | 0xd2 => (Kind::Scalar, 1, 4),
            0xcb | 0xcf | 0xd3 => (Kind::Scalar, 1, 8),
            0xa0..=0xbf => (Kind::Text, 1, usize::from(marker & 0x1f)),
            0x90..=0x9f => (Kind::List, 1, usize::from(marker & 0x0f)),
            0x80..=0x8f => (Kind::Map, 1, usize::from(marker & 0x0f)),
            0xd9 => (Kind::Text, 2, self.count::<1>(at)?),
            0xda => (Kind::Text, 3, self.count::<2>(at)?),
            0xdb => (Kind::Text, 5, self.count::<4>(at)?),
            0xdc => (Kind::List, 3, self.count::<2>(at)?),
            0xdd => (Kind::List, 5, self.count::<4>(at)?),
            0xde => (Kind::Map, 3, self.count::<2>(at)?),
            0xdf => (Kind::Map, 5, self.count::<4>(at)?),
            _ => return None,
        })
    }

    /// The number in the `N` bytes behind the marker.
    fn count<const N: usize>(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at + 1..at + 1 + N)?;
        Some(
            bytes
                .iter()
                .fold(0, |count, byte| count << 8 | usize::from(*byte)),
        )
    }

    pub(super) fn kind(&self, node: Node) -> Kind {
        self.places[node].kind
    }

    /// Where a value's bytes are.
    pub(super) fn range(&self, node: Node) -> Range<usize> {
        let place = self.places[node];
        place.start as usize..place.end as usize
    }

    /// A value's bytes, head included.
    pub(super) fn raw(&self, node: Node) -> &'a [u8] {
        &self.bytes[self.range(node)]
    }

    /// The bytes of a row of neighbours, from the first to the last.
    pub(super) fn raw_between(&self, first: Node, last: Node) -> &'a [u8] {
        &self.bytes[self.range(first).start..self.range(last).end]
    }

    /// A text's own bytes.
    pub(super) fn text(&self, node: Node) -> &'a [u8] {
        let place = self.places[node];
        &self.bytes[place.start as usize + usize::from(place.head)..place.end as usize]
    }

    /// The node behind a value.
    pub(super) fn next(&self, node: Node) -> Node {
        self.places[node].next as usize
    }

    /// The items of a list.
    pub(super) fn items(&self, list: Node) -> impl Iterator<Item = Node> {
        let end = self.next(list);
        let at = move |node: Node| (node < end).then_some(node);
        std::iter::successors(at(list + 1), move |node| at(self.next(*node)))
    }

    /// The entries of a map: the key's text and the value's node.
    pub(super) fn entries(&self, map: Node) -> impl Iterator<Item = (&'a [u8], Node)> {
        let end = self.next(map);
        let at = move |key: Node| (key < end).then_some(key);
        std::iter::successors(at(map + 1), move |key| at(self.next(*key + 1)))
            .map(|key| (self.text(key), key + 1))
    }

    /// The value of the first entry with this key, if the node is a map that has one.
    pub(super) fn get(&self, map: Node, key: &[u8]) -> Option<Node> {
        if self.kind(map) != Kind::Map {
            return None;
        }
        let (_, value) = self.entries(map).find(|(name, _)| *name == key)?;
        Some(value)
    }
}
