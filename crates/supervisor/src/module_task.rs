//! One module's task: performs what its state machine decides, and publishes how the module looks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use contara_manifest::icon;
use contara_protocol::Tree;
use contara_protocol::link::{
    ErrorKind, FromWorker, LINK_PROTOCOL, LogLevel, ToWorker, WorkerError,
};
use contara_system::worker_process::Interpreter;
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep_until;
use tracing::{debug, error, info, warn};

use crate::board::Board;
use crate::failure::{Failure, Step};
use crate::log_ring::LogRing;
use crate::machine::{Effect, Event, Life, Machine};
use crate::output::printable;
use crate::supervisor::{ActionError, DisableError, EnableError, ModuleSpec};
use crate::tile;
use crate::timing::Timing;
use crate::view::{ModuleView, Trouble, Ui};
use crate::worker::{Clogged, Worker, WorkerEvent};

/// Actions that may wait for one module at a time; it runs them one after the other.
const MOST_ACTIONS: usize = 64;

/// What all modules' tasks share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) interpreter: Interpreter,
    pub(crate) timing: Timing,
    pub(crate) board: Arc<Board>,
}

/// The answer to "what actions are there?": sorted names.
pub(crate) type Actions = Arc<[String]>;

/// What a module's task can be asked.
#[derive(Debug)]
pub(crate) enum ModuleRequest {
    Enable(oneshot::Sender<Result<(), EnableError>>),
    Disable(oneshot::Sender<Result<(), DisableError>>),
    Actions(oneshot::Sender<Result<Actions, EnableError>>),
    Act {
        action: String,
        params: Option<Tree>,
        answer: oneshot::Sender<Result<Tree, ActionError>>,
    },
    /// The module's code or manifest has changed.
    Update(ModuleSpec),
    /// Stop for good; the task ends when its worker is gone.
    Leave,
}

/// What the worker was asked and has not answered yet.
#[derive(Debug)]
enum Asked {
    Step(Step),
    Ping,
    Action(oneshot::Sender<Result<Tree, ActionError>>),
}

/// Who waits for the module to get somewhere.
#[derive(Debug, Default)]
struct Waiting {
    enable: Vec<oneshot::Sender<Result<(), EnableError>>>,
    disable: Vec<oneshot::Sender<Result<(), DisableError>>>,
    actions: Vec<oneshot::Sender<Result<Actions, EnableError>>>,
}

/// The part of `load`'s answer that the host uses.
#[derive(Debug, Default, Deserialize)]
struct Loaded {
    #[serde(default)]
    actions: Vec<String>,
}

pub(crate) struct ModuleTask {
    context: Arc<Context>,
    requests: mpsc::Receiver<ModuleRequest>,
    spec: ModuleSpec,
    log: Arc<LogRing>,
    machine: Machine,
    worker: Option<Worker>,
    asked: HashMap<u64, Asked>,
    next_id: u64,
    waiting: Waiting,
    actions: Actions,
    ui: Option<Ui>,
    /// The module's code runs but can't say what its UI is.
    ui_trouble: Option<Arc<Trouble>>,
    /// The icon of the last tile, and what its author should know about it.
    icon: Option<String>,
    warning: Option<String>,
}

impl ModuleTask {
    pub(crate) fn new(
        context: Arc<Context>,
        spec: ModuleSpec,
        log: Arc<LogRing>,
        requests: mpsc::Receiver<ModuleRequest>,
    ) -> Self {
        Self {
            machine: Machine::new(context.timing),
            context,
            requests,
            spec,
            log,
            worker: None,
            asked: HashMap::new(),
            next_id: 1,
            waiting: Waiting::default(),
            actions: Arc::default(),
            ui: None,
            ui_trouble: None,
            icon: None,
            warning: None,
        }
    }

