//! A program in a session of its own, without a terminal and without input, whose output comes through one pipe as it is printed.
//! Setup scripts and package managers run so. Owns how they are started, read and ended; what they print is others' business.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use contara_i18n::{Explained, Message, message};
use rustix::fs::{MemfdFlags, memfd_create};
use thiserror::Error;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::environment::{self, find_program};
use crate::session::Session;
use crate::worker_process::describe_status;

/// A program to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandOrder {
    /// A path, or a name that is looked for on the path for administrators.
    pub program: PathBuf,
    /// Everybody on the machine can read them.
    pub arguments: Vec<OsString>,
    /// Where it runs.
    pub folder: PathBuf,
    /// Added to what every program gets; see [`environment::usual`].
    pub environment: Vec<(String, OsString)>,
    /// Whether it says in another place than its output how far it is.
    pub status: Status,
}

/// Whether a program writes how far it is to a descriptor of its own, beside its output.
///
/// Behind that descriptor is no pipe but memory without a name: what is written there disturbs nobody, read or not, so that a program
/// doesn't notice when the daemon is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// It doesn't.
    #[default]
    Unsaid,
    /// It does, to [`Self::DESCRIPTOR`].
    Written,
}

impl Status {
    /// The number that the program has to be given as the one to write to.
    pub const DESCRIPTOR: u8 = 3;
}

/// Why a program could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartCommandError {
    /// It isn't there.
    NoProgram(PathBuf),
    /// A module names a script that it doesn't have.
    NoScript {
        /// The module's slug.
        module: String,
        /// Where it should be.
        path: PathBuf,
    },
    /// A program can't be given a NUL character.
    Nul {
        /// Counted from 1.
        number: usize,
    },
    /// There are no pipes left, no memory, or no processes.
    Start {
        /// What was to be started.
        program: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl Explained for StartCommandError {
    fn message(&self) -> Message {
        match self {
            Self::NoProgram(program) => message!(
                "there is no program {program}",
                program = program.to_string_lossy()
            ),
            Self::NoScript { module, path } => message!(
                "there is no script {path}, which {module} names",
                path = path.to_string_lossy(),
                module = module
            ),
            Self::Nul { number } => message!(
                "parameter {number} of the script holds a NUL character",
                number = *number
            ),
            Self::Start { program, .. } => {
                message!("can't start {program}", program = program.to_string_lossy())
            }
        }
    }
}

impl fmt::Display for StartCommandError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// What a running program does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandEvent {
    /// It printed this.
    Output(Bytes),
    /// It wrote this about how far it is; up to 200 ms ago.
    Status(Bytes),
    /// It is over, and so is its output. What it left running and meant to go on, such as a service, may still run.
    Ended(CommandEnd),
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandEnd {
    /// Such as "exit status 1".
    pub status: String,
    /// Whether that is success: exit status 0.
    pub is_success: bool,
    /// Whether a signal ended it.
    pub is_killed: bool,
}

/// A program that runs. Dropping it kills it and everything in its session, unless it has ended by itself.
#[derive(Debug)]
pub struct RunningCommand {
    /// To be recognised by.
    session: Session,
    child: Child,
    output: Option<pipe::Receiver>,
    buffer: BytesMut,
    status: Option<StatusText>,
    progress: Progress,
    /// Ends the session.
    cancelling: Option<JoinHandle<()>>,
}

#[derive(Debug)]
enum Progress {
    Running,
    /// It is over, and the pipe may still hold some of its output.
    Draining {
        end: CommandEnd,
        /// Bytes that were in the pipe when it ended: its own, so they are read whenever that is.
        owed: usize,
        /// After that only what comes before this counts.
        until: Instant,
    },
    Ended(CommandEnd),
}

/// How long what still holds the pipe is listened to after the program's end: a service that was started holds it for ever.
const AFTER_THE_END: Duration = Duration::from_millis(200);

/// How often it is looked what a program says of how far it is.
const STATUS_LOOKS: Duration = Duration::from_millis(200);

/// Starts a program with its input as the descriptor for its status, and no input.
const STATUS_FROM_INPUT: &str = "exec \"$0\" \"$@\" 3<&0 </dev/null";

/// As much as a pipe holds.
const READ: usize = 64 * 1024;

impl CommandOrder {
    /// A program with these arguments, run in `/`.
    #[must_use]
    pub fn new<T: Into<OsString>>(
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            folder: PathBuf::from("/"),
            environment: Vec::new(),
            status: Status::default(),
        }
    }

    /// With a variable of the environment.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Starts it. Must be called where tokio runs.
    pub fn start(&self) -> Result<RunningCommand, StartCommandError> {
        if self.status == Status::Unsaid {
            return self.start_with_input(Stdio::null());
        }
        let status = StatusText::new();
        let opened = status.and_then(|status| Ok((Stdio::from(status.file.try_clone()?), status)));
        let (input, status) = opened.map_err(|source| StartCommandError::Start {
            program: self.program.clone(),
            source,
        })?;
        let mut running = self.start_with_input(input)?;
        running.status = Some(status);
        Ok(running)
    }

    pub(crate) fn start_with_input(
        &self,
        input: Stdio,
    ) -> Result<RunningCommand, StartCommandError> {
        let found = |name: &Path| {
            find_program(name).ok_or_else(|| StartCommandError::NoProgram(name.to_owned()))
        };
        let program = found(&self.program)?;
        let mut command = Command::new(found(Path::new("setsid"))?);
        if self.status == Status::Written {
            let shell = found(Path::new("sh"))?;
            command.arg(shell).args(["-c", STATUS_FROM_INPUT]);
        }
        command
            .arg(&program)
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(environment::usual())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(input);
        run(command).map_err(|source| StartCommandError::Start { program, source })
    }
}

