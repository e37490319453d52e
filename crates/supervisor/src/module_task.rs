//! One module's task: performs what its state machine decides, and publishes how the module looks.

mod messages;
mod preparation;
mod requests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use contara_i18n::{Explained, Message, message, with_causes};
use contara_protocol::Tree;
use contara_protocol::link::{ErrorKind, LINK_PROTOCOL, Loaded, ToWorker, TreeLimits, WorkerError};
use contara_store::{Store, StoreError};
use contara_system::environments::{Environments, Packages, Preparation};
use contara_system::spawner::{Spawner, WorkerOrder};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::alarm::Alarm;
use crate::board::Board;
use crate::calls::Calls;
use crate::errors::SettingsError;
use crate::failure::Step;
use crate::keeper::{Keeper, KeeperEvent, Memory};
use crate::looks::Looks;
use crate::machine::{Effect, Event, Life, Machine};
use crate::module_log::ModuleLog;
use crate::outbox::Clogged;
use crate::page_watchers::PageWatchers;
use crate::resource_watch::ResourceWatch;
use crate::supervisor::ModuleSpec;
use crate::timing::Timing;
use crate::view::Ui;
use crate::waiting::Waiting;
use crate::worker::{Worker, WorkerEvent};

pub(crate) use requests::{ModuleRequest, Question};

/// Requests beside actions and the steps of its life that a worker may leave unanswered before it gets no more.
const MOST_ASKED: usize = 64;

/// What all modules' tasks share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) spawner: Spawner,
    pub(crate) environments: Environments,
    pub(crate) watch: ResourceWatch,
    pub(crate) timing: Timing,
    pub(crate) store: Store,
    pub(crate) board: Arc<Board>,
    pub(crate) page_watchers: Arc<PageWatchers>,
}

/// What the worker was asked, beside actions, and has not answered yet.
#[derive(Debug)]
enum Asked {
    Step(Step),
    Ping,
    Cancel(oneshot::Sender<bool>),
    Render(oneshot::Sender<Option<Ui>>),
    CheckSettings(oneshot::Sender<Result<Tree, SettingsError>>),
    Configure(oneshot::Sender<Result<Tree, SettingsError>>),
    /// To draw the detail page, or no longer.
    Watch,
    /// Nobody waits for the answer.
    Notice,
}

pub(crate) struct ModuleTask {
    context: Arc<Context>,
    requests: mpsc::Receiver<ModuleRequest>,
    spec: ModuleSpec,
    log: ModuleLog,
    machine: Machine,
    worker: Option<Worker>,
    /// While somebody works on the module: a worker that is ready for the next change, since Python takes most of a reload
    /// to start.
    spare: Option<Worker>,
    /// How its packages are coming along. It stays when nobody wants them any more, for its lines.
    preparation: Option<Preparation>,
    /// What the last preparation gave.
    packages: Option<Packages>,
    /// A look at what it needs of the system.
    system_check: Option<JoinHandle<Vec<Message>>>,
    asked: HashMap<u64, Asked>,
    calls: Calls,
    next_id: u64,
    waiting: Waiting,
    loaded: Arc<Loaded>,
    keeper: Keeper,
    looks: Looks,
    page_watchers: watch::Receiver<usize>,
    /// Whether the worker was told that somebody watches the page.
    is_page_watched: bool,
}

impl ModuleTask {
    pub(crate) fn new(
        context: Arc<Context>,
        spec: ModuleSpec,
        log: ModuleLog,
        requests: mpsc::Receiver<ModuleRequest>,
    ) -> Self {
        let mut machine = Machine::new(context.timing);
        machine.require(preparation::requirements(&spec));
        Self {
            machine,
            keeper: Keeper::new(context.store.clone(), &spec.name),
            page_watchers: context.page_watchers.follow(&spec.name),
            context,
            requests,
            spec,
            log,
            worker: None,
            spare: None,
            preparation: None,
            packages: None,
            system_check: None,
            asked: HashMap::new(),
            calls: Calls::default(),
            next_id: 1,
            waiting: Waiting::default(),
            loaded: Arc::default(),
            looks: Looks::default(),
            is_page_watched: false,
        }
    }

