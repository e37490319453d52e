//! Starting the machine again, by the command that the administrator has set.

use std::fmt;
use std::time::Duration;

use contara_i18n::{Explained, Message, message};
use thiserror::Error;

use crate::command_run::{CommandOrder, StartCommandError, capture};

/// Why the machine doesn't start again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RebootError {
    /// No command is set.
    NoCommand,
    /// The command can't be run.
    Start(#[source] StartCommandError),
    /// The command failed.
    Failed {
        /// The command.
        command: String,
        /// Such as "exit status 1".
        status: String,
        /// The last that it printed.
        words: String,
    },
}

impl Explained for RebootError {
    fn message(&self) -> Message {
        match self {
            Self::NoCommand => message!(
                "no command for starting the machine again is set: see reboot_command in the configuration"
            ),
            Self::Start(_) => message!("can't start the machine again"),
            Self::Failed {
                command,
                status,
                words,
            } => message!(
                "the machine doesn't start again: {command} ended with {status}: {words}",
                command = command,
                status = Message::phrase(status),
                words = words
            ),
        }
    }

    fn explained_cause(&self) -> Option<&dyn Explained> {
        match self {
            Self::Start(source) => Some(source),
            Self::NoCommand | Self::Failed { .. } => None,
        }
    }
}

impl fmt::Display for RebootError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// `systemctl reboot` returns at once.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the command: a program and its arguments.
pub async fn reboot(command: &[String]) -> Result<(), RebootError> {
    let (program, arguments) = command.split_first().ok_or(RebootError::NoCommand)?;
    let order = CommandOrder::new(program, arguments);
    let captured = capture(&order, PATIENCE)
        .await
        .map_err(RebootError::Start)?;
    if captured.end.is_success {
        return Ok(());
    }
    Err(RebootError::Failed {
        command: command.join(" "),
        status: captured.end.status,
        words: captured
            .output
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[tokio::test]
    async fn the_command_is_run_with_its_arguments() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        reboot(&words(&["touch", mark.to_str().unwrap()]))
            .await
            .unwrap();
        assert!(mark.exists());
    }

    #[tokio::test]
    async fn a_failure_is_said() {
        let failed = reboot(&words(&["sh", "-c", "echo not today; exit 4"])).await;
        assert_eq!(
            failed.unwrap_err().to_string(),
            "the machine doesn't start again: sh -c echo not today; exit 4 ended with exit status 4: not today"
        );
        assert!(matches!(reboot(&[]).await, Err(RebootError::NoCommand)));
        let missing = reboot(&words(&["no-such-program"])).await;
        assert!(matches!(missing, Err(RebootError::Start(_))));
    }
}
