//! One pass over MessagePack bytes: is this a value that JSON can carry, and where does it end?
//!
//! Everything that a worker sends passes here before any other code looks at it, so that a broken or hostile module can
//! neither corrupt a frame to a browser nor overflow the host's stack.

use rmp::Marker;
use thiserror::Error;

use crate::nils::Nils;

const NIL: u8 = 0xc0;

/// How large a value may be before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maps and lists inside each other.
    pub depth: usize,
    /// Values in all: every map, list, text, number, truth value and nil.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // A page of 380 nodes has about 3,000 values; the deepest page seen nests 14 levels.
        Self {
            depth: 64,
            values: 1_000_000,
        }
    }
}

/// Why bytes are no tree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// The bytes end inside a value.
    #[error("the MessagePack ends inside a value, at byte {at}")]
    Truncated {
        /// Offset where more was expected.
        at: usize,
    },
    /// There are bytes after the value.
    #[error("{extra} bytes follow the value that ends at byte {at}")]
    Trailing {
        /// Where the value ends.
        at: usize,
        /// How many bytes follow.
        extra: usize,
    },
    /// A type that JSON cannot carry.
    #[error("{what} at byte {at} can't be part of a UI tree")]
    Unsupported {
        /// Such as "binary data".
        what: &'static str,
        /// Offset of the value.
        at: usize,
    },
    /// A map key that isn't text.
    #[error("the map key at byte {at} is not text")]
    KeyNotText {
        /// Offset of the key.
        at: usize,
    },
    /// Text that isn't UTF-8.
    #[error("the text at byte {at} is not UTF-8")]
    NotUtf8 {
        /// Offset of the text.
        at: usize,
    },
    /// Too many levels.
    #[error("the tree is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Too many values.
    #[error("the tree has more than {limit} values")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The value is whole but of another kind than was asked for.
    #[error("expected {expected}")]
    WrongKind {
        /// Such as "a map".
        expected: &'static str,
    },
}

/// A reader over checked or unchecked bytes; every step is bounds-checked.
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    limits: Limits,
    values: usize,
    nils: Nils,
}

