//! The life of one transaction as a pure state machine: `step(state, event, now) -> (state, effects)`.
//!
//! It decides what comes next and what a retry does again; it performs nothing. What people see is its state, so whatever
//! order events come in, a step is only ever in a state that it can be in, and one at most is running.

use std::collections::BTreeSet;

use contara_i18n::Languages;
use jiff::Timestamp;

pub(crate) use super::event::{Asks, Effect, Ending, Event, Work};
use super::{
    Failure, ModuleRun, Need, Reboot, Step, StepKind, StepState, Transaction, TransactionState,
};
use crate::plan::Plan;

/// A transaction and what isn't shown of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Machine {
    /// As it is shown.
    pub(crate) shown: Transaction,
    /// Whether everything is known that scripts need. The daemon forgets it when it ends, as it does secrets.
    is_prepared: bool,
    /// Why what is under way is being ended.
    ending: Option<Ending>,
}

impl Machine {
    /// One that does what is planned.
    pub(crate) fn new(plan: &Plan, by: &str, asks: Asks, now: Timestamp) -> Self {
        let steps = plan.steps.iter().map(|step| Step {
            kind: step.kind,
            state: step.state,
            text: step.text.clone(),
            started: None,
            ended: None,
            progress: None,
        });
        let modules = plan.modules.iter().map(|module| ModuleRun {
            slug: module.slug.clone(),
            name: module.name.clone(),
            is_dependency: module.is_dependency,
            state: match module.script {
                Some(_) => StepState::Todo,
                None => StepState::Disabled,
            },
            exit: None,
            links: Vec::new(),
        });
        let mut machine = Self::from_shown(Transaction {
            id: 0,
            revision: 1,
            state: TransactionState::Queued,
            needs: None,
            behind: None,
            steps: steps.collect(),
            modules: modules.collect(),
            failure: None,
            reboot: match plan.reboot {
                true => Reboot::Needed,
                false => Reboot::NotNeeded,
            },
            by: by.to_owned(),
            languages: Languages::default(),
            created: now,
            ended: None,
            lines: 0,
        });
        machine.queue_or_ask(asks);
        machine
    }

    /// One as it was shown last.
    pub(crate) fn from_shown(shown: Transaction) -> Self {
        Self {
            shown,
            is_prepared: false,
            ending: None,
        }
    }

    /// Whether it isn't over: it holds its modules.
    pub(crate) fn is_unfinished(&self) -> bool {
        use TransactionState::{Queued, Running, Waiting};
        matches!(self.shown.state, Queued | Running | Waiting)
    }

    /// The step that comes next, or is under way.
    pub(crate) fn current(&self) -> Option<StepKind> {
        let is_past = |state| matches!(state, StepState::Done | StepState::Disabled);
        let mut steps = self.shown.steps.iter();
        steps
            .find(|step| !is_past(step.state))
            .map(|step| step.kind)
    }

    /// What follows from an event; `None` if it can't happen now, or means nothing.
    pub(crate) fn step(mut self, event: Event, now: Timestamp) -> Option<(Self, Vec<Effect>)> {
        let before = self.shown.clone();
        let effects = self.take(event, now)?;
        if self.shown != before {
            self.shown.revision += 1;
        }
        Some((self, effects))
    }

