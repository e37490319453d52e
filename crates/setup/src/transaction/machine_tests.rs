//! Examples of a transaction's life, and the laws that hold whatever happens.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;

use super::*;
use crate::plan::{PlannedModule, PlannedPackages, PlannedStep};
use contara_i18n::Message;
use proptest::prelude::*;

const KINDS: [StepKind; 6] = [
    StepKind::Download,
    StepKind::SignIn,
    StepKind::Repositories,
    StepKind::Packages,
    StepKind::Configure,
    StepKind::End,
];

fn plan(todo: &[StepKind], scripts: &[Option<&str>], reboot: bool) -> Plan {
    let step = |kind| PlannedStep {
        kind,
        state: match todo.contains(&kind) {
            true => StepState::Todo,
            false => StepState::Disabled,
        },
        text: Message::verbatim(""),
    };
    let module = |(index, script): (usize, &Option<&str>)| PlannedModule {
        slug: format!("m{index}"),
        name: format!("Module {index}"),
        description: String::new(),
        is_dependency: false,
        needed_by: Vec::new(),
        is_configured: false,
        script: script.map(Into::into),
        form: None,
        reboot,
    };
    Plan {
        modules: scripts.iter().enumerate().map(module).collect(),
        steps: KINDS.map(step).into(),
        packages: PlannedPackages {
            wanted: BTreeMap::new(),
            ..PlannedPackages::default()
        },
        repositories: Vec::new(),
        services: Vec::new(),
        ports: Vec::new(),
        reboot,
        already_configured: Vec::new(),
        warnings: Vec::new(),
        problems: Vec::new(),
        digest: String::new(),
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn failure() -> Failure {
    Failure {
        step: StepKind::Configure,
        module: Some("m0".into()),
        message: Message::verbatim("no"),
        command: None,
        exit: Some("exit status 1".into()),
        last_lines: Vec::new(),
        unapproved: None,
    }
}

/// A machine, its clock, and the effects of the last event.
struct Story {
    machine: Machine,
    now: i64,
}

impl Story {
    fn new(scripts: &[Option<&str>], asks: Asks) -> Self {
        let todo = [StepKind::Packages, StepKind::Configure, StepKind::End];
        Self::of(&plan(&todo, scripts, false), asks)
    }

    fn of(plan: &Plan, asks: Asks) -> Self {
        Self {
            machine: Machine::new(plan, "root", asks, at(0)),
            now: 0,
        }
    }

    #[track_caller]
    fn on(&mut self, event: Event) -> Vec<Effect> {
        self.now += 1;
        let stepped = self.machine.clone().step(event, at(self.now));
        let (machine, effects) = stepped.expect("it can happen");
        self.machine = machine;
        effects
    }

    fn states(&self) -> Vec<StepState> {
        let modules = self.machine.shown.modules.iter();
        modules.map(|module| module.state).collect()
    }

    fn state(&self) -> TransactionState {
        self.machine.shown.state
    }
}

fn scripts(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(ToString::to_string).collect()
}

fn prepared(asks: Asks, of: &[&str]) -> Event {
    let scripts = scripts(of);
    Event::Prepared { asks, scripts }
}

fn script_done() -> Event {
    Event::ScriptDone {
        exit: "exit status 0".into(),
    }
}

fn run(slug: &str) -> Vec<Effect> {
    vec![Effect::Work(Work::Script(slug.into()))]
}

#[test]
fn one_that_cant_even_begin_has_failed() {
    let mut story = Story::new(&[Some("setup.sh")], Asks::Nothing);
    assert_eq!(story.on(Event::Failed(failure())), []);
    assert_eq!(story.state(), TransactionState::Failed);
    assert_eq!(story.machine.shown.steps[3].state, StepState::Failed);
    assert_eq!(story.on(Event::Retry(Asks::Nothing)), [Effect::Queue]);
}

#[test]
fn all_steps_in_order_and_the_turn_is_given_back_for_questions() {
    let mut life = Story::new(&[Some("a.sh"), None], Asks::Something);
    assert_eq!(life.state(), TransactionState::Queued);
    let packages = Work::Step(StepKind::Packages);
    assert_eq!(life.on(Event::Turn), [Effect::Work(packages)]);
    assert_eq!(life.on(Event::StepDone), [Effect::Work(Work::Prepare)]);
    assert_eq!(life.on(prepared(Asks::Something, &["m0"])), []);
    assert_eq!(life.state(), TransactionState::Waiting);
    assert_eq!(life.machine.shown.needs, Some(Need::Answers));
    let scripts = scripts(&["m0"]);
    assert_eq!(life.on(Event::Answered { scripts }), [Effect::Queue]);
    assert_eq!(life.on(Event::Turn), run("m0"));
    let done = Effect::Configured(vec!["m0".into()]);
    let without_script = Effect::Configured(vec!["m1".into()]);
    assert_eq!(life.on(script_done()), [done, without_script]);
    assert_eq!(life.state(), TransactionState::Done);
    assert_eq!(life.machine.current(), None);
}

#[test]
fn who_has_to_sign_in_is_asked_first_and_again_if_that_is_forgotten() {
    let todo = [
        StepKind::SignIn,
        StepKind::Repositories,
        StepKind::Packages,
        StepKind::End,
    ];
    let mut life = Story::of(&plan(&todo, &[None], false), Asks::Nothing);
    let needs = Some(Need::SignIn);
    assert_eq!(
        (life.state(), life.machine.shown.needs),
        (TransactionState::Waiting, needs)
    );
    let scripts = BTreeSet::new();
    let answered = Event::Answered { scripts };
    assert!(life.machine.clone().step(answered, at(9)).is_none());
    assert_eq!(life.on(Event::SignedIn), [Effect::Queue]);
    let repositories = [Effect::Work(Work::Step(StepKind::Repositories))];
    assert_eq!(life.on(Event::Turn), repositories);
    life.on(Event::Failed(failure()));
    life.on(Event::Retry(Asks::Nothing));
    assert_eq!(life.on(Event::Turn), repositories);
    assert_eq!(life.on(Event::NotSignedIn), []);
    assert_eq!(
        (life.state(), life.machine.shown.needs),
        (TransactionState::Waiting, needs)
    );
    assert_eq!(life.on(Event::Cancel), []);
    assert_eq!(life.machine.shown.steps[1].state, StepState::Cancelled);
    life.on(Event::Retry(Asks::Nothing));
    life.on(Event::SignedIn);
    assert_eq!(life.on(Event::Turn), repositories);
    let packages = Work::Step(StepKind::Packages);
    assert_eq!(life.on(Event::StepDone), [Effect::Work(packages)]);
}

#[test]
fn a_repository_that_was_taken_out_is_added_again_by_a_retry() {
    let todo = [StepKind::Repositories, StepKind::Packages, StepKind::End];
    let mut life = Story::of(&plan(&todo, &[None], false), Asks::Nothing);
    let repositories = [Effect::Work(Work::Step(StepKind::Repositories))];
    let packages = [Effect::Work(Work::Step(StepKind::Packages))];
    assert_eq!(life.on(Event::Turn), repositories);
    assert_eq!(life.on(Event::StepDone), packages);
    life.on(Event::Unsigned(failure()));
    assert_eq!(life.state(), TransactionState::Failed);
    let steps = &life.machine.shown.steps;
    let state = |kind| steps.iter().find(|step| step.kind == kind).unwrap().state;
    assert_eq!(state(StepKind::Repositories), StepState::Failed);
    assert_eq!(state(StepKind::Packages), StepState::Todo);
    life.on(Event::Retry(Asks::Nothing));
    assert_eq!(life.on(Event::Turn), repositories);
    assert_eq!(life.on(Event::StepDone), packages);
}

#[test]
fn questions_that_nothing_comes_before_need_no_turn() {
    let todo = [StepKind::Configure, StepKind::End];
    let plan = plan(&todo, &[Some("a.sh")], false);
    let life = Story::of(&plan, Asks::Something);
    assert_eq!(life.state(), TransactionState::Waiting);
    let life = Story::of(&plan, Asks::Nothing);
    assert_eq!(life.state(), TransactionState::Queued);
}

#[test]
fn a_retry_leaves_what_is_done() {
    let mut life = Story::new(&[Some("a.sh"), Some("b.sh"), Some("c.sh")], Asks::Nothing);
    life.on(Event::Turn);
    life.on(Event::StepDone);
    life.on(prepared(Asks::Nothing, &["m0", "m1", "m2"]));
    assert_eq!(life.on(script_done())[1..], run("m1"));
    life.on(Event::Failed(failure()));
    assert_eq!(life.state(), TransactionState::Failed);
    let states = [StepState::Done, StepState::Failed, StepState::Todo];
    assert_eq!(life.states(), states);
    assert_eq!(life.on(Event::Retry(Asks::Nothing)), [Effect::Queue]);
    assert_eq!(life.machine.shown.failure, None);
    assert_eq!(life.on(Event::Turn), [Effect::Work(Work::Prepare)]);
    let again = life.on(prepared(Asks::Nothing, &["m0", "m1", "m2"]));
    assert_eq!(again, run("m1"));
}

#[test]
fn a_cancelled_one_ends_when_its_program_has() {
    let mut life = Story::new(&[Some("a.sh")], Asks::Nothing);
    life.on(Event::Turn);
    assert_eq!(life.on(Event::Cancel), [Effect::Stop]);
    assert_eq!(life.state(), TransactionState::Running);
    assert_eq!(life.on(Event::Stopped), []);
    assert_eq!(life.state(), TransactionState::Cancelled);
    assert_eq!(life.machine.current(), Some(StepKind::Packages));
}

#[test]
fn what_was_through_when_it_was_cancelled_is_done() {
    let mut life = Story::new(&[Some("a.sh")], Asks::Nothing);
    life.on(Event::Turn);
    life.on(Event::Cancel);
    assert_eq!(life.on(Event::StepDone), []);
    assert_eq!(life.state(), TransactionState::Cancelled);
    assert_eq!(life.machine.current(), Some(StepKind::Configure));
}

#[test]
fn a_new_start_interrupts_what_ran_and_forgets_answers() {
    let mut life = Story::new(&[Some("a.sh")], Asks::Nothing);
    life.on(Event::Turn);
    life.on(Event::Found);
    assert_eq!(life.state(), TransactionState::Interrupted);
    let queued = Story::new(&[Some("a.sh")], Asks::Nothing);
    assert_eq!(queued.machine.step(Event::Found, at(9)), None);
}

#[test]
fn the_machine_is_started_again_after_all_else_unless_it_is_called_off() {
    let plan = plan(&[StepKind::End], &[None], true);
    let mut life = Story::of(&plan, Asks::Nothing);
    life.on(Event::Turn);
    assert_eq!(life.state(), TransactionState::Done);
    assert_eq!(life.machine.shown.reboot, Reboot::Needed);
    let count_down = Effect::CountDown(at(99));
    assert_eq!(life.on(Event::Reboot(at(99))), [count_down]);
    assert_eq!(life.on(Event::Cancel), [Effect::CallOff]);
    assert_eq!(life.machine.shown.reboot, Reboot::Needed);
    assert!(life.machine.clone().step(Event::Due, at(99)).is_none());
    life.on(Event::Reboot(at(99)));
    assert_eq!(life.on(Event::Due), [Effect::OrderReboot]);
    assert_eq!(life.machine.shown.reboot, Reboot::Ordered);
    assert_eq!(life.machine.current(), None);
    // The daemon was started again and the machine wasn't; then it was.
    life.on(Event::Found);
    assert_eq!(life.machine.shown.reboot, Reboot::Needed);
    assert_eq!(life.machine.current(), Some(StepKind::End));
    assert_eq!(life.on(Event::Rebooted), []);
    assert_eq!(life.machine.shown.reboot, Reboot::NotNeeded);
    assert_eq!(life.machine.current(), None);
    assert!(life.machine.clone().step(Event::Rebooted, at(99)).is_none());
}

fn asks() -> impl Strategy<Value = Asks> {
    prop_oneof![Just(Asks::Something), Just(Asks::Nothing)]
}

fn some_scripts() -> impl Strategy<Value = BTreeSet<String>> {
    proptest::collection::btree_set("m[0-3]", 0..4)
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Turn),
        3 => Just(Event::StepDone),
        3 => (asks(), some_scripts()).prop_map(|(asks, scripts)| Event::Prepared { asks, scripts }),
        3 => some_scripts().prop_map(|scripts| Event::Answered { scripts }),
        3 => Just(script_done()),
        3 => Just(Event::SignedIn),
        1 => Just(Event::NotSignedIn),
        2 => asks().prop_map(Event::Retry),
        1 => Just(Event::Failed(failure())),
        1 => Just(Event::Unsigned(failure())),
        1 => Just(Event::Stopped),
        1 => Just(Event::Cancel),
        1 => Just(Event::Interrupt),
        1 => Just(Event::Found),
        1 => Just(Event::Reboot(at(5))),
        1 => Just(Event::Due),
        1 => Just(Event::RebootRefused),
        1 => Just(Event::Rebooted),
    ]
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let steps = proptest::sample::subsequence(KINDS.to_vec(), 0..=6);
    let scripts = proptest::collection::vec(any::<bool>(), 1..4);
    (steps, scripts, any::<bool>()).prop_map(|(mut steps, scripts, reboot)| {
        let scripts: Vec<_> = scripts.iter().map(|is| is.then_some("a.sh")).collect();
        // A plan with scripts has a step for them.
        if scripts.contains(&Some("a.sh")) && !steps.contains(&StepKind::Configure) {
            steps.push(StepKind::Configure);
        }
        plan(&steps, &scripts, reboot)
    })
}