/// The program of `command`, which makes a session of its own, with both outputs in one pipe.
fn run(mut command: Command) -> std::io::Result<RunningCommand> {
    let (ours, theirs) = std::io::pipe()?;
    let output = pipe::Receiver::from_owned_fd(OwnedFd::from(ours))?;
    command.stdout(theirs.try_clone()?).stderr(theirs);
    let child = command.spawn()?;
    // Our end for writing goes with it: the pipe's end must be seen.
    drop(command);
    let session = child.id().and_then(Session::led_by);
    let session = session.ok_or_else(|| std::io::Error::other("it has no process id"))?;
    Ok(RunningCommand {
        session,
        child,
        output: Some(output),
        buffer: BytesMut::new(),
        status: None,
        progress: Progress::Running,
        cancelling: None,
    })
}

impl RunningCommand {
    /// To be written down with the run's [name](crate::run_name::RunName).
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What it does next: it waits. May be given up at any point. After its end it says that again.
    pub async fn next(&mut self) -> CommandEvent {
        loop {
            let step = match &self.progress {
                Progress::Running => self.run_on().await,
                Progress::Draining { .. } => self.drain().await,
                Progress::Ended(end) => Some(CommandEvent::Ended(end.clone())),
            };
            if let Some(event) = step {
                return event;
            }
        }
    }

    /// Ends it and everything in its session: asks first, and kills after 5 s. What is printed meanwhile still comes, and the end
    /// when nothing is left.
    pub fn cancel(&mut self) {
        if self.cancelling.is_none() && !matches!(self.progress, Progress::Ended(_)) {
            let session = self.session.clone();
            self.cancelling = Some(tokio::spawn(async move { session.end().await }));
        }
    }

    async fn run_on(&mut self) -> Option<CommandEvent> {
        tokio::select! {
            biased;
            bytes = StatusText::next(&mut self.status) => bytes.map(CommandEvent::Status),
            bytes = read(&mut self.output, &mut self.buffer) => bytes.map(CommandEvent::Output),
            status = self.child.wait() => {
                self.progress = self.draining(status);
                None
            }
        }
    }

    fn draining(&self, status: std::io::Result<std::process::ExitStatus>) -> Progress {
        let end = match status {
            Ok(status) => CommandEnd {
                status: describe_status(status),
                is_success: status.success(),
                is_killed: status.signal().is_some(),
            },
            Err(error) => CommandEnd {
                status: format!("its exit status is unknown: {error}"),
                is_success: false,
                is_killed: false,
            },
        };
        let waiting = self.output.as_ref().map(rustix::io::ioctl_fionread);
        Progress::Draining {
            end,
            owed: waiting
                .and_then(Result::ok)
                .unwrap_or(0)
                .try_into()
                .unwrap_or(0),
            until: Instant::now() + AFTER_THE_END,
        }
    }

    async fn drain(&mut self) -> Option<CommandEvent> {
        let Progress::Draining { end, owed, until } = &mut self.progress else {
            return None;
        };
        if self.output.is_some() && *owed > 0 {
            let bytes = read(&mut self.output, &mut self.buffer).await;
            *owed = owed.saturating_sub(bytes.as_ref().map_or(0, Bytes::len));
            return bytes.map(CommandEvent::Output);
        }
        if self.output.is_some() {
            tokio::select! {
                biased;
                () = sleep_until(*until) => self.output = None,
                bytes = read(&mut self.output, &mut self.buffer) => return bytes.map(CommandEvent::Output),
            }
        }
        if let Some(cancelling) = &mut self.cancelling {
            // It doesn't panic; and it was said there if something can't be ended.
            let _ = cancelling.await;
            self.cancelling = None;
        }
        if let Some(last) = self.status.take().and_then(|mut status| status.read()) {
            return Some(CommandEvent::Status(last));
        }
        let end = end.clone();
        self.progress = Progress::Ended(end);
        None
    }
}

/// What a program has written about how far it is.
#[derive(Debug)]
struct StatusText {
    file: File,
    /// So much of it was read.
    at: u64,
    look: Instant,
}

