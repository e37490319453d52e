//! Where each value of a tree lies: one pass over checked bytes, after which a part is found and skipped without reading it.

use std::ops::Range;

/// Index of a value in a tape.
pub(super) type Node = usize;

/// The values of a tree in the order of its bytes. Of a map each key is followed by its value.
pub(super) struct Tape<'a> {
    bytes: &'a [u8],
    /// The last one is behind all values.
    places: Vec<Place>,
}

/// Values follow each other without gaps, so one ends where the next begins.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    /// The node after this one and all that is in it.
    next: u32,
}

/// What a value is, as far as a difference cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Text,
    List,
    Map,
}

/// By marker, the bytes of values that have always as many; 0 for the others.
const SIZES: [u8; 256] = sizes();

const fn sizes() -> [u8; 256] {
    let mut sizes = [0; 256];
    let mut marker = 0;
    while marker < 256 {
        sizes[marker] = match marker {
            0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => 1,
            0xa0..=0xbf => 1 + (marker as u8 & 0x1f),
            0xcc | 0xd0 => 2,
            0xcd | 0xd1 => 3,
            0xca | 0xce | 0xd2 => 5,
            0xcb | 0xcf | 0xd3 => 9,
            _ => 0,
        };
        marker += 1;
    }
    sizes
}

impl<'a> Tape<'a> {
    /// `None` of bytes that are no tree, or that 32 bits don't count.
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        u32::try_from(bytes.len()).ok()?;
        let mut tape = Self {
            bytes,
            // UI trees have a value every five to six bytes.
            places: Vec::with_capacity(bytes.len() / 5 + 2),
        };
        let end = tape.read(0, 1)?;
        if end != bytes.len() {
            return None;
        }
        tape.note(end);
        Some(tape)
    }

    /// Notes `count` values from `at` on, and all in them; gives where they end.
    fn read(&mut self, mut at: usize, count: usize) -> Option<usize> {
        for _ in 0..count {
            let marker = *self.bytes.get(at)?;
            at += match SIZES[usize::from(marker)] {
                0 => self.read_long(at, marker)? - at,
                size => {
                    self.note(at);
                    usize::from(size)
                }
            };
        }
        Some(at)
    }

    fn read_long(&mut self, at: usize, marker: u8) -> Option<usize> {
        let node = self.places.len();
        self.note(at);
        let end = match marker {
            0x90..=0x9f => self.read(at + 1, usize::from(marker & 0x0f))?,
            0x80..=0x8f => self.read(at + 1, 2 * usize::from(marker & 0x0f))?,
            0xd9 => at + 2 + self.count::<1>(at)?,
            0xda => at + 3 + self.count::<2>(at)?,
            0xdb => at + 5 + self.count::<4>(at)?,
            0xdc => self.read(at + 3, self.count::<2>(at)?)?,
            0xdd => self.read(at + 5, self.count::<4>(at)?)?,
            0xde => self.read(at + 3, 2 * self.count::<2>(at)?)?,
            0xdf => self.read(at + 5, 2 * self.count::<4>(at)?)?,
            _ => return None,
        };
        self.places[node].next = self.places.len() as u32;
        Some(end)
    }

    /// Notes a value in which there is no other.
    fn note(&mut self, at: usize) {
        self.places.push(Place {
            start: at as u32,
            next: self.places.len() as u32 + 1,
        });
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
        match self.bytes[self.start(node)] {
            0xa0..=0xbf | 0xd9..=0xdb => Kind::Text,
            0x90..=0x9f | 0xdc | 0xdd => Kind::List,
            0x80..=0x8f | 0xde | 0xdf => Kind::Map,
            _ => Kind::Scalar,
        }
    }

    fn start(&self, node: Node) -> usize {
        self.places[node].start as usize
    }

    /// Where a value's bytes are.
    pub(super) fn range(&self, node: Node) -> Range<usize> {
        self.start(node)..self.start(self.next(node))
    }

    /// A value's bytes, head included.
    pub(super) fn raw(&self, node: Node) -> &'a [u8] {
        &self.bytes[self.range(node)]
    }

    /// The bytes of a row of neighbours, from the first to the last.
    pub(super) fn raw_between(&self, first: Node, last: Node) -> &'a [u8] {
        &self.bytes[self.start(first)..self.range(last).end]
    }

    /// A text's own bytes.
    pub(super) fn text(&self, node: Node) -> &'a [u8] {
        let raw = self.raw(node);
        let head = match raw[0] {
            0xd9 => 2,
            0xda => 3,
            0xdb => 5,
            _ => 1,
        };
        &raw[head..]
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
