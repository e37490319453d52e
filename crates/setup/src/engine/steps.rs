//! One step of a transaction's machine: in the journal first, then shown, then its effects.

use std::collections::BTreeMap;
use std::sync::Arc;

use contara_store::{SetupConsequences, SetupRecord, SetupRunRow, Store};
use tokio_util::sync::CancellationToken;

use super::entry::{Answered, Entry, Kept, Live};
use super::log::Log;
use super::records::{approved, from_record, json, now, row_id, to_record, word};
use super::{Engine, SetupError};
use crate::form;
use crate::transaction::machine::{Effect, Event, Machine, Work};
use crate::transaction::{
    Failure, PackageChanges, Reboot, StepKind, StepState, Transaction, TransactionId,
    TransactionState,
};
use contara_i18n::{Message, message, with_causes};

impl Engine {
    /// Takes an event of one transaction; what is to be done next at its turn.
    pub(super) async fn apply(
        self: &Arc<Self>,
        id: TransactionId,
        event: Event,
    ) -> Result<Option<Work>, SetupError> {
        let mut live = self.live.lock().await;
        self.apply_in(&mut live, id, event, None).await
    }

    /// The same, with answers that come with it.
    pub(super) async fn apply_in(
        self: &Arc<Self>,
        live: &mut Live,
        id: TransactionId,
        event: Event,
        answered: Option<BTreeMap<String, Answered>>,
    ) -> Result<Option<Work>, SetupError> {
        self.activate(live, id).await?;
        let Some(entry) = live.entries.get_mut(&id) else {
            return Err(SetupError::NoTransaction(id));
        };
        let stepped = entry.machine.clone().step(event, now());
        let Some((machine, effects)) = stepped else {
            let error = wrong_state(entry.shown());
            live.forget_finished();
            return Err(error);
        };
        let kept = kept_with(entry, answered.as_ref());
        let approved = approved_with(entry, &machine.shown);
        let consequences = consequences(entry, &machine.shown, &effects, answered.as_ref());
        if machine.shown != *entry.shown() || entry.is_unsaved {
            let record = to_record(&machine.shown, &kept, approved.as_ref());
            self.keep(record, consequences).await?;
        }
        entry.is_unsaved = false;
        entry.machine = machine;
        entry.kept = kept;
        entry.approved = approved;
        entry.answered.extend(answered.into_iter().flatten());
        let work = self.perform(live, id, effects);
        live.forget_finished();
        self.changed();
        Ok(work)
    }

    /// The same for somebody outside, and `text` says so in the transaction's log. Nobody else gets at that log meanwhile: it
    /// counts its lines.
    pub(super) async fn change(
        self: &Arc<Self>,
        live: &mut Live,
        id: TransactionId,
        event: Event,
        answered: Option<BTreeMap<String, Answered>>,
        text: Message,
    ) -> Result<(), SetupError> {
        self.activate(live, id).await?;
        let log = live.entries.get(&id).map(|entry| Arc::clone(&entry.log));
        self.apply_in(live, id, event, answered).await?;
        if let Some(log) = log {
            self.noted(id, &log, text).await;
        }
        Ok(())
    }

    /// The journal can't be written while something is under way: it ends, and says why for as long as the daemon lives.
    pub(super) async fn give_up(self: &Arc<Self>, id: TransactionId, error: &SetupError) {
        let message = message!(
            "The journal can't be written, so nothing more is done: {reason}",
            reason = with_causes(error)
        );
        tracing::error!(transaction = id, "{message}");
        let mut live = self.live.lock().await;
        let Some(entry) = live.entries.get_mut(&id) else {
            return;
        };
        let failure = Failure {
            step: entry.machine.current().unwrap_or(StepKind::End),
            module: None,
            message,
            command: None,
            exit: None,
            last_lines: Vec::new(),
            unapproved: None,
        };
        if let Some((machine, _)) = entry.machine.clone().step(Event::Failed(failure), now()) {
            let runs = consequences(entry, &machine.shown, &[], None);
            let record = to_record(&machine.shown, &entry.kept, entry.approved.as_ref());
            entry.is_unsaved = self.keep(record, runs).await.is_err();
            entry.machine = machine;
        }
        live.forget_finished();
        self.changed();
    }

    /// Makes sure that this transaction is among those that are worked with.
    pub(super) async fn activate(
        &self,
        live: &mut Live,
        id: TransactionId,
    ) -> Result<(), SetupError> {
        if live.entries.contains_key(&id) {
            return Ok(());
        }
        let read = move |store: &Store| store.setup_transaction(row_id(id));
        let record = self.store.run(read).await?;
        let record = record.ok_or(SetupError::NoTransaction(id))?;
        live.entries.insert(id, self.known_entry(record));
        Ok(())
    }

    /// An entry for a transaction as the journal has it.
    pub(super) fn known_entry(&self, record: SetupRecord) -> Entry {
        let approved = approved(&record);
        let (shown, kept) = from_record(record);
        self.entry(Machine::from_shown(shown), kept, approved)
    }

    /// An entry for a transaction.
    pub(super) fn entry(
        &self,
        machine: Machine,
        kept: Kept,
        approved: Option<PackageChanges>,
    ) -> Entry {
        let (id, last) = (machine.shown.id, machine.shown.lines);
        let log = Log::new(id, self.store.clone(), self.changes.clone(), last);
        Entry::new(machine, kept, approved, log)
    }

