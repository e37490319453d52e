//! The part of a module's check that runs its code: a Python process of its own, which may do anything and is ended
//! for sure.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use contara_i18n::{Message, message};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::time::timeout;

use crate::worker_process::{ProcessGroup, describe_status, inherited};

/// More than a check has to say; whatever else a module prints is not kept.
const MOST_OUTPUT: u64 = 16 * 1024 * 1024;
/// As much of the complaints as explains an end.
const MOST_COMPLAINTS: u64 = 64 * 1024;

/// What is to be checked.
#[derive(Debug, Clone, Copy)]
pub struct CheckedModule<'a> {
    /// The Python program, with the SDK installed.
    pub python: &'a Path,
    /// The module's folder, absolute.
    pub folder: &'a Path,
    /// Its name.
    pub name: &'a str,
    /// The name that people read.
    pub display_name: &'a str,
}

/// Why the check has no result. Its text is [`Self::message`] in English.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The program isn't there or can't be run.
    Run {
        /// The program.
        python: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// It took too long.
    TooLong(Duration),
    /// It ended otherwise than it should.
    Ended {
        /// Such as "exit status 1".
        status: String,
        /// The last of what it wrote to standard error.
        complaints: String,
    },
}

impl CheckError {
    /// For people.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Run { python, .. } => {
                message!(
                    "can't run {program}",
                    program = python.display().to_string()
                )
            }
            Self::TooLong(limit) => message!(
                "the module was not through within {seconds} s: does its import, or a function such as get_tile(), wait for something?",
                seconds = limit.as_secs()
            ),
            Self::Ended { status, .. } => {
                message!(
                    "Python ended with {status}",
                    status = Message::phrase(status)
                )
            }
        }
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

/// Runs the SDK's check of a live module and returns what it printed: one JSON object.
///
/// # Errors
/// Python can't be run, doesn't get through in time, or breaks.
pub async fn run(module: CheckedModule<'_>, limit: Duration) -> Result<Vec<u8>, CheckError> {
    let mut command = command(module.python, "contara_worker.check", module.folder);
    command
        .args(["--name", module.name, "--source", "community"])
        .args(["--display-name", module.display_name]);
    finish(command, module.python, limit).await
}

/// Runs the SDK's check of a setup module's functions and returns what it printed: one JSON object.
///
/// # Errors
/// Python can't be run, doesn't get through in time, or breaks.
pub async fn run_hooks(
    python: &Path,
    folder: &Path,
    slug: &str,
    limit: Duration,
) -> Result<Vec<u8>, CheckError> {
    let mut command = command(python, "contara_worker.check.hooks", folder);
    command.args(["--slug", slug]);
    finish(command, python, limit).await
}

async fn finish(
    mut command: Command,
    python: &Path,
    limit: Duration,
) -> Result<Vec<u8>, CheckError> {
    let mut child = command.spawn().map_err(|source| CheckError::Run {
        python: python.to_owned(),
        source,
    })?;
    let group = ProcessGroup::of(&child);
    let stdout = read(child.stdout.take(), MOST_OUTPUT);
    let stderr = read(child.stderr.take(), MOST_COMPLAINTS);
    let status = async {
        let status = child.wait().await;
        // What it left running holds its pipes, which would be read for ever. Too late, it is dropped all the same.
        drop(group);
        status
    };
    let ended = async { tokio::join!(status, stdout, stderr) };
    let ended = timeout(limit, ended).await;
    let (status, stdout, stderr) = ended.map_err(|_| CheckError::TooLong(limit))?;
    if status.as_ref().is_ok_and(ExitStatus::success) {
        return Ok(stdout);
    }
    Err(CheckError::Ended {
        status: status.map_or_else(|error| error.to_string(), describe_status),
        complaints: String::from_utf8_lossy(&stderr).trim().to_owned(),
    })
}

fn command(python: &Path, check: &str, folder: &Path) -> Command {
    let mut command = Command::new(python);
    command
        // -P: the working directory must not shadow the standard library. -B: the folder stays as its author left it.
        .args(["-P", "-B", "-m", check])
        .arg(folder)
        .env_clear()
        .envs(inherited())
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// Reads to the end, so that nobody waits for us to read; what is over `most` bytes is dropped.
async fn read(stream: Option<impl AsyncRead + Unpin>, most: u64) -> Vec<u8> {
    let mut kept = Vec::new();
    if let Some(mut stream) = stream {
        // A pipe that can't be read has nothing more to say.
        let _ = (&mut stream).take(most).read_to_end(&mut kept).await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }
    kept
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Longer than anything here takes on a slow machine.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// Runs a check with a shell script in Python's place.
    async fn check(script: &str, limit: Duration) -> Result<String, CheckError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("script"), script).unwrap();
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/python.sh");
        let module = CheckedModule {
            python: &python,
            folder: folder.path(),
            name: "a",
            display_name: "A \"b\"",
        };
        let output = run(module, limit).await?;
        let output = String::from_utf8(output).unwrap();
        Ok(output.replace(folder.path().to_str().unwrap(), "FOLDER"))
    }

    #[tokio::test]
    async fn python_is_told_what_to_check_and_what_it_prints_comes_back() {
        let output = check("printf '%s|' \"$@\"", PATIENCE).await.unwrap();
        assert_eq!(
            output,
            "-P|-B|-m|contara_worker.check|FOLDER|--name|a|--source|community|--display-name|A \"b\"|"
        );
    }

    #[tokio::test]
    async fn functions_are_another_check() {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/python.sh");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("script"), "printf '%s|' \"$@\"").unwrap();
        let output = run_hooks(&python, folder.path(), "dns", PATIENCE).await;
        let output = String::from_utf8(output.unwrap()).unwrap();
        assert!(
            output.starts_with("-P|-B|-m|contara_worker.check.hooks|"),
            "{output}"
        );
        assert!(output.ends_with("|--slug|dns|"), "{output}");
    }

    #[tokio::test]
    async fn a_failure_has_its_status_and_the_complaints() {
        let error = check("echo no such module >&2; exit 3", PATIENCE)
            .await
            .unwrap_err();
        let CheckError::Ended { status, complaints } = error else {
            panic!("{error}");
        };
        assert_eq!(
            (status.as_str(), complaints.as_str()),
            ("exit status 3", "no such module")
        );
    }

    #[tokio::test]
    async fn one_that_hangs_is_ended() {
        let error = check("sleep 1000", Duration::from_millis(50))
            .await
            .unwrap_err();
        assert!(matches!(error, CheckError::TooLong(_)), "{error}");
    }

    #[tokio::test]
    async fn what_it_leaves_running_is_ended_and_not_waited_for() {
        let start = Instant::now();
        let output = check("sleep 1000 & echo done", PATIENCE).await.unwrap();
        assert_eq!(output, "done\n");
        assert!(start.elapsed() < PATIENCE);
    }

    #[tokio::test]
    async fn more_output_than_anybody_reads_is_dropped() {
        let output = check("head -c 20000000 /dev/zero", PATIENCE).await.unwrap();
        assert_eq!(output.len() as u64, MOST_OUTPUT);
    }

    #[tokio::test]
    async fn a_python_that_is_not_there_is_named() {
        let module = CheckedModule {
            python: Path::new("/nowhere/python"),
            folder: Path::new("/"),
            name: "a",
            display_name: "A",
        };
        let error = run(module, PATIENCE).await.unwrap_err();
        assert_eq!(error.to_string(), "can't run /nowhere/python");
    }
}
