//! What is known of a transaction that isn't over, beyond the journal: answers with their secrets, and how to end what it does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use contara_system::package_manager::repositories::Login;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::log::Log;
use crate::form::{self, Answers, Form, Value};
use crate::transaction::machine::Machine;
use crate::transaction::{
    PackageChanges, Progress, StepKind, Transaction, TransactionId, TransactionState,
};
use contara_i18n::Message;

/// Answers that may be written down, by module and field.
pub(super) type Kept = BTreeMap<String, BTreeMap<String, Value>>;

/// All transactions that aren't over, and who is next.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// By number.
    pub(super) entries: BTreeMap<TransactionId, Entry>,
    /// Those that wait for their turn, in order. One that was cancelled meanwhile is passed over.
    pub(super) queue: VecDeque<TransactionId>,
    /// Whose turn it is.
    pub(super) turn: Option<TransactionId>,
    /// Passwords that were answered for transactions that can be tried again: their scripts may still print them.
    pub(super) secrets: BTreeMap<TransactionId, BTreeSet<String>>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it is.
    pub(super) machine: Machine,
    /// What was answered and isn't secret.
    pub(super) kept: Kept,
    /// All that was answered, by module; forgotten when it is over.
    pub(super) answered: BTreeMap<String, Answered>,
    /// What to sign in to repositories with, by module and repository; forgotten when it is over, or doesn't do.
    pub(super) logins: BTreeMap<(String, String), Login>,
    /// What was approved to be done to packages; `None` if that isn't known.
    pub(super) approved: Option<PackageChanges>,
    /// Ends what it does.
    pub(super) stop: CancellationToken,
    /// Ends the countdown to the restart of the machine.
    pub(super) call_off: CancellationToken,
    /// How far its package manager is, while it installs.
    pub(super) progress: watch::Sender<Option<Progress>>,
    /// Its lines.
    pub(super) log: Arc<Log>,
    /// The journal refused what is shown; it is the only place that knows.
    pub(super) is_unsaved: bool,
}

/// Why a module counts that isn't among those at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matters {
    /// It is configured.
    Configured,
    /// It is part of this transaction, which isn't finished.
    UnderWay(TransactionId),
}

/// What was answered for one module.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    /// The questions.
    pub(super) form: Form,
    /// Accepted.
    pub(super) answers: Answers,
    /// Who answered.
    pub(super) by: String,
}

impl Entry {
    /// Of a transaction as it was shown last.
    pub(super) fn new(
        machine: Machine,
        kept: Kept,
        approved: Option<PackageChanges>,
        log: Log,
    ) -> Self {
        Self {
            machine,
            kept,
            answered: BTreeMap::new(),
            logins: BTreeMap::new(),
            approved,
            stop: CancellationToken::new(),
            call_off: CancellationToken::new(),
            progress: watch::Sender::new(None),
            log: Arc::new(log),
            is_unsaved: false,
        }
    }

    /// The passwords that it knows.
    pub(super) fn secrets(&self) -> impl Iterator<Item = String> + '_ {
        let answered = self.answered.values();
        answered.flat_map(|answered| form::secrets(&answered.form, &answered.answers))
    }

    /// The transaction as it is shown.
    pub(super) fn shown(&self) -> &Transaction {
        &self.machine.shown
    }
}

impl Live {
    /// The next one in the queue that still waits there; it is its turn from now on.
    pub(super) fn next_turn(&mut self) -> Option<TransactionId> {
        self.turn = None;
        while let Some(id) = self.queue.pop_front() {
            let entry = self.entries.get(&id);
            if entry.is_some_and(|entry| entry.shown().state == TransactionState::Queued) {
                self.turn = Some(id);
                return Some(id);
            }
        }
        None
    }

    /// The one that a queued one waits for.
    pub(super) fn behind(&self, id: TransactionId) -> Option<TransactionId> {
        let is_queued = |id: &TransactionId| {
            let entry = self.entries.get(id);
            entry.is_some_and(|entry| entry.shown().state == TransactionState::Queued)
        };
        if !is_queued(&id) {
            return None;
        }
        let position = self.queue.iter().position(|queued| *queued == id)?;
        let mut before = self.queue.iter().take(position).rev();
        before
            .find(|id| is_queued(id))
            .copied()
            .or(self.turn.filter(|turn| *turn != id))
    }

    /// An unfinished one, other than this, that one of these modules is part of; and that module.
    pub(super) fn busy<'a>(
        &self,
        mut modules: impl Iterator<Item = &'a str>,
        but: Option<TransactionId>,
    ) -> Option<(String, &Entry)> {
        modules.find_map(|slug| {
            let mut unfinished = self.unfinished(but);
            let (_, entry) = unfinished.find(|(_, entry)| has_module(entry.shown(), slug))?;
            Some((slug.to_owned(), entry))
        })
    }

    /// The modules of unfinished ones, other than this, and what makes them matter.
    pub(super) fn modules_under_way(
        &self,
        but: Option<TransactionId>,
    ) -> impl Iterator<Item = (&str, Matters)> {
        self.unfinished(but).flat_map(|(id, entry)| {
            let modules = entry.shown().modules.iter();
            modules.map(move |module| (module.slug.as_str(), Matters::UnderWay(*id)))
        })
    }

    fn unfinished(
        &self,
        but: Option<TransactionId>,
    ) -> impl Iterator<Item = (&TransactionId, &Entry)> {
        let entries = self.entries.iter();
        entries.filter(move |(id, entry)| Some(**id) != but && entry.machine.is_unfinished())
    }
}

fn has_module(shown: &Transaction, slug: &str) -> bool {
    shown.modules.iter().any(|module| module.slug == slug)
}

/// The text of a transaction's step.
pub(super) fn step_text(shown: &Transaction, kind: StepKind) -> Option<&Message> {
    let step = shown.steps.iter().find(|step| step.kind == kind);
    step.map(|step| &step.text)
}
