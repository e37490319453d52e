//! Terminal sequences, byte by byte (ECMA-48): where one begins and ends, however it is cut into pieces.

/// How far into a sequence we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Escapes {
    /// In none.
    #[default]
    Outside,
    /// After the escape character.
    Escape,
    /// After one that takes intermediate bytes, such as `ESC ( B`.
    Intermediate,
    /// `ESC [`, up to its final byte.
    Control,
    /// `ESC ]` and its like: text for the terminal, up to BEL or `ESC \`.
    Text,
    /// After the escape character within such a text.
    TextEscape,
}

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
/// CAN and SUB break a sequence off.
const BREAK_OFF: [u8; 2] = [0x18, 0x1a];

impl Escapes {
    /// Takes the next byte. Returns whether it belongs to a sequence. A line's end never does: it breaks one off, so that what is
    /// torn doesn't swallow what follows.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let (next, belongs) = match (*self, byte) {
            (Self::Outside, ESCAPE) => (Self::Escape, true),
            (Self::Outside, _) | (_, b'\n' | b'\r') => (Self::Outside, false),
            (_, byte) if BREAK_OFF.contains(&byte) => (Self::Outside, true),
            (Self::Text, ESCAPE) => (Self::TextEscape, true),
            (Self::Text, BELL) | (Self::TextEscape, b'\\') => (Self::Outside, true),
            (Self::Text, _) => (Self::Text, true),
            (_, ESCAPE) => (Self::Escape, true),
            // Other control characters within a sequence are none of its bytes, but they don't end it.
            (state, 0..0x20 | 0x7f) => (state, true),
            (Self::Escape | Self::TextEscape, byte) => Self::begin(byte),
            (Self::Intermediate, 0x20..=0x2f) => (Self::Intermediate, true),
            (Self::Control, 0x20..=0x3f) => (Self::Control, true),
            (Self::Intermediate | Self::Control, 0x30..=0x7e) => (Self::Outside, true),
            // No sequence goes beyond ASCII.
            (Self::Intermediate | Self::Control, _) => (Self::Outside, false),
        };
        *self = next;
        belongs
    }

    fn begin(byte: u8) -> (Self, bool) {
        match byte {
            b'[' => (Self::Control, true),
            b']' | b'P' | b'X' | b'^' | b'_' => (Self::Text, true),
            0x20..=0x2f => (Self::Intermediate, true),
            0x30..=0x7e => (Self::Outside, true),
            _ => (Self::Outside, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left, with control characters.
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let mut escapes = Escapes::default();
        let left: Vec<u8> = bytes
            .iter()
            .copied()
            .filter(|byte| !escapes.take(*byte))
            .collect();
        assert_eq!(String::from_utf8_lossy(&left), expected, "{bytes:?}");
    }

    #[test]
    fn control_sequences_go_as_a_whole() {
        check(b"\x1b[1;31mred\x1b[0m", "red");
        check(b"clear \x1b[K my line", "clear  my line");
        check(b"\x1b[?25l\x1b[2 qx\x1b[200~", "x");
        check(b"a\x1b[\x1b[1mb", "ab");
        check(b"a\x1b[1\x07mb", "ab");
        check("a\x1b[1é".as_bytes(), "aé");
    }

    #[test]
    fn texts_for_the_terminal_go_as_a_whole() {
        check(b"\x1b]0;title\x07x", "x");
        check(b"\x1b]8;;http://a/\x1b\\link\x1b]8;;\x1b\\.", "link.");
        check("\x1bPé\x1b\\x".as_bytes(), "x");
        check(b"\x1b]0;a\x1b[1mb", "b");
        check(b"\x1b]0;a\x1b\x1b\\b", "b");
    }

    #[test]
    fn short_ones_go_too() {
        check(b"\x1b(Ba\x1b=b\x1bMc\x1b#8d", "abcd");
        check(b"a\x18b", "a\x18b");
        check(b"\x1b[1\x18b", "b");
    }

    #[test]
    fn what_is_torn_ends_with_the_line() {
        check(b"\x1b]0;never ended\nx", "\nx");
        check(b"\x1b[1\r\nmx", "\r\nmx");
        check(b"\x1b\nx", "\nx");
    }
}
