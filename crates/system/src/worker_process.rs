//! A worker as an operating-system process: what it may be given, what is known of it, and how it is ended for sure. It is
//! started by the [`Spawner`](crate::spawner::Spawner).

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;

use std::os::unix::process::ExitStatusExt;

use contara_i18n::{Explained, Message, message};
use rustix::process::{Pid, Signal, kill_process_group};
use thiserror::Error;
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio::process::Child;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// How to start workers on this machine.
#[derive(Debug, Clone)]
pub struct Interpreter {
    /// The Python program, with the SDK installed.
    pub python: PathBuf,
    /// Where Python may keep compiled modules, so that module folders stay as their authors left them.
    pub bytecode_cache: PathBuf,
    /// Where each module has a folder of its name for what it keeps.
    pub module_data: PathBuf,
    /// Where each module has a folder of its name for what it can have again.
    pub module_cache: PathBuf,
}

/// Why a worker could not be started.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum StartWorkerError {
    /// The program isn't there or can't be run.
    Run {
        /// The program.
        python: PathBuf,
        /// The system's reason.
        source: Arc<std::io::Error>,
    },
    /// No sockets or pipes.
    Link(#[source] Arc<std::io::Error>),
    /// The process that starts workers ended before it could start any.
    NotReady {
        /// The program.
        python: PathBuf,
        /// Such as "exit status 1".
        status: String,
        /// The last lines that it wrote to standard error.
        last_words: Option<String>,
    },
    /// The SDK is of another time than the daemon.
    OtherProtocol {
        /// The program.
        python: PathBuf,
        /// The SDK's version.
        sdk: String,
        /// What it speaks.
        theirs: u32,
        /// What the daemon speaks.
        ours: u32,
    },
    /// The process that starts workers ended while it was asked.
    SpawnerEnded {
        /// Such as "exit status 1".
        status: String,
    },
    /// The system let no more processes start.
    Refused {
        /// The system's words.
        message: String,
    },
    /// It is too late.
    Stopping,
}

impl Explained for StartWorkerError {
    fn message(&self) -> Message {
        let shown = |python: &Path| python.display().to_string();
        match self {
            Self::Run { python, .. } => message!("can't run {program}", program = shown(python)),
            Self::Link(_) => message!("can't make the sockets and pipes of a worker"),
            Self::NotReady { python, status, .. } => message!(
                "the spawner, which starts modules' workers, ended before it was ready ({status}): is the Contara SDK installed in {python}?",
                status = Message::phrase(status),
                python = shown(python)
            ),
            Self::OtherProtocol {
                python,
                sdk,
                theirs,
                ours,
            } => message!(
                "the SDK {sdk} in {python} speaks version {theirs} of the spawner's protocol, this daemon version {ours}: install the SDK that came with the daemon",
                sdk = sdk,
                python = shown(python),
                theirs = u64::from(*theirs),
                ours = u64::from(*ours)
            ),
            Self::SpawnerEnded { status } => message!(
                "the spawner, which starts modules' workers, ended ({status})",
                status = Message::phrase(status)
            ),
            Self::Refused { message } => message!(
                "the spawner can't start a worker: {message}",
                message = message
            ),
            Self::Stopping => message!("Contara is stopping"),
        }
    }
}

/// In English.
impl fmt::Display for StartWorkerError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// A worker that runs. Dropping its life kills it and everything that it started.
#[derive(Debug)]
pub struct WorkerProcess {
    /// The host's end of the link.
    pub link: UnixStream,
    /// What the module prints.
    pub stdout: pipe::Receiver,
    /// What Python and the module complain.
    pub stderr: pipe::Receiver,
    /// Its process id, which is also that of its session and process group.
    pub pid: u32,
    /// To wait for and to kill.
    pub life: WorkerLife,
}

/// The right to wait for a worker's end and to bring it about. Dropping it kills the worker and everything that it started.
#[derive(Debug)]
pub struct WorkerLife {
    killed: CancellationToken,
    exit: oneshot::Receiver<String>,
    /// How it ended, once that is known.
    status: Option<String>,
}

/// A process that leads a group of its own, and all that it started. Dropping it kills them.
#[derive(Debug, Default)]
pub(crate) struct ProcessGroup(Option<Pid>);

/// The variables that a worker inherits: what programs need to find their way, and nothing that may hold a secret.
const INHERITED: [&str; 11] = [
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TMPDIR",
    "TZ",
    "USER",
];

impl StartWorkerError {
    pub(crate) fn link(error: std::io::Error) -> Self {
        Self::Link(Arc::new(error))
    }

    /// What explains it beyond one line.
    #[must_use]
    pub fn last_words(&self) -> Option<&str> {
        match self {
            Self::NotReady { last_words, .. } => last_words.as_deref(),
            _ => None,
        }
    }
}

/// Those variables that are set.
pub(crate) fn inherited() -> impl Iterator<Item = (&'static str, OsString)> {
    INHERITED
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
}

impl WorkerLife {
    /// The life of a worker that is about to be started, and where its end is to be told.
    pub(crate) fn new() -> (oneshot::Sender<String>, Self) {
        let (sender, exit) = oneshot::channel();
        let life = Self {
            killed: CancellationToken::new(),
            exit,
            status: None,
        };
        (sender, life)
    }

    /// Cancelled when it is to be killed.
    pub(crate) fn killed(&self) -> CancellationToken {
        self.killed.clone()
    }

    /// Waits until the process is gone, and what it left running too, and says how it ended. May be given up at any point.
    pub async fn wait(&mut self) -> String {
        if let Some(status) = &self.status {
            return status.clone();
        }
        let status = (&mut self.exit).await;
        let status = status.unwrap_or_else(|_| "ended with the daemon".into());
        self.status.insert(status).clone()
    }

    /// Kills the worker and everything that it started.
    pub fn kill(&self) {
        self.killed.cancel();
    }
}

impl Drop for WorkerLife {
    fn drop(&mut self) {
        self.kill();
    }
}

impl ProcessGroup {
    /// The group that a process leads; it must have been started so.
    pub(crate) fn of(child: &Child) -> Self {
        child.id().map(Self::led_by).unwrap_or_default()
    }

    /// The group that the process of this id leads.
    pub(crate) fn led_by(id: u32) -> Self {
        Self(Pid::from_raw(id.cast_signed()))
    }

    pub(crate) fn kill(&self) {
        if let Some(group) = self.0 {
            // The only possible error is that nothing of the group is left.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    /// Nothing of it is left, and its number may be somebody else's.
    pub(crate) fn forget(mut self) {
        self.0 = None;
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn describe_status(status: ExitStatus) -> String {
    describe(status.code(), status.signal())
}

/// How a process ended, from its exit status or the signal that ended it.
pub(crate) fn describe(code: Option<i32>, signal: Option<i32>) -> String {
    match (code, signal) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("killed by signal {signal}{}", name_of(signal)),
        (None, None) => "its exit status is unknown".into(),
    }
}

fn name_of(signal: i32) -> String {
    let name = match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => return String::new(),
    };
    format!(" ({name})")
}

/// The interpreter to use when none was named: the first `python3` on `PATH`.
///
/// Returns `None` if there is none.
#[must_use]
pub fn python_on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join("python3"))
        .find(|candidate| is_executable(candidate))
}

pub(crate) fn is_executable(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok() && path.is_file()
}