    /// Runs until told to leave, and its worker is gone.
    pub(crate) async fn run(mut self) {
        let mut leaving = false;
        while !leaving || self.machine.has_process() {
            let wake = self.machine.wake();
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
                () = wait_until(wake) => self.dispatch(Event::Tick),
            }
        }
    }

    fn take_request(&mut self, request: ModuleRequest) {
        match request {
            ModuleRequest::Enable(answer) => {
                self.waiting.enable.push(answer);
                if self.machine.life() == Life::Running {
                    self.settle();
                } else {
                    self.dispatch(Event::Enable);
                }
            }
            ModuleRequest::Disable(answer) => {
                self.waiting.disable.push(answer);
                self.dispatch(Event::Disable);
            }
            ModuleRequest::Actions(answer) => {
                self.waiting.actions.push(answer);
                self.dispatch(Event::Inspect);
            }
            ModuleRequest::Act {
                action,
                params,
                answer,
            } => self.act(action, params, answer),
            ModuleRequest::Update(spec) => {
                info!(module = self.spec.name, "its folder has changed");
                self.log
                    .note(LogLevel::Info, "its folder has changed", None);
                self.spec = spec;
                self.dispatch(Event::Reload);
            }
            ModuleRequest::Leave => unreachable!("handled where the loop ends"),
        }
    }

    fn act(
        &mut self,
        action: String,
        params: Option<Tree>,
        answer: oneshot::Sender<Result<Tree, ActionError>>,
    ) {
        let refusal = match (self.machine.wanted(), self.machine.life()) {
            (false, _) => Some(ActionError::NotEnabled),
            (true, Life::Running) if self.pending_actions() >= MOST_ACTIONS => {
                Some(ActionError::Busy)
            }
            (true, Life::Running) => None,
            (true, _) => Some(ActionError::NotRunning),
        };
        if let Some(refusal) = refusal {
            // Whoever asked may have gone; then nobody minds.
            let _ = answer.send(Err(refusal));
            return;
        }
        let id = self.take_id();
        self.asked.insert(id, Asked::Action(answer));
        if self.send(&ToWorker::Action { id, action, params }).is_err()
            && let Some(Asked::Action(answer)) = self.asked.remove(&id)
        {
            let _ = answer.send(Err(ActionError::Busy));
        }
    }

    /// Actions that somebody still waits for; those that were given up are forgotten here.
    fn pending_actions(&mut self) -> usize {
        self.asked
            .retain(|_, asked| !matches!(asked, Asked::Action(answer) if answer.is_closed()));
        self.asked
            .values()
            .filter(|asked| matches!(asked, Asked::Action(_)))
            .count()
    }

    fn take_worker_event(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Message(message) => self.take_message(message),
            WorkerEvent::LinkBroken(reason) => self.dispatch(Event::LinkBroken(reason)),
            WorkerEvent::Exited { status, last_words } => {
                self.worker = None;
                self.asked.clear();
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
            FromWorker::Ui { tile, modals, .. } => self.draw(Ui { tile, modals }),
            FromWorker::UiFailed { message, traceback } => self.fail_to_draw(&message, traceback),
            FromWorker::Log {
                level,
                logger,
                message,
                traceback,
            } => {
                self.log(level, &logger, &message, traceback.as_deref());
            }
            FromWorker::Unknown { kind } => {
                debug!(module = self.spec.name, kind, "a message of a newer worker");
            }
            _ => {}
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
        match (self.asked.remove(&id), result) {
            // Answers to what was given up meanwhile come late; nobody waits for them.
            (None, _) => {}
            (Some(Asked::Ping), _) => self.dispatch(Event::Pong),
            (Some(Asked::Action(answer)), result) => {
                let _ = answer.send(result.map_err(action_error));
            }
            (Some(Asked::Step(step)), Ok(value)) => {
                if step == Step::Load {
                    self.actions = value.decode::<Loaded>().unwrap_or_default().actions.into();
                }
                self.dispatch(Event::Answered(step));
            }
            (Some(Asked::Step(step)), Err(error)) => self.dispatch(Event::Refused(step, error)),
        }
    }

    fn draw(&mut self, ui: Ui) {
        self.warn_of_icon(&ui);
        self.ui = Some(ui);
        self.ui_trouble = None;
        self.publish();
    }

    fn warn_of_icon(&mut self, ui: &Ui) {
        let name = ui.tile.as_ref().and_then(|tile| tile.text("icon"));
        if name == self.icon {
            return;
        }
        // Once per name and not per tile: the closest of two thousand icons takes a millisecond to find.
        let bad = name.as_deref().filter(|name| icon::resolve(name).is_none());
        self.warning = bad.map(icon_warning);
        if let Some(warning) = &self.warning {
            warn!(module = self.spec.name, "{warning}");
            self.log.note(LogLevel::Warning, warning, None);
        }
        self.icon = name;
    }

    fn fail_to_draw(&mut self, message: &str, traceback: Option<String>) {
        let line = format!("it can't draw its UI: {}", printable(message.as_bytes()));
        warn!(module = self.spec.name, traceback, "{line}");
        self.log.note(LogLevel::Error, &line, traceback.as_deref());
        self.ui_trouble = Some(Arc::new(Trouble {
            title: "This module can't draw its tile".into(),
            detail: message.to_owned(),
            traceback,
            retry_at: None,
        }));
        self.publish();
    }

    fn log(&self, level: LogLevel, logger: &str, message: &str, traceback: Option<&str>) {
        let module = self.spec.name.as_str();
        let message = printable(message.as_bytes());
        self.log.logged(level, logger, &message, traceback);
        match level {
            LogLevel::Debug => debug!(module, logger, traceback, "{message}"),
            LogLevel::Info => info!(module, logger, traceback, "{message}"),
            LogLevel::Warning => warn!(module, logger, traceback, "{message}"),
            LogLevel::Error => error!(module, logger, traceback, "{message}"),
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
                let line = printable(failure.to_string().as_bytes());
                let traceback = failure.traceback();
                warn!(module = self.spec.name, traceback, "{line}");
                self.log.note(LogLevel::Error, &line, traceback);
            }
            self.log.note_life(&life_before, &self.machine.life());
            for effect in effects {
                events.extend(self.perform(effect));
            }
        }
        if self.machine.failure().is_some() && !self.machine.is_initialized() {
            self.ui = None;
            self.ui_trouble = None;
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
            Effect::Ask(step) => {
                let spec = self.spec.clone();
                self.ask(Asked::Step(step), |id| request(step, id, spec))
            }
        }
    }

    fn spawn(&mut self) -> Option<Event> {
        match Worker::start(&self.context.interpreter, &self.spec.name, &self.log) {
            Ok(worker) => {
                self.worker = Some(worker);
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
        let trouble = self.trouble();
        let view = ModuleView {
            name: self.spec.name.clone(),
            display_name: self.spec.display_name.clone(),
            wanted: self.machine.wanted(),
            initialized: self.machine.is_initialized(),
            life: self.machine.life(),
            ui: self.visible_ui(trouble.as_deref()),
            trouble,
            warnings: self.warning.iter().cloned().collect(),
        };
        self.context.board.pin_if_changed(view);
    }

    fn visible_ui(&self, trouble: Option<&Trouble>) -> Option<Ui> {
        match (self.machine.wanted(), trouble) {
            (false, _) => None,
            (true, Some(trouble)) => Some(tile::of_trouble(&self.spec, trouble)),
            (true, None) => Some(
                self.ui
                    .clone()
                    .unwrap_or_else(|| tile::of_start(&self.spec)),
            ),
        }
    }

    fn trouble(&self) -> Option<Arc<Trouble>> {
        let retry_at = match self.machine.life() {
            Life::Running => return self.ui_trouble.clone(),
            Life::Backoff { until, .. } => Some(until),
            Life::Failed => None,
            Life::Starting | Life::Stopping | Life::Stopped => return None,
        };
        let failure = self.machine.failure()?;
        Some(Arc::new(Trouble {
            title: failure.title().into(),
            detail: sentence(&failure.to_string()),
            traceback: failure.traceback().map(ToOwned::to_owned),
            retry_at,
        }))
    }

    /// Answers those who wait and whose answer is known now.
    fn settle(&mut self) {
        let life = self.machine.life();
        let failure = self.machine.failure().cloned();
        if let Some(result) = enable_result(&life, failure.clone()) {
            answer_all(&mut self.waiting.enable, &result);
        }
        if !matches!(life, Life::Stopping) {
            let why = failure.clone().filter(Failure::is_of_stop);
            let result = why.map_or(Ok(()), |why| Err(DisableError::Failed(why)));
            answer_all(&mut self.waiting.disable, &result);
        }
        if self.machine.is_loaded() {
            answer_all(&mut self.waiting.actions, &Ok(Arc::clone(&self.actions)));
        } else if !self.machine.is_inspected() && !self.waiting.actions.is_empty() {
            let why = failure.map_or(EnableError::Disabled, EnableError::Failed);
            answer_all(&mut self.waiting.actions, &Err(why));
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

fn request(step: Step, id: u64, spec: ModuleSpec) -> ToWorker {
    match step {
        Step::Greet => unreachable!("a hello is never asked for"),
        Step::Load => ToWorker::Load {
            id,
            name: spec.name,
            path: spec.folder.to_string_lossy().into_owned(),
            source: spec.source,
            display_name: spec.display_name,
        },
        Step::Initialize => ToWorker::Initialize { id },
        Step::Start => ToWorker::Start { id },
        Step::Stop => ToWorker::Stop { id },
        Step::Shutdown => ToWorker::Shutdown { id },
    }
}

fn clogged() -> Event {
    Event::LinkBroken("the worker doesn't read what it is sent".into())
}

fn action_error(error: WorkerError) -> ActionError {
    match error.kind {
        ErrorKind::UnknownAction => ActionError::UnknownAction,
        ErrorKind::WrongState => ActionError::NotRunning,
        _ => ActionError::Failed(error),
    }
}

fn enable_result(life: &Life, failure: Option<Failure>) -> Option<Result<(), EnableError>> {
    match life {
        Life::Running => Some(Ok(())),
        Life::Starting => None,
        Life::Stopping | Life::Stopped => Some(Err(EnableError::Disabled)),
        Life::Backoff { .. } | Life::Failed => Some(Err(
            failure.map_or(EnableError::Disabled, EnableError::Failed)
        )),
    }
}

fn answer_all<T: Clone>(waiting: &mut Vec<oneshot::Sender<T>>, result: &T) {
    for answer in waiting.drain(..) {
        // Whoever asked may have gone; then nobody minds.
        let _ = answer.send(result.clone());
    }
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// As it stands on a tile: an error's text begins in lower case, since it usually continues another one.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn icon_warning(name: &str) -> String {
    let suggestion =
        icon::suggest(name).map_or_else(String::new, |close| format!(" Did you mean \"{close}\"?"));
    format!("The tile's icon \"{name}\" is no Lucide icon, so a neutral one is shown.{suggestion}")
}
