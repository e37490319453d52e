//! The spawner as an operating-system process: how it is started, what it says, and how it is ended.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use contara_protocol::spawner::{FromSpawner, SPAWNER_PROTOCOL, ToSpawner};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;
use tracing::warn;

use super::link::SpawnerLink;
use super::socket_pair;
use crate::worker_process::{Interpreter, StartWorkerError, describe_status, inherited};

/// Longer lines are logged in pieces.
const LONGEST_LINE: u64 = 8 * 1024;
/// So many lines are kept to explain an end.
const LAST_WORDS: usize = 20;
/// How long it may outlive its socket, and its pipes the process, before the rest is given up.
const GRACE: Duration = Duration::from_millis(500);

/// A spawner that runs.
#[derive(Debug)]
pub(super) struct SpawnerProcess {
    pub(super) link: SpawnerLink,
    child: Child,
    /// Both give the last lines at their end.
    output: [AbortOnDropHandle<VecDeque<String>>; 2],
}

/// What a spawner did.
#[derive(Debug)]
pub(super) enum SpawnerEvent {
    /// It said something.
    Message(FromSpawner),
    /// What it said was no message.
    Broken(String),
    /// It is gone, or has closed its socket.
    Ended,
}

/// What is known of a spawner that is gone.
#[derive(Debug)]
pub(super) struct Remains {
    /// Such as "exit status 1".
    pub(super) status: String,
    /// The last lines that it wrote.
    pub(super) last_words: Option<String>,
}

impl SpawnerProcess {
    /// Starts one and greets it.
    pub(super) fn start(interpreter: &Interpreter) -> Result<Self, StartWorkerError> {
        let (socket, theirs) = socket_pair().map_err(StartWorkerError::link)?;
        let mut child =
            command(interpreter, theirs)
                .spawn()
                .map_err(|source| StartWorkerError::Run {
                    python: interpreter.python.clone(),
                    source: Arc::new(source),
                })?;
        let output = [
            AbortOnDropHandle::new(tokio::spawn(log(child.stdout.take()))),
            AbortOnDropHandle::new(tokio::spawn(log(child.stderr.take()))),
        ];
        let mut link = SpawnerLink::new(socket);
        let hello = ToSpawner::Hello {
            protocol: SPAWNER_PROTOCOL,
            host: concat!("contara ", env!("CARGO_PKG_VERSION")).into(),
        };
        link.send(&hello, Vec::new())
            .map_err(StartWorkerError::link)?;
        Ok(Self {
            link,
            child,
            output,
        })
    }

    /// Waits for what it does next. May be given up at any point.
    pub(super) async fn next(&mut self) -> SpawnerEvent {
        tokio::select! {
            // What it said comes before its end.
            biased;
            message = self.link.next() => match message {
                Ok(Some(message)) => SpawnerEvent::Message(message),
                Ok(None) => SpawnerEvent::Ended,
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    SpawnerEvent::Broken(error.to_string())
                }
                // A socket whose other end is gone.
                Err(_) => SpawnerEvent::Ended,
            },
            _ = self.child.wait() => SpawnerEvent::Ended,
        }
    }

    /// Kills it; its workers have asked the kernel to go with it.
    pub(super) fn kill(&mut self) {
        // One that is gone already can't be killed.
        let _ = self.child.start_kill();
    }

    /// Closes its socket, which tells it to end, and kills it if it doesn't in time.
    pub(super) async fn let_go(mut self, patience: Duration) {
        drop(self.link);
        if timeout(patience, self.child.wait()).await.is_err() {
            warn!("the spawner had to be killed: it did not end when its socket was closed");
            // One that is gone already can't be killed.
            let _ = self.child.kill().await;
        }
    }

    /// Makes sure of its end and gathers what explains it.
    pub(super) async fn bury(mut self) -> Remains {
        let status = match timeout(GRACE, self.child.wait()).await {
            Ok(status) => status,
            Err(_) => {
                self.kill();
                self.child.wait().await
            }
        };
        let [_, stderr] = &mut self.output;
        let last_words = match timeout(GRACE, stderr).await {
            Ok(Ok(lines)) if !lines.is_empty() => Some(Vec::from(lines).join("\n")),
            _ => None,
        };
        Remains {
            status: status.map_or_else(|error| error.to_string(), describe_status),
            last_words,
        }
    }
}

/// Without `kill_on_drop`: one whose socket is closed ends by itself, and ends what its workers have left more thoroughly
/// than a kill could.
fn command(interpreter: &Interpreter, link: OwnedFd) -> Command {
    let mut cache = OsString::from("pycache_prefix=");
    cache.push(&interpreter.bytecode_cache);
    let mut command = Command::new(&interpreter.python);
    command
        // -P: the working directory must not shadow the standard library.
        .args(["-P", "-X"])
        .arg(cache)
        .args(["-m", "contara_worker.spawner"])
        .env_clear()
        .envs(inherited())
        .current_dir("/")
        .stdin(Stdio::from(link))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    command
}

/// Logs all lines until the end and returns the last ones.
async fn log(stream: Option<impl AsyncRead + Unpin>) -> VecDeque<String> {
    let mut last = VecDeque::new();
    let Some(stream) = stream else {
        return last;
    };
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    // A pipe that can't be read has nothing more to say.
    while let Ok(1..) = (&mut stream)
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .await
    {
        let text = String::from_utf8_lossy(&line);
        // What could steer a terminal is no text.
        let text = text.trim_end().replace(char::is_control, "\u{fffd}");
        warn!("spawner: {text}");
        if last.len() == LAST_WORDS {
            last.pop_front();
        }
        last.push_back(text);
        line.clear();
    }
    last
}