/// What holds of every transaction at any time.
fn check(before: &Transaction, machine: &Machine) {
    let now = &machine.shown;
    let count = |state| now.steps.iter().filter(|step| step.state == state).count();
    let is_running = now.state == TransactionState::Running;
    assert_eq!(
        count(StepState::Running),
        usize::from(is_running),
        "{now:?}"
    );
    let went_wrong = [
        (StepState::Failed, TransactionState::Failed),
        (StepState::Cancelled, TransactionState::Cancelled),
        (StepState::Interrupted, TransactionState::Interrupted),
    ];
    for (step, transaction) in went_wrong {
        assert!(
            count(step) <= usize::from(now.state == transaction),
            "{now:?}"
        );
    }
    let is_waiting = now.state == TransactionState::Waiting;
    assert_eq!(now.needs.is_some(), is_waiting, "{now:?}");
    assert_eq!(now.failure.is_some(), now.state == TransactionState::Failed);
    assert_eq!(now.ended.is_none(), machine.is_unfinished(), "{now:?}");
    let running = now.modules.iter().filter(|m| m.state == StepState::Running);
    assert!(running.count() <= usize::from(is_running), "{now:?}");
    // Steps are taken in order.
    let is_todo = |step: &&Step| step.state == StepState::Todo && step.kind != StepKind::End;
    let first_todo = now.steps.iter().position(|step| is_todo(&step));
    let last_done = now.steps.iter().rposition(|s| s.state == StepState::Done);
    assert!(first_todo.is_none() || last_done < first_todo, "{now:?}");
    // What is done stays done.
    for (old, new) in before.modules.iter().zip(&now.modules) {
        assert!(old.state != StepState::Done || new.state == StepState::Done);
    }
    let mut steps = before.steps.iter();
    let is_installing =
        steps.any(|one| one.kind == StepKind::Packages && one.state == StepState::Running);
    for (old, new) in before.steps.iter().zip(&now.steps) {
        let is_kept = old.state != StepState::Done || new.state == StepState::Done;
        let is_asked_again = old.kind == StepKind::SignIn && now.needs == Some(Need::SignIn);
        let is_taken_out = old.kind == StepKind::Repositories && is_installing && !is_running;
        assert!(
            is_kept || is_asked_again || is_taken_out || old.kind == StepKind::End,
            "{before:?} {now:?}"
        );
    }
    assert_eq!(now.revision > before.revision, now != before, "{now:?}");
}

