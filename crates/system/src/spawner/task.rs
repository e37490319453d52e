//! The spawner's task: which process there is, which workers it has, and what it has been asked.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use contara_protocol::spawner::{FromSpawner, SPAWNER_PROTOCOL, ToSpawner};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::process::{SpawnerEvent, SpawnerProcess};
use super::times::SpawnerTimes;
use crate::worker_process::{Interpreter, ProcessGroup, StartWorkerError, describe};

/// What the task is asked.
#[derive(Debug)]
pub(super) enum Request {
    /// Start a worker.
    Start(Box<StartRequest>),
    /// End for good.
    End(oneshot::Sender<()>),
}

/// A worker to be started.
pub(super) struct StartRequest {
    /// How the spawner is told, once the worker has an id.
    pub(super) message: Box<dyn FnOnce(u64) -> ToSpawner + Send>,
    /// Its link, standard output and standard error.
    pub(super) descriptors: Vec<OwnedFd>,
    /// Cancelled when it is to be killed, at the latest when nobody knows it any more.
    pub(super) killed: CancellationToken,
    /// Told its process, or why there is none.
    pub(super) answer: oneshot::Sender<Result<u32, StartWorkerError>>,
    /// Told how it ended.
    pub(super) exit: oneshot::Sender<String>,
}

impl std::fmt::Debug for StartRequest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("StartRequest").finish_non_exhaustive()
    }
}

/// How much the spawner is wanted, apart from starts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Demand {
    /// Those who may want a worker at any time.
    pub(super) sessions: usize,
    /// How often somebody was likely to want one soon.
    pub(super) hints: u64,
}

/// A worker that was asked for and is not known to be gone.
#[derive(Debug)]
struct Worker {
    /// There until it has been started.
    answer: Option<oneshot::Sender<Result<u32, StartWorkerError>>>,
    exit: oneshot::Sender<String>,
    is_killed: bool,
    /// Itself and what it started, once it has been. The spawner kills more thoroughly; this is for when that is gone.
    group: ProcessGroup,
}

/// Why a spawner is given up.
enum Doom {
    Ended,
    Silent,
    Broken(String),
    OtherProtocol { sdk: String, theirs: u32 },
}

pub(super) struct SpawnerTask {
    interpreter: Arc<Interpreter>,
    times: SpawnerTimes,
    requests: mpsc::Receiver<Request>,
    demand: watch::Receiver<Demand>,
    process: Option<SpawnerProcess>,
    is_greeted: bool,
    workers: HashMap<u64, Worker>,
    /// One for each worker that was started and may be killed.
    kills: FuturesUnordered<Pin<Box<dyn Future<Output = u64> + Send>>>,
    last_id: u64,
    /// When it last said something or was first asked something.
    heard: Instant,
    /// When it was last of use.
    used: Instant,
    failed: Option<Instant>,
}

impl SpawnerTask {
    pub(super) fn new(
        interpreter: Arc<Interpreter>,
        times: SpawnerTimes,
        requests: mpsc::Receiver<Request>,
        demand: watch::Receiver<Demand>,
    ) -> Self {
        let now = Instant::now();
        Self {
            interpreter,
            times,
            requests,
            demand,
            process: None,
            is_greeted: false,
            workers: HashMap::new(),
            kills: FuturesUnordered::new(),
            last_id: 0,
            heard: now,
            used: now,
            failed: None,
        }
    }

    /// Runs until told to end, or nobody is left who could ask for anything.
    pub(super) async fn run(mut self) {
        loop {
            let wake = self.wake();
            let may_take = self.process.as_ref().is_none_or(|it| it.link.has_room());
            tokio::select! {
                request = self.requests.recv(), if may_take => match request {
                    Some(Request::Start(request)) => self.start(*request),
                    Some(Request::End(done)) => {
                        self.end().await;
                        // Whoever asked may have gone.
                        let _ = done.send(());
                        return;
                    }
                    None => return self.end().await,
                },
                Some(id) = self.kills.next() => self.kill(id),
                Ok(()) = self.demand.changed() => self.take_demand(),
                event = next_event(&mut self.process) => self.take_event(event).await,
                () = wait_until(wake) => self.keep_time().await,
            }
        }
    }

