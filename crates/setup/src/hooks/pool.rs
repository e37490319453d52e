//! Which modules' code is loaded: a worker each, started when it is asked something and ended when it isn't for a while.
//!
//! There are never more than [`ALIVE`] of them: one that rests makes room for one that is needed. What a module's code says of
//! itself, its functions and its script, is remembered until the module changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use contara_i18n::message;
use contara_protocol::link::SetupModule;
use contara_system::spawner::Spawner;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::sync::{Mutex, OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;

use super::code::has_code;
use super::script::{Script, script_of};
use super::worker::HookWorker;
use super::{HookError, Hooks, NoCode};

/// Workers at a time: each is a Python process with some ten megabytes of its own.
const ALIVE: usize = 8;
/// How long a worker is kept after its last call: somebody fills in a form.
const IDLE: Duration = Duration::from_secs(60);

/// What is the same for all workers.
#[derive(Debug, Clone)]
pub struct HookSettings {
    /// Where compiled catalogues of all modules are kept.
    pub catalogues: PathBuf,
    /// How long a call may take, and the import.
    pub limit: Duration,
}

/// A setup module as far as its code is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupModuleRef {
    /// Identity.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Another one when its files change.
    pub fingerprint: u64,
    /// Whether it is configured, as its functions are told.
    pub is_configured: bool,
    /// Whether passwords are among what its functions are given or return. Then what they print isn't logged, and what they
    /// raise is told without its words.
    pub may_know_secrets: bool,
    /// What its functions translate texts to: the name of one of its catalogues, such as `fr_FR`, or `en_US`.
    pub language: String,
}

/// See the file's first lines. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HookPool(Arc<Pool>);

struct Pool {
    spawner: Spawner,
    settings: HookSettings,
    alive: Arc<Semaphore>,
    /// Calls that wait for a worker to make room.
    waiting: AtomicUsize,
    slots: std::sync::Mutex<BTreeMap<String, Arc<Slot>>>,
}

/// The place of one module's worker.
struct Slot {
    pool: Weak<Pool>,
    fingerprint: u64,
    worker: Mutex<Option<Kept>>,
    functions: OnceCell<Option<BTreeSet<String>>>,
    /// Why they can't be had, and since when.
    failed: std::sync::Mutex<Option<(Instant, HookError)>>,
    /// What went wrong in the functions that ask for nothing, when they were last called, by their names.
    troubles: std::sync::Mutex<BTreeMap<String, HookError>>,
    script: OnceCell<Option<Script>>,
}

struct Kept {
    worker: HookWorker,
    last_call: Instant,
    _permit: OwnedSemaphorePermit,
    _timer: AbortOnDropHandle<()>,
}

