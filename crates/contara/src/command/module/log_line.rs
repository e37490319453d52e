//! A line of a module's log, as a person reads it in a terminal.

use contara_manifest::Colour;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// A line as the API gives it.
#[derive(Debug, Deserialize)]
pub(super) struct LogLine {
    pub(super) seq: u64,
    time: String,
    pub(super) source: String,
    level: String,
    logger: String,
    pub(super) message: String,
    traceback: Option<String>,
}

impl LogLine {
    /// Time, level, and text; a traceback below it.
    pub(super) fn text(&self, colour: Colour) -> String {
        let mut text = format!("{} {:8} {}", self.clock(), self.label(), self.message());
        for line in self
            .traceback
            .iter()
            .flat_map(|traceback| traceback.lines())
        {
            text += "\n    ";
            text += line;
        }
        match (colour, self.level.as_str()) {
            (Colour::Always, "error") => format!("\x1b[31m{text}\x1b[0m"),
            (Colour::Always, "warning") => format!("\x1b[33m{text}\x1b[0m"),
            _ => text,
        }
    }

    /// Local time.
    fn clock(&self) -> String {
        let time = self.time.parse::<Timestamp>();
        time.map_or_else(
            |_| self.time.clone(),
            |time| {
                let local = time.to_zoned(TimeZone::system());
                local.strftime("%H:%M:%S").to_string()
            },
        )
    }

    fn label(&self) -> &str {
        match self.source.as_str() {
            "log" => &self.level,
            "host" => "contara",
            printed => printed,
        }
    }

    fn message(&self) -> String {
        if self.source == "log" && !self.logger.is_empty() {
            format!("{}: {}", self.logger, self.message)
        } else {
            self.message.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(source: &str, level: &str, traceback: Option<&str>) -> LogLine {
        LogLine {
            seq: 1,
            time: "2026-01-31T12:00:00.123Z".into(),
            source: source.into(),
            level: level.into(),
            logger: "api".into(),
            message: "hello".into(),
            traceback: traceback.map(Into::into),
        }
    }

    /// Without the time, which is local.
    #[track_caller]
    fn check(line: &LogLine, colour: Colour, expected: &str) {
        let text = line.text(colour);
        let time = line.clock();
        assert_eq!(time.len(), "12:00:00".len());
        assert_eq!(text.replace(&time, "TIME"), expected);
    }

    #[test]
    fn lines_say_when_who_and_what() {
        check(
            &line("log", "info", None),
            Colour::Always,
            "TIME info     api: hello",
        );
        check(
            &line("stdout", "info", None),
            Colour::Never,
            "TIME stdout   hello",
        );
        check(
            &line("host", "error", Some("a\nb")),
            Colour::Never,
            "TIME contara  hello\n    a\n    b",
        );
        check(
            &line("stderr", "warning", None),
            Colour::Always,
            "\u{1b}[33mTIME stderr   hello\u{1b}[0m",
        );
    }
}
