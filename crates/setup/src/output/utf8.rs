//! Bytes to text as they come: a character that is cut waits for its rest, and each byte that belongs to none becomes U+FFFD.

/// Keeps what is cut.
#[derive(Debug, Clone, Default)]
pub(super) struct Utf8 {
    /// The beginning of a character; never more than 3 bytes.
    cut: Vec<u8>,
}

impl Utf8 {
    /// Gives the text that these bytes end, piece by piece.
    pub(super) fn push(&mut self, bytes: &[u8], mut give: impl FnMut(&str)) {
        if self.cut.is_empty() {
            let left = decode(bytes, &mut give);
            self.cut.extend_from_slice(left);
            return;
        }
        // At most 3 more bytes belong to it; the rest needn't be copied.
        let (first, rest) = bytes.split_at(bytes.len().min(3));
        let mut together = std::mem::take(&mut self.cut);
        together.extend_from_slice(first);
        let left = decode(&together, &mut give).to_vec();
        if left.len() <= 3 && rest.is_empty() {
            self.cut = left;
        } else {
            // What is left began within `first`, so `rest` follows it in `bytes`.
            let from = first.len() - left.len().min(first.len());
            let left = decode(&bytes[from..], &mut give);
            self.cut.extend_from_slice(left);
        }
    }

    /// No more follows.
    pub(super) fn end(&mut self, mut give: impl FnMut(&str)) {
        for _ in self.cut.drain(..) {
            give("\u{fffd}");
        }
    }
}

/// Gives the text and returns the beginning of a character at its end.
fn decode<'a>(mut bytes: &'a [u8], give: &mut impl FnMut(&str)) -> &'a [u8] {
    while !bytes.is_empty() {
        let error = match std::str::from_utf8(bytes) {
            Ok(text) => {
                give(text);
                return &[];
            }
            Err(error) => error,
        };
        let (good, bad) = bytes.split_at(error.valid_up_to());
        // It is good, as that is what was said.
        give(std::str::from_utf8(good).unwrap_or_default());
        let Some(length) = error.error_len() else {
            return bad;
        };
        for _ in 0..length {
            give("\u{fffd}");
        }
        bytes = &bad[length..];
    }
    &[]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> String {
        let mut text = String::new();
        let mut utf8 = Utf8::default();
        for piece in pieces {
            utf8.push(piece, |part| text.push_str(part));
        }
        utf8.end(|part| text.push_str(part));
        text
    }

    #[test]
    fn each_bad_byte_is_one_replacement() {
        for (bytes, expected) in [
            (b"\xe9t\xe9".as_slice(), "\u{fffd}t\u{fffd}"),
            (b"\xe2\x82", "\u{fffd}\u{fffd}"),
            (b"\xe2\x82x", "\u{fffd}\u{fffd}x"),
            (b"\xf0\x9f\x98\xc3\xa9", "\u{fffd}\u{fffd}\u{fffd}é"),
            (b"\xc0\x80", "\u{fffd}\u{fffd}"),
            ("€𝄞".as_bytes(), "€𝄞"),
        ] {
            assert_eq!(read(&[bytes]), expected, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            bytes in prop::collection::vec(prop_oneof![Just(0xe2), Just(0x82), Just(0xac), Just(0xf0), Just(0x9f), any::<u8>()], 0..40),
            cuts in prop::collection::vec(0..40usize, 0..10),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&pieces), read(&[&bytes]));
        }
    }
}
