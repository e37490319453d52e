//! What a script prints: bytes become lines with a level, and lines become spans. Pure: time is given.

mod escapes;
mod mask;
mod secrets;
mod spans;
mod splitter;
mod utf8;

use serde::Serialize;

pub use mask::Mask;
pub use secrets::Secrets;
pub use spans::spans;
pub use splitter::Splitter;

/// What a line that was too long ends with.
const CUT: char = '…';

/// A line of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from 0 within one splitter. A line that isn't finished is given again under its number when it grows.
    pub number: u64,
    /// The digit that it began with, from 0 to 8; it isn't part of the text.
    pub level: Option<u8>,
    /// Without terminal sequences and other control characters.
    pub text: String,
    /// Whether its end is still to come.
    pub is_open: bool,
}

/// A piece of a line as people see it. A line break inside of a line is a `\n` in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Plain text.
    pub text: String,
    /// Whether it is strong.
    pub bold: bool,
    /// Where it leads: an `http:` or `https:` address.
    pub href: Option<String>,
}