/// What a driver does to a transaction that everything goes well for.
fn next_good_event(machine: &Machine) -> Option<Event> {
    let slugs = machine
        .shown
        .modules
        .iter()
        .map(|m| m.slug.clone())
        .collect();
    let has_running = machine
        .shown
        .modules
        .iter()
        .any(|m| m.state == StepState::Running);
    match machine.shown.state {
        _ if machine.ending.is_some() => Some(Event::Stopped),
        TransactionState::Queued => Some(Event::Turn),
        TransactionState::Waiting if machine.shown.needs == Some(Need::SignIn) => {
            Some(Event::SignedIn)
        }
        TransactionState::Running => Some(match machine.running_step() {
            Some(StepKind::Configure) if has_running => script_done(),
            Some(StepKind::Configure) => Event::Prepared {
                asks: Asks::Nothing,
                scripts: slugs,
            },
            _ => Event::StepDone,
        }),
        _ => None,
    }
}

proptest! {
    #[test]
    fn the_laws_hold_in_any_order_of_events(
        plan in any_plan(),
        asks in asks(),
        events in proptest::collection::vec(event(), 0..60),
    ) {
        let mut machine = Machine::new(&plan, "root", asks, at(0));
        for (second, event) in (1..).zip(events) {
            let before = machine.shown.clone();
            let retries = matches!(event, Event::Retry(_));
            let is_preparing = machine.running_step() == Some(StepKind::Configure);
            let Some((next, effects)) = machine.clone().step(event, at(second)) else {
                continue;
            };
            machine = next;
            check(&before, &machine);
            let works = effects.iter().filter(|e| matches!(e, Effect::Work(_))).count();
            prop_assert!(works <= 1);
            // A script is run only by one that is prepared since its last retry.
            let runs = effects.iter().any(|e| matches!(e, Effect::Work(Work::Script(_))));
            prop_assert!(!runs || (!retries && (is_preparing || machine.is_prepared)));
            for effect in &effects {
                if let Effect::Work(Work::Script(slug)) = effect {
                    let module = before.modules.iter().find(|m| m.slug == *slug).unwrap();
                    prop_assert_ne!(module.state, StepState::Done);
                }
            }
        }
        // Left alone, it comes to an end or to a question.
        for second in 100..120 {
            let Some(event) = next_good_event(&machine) else { break };
            machine = machine.clone().step(event, at(second)).expect("it can happen").0;
        }
        prop_assert_eq!(next_good_event(&machine), None, "{:?}", machine);
    }
}
