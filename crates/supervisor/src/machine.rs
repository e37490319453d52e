//! The life of one module as a pure state machine: `step(state, event, now) -> (state, effects)`.
//!
//! It decides when a worker is started, asked, and killed; it performs nothing. What it keeps is what the user wants, how far
//! the worker process has come, and whether it must pause after a failure; the life that people see ([`Life`]) follows from
//! those. Each step brings the process one request closer to where it should be, so that any order of events ends well.

use std::time::{Duration, Instant};

use contara_i18n::Message;
use contara_protocol::link::WorkerError;

use crate::failure::{Failure, Retry, Step, Unprepared};
use crate::resource_watch::Excess;
use crate::timing::Timing;

/// Where a module is in its life, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// Not wanted, not running. A worker may still be kept warm.
    Stopped,
    /// Wanted, on its way.
    Starting,
    /// Live.
    Running,
    /// No longer wanted, `stop_monitoring()` not yet through.
    Stopping,
    /// The worker failed and is started again at `until`.
    Backoff {
        /// When.
        until: Instant,
        /// How often it failed without a healthy minute in between.
        failures: u32,
    },
    /// It failed too often; only a person (or a change of its code) starts it again.
    Failed,
    /// Wanted, and its Python packages are being installed.
    Preparing,
    /// Wanted, and can't run before something outside it changes.
    Blocked {
        /// When it is looked at again, if that is worth it without a person's doing.
        retry_at: Option<Instant>,
    },
}

