//! The spawner: one Python process that starts every worker, as a copy of itself or plainly, and is the parent of all.
//!
//! Owns the handle. Which process there is and what it has been asked is the task's business (`task.rs`), how the process is
//! started and ended `process.rs`', and how frames and descriptors travel `link.rs`'. Nothing here knows what a worker does.

mod link;
mod order;
mod process;
mod task;
mod times;

use std::os::fd::OwnedFd;
use std::sync::Arc;

use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio::sync::{mpsc, oneshot, watch};

use crate::worker_process::{Interpreter, StartWorkerError, WorkerLife, WorkerProcess};
use task::{Demand, Request, SpawnerTask, StartRequest};

pub use contara_protocol::spawner::StartWay;
pub use order::WorkerOrder;
pub use times::SpawnerTimes;

/// Requests that wait while the spawner doesn't read. Whoever asks for a start waits for it anyway.
const REQUESTS: usize = 16;

/// The way to get workers. Cheap to clone; the process behind it comes and goes as it is needed.
#[derive(Debug, Clone)]
pub struct Spawner {
    interpreter: Arc<Interpreter>,
    way: StartWay,
    requests: mpsc::Sender<Request>,
    demand: watch::Sender<Demand>,
}

/// Somebody is there who may want a worker at any time; the spawner is kept until this is dropped.
#[derive(Debug)]
pub struct Warmth(watch::Sender<Demand>);

impl Spawner {
    /// A spawner that isn't running yet. Must be called within a Tokio runtime.
    #[must_use]
    pub fn new(interpreter: Interpreter, way: StartWay) -> Self {
        Self::with_times(interpreter, way, SpawnerTimes::default())
    }

    /// One with other patience than the usual; see [`Self::new`].
    #[must_use]
    pub fn with_times(interpreter: Interpreter, way: StartWay, times: SpawnerTimes) -> Self {
        let interpreter = Arc::new(interpreter);
        let (requests, receiver) = mpsc::channel(REQUESTS);
        let demand = watch::Sender::new(Demand::default());
        let task = SpawnerTask::new(
            Arc::clone(&interpreter),
            times,
            receiver,
            demand.subscribe(),
        );
        tokio::spawn(task.run());
        Self {
            interpreter,
            way,
            requests,
            demand,
        }
    }

    /// Starts a worker. Giving the wait up kills it.
    ///
    /// # Errors
    /// There is no spawner and none can be started, it can't start a worker, or there are no descriptors left.
    pub async fn start(&self, order: WorkerOrder) -> Result<WorkerProcess, StartWorkerError> {
        let (link, their_link) = socket_pair().map_err(StartWorkerError::link)?;
        let (stdout, their_stdout) = output().map_err(StartWorkerError::link)?;
        let (stderr, their_stderr) = output().map_err(StartWorkerError::link)?;
        let (answer, started) = oneshot::channel();
        let (exit, life) = WorkerLife::new();
        let request = StartRequest {
            message: Box::new(order.into_message(&self.interpreter, self.way)),
            descriptors: vec![their_link, their_stdout, their_stderr],
            killed: life.killed(),
            answer,
            exit,
        };
        let request = Request::Start(Box::new(request));
        let sent = self.requests.send(request).await;
        sent.map_err(|_| StartWorkerError::Stopping)?;
        let pid = started.await.map_err(|_| StartWorkerError::Stopping)??;
        Ok(WorkerProcess {
            link,
            stdout,
            stderr,
            pid,
            life,
        })
    }

    /// Somebody may want a worker soon: the spawner is started, if it isn't there.
    pub fn expect_work(&self) {
        self.demand.send_modify(|demand| demand.hints += 1);
    }

    /// Somebody is there who may want a worker at any time; see [`Warmth`].
    #[must_use]
    pub fn keep_warm(&self) -> Warmth {
        self.demand.send_modify(|demand| demand.sessions += 1);
        Warmth(self.demand.clone())
    }

    /// Ends the spawner, and with it any worker that is left; returns once it is gone. There are no starts after this.
    pub async fn shut_down(&self) {
        let (done, ended) = oneshot::channel();
        // One that has been shut down already is gone.
        if self.requests.send(Request::End(done)).await.is_ok() {
            let _ = ended.await;
        }
    }
}

impl Drop for Warmth {
    fn drop(&mut self) {
        self.0.send_modify(|demand| demand.sessions -= 1);
    }
}

fn socket_pair() -> std::io::Result<(UnixStream, OwnedFd)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    Ok((UnixStream::from_std(ours)?, OwnedFd::from(theirs)))
}

/// A pipe to read what a process prints, and the end for the process.
fn output() -> std::io::Result<(pipe::Receiver, OwnedFd)> {
    let (ours, theirs) = std::io::pipe()?;
    Ok((
        pipe::Receiver::from_owned_fd(ours.into())?,
        OwnedFd::from(theirs),
    ))
}