    fn take(&mut self, event: Event, now: Timestamp) -> Option<Vec<Effect>> {
        use TransactionState::{Done, Queued, Running, Waiting};
        match (event, self.shown.state) {
            (Event::Turn, Queued) => Some(self.proceed(now)),
            (Event::StepDone, Running) => self.step_done(now),
            (Event::Prepared { asks, scripts }, Running) => self.prepared(asks, &scripts, now),
            (Event::SignedIn, Waiting) => self.signed_in(now),
            (Event::NotSignedIn, Running) => self.not_signed_in(now),
            (Event::Answered { scripts }, Waiting) => self.answered(&scripts),
            (Event::ScriptDone { exit }, Running) => self.script_done(exit, now),
            (Event::Failed(failure), Queued | Running) => Some(self.failed(failure, now)),
            (Event::Unsigned(failure), Running) => self.unsigned(failure, now),
            (Event::Stopped, Running) => self.ending.map(|ending| self.end(ending, now)),
            (Event::Cancel, Queued | Waiting) => Some(self.end(Ending::Cancelled, now)),
            (Event::Cancel, Running) => Some(self.stop(Ending::Cancelled)),
            (Event::Interrupt, Running) => Some(self.stop(Ending::Interrupted)),
            (Event::Found, Running) => Some(self.end(Ending::Interrupted, now)),
            (Event::Found | Event::RebootRefused, Done) if self.shown.reboot == Reboot::Ordered => {
                self.shown.reboot = Reboot::Needed;
                self.set(StepKind::End, StepState::Todo, now);
                Some(Vec::new())
            }
            (Event::Cancel | Event::Interrupt | Event::Found, Done) => self.call_off(),
            (Event::Rebooted, Done) if self.shown.reboot != Reboot::NotNeeded => {
                let effects = self.call_off().unwrap_or_default();
                self.shown.reboot = Reboot::NotNeeded;
                self.set(StepKind::End, StepState::Done, now);
                Some(effects)
            }
            (Event::Retry(asks), _) => self.retry(asks),
            (Event::Reboot(at), Done) if self.shown.reboot == Reboot::Needed => {
                self.shown.reboot = Reboot::At(at);
                Some(vec![Effect::CountDown(at)])
            }
            (Event::Due, Done) if matches!(self.shown.reboot, Reboot::At(_)) => {
                self.shown.reboot = Reboot::Ordered;
                self.set(StepKind::End, StepState::Done, now);
                Some(vec![Effect::OrderReboot])
            }
            _ => None,
        }
    }

    /// On to what comes next, at this one's turn.
    fn proceed(&mut self, now: Timestamp) -> Vec<Effect> {
        self.shown.state = TransactionState::Running;
        match self.current() {
            None | Some(StepKind::End) => self.finish(now),
            Some(StepKind::SignIn) => {
                self.wait(Need::SignIn);
                Vec::new()
            }
            Some(StepKind::Configure) => self.configure(now),
            Some(kind) => {
                self.set(kind, StepState::Running, now);
                vec![Effect::Work(Work::Step(kind))]
            }
        }
    }

    fn configure(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.state_of(StepKind::Configure) != Some(StepState::Running) {
            self.set(StepKind::Configure, StepState::Running, now);
        }
        if !self.is_prepared {
            return vec![Effect::Work(Work::Prepare)];
        }
        match self.module_in(StepState::Todo) {
            Some(module) => {
                module.state = StepState::Running;
                vec![Effect::Work(Work::Script(module.slug.clone()))]
            }
            None => {
                self.set(StepKind::Configure, StepState::Done, now);
                self.proceed(now)
            }
        }
    }

    fn finish(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.shown.reboot == Reboot::NotNeeded
            && self.state_of(StepKind::End) == Some(StepState::Todo)
        {
            self.set(StepKind::End, StepState::Done, now);
        }
        self.shown.state = TransactionState::Done;
        self.shown.ended = Some(now);
        let modules = self.shown.modules.iter();
        let without_script = modules.filter(|module| module.state == StepState::Disabled);
        let slugs = without_script.map(|module| module.slug.clone()).collect();
        vec![Effect::Configured(slugs)]
    }

    fn step_done(&mut self, now: Timestamp) -> Option<Vec<Effect>> {
        let kind = self.running_step()?;
        if kind == StepKind::Configure {
            return None;
        }
        self.set(kind, StepState::Done, now);
        Some(self.go_on(now))
    }

