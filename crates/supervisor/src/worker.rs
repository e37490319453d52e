//! A live worker: its process, its link and its output, behind one handle.
//!
//! Owns the tasks that start, read, write and wait. It knows messages but not what they mean for the module's life.

use std::collections::VecDeque;
use std::time::Duration;

use contara_i18n::Message;
use contara_protocol::link::{FromWorker, ToWorker};
use contara_system::limits::Limits;
use contara_system::process_family::out_of_memory_kills;
use contara_system::spawner::{Spawner, WorkerOrder};
use contara_system::worker_process::{StartWorkerError, WorkerLife, WorkerProcess};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::link_reader::{LinkReader, Traffic};
use crate::module_log::ModuleLog;
use crate::outbox::{Clogged, Outbox, Outgoing, outbox};
use crate::output::Output;
use crate::resource_watch::{Excess, Observation, ResourceWatch};

/// Messages that wait for the host. Few, as each may be as large as a frame; a worker that is faster waits at its socket.
pub(crate) const INBOX: usize = 4;
/// How long a process may outlive its link, and its pipes the process, before the rest is given up.
const GRACE: Duration = Duration::from_millis(500);

/// What a worker did.
#[derive(Debug)]
pub(crate) enum WorkerEvent {
    /// It said something.
    Message(FromWorker),
    /// What it said was no message, or it closed the link but lives on.
    LinkBroken(Message),
    /// It, or what it started, has taken too much.
    OverLimit(Excess),
    /// There is none; the last event.
    NotStarted(StartWorkerError),
    /// It is gone; the last event.
    Exited {
        status: String,
        last_words: Option<String>,
    },
}

/// A worker that lives or is about to. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct Worker {
    outbox: Outbox,
    events: mpsc::Receiver<WorkerEvent>,
    traffic: Traffic,
    killed: CancellationToken,
}

impl Worker {
    /// Starts one, whose output goes into `log`. What it is sent meanwhile waits for it.
    pub(crate) fn start(
        spawner: &Spawner,
        watch: &ResourceWatch,
        order: WorkerOrder,
        log: &ModuleLog,
    ) -> Self {
        let (outbox, outgoing) = outbox();
        let (sender, events) = mpsc::channel(INBOX);
        let killed = CancellationToken::new();
        let traffic = Traffic::default();
        let task = StartTask {
            spawner: spawner.clone(),
            watch: watch.clone(),
            log: log.clone(),
            outgoing,
            events: sender,
            traffic: traffic.clone(),
            limits: order.limits,
            killed: killed.clone(),
        };
        tokio::spawn(task.run(order));
        Self {
            outbox,
            events,
            traffic,
            killed,
        }
    }

    /// Sends a message.
    pub(crate) fn send(&self, message: &ToWorker) -> Result<(), Clogged> {
        self.traffic.count_request();
        self.outbox.send(message)
    }

    /// Whether it has ended, or is about to be told to have.
    pub(crate) fn is_over(&self) -> bool {
        self.events.is_closed()
    }

    /// Kills the process and all that it started; [`WorkerEvent::Exited`] follows.
    pub(crate) fn kill(&self) {
        self.killed.cancel();
    }

