//! Heads and texts as MessagePack writes them, always in the shortest form.

/// The markers of a family of formats: its head of one byte with the greatest count that this holds, and the markers
/// before counts of 8 (only texts have it), 16 and 32 bits.
struct Family {
    fix: u8,
    fix_most: usize,
    in_8: Option<u8>,
    in_16: u8,
    in_32: u8,
}

const MAP: Family = Family {
    fix: 0x80,
    fix_most: 15,
    in_8: None,
    in_16: 0xde,
    in_32: 0xdf,
};

const LIST: Family = Family {
    fix: 0x90,
    fix_most: 15,
    in_8: None,
    in_16: 0xdc,
    in_32: 0xdd,
};

const TEXT: Family = Family {
    fix: 0xa0,
    fix_most: 31,
    in_8: Some(0xd9),
    in_16: 0xda,
    in_32: 0xdb,
};

impl Family {
    fn put(&self, out: &mut Vec<u8>, count: usize) {
        match (u8::try_from(count), u16::try_from(count), self.in_8) {
            (Ok(small), ..) if count <= self.fix_most => out.push(self.fix | small),
            (Ok(small), _, Some(marker)) => out.extend_from_slice(&[marker, small]),
            (_, Ok(middle), _) => {
                out.push(self.in_16);
                out.extend_from_slice(&middle.to_be_bytes());
            }
            _ => {
                out.push(self.in_32);
                // What is longer came from no tree: a head holds 32 bits at most.
                out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
            }
        }
    }
}

/// Writes the head of a map of `count` entries.
pub(crate) fn put_map(out: &mut Vec<u8>, count: usize) {
    MAP.put(out, count);
}

/// Writes the head of a list of `count` items.
pub(crate) fn put_list(out: &mut Vec<u8>, count: usize) {
    LIST.put(out, count);
}

/// Writes a text, which is to be UTF-8.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    TEXT.put(out, text.len());
    out.extend_from_slice(text);
}

/// How many bytes `put_text` writes for a text of `length` bytes.
pub(crate) fn text_size(length: usize) -> usize {
    match length {
        0..=31 => 1 + length,
        32..=0xff => 2 + length,
        0x100..=0xffff => 3 + length,
        _ => 5 + length,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn heads_are_those_of_the_usual_encoder() {
        for count in [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536] {
            let text = "x".repeat(count);
            let mut out = Vec::new();
            put_text(&mut out, text.as_bytes());
            assert_eq!(out, rmp_serde::to_vec(&text).unwrap(), "{count}");
            assert_eq!(out.len(), text_size(count));

            let list = vec![1_u8; count];
            let mut head = Vec::new();
            put_list(&mut head, count);
            assert_eq!(
                [head, list.clone()].concat(),
                rmp_serde::to_vec(&list).unwrap()
            );
        }
    }
}