    fn prepared(
        &mut self,
        asks: Asks,
        scripts: &BTreeSet<String>,
        now: Timestamp,
    ) -> Option<Vec<Effect>> {
        let is_preparing = self.running_step() == Some(StepKind::Configure)
            && self.module_in(StepState::Running).is_none();
        if !is_preparing {
            return None;
        }
        self.note_scripts(scripts);
        if asks == Asks::Nothing {
            self.is_prepared = true;
            return Some(self.go_on(now));
        }
        if let Some(ending) = self.ending {
            return Some(self.end(ending, now));
        }
        self.set(StepKind::Configure, StepState::Todo, now);
        self.wait(Need::Answers);
        Some(Vec::new())
    }

    fn answered(&mut self, scripts: &BTreeSet<String>) -> Option<Vec<Effect>> {
        if self.shown.needs != Some(Need::Answers) {
            return None;
        }
        self.note_scripts(scripts);
        self.is_prepared = true;
        self.shown.needs = None;
        self.shown.state = TransactionState::Queued;
        Some(vec![Effect::Queue])
    }

    fn signed_in(&mut self, now: Timestamp) -> Option<Vec<Effect>> {
        if self.shown.needs != Some(Need::SignIn) {
            return None;
        }
        self.set(StepKind::SignIn, StepState::Done, now);
        self.shown.needs = None;
        self.shown.state = TransactionState::Queued;
        Some(vec![Effect::Queue])
    }

    /// What was known has been forgotten, or doesn't do.
    fn not_signed_in(&mut self, now: Timestamp) -> Option<Vec<Effect>> {
        if self.running_step() != Some(StepKind::Repositories) {
            return None;
        }
        if let Some(ending) = self.ending {
            return Some(self.end(ending, now));
        }
        self.set(StepKind::Repositories, StepState::Todo, now);
        self.set(StepKind::SignIn, StepState::Todo, now);
        self.wait(Need::SignIn);
        Some(Vec::new())
    }

    fn script_done(&mut self, exit: String, now: Timestamp) -> Option<Vec<Effect>> {
        let module = self.module_in(StepState::Running)?;
        module.state = StepState::Done;
        module.exit = Some(exit);
        let mut effects = vec![Effect::Configured(vec![module.slug.clone()])];
        effects.extend(self.go_on(now));
        Some(effects)
    }

    /// Something is through; what comes next, unless it is being ended and there is anything left to be ended.
    fn go_on(&mut self, now: Timestamp) -> Vec<Effect> {
        let is_last = match self.current() {
            None | Some(StepKind::End) => true,
            Some(StepKind::Configure) => {
                self.is_prepared && self.module_in(StepState::Todo).is_none()
            }
            Some(_) => false,
        };
        match self.ending {
            Some(ending) if !is_last => self.end(ending, now),
            _ => {
                self.ending = None;
                self.proceed(now)
            }
        }
    }

    fn failed(&mut self, failure: Failure, now: Timestamp) -> Vec<Effect> {
        if let Some(ending) = self.ending {
            return self.end(ending, now);
        }
        if let Some(module) = self.module_in(StepState::Running) {
            module.state = StepState::Failed;
            module.exit.clone_from(&failure.exit);
        }
        self.shown.failure = Some(failure);
        self.over(StepState::Failed, TransactionState::Failed, now);
        Vec::new()
    }

    /// A retry adds the repositories anew.
    fn unsigned(&mut self, failure: Failure, now: Timestamp) -> Option<Vec<Effect>> {
        if self.running_step() != Some(StepKind::Packages) {
            return None;
        }
        self.set(StepKind::Packages, StepState::Todo, now);
        if self.state_of(StepKind::Repositories) == Some(StepState::Done) {
            self.set(StepKind::Repositories, StepState::Todo, now);
        }
        Some(self.failed(failure, now))
    }

    fn stop(&mut self, ending: Ending) -> Vec<Effect> {
        // A cancelled one stays that, even if the daemon ends meanwhile.
        self.ending = self.ending.or(Some(ending));
        vec![Effect::Stop]
    }