/// One module's functions, for whoever asks.
struct ModuleHooks {
    slot: Arc<Slot>,
    module: SetupModuleRef,
    functions: BTreeSet<String>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl HookPool {
    /// One in which nothing is loaded yet.
    #[must_use]
    pub fn new(spawner: Spawner, settings: HookSettings) -> Self {
        Self(Arc::new(Pool {
            spawner,
            settings,
            alive: Arc::new(Semaphore::new(ALIVE)),
            waiting: AtomicUsize::new(0),
            slots: std::sync::Mutex::default(),
        }))
    }

    /// The functions of a module, whose code is loaded if it has any and nobody has asked before.
    ///
    /// # Errors
    /// Its code can't be loaded.
    pub async fn hooks_of(&self, module: &SetupModuleRef) -> Result<Arc<dyn Hooks>, HookError> {
        let slot = self.slot(module);
        let functions = slot.functions.get_or_try_init(|| slot.load(module)).await?;
        Ok(match functions.clone() {
            None => Arc::new(NoCode),
            Some(functions) => Arc::new(ModuleHooks {
                slot: Arc::clone(&slot),
                module: module.clone(),
                functions,
            }),
        })
    }

    /// The script that configures a module; `None` if it has none. Asked once, until the module changes.
    ///
    /// # Errors
    /// Its code can't be loaded, or `get_config_info()` fails or returns something else.
    pub async fn script_of(&self, module: &SetupModuleRef) -> Result<Option<Script>, HookError> {
        let hooks = self.hooks_of(module).await?;
        let slot = self.slot(module);
        let script = slot.script.get_or_try_init(|| script_of(&*hooks)).await?;
        Ok(script.clone())
    }

    /// What went wrong in a module's code as far as it was asked, until it goes well or the module changes. Functions that are
    /// given something aren't among it: what goes wrong in them is said where it was answered.
    #[must_use]
    pub fn troubles_of(&self, module: &SetupModuleRef) -> Vec<HookError> {
        let slot = self.slot(module);
        let failed = slot.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let troubles = slot.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        let failure = failed.iter().map(|(_, failure)| failure);
        failure.chain(troubles.values()).cloned().collect()
    }

    /// Forgets all that is known of a module, as its surroundings have changed: packages were installed, say.
    pub fn forget(&self, slug: &str) {
        let slot = self.0.slots().remove(slug);
        // Whoever still holds its functions mustn't keep its worker, which nobody could end to make room.
        if let Some(slot) = slot
            && let Ok(mut resting) = slot.worker.try_lock()
        {
            resting.take();
        }
    }

    /// Forgets all modules, whose workers end with that: the spawner waits for them when it has to end itself.
    pub(crate) fn forget_all(&self) {
        self.0.slots().clear();
    }

    fn slot(&self, module: &SetupModuleRef) -> Arc<Slot> {
        let mut slots = self.0.slots();
        let known = slots.get(&module.slug);
        if let Some(slot) = known.filter(|slot| slot.fingerprint == module.fingerprint) {
            return Arc::clone(slot);
        }
        let slot = Arc::new(Slot {
            pool: Arc::downgrade(&self.0),
            fingerprint: module.fingerprint,
            worker: Mutex::new(None),
            functions: OnceCell::new(),
            failed: std::sync::Mutex::default(),
            troubles: std::sync::Mutex::default(),
            script: OnceCell::new(),
        });
        slots.insert(module.slug.clone(), Arc::clone(&slot));
        slot
    }
}

impl Pool {
    fn slots(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to one more worker. One that rests is ended for it; if none does, the next that is through is.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.alive).try_acquire_owned() {
            return Some(permit);
        }
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _guard = Waiting(&self.waiting);
        self.end_one();
        Arc::clone(&self.alive).acquire_owned().await.ok()
    }

    /// Ends the worker that has rested longest.
    fn end_one(&self) {
        let slots = self.slots();
        let resting = slots
            .values()
            .filter_map(|slot| slot.worker.try_lock().ok());
        let resting = resting.filter_map(|worker| Some((worker.as_ref()?.last_call, worker)));
        if let Some((_, mut longest)) = resting.min_by_key(|(last_call, _)| *last_call) {
            longest.take();
        }
    }
}

/// Counts a call that waits, also when it is given up.
struct Waiting<'p>(&'p AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Kept {
    /// Itself, unless it has ended behind everybody's back.
    fn alive(mut self) -> Option<Self> {
        (!self.worker.has_ended()).then_some(self)
    }
}

impl Slot {
    /// Loads the code for the first time; `None` if there is none.
    async fn load(
        self: &Arc<Self>,
        module: &SetupModuleRef,
    ) -> Result<Option<BTreeSet<String>>, HookError> {
        if !has_code(&module.folder).await? {
            return Ok(None);
        }
        if let Some(failure) = self.recent_failure() {
            return Err(failure);
        }
        let started = {
            let mut place = self.worker.lock().await;
            let started = self.start(module).await;
            started.map(|(kept, functions)| {
                *place = Some(kept);
                functions
            })
        };
        self.make_room();
        let failure = started.as_ref().err().cloned();
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        *failed = failure.map(|failure| (Instant::now(), failure));
        drop(failed);
        started.map(Some)
    }

