//! A tree that is being changed: only what a change passes through is taken apart, the rest stays bytes.

use crate::encode::{put_list, put_map, put_text};
use crate::scan::{Head, Limits, Scanner, TreeError};

/// A value, borrowed from checked trees as far as possible.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    /// Anything that nothing has looked into; scalars and texts are always this.
    Raw(&'a [u8]),
    List(Vec<Value<'a>>),
    /// No key stands twice.
    Map(Vec<(String, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Takes a list or map apart by one level; anything else stays as it is.
    pub(super) fn open(&mut self) -> Result<(), TreeError> {
        if let Self::Raw(bytes) = self {
            *self = Self::opened(bytes)?;
        }
        Ok(())
    }

    fn opened(bytes: &'a [u8]) -> Result<Self, TreeError> {
        let unlimited = Limits {
            depth: usize::MAX,
            values: usize::MAX,
        };
        let mut scanner = Scanner::new(bytes, unlimited);
        match scanner.head()? {
            Head::Scalar | Head::Text(_) => Ok(Self::Raw(bytes)),
            Head::List(count) => {
                let items = (0..count).map(|_| next(&mut scanner, bytes));
                Ok(Self::List(items.collect::<Result<_, _>>()?))
            }
            Head::Map(count) => {
                let mut entries = Vec::new();
                for _ in 0..count {
                    let key = scanner.key()?;
                    put(&mut entries, key, next(&mut scanner, bytes)?);
                }
                Ok(Self::Map(entries))
            }
        }
    }

    /// Writes the value; what was never opened is written as it came.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Raw(bytes) => out.extend_from_slice(bytes),
            Self::List(items) => {
                put_list(out, items.len());
                for item in items {
                    item.write(out);
                }
            }
            Self::Map(entries) => {
                put_map(out, entries.len());
                for (key, value) in entries {
                    put_text(out, key.as_bytes());
                    value.write(out);
                }
            }
        }
    }

    pub(super) fn to_msgpack(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// Whether it nests at most this many levels.
    pub(super) fn fits(&self, depth: usize) -> bool {
        let inner = |value: &Self| depth > 0 && value.fits(depth - 1);
        match self {
            Self::Raw(bytes) => {
                let values = usize::MAX;
                Scanner::new(bytes, Limits { depth, values }).skip().is_ok()
            }
            Self::List(items) => items.iter().all(inner),
            Self::Map(entries) => entries.iter().all(|(_, value)| inner(value)),
        }
    }
}

/// The value at the scanner's place, as bytes.
fn next<'a>(scanner: &mut Scanner<'a>, bytes: &'a [u8]) -> Result<Value<'a>, TreeError> {
    let start = scanner.at();
    scanner.skip()?;
    Ok(Value::Raw(&bytes[start..scanner.at()]))
}

/// Sets a key: in its place if it is there, else behind the others.
pub(super) fn put<'a>(entries: &mut Vec<(String, Value<'a>)>, key: &str, value: Value<'a>) {
    match entries.iter_mut().find(|(name, _)| name == key) {
        Some((_, old)) => *old = value,
        None => entries.push((key.to_owned(), value)),
    }
}
