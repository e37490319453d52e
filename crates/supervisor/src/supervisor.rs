//! The handle to all modules' tasks.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use contara_protocol::Tree;
use contara_protocol::link::{ModuleSource, WorkerError};
use contara_system::worker_process::Interpreter;
use futures_util::future::join_all;
use thiserror::Error;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::board::Board;
use crate::failure::Failure;
use crate::log_ring::LogRing;
use crate::module_task::{Context, ModuleRequest, ModuleTask};
use crate::timing::Timing;

/// Requests that wait for one module's task, which never blocks for long: enough for every tab of a household.
const REQUESTS: usize = 64;

/// What the supervisor must know of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleSpec {
    /// The unique name.
    pub name: String,
    /// The name that people read.
    pub display_name: String,
    /// The manifest's icon, for tiles that the host draws.
    pub icon: String,
    /// The module's folder, absolute.
    pub folder: PathBuf,
    /// Where it comes from.
    pub source: ModuleSource,
    /// Changes when the module's code or manifest does.
    pub fingerprint: u64,
    /// Its author works on it: its state is kept from one worker to the next.
    pub keep_state: bool,
}

/// Whether the user wants a module to run, when it is first seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Start it.
    Yes,
    /// Leave it.
    No,
}

/// No module has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no module \"{0}\"")]
pub struct UnknownModule(pub String);

/// Why a module didn't get to run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EnableError {
    /// See the source.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// It failed on the way.
    #[error(transparent)]
    Failed(Failure),
    /// Somebody disabled it meanwhile, or the daemon ends.
    #[error("it was disabled meanwhile")]
    Disabled,
}

/// What went wrong while a module was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DisableError {
    /// See the source.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// The module is off, but not in order: `stop_monitoring()` failed.
    #[error(transparent)]
    Failed(Failure),
}

/// Why an action has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionError {
    /// See the source.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// The module isn't enabled.
    #[error("the module is not enabled")]
    NotEnabled,
    /// It is enabled but starting, or waiting to be started again.
    #[error("the module is not running now; try again in a moment")]
    NotRunning,
    /// It has no such action.
    #[error("it has no such action")]
    UnknownAction,
    /// It raised, or doesn't take these arguments.
    #[error("{}", .0.message)]
    Failed(WorkerError),
    /// It took too long. It may still be running.
    #[error("no answer within {} s; it may still be running", .0.as_secs_f32())]
    TimedOut(std::time::Duration),
    /// The worker ended before it answered.
    #[error("the module's worker ended before it answered")]
    WorkerEnded,
    /// Too many actions wait already.
    #[error("the module is busy; try again in a moment")]
    Busy,
}

#[derive(Debug)]
struct ModuleHandle {
    spec: ModuleSpec,
    log: Arc<LogRing>,
    requests: mpsc::Sender<ModuleRequest>,
    task: JoinHandle<()>,
}

/// All modules' tasks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Supervisor {
    context: Arc<Context>,
    modules: Arc<Mutex<HashMap<String, ModuleHandle>>>,
    /// Modules that are gone but still stopping, by name.
    leaving: Arc<Mutex<HashMap<String, JoinHandle<()>>>>,
}

impl Supervisor {
    /// A supervisor without modules.
    #[must_use]
    pub fn new(interpreter: Interpreter, timing: Timing) -> Self {
        let board = Arc::new(Board::default());
        let context = Context {
            interpreter,
            timing,
            board,
        };
        Self {
            context: Arc::new(context),
            modules: Arc::default(),
            leaving: Arc::default(),
        }
    }

    /// Where every module's view hangs.
    #[must_use]
    pub fn board(&self) -> &Arc<Board> {
        &self.context.board
    }

    /// Makes the modules be exactly these: new ones are added (and started if wanted), changed ones get a new worker, and
    /// those that are gone are told to stop, which they do in their own time.
    pub async fn apply(&self, specs: Vec<(ModuleSpec, Wanted)>) {
        self.dismiss_all_but(&specs).await;
        for (spec, wanted) in specs {
            // Not under the lock: only a module that comes back waits for its former self.
            self.wait_for_former(&spec.name).await;
            let mut modules = self.modules.lock().await;
            match modules.get_mut(&spec.name) {
                Some(handle) => handle.update(spec, wanted).await,
                None => {
                    let name = spec.name.clone();
                    modules.insert(name, self.add(spec, wanted).await);
                }
            }
        }
    }

    async fn dismiss_all_but(&self, specs: &[(ModuleSpec, Wanted)]) {
        let is_gone = |name: &str| specs.iter().all(|(spec, _)| spec.name != name);
        let mut leaving = self.leaving.lock().await;
        leaving.retain(|_, stopping| !stopping.is_finished());
        let gone = self
            .modules
            .lock()
            .await
            .extract_if(|name, _| is_gone(name))
            .collect::<Vec<_>>();
        leaving.extend(
            gone.into_iter()
                .map(|(name, handle)| (name, tokio::spawn(handle.leave()))),
        );
    }

    async fn wait_for_former(&self, name: &str) {
        let former = self.leaving.lock().await.remove(name);
        if let Some(stopping) = former {
            // A task that broke has stopped too.
            let _ = stopping.await;
        }
    }