/// What stands at the scanner's place, its head consumed.
pub(crate) enum Head<'a> {
    Scalar,
    Text(&'a str),
    List(usize),
    Map(usize),
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: Limits) -> Self {
        Self {
            bytes,
            at: 0,
            limits,
            values: 0,
            nils: Nils::default(),
        }
    }

    /// The nils of the components that were stepped over.
    pub(crate) fn into_nils(self) -> Nils {
        self.nils.sorted()
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Steps over one whole value.
    pub(crate) fn skip(&mut self) -> Result<(), TreeError> {
        self.skip_at(0)
    }

    fn skip_at(&mut self, depth: usize) -> Result<(), TreeError> {
        if depth > self.limits.depth {
            return Err(TreeError::TooDeep {
                limit: self.limits.depth,
            });
        }
        let at = self.at;
        match self.head()? {
            Head::Scalar | Head::Text(_) => Ok(()),
            Head::List(count) => (0..count).try_for_each(|_| self.skip_at(depth + 1)),
            Head::Map(count) => self.skip_entries(at, count, depth),
        }
    }

    /// Steps over the entries of a map whose head begins at `start`, and notes its nils if it is a component.
    fn skip_entries(&mut self, start: usize, count: usize, depth: usize) -> Result<(), TreeError> {
        let head = start..self.at;
        let mut is_component = false;
        let mut nils = 0;
        for index in 0..count {
            let entry = self.at;
            let key = self.key()?;
            let value = self.at;
            self.skip_at(depth + 1)?;
            if index == 0 {
                is_component = key == "type" && self.is_text(value);
            } else if is_component && self.bytes[value] == NIL {
                self.nils.leave_out(entry..self.at);
                nils += 1;
            }
        }
        if nils > 0 {
            self.nils.shorten(head, count - nils);
        }
        Ok(())
    }

    /// Whether the value at a place that was stepped over is text.
    fn is_text(&self, at: usize) -> bool {
        matches!(
            Marker::from_u8(self.bytes[at]),
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32
        )
    }

    /// Reads a map's key.
    pub(crate) fn key(&mut self) -> Result<&'a str, TreeError> {
        let at = self.at;
        match self.head()? {
            Head::Text("__proto__") => Err(TreeError::Unsupported {
                // In JavaScript it would be no entry but what an object inherits from; decoders refuse all of the message.
                what: "the key `__proto__`",
                at,
            }),
            Head::Text(key) => Ok(key),
            _ => Err(TreeError::KeyNotText { at }),
        }
    }

    /// Reads the head of the next value, and all of it if it is a scalar or text.
    pub(crate) fn head(&mut self) -> Result<Head<'a>, TreeError> {
        self.values += 1;
        if self.values > self.limits.values {
            return Err(TreeError::TooLarge {
                limit: self.limits.values,
            });
        }
        let at = self.at;
        let marker = Marker::from_u8(self.take(1)?[0]);
        match marker {
            Marker::Null | Marker::True | Marker::False | Marker::FixPos(_) | Marker::FixNeg(_) => {
                Ok(Head::Scalar)
            }
            Marker::U8 | Marker::I8 => self.scalar(1),
            Marker::U16 | Marker::I16 => self.scalar(2),
            Marker::U32 | Marker::I32 => self.scalar(4),
            Marker::U64 | Marker::I64 => self.scalar(8),
            Marker::F32 => {
                let value = f64::from(f32::from_be_bytes(self.array()?));
                finite(value, at)
            }
            Marker::F64 => finite(f64::from_be_bytes(self.array()?), at),
            Marker::FixStr(length) => self.text(usize::from(length), at),
            Marker::Str8 | Marker::Str16 | Marker::Str32 => {
                let length = self.length(marker)?;
                self.text(length, at)
            }
            Marker::FixArray(count) => Ok(Head::List(usize::from(count))),
            Marker::Array16 | Marker::Array32 => Ok(Head::List(self.length(marker)?)),
            Marker::FixMap(count) => Ok(Head::Map(usize::from(count))),
            Marker::Map16 | Marker::Map32 => Ok(Head::Map(self.length(marker)?)),
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => Err(TreeError::Unsupported {
                what: "binary data",
                at,
            }),
            _ => Err(TreeError::Unsupported {
                what: "a MessagePack extension",
                at,
            }),
        }
    }

    fn scalar(&mut self, size: usize) -> Result<Head<'a>, TreeError> {
        self.take(size)?;
        Ok(Head::Scalar)
    }

    fn text(&mut self, length: usize, at: usize) -> Result<Head<'a>, TreeError> {
        let text = self.take(length)?;
        std::str::from_utf8(text)
            .map(Head::Text)
            .map_err(|_| TreeError::NotUtf8 { at })
    }

    fn length(&mut self, marker: Marker) -> Result<usize, TreeError> {
        Ok(match marker {
            Marker::Str8 => usize::from(self.take(1)?[0]),
            Marker::Str16 | Marker::Array16 | Marker::Map16 => {
                usize::from(u16::from_be_bytes(self.array()?))
            }
            _ => u32::from_be_bytes(self.array()?) as usize,
        })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], TreeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], TreeError> {
        let end = self.at.saturating_add(count);
        let Some(taken) = self.bytes.get(self.at..end) else {
            return Err(TreeError::Truncated {
                at: self.bytes.len(),
            });
        };
        self.at = end;
        Ok(taken)
    }
}

fn finite(value: f64, at: usize) -> Result<Head<'static>, TreeError> {
    if value.is_finite() {
        return Ok(Head::Scalar);
    }
    Err(TreeError::Unsupported {
        what: "a number that is not finite",
        at,
    })
}
