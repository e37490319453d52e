//! Secrets in what scripts print: hidden before anybody can read or keep it.

use std::ops::Range;

use super::secrets::in_base64;
use super::{CUT, Line};

/// Hides these secrets. Debug output doesn't show them.
#[derive(Clone, Default)]
pub struct Mask {
    secrets: Vec<String>,
}

/// Stands for a secret, whatever its length.
const HIDDEN: &str = "••••••";

/// Of fewer characters a secret is also part of many words, and hiding those would make the log unreadable and tell the secret.
const SHORT: usize = 4;

/// Whether a text goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Final,
    /// It may end within a secret.
    Open,
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Mask(…)")
    }
}

impl Mask {
    /// Hides these; empty ones are none.
    pub fn new<T: Into<String>>(secrets: impl IntoIterator<Item = T>) -> Self {
        let secrets = secrets.into_iter().map(Into::into);
        let mut secrets: Vec<String> = secrets.flat_map(|secret| ways_to_write(&secret)).collect();
        secrets.retain(|secret| !secret.is_empty());
        secrets.sort_unstable();
        secrets.dedup();
        Self { secrets }
    }

    /// A text without the secrets.
    #[must_use]
    pub fn line(&self, text: &str) -> String {
        hide(text, &self.found(text, End::Final))
    }

    /// A line of output without the secrets. If it is open or was cut, what may be the beginning of one is hidden too, and if a
    /// secret's first character was taken for the line's level, the rest is.
    #[must_use]
    pub fn output(&self, line: Line) -> Line {
        if self.secrets.is_empty() {
            return line;
        }
        let level = line.level.map(|level| level.to_string());
        let level = level.unwrap_or_default();
        let (text, cut) = match line.text.strip_suffix(CUT) {
            Some(text) => (text, CUT.to_string()),
            None => (line.text.as_str(), String::new()),
        };
        let end = if line.is_open || !cut.is_empty() {
            End::Open
        } else {
            End::Final
        };
        // A whole secret is hidden also where the sign for a cut follows, which may be the script's own.
        let mut found = self.found(&format!("{level}{text}"), end);
        found.extend(self.found(&format!("{level}{}", line.text), End::Final));
        let found = merged(found);
        let found: Vec<_> = found
            .into_iter()
            .map(|range| {
                let moved = |at: usize| at.saturating_sub(level.len());
                moved(range.start)..moved(range.end)
            })
            .filter(|range| !range.is_empty())
            .collect();
        let text = hide(&line.text, &found);
        Line { text, ..line }
    }

    /// Where secrets are, in order, without overlaps.
    fn found(&self, text: &str, end: End) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for secret in &self.secrets {
            let is_short = secret.chars().count() < SHORT;
            let hides = |range: &Range<usize>| !is_short || is_word(text, range);
            found.extend(occurrences(text, secret).filter(hides));
            if end == End::Open {
                found.extend(beginning(text, secret).filter(hides));
            }
        }
        merged(found)
    }
}

/// A secret as programs print it: as it is, and each line of it; quoted as by `set -x`, by `printf %q` and in JSON; with its blanks as the
/// shell leaves them where it isn't quoted; in Base64.
fn ways_to_write(secret: &str) -> Vec<String> {
    let mut ways = vec![secret.to_owned()];
    ways.extend(secret.lines().map(str::to_owned));
    ways.push(secret.replace('\'', r"'\''"));
    ways.push(escaped(secret, |char| {
        !char.is_alphanumeric() && !"_-./:,@%+=".contains(char)
    }));
    ways.push(escaped(secret, |char| matches!(char, '"' | '\\')));
    ways.push(secret.split_whitespace().collect::<Vec<_>>().join(" "));
    if secret.chars().count() >= SHORT {
        ways.extend(in_base64(secret.as_bytes()));
    }
    ways
}

/// With a backslash before each of these.
fn escaped(text: &str, is_special: impl Fn(char) -> bool) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        if is_special(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// All places, also those that overlap.
fn occurrences<'a>(text: &'a str, secret: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(secret)?;
        from = start + text[start..].chars().next().map_or(1, char::len_utf8);
        Some(start..start + secret.len())
    })
}

/// The longest beginning of the secret that the text ends with.
fn beginning(text: &str, secret: &str) -> Option<Range<usize>> {
    let lengths = secret.char_indices().map(|(at, _)| at).skip(1);
    let fits = |length: &usize| text.ends_with(&secret[..*length]);
    let length = lengths.filter(fits).last()?;
    Some(text.len() - length..text.len())
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let is_part = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    !is_part(text[..range.start].chars().next_back()) && !is_part(text[range.end..].chars().next())
}

