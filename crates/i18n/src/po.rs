//! Catalogues as translators write them (the GNU gettext manual, "The Format of PO Files"): entries, or what is wrong with one.

use std::collections::BTreeSet;

use crate::{Message, message};

/// A message and its translation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    context: Option<Vec<u8>>,
    id: Vec<u8>,
    plural: Option<Vec<u8>>,
    /// One, or one for each form of the plural.
    translations: Vec<Vec<u8>>,
    /// Somebody has to look at it first.
    is_fuzzy: bool,
    /// Where it begins.
    line: usize,
}

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// What belongs there.
    pub message: Message,
}

/// Which text of a message comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Context,
    Id,
    Plural,
    Translation(usize),
}

#[derive(Debug, Default)]
struct Reader {
    messages: Vec<Entry>,
    open: Option<Entry>,
    part: Option<Part>,
    /// Of the message that comes next.
    is_fuzzy: bool,
    known: BTreeSet<Vec<u8>>,
}

impl Entry {
    /// What it is found by.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        let mut key = Vec::new();
        if let Some(context) = &self.context {
            key.extend_from_slice(context);
            key.push(4);
        }
        key.extend_from_slice(&self.id);
        key
    }

    /// What is found by, and the form that goes with it.
    #[must_use]
    pub fn original(&self) -> Vec<u8> {
        let mut original = self.key();
        if let Some(plural) = &self.plural {
            original.push(0);
            original.extend_from_slice(plural);
        }
        original
    }

    /// All its forms, with a NUL between them.
    #[must_use]
    pub fn translation(&self) -> Vec<u8> {
        self.translations.join(&0)
    }

    /// The first message, with an empty original, tells about the catalogue.
    fn is_header(&self) -> bool {
        self.id.is_empty() && self.context.is_none()
    }

    /// Whether programs should use it.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let is_translated = self.translations.iter().any(|text| !text.is_empty());
        is_translated && (self.is_header() || !self.is_fuzzy)
    }
}

/// All entries of a catalogue.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = Reader::default();
    let mut last = 0;
    for (line, text) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        reader.line(line, text.trim_ascii())?;
        last = line;
    }
    reader.end_message(last)?;
    check_charset(&reader.messages)?;
    Ok(reader.messages)
}

impl Reader {
    fn line(&mut self, line: usize, text: &[u8]) -> Result<(), Problem> {
        if text.is_empty() || text.starts_with(b"#") {
            return self.comment(line, text);
        }
        if text.starts_with(b"\"") {
            let more = quoted(line, text)?;
            return match self.text() {
                Some(text) => {
                    text.extend_from_slice(&more);
                    Ok(())
                }
                None => Err(problem(
                    line,
                    message!("a text belongs to a msgid or msgstr before it"),
                )),
            };
        }
        let end = text
            .iter()
            .position(|byte| matches!(byte, b' ' | b'\t' | b'"'));
        let (keyword, rest) = text.split_at(end.unwrap_or(text.len()));
        self.begin(line, part_of(line, keyword)?)?;
        let first = quoted(line, rest.trim_ascii_start())?;
        if let Some(text) = self.text() {
            text.extend_from_slice(&first);
        }
        Ok(())
    }

    fn comment(&mut self, line: usize, text: &[u8]) -> Result<(), Problem> {
        // A comment after a translation belongs to the next message.
        if matches!(self.part, Some(Part::Translation(_))) && text.starts_with(b"#") {
            self.end_message(line)?;
        }
        if let Some(flags) = text.strip_prefix(b"#,") {
            let mut flags = flags.split(|byte| *byte == b',');
            self.is_fuzzy |= flags.any(|flag| flag.trim_ascii() == b"fuzzy");
        }
        Ok(())
    }

    fn begin(&mut self, line: usize, part: Part) -> Result<(), Problem> {
        let after = self.part;
        let fits = match part {
            Part::Context | Part::Id if matches!(after, None | Some(Part::Translation(_))) => {
                self.end_message(line)?;
                self.open = Some(Entry {
                    line,
                    is_fuzzy: std::mem::take(&mut self.is_fuzzy),
                    ..Entry::default()
                });
                true
            }
            Part::Context => false,
            Part::Id => after == Some(Part::Context),
            Part::Plural => after == Some(Part::Id),
            Part::Translation(0) => matches!(after, Some(Part::Id | Part::Plural)),
            Part::Translation(index) => after == Some(Part::Translation(index - 1)),
        };
        let Some(message) = self.open.as_mut().filter(|_| fits) else {
            let name = name_of(part);
            return Err(problem(
                line,
                message!("{word} doesn't belong here", word = name),
            ));
        };
        match part {
            Part::Context => message.context = Some(Vec::new()),
            Part::Id => {}
            Part::Plural => message.plural = Some(Vec::new()),
            Part::Translation(_) => message.translations.push(Vec::new()),
        }
        self.part = Some(part);
        Ok(())
    }

