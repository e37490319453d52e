//! A line of a transaction's log, as a person reads it in a terminal.

use contara_manifest::Colour;
use contara_protocol::stream::v1::setup::{SetupLine, SetupLineKind, SetupSpan};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::plain::plain;

/// Time, whose it is, and the text; by its level in a colour.
pub(super) fn text(line: &SetupLine, colour: Colour) -> String {
    let whose = match (line.kind, &line.module) {
        (SetupLineKind::Command, _) => "$ ".to_owned(),
        (SetupLineKind::Note, _) => "contara: ".to_owned(),
        (SetupLineKind::Output, Some(module)) => format!("[{}] ", plain(module)),
        (SetupLineKind::Output, None) => String::new(),
    };
    let text = format!("{} {whose}{}", clock(&line.at), shown(line, colour));
    match (colour, line.level) {
        (Colour::Always, Some(1)) => format!("\x1b[33m{text}\x1b[0m"),
        (Colour::Always, Some(2)) => format!("\x1b[31m{text}\x1b[0m"),
        (Colour::Always, Some(7 | 8)) => format!("\x1b[32m{text}\x1b[0m"),
        _ => text,
    }
}

/// The text with its tags resolved. A line break in it leaves room for the time.
fn shown(line: &SetupLine, colour: Colour) -> String {
    let Some(spans) = &line.spans else {
        return plain(&line.text);
    };
    spans.iter().map(|span| piece(span, colour)).collect()
}

fn piece(span: &SetupSpan, colour: Colour) -> String {
    let lines: Vec<_> = span.text.split('\n').map(plain).collect();
    let text = lines.join("\n         ");
    if span.bold && colour == Colour::Always {
        format!("\x1b[1m{text}\x1b[22m")
    } else {
        text
    }
}

/// Local time.
fn clock(time: &str) -> String {
    time.parse::<Timestamp>().map_or_else(
        |_| plain(time),
        |time| {
            let local = time.to_zoned(TimeZone::system());
            local.strftime("%H:%M:%S").to_string()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: SetupLineKind, level: Option<u8>, text: &str) -> SetupLine {
        SetupLine {
            number: 1,
            at: "2026-01-31T12:00:00.123Z".into(),
            module: Some("dns".into()),
            kind,
            level,
            text: text.into(),
            spans: None,
            open: false,
        }
    }

    /// Without the time, which is local.
    #[track_caller]
    fn check(line: &SetupLine, colour: Colour, expected: &str) {
        let shown = text(line, colour).replace(&clock(&line.at), "TIME");
        assert_eq!(shown, expected);
    }

    #[test]
    fn lines_say_when_and_whose_and_are_coloured_by_level() {
        use SetupLineKind::{Command, Note, Output};
        check(
            &line(Output, None, "hello"),
            Colour::Always,
            "TIME [dns] hello",
        );
        check(
            &line(Command, None, "bash x"),
            Colour::Never,
            "TIME $ bash x",
        );
        check(
            &line(Note, None, "ended"),
            Colour::Never,
            "TIME contara: ended",
        );
        check(
            &line(Output, Some(2), "bad"),
            Colour::Never,
            "TIME [dns] bad",
        );
        let red = "\x1b[31mTIME [dns] bad\x1b[0m";
        check(&line(Output, Some(2), "bad"), Colour::Always, red);
        check(
            &line(Output, None, "\x1b[2Jgone"),
            Colour::Always,
            "TIME [dns] [2Jgone",
        );
    }

    #[test]
    fn tags_are_resolved() {
        let span = |text: &str, bold| SetupSpan {
            text: text.into(),
            bold,
            href: None,
        };
        let spans = vec![span("one\ntwo ", false), span("three", true)];
        let line = SetupLine {
            spans: Some(spans),
            ..line(SetupLineKind::Output, None, "one@BR@two @B@three@B@")
        };
        check(&line, Colour::Never, "TIME [dns] one\n         two three");
    }
}
