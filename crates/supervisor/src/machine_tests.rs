//! Examples of a life, and the laws that hold whatever happens.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use contara_i18n::Message;
use contara_protocol::link::ErrorKind;
use proptest::prelude::*;

/// A machine, its clock, and the effects of the last event.
struct Story {
    machine: Machine,
    now: Instant,
    effects: Vec<Effect>,
}

impl Story {
    fn new() -> Self {
        Self {
            machine: Machine::new(Timing::default()),
            now: Instant::now(),
            effects: Vec::new(),
        }
    }

    /// Of a module that needs packages.
    fn with_packages() -> Self {
        let mut story = Self::new();
        story.machine.require(Requirements::Some);
        story
    }

    fn on(&mut self, event: Event) -> &[Effect] {
        let (machine, effects) = self.machine.clone().step(event, self.now);
        self.machine = machine;
        self.effects = effects;
        &self.effects
    }

    fn after(&mut self, seconds: u64) -> &[Effect] {
        self.now += Duration::from_secs(seconds);
        self.on(Event::Tick)
    }

    fn run(&mut self) {
        self.on(Event::Enable);
        for step in [Step::Greet, Step::Load, Step::Initialize, Step::Start] {
            self.on(Event::Answered(step));
        }
        assert_eq!(self.machine.life(), Life::Running);
    }

    fn die(&mut self) {
        self.on(Event::Exited {
            status: "killed by signal 9 (SIGKILL)".into(),
            last_words: None,
        });
    }
}

fn raised() -> WorkerError {
    WorkerError {
        kind: ErrorKind::Exception,
        message: "ValueError: no".into(),
        traceback: None,
        fields: std::collections::BTreeMap::new(),
    }
}

#[test]
fn enable_leads_to_running_one_request_at_a_time() {
    let mut life = Story::new();
    assert_eq!(life.on(Event::Enable), [Effect::Spawn]);
    assert_eq!(life.machine.life(), Life::Starting);
    assert_eq!(
        life.on(Event::Answered(Step::Greet)),
        [Effect::Ask(Step::Load)]
    );
    assert_eq!(
        life.on(Event::Answered(Step::Load)),
        [Effect::Ask(Step::Initialize)]
    );
    assert_eq!(
        life.on(Event::Answered(Step::Initialize)),
        [Effect::Ask(Step::Start)]
    );
    assert_eq!(life.on(Event::Answered(Step::Start)), []);
    assert_eq!(life.machine.life(), Life::Running);
}

#[test]
fn a_disabled_module_stays_warm_and_initializes_only_once() {
    let mut life = Story::new();
    life.run();
    assert_eq!(life.on(Event::Disable), [Effect::Ask(Step::Stop)]);
    assert_eq!(life.machine.life(), Life::Stopping);
    assert_eq!(life.on(Event::Answered(Step::Stop)), []);
    assert_eq!(life.machine.life(), Life::Stopped);
    assert_eq!(life.on(Event::Enable), [Effect::Ask(Step::Start)]);
}

#[test]
fn a_warm_worker_is_ended_after_a_while() {
    let mut life = Story::new();
    life.run();
    life.on(Event::Disable);
    life.on(Event::Answered(Step::Stop));
    assert_eq!(life.after(59), []);
    assert_eq!(life.after(1), [Effect::Ask(Step::Shutdown)]);
    life.on(Event::Answered(Step::Shutdown));
    life.die();
    assert!(!life.machine.has_process());
    assert_eq!(life.machine.failure(), None);
}

#[test]
fn a_killed_worker_comes_back_after_a_second() {
    let mut life = Story::new();
    life.run();
    life.die();
    assert_eq!(
        life.machine.life(),
        Life::Backoff {
            until: life.now + Duration::from_secs(1),
            failures: 1
        }
    );
    assert_eq!(
        life.machine.failure().unwrap().to_string(),
        "the worker ended by itself (killed by signal 9 (SIGKILL))"
    );
    assert_eq!(life.machine.wake(), Some(life.now + Duration::from_secs(1)));
    assert_eq!(life.after(1), [Effect::Spawn]);
}