    /// The text that goes on.
    fn text(&mut self) -> Option<&mut Vec<u8>> {
        let message = self.open.as_mut()?;
        match self.part? {
            Part::Context => message.context.as_mut(),
            Part::Id => Some(&mut message.id),
            Part::Plural => message.plural.as_mut(),
            Part::Translation(_) => message.translations.last_mut(),
        }
    }

    fn end_message(&mut self, line: usize) -> Result<(), Problem> {
        let part = self.part.take();
        let Some(message) = self.open.take() else {
            return Ok(());
        };
        if !matches!(part, Some(Part::Translation(_))) {
            return Err(problem(line, message!("a msgstr is missing before this")));
        }
        if !self.known.insert(message.key()) {
            let shown = String::from_utf8_lossy(&message.id).into_owned();
            return Err(problem(
                message.line,
                message!(
                    "{text} was translated before: remove one",
                    text = format!("{shown:?}")
                ),
            ));
        }
        self.messages.push(message);
        Ok(())
    }
}

fn part_of(line: usize, keyword: &[u8]) -> Result<Part, Problem> {
    let index = keyword.strip_prefix(b"msgstr[").and_then(|rest| {
        std::str::from_utf8(rest.strip_suffix(b"]")?)
            .ok()?
            .parse()
            .ok()
    });
    match (keyword, index) {
        (b"msgctxt", _) => Ok(Part::Context),
        (b"msgid", _) => Ok(Part::Id),
        (b"msgid_plural", _) => Ok(Part::Plural),
        (b"msgstr", _) => Ok(Part::Translation(0)),
        (_, Some(index)) => Ok(Part::Translation(index)),
        _ => {
            let shown = String::from_utf8_lossy(keyword).into_owned();
            Err(problem(
                line,
                message!(
                    "{text} is no word of a catalogue: msgid and msgstr are",
                    text = format!("{shown:?}")
                ),
            ))
        }
    }
}

fn name_of(part: Part) -> &'static str {
    match part {
        Part::Context => "msgctxt",
        Part::Id => "msgid",
        Part::Plural => "msgid_plural",
        Part::Translation(_) => "msgstr",
    }
}

fn problem(line: usize, message: Message) -> Problem {
    Problem { line, message }
}

/// A text in quotes that fills the rest of a line.
fn quoted(line: usize, text: &[u8]) -> Result<Vec<u8>, Problem> {
    let Some(mut rest) = text.strip_prefix(b"\"") else {
        let message = message!("a text in quotes belongs here, such as msgstr \"text\"");
        return Err(problem(line, message));
    };
    let mut content = Vec::new();
    loop {
        let Some((first, after)) = rest.split_first() else {
            return Err(problem(
                line,
                message!("the quote at the end of the text is missing"),
            ));
        };
        rest = after;
        match first {
            b'"' if rest.is_empty() => return Ok(content),
            b'"' => {
                let message =
                    message!("a quote within a text is written {escape}", escape = "\\\"");
                return Err(problem(line, message));
            }
            b'\\' => {
                let (byte, after) = escape(rest)
                    .ok_or_else(|| problem(line, message!("after \\ comes n, t, \\ or \"")))?;
                content.push(byte);
                rest = after;
            }
            byte => content.push(*byte),
        }
    }
}

/// What follows a backslash, as in C.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let (first, rest) = text.split_first()?;
    let byte = match first {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'\\' | b'"' | b'\'' | b'?' => *first,
        b'x' => return number(rest, 16, 2),
        b'0'..=b'7' => return number(text, 8, 3),
        _ => return None,
    };
    Some((byte, rest))
}

fn number(text: &[u8], radix: u32, longest: usize) -> Option<(u8, &[u8])> {
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let count = text.iter().take(longest).take_while(is_digit).count();
    let (digits, rest) = text.split_at(count);
    let number = u8::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    Some((number, rest))
}

/// A catalogue in UTF-8, which is what one is that doesn't say, has to be that.
fn check_charset(messages: &[Entry]) -> Result<(), Problem> {
    let header = messages.iter().find(|message| message.is_header());
    let header = header.map(Entry::translation).unwrap_or_default();
    let header = String::from_utf8_lossy(&header).to_lowercase();
    let charset = header.split("charset=").nth(1).unwrap_or("utf-8");
    if !charset.starts_with("utf-8") && !charset.starts_with("charset") {
        return Ok(());
    }
    let is_text = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok();
    let bad = messages
        .iter()
        .find(|message| !is_text(&message.original()) || !is_text(&message.translation()));
    match bad {
        Some(message) => Err(problem(
            message.line,
            message!("this message isn't in UTF-8"),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "po_tests.rs"]
mod tests;