impl StatusText {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            file: File::from(memfd_create("status", MemfdFlags::CLOEXEC)?),
            at: 0,
            look: Instant::now(),
        })
    }

    /// What is new at the next look, if anything; never if there is nothing to look at. May be given up at any point.
    async fn next(status: &mut Option<Self>) -> Option<Bytes> {
        let Some(status) = status else {
            return std::future::pending().await;
        };
        sleep_until(status.look).await;
        status.look = Instant::now() + STATUS_LOOKS;
        status.read()
    }

    /// The file is shared with the program, its position too: that is the program's.
    fn read(&mut self) -> Option<Bytes> {
        let mut bytes = BytesMut::zeroed(READ);
        let read = self.file.read_at(&mut bytes, self.at).unwrap_or(0);
        self.at = self.at.saturating_add(read.try_into().unwrap_or(0));
        bytes.truncate(read);
        (read > 0).then(|| bytes.freeze())
    }
}

/// What the pipe has next; `None` at its end, which closes it. Never while it is closed.
async fn read(output: &mut Option<pipe::Receiver>, buffer: &mut BytesMut) -> Option<Bytes> {
    let Some(pipe) = output else {
        return std::future::pending().await;
    };
    buffer.reserve(READ);
    // A pipe that can't be read is as good as one that has ended.
    if pipe.read_buf(buffer).await.unwrap_or(0) == 0 {
        *output = None;
        return None;
    }
    Some(buffer.split().freeze())
}

impl Drop for RunningCommand {
    fn drop(&mut self) {
        if !matches!(self.progress, Progress::Ended(_)) {
            self.session.kill();
        }
    }
}

/// All that a program printed, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Both outputs, as text; what is no UTF-8 is replaced.
    pub output: String,
    /// How it ended.
    pub end: CommandEnd,
}

/// No answer is longer: `dpkg-query` prints some 100 bytes for each package.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// Runs a program to its end, for its output. It is ended after `limit`.
pub async fn capture(order: &CommandOrder, limit: Duration) -> Result<Captured, StartCommandError> {
    let mut running = order.start()?;
    let deadline = Instant::now() + limit;
    let mut output = Vec::new();
    loop {
        let event = tokio::select! {
            event = running.next() => event,
            () = sleep_until(deadline) => CommandEvent::Ended(CommandEnd {
                status: format!("no end after {} s", limit.as_secs()),
                is_success: false,
                is_killed: false,
            }),
        };
        match event {
            CommandEvent::Output(bytes) if output.len() < LONGEST_ANSWER => output.extend(bytes),
            CommandEvent::Output(_) | CommandEvent::Status(_) => {}
            CommandEvent::Ended(end) => {
                let output = String::from_utf8_lossy(&output).into_owned();
                return Ok(Captured { output, end });
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    /// A program that has ended and left one that holds its pipe, 200 ms after that; nothing was read yet.
    async fn ended(script: &str) -> RunningCommand {
        let mut running = CommandOrder::new("sh", ["-c", script]).start().unwrap();
        let status = running.child.wait().await;
        running.progress = running.draining(status);
        if let Progress::Draining { until, .. } = &mut running.progress {
            *until -= 2 * AFTER_THE_END;
        }
        running
    }

    #[tokio::test]
    async fn what_it_had_printed_is_read_however_late() {
        let mut running = ended("printf all; sleep 600 &").await;
        let output = CommandEvent::Output(Bytes::from_static(b"all"));
        assert_eq!(running.next().await, output);
        assert!(matches!(running.next().await, CommandEvent::Ended(end) if end.is_success));
        running.session.kill();
    }

    #[tokio::test]
    async fn its_status_is_apart_from_its_output() {
        let script = "echo one >&3; echo out; cat; sleep 0.3; echo two >&3; ls /proc/self/fd";
        let mut order = CommandOrder::new("sh", ["-c", script]);
        order.status = Status::Written;
        let mut running = order.start().unwrap();
        let (mut output, mut status) = (String::new(), Vec::new());
        let end = loop {
            match running.next().await {
                CommandEvent::Output(bytes) => output += std::str::from_utf8(&bytes).unwrap(),
                CommandEvent::Status(bytes) => {
                    status.push(String::from_utf8(bytes.into()).unwrap());
                }
                CommandEvent::Ended(end) => break end,
            }
        };
        assert!(end.is_success && output.starts_with("out\n"), "{output}");
        assert_eq!(status, ["one\n", "two\n"]);
    }

    #[tokio::test]
    async fn what_others_print_without_end_isnt() {
        let mut running = ended("yes &").await;
        let mut length = 0;
        while let CommandEvent::Output(bytes) = running.next().await {
            length += bytes.len();
        }
        // As much as the pipe held, and what filled one read.
        assert!(length <= 2 * READ, "{length}");
        running.session.kill();
    }
}
