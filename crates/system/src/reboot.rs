//! Starting the machine again, by the command that the administrator has set.

use std::time::Duration;

use thiserror::Error;

use crate::command_run::{CommandOrder, StartCommandError, capture};

/// Why the machine doesn't start again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RebootError {
    /// No command is set.
    #[error(
        "no command for starting the machine again is set: see reboot_command in the configuration"
    )]
    NoCommand,
    /// The command can't be run.
    #[error("can't start the machine again")]
    Start(#[source] StartCommandError),
    /// The command failed.
    #[error("the machine doesn't start again: {command} ended with {status}: {words}")]
    Failed {
        /// The command.
        command: String,
        /// Such as "exit status 1".
        status: String,
        /// The last that it printed.
        words: String,
    },
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
