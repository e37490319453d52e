//! What comes in English words from elsewhere: how a program ended, who holds something, why a file can't be put back.

use super::{Message, catalogues};
use crate::message;

impl Message {
    /// Such as "exit status 1" and "process 812 (nginx)". What isn't known here, or in a catalogue, stays as it is.
    #[must_use]
    pub fn phrase(text: &str) -> Self {
        if let Some(status) = text.strip_prefix("exit status ") {
            return message!("exit status {status}", status = status);
        }
        if let Some(signal) = text.strip_prefix("killed by signal ") {
            return message!("killed by signal {signal}", signal = signal);
        }
        if let Some(lock) = text.strip_prefix("pacman, whose lock is ") {
            return message!(
                "pacman, whose lock is {lock} (if none runs, it is a leftover to be removed)",
                lock = lock
            );
        }
        if let Some(reason) = text.strip_prefix("its exit status is unknown: ") {
            return message!("its exit status is unknown: {reason}", reason = reason);
        }
        if let Some(seconds) = between(text, "no end after ", " s") {
            return message!("no end after {seconds} s", seconds = seconds);
        }
        if let Some(seconds) = between(text, "killed after ", " s without an answer") {
            return message!(
                "killed after {seconds} s without an answer",
                seconds = seconds
            );
        }
        let process = text.strip_prefix("process ");
        match process.filter(|process| process.starts_with(|one: char| one.is_ascii_digit())) {
            Some(process) => message!("process {process}", process = process),
            None if catalogues::knows(text) => Self::of_text(text.to_owned()),
            None => Self::verbatim(text),
        }
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

#[cfg(test)]
mod tests {
    use crate::Languages;

    use super::*;

    #[test]
    fn phrases_are_said_in_each_language() {
        let german = Languages::of(["de"]);
        for (text, expected) in [
            ("exit status 3", "Exit-Status 3"),
            (
                "killed by signal 9 (SIGKILL)",
                "beendet durch Signal 9 (SIGKILL)",
            ),
            ("process 812 (nginx)", "Prozess 812 (nginx)"),
            ("another process", "ein anderer Prozess"),
            ("its folder is gone", "der Ordner ist nicht mehr da"),
            ("no end after 30 s", "kein Ende nach 30 s"),
            ("something else", "something else"),
        ] {
            let phrase = Message::phrase(text);
            assert_eq!(phrase.to_string(), text);
            assert_eq!(phrase.in_language(&german), expected);
        }
    }
}