    /// Runs until told to leave, its worker is gone, and its state is stored.
    pub(crate) async fn run(mut self) {
        let mut leaving = false;
        let (mut alarm, mut calls_alarm) = (Alarm::default(), Alarm::default());
        while !leaving || self.machine.has_process() {
            let (wake, calls_wake) = (self.machine.wake(), self.calls.wake());
            tokio::select! {
                request = self.requests.recv(), if !leaving => match request {
                    None | Some(ModuleRequest::Leave) => {
                        leaving = true;
                        self.context.board.unpin(&self.spec.name);
                        self.dispatch(Event::Leave);
                    }
                    Some(request) => self.take_request(request),
                },
                event = next_event(&mut self.worker) => self.take_worker_event(event),
                event = preparation::next(&mut self.preparation) => self.take_preparation_event(event),
                unmet = preparation::unmet(&mut self.system_check) => {
                    self.take_unmet(unmet);
                    self.publish();
                }
                event = self.keeper.next() => self.take_keeper_event(event),
                Ok(()) = self.page_watchers.changed() => self.tell_of_page_watchers(),
                () = alarm.wait_until(wake) => self.dispatch(Event::Tick),
                () = calls_alarm.wait_until(calls_wake) => self.keep_time_of_calls(),
            }
        }
        self.keeper.finish().await;
    }

    fn keep_time_of_calls(&mut self) {
        let due = self.calls.keep_time(Instant::now());
        for call in due.overdue {
            self.log
                .warn("an action has taken too long, and the worker did not end it");
            self.ask_for(Asked::Notice, |id| ToWorker::Cancel {
                id,
                action_id: call,
            });
        }
        if due.news {
            self.publish();
        }
    }

    /// Trees have the detail page only while somebody looks at it. Told one at a time, however often clients come and go;
    /// what has changed until the worker answers is told then.
    fn tell_of_page_watchers(&mut self) {
        let page = *self.page_watchers.borrow_and_update() > 0;
        let can_be_told = self.spec.capabilities.detail_page && self.machine.is_loaded();
        let is_being_told = self
            .asked
            .values()
            .any(|asked| matches!(asked, Asked::Watch));
        if !can_be_told || is_being_told || page == self.is_page_watched {
            return;
        }
        self.is_page_watched = page;
        if let Some(event) = self.ask(Asked::Watch, |id| ToWorker::Watch { id, page }) {
            self.dispatch(event);
        }
    }

    fn take_keeper_event(&mut self, event: KeeperEvent) {
        match event {
            KeeperEvent::Recalled(Ok(memory)) => {
                let load = self.load(memory);
                if let Some(event) = self.ask(Asked::Step(Step::Load), load) {
                    self.dispatch(event);
                }
            }
            KeeperEvent::Recalled(Err(error)) => {
                self.dispatch(Event::Refused(Step::Load, unreadable(&error)));
            }
            KeeperEvent::Written(Ok(())) => {}
            KeeperEvent::Written(Err(error)) => {
                let why = with_causes(&error);
                self.log
                    .complain(&format!("its state could not be stored: {why}"), None);
            }
        }
    }

    fn load(&self, memory: Memory) -> impl FnOnce(u64) -> ToWorker + use<> {
        let spec = self.spec.clone();
        move |id| ToWorker::Load {
            id,
            name: spec.name,
            path: spec.folder.to_string_lossy().into_owned(),
            source: spec.source,
            display_name: spec.display_name,
            capabilities: spec.capabilities,
            settings: memory.settings.filter(|_| spec.capabilities.settings),
            state: memory.state,
            keep_state: spec.keep_state,
            limits: Some(TreeLimits {
                tree_size: spec.limits.tree_size,
                frames_per_second: spec.limits.frames_per_second,
            }),
        }
    }