/// Whether a module needs Python packages of its own before a worker can be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requirements {
    None,
    Some,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// The user wants it to run; also "try again".
    Enable,
    /// The user doesn't want it to run.
    Disable,
    /// Somebody asks what is in it, such as its actions or settings; also while it pauses after a failure.
    Inspect,
    /// Its code or manifest has changed.
    Reload,
    /// The module is gone, or the daemon ends: stop for good.
    Leave,
    /// What [`Effect::Prepare`] prepares isn't there yet: packages are being installed.
    Installing,
    /// The module's packages are there.
    Prepared,
    /// They can't be had.
    Unprepared(Unprepared),
    /// The worker answered a step (`Greet`: said hello).
    Answered(Step),
    /// The worker answered a step with an error.
    Refused(Step, WorkerError),
    /// The worker answered a ping.
    Pong,
    /// There is no worker; what the process that should have started it wrote last, if that explains it.
    SpawnFailed {
        reason: Message,
        last_words: Option<String>,
    },
    /// The link broke while the process may still live.
    LinkBroken(Message),
    /// The worker, or what it started, has taken too much.
    OverLimit(Excess),
    /// The process is gone; its last lines, if it left any.
    Exited {
        status: String,
        last_words: Option<String>,
    },
    /// Time has passed; see [`Machine::wake`].
    Tick,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Have the module's packages ready, as its manifest has them now; an earlier preparation no longer counts.
    Prepare,
    /// Start a worker; its `hello` is awaited.
    Spawn,
    /// Send the request of this step (never `Greet`).
    Ask(Step),
    /// Send a ping.
    Ping,
    /// Kill the worker's process group.
    Kill,
    /// Say what has failed: see [`Machine::failure`].
    Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    New,
    Greeted,
    Loaded,
    Initialized,
    Started,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Awaited {
    step: Step,
    after: Duration,
    deadline: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heartbeat {
    Next(Instant),
    Due(Instant),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Alive {
    stage: Stage,
    awaited: Option<Awaited>,
    heartbeat: Option<Heartbeat>,
    /// Its code has changed: to be ended, and replaced if wanted.
    outdated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Process {
    None,
    /// None yet: its packages are being looked for, or installed.
    Preparing {
        installing: bool,
    },
    Alive(Alive),
    /// Killed, not yet gone.
    Dying,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pause {
    Backoff(Instant),
    Failed,
    Blocked(Option<Instant>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Off,
    Warm,
    Started,
}

/// The state of one module.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    timing: Timing,
    requirements: Requirements,
    wanted: bool,
    leaving: bool,
    inspected: bool,
    process: Process,
    pause: Option<Pause>,
    failures: u32,
    running_since: Option<Instant>,
    warm_until: Option<Instant>,
    failure: Option<Failure>,
}

impl Machine {
    pub(crate) fn new(timing: Timing) -> Self {
        Self {
            timing,
            requirements: Requirements::None,
            wanted: false,
            leaving: false,
            inspected: false,
            process: Process::None,
            pause: None,
            failures: 0,
            running_since: None,
            warm_until: None,
            failure: None,
        }
    }

    /// Says whether its next worker needs packages; to be followed by [`Event::Reload`] if there may be one already.
    pub(crate) fn require(&mut self, requirements: Requirements) {
        self.requirements = requirements;
    }

    /// Takes an event in and says what to do.
    pub(crate) fn step(mut self, event: Event, now: Instant) -> (Self, Vec<Effect>) {
        let mut effects = Vec::new();
        self.forget_old_failures(now);
        self.take_in(event, now, &mut effects);
        self.keep_time(now, &mut effects);
        self.advance(now, &mut effects);
        (self, effects)
    }

    /// When to send the next [`Event::Tick`].
    pub(crate) fn wake(&self) -> Option<Instant> {
        let pause = match self.pause {
            Some(Pause::Backoff(until) | Pause::Blocked(Some(until))) if !self.leaving => {
                Some(until)
            }
            _ => None,
        };
        let Process::Alive(alive) = self.process else {
            return pause;
        };
        let awaited = alive.awaited.map(|awaited| awaited.deadline);
        let heartbeat = alive
            .heartbeat
            .map(|(Heartbeat::Next(at) | Heartbeat::Due(at))| at);
        let may_go = !self.wanted || self.pause.is_some();
        let warm = self.warm_until.filter(|_| may_go && awaited.is_none());
        [pause, awaited, heartbeat, warm]
            .into_iter()
            .flatten()
            .min()
    }

    pub(crate) fn life(&self) -> Life {
        match self.pause {
            Some(Pause::Failed) => Life::Failed,
            Some(Pause::Backoff(until)) => Life::Backoff {
                until,
                failures: self.failures,
            },
            Some(Pause::Blocked(retry_at)) => Life::Blocked { retry_at },
            None if self.wanted && self.is_started() => Life::Running,
            None if self.wanted && self.is_installing() => Life::Preparing,
            None if self.wanted => Life::Starting,
            None if self.is_under_way() => Life::Stopping,
            None => Life::Stopped,
        }
    }

    pub(crate) fn wanted(&self) -> bool {
        self.wanted
    }

    /// Whether it stops for good.
    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// Whether `initialize()` has run in the process that lives now.
    pub(crate) fn is_initialized(&self) -> bool {
        matches!(self.process, Process::Alive(alive) if alive.stage >= Stage::Initialized)
    }

    /// Whether the module's class is there to be asked.
    pub(crate) fn is_loaded(&self) -> bool {
        matches!(self.process, Process::Alive(alive) if alive.stage >= Stage::Loaded)
    }

    /// Whether somebody waits for the module to be loaded.
    pub(crate) fn is_inspected(&self) -> bool {
        self.inspected
    }

    /// Whether there is a process, dying ones included.
    pub(crate) fn has_process(&self) -> bool {
        matches!(self.process, Process::Alive(_) | Process::Dying)
    }

    /// Whether packages are being installed for a worker, be the module wanted or only asked.
    pub(crate) fn is_installing(&self) -> bool {
        self.process == Process::Preparing { installing: true }
    }

    /// The last failure since the user last wanted something else.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    fn is_started(&self) -> bool {
        matches!(
            self.process,
            Process::Alive(Alive {
                stage: Stage::Started,
                awaited: None,
                outdated: false,
                ..
            })
        )
    }

    /// Not wanted, but the module's code may still be running.
    fn is_under_way(&self) -> bool {
        let Process::Alive(alive) = self.process else {
            return false;
        };
        let starting = alive
            .awaited
            .is_some_and(|awaited| matches!(awaited.step, Step::Initialize | Step::Start));
        alive.stage == Stage::Started || starting
    }

    fn target(&self, now: Instant) -> Target {
        let outdated = matches!(self.process, Process::Alive(Alive { outdated: true, .. }));
        let warm = self.inspected || self.warm_until.is_some_and(|until| now < until);
        match () {
            () if self.leaving || outdated => Target::Off,
            () if self.wanted && self.pause.is_none() => Target::Started,
            () if warm => Target::Warm,
            () => Target::Off,
        }
    }

    fn forget_old_failures(&mut self, now: Instant) {
        let healthy = self.timing.healthy;
        if self
            .running_since
            .is_some_and(|since| now.duration_since(since) >= healthy)
        {
            self.failures = 0;
        }
    }

    fn take_in(&mut self, event: Event, now: Instant, effects: &mut Vec<Effect>) {
        match event {
            Event::Enable => self.enable(),
            Event::Disable => self.disable(now),
            Event::Inspect => {
                self.inspected = !self.is_loaded();
                self.warm_until = Some(now + self.timing.warm);
            }
            Event::Reload => {
                self.reload();
                self.hurry(now);
            }
            Event::Leave => {
                self.leaving = true;
                self.hurry(now);
            }
            Event::Installing => {
                if let Process::Preparing { installing } = &mut self.process {
                    *installing = true;
                }
            }
            Event::Prepared => self.prepared(now, effects),
            Event::Unprepared(why) => self.unprepared(why, now, effects),
            Event::Answered(step) => self.answered(step, now),
            Event::Refused(step, error) => {
                if self.take_awaited(step) {
                    self.fail(Failure::Refused { step, error }, now, effects);
                }
            }
            Event::Pong => self.pong(now),
            Event::SpawnFailed { reason, last_words } => {
                let was = std::mem::replace(&mut self.process, Process::None);
                // Who no longer wants it need not hear of it.
                if matches!(was, Process::Alive(_)) {
                    self.fail(Failure::Spawn { reason, last_words }, now, effects);
                }
            }
            Event::LinkBroken(reason) => {
                if matches!(self.process, Process::Alive(_)) {
                    self.fail(Failure::Link(reason), now, effects);
                }
            }
            Event::OverLimit(excess) => {
                if matches!(self.process, Process::Alive(_)) {
                    self.fail(Failure::OverLimit(excess), now, effects);
                }
            }
            Event::Exited { status, last_words } => self.exited(status, last_words, now, effects),
            Event::Tick => {}
        }
    }

    fn enable(&mut self) {
        self.wanted = true;
        self.start_afresh();
    }

    fn disable(&mut self, now: Instant) {
        self.wanted = false;
        self.start_afresh();
        self.warm_until = Some(now + self.timing.warm);
        self.hurry(now);
    }

    /// Whoever wants it off shouldn't wait for a start that hangs.
    fn hurry(&mut self, now: Instant) {
        let sooner = Awaited {
            step: Step::Stop,
            after: self.timing.stop,
            deadline: now + self.timing.stop,
        };
        if let Process::Alive(Alive {
            awaited: Some(awaited),
            ..
        }) = &mut self.process
            && sooner.deadline < awaited.deadline
        {
            *awaited = Awaited {
                step: awaited.step,
                ..sooner
            };
        }
    }

    fn reload(&mut self) {
        self.start_afresh();
        match &mut self.process {
            Process::Alive(alive) => alive.outdated = true,
            // It may need others now.
            Process::Preparing { .. } => self.process = Process::None,
            Process::None | Process::Dying => {}
        }
    }

    fn prepared(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if !matches!(self.process, Process::Preparing { .. }) {
            return;
        }
        self.pause
            .take_if(|pause| matches!(pause, Pause::Blocked(_)));
        self.process = Process::None;
        if self.needs_worker(now) {
            self.spawn(now, effects);
        }
    }

    fn unprepared(&mut self, why: Unprepared, now: Instant, effects: &mut Vec<Effect>) {
        if !matches!(self.process, Process::Preparing { .. }) {
            return;
        }
        self.process = Process::None;
        self.inspected = false;
        if self.wanted && !self.leaving {
            let is_worth_it = why.retry == Retry::ByItself;
            self.pause = Some(Pause::Blocked(
                is_worth_it.then(|| now + self.timing.retry_blocked),
            ));
        }
        self.failure = Some(Failure::Unprepared(why));
        effects.push(Effect::Report);
    }

    fn start_afresh(&mut self) {
        self.pause = None;
        self.failures = 0;
        self.failure = None;
    }

    fn answered(&mut self, step: Step, now: Instant) {
        if !self.take_awaited(step) {
            return;
        }
        let Process::Alive(alive) = &mut self.process else {
            return;
        };
        alive.stage = match step {
            Step::Greet => Stage::Greeted,
            Step::Load => Stage::Loaded,
            Step::Initialize | Step::Stop => Stage::Initialized,
            Step::Start => Stage::Started,
            Step::Shutdown => alive.stage,
        };
        if step == Step::Start {
            alive.heartbeat = Some(Heartbeat::Next(now + self.timing.ping_every));
            self.running_since = Some(now);
        }
        if alive.stage >= Stage::Loaded {
            self.inspected = false;
        }
        if step == Step::Shutdown {
            // It said that it ends; give it the same time again to be gone.
            alive.awaited = Some(self.timing.awaited(Step::Shutdown, now));
        }
    }

    fn take_awaited(&mut self, step: Step) -> bool {
        let Process::Alive(alive) = &mut self.process else {
            return false;
        };
        alive
            .awaited
            .take_if(|awaited| awaited.step == step)
            .is_some()
    }

    fn pong(&mut self, now: Instant) {
        if let Process::Alive(Alive {
            heartbeat: Some(heartbeat),
            ..
        }) = &mut self.process
        {
            *heartbeat = Heartbeat::Next(now + self.timing.ping_every);
        }
    }

    fn exited(
        &mut self,
        status: String,
        last_words: Option<String>,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let was = std::mem::replace(&mut self.process, Process::None);
        self.running_since = None;
        let Process::Alive(alive) = was else {
            return;
        };
        let step = alive.awaited.map(|awaited| awaited.step);
        if step != Some(Step::Shutdown) && !alive.outdated {
            self.fail(
                Failure::Exited {
                    status,
                    step,
                    last_words,
                },
                now,
                effects,
            );
        }
    }

    fn fail(&mut self, failure: Failure, now: Instant, effects: &mut Vec<Effect>) {
        self.inspected = false;
        self.running_since = None;
        let mut outdated = false;
        if let Process::Alive(alive) = self.process {
            outdated = alive.outdated;
            effects.push(Effect::Kill);
            self.process = Process::Dying;
        }
        if outdated {
            return;
        }
        self.failure = Some(failure);
        effects.push(Effect::Report);
        if self.wanted && !self.leaving {
            self.failures += 1;
            self.pause = Some(if self.failures >= self.timing.failures {
                Pause::Failed
            } else {
                Pause::Backoff(now + self.timing.pause(self.failures))
            });
        }
    }

    /// Acts on whatever is due.
    fn keep_time(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        self.pause.take_if(|pause| match pause {
            Pause::Backoff(until) | Pause::Blocked(Some(until)) => *until <= now,
            Pause::Failed | Pause::Blocked(None) => false,
        });
        let Process::Alive(alive) = &mut self.process else {
            return;
        };
        if let Some(Awaited { step, after, .. }) =
            alive.awaited.filter(|awaited| awaited.deadline <= now)
        {
            return self.fail(Failure::NoAnswer { step, after }, now, effects);
        }
        match alive.heartbeat {
            Some(Heartbeat::Due(deadline)) if deadline <= now => {
                let after = self.timing.ping;
                self.fail(Failure::Unresponsive { after }, now, effects);
            }
            Some(Heartbeat::Next(at)) if at <= now => {
                alive.heartbeat = Some(Heartbeat::Due(now + self.timing.ping));
                effects.push(Effect::Ping);
            }
            _ => {}
        }
    }

    /// Whether there should be a worker if there is none.
    fn needs_worker(&self, now: Instant) -> bool {
        match self.target(now) {
            Target::Started => true,
            Target::Warm => self.inspected,
            Target::Off => false,
        }
    }

    fn spawn(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        self.process = Process::Alive(Alive {
            stage: Stage::New,
            awaited: Some(self.timing.awaited(Step::Greet, now)),
            heartbeat: None,
            outdated: false,
        });
        effects.push(Effect::Spawn);
    }

    /// Takes the next step towards the target, if nothing is awaited.
    fn advance(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let (target, needs_worker) = (self.target(now), self.needs_worker(now));
        match &mut self.process {
            Process::None if needs_worker => match self.requirements {
                Requirements::None => self.spawn(now, effects),
                Requirements::Some => {
                    self.process = Process::Preparing { installing: false };
                    effects.push(Effect::Prepare);
                }
            },
            Process::Preparing { .. } if !needs_worker => self.process = Process::None,
            Process::Alive(alive) if alive.awaited.is_none() => {
                let Some(step) = next_step(alive.stage, target) else {
                    return;
                };
                if matches!(step, Step::Stop | Step::Shutdown) {
                    alive.heartbeat = None;
                    self.running_since = None;
                }
                alive.awaited = Some(self.timing.awaited(step, now));
                effects.push(Effect::Ask(step));
            }
            _ => {}
        }
    }
}

impl Timing {
    fn awaited(&self, step: Step, now: Instant) -> Awaited {
        let after = self.of(step);
        Awaited {
            step,
            after,
            deadline: now + after,
        }
    }
}

fn next_step(stage: Stage, target: Target) -> Option<Step> {
    match (stage, target) {
        (Stage::New, _) => None,
        (_, Target::Off) => Some(Step::Shutdown),
        (Stage::Greeted, _) => Some(Step::Load),
        (Stage::Loaded, Target::Started) => Some(Step::Initialize),
        (Stage::Initialized, Target::Started) => Some(Step::Start),
        (Stage::Started, Target::Warm) => Some(Step::Stop),
        (Stage::Loaded | Stage::Initialized, Target::Warm) | (Stage::Started, Target::Started) => {
            None
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