    async fn add(&self, spec: ModuleSpec, wanted: Wanted) -> ModuleHandle {
        let (requests, receiver) = mpsc::channel(REQUESTS);
        let log = Arc::<LogRing>::default();
        let context = Arc::clone(&self.context);
        let task = ModuleTask::new(context, spec.clone(), Arc::clone(&log), receiver);
        // Now and not in its own time: whoever is told of the module may ask at once.
        task.publish();
        let handle = ModuleHandle {
            spec,
            log,
            requests,
            task: tokio::spawn(task.run()),
        };
        if wanted == Wanted::Yes {
            handle.want(wanted).await;
        }
        handle
    }

    /// Starts a module, or tries again; returns once it runs.
    ///
    /// # Errors
    /// It failed on the way. It is tried again by itself, unless it has failed too often.
    pub async fn enable(&self, name: &str) -> Result<(), EnableError> {
        self.ask_to_enable(name).await?.await
    }

    /// Queues the wish that a module runs; the future that comes back is what [`Self::enable`] waits for. For callers that
    /// must keep the order of wishes.
    ///
    /// # Errors
    /// There is no such module.
    pub async fn ask_to_enable(
        &self,
        name: &str,
    ) -> Result<impl Future<Output = Result<(), EnableError>> + use<>, UnknownModule> {
        let (answer, result) = oneshot::channel();
        self.send(name, ModuleRequest::Enable(answer)).await?;
        Ok(async { result.await.unwrap_or(Err(EnableError::Disabled)) })
    }

    /// Stops a module; returns once `stop_monitoring()` is through.
    ///
    /// # Errors
    /// It is off then too, but `stop_monitoring()` failed.
    pub async fn disable(&self, name: &str) -> Result<(), DisableError> {
        self.ask_to_disable(name).await?.await
    }

    /// Queues the wish that a module stops; see [`Self::ask_to_enable`].
    ///
    /// # Errors
    /// There is no such module.
    pub async fn ask_to_disable(
        &self,
        name: &str,
    ) -> Result<impl Future<Output = Result<(), DisableError>> + use<>, UnknownModule> {
        let (answer, result) = oneshot::channel();
        self.send(name, ModuleRequest::Disable(answer)).await?;
        Ok(async { result.await.unwrap_or(Ok(())) })
    }

    /// The names of a module's actions, sorted. Loads a module that isn't enabled, without running it.
    ///
    /// # Errors
    /// It can't be loaded.
    pub async fn actions(&self, name: &str) -> Result<Arc<[String]>, EnableError> {
        let (answer, result) = oneshot::channel();
        self.send(name, ModuleRequest::Actions(answer)).await?;
        result.await.unwrap_or(Err(EnableError::Disabled))
    }

    /// Runs an action and returns its list of results. The UI that it caused is on the board by then.
    ///
    /// # Errors
    /// The module doesn't run, has no such action, or the action failed.
    pub async fn act(
        &self,
        name: &str,
        action: &str,
        params: Option<Tree>,
    ) -> Result<Tree, ActionError> {
        let (answer, result) = oneshot::channel();
        let request = ModuleRequest::Act {
            action: action.to_owned(),
            params,
            answer,
        };
        self.send(name, request).await?;
        let limit = self.context.timing.action;
        match timeout(limit, result).await {
            Ok(result) => result.unwrap_or(Err(ActionError::WorkerEnded)),
            Err(_) => Err(ActionError::TimedOut(limit)),
        }
    }

    /// The latest lines of a module's log.
    pub async fn log(&self, name: &str) -> Option<Arc<LogRing>> {
        let modules = self.modules.lock().await;
        modules.get(name).map(|handle| Arc::clone(&handle.log))
    }

    /// Stops every module, and returns once all workers are gone.
    pub async fn shut_down(&self) {
        self.dismiss_all_but(&[]).await;
        let leaving: Vec<_> = self.leaving.lock().await.drain().collect();
        join_all(leaving.into_iter().map(|(_, stopping)| stopping)).await;
    }

    async fn send(&self, name: &str, request: ModuleRequest) -> Result<(), UnknownModule> {
        let requests = self
            .modules
            .lock()
            .await
            .get(name)
            .map(|handle| handle.requests.clone());
        let requests = requests.ok_or_else(|| UnknownModule(name.to_owned()))?;
        requests
            .send(request)
            .await
            .map_err(|_| UnknownModule(name.to_owned()))
    }
}

impl ModuleHandle {
    async fn send(&self, request: ModuleRequest) {
        // The task only ends when it is told to leave, which consumes this handle.
        let _ = self.requests.send(request).await;
    }

    async fn update(&mut self, spec: ModuleSpec, wanted: Wanted) {
        if self.spec == spec {
            return;
        }
        let is_handed_over = self.spec.keep_state != spec.keep_state;
        self.spec = spec.clone();
        self.send(ModuleRequest::Update(spec)).await;
        // Its author takes it over, or gives it back to the user: what that one wants counts from now.
        if is_handed_over {
            self.want(wanted).await;
        }
    }

    async fn want(&self, wanted: Wanted) {
        let request = match wanted {
            Wanted::Yes => ModuleRequest::Enable(nobody_waits()),
            Wanted::No => ModuleRequest::Disable(nobody_waits()),
        };
        self.send(request).await;
    }

    async fn leave(self) {
        self.send(ModuleRequest::Leave).await;
        let _ = self.task.await;
    }
}

fn nobody_waits<T>() -> oneshot::Sender<T> {
    oneshot::channel().0
}
