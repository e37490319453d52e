//! One module's task: performs what its state machine decides, and publishes how the module looks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use contara_protocol::Tree;
use contara_protocol::link::{
    ErrorKind, FromWorker, LINK_PROTOCOL, Loaded, Private, Progress, ToWorker, WorkerError,
};
use contara_store::{Store, StoreError};
use contara_system::worker_process::Interpreter;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep_until;
use tracing::debug;

use crate::board::Board;
use crate::calls::{Answer, Calls};
use crate::errors::{ActionError, DisableError, EnableError, SettingsError};
use crate::failure::Step;
use crate::keeper::{Keep, Keeper, KeeperEvent, Memory};
use crate::looks::Looks;
use crate::machine::{Effect, Event, Life, Machine};
use crate::module_log::ModuleLog;
use crate::page_watchers::PageWatchers;
use crate::supervisor::{Arguments, ModuleSpec};
use crate::timing::Timing;
use crate::view::Ui;
use crate::waiting::Waiting;
use crate::worker::{Clogged, Worker, WorkerEvent};

/// Requests beside actions and the steps of its life that a worker may leave unanswered before it gets no more.
const MOST_ASKED: usize = 64;

/// What all modules' tasks share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) interpreter: Interpreter,
    pub(crate) timing: Timing,
    pub(crate) store: Store,
    pub(crate) board: Arc<Board>,
    pub(crate) page_watchers: Arc<PageWatchers>,
}

/// What a module's task can be asked.
#[derive(Debug)]
pub(crate) enum ModuleRequest {
    Enable(oneshot::Sender<Result<(), EnableError>>),
    Disable(oneshot::Sender<Result<(), DisableError>>),
    /// Load it if need be, and say what is in it.
    Inspect(oneshot::Sender<Result<Arc<Loaded>, EnableError>>),
    Act {
        action: String,
        arguments: Arguments,
        answer: Answer,
    },
    Cancel {
        call: u64,
        answer: oneshot::Sender<bool>,
    },
    /// Nothing comes back from a module that doesn't run or can't draw.
    Render(oneshot::Sender<Option<Ui>>),
    /// For a module that is loaded.
    Question {
        question: Question,
        answer: oneshot::Sender<Result<Tree, SettingsError>>,
    },
    /// The module's code or manifest has changed.
    Update(ModuleSpec),
    /// Stop for good; the task ends when its worker is gone.
    Leave,
}

/// What a module that is loaded can be asked about its settings.
#[derive(Debug)]
pub(crate) enum Question {
    CheckSettings(Private),
    Configure(Private),
}

