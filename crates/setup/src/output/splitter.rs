//! Bytes that a program prints, in pieces of any size, to lines. However they are cut, the same lines come out.

use std::time::{Duration, Instant};

use super::escapes::Escapes;
use super::utf8::Utf8;
use super::{CUT, Line};

/// One program's output.
#[derive(Debug, Default)]
pub struct Splitter {
    levels: Levels,
    escapes: Escapes,
    utf8: Utf8,
    open: Open,
    /// Since when the open line has something that nobody was given.
    waiting_since: Option<Instant>,
    lines: Vec<Line>,
}

/// What a digit at the beginning of a line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Levels {
    /// The line's level.
    #[default]
    Digits,
    /// Text, as in "0 upgraded, 1 newly installed".
    None,
}

/// The line that isn't finished.
#[derive(Debug, Default)]
struct Open {
    number: u64,
    /// Whether anything of it has come: the first byte tells its level.
    has_begun: bool,
    level: Option<u8>,
    text: String,
    is_cut: bool,
    /// After a carriage return, which a line feed may follow.
    is_returned: bool,
    /// As it was last given.
    given: Option<(Option<u8>, String)>,
}

/// Bytes of text of one line. More can't be read by people, and must not fill memory.
const LONGEST: usize = 8 * 1024;

/// How long what has no line feed yet is kept back.
const PATIENCE: Duration = Duration::from_millis(200);

impl Splitter {
    /// For a program that knows nothing of levels.
    #[must_use]
    pub fn without_levels() -> Self {
        Self {
            levels: Levels::None,
            ..Self::default()
        }
    }

    /// Takes what was printed and gives the lines that it finishes.
    pub fn push(&mut self, mut bytes: &[u8], now: Instant) -> Vec<Line> {
        while let Some(first) = bytes.first() {
            let length = match self.escapes {
                Escapes::Outside => bytes.iter().take_while(|byte| is_text(**byte)).count(),
                _ => 0,
            };
            let (run, rest) = bytes.split_at(length.max(1));
            if length == 0 {
                self.control(*first);
            } else {
                self.text(run);
            }
            bytes = rest;
        }
        if !self.open.has_news() {
            self.waiting_since = None;
        } else if !self.lines.is_empty() || self.waiting_since.is_none() {
            self.waiting_since = Some(now);
        }
        std::mem::take(&mut self.lines)
    }

    /// When [`Self::flush_open`] will have something, if nothing more comes.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.waiting_since.map(|since| since + PATIENCE)
    }

    /// The line that isn't finished, if it has waited for long enough and wasn't given as it is. It will come again.
    pub fn flush_open(&mut self, now: Instant) -> Option<Line> {
        if self.due()? > now {
            return None;
        }
        self.waiting_since = None;
        self.open.given = Some((self.open.level, self.open.text.clone()));
        Some(self.open.line(true))
    }

    /// Nothing more comes: the last line, if it has no line feed.
    pub fn finish(&mut self) -> Option<Line> {
        self.end_text();
        self.escapes = Escapes::Outside;
        self.waiting_since = None;
        let is_there =
            self.open.given.is_some() || self.open.level.is_some() || !self.open.text.is_empty();
        is_there.then(|| self.open.end())
    }

    fn control(&mut self, byte: u8) {
        let belongs = self.escapes.take(byte);
        if !belongs && is_text(byte) {
            self.text(&[byte]);
            return;
        }
        self.end_text();
        match byte {
            b'\n' => self.lines.push(self.open.end()),
            b'\r' => self.open.is_returned = true,
            // What is printed after a carriage return replaces the line, be it that it can't be seen.
            _ => self.open.begin(),
        }
    }

    fn text(&mut self, bytes: &[u8]) {
        let bytes = match self.levels {
            Levels::Digits => self.open.take_level(bytes),
            Levels::None => {
                self.open.begin();
                bytes
            }
        };
        self.utf8.push(bytes, |text| self.open.push(text));
    }

    fn end_text(&mut self) {
        self.utf8.end(|text| self.open.push(text));
    }
}

impl Open {
    /// Something of it comes.
    fn begin(&mut self) {
        if std::mem::take(&mut self.is_returned) {
            self.text.clear();
            self.level = None;
            self.is_cut = false;
        }
        self.has_begun = true;
    }

    /// The first byte, if it is a level, is no text.
    fn take_level<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let is_first = !self.has_begun || self.is_returned;
        self.begin();
        match bytes {
            [digit @ b'0'..=b'8', rest @ ..] if is_first => {
                self.level = Some(digit - b'0');
                rest
            }
            _ => bytes,
        }
    }

    fn push(&mut self, text: &str) {
        // U+0080 to U+009F are control characters; all begin with this byte.
        if text.as_bytes().contains(&0xc2) {
            for part in text.split(|character: char| character.is_control() && character != '\t') {
                self.push_clean(part);
            }
        } else {
            self.push_clean(text);
        }
    }

    fn push_clean(&mut self, text: &str) {
        if self.is_cut {
            return;
        }
        let room = LONGEST - self.text.len();
        if text.len() <= room {
            self.text.push_str(text);
            return;
        }
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
        self.text.push(CUT);
        self.is_cut = true;
    }

    fn has_news(&self) -> bool {
        match &self.given {
            Some((level, text)) => (*level, text) != (self.level, &self.text),
            None => !self.text.is_empty(),
        }
    }

    fn line(&self, is_open: bool) -> Line {
        Line {
            number: self.number,
            level: self.level,
            text: self.text.clone(),
            is_open,
        }
    }

    /// Gives it finished, and begins the next one.
    fn end(&mut self) -> Line {
        let next = Self {
            number: self.number + 1,
            ..Self::default()
        };
        let ended = std::mem::replace(self, next);
        Line {
            number: ended.number,
            level: ended.level,
            text: ended.text,
            is_open: false,
        }
    }
}

/// Whether a byte is one of a text: no control character, but for the tab.
fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= 0x20 && byte != 0x7f)
}

#[cfg(test)]
#[path = "splitter_tests.rs"]
mod tests;
