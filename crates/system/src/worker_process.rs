//! A worker as an operating-system process: how it is started, what it inherits, and how it is ended for sure.
//!
//! Each worker leads a process group of its own, so that what a module starts ends with it. It inherits a chosen few
//! environment variables, is told where its module may write, and gets three descriptors: its end of the link as 0, and pipes as 1 and 2.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use thiserror::Error;
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

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
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartWorkerError {
    /// The program isn't there or can't be run.
    #[error("can't run {}", .python.display())]
    Run {
        /// The program.
        python: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// No socket for the link.
    #[error("can't make the socket of the worker link")]
    Link(#[source] std::io::Error),
}

/// A worker that runs. Dropping it kills it and everything that it started.
#[derive(Debug)]
pub struct WorkerProcess {
    /// The host's end of the link.
    pub link: UnixStream,
    /// What the module prints.
    pub stdout: ChildStdout,
    /// What Python and the module complain.
    pub stderr: ChildStderr,
    /// To wait for and to kill.
    pub life: WorkerLife,
}

/// The right to wait for a worker's end and to bring it about.
#[derive(Debug)]
pub struct WorkerLife {
    child: Child,
    group: ProcessGroup,
}

/// A process that leads a group of its own, and all that it started. Dropping it kills them.
#[derive(Debug)]
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

impl Interpreter {
    /// Starts a worker for the module of this name. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// Python can't be run, or there are no descriptors left.
    pub fn start_worker(&self, module: &str) -> Result<WorkerProcess, StartWorkerError> {
        let (link, theirs) = socket_pair().map_err(StartWorkerError::Link)?;
        let mut child =
            self.command(theirs, module)
                .spawn()
                .map_err(|source| StartWorkerError::Run {
                    python: self.python.clone(),
                    source,
                })?;
        let group = ProcessGroup::of(&child);
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            unreachable!("both were asked to be pipes");
        };
        Ok(WorkerProcess {
            link,
            stdout,
            stderr,
            life: WorkerLife { child, group },
        })
    }

    fn command(&self, link: OwnedFd, module: &str) -> Command {
        let mut cache = OsString::from("pycache_prefix=");
        cache.push(&self.bytecode_cache);
        let mut command = Command::new(&self.python);
        command
            // -P: the working directory must not shadow the standard library.
            .args(["-P", "-X"])
            .arg(cache)
            .args(["-m", "contara_worker"])
            .env_clear()
            .envs(inherited())
            .env("CONTARA_DATA_DIR", self.module_data.join(module))
            .env("CONTARA_CACHE_DIR", self.module_cache.join(module))
            .current_dir("/")
            .stdin(Stdio::from(link))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        command
    }
}

/// Those variables that are set.
pub(crate) fn inherited() -> impl Iterator<Item = (&'static str, OsString)> {
    INHERITED
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
}

fn socket_pair() -> std::io::Result<(UnixStream, OwnedFd)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    Ok((UnixStream::from_std(ours)?, OwnedFd::from(theirs)))
}

impl WorkerLife {
    /// The process id, while it lives.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits until the process is gone, then ends whatever it left running, and says how it ended.
    pub async fn wait(&mut self) -> String {
        let status = self.child.wait().await;
        self.kill();
        // From now on the number may be somebody else's.
        self.group = ProcessGroup(None);
        match status {
            Ok(status) => describe(status),
            Err(error) => format!("its exit status is unknown: {error}"),
        }
    }

    /// Kills the worker and everything that it started.
    pub fn kill(&self) {
        self.group.kill();
    }
}

impl ProcessGroup {
    /// The group that a process leads; it must have been started so.
    pub(crate) fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| Pid::from_raw(id.cast_signed())))
    }

    fn kill(&self) {
        if let Some(group) = self.0 {
            // The only possible error is that nothing of the group is left.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("killed by signal {signal}{}", name_of(signal)),
        (None, None) => status.to_string(),
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
