//! What comes out of a splitter: by example, and whatever goes in.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::*;

/// All finished lines of an output that comes in these pieces: level and text.
fn split(pieces: &[&[u8]]) -> Vec<(Option<u8>, String)> {
    let mut splitter = Splitter::default();
    let now = Instant::now();
    let mut lines = Vec::new();
    for piece in pieces {
        lines.extend(splitter.push(piece, now));
    }
    lines.extend(splitter.finish());
    for (number, line) in (0..).zip(&lines) {
        assert_eq!((line.number, line.is_open), (number, false));
    }
    let both = |line: Line| (line.level, line.text);
    lines.into_iter().map(both).collect()
}

#[track_caller]
fn check(bytes: impl AsRef<[u8]>, expected: &[(Option<u8>, &str)]) {
    let bytes = bytes.as_ref();
    let expected: Vec<_> = expected
        .iter()
        .map(|(level, text)| (*level, (*text).to_owned()))
        .collect();
    assert_eq!(split(&[bytes]), expected);
    let single: Vec<_> = bytes.chunks(1).collect();
    assert_eq!(split(&single), expected, "byte by byte");
}

#[test]
fn lines_end_with_a_line_feed() {
    check("", &[]);
    check("a\nb", &[(None, "a"), (None, "b")]);
    check(
        "a\r\n\r\n\nb\r\n",
        &[(None, "a"), (None, ""), (None, ""), (None, "b")],
    );
    check("a\r\r\nb", &[(None, "a"), (None, "b")]);
    check("a\u{2028}b\u{b}c\u{c}\n", &[(None, "a\u{2028}bc")]);
}

#[test]
fn what_follows_a_carriage_return_replaces_the_line() {
    check("10%\r20%\r30%\nend", &[(Some(3), "0%"), (None, "end")]);
    check(" 10%\r 20%\r", &[(None, " 20%")]);
    check("1first\rsecond\n", &[(None, "second")]);
    check("\r1first\n", &[(Some(1), "first")]);
    check("long text\r\x1b[Kshort\n", &[(None, "short")]);
    check("gone\r\x1b[K\n", &[(None, "")]);
}

#[test]
fn the_first_byte_is_the_level() {
    check(
        "127.0.0.1 x\n2013-01-01\n9 x\n8Bold\n0\n",
        &[
            (Some(1), "27.0.0.1 x"),
            (Some(2), "013-01-01"),
            (None, "9 x"),
            (Some(8), "Bold"),
            (Some(0), ""),
        ],
    );
    check(
        "\x1b[1m7text\n\u{7}2x\n\t1\n x7\n",
        &[(None, "7text"), (None, "2x"), (None, "\t1"), (None, " x7")],
    );
    check("\u{ff11}x", &[(None, "\u{ff11}x")]);
}

#[test]
fn control_characters_go_and_the_tab_stays() {
    check(
        "a\u{8}b\tc\u{7f}d\u{0}e\u{85}f\u{a0}g",
        &[(None, "ab\tcdef\u{a0}g")],
    );
    check("\u{a1}\tolé\t\u{85}x", &[(None, "\u{a1}\tolé\tx")]);
    check(
        b"caf\xe9 \xe2\x82\nx",
        &[(None, "caf\u{fffd} \u{fffd}\u{fffd}"), (None, "x")],
    );
    check(
        b"\xe2\x1b[1m\x82\xac",
        &[(None, "\u{fffd}\u{fffd}\u{fffd}")],
    );
    check("\x1b[0m", &[]);
}

#[test]
fn a_long_line_is_cut() {
    let long = "é".repeat(5000);
    let cut = format!("{}…", "é".repeat(LONGEST / 2));
    check(format!("{long}x\nnext"), &[(None, &cut), (None, "next")]);
    let exact = "x".repeat(LONGEST);
    check(&exact, &[(None, &exact)]);
    check(format!("{exact}\rshort"), &[(None, "short")]);
}

