//! The handle to all modules' tasks.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use contara_protocol::Tree;
use contara_protocol::link::{Capabilities, Loaded, ModuleSource, Private};
use contara_store::Store;
use contara_system::environments::Environments;
use contara_system::limits::Limits;
use contara_system::spawner::Spawner;
use futures_util::future::join_all;
use tokio::sync::{Mutex, RwLock, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::board::Board;
use crate::calls::Followed;
use crate::errors::{
    ActionError, DisableError, EnableError, Enabled, SettingsError, UnknownModule,
};
use crate::log_ring::LogRing;
use crate::module_log::ModuleLog;
use crate::module_task::{Context, ModuleRequest, ModuleTask, Question};
use crate::page_watchers::PageWatch;
use crate::resource_watch::ResourceWatch;
use crate::timing::Timing;
use crate::view::Ui;

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
    /// What its manifest says that it offers.
    pub capabilities: Capabilities,
    /// The Python packages that it needs on this platform, as PEP 508 has them.
    pub requirements: Vec<String>,
    /// Executables and services that it needs.
    pub system_dependencies: Vec<String>,
    /// What it may use.
    pub limits: Limits,
    /// Keep its state over a change of its code although it doesn't ask for that: somebody is working on it.
    pub keep_state: bool,
    /// Changes when the module's code or manifest does.
    pub fingerprint: u64,
}

/// What an action is called with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arguments {
    /// The parameters bound to it: a map.
    pub params: Option<Private>,
    /// The named fields of the form that it was called from: a map.
    pub form: Option<Private>,
}

/// Whether the user wants a module to run, when it is first seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Start it.
    Yes,
    /// Leave it.
    No,
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
    /// Read for every action, and by many at once; written when the folders change.
    modules: Arc<RwLock<HashMap<String, ModuleHandle>>>,
    /// Modules that are gone but still stopping, by name.
    leaving: Arc<Mutex<HashMap<String, JoinHandle<()>>>>,
}