    /// It is over before its time: at the step that is under way, else at the one that comes next.
    fn end(&mut self, ending: Ending, now: Timestamp) -> Vec<Effect> {
        let (step, transaction) = match ending {
            Ending::Cancelled => (StepState::Cancelled, TransactionState::Cancelled),
            Ending::Interrupted => (StepState::Interrupted, TransactionState::Interrupted),
        };
        if let Some(module) = self.module_in(StepState::Running) {
            module.state = step;
        }
        self.over(step, transaction, now);
        Vec::new()
    }

    fn over(&mut self, step: StepState, transaction: TransactionState, now: Timestamp) {
        if let Some(kind) = self.current() {
            self.set(kind, step, now);
        }
        self.ending = None;
        self.is_prepared = false;
        self.shown.needs = None;
        self.shown.state = transaction;
        self.shown.ended = Some(now);
    }

    fn call_off(&mut self) -> Option<Vec<Effect>> {
        let Reboot::At(_) = self.shown.reboot else {
            return None;
        };
        self.shown.reboot = Reboot::Needed;
        Some(vec![Effect::CallOff])
    }

    fn retry(&mut self, asks: Asks) -> Option<Vec<Effect>> {
        use TransactionState::{Cancelled, Failed, Interrupted};
        if !matches!(self.shown.state, Failed | Cancelled | Interrupted) {
            return None;
        }
        let went_wrong = |state: StepState| {
            matches!(
                state,
                StepState::Failed | StepState::Cancelled | StepState::Interrupted
            )
        };
        for step in &mut self.shown.steps {
            if went_wrong(step.state) {
                step.state = StepState::Todo;
                (step.started, step.ended) = (None, None);
            }
        }
        for module in &mut self.shown.modules {
            if went_wrong(module.state) {
                module.state = StepState::Todo;
                module.exit = None;
            }
        }
        self.shown.failure = None;
        self.shown.ended = None;
        Some(self.queue_or_ask(asks))
    }

    /// Questions needn't wait for a turn if nothing comes before them.
    fn queue_or_ask(&mut self, asks: Asks) -> Vec<Effect> {
        let need = match self.current() {
            Some(StepKind::SignIn) => Some(Need::SignIn),
            Some(StepKind::Configure) if asks == Asks::Something => Some(Need::Answers),
            _ => None,
        };
        if let Some(need) = need {
            self.wait(need);
            return Vec::new();
        }
        self.shown.state = TransactionState::Queued;
        vec![Effect::Queue]
    }

    fn wait(&mut self, need: Need) {
        self.shown.state = TransactionState::Waiting;
        self.shown.needs = Some(need);
    }

    fn note_scripts(&mut self, scripts: &BTreeSet<String>) {
        for module in &mut self.shown.modules {
            if module.state != StepState::Done {
                module.state = match scripts.contains(&module.slug) {
                    true => StepState::Todo,
                    false => StepState::Disabled,
                };
            }
        }
    }

    fn set(&mut self, kind: StepKind, state: StepState, now: Timestamp) {
        let mut steps = self.shown.steps.iter_mut();
        let Some(step) = steps.find(|step| step.kind == kind) else {
            return;
        };
        step.state = state;
        match state {
            StepState::Running => (step.started, step.ended) = (Some(now), None),
            StepState::Todo | StepState::Disabled => (step.started, step.ended) = (None, None),
            _ => step.ended = Some(now),
        }
    }

    fn state_of(&self, kind: StepKind) -> Option<StepState> {
        let mut steps = self.shown.steps.iter();
        steps.find(|step| step.kind == kind).map(|step| step.state)
    }

    fn running_step(&self) -> Option<StepKind> {
        let mut steps = self.shown.steps.iter();
        let running = steps.find(|step| step.state == StepState::Running);
        running.map(|step| step.kind)
    }

    fn module_in(&mut self, state: StepState) -> Option<&mut ModuleRun> {
        let mut modules = self.shown.modules.iter_mut();
        modules.find(|module| module.state == state)
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