    fn take_worker_event(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Message(message) => self.take_message(message),
            WorkerEvent::LinkBroken(reason) => self.dispatch(Event::LinkBroken(reason)),
            WorkerEvent::OverLimit(excess) => self.dispatch(Event::OverLimit(excess)),
            WorkerEvent::NotStarted(error) => {
                self.forget_worker();
                self.dispatch(Event::SpawnFailed {
                    reason: error.explanation(),
                    last_words: error.last_words().map(str::to_owned),
                });
            }
            WorkerEvent::Exited { status, last_words } => {
                self.forget_worker();
                self.dispatch(Event::Exited { status, last_words });
            }
        }
    }

    fn forget_worker(&mut self) {
        self.worker = None;
        self.asked.clear();
        self.calls.clear();
        self.keeper.forget_recall();
    }

    /// Lets the machine take an event in, does what it says, and tells everybody.
    fn dispatch(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let life_before = self.machine.life();
            let machine = std::mem::replace(&mut self.machine, Machine::new(self.context.timing));
            let (machine, effects) = machine.step(event, Instant::now());
            self.machine = machine;
            for effect in effects {
                events.extend(self.perform(effect));
            }
            self.log.note_life(&life_before, &self.machine.life());
        }
        if self.machine.failure().is_some() && !self.machine.is_initialized() {
            self.looks.forget_ui();
        }
        self.keep_spare();
        self.publish();
        self.settle();
    }

    /// Performs an effect; gives the event that it leads to at once, if any.
    fn perform(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Prepare => {
                self.prepare();
                None
            }
            Effect::Spawn => self.spawn(),
            Effect::Kill => {
                if let Some(worker) = &self.worker {
                    worker.kill();
                }
                None
            }
            Effect::Report => {
                if let Some(failure) = self.machine.failure() {
                    self.log.fail(&failure.to_string(), failure.traceback());
                }
                None
            }
            Effect::Ping => self.ask(Asked::Ping, |id| ToWorker::Ping { id }),
            Effect::Ask(Step::Load) => {
                // Sent once it is known what the module finds again.
                self.keeper.recall();
                None
            }
            Effect::Ask(step) => {
                if step == Step::Start {
                    self.looks.forget_troubles();
                }
                self.ask(Asked::Step(step), |id| request(step, id))
            }
        }
    }

    fn spawn(&mut self) -> Option<Event> {
        let spare = self.spare.take().filter(|spare| !spare.is_over());
        self.worker = Some(spare.unwrap_or_else(|| self.start_worker()));
        self.is_page_watched = false;
        let hello = ToWorker::Hello {
            protocol: LINK_PROTOCOL,
            host: concat!("contara ", env!("CARGO_PKG_VERSION")).into(),
            features: Vec::new(),
        };
        self.send(&hello).err().map(|Clogged| clogged())
    }

    fn start_worker(&self) -> Worker {
        let order = WorkerOrder {
            module: self.spec.name.clone(),
            packages: self.packages.clone(),
            limits: self.spec.limits,
        };
        let Context { spawner, watch, .. } = &*self.context;
        Worker::start(spawner, watch, order, &self.log)
    }

    /// Once the module is where it will be until its code changes.
    fn keep_spare(&mut self) {
        let may_need_it = matches!(
            self.machine.life(),
            Life::Running | Life::Backoff { .. } | Life::Failed
        );
        if !self.spec.keep_state || self.machine.is_leaving() {
            self.spare = None;
        } else if may_need_it && self.spare.is_none() {
            // If it can't be started, the next real start says so.
            self.spare = Some(self.start_worker());
        }
    }

    fn ask(&mut self, asked: Asked, message: impl FnOnce(u64) -> ToWorker) -> Option<Event> {
        let id = self.take_id();
        self.asked.insert(id, asked);
        self.send(&message(id)).err().map(|Clogged| clogged())
    }

    /// Asks for somebody who hears that nothing came of it by the end of `asked`.
    fn ask_for(&mut self, asked: Asked, message: impl FnOnce(u64) -> ToWorker) {
        self.asked.retain(|_, asked| asked.is_awaited());
        if self.asked.len() >= MOST_ASKED {
            return;
        }
        if let Some(event) = self.ask(asked, message) {
            self.dispatch(event);
        }
    }

    fn send(&self, message: &ToWorker) -> Result<(), Clogged> {
        self.worker
            .as_ref()
            .map_or(Err(Clogged), |worker| worker.send(message))
    }

    fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// Hangs up how the module looks now.
    pub(crate) fn publish(&self) {
        if self.machine.is_leaving() {
            return;
        }
        let view = self
            .looks
            .view(&self.spec, &self.machine, self.calls.running());
        self.context.board.pin_if_changed(view);
    }

    fn settle(&mut self) {
        self.waiting.settle(&self.machine, &self.loaded);
    }
}

impl Asked {
    fn is_awaited(&self) -> bool {
        match self {
            Self::Step(_) | Self::Ping | Self::Watch | Self::Notice => true,
            Self::Cancel(answer) => !answer.is_closed(),
            Self::Render(answer) => !answer.is_closed(),
            Self::CheckSettings(answer) | Self::Configure(answer) => !answer.is_closed(),
        }
    }
}

async fn next_event(worker: &mut Option<Worker>) -> WorkerEvent {
    match worker {
        Some(worker) => worker.next().await,
        None => std::future::pending().await,
    }
}

fn request(step: Step, id: u64) -> ToWorker {
    match step {
        Step::Greet | Step::Load => {
            unreachable!("a hello is never asked for, and a load takes more")
        }
        Step::Initialize => ToWorker::Initialize { id },
        Step::Start => ToWorker::Start { id },
        Step::Stop => ToWorker::Stop { id },
        Step::Shutdown => ToWorker::Shutdown { id },
    }
}

/// A module that would start without what it left would write over it.
fn unreadable(error: &StoreError) -> WorkerError {
    WorkerError {
        kind: ErrorKind::Exception,
        message: format!(
            "what was stored for it can't be read: {}",
            with_causes(error)
        ),
        traceback: None,
        fields: std::collections::BTreeMap::new(),
    }
}

fn clogged() -> Event {
    Event::LinkBroken(message!("the worker doesn't read what it is sent"))
}