#[test]
fn five_failures_in_a_row_are_enough_until_a_person_tries_again() {
    let mut life = Story::new();
    life.on(Event::Enable);
    for pause in [1, 2, 4, 8] {
        life.die();
        assert_eq!(life.effects, [Effect::Report], "each failure is said");
        assert_eq!(life.after(pause - 1), []);
        assert_eq!(life.after(1), [Effect::Spawn]);
    }
    life.die();
    assert_eq!(life.machine.life(), Life::Failed);
    assert_eq!(life.machine.wake(), None);
    assert_eq!(life.after(3600), []);
    assert_eq!(life.on(Event::Enable), [Effect::Spawn]);
}

#[test]
fn a_healthy_minute_forgets_failures() {
    let mut life = Story::new();
    for _ in 0..20 {
        life.run();
        life.after(60);
        life.die();
        assert!(matches!(
            life.machine.life(),
            Life::Backoff { failures: 1, .. }
        ));
        life.after(1);
    }
}

#[test]
fn a_change_of_code_ends_the_old_worker_in_order_and_starts_a_new_one() {
    let mut life = Story::new();
    life.run();
    assert_eq!(life.on(Event::Reload), [Effect::Ask(Step::Shutdown)]);
    life.on(Event::Answered(Step::Shutdown));
    life.die();
    assert_eq!(life.effects, [Effect::Spawn]);
    assert_eq!(life.machine.failure(), None);
}

#[test]
fn a_change_of_code_revives_a_failed_module() {
    let mut life = Story::new();
    life.on(Event::Enable);
    for pause in [1, 2, 4, 8, 0] {
        life.die();
        life.after(pause);
    }
    assert_eq!(life.machine.life(), Life::Failed);
    assert_eq!(life.on(Event::Reload), [Effect::Spawn]);
}

#[test]
fn an_exception_in_initialize_costs_the_worker() {
    let mut life = Story::new();
    life.on(Event::Enable);
    life.on(Event::Answered(Step::Greet));
    life.on(Event::Answered(Step::Load));
    assert_eq!(
        life.on(Event::Refused(Step::Initialize, raised())),
        [Effect::Kill, Effect::Report]
    );
    assert_eq!(
        life.machine.failure().unwrap().to_string(),
        "ValueError: no"
    );
    assert!(matches!(life.machine.life(), Life::Backoff { .. }));
}

#[test]
fn a_blocked_loop_is_noticed_by_the_ping() {
    let mut life = Story::new();
    life.run();
    assert_eq!(life.after(5), [Effect::Ping]);
    assert_eq!(life.on(Event::Pong), []);
    assert_eq!(life.after(5), [Effect::Ping]);
    assert_eq!(life.after(9), []);
    assert_eq!(life.after(1), [Effect::Kill, Effect::Report]);
    assert!(
        life.machine
            .failure()
            .unwrap()
            .to_string()
            .contains("has not answered for 10 s")
    );
}

#[test]
fn a_start_that_hangs_is_given_up_at_its_deadline_and_sooner_when_disabled() {
    let mut life = Story::new();
    life.on(Event::Enable);
    life.on(Event::Answered(Step::Greet));
    life.on(Event::Answered(Step::Load));
    assert_eq!(life.after(59), []);
    assert_eq!(life.after(1), [Effect::Kill, Effect::Report]);
    assert_eq!(
        life.machine.failure().unwrap().to_string(),
        "no answer within 60 s while initialize() was running"
    );
    life.die();
    life.after(1);
    life.on(Event::Answered(Step::Greet));
    life.on(Event::Disable);
    assert_eq!(
        life.machine.wake(),
        Some(life.now + Duration::from_secs(10))
    );
    assert_eq!(life.after(10), [Effect::Kill, Effect::Report]);
    life.die();
    assert_eq!(life.machine.life(), Life::Stopped);
}