    async fn keep(
        &self,
        record: SetupRecord,
        consequences: SetupConsequences,
    ) -> Result<(), SetupError> {
        let at = now().as_millisecond();
        let write = move |store: &Store| store.keep_setup_transaction(&record, &consequences, at);
        Ok(self.store.run(write).await?)
    }

    fn perform(
        self: &Arc<Self>,
        live: &mut Live,
        id: TransactionId,
        effects: Vec<Effect>,
    ) -> Option<Work> {
        let mut next = None;
        let entry = live.entries.get_mut(&id)?;
        for effect in effects {
            match effect {
                Effect::Queue => {
                    entry.stop = CancellationToken::new();
                    live.queue.push_back(id);
                    self.wake.notify_one();
                }
                Effect::Work(work) => next = Some(work),
                Effect::Stop => entry.stop.cancel(),
                // It went into the journal with the change.
                Effect::Configured(_) => {}
                Effect::CountDown(at) => {
                    entry.call_off = CancellationToken::new();
                    let countdown = Arc::clone(self).count_down(id, at, entry.call_off.clone());
                    self.tasks.spawn(countdown);
                }
                Effect::CallOff => entry.call_off.cancel(),
                Effect::OrderReboot => {
                    self.tasks.spawn(Arc::clone(self).order_reboot(id));
                }
            }
        }
        next
    }
}

impl Live {
    /// The journal knows all about those that are over.
    pub(super) fn forget_finished(&mut self) {
        self.entries.retain(|id, entry| {
            let known = self.secrets.entry(*id).or_default();
            known.extend(entry.secrets());
            if known.is_empty() || entry.shown().state == TransactionState::Done {
                self.secrets.remove(id);
            }
            let is_counting = matches!(entry.shown().reboot, Reboot::At(_));
            entry.machine.is_unfinished() || is_counting || entry.is_unsaved
        });
    }
}

fn kept_with(entry: &Entry, answered: Option<&BTreeMap<String, Answered>>) -> Kept {
    let mut kept = entry.kept.clone();
    for (slug, answered) in answered.into_iter().flatten() {
        kept.insert(slug.clone(), form::kept(&answered.form, &answered.answers));
    }
    kept
}

/// Whoever tries again has seen what would be done beyond what was approved, and approves exactly that.
fn approved_with(entry: &Entry, after: &Transaction) -> Option<PackageChanges> {
    let failure = entry.shown().failure.as_ref();
    let failure = failure.filter(|_| after.failure.is_none());
    let seen = failure.and_then(|failure| failure.unapproved.as_ref());
    let approved = entry.approved.clone()?;
    Some(match seen {
        Some(seen) => approved.with(seen),
        None => approved,
    })
}

/// What is true of modules once this change is: runs that begin or end, what is configured, what is kept for other modules.
fn consequences(
    entry: &Entry,
    after: &Transaction,
    effects: &[Effect],
    answered: Option<&BTreeMap<String, Answered>>,
) -> SetupConsequences {
    let mut consequences = SetupConsequences::default();
    for (old, new) in entry.shown().modules.iter().zip(&after.modules) {
        if (old.state == StepState::Running) != (new.state == StepState::Running) {
            let is_over = new.state != StepState::Running;
            let run = run(entry, &new.slug, new.state, new.exit.clone(), is_over);
            consequences.runs.push(run);
        }
    }
    for effect in effects {
        let Effect::Configured(slugs) = effect else {
            continue;
        };
        consequences.configured.extend(slugs.iter().cloned());
        let is_disabled = |slug: &&String| {
            let mut modules = after.modules.iter();
            modules.any(|module| module.slug == **slug && module.state == StepState::Disabled)
        };
        let without_script = slugs.iter().filter(is_disabled);
        let runs = without_script.map(|slug| run(entry, slug, StepState::Done, None, true));
        consequences.runs.extend(runs);
    }
    for answered in answered.into_iter().flat_map(BTreeMap::values) {
        let stored = form::stored(&answered.form, &answered.answers);
        let options = stored.into_iter();
        let options = options.map(|(name, value)| (name, value.to_json().to_string()));
        consequences.options.extend(options);
    }
    consequences
}

fn run(
    entry: &Entry,
    slug: &str,
    state: StepState,
    exit: Option<String>,
    is_over: bool,
) -> SetupRunRow {
    let answered = entry.answered.get(slug);
    let shown = answered.map(|answered| form::shown(&answered.form, &answered.answers));
    let by = answered.map_or(&entry.shown().by, |answered| &answered.by);
    let now = now().as_millisecond();
    SetupRunRow {
        transaction: row_id(entry.shown().id),
        slug: slug.to_owned(),
        by: by.clone(),
        started: now,
        ended: is_over.then_some(now),
        state: word(&state),
        exit,
        answers: json(&shown.unwrap_or_default()),
    }
}

/// It can't be done to a transaction as it is.
pub(super) fn wrong_state(shown: &Transaction) -> SetupError {
    SetupError::WrongState(message!(
        "that can't be done to transaction {transaction} now: {state}",
        transaction = shown.id,
        state = said(shown.state)
    ))
}

fn said(state: TransactionState) -> Message {
    match state {
        TransactionState::Queued => message!("it is queued"),
        TransactionState::Running => message!("it is running"),
        TransactionState::Waiting => message!("it is waiting"),
        TransactionState::Done => message!("it is done"),
        TransactionState::Failed => message!("it has failed"),
        TransactionState::Cancelled => message!("it is cancelled"),
        TransactionState::Interrupted => message!("it is interrupted"),
    }
}
