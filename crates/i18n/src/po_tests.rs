//! Catalogues, good and bad ones.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;

fn usable(text: &str) -> Vec<(String, String)> {
    let messages = read(text.as_bytes()).unwrap();
    let usable = messages.iter().filter(|message| message.is_usable());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    usable
        .map(|message| (text(message.original()), text(message.translation())))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let both = |(original, translation): &(&str, &str)| {
        ((*original).to_owned(), (*translation).to_owned())
    };
    assert_eq!(usable(text), expected.iter().map(both).collect::<Vec<_>>());
}

#[track_caller]
fn refuse(text: impl AsRef<[u8]>, line: usize, message: &str) {
    let problem = read(text.as_ref()).unwrap_err();
    assert_eq!(
        (problem.line, problem.message.to_string().as_str()),
        (line, message)
    );
}

#[test]
fn messages_are_read() {
    check("", &[]);
    check("\u{feff}msgid \"a\"\r\nmsgstr \"b\"\r\n", &[("a", "b")]);
    check(
        "msgid \"\"\n\"a \"\n\"b\"\nmsgstr \"c\"\n\"d\"",
        &[("a b", "cd")],
    );
    check(
        r#"msgid "q\"\\\n\t\x41\101"
           msgstr	"é""#,
        &[("q\"\\\n\tAA", "é")],
    );
    check(
        "# note\n#: file.sh:3\nmsgctxt \"menu\"\nmsgid \"a\"\nmsgid_plural \"as\"\nmsgstr[0] \"b\"\nmsgstr[1] \"bs\"",
        &[("menu\u{4}a\0as", "b\0bs")],
    );
}

#[test]
fn what_isnt_ready_is_left_out() {
    check(
        "#, fuzzy\nmsgid \"\"\nmsgstr \"X: y\\n\"\n\n#, c-format, fuzzy\nmsgid \"a\"\nmsgstr \"b\"\n\n\
         msgid \"c\"\nmsgstr \"\"\n#~ msgid \"old\"\n#~ msgstr \"alt\"\n#, c-format\nmsgid \"d\"\nmsgstr \"e\"\n",
        &[("", "X: y\n"), ("d", "e")],
    );
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    refuse(
        "\nmsgd \"a\"",
        2,
        "\"msgd\" is no word of a catalogue: msgid and msgstr are",
    );
    refuse(
        "msgid a",
        1,
        "a text in quotes belongs here, such as msgstr \"text\"",
    );
    refuse(
        "msgid \"a",
        1,
        "the quote at the end of the text is missing",
    );
    refuse("msgid \"a\"b\"", 1, "a quote within a text is written \\\"");
    refuse("msgid \"a\\q\"", 1, "after \\ comes n, t, \\ or \"");
    refuse("\"a\"", 1, "a text belongs to a msgid or msgstr before it");
    refuse("msgstr \"a\"", 1, "msgstr doesn't belong here");
    refuse("msgid \"a\"\nmsgid \"b\"", 2, "msgid doesn't belong here");
    refuse(
        "msgid \"a\"\nmsgstr[1] \"b\"",
        2,
        "msgstr doesn't belong here",
    );
    refuse("msgid \"a\"\n", 2, "a msgstr is missing before this");
    let twice = "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n";
    refuse(twice, 4, "\"a\" was translated before: remove one");
    refuse(
        b"msgid \"a\"\nmsgstr \"\xe9\"\n",
        1,
        "this message isn't in UTF-8",
    );
    let latin = b"msgid \"\"\nmsgstr \"charset=ISO-8859-1\\n\"\nmsgid \"a\"\nmsgstr \"\xe9\"\n";
    assert_eq!(read(latin).unwrap().len(), 2);
}