    /// Waits for what it does next; not to be called again after the last event.
    pub(crate) async fn next(&mut self) -> WorkerEvent {
        match self.events.recv().await {
            Some(event) => event,
            None => WorkerEvent::Exited {
                status: "its end went unseen".into(),
                last_words: None,
            },
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

struct StartTask {
    spawner: Spawner,
    watch: ResourceWatch,
    log: ModuleLog,
    outgoing: Outgoing,
    events: mpsc::Sender<WorkerEvent>,
    traffic: Traffic,
    limits: Limits,
    killed: CancellationToken,
}

impl StartTask {
    async fn run(self, order: WorkerOrder) {
        // One that is to be killed while it is being started is killed by giving the start up.
        let started = tokio::select! {
            started = self.spawner.start(order) => started,
            () = self.killed.cancelled() => {
                let status = "killed before it had started".into();
                return self.finish(WorkerEvent::Exited { status, last_words: None }).await;
            }
        };
        match started {
            Ok(process) => self.attend(process).run().await,
            Err(error) => self.finish(WorkerEvent::NotStarted(error)).await,
        }
    }

    /// Nobody listens any more if the module's task is gone.
    async fn finish(self, event: WorkerEvent) {
        let _ = self.events.send(event).await;
    }

    fn attend(self, process: WorkerProcess) -> WaitTask {
        let (reading, writing) = process.link.into_split();
        let stdout = Output::Stdout.log(self.log.clone(), process.stdout);
        let stderr = Output::Stderr.log(self.log.clone(), process.stderr);
        let traffic = self.traffic.clone();
        let reader = LinkReader::new(
            reading,
            self.events.clone(),
            self.traffic,
            self.limits.frames_per_second,
        );
        tokio::spawn(self.outgoing.run(writing));
        WaitTask {
            observation: self
                .watch
                .follow(process.pid, self.limits, traffic, self.log),
            kills_before: out_of_memory_kills(),
            life: process.life,
            killed: self.killed,
            reader: Some(tokio::spawn(reader.run())),
            stdout: tokio::spawn(stdout),
            stderr: tokio::spawn(stderr),
            events: self.events,
        }
    }
}

struct WaitTask {
    life: WorkerLife,
    /// How often the kernel had killed something for want of memory when this was started.
    kills_before: Option<u64>,
    observation: Observation,
    killed: CancellationToken,
    /// Gone once its end has been noticed.
    reader: Option<JoinHandle<Message>>,
    stdout: JoinHandle<VecDeque<String>>,
    stderr: JoinHandle<VecDeque<String>>,
    events: mpsc::Sender<WorkerEvent>,
}

impl WaitTask {
    async fn run(mut self) {
        let status = self.wait().await;
        // Its number may be somebody else's from now on.
        drop(self.observation);
        // All that the worker said comes before its end; whatever still holds its pipes open doesn't matter.
        if let Some(reader) = &mut self.reader
            && timeout(GRACE, &mut *reader).await.is_err()
        {
            reader.abort();
        }
        let _ = timeout(GRACE, &mut self.stdout).await;
        let last_words = match timeout(GRACE, &mut self.stderr).await {
            Ok(Ok(lines)) if !lines.is_empty() => Some(Vec::from(lines).join("\n")),
            _ => None,
        };
        self.stdout.abort();
        self.stderr.abort();
        // Nobody listens any more if the module's task is gone.
        let _ = self
            .events
            .send(WorkerEvent::Exited { status, last_words })
            .await;
    }

    /// Waits for the process, kills it when told to, and notices a link that ends before it, and limits that are broken.
    async fn wait(&mut self) -> String {
        loop {
            tokio::select! {
                status = self.life.wait() => return self.with_reason(status),
                () = self.killed.cancelled() => return self.end().await,
                excess = self.observation.excess() => self.tell(WorkerEvent::OverLimit(excess)).await,
                reason = link_end(&mut self.reader) => {
                    if let Ok(status) = timeout(GRACE, self.life.wait()).await {
                        return self.with_reason(status);
                    }
                    self.tell(WorkerEvent::LinkBroken(reason)).await;
                }
            }
        }
    }

    /// Of a worker that was killed, and not by the host, the kernel may have been the one.
    fn with_reason(&self, status: String) -> String {
        let is_kill = status.contains("SIGKILL");
        match (self.kills_before, out_of_memory_kills().filter(|_| is_kill)) {
            (Some(before), Some(now)) if now > before => {
                format!("{status}, probably by the kernel, as the machine had no memory left")
            }
            _ => status,
        }
    }

    /// Nobody listens any more if the module's task is gone.
    async fn tell(&self, event: WorkerEvent) {
        let _ = self.events.send(event).await;
    }

    async fn end(&mut self) -> String {
        self.life.kill();
        self.life.wait().await
    }
}

async fn link_end(reader: &mut Option<JoinHandle<Message>>) -> Message {
    let Some(task) = reader else {
        return std::future::pending().await;
    };
    let reason = task
        .await
        .unwrap_or_else(|error| Message::verbatim(error.to_string()));
    *reader = None;
    reason
}