/// What the worker was asked, beside actions, and has not answered yet.
#[derive(Debug)]
enum Asked {
    Step(Step),
    Ping,
    Cancel(oneshot::Sender<bool>),
    Render(oneshot::Sender<Option<Ui>>),
    Question(oneshot::Sender<Result<Tree, SettingsError>>),
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
        Self {
            machine: Machine::new(context.timing),
            keeper: Keeper::new(context.store.clone(), &spec.name),
            page_watchers: context.page_watchers.follow(&spec.name),
            context,
            requests,
            spec,
            log,
            worker: None,
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
                event = self.keeper.next() => self.take_keeper_event(event),
                Ok(()) = self.page_watchers.changed() => self.tell_of_page_watchers(),
                () = wait_until(wake) => self.dispatch(Event::Tick),
                () = wait_until(calls_wake) => self.keep_time_of_calls(),
            }
        }
        self.keeper.finish().await;
    }

    fn take_request(&mut self, request: ModuleRequest) {
        match request {
            ModuleRequest::Enable(answer) => self.enable(answer),
            ModuleRequest::Disable(answer) => {
                self.waiting.disable.push(answer);
                self.dispatch(Event::Disable);
            }
            ModuleRequest::Inspect(answer) => {
                self.waiting.loaded.push(answer);
                self.dispatch(Event::Inspect);
            }
            ModuleRequest::Act {
                action,
                arguments,
                answer,
            } => self.act(action, arguments, answer),
            ModuleRequest::Cancel { call, answer } => self.cancel(call, answer),
            ModuleRequest::Render(answer) => {
                if self.machine.life() == Life::Running {
                    self.ask_for(Asked::Render(answer), |id| ToWorker::Render { id });
                }
            }
            ModuleRequest::Question { question, answer } => {
                if self.machine.is_loaded() {
                    self.ask_for(Asked::Question(answer), |id| question.message(id));
                }
            }
            ModuleRequest::Update(spec) => self.update(spec),
            ModuleRequest::Leave => unreachable!("handled where the loop ends"),
        }
    }

    /// Also *Try again*: a module that runs but isn't all that it was gets a new worker.
    fn enable(&mut self, answer: oneshot::Sender<Result<(), EnableError>>) {
        self.waiting.enable.push(answer);
        let is_whole = self.looks.trouble(&self.machine).is_none();
        match self.machine.life() {
            Life::Running if is_whole => self.settle(),
            Life::Running => self.dispatch(Event::Reload),
            _ => self.dispatch(Event::Enable),
        }
    }

    fn update(&mut self, spec: ModuleSpec) {
        self.log.folder_changed();
        self.spec = spec;
        self.looks.forget_warnings();
        if !self.spec.keep_state {
            self.keeper.forget_unstored();
        }
        self.dispatch(Event::Reload);
    }

    fn act(&mut self, action: String, arguments: Arguments, answer: Answer) {
        let refusal = match (self.machine.wanted(), self.machine.life()) {
            (false, _) => Some(ActionError::NotEnabled),
            (true, Life::Running) if self.calls.is_full() => Some(ActionError::Busy),
            (true, Life::Running) => None,
            (true, _) => Some(ActionError::NotRunning),
        };
        if let Some(refusal) = refusal {
            // Whoever asked may have gone; then nobody minds.
            let _ = answer.send(Err(refusal));
            return;
        }
        let id = self.take_id();
        let limit = self
            .context
            .timing
            .of_action(self.loaded.times.get(&action));
        let Arguments { params, form } = arguments;
        let shown = params.as_ref().map(|Private(params)| params.clone());
        self.calls
            .begin(id, action.clone(), shown, limit, answer, Instant::now());
        let message = ToWorker::Action {
            id,
            action,
            params,
            form,
        };
        if self.send(&message).is_err()
            && let Some(answer) = self.calls.finish(id).and_then(|call| call.answer)
        {
            let _ = answer.send(Err(ActionError::Busy));
        }
    }

    fn cancel(&mut self, call: u64, answer: oneshot::Sender<bool>) {
        if self.calls.has(call) {
            self.ask_for(Asked::Cancel(answer), |id| ToWorker::Cancel {
                id,
                action_id: call,
            });
        }
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

    /// Trees have the detail page only while somebody looks at it.
    fn tell_of_page_watchers(&mut self) {
        let page = *self.page_watchers.borrow_and_update() > 0;
        let can_be_told =
            self.spec.capabilities.detail_page && self.machine.life() == Life::Running;
        if can_be_told && page != self.is_page_watched {
            self.is_page_watched = page;
            self.ask_for(Asked::Notice, |id| ToWorker::Watch { id, page });
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
                    .fail(&format!("its state could not be stored: {why}"), None);
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
        }
    }

    fn take_worker_event(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Message(message) => self.take_message(message),
            WorkerEvent::LinkBroken(reason) => self.dispatch(Event::LinkBroken(reason)),
            WorkerEvent::Exited { status, last_words } => {
                self.worker = None;
                self.asked.clear();
                self.calls.clear();
                self.keeper.forget_recall();
                self.dispatch(Event::Exited { status, last_words });
            }
        }
    }

    fn take_message(&mut self, message: FromWorker) {
        match message {
            FromWorker::Hello {
                protocol,
                sdk,
                python,
                ..
            } => self.greet(protocol, &sdk, &python),
            FromWorker::Answer { id, value } => self.take_answer(id, Ok(value)),
            FromWorker::Error { id, error } => self.take_answer(id, Err(error)),
            FromWorker::Ui {
                tile, modals, page, ..
            } => {
                self.looks.draw(&self.log, Ui { tile, modals, page });
                self.publish();
            }
            FromWorker::UiFailed { message, traceback } => {
                self.looks.fail_to_draw(&self.log, &message, traceback);
                self.publish();
            }
            FromWorker::State { value } => self.keeper.keep(value, self.keep()),
            FromWorker::Progress { id, progress } => self.note_progress(id, progress),
            FromWorker::Fault {
                origin,
                name,
                message,
                traceback,
            } => {
                self.looks
                    .fault(&self.log, origin, &name, &message, traceback);
                self.publish();
            }
            FromWorker::Log {
                level,
                logger,
                message,
                traceback,
            } => {
                self.log
                    .logged(level, &logger, &message, traceback.as_deref());
            }
            FromWorker::Unknown { kind } => {
                debug!(module = self.spec.name, kind, "a message of a newer worker");
            }
            _ => {}
        }
    }

    fn note_progress(&mut self, call: u64, progress: Progress) {
        if self.calls.progress(call, progress) {
            self.publish();
        }
    }

    fn greet(&mut self, protocol: u32, sdk: &str, python: &str) {
        debug!(
            module = self.spec.name,
            protocol, sdk, python, "the worker said hello"
        );
        if protocol == LINK_PROTOCOL {
            self.dispatch(Event::Answered(Step::Greet));
        } else {
            let reason = format!(
                "the SDK {sdk} speaks version {protocol} of it, this daemon version {LINK_PROTOCOL}"
            );
            self.dispatch(Event::LinkBroken(reason));
        }
    }

    fn take_answer(&mut self, id: u64, result: Result<Tree, WorkerError>) {
        if let Some(call) = self.calls.finish(id) {
            if call.shown {
                self.publish();
            }
            if let Some(answer) = call.answer {
                let _ = answer.send(result.map_err(ActionError::from));
            }
            return;
        }
        match (self.asked.remove(&id), result) {
            // Answers to what was given up meanwhile come late; nobody waits for them.
            (None | Some(Asked::Notice), _) => {}
            (Some(Asked::Ping), _) => self.dispatch(Event::Pong),
            (Some(Asked::Cancel(answer)), result) => {
                let was_there = result.is_ok_and(|value| value.decode().unwrap_or(false));
                let _ = answer.send(was_there);
            }
            (Some(Asked::Render(answer)), result) => {
                let ui = self.looks.drawn().filter(|_| result.is_ok());
                let _ = answer.send(ui.cloned());
            }
            (Some(Asked::Question(answer)), result) => {
                let _ = answer.send(result.map_err(SettingsError::from));
            }
            (Some(Asked::Step(step)), Ok(value)) => self.take_step(step, &value),
            (Some(Asked::Step(step)), Err(error)) => self.dispatch(Event::Refused(step, error)),
        }
    }

    fn take_step(&mut self, step: Step, value: &Tree) {
        if step == Step::Load {
            match Loaded::of(value) {
                Ok(loaded) => self.take_loaded(loaded),
                Err(error) => return self.dispatch(Event::LinkBroken(error.to_string())),
            }
        }
        self.dispatch(Event::Answered(step));
        if step == Step::Start {
            self.tell_of_page_watchers();
        }
    }

    fn take_loaded(&mut self, loaded: Loaded) {
        self.loaded = Arc::new(loaded);
        if let Some(reason) = &self.loaded.state_problem {
            self.looks.warn_of_state(&self.log, reason);
            self.keeper.put_aside(reason, self.keep());
        }
        let reason = self.loaded.settings_problem.as_deref();
        self.looks.warn_of_settings(&self.log, reason);
    }

    fn keep(&self) -> Keep {
        if self.loaded.persist {
            Keep::InStore
        } else {
            Keep::InMemory
        }
    }

    /// Lets the machine take an event in, does what it says, and tells everybody.
    fn dispatch(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let failed_before = self.machine.failure().is_some();
            let life_before = self.machine.life();
            let machine = std::mem::replace(&mut self.machine, Machine::new(self.context.timing));
            let (machine, effects) = machine.step(event, Instant::now());
            self.machine = machine;
            if !failed_before && let Some(failure) = self.machine.failure() {
                self.log.fail(&failure.to_string(), failure.traceback());
            }
            self.log.note_life(&life_before, &self.machine.life());
            for effect in effects {
                events.extend(self.perform(effect));
            }
        }
        if self.machine.failure().is_some() && !self.machine.is_initialized() {
            self.looks.forget_ui();
        }
        self.publish();
        self.settle();
    }

    /// Performs an effect; gives the event that it leads to at once, if any.
    fn perform(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Spawn => self.spawn(),
            Effect::Kill => {
                if let Some(worker) = &self.worker {
                    worker.kill();
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
        match Worker::start(&self.context.interpreter, &self.log) {
            Ok(worker) => {
                self.worker = Some(worker);
                self.is_page_watched = false;
                let hello = ToWorker::Hello {
                    protocol: LINK_PROTOCOL,
                    host: concat!("contara ", env!("CARGO_PKG_VERSION")).into(),
                    features: Vec::new(),
                };
                self.send(&hello).err().map(|Clogged| clogged())
            }
            Err(error) => Some(Event::SpawnFailed(with_causes(&error))),
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
            Self::Step(_) | Self::Ping | Self::Notice => true,
            Self::Cancel(answer) => !answer.is_closed(),
            Self::Render(answer) => !answer.is_closed(),
            Self::Question(answer) => !answer.is_closed(),
        }
    }
}

impl Question {
    fn message(self, id: u64) -> ToWorker {
        match self {
            Self::CheckSettings(settings) => ToWorker::CheckSettings { id, settings },
            Self::Configure(settings) => ToWorker::Configure { id, settings },
        }
    }
}

async fn next_event(worker: &mut Option<Worker>) -> WorkerEvent {
    match worker {
        Some(worker) => worker.next().await,
        None => std::future::pending().await,
    }
}

async fn wait_until(wake: Option<Instant>) {
    match wake {
        Some(at) => sleep_until(at.into()).await,
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
    Event::LinkBroken("the worker doesn't read what it is sent".into())
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
