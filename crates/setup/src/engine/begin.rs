//! Beginning a transaction, and going on with one that came to an end before its time.

use std::collections::BTreeSet;
use std::sync::Arc;

use contara_i18n::Languages;
use contara_store::Store;

use super::entry::{Kept, Matters};
use super::log::{KEPT_OF_ALL, removed_log};
use super::records::{line_row, now, row_id, to_record};
use super::types::Begin;
use super::{Engine, SetupError};
use crate::plan::{Plan, Refused, Remark, configure_again, conflict_with_configured};
use crate::transaction::machine::{Asks, Event, Machine};
use crate::transaction::{
    PackageChanges, StepKind, StepState, Transaction, TransactionId, TransactionState,
};
use contara_i18n::message;

impl Engine {
    /// Begins one: of two that begin at the same time with the same module one wins. It goes on in the languages of whoever begins it.
    pub(super) async fn begin(
        self: &Arc<Self>,
        begin: Begin,
        languages: &Languages,
    ) -> Result<Transaction, SetupError> {
        self.require_root()?;
        let chosen = || begin.choice.modules.iter().map(String::as_str);
        self.refuse_busy(chosen(), None).await?;
        let plan = self.plan(&begin.choice, languages).await?;
        if begin
            .digest
            .as_ref()
            .is_some_and(|digest| *digest != plan.digest)
        {
            return Err(SetupError::PlanChanged(Box::new(plan)));
        }
        if let Some(remark) = refusal(&plan, &begin.choice.modules) {
            return Err(Refused(remark).into());
        }
        let engine = Arc::clone(self);
        let languages = self.languages(languages).clone();
        let add = async move { engine.add(&plan, &begin.by, languages).await };
        let id = self.to_the_end(add).await?;
        self.transaction(id).await
    }

    async fn add(
        self: &Arc<Self>,
        plan: &Plan,
        by: &str,
        languages: Languages,
    ) -> Result<TransactionId, SetupError> {
        let mut machine = Machine::new(plan, by, asks(plan), now());
        machine.shown.languages = languages;
        let mut live = self.live.lock().await;
        let slugs = plan.modules.iter().map(|module| module.slug.as_str());
        if let Some((module, entry)) = live.busy(slugs, None) {
            return Err(busy(module, entry.shown()));
        }
        let slugs: Vec<_> = plan.modules.iter().map(|m| m.slug.as_str()).collect();
        self.refuse_conflicts(&slugs, live.modules_under_way(None))?;
        let kept = Kept::new();
        let approved = approved(plan);
        let record = to_record(&machine.shown, &kept, Some(&approved));
        let gone = line_row(removed_log());
        let add = move |store: &Store| {
            store.make_room_for_setup_lines(KEPT_OF_ALL, &gone)?;
            store.add_setup_transaction(&record)
        };
        let id = self.store.run(add).await?.cast_unsigned();
        machine.shown.id = id;
        let is_queued = machine.shown.state == TransactionState::Queued;
        let entry = self.entry(machine, kept, Some(approved));
        let log = Arc::clone(&entry.log);
        live.entries.insert(id, entry);
        let names: Vec<_> = plan.modules.iter().map(|m| m.name.as_str()).collect();
        let text = message!(
            "{person} began this: {modules}.",
            person = by,
            modules = names.join(", ")
        );
        self.noted(id, &log, text).await;
        if is_queued {
            live.queue.push_back(id);
            self.wake.notify_one();
        }
        self.changed();
        Ok(id)
    }

    /// Goes on at the step that went wrong.
    pub(super) async fn retry(
        self: &Arc<Self>,
        id: TransactionId,
        by: &str,
    ) -> Result<Transaction, SetupError> {
        self.require_root()?;
        let shown = self.transaction(id).await?;
        self.refuse_undone(id).await?;
        let slugs = || shown.modules.iter().map(|module| module.slug.as_str());
        self.refuse_busy(slugs(), Some(id)).await?;
        self.refuse_configured(&shown).await?;
        self.refuse_outdated(&shown).await?;
        let asks = self.asks_again(&shown).await?;
        let engine = Arc::clone(self);
        let text = message!("{person} tries again.", person = by);
        self.to_the_end(async move {
            let mut live = engine.live.lock().await;
            let slugs = || shown.modules.iter().map(|module| module.slug.as_str());
            if let Some((module, entry)) = live.busy(slugs(), Some(id)) {
                return Err(busy(module, entry.shown()));
            }
            let slugs: Vec<_> = slugs().collect();
            engine.refuse_conflicts(&slugs, live.modules_under_way(Some(id)))?;
            let event = Event::Retry(asks);
            engine.change(&mut live, id, event, None, text).await?;
            // One that stayed open, as the journal couldn't be written, would hold up all that comes behind it.
            let close = move |store: &Store| store.close_setup_lines(row_id(id));
            Ok(engine.store.run(close).await?)
        })
        .await?;
        self.transaction(id).await
    }