#[test]
fn asking_for_actions_loads_a_disabled_module_without_running_it() {
    let mut life = Story::new();
    assert_eq!(life.on(Event::Inspect), [Effect::Spawn]);
    assert_eq!(
        life.on(Event::Answered(Step::Greet)),
        [Effect::Ask(Step::Load)]
    );
    assert_eq!(life.on(Event::Answered(Step::Load)), []);
    assert_eq!(life.machine.life(), Life::Stopped);
    assert!(life.machine.is_loaded() && !life.machine.is_inspected());
    assert_eq!(life.after(60), [Effect::Ask(Step::Shutdown)]);
}

#[test]
fn a_module_that_pauses_or_has_failed_can_be_asked_too_without_running_it() {
    let mut life = Story::new();
    life.on(Event::Enable);
    for pause in [1, 2, 4, 8, 0] {
        life.die();
        life.after(pause);
    }
    assert_eq!(life.machine.life(), Life::Failed);
    assert_eq!(life.on(Event::Inspect), [Effect::Spawn]);
    life.on(Event::Answered(Step::Greet));
    assert_eq!(life.on(Event::Answered(Step::Load)), []);
    assert_eq!(life.machine.life(), Life::Failed);
    assert!(life.machine.is_loaded());
    assert_eq!(
        life.machine.wake(),
        Some(life.now + Duration::from_secs(60)),
        "its worker doesn't stay"
    );
    assert_eq!(life.after(60), [Effect::Ask(Step::Shutdown)]);
    life.on(Event::Answered(Step::Shutdown));
    life.die();
    assert_eq!(life.machine.life(), Life::Failed);

    life.on(Event::Inspect);
    life.on(Event::Answered(Step::Greet));
    life.on(Event::Answered(Step::Load));
    assert_eq!(life.on(Event::Enable), [Effect::Ask(Step::Initialize)]);
}

#[test]
fn leaving_ends_a_running_worker_and_never_starts_another() {
    let mut life = Story::new();
    life.run();
    assert_eq!(life.on(Event::Leave), [Effect::Ask(Step::Shutdown)]);
    assert_eq!(life.after(10), [Effect::Kill, Effect::Report]);
    life.die();
    assert_eq!(life.effects, []);
    assert_eq!(life.on(Event::Enable), []);
}

fn unprepared(retry: Retry) -> Event {
    Event::Unprepared(Unprepared {
        reason: Message::verbatim("there is no version of nothing"),
        output: None,
        retry,
    })
}

#[test]
fn packages_come_before_the_worker() {
    let mut life = Story::with_packages();
    assert_eq!(life.on(Event::Enable), [Effect::Prepare]);
    assert_eq!(life.machine.life(), Life::Starting, "they may be there");
    assert_eq!(life.on(Event::Installing), []);
    assert_eq!(life.machine.life(), Life::Preparing);
    assert_eq!(life.after(3600), [], "they may be large");
    assert_eq!(life.on(Event::Prepared), [Effect::Spawn]);
    assert_eq!(life.machine.life(), Life::Starting);
}

#[test]
fn whoever_disables_does_not_wait_for_packages() {
    let mut life = Story::with_packages();
    life.on(Event::Enable);
    life.on(Event::Installing);
    assert_eq!(life.on(Event::Disable), []);
    assert_eq!(life.machine.life(), Life::Stopped);
    assert!(!life.machine.is_installing(), "nobody wants them now");
    assert_eq!(life.on(unprepared(Retry::WhenAsked)), []);
    assert_eq!(life.machine.failure(), None);
    assert_eq!(life.on(Event::Prepared), []);
    assert_eq!(life.on(Event::Enable), [Effect::Prepare]);
    assert_eq!(life.on(Event::Prepared), [Effect::Spawn]);
}

#[test]
fn packages_that_cannot_be_had_block_until_a_person_tries_again() {
    let mut life = Story::with_packages();
    life.on(Event::Enable);
    assert_eq!(life.on(unprepared(Retry::WhenAsked)), [Effect::Report]);
    assert_eq!(life.machine.life(), Life::Blocked { retry_at: None });
    assert_eq!(life.machine.wake(), None);
    assert_eq!(life.after(36_000), []);
    assert_eq!(life.on(Event::Enable), [Effect::Prepare]);
    assert_eq!(life.machine.failure(), None);
}