    fn start(&mut self, request: StartRequest) {
        let id = self.last_id + 1;
        self.last_id = id;
        let told = self
            .ensure_process()
            .and_then(|()| self.tell(&(request.message)(id), request.descriptors));
        if let Err(error) = told {
            // Whoever asked may have gone.
            let _ = request.answer.send(Err(error));
            return;
        }
        let worker = Worker {
            answer: Some(request.answer),
            exit: request.exit,
            is_killed: false,
            group: ProcessGroup::default(),
        };
        self.workers.insert(id, worker);
        self.kills.push(Box::pin(async move {
            request.killed.cancelled().await;
            id
        }));
    }

    fn kill(&mut self, id: u64) {
        if !self.workers.contains_key(&id) {
            // It is gone by itself.
            return;
        }
        // Too long for a frame it can't be, and without a spawner it is dead already.
        let _ = self.tell(&ToSpawner::Kill { id }, Vec::new());
        if let Some(worker) = self.workers.get_mut(&id) {
            worker.is_killed = true;
        }
    }

    fn take_demand(&mut self) {
        self.used = Instant::now();
        let may_try = self
            .failed
            .is_none_or(|failed| failed.elapsed() >= self.times.retry);
        if may_try && let Err(error) = self.ensure_process() {
            warn!("the spawner can't be started: {error}");
        }
    }

    fn ensure_process(&mut self) -> Result<(), StartWorkerError> {
        if self.process.is_some() {
            return Ok(());
        }
        let now = Instant::now();
        // Until it has said hello.
        self.failed = Some(now);
        self.is_greeted = false;
        self.heard = now;
        self.process = Some(SpawnerProcess::start(&self.interpreter)?);
        Ok(())
    }

    fn tell(
        &mut self,
        message: &ToSpawner,
        descriptors: Vec<OwnedFd>,
    ) -> Result<(), StartWorkerError> {
        let now = Instant::now();
        self.used = now;
        if !self.owes_a_word() {
            self.heard = now;
        }
        match &mut self.process {
            Some(process) => process
                .link
                .send(message, descriptors)
                .map_err(StartWorkerError::link),
            None => Ok(()),
        }
    }

    /// Whether it was asked something that it has not answered.
    fn owes_a_word(&self) -> bool {
        let owes = |worker: &Worker| worker.answer.is_some() || worker.is_killed;
        self.process.is_some() && (!self.is_greeted || self.workers.values().any(owes))
    }

    /// How long it may owe a word.
    fn patience(&self) -> Duration {
        match self.is_greeted {
            true => self.times.silence,
            false => self.times.ready,
        }
    }

    async fn take_event(&mut self, event: SpawnerEvent) {
        match event {
            SpawnerEvent::Message(message) => self.take_message(message).await,
            SpawnerEvent::Broken(why) => self.bury(Doom::Broken(why)).await,
            SpawnerEvent::Ended => self.bury(Doom::Ended).await,
        }
    }

    async fn take_message(&mut self, message: FromSpawner) {
        let now = Instant::now();
        (self.heard, self.used) = (now, now);
        match message {
            FromSpawner::Hello {
                protocol: theirs,
                sdk,
                ..
            } if theirs != SPAWNER_PROTOCOL => self.bury(Doom::OtherProtocol { sdk, theirs }).await,
            FromSpawner::Hello { sdk, python, .. } => {
                debug!(sdk, python, "the spawner is ready");
                self.is_greeted = true;
                self.failed = None;
            }
            FromSpawner::Started { id, pid } => self.note_start(id, pid),
            FromSpawner::Refused { id, message } => self.note_refusal(id, message),
            FromSpawner::Exited { id, code, signal } => self.note_exit(id, code, signal),
            FromSpawner::Unknown => debug!("a message of a newer spawner"),
        }
    }

