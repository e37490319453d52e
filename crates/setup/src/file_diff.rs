//! The difference of two texts as people read it: unified, and never longer than a page can bear.

use std::time::Duration;

use similar::TextDiff;

/// Longer files aren't compared line by line.
pub(crate) const LONGEST: u64 = 1024 * 1024;
/// Bytes of a difference that are shown.
const SHOWN: usize = 256 * 1024;
/// After that time whatever is found is shown: it is right, but may be longer than need be.
const LIMIT: Duration = Duration::from_secs(2);
const CONTEXT: usize = 3;

/// Whether something was left away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unified {
    /// All of it.
    Whole(String),
    /// Its beginning.
    Cut(String),
    /// It is no text.
    Binary,
}

/// The difference between what was there and what is; nothing is an empty file.
pub(crate) fn unified(before: &[u8], after: &[u8]) -> Unified {
    let (Some(before), Some(after)) = (text(before), text(after)) else {
        return Unified::Binary;
    };
    let mut configured = TextDiff::configure();
    let diff = configured.timeout(LIMIT).diff_lines(before, after);
    let mut unified = diff.unified_diff();
    let mut all = unified.context_radius(CONTEXT).to_string();
    if all.len() <= SHOWN {
        return Unified::Whole(all);
    }
    let end = all.as_bytes()[..SHOWN]
        .iter()
        .rposition(|byte| *byte == b'\n');
    all.truncate(end.map_or(0, |end| end + 1));
    Unified::Cut(all)
}

fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_its_surroundings_and_says_where_a_last_newline_is_missing() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8";
        let expected = "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n-8\n+8\n\\ No newline at end of file\n";
        let Unified::Whole(found) = unified(before.as_bytes(), after.as_bytes()) else {
            panic!("it is short");
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_text_is_not_shown_and_what_is_long_is_cut_at_a_line() {
        assert_eq!(unified(b"a\0b", b""), Unified::Binary);
        assert_eq!(unified(b"", b"\xff"), Unified::Binary);
        let long = "a line of some length\n".repeat(40_000);
        let Unified::Cut(cut) = unified(b"", long.as_bytes()) else {
            panic!("it is long");
        };
        assert!(cut.len() <= SHOWN && cut.ends_with("+a line of some length\n"));
    }
}