#[test]
fn a_network_that_is_away_is_tried_again_gently() {
    let mut life = Story::with_packages();
    life.on(Event::Enable);
    for _ in 0..20 {
        life.on(unprepared(Retry::ByItself));
        let retry_at = Some(life.now + Duration::from_secs(300));
        assert_eq!(life.machine.life(), Life::Blocked { retry_at });
        assert_eq!(life.machine.wake(), retry_at);
        assert_eq!(life.after(299), []);
        assert_eq!(life.after(1), [Effect::Prepare]);
    }
    assert_eq!(life.on(Event::Prepared), [Effect::Spawn]);
}

#[test]
fn a_change_of_the_manifest_prepares_anew() {
    let mut life = Story::with_packages();
    life.on(Event::Enable);
    life.on(Event::Installing);
    assert_eq!(life.on(Event::Reload), [Effect::Prepare]);
    assert_eq!(life.machine.life(), Life::Starting);
    life.machine.require(Requirements::None);
    assert_eq!(life.on(Event::Reload), [Effect::Spawn]);
    life.machine.require(Requirements::Some);
    life.on(Event::Answered(Step::Greet));
    life.on(Event::Reload);
    life.die();
    assert_eq!(life.effects, [Effect::Prepare]);
}

#[test]
fn each_worker_of_a_module_with_packages_is_preceded_by_a_look_at_them() {
    let mut life = Story::with_packages();
    life.on(Event::Enable);
    life.on(Event::Prepared);
    life.die();
    assert_eq!(life.after(1), [Effect::Prepare]);
}

#[test]
fn asking_what_is_in_a_module_installs_its_packages_and_says_why_it_cannot() {
    let mut life = Story::with_packages();
    assert_eq!(life.on(Event::Inspect), [Effect::Prepare]);
    life.on(Event::Installing);
    assert_eq!(life.machine.life(), Life::Stopped);
    assert!(life.machine.is_installing());
    assert_eq!(life.on(unprepared(Retry::ByItself)), [Effect::Report]);
    assert_eq!(life.machine.life(), Life::Stopped);
    assert_eq!(life.after(3600), [], "nobody waits for it");
    assert!(!life.machine.is_inspected() && life.machine.failure().is_some());
}

#[test]
fn packages_that_came_for_somebody_who_asked_unblock_the_module() {
    let mut life = Story::with_packages();
    life.on(Event::Enable);
    life.on(unprepared(Retry::WhenAsked));
    assert_eq!(life.on(Event::Inspect), [Effect::Prepare]);
    assert_eq!(life.machine.life(), Life::Blocked { retry_at: None });
    assert_eq!(life.on(Event::Prepared), [Effect::Spawn]);
    assert_eq!(life.machine.life(), Life::Starting);
}

#[test]
fn leaving_while_packages_are_installed_is_immediate() {
    let mut life = Story::with_packages();
    life.on(Event::Enable);
    life.on(Event::Installing);
    assert_eq!(life.on(Event::Leave), []);
    assert!(!life.machine.has_process());
    assert_eq!(life.on(Event::Prepared), []);
}

fn any_event() -> impl Strategy<Value = Event> {
    let step = prop::sample::select(vec![
        Step::Greet,
        Step::Load,
        Step::Initialize,
        Step::Start,
        Step::Stop,
        Step::Shutdown,
    ]);
    prop_oneof![
        2 => Just(Event::Enable),
        2 => Just(Event::Disable),
        1 => Just(Event::Inspect),
        1 => Just(Event::Reload),
        6 => step.clone().prop_map(Event::Answered),
        1 => step.prop_map(|step| Event::Refused(step, raised())),
        1 => Just(Event::Pong),
        2 => Just(Event::Installing),
        3 => Just(Event::Prepared),
        1 => Just(unprepared(Retry::ByItself)),
        1 => Just(unprepared(Retry::WhenAsked)),
        1 => Just(Event::SpawnFailed { reason: Message::verbatim("no python"), last_words: None }),
        1 => Just(Event::LinkBroken(Message::verbatim("end of file"))),
        2 => Just(Event::Exited { status: "exit status 1".into(), last_words: None }),
        4 => Just(Event::Tick),
    ]
}