#[test]
fn an_open_line_is_given_after_200_ms_and_again_when_it_grows() {
    let start = Instant::now();
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    let open = |text: &str| {
        Some(Line {
            number: 1,
            level: None,
            text: text.to_owned(),
            is_open: true,
        })
    };
    let mut splitter = Splitter::default();
    assert_eq!(splitter.push(b"first\nContinue?", start).len(), 1);
    assert_eq!(splitter.due(), Some(at(200)));
    // What comes meanwhile puts nothing off.
    assert_eq!(splitter.push(b" [y", at(150)), []);
    assert_eq!(splitter.flush_open(at(199)), None);
    assert_eq!(splitter.flush_open(at(200)), open("Continue? [y"));
    assert_eq!((splitter.due(), splitter.flush_open(at(900))), (None, None));
    // Nothing that can be seen.
    splitter.push(b"\x1b[0m", at(900));
    assert_eq!(splitter.due(), None);
    splitter.push(b"/n]", at(1000));
    assert_eq!(splitter.flush_open(at(1200)), open("Continue? [y/n]"));
    let ended = splitter.push(b"\n", at(1300));
    assert_eq!((ended[0].number, ended[0].is_open), (1, false));
    assert_eq!((splitter.due(), splitter.finish()), (None, None));
}

#[test]
fn a_new_line_waits_from_its_own_beginning() {
    let start = Instant::now();
    let later = start + Duration::from_millis(150);
    let mut splitter = Splitter::default();
    splitter.push(b"a", start);
    splitter.push(b"b\nc", later);
    assert_eq!(splitter.due(), Some(later + PATIENCE));
}

#[test]
fn a_line_that_was_given_and_wiped_is_given_again() {
    let start = Instant::now();
    let mut splitter = Splitter::default();
    splitter.push(b" 50%", start);
    assert_eq!(splitter.flush_open(start + PATIENCE).unwrap().text, " 50%");
    splitter.push(b"\r\x1b[K", start + PATIENCE);
    assert_eq!(splitter.flush_open(start + 2 * PATIENCE).unwrap().text, "");
    assert_eq!(splitter.finish().unwrap().text, "");
}

#[test]
fn a_hundred_thousand_lines_take_little() {
    let text: String = (0..100_000)
        .map(|number| format!("1line {number}: unpacking some package or other\r\n"))
        .collect();
    let start = Instant::now();
    let lines = split(&text.as_bytes().chunks(4096).collect::<Vec<_>>());
    let took = start.elapsed();
    assert_eq!(lines.len(), 100_000);
    println!("{took:?}");
    // 10 ms as shipped, some 200 ms as built for tests; the machine may be busy.
    assert!(took < Duration::from_secs(10), "{took:?}");
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => any::<u8>().prop_map(|byte| vec![byte]),
        2 => prop::sample::select(vec!["\x1b", "\x1b[", "\x1b]", "\x1b\\", "\x07", "\n", "\r", "\r\n", "m", ";", "1", "8"])
            .prop_map(|text| text.as_bytes().to_vec()),
        2 => ".{0,3}".prop_map(String::into_bytes),
        1 => prop::sample::select(vec!["é", "€", "𝄞", "\u{85}"])
            .prop_map(|text| text.as_bytes()[..text.len() - 1].to_vec()),
        1 => (8190..8200usize).prop_map(|count| vec![b'x'; count]),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        bytes in bytes(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
    ) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(split(&pieces), split(&[&bytes]));
    }

    #[test]
    fn lines_are_clean_and_short(bytes in bytes()) {
        let lines = split(&[&bytes]);
        let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
        prop_assert!(lines.len() == feeds || lines.len() == feeds + 1);
        for (level, text) in lines {
            prop_assert!(level.is_none_or(|level| level <= 8));
            prop_assert!(text.len() <= LONGEST + CUT.len_utf8());
            prop_assert!(!text.contains(|character: char| character.is_control() && character != '\t'), "{text:?}");
        }
    }

    #[test]
    fn sequences_leave_no_trace(
        parameters in "[0-9;?]{0,8}",
        last in prop::sample::select((0x40..0x7f).collect::<Vec<u8>>()),
        title in "[ -~é]{0,10}",
    ) {
        let last = char::from(last);
        let text = format!("a\x1b[{parameters}{last}b\x1b]{title}\x07c\x1b]{title}\x1b\\d");
        prop_assert_eq!(split(&[text.as_bytes()]), [(None, "abcd".to_owned())]);
    }
}

#[test]
fn digits_of_programs_that_know_no_levels_stay() {
    let mut splitter = Splitter::without_levels();
    let lines = splitter.push(
        b"0 upgraded, 1 newly installed\n\x1b[1m2\x1b[0m of 3\n10%\r20%\n",
        Instant::now(),
    );
    let both: Vec<_> = lines
        .iter()
        .map(|line| (line.level, line.text.as_str()))
        .collect();
    assert_eq!(
        both,
        [
            (None, "0 upgraded, 1 newly installed"),
            (None, "2 of 3"),
            (None, "20%")
        ]
    );
}