impl Supervisor {
    /// A supervisor without modules. Their workers come from `spawner` and their packages from `environments`; states are
    /// kept in `store`, and settings come from it.
    #[must_use]
    pub fn new(spawner: Spawner, environments: Environments, timing: Timing, store: Store) -> Self {
        let context = Context {
            spawner,
            environments,
            watch: ResourceWatch::default(),
            timing,
            store,
            board: Arc::default(),
            page_watchers: Arc::default(),
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

    /// Where workers come from, to be told when some are likely to be wanted.
    #[must_use]
    pub fn spawner(&self) -> &Spawner {
        &self.context.spawner
    }

    /// Where modules' Python packages come from.
    #[must_use]
    pub fn environments(&self) -> &Environments {
        &self.context.environments
    }

    /// Makes the modules be exactly these: new ones are added (and started if wanted), changed ones get a new worker, and
    /// those that are gone are told to stop, which they do in their own time.
    pub async fn apply(&self, specs: Vec<(ModuleSpec, Wanted)>) {
        self.dismiss_all_but(&specs).await;
        for (spec, wanted) in specs {
            // Not under the lock: only a module that comes back waits for its former self.
            self.wait_for_former(&spec.name).await;
            let mut modules = self.modules.write().await;
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
            .write()
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
        let module_log = ModuleLog::new(&spec.name, Arc::clone(&log));
        let task = ModuleTask::new(context, spec.clone(), module_log, receiver);
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

    /// Starts a module, or tries again; returns once it runs, or as soon as it is clear that packages must be installed first.
    ///
    /// # Errors
    /// It failed on the way. It is tried again by itself, unless it has failed too often or is blocked.
    pub async fn enable(&self, name: &str) -> Result<Enabled, EnableError> {
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
    ) -> Result<impl Future<Output = Result<Enabled, EnableError>> + use<>, UnknownModule> {
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

    /// What a module's class has: its actions, their schemas, the schema of its settings. Loads a module that isn't
    /// enabled, without running it.
    ///
    /// # Errors
    /// It can't be loaded.
    pub async fn loaded(&self, name: &str) -> Result<Arc<Loaded>, EnableError> {
        let (answer, result) = oneshot::channel();
        self.send(name, ModuleRequest::Inspect(answer)).await?;
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
        arguments: Arguments,
    ) -> Result<Tree, ActionError> {
        self.act_followed(name, action, arguments, watch::Sender::default())
            .await
    }

    /// The same, and `follow` tells how far it is.
    ///
    /// # Errors
    /// As above.
    pub async fn act_followed(
        &self,
        name: &str,
        action: &str,
        arguments: Arguments,
        follow: watch::Sender<Followed>,
    ) -> Result<Tree, ActionError> {
        let (answer, result) = oneshot::channel();
        let request = ModuleRequest::Act {
            action: action.to_owned(),
            arguments,
            follow,
            answer,
        };
        self.send(name, request).await?;
        result.await.unwrap_or(Err(ActionError::WorkerEnded))
    }

    /// Cancels a running action; `false` if it isn't running any more.
    ///
    /// # Errors
    /// There is no such module.
    pub async fn cancel(&self, name: &str, call: u64) -> Result<bool, UnknownModule> {
        let (answer, result) = oneshot::channel();
        self.send(name, ModuleRequest::Cancel { call, answer })
            .await?;
        let limit = self.context.timing.ping;
        Ok(matches!(timeout(limit, result).await, Ok(Ok(true))))
    }

    /// Has a module that runs render now, with its detail page, and returns what it gave; `None` when it doesn't run,
    /// can't draw, or takes too long.
    pub async fn render(&self, name: &str) -> Option<Ui> {
        let (answer, result) = oneshot::channel();
        self.send(name, ModuleRequest::Render(answer)).await.ok()?;
        timeout(self.context.timing.render, result)
            .await
            .ok()?
            .ok()?
    }

    /// Counts one more client that looks at a module's detail page, whether there is such a module now or not.
    #[must_use]
    pub fn watch_page(&self, name: &str) -> PageWatch {
        self.context.page_watchers.watch(name)
    }

    /// Has a module check settings; gives them with its defaults filled in.
    ///
    /// # Errors
    /// It doesn't take them, or can't be asked.
    pub async fn check_settings(
        &self,
        name: &str,
        settings: Private,
    ) -> Result<Tree, SettingsError> {
        let limit = self.context.timing.check;
        self.question(name, Question::CheckSettings(settings), limit)
            .await
    }

    /// Hands a module its settings, whether it runs or is only loaded.
    ///
    /// # Errors
    /// It didn't take them.
    pub async fn configure(&self, name: &str, settings: Private) -> Result<(), SettingsError> {
        let limit = self.context.timing.configure;
        self.question(name, Question::Configure(settings), limit)
            .await
            .map(drop)
    }

    /// Asks again if the worker ends meanwhile, as it does when the module's code changes; but only once, since the question
    /// may be why.
    async fn question(
        &self,
        name: &str,
        question: Question,
        limit: Duration,
    ) -> Result<Tree, SettingsError> {
        match self.question_once(name, question.clone(), limit).await {
            Err(SettingsError::WorkerEnded) => self.question_once(name, question, limit).await,
            result => result,
        }
    }

    async fn question_once(
        &self,
        name: &str,
        question: Question,
        limit: Duration,
    ) -> Result<Tree, SettingsError> {
        self.loaded(name).await?;
        let (answer, result) = oneshot::channel();
        self.send(name, ModuleRequest::Question { question, answer })
            .await
            .map_err(EnableError::from)?;
        match timeout(limit, result).await {
            Ok(result) => result.unwrap_or(Err(SettingsError::WorkerEnded)),
            Err(_) => Err(SettingsError::TimedOut(limit)),
        }
    }

    /// The latest lines of a module's log.
    pub async fn log(&self, name: &str) -> Option<Arc<LogRing>> {
        let modules = self.modules.read().await;
        modules.get(name).map(|handle| Arc::clone(&handle.log))
    }

    /// Stops every module, and returns once all workers are gone, and the spawner after them.
    pub async fn shut_down(&self) {
        self.dismiss_all_but(&[]).await;
        let leaving: Vec<_> = self.leaving.lock().await.drain().collect();
        join_all(leaving.into_iter().map(|(_, stopping)| stopping)).await;
        self.context.spawner.shut_down().await;
    }

    async fn send(&self, name: &str, request: ModuleRequest) -> Result<(), UnknownModule> {
        let requests = self
            .modules
            .read()
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