fn hide(text: &str, ranges: &[Range<usize>]) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        hidden.push_str(&text[from..range.start]);
        hidden.push_str(HIDDEN);
        from = range.end;
    }
    hidden.push_str(&text[from..]);
    hidden
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(secrets: &[&str], text: &str, expected: &str) {
        assert_eq!(Mask::new(secrets.iter().copied()).line(text), expected);
    }

    #[track_caller]
    fn check_line(secret: &str, level: Option<u8>, text: &str, is_open: bool, expected: &str) {
        let line = Line {
            number: 3,
            level,
            text: text.to_owned(),
            is_open,
        };
        let expected = Line {
            text: expected.to_owned(),
            ..line.clone()
        };
        assert_eq!(Mask::new([secret]).output(line), expected);
    }

    #[test]
    fn secrets_are_hidden_wherever_they_are() {
        check(&["hunter2"], "a hunter2, xhunter2x", "a ••••••, x••••••x");
        check(&["hunter2", "hunter2000"], "hunter2000", "••••••");
        check(&["abcd", "cdef"], "xabcdefx", "x••••••x");
        check(&["aaaa"], "aaaaa b", "•••••• b");
        check(&["pässwörd€"], "=pässwörd€=", "=••••••=");
        check(&[], "text", "text");
        check(&[""], "text", "text");
        check(&["a b'c"], "a b'c", "••••••");
    }

    #[test]
    fn secrets_are_hidden_however_they_are_written() {
        let secret = "it's  my \"can\\ary<& ";
        for written in [
            r#"+ echo 'it'\''s  my "can\ary<& '"#,
            r#"it's my "can\ary<&"#,
            r#"it\'s\ \ my\ \"can\\ary\<\&\ "#,
            r#"{"a":"it's  my \"can\\ary<& "}"#,
            "aXQncyAgbXkgImNhblxhcnk8JiA=",
        ] {
            let shown = Mask::new([secret]).line(written);
            assert!(!shown.contains("ary") && !shown.contains("hbl"), "{shown}");
        }
        check(&["canary-one\ncanary-two\n"], "a canary-two", "a ••••••");
    }

    #[test]
    fn short_ones_are_hidden_as_words() {
        check(
            &["an"],
            "an answer to Ann: an",
            "•••••• answer to Ann: ••••••",
        );
        check(&["été"], "été l'étéx", "•••••• l'étéx");
        check(&["1"], "exit 1, 10", "exit ••••••, 10");
    }

    #[test]
    fn an_open_line_may_end_within_a_secret() {
        check_line("hunter2", None, "is hunt", true, "is ••••••");
        check_line("hunter2", None, "is h", true, "is ••••••");
        check_line("hunter2", None, "is h", false, "is h");
        check_line("hunter2", None, "hunter2 hun", true, "•••••• ••••••");
        check_line("abc", None, "xa", true, "xa");
        check_line("abc", None, "x ab", true, "x ••••••");
        check_line("éàü4", None, "éà", true, "••••••");
    }

    #[test]
    fn a_line_that_was_cut_may_end_within_a_secret() {
        check_line("hunter2", None, "is hunt…", false, "is ••••••…");
        check_line("hunter…2", None, "is hunter…2", false, "is ••••••");
        check_line("hunter…", None, "is hunter…", false, "is ••••••");
    }

    #[test]
    fn a_secrets_first_character_may_have_been_taken_for_the_level() {
        check_line("1hunter", Some(1), "hunter x", false, "•••••• x");
        check_line("1hunter", Some(2), "hunter x", false, "hunter x");
        check_line("1hunter", Some(1), "hun", true, "••••••");
        check_line("1hunter", Some(1), "", true, "");
        check_line("hunter", Some(1), "the hunter", false, "the ••••••");
    }

    #[test]
    fn it_tells_nobody() {
        assert_eq!(format!("{:?}", Mask::new(["hunter2"])), "Mask(…)");
    }

    proptest! {
        #[test]
        fn no_secret_gets_through(before in "[abé]*", secret in "[abé]{4,8}", after in "[abé]*", cut in 0..20usize) {
            let mask = Mask::new([secret.clone()]);
            let text = format!("{before}{secret}{after}");
            prop_assert!(!mask.line(&text).contains(&secret));
            let shown = text.floor_char_boundary(cut.min(text.len()));
            let line = Line { number: 0, level: None, text: text[..shown].to_owned(), is_open: true };
            let shown = mask.output(line).text;
            prop_assert!(!shown.contains(&secret));
            let first: String = secret.chars().take(1).collect();
            prop_assert!(!shown.ends_with(&first));
        }
    }
}
