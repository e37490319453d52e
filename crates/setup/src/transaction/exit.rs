//! How a program ended, which the journal has in English, as it is told to people.

use crate::message;
use crate::message::Message;

/// Such as "exit status 1", in words that can be said in each language.
#[must_use]
pub fn exit_message(exit: &str) -> Message {
    if let Some(status) = exit.strip_prefix("exit status ") {
        return message!("exit status {status}", status = status);
    }
    match exit.strip_prefix("killed by signal ") {
        Some(signal) => message!("killed by signal {signal}", signal = signal),
        None => Message::verbatim(exit),
    }
}

#[cfg(test)]
mod tests {
    use contara_system::gettext::Languages;

    use super::*;

    #[test]
    fn statuses_and_signals_are_told_in_each_language() {
        let german = Languages::of(["de"]);
        for (exit, expected) in [
            ("exit status 3", "Exit-Status 3"),
            (
                "killed by signal 9 (SIGKILL)",
                "beendet durch Signal 9 (SIGKILL)",
            ),
            ("something else", "something else"),
        ] {
            let message = exit_message(exit);
            assert_eq!(message.to_string(), exit);
            assert_eq!(message.in_language(&german), expected);
        }
    }
}