    /// Why the code couldn't be loaded a short while ago: an import that hangs isn't waited for again and again.
    fn recent_failure(&self) -> Option<HookError> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = failed.as_ref().filter(|(at, _)| at.elapsed() < IDLE);
        recent.map(|(_, failure)| failure.clone())
    }

    async fn start(
        self: &Arc<Self>,
        module: &SetupModuleRef,
    ) -> Result<(Kept, BTreeSet<String>), HookError> {
        let stopping = || HookError::NotLoaded {
            why: message!("Contara is stopping"),
        };
        let pool = self.pool.upgrade().ok_or_else(stopping)?;
        let permit = pool.permit().await.ok_or_else(stopping)?;
        let (worker, functions) = HookWorker::start(&pool.spawner, &pool.settings, module).await?;
        let kept = Kept {
            worker,
            last_call: Instant::now(),
            _permit: permit,
            _timer: AbortOnDropHandle::new(tokio::spawn(end_when_idle(Arc::downgrade(self)))),
        };
        Ok((kept, functions))
    }

    /// Calls a function, in a new worker if there is none.
    async fn call(
        self: &Arc<Self>,
        module: &SetupModuleRef,
        function: &str,
        arguments: Vec<Value>,
        with_module: bool,
    ) -> Result<Value, HookError> {
        let mut place = self.worker.lock().await;
        // Out of its place: a call that is given up leaves no worker behind that still works on it.
        let alive = place.take().and_then(Kept::alive);
        let mut kept = match alive {
            Some(kept) => kept,
            None => self.start(module).await?.0,
        };
        let told = with_module.then(|| module.told());
        let answer = kept
            .worker
            .call(function, arguments, told, &module.language)
            .await;
        let outcome = match answer {
            Ok(value) => Ok(value),
            Err(trouble) if trouble.is_over() => {
                return Err(trouble.of_call(function, kept.worker.limit()));
            }
            Err(trouble) => Err(trouble.of_call(function, kept.worker.limit())),
        };
        kept.last_call = Instant::now();
        *place = Some(kept);
        outcome
    }

    fn remember(&self, function: &str, outcome: &Result<Value, HookError>) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(_) | Err(HookError::Missing(_)) => troubles.remove(function),
            Err(error) => troubles.insert(function.to_owned(), error.clone()),
        };
    }

    /// Somebody may wait for the worker that is through now.
    fn make_room(&self) {
        if let Some(pool) = self.pool.upgrade()
            && pool.waiting.load(Ordering::SeqCst) > 0
        {
            pool.end_one();
        }
    }
}

impl Hooks for ModuleHooks {
    fn functions(&self) -> &BTreeSet<String> {
        &self.functions
    }

    fn call<'a>(
        &'a self,
        function: &'a str,
        arguments: Vec<Value>,
        with_module: bool,
    ) -> BoxFuture<'a, Result<Value, HookError>> {
        Box::pin(async move {
            let is_asked_nothing = arguments.is_empty();
            let call = self
                .slot
                .call(&self.module, function, arguments, with_module);
            let answer = call.await;
            if is_asked_nothing {
                self.slot.remember(function, &answer);
            }
            self.slot.make_room();
            answer
        })
    }
}

impl SetupModuleRef {
    /// As its functions are told of it.
    fn told(&self) -> SetupModule {
        SetupModule {
            slug: self.slug.clone(),
            name: self.name.clone(),
            path: self.folder.to_string_lossy().into_owned(),
            configured: self.is_configured,
        }
    }
}

/// Ends a worker that has rested for long enough.
async fn end_when_idle(slot: Weak<Slot>) {
    let mut until = Instant::now() + IDLE;
    loop {
        sleep_until(until).await;
        let Some(slot) = slot.upgrade() else { return };
        let mut place = slot.worker.lock().await;
        match place.as_ref().map(|kept| kept.last_call + IDLE) {
            Some(later) if later > Instant::now() => until = later,
            _ => {
                place.take();
                return;
            }
        }
    }
}