/// What the world outside knows: is there a process, and what was it asked.
#[derive(Default)]
struct World {
    needs_packages: bool,
    process: bool,
    /// Packages are being looked for or installed; what comes of it is news until it has come.
    preparing: bool,
    prepared: bool,
    initialized: bool,
    started: bool,
}

impl World {
    fn perform(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Spawn => {
                    assert!(!self.process, "two workers of one module at once");
                    assert!(
                        self.prepared || !self.needs_packages,
                        "a worker without its packages"
                    );
                    *self = Self {
                        process: true,
                        needs_packages: self.needs_packages,
                        ..Self::default()
                    };
                }
                Effect::Prepare => {
                    assert!(!self.process, "its packages are replaced under a worker");
                    (self.preparing, self.prepared) = (true, false);
                }
                Effect::Ask(step) => {
                    assert!(self.process, "asked a worker that isn't there");
                    self.asked(*step);
                }
                Effect::Ping | Effect::Kill => assert!(self.process, "{effect:?} without a worker"),
                Effect::Report => {}
            }
        }
    }

    /// What an event says of the world: a worker's end, or that of a preparation.
    fn note(&mut self, event: &Event) {
        match event {
            Event::Exited { .. } | Event::SpawnFailed { .. } => self.process = false,
            Event::Prepared => (self.prepared, self.preparing) = (self.preparing, false),
            Event::Unprepared(_) => (self.prepared, self.preparing) = (false, false),
            _ => {}
        }
    }

    fn asked(&mut self, step: Step) {
        match step {
            Step::Initialize => {
                assert!(!self.initialized, "initialize() twice in one process");
                self.initialized = true;
            }
            Step::Start => {
                assert!(self.initialized && !self.started, "start out of order");
                self.started = true;
            }
            Step::Stop => {
                assert!(self.started, "stop without start");
                self.started = false;
            }
            Step::Greet => panic!("a hello can't be asked for"),
            Step::Load | Step::Shutdown => {}
        }
    }

    /// Whether this event can happen: an exit or a failed start needs a process.
    fn allows(&self, event: &Event) -> bool {
        self.process || !matches!(event, Event::Exited { .. } | Event::SpawnFailed { .. })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_events_keeps_the_laws(needs_packages: bool, events in prop::collection::vec((any_event(), 0_u64..70), 0..60)) {
        let mut life = if needs_packages { Story::with_packages() } else { Story::new() };
        let mut world = World { needs_packages, ..World::default() };
        for (event, seconds) in events {
            life.now += Duration::from_secs(seconds);
            if !world.allows(&event) {
                continue;
            }
            world.note(&event);
            let effects = life.on(event).to_vec();
            world.perform(&effects);
            prop_assert_eq!(life.machine.has_process(), world.process);
            let running = life.machine.life() == Life::Running;
            prop_assert!(!running || (life.machine.wanted() && world.process && world.started));
            let life_now = life.machine.life();
            prop_assert!(life_now != Life::Preparing || (life.machine.wanted() && world.preparing && !world.process));
            let blocked = matches!(life_now, Life::Blocked { .. });
            prop_assert!(!blocked || (life.machine.wanted() && life.machine.failure().is_some()));
            let moving = matches!(life.machine.life(), Life::Starting | Life::Stopping | Life::Backoff { .. });
            let dying = world.process && life.machine.wake().is_none();
            let installing = world.preparing && !world.process;
            prop_assert!(!moving || dying || installing || life.machine.wake().is_some(), "nothing would ever wake it");
        }
        // Whatever happened: leaving, and a world that answers nothing, ends the process within its deadlines.
        world.perform(life.on(Event::Leave));
        for _ in 0..4 {
            world.perform(life.after(21));
        }
        if world.process {
            prop_assert!(life.machine.wake().is_none(), "killed, and only its end is awaited");
            life.die();
            prop_assert!(life.effects.is_empty());
        }
        prop_assert!(!life.machine.has_process());
    }
}