    /// What it was begun for was done since, and maybe otherwise: that stays as it is.
    async fn refuse_outdated(&self, shown: &Transaction) -> Result<(), SetupError> {
        let left = shown
            .modules
            .iter()
            .filter(|module| module.state != StepState::Done);
        for module in left {
            let (id, slug) = (row_id(shown.id), module.slug.clone());
            let since = move |store: &Store| store.configured_since(id, &slug);
            if let Some(later) = self.store.run(since).await? {
                return Err(Refused(outdated(&module.slug, later)).into());
            }
        }
        Ok(())
    }

    /// Whether somebody has to answer before anything is done.
    async fn asks_again(&self, shown: &Transaction) -> Result<Asks, SetupError> {
        let machine = Machine::from_shown(shown.clone());
        if machine.is_unfinished() || machine.current() != Some(StepKind::Configure) {
            return Ok(Asks::Nothing);
        }
        let questions = self
            .questions(shown, &Kept::new(), &shown.languages)
            .await?;
        Ok(match questions.iter().any(|asked| asked.form.asks()) {
            true => Asks::Something,
            false => Asks::Nothing,
        })
    }

    /// Modules that another unfinished transaction sets up count as if they were configured already. `others` are such modules, and
    /// what makes them matter.
    fn refuse_conflicts<'a>(
        &self,
        slugs: &[&str],
        others: impl Iterator<Item = (&'a str, Matters)>,
    ) -> Result<(), SetupError> {
        let catalog = self.catalog();
        let lists = |one: &str, other: &str| {
            let manifest = catalog.setup(one).map(|(_, manifest)| manifest);
            manifest.is_some_and(|manifest| manifest.conflicts.iter().any(|slug| slug == other))
        };
        for (other, why) in others {
            let conflicts = |slug: &&&str| lists(slug, other) || lists(other, slug);
            if let Some(slug) = slugs.iter().find(conflicts) {
                return Err(Refused(conflict(slug, other, why)).into());
            }
        }
        Ok(())
    }

    /// Something that its modules conflict with may have been configured since it failed.
    async fn refuse_configured(&self, shown: &Transaction) -> Result<(), SetupError> {
        let modules = self.setup_modules(&shown.languages).await?;
        let configured = modules.values().filter(|one| one.reference.is_configured);
        let configured: BTreeSet<_> = configured.map(|one| one.reference.slug.as_str()).collect();
        let left = shown
            .modules
            .iter()
            .filter(|module| module.state != StepState::Done);
        let left = left.map(|module| module.slug.as_str());
        let left: Vec<_> = left.filter(|slug| !configured.contains(slug)).collect();
        let others = configured.into_iter();
        self.refuse_conflicts(&left, others.map(|slug| (slug, Matters::Configured)))
    }

    async fn refuse_busy<'a>(
        &self,
        modules: impl Iterator<Item = &'a str>,
        but: Option<TransactionId>,
    ) -> Result<(), SetupError> {
        let live = self.live.lock().await;
        match live.busy(modules, but) {
            Some((module, entry)) => Err(busy(module, entry.shown())),
            None => Ok(()),
        }
    }
}

fn conflict(slug: &str, other: &str, why: Matters) -> Remark {
    let message = match why {
        Matters::Configured => conflict_with_configured(slug, other),
        Matters::UnderWay(id) => message!(
            "{module} conflicts with {other}, which is part of transaction {transaction}.",
            module = slug,
            other = other,
            transaction = id
        ),
    };
    Remark {
        kind: "conflict",
        modules: vec![slug.to_owned(), other.to_owned()],
        message,
        help: Some(message!("Leave one of them out.")),
    }
}

fn outdated(slug: &str, later: i64) -> Remark {
    Remark {
        kind: "outdated",
        modules: vec![slug.to_owned()],
        message: message!(
            "Transaction {transaction} has configured {module} since.",
            transaction = later.cast_unsigned(),
            module = slug
        ),
        help: Some(configure_again(slug)),
    }
}

fn busy(module: String, shown: &Transaction) -> SetupError {
    SetupError::Busy {
        module,
        transaction: shown.id,
        by: shown.by.clone(),
    }
}

/// What is done to packages, and which of them nobody knew yet.
fn approved(plan: &Plan) -> PackageChanges {
    let packages = &plan.packages;
    let is_unknown = plan
        .warnings
        .iter()
        .any(|remark| remark.kind == "package_unknown");
    let wanted = packages.wanted.values().flatten();
    PackageChanges {
        install: packages.install.clone(),
        upgrade: packages.upgrade.clone(),
        remove: packages.remove.clone(),
        unknown: wanted.filter(|_| is_unknown).cloned().collect(),
    }
}

fn asks(plan: &Plan) -> Asks {
    let mut forms = plan
        .modules
        .iter()
        .filter_map(|module| module.form.as_ref());
    match forms.any(crate::form::Form::asks) {
        true => Asks::Something,
        false => Asks::Nothing,
    }
}

/// Why a plan can be looked at, but not carried out.
fn refusal(plan: &Plan, chosen: &[String]) -> Option<Remark> {
    let names_chosen = |remark: &&Remark| {
        remark.kind == "not_there" && remark.modules.iter().any(|slug| chosen.contains(slug))
    };
    let missing = plan.warnings.iter().find(names_chosen);
    plan.problems.first().or(missing).cloned()
}