    fn note_start(&mut self, id: u64, pid: u32) {
        let Some(worker) = self.workers.get_mut(&id) else {
            return;
        };
        worker.group = ProcessGroup::led_by(pid);
        if let Some(answer) = worker.answer.take() {
            // Whoever gave the wait up has had it killed.
            let _ = answer.send(Ok(pid));
        }
    }

    fn note_refusal(&mut self, id: u64, message: String) {
        if let Some(answer) = self.workers.remove(&id).and_then(|worker| worker.answer) {
            let _ = answer.send(Err(StartWorkerError::Refused { message }));
        }
    }

    fn note_exit(&mut self, id: u64, code: Option<i32>, signal: Option<i32>) {
        if let Some(worker) = self.workers.remove(&id) {
            // The number may soon be somebody else's.
            worker.group.forget();
            // Whoever knew of it may have gone.
            let _ = worker.exit.send(describe(code, signal));
        }
    }

    /// When to look at the time again.
    fn wake(&self) -> Option<Instant> {
        self.process.as_ref()?;
        let silence = self.owes_a_word().then(|| self.heard + self.patience());
        let idle = self.is_idle().then(|| self.used + self.times.idle);
        silence.into_iter().chain(idle).min()
    }

    fn is_idle(&self) -> bool {
        self.workers.is_empty() && self.demand.borrow().sessions == 0
    }

    async fn keep_time(&mut self) {
        if self.owes_a_word() && self.heard.elapsed() >= self.patience() {
            self.bury(Doom::Silent).await;
        } else if self.is_idle()
            && self.used.elapsed() >= self.times.idle
            && let Some(process) = self.process.take()
        {
            debug!("the spawner isn't needed any more");
            tokio::spawn(process.let_go(self.times.end));
        }
    }

    /// Takes note of the end of the spawner, which is the end of all its workers.
    async fn bury(&mut self, doom: Doom) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        if !matches!(doom, Doom::Ended) {
            process.kill();
        }
        let remains = process.bury().await;
        let status = match &doom {
            Doom::Ended => remains.status,
            Doom::Silent => format!(
                "killed after {} s without an answer",
                self.patience().as_secs_f32()
            ),
            Doom::Broken(why) => format!("killed: {why}"),
            Doom::OtherProtocol { .. } => "killed: it speaks another protocol".into(),
        };
        warn!("the spawner ended: {status}");
        let error = self.error(doom, &status, remains.last_words);
        for (_, worker) in self.workers.drain() {
            match worker.answer {
                Some(answer) => {
                    let _ = answer.send(Err(error.clone()));
                }
                None => {
                    let status = format!("killed with the spawner, which ended: {status}");
                    let _ = worker.exit.send(status);
                }
            }
        }
    }

    /// What those are told who waited for a start.
    fn error(&self, doom: Doom, status: &str, last_words: Option<String>) -> StartWorkerError {
        let python = self.interpreter.python.clone();
        let status = status.to_owned();
        match doom {
            Doom::OtherProtocol { sdk, theirs } => StartWorkerError::OtherProtocol {
                python,
                sdk,
                theirs,
                ours: SPAWNER_PROTOCOL,
            },
            _ if self.is_greeted => StartWorkerError::SpawnerEnded { status },
            _ => StartWorkerError::NotReady {
                python,
                status,
                last_words,
            },
        }
    }

    async fn end(&mut self) {
        if let Some(process) = self.process.take() {
            process.let_go(self.times.end).await;
        }
    }
}

async fn next_event(process: &mut Option<SpawnerProcess>) -> SpawnerEvent {
    match process {
        Some(process) => process.next().await,
        None => std::future::pending().await,
    }
}

async fn wait_until(wake: Option<Instant>) {
    match wake {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
