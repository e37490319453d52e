//! A file's text and its lines: from a byte offset to line and column, and the piece of text that a problem marks.
//! Also what makes foreign text safe to print.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// The text of one file, shared by all problems found in it.
#[derive(Debug)]
pub(crate) struct SourceText {
    text: Arc<str>,
    line_starts: Vec<usize>,
}

/// A marked place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snippet {
    /// The whole file.
    pub(crate) text: Arc<str>,
    /// The marked bytes: on one line, or its line end; empty only at the end of the file.
    pub(crate) mark: Range<usize>,
    /// Bytes of the line that holds the mark.
    pub(crate) line_bytes: usize,
}

impl SourceText {
    pub(crate) fn new(text: &str) -> Self {
        SourceText {
            text: text.into(),
            line_starts: line_starts(text),
        }
    }

    /// Line and column, both from 1; the column counts characters. An offset past the end is the end.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        (line, self.text[start..offset].chars().count() + 1)
    }

    /// The offset of a line and a column, both from 1; the end of the line if it is shorter, of the file if there are fewer.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.line_starts.get(line.saturating_sub(1)) else {
            return self.text.len();
        };
        let line = self.line_around(*start);
        let mut characters = self.text[line.clone()].char_indices();
        let column = characters.nth(column.saturating_sub(1));
        column.map_or(line.end, |(offset, _)| start + offset)
    }

    /// The word that stands at `offset`, without a space or punctuation after it.
    pub(crate) fn word(&self, offset: usize) -> Range<usize> {
        let rest = &self.text[offset..];
        let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '.');
        let length = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
        offset..offset + length
    }

    /// Marks `at`, or of a longer span the part on its first line.
    pub(crate) fn snippet(&self, at: &Range<usize>) -> Snippet {
        let line = self.line_around(at.start);
        let start = self.text.floor_char_boundary(at.start).min(line.end);
        let one = self.text[start..].chars().next().map_or(0, char::len_utf8);
        let end = self.text.floor_char_boundary(at.end).min(line.end);
        Snippet {
            text: Arc::clone(&self.text),
            mark: start..end.max(start + one),
            line_bytes: line.len(),
        }
    }

    /// The line that holds `offset`, without its line end.
    fn line_around(&self, offset: usize) -> Range<usize> {
        let next = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[next - 1];
        let end = self.line_starts.get(next).copied();
        let line = &self.text[start..end.unwrap_or(self.text.len())];
        start..start + line.trim_end_matches(['\r', '\n']).len()
    }
}

/// Where lines start. `\n`, `\r\n` and a lone `\r` end a line, which is also how miette counts.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(index, byte)| {
        **byte == b'\n' || (**byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'))
    });
    std::iter::once(0)
        .chain(ends.map(|(index, _)| index + 1))
        .collect()
}

/// `text` without what could drive a terminal or reorder a line: a manifest comes from anywhere. Each such
/// character is replaced by one of the same number of bytes, so that offsets stay true.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(stand_in).collect())
}

fn is_unsafe(char: char) -> bool {
    let line_end_or_tab = matches!(char, '\n' | '\r' | '\t');
    let bidirectional =
        matches!(char, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    bidirectional || (char.is_control() && !line_end_or_tab)
}

fn stand_in(char: char) -> char {
    match char {
        safe if !is_unsafe(safe) => safe,
        one_byte if one_byte.len_utf8() == 1 => '?',
        two_bytes if two_bytes.len_utf8() == 2 => '¿',
        _ => '\u{FFFD}',
    }
}

/// `text` in quotes with control characters escaped, cut to a length that fits a sentence.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => format!("{text:?}"),
        Some((cut, _)) => format!("{:?}…", &text[..cut]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = SourceText::new("é\t漢x\r\ny\rz");
        let places: Vec<_> = ["x", "y", "z"]
            .map(|part| text.position(text.text.find(part).unwrap_or_default()))
            .into();
        assert_eq!(places, [(1, 4), (2, 1), (3, 1)]);
        assert_eq!(text.position(99), (3, 2));
    }

    #[test]
    fn a_mark_stays_on_one_line_and_is_never_empty() {
        let text = SourceText::new("{\r\n  \"é\"\n}");
        assert_eq!(text.snippet(&(0..11)).mark, 0..1);
        assert_eq!(text.snippet(&(5..5)).mark, 5..6);
        assert_eq!(text.snippet(&(6..6)).mark, 6..8);
        assert_eq!(SourceText::new("").snippet(&(0..0)).mark, 0..0);
    }

    #[test]
    fn offsets_are_where_positions_say() {
        let text = SourceText::new("é\t漢x = 1\r\ny");
        assert_eq!(text.position(text.offset(1, 4)), (1, 4));
        assert_eq!(text.position(text.offset(2, 1)), (2, 1));
        assert_eq!(text.position(text.offset(1, 99)), (1, 9));
        assert_eq!(text.offset(99, 1), text.text.len());
        assert_eq!(&text.text[text.word(text.offset(1, 3))], "漢x");
    }

    #[test]
    fn printable_text_keeps_its_offsets() {
        let foreign = "a\u{1b}[31m\u{85}\u{202e}é\n";
        assert_eq!(printable(foreign), "a?[31m¿\u{FFFD}é\n");
        assert_eq!(printable(foreign).len(), foreign.len());
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(quoted("a\"b"), r#""a\"b""#);
        assert_eq!(quoted(&"é".repeat(61)), format!("\"{}\"…", "é".repeat(60)));
    }
}
