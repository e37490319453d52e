//! Takes back what a transaction's scripts did to files, and nothing else: packages stay, and services aren't restarted.
//!
//! It is in the journal before anything is changed, each file takes its place in one step, and after a kill in the midst it is done
//! again: what is as it was isn't touched. What is later has to be undone first.

use std::path::PathBuf;

use contara_store::{SetupRecordedRow, SetupUndoRow, Store};
use contara_system::file_record::{Left, changed_since};
use contara_system::package_manager;

use super::changes::FileChange;
use super::errors::named;
use super::log::Log;
use super::recording::blocking;
use super::records::{now, row_id};
use super::{Engine, SetupError};
use crate::transaction::machine::Machine;
use crate::transaction::{StepKind, StepState, Transaction, TransactionId};
use contara_i18n::{Message, message, with_causes};

/// What to do with files that were changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Nothing at all is done.
    Never,
    /// They are put back as well.
    ChangedSince,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// How many files, links and folders are as they were.
    pub put_back: usize,
    /// Those that aren't, and why.
    pub left: Vec<(PathBuf, Message)>,
    /// Whether it is over: else it can be tried again.
    pub is_over: bool,
    /// Packages and services that stay as they are.
    pub leaves: (Vec<String>, Vec<String>),
    /// The modules, and whether they are configured now.
    pub modules: Vec<(String, bool)>,
}

impl Engine {
    /// See the file's first lines.
    pub(super) async fn undo(
        &self,
        id: TransactionId,
        overwrite: Overwrite,
        by: &str,
    ) -> Result<Undone, SetupError> {
        self.require_root()?;
        let transaction = self.transaction(id).await?;
        let Ok(_machine) = self.machine.try_lock() else {
            return Err(SetupError::WrongState(message!(
                "the machine is being changed by a transaction or an undo: wait for its end"
            )));
        };
        let files = self.changed_files(id).await?;
        if let Some(refusal) = self.undo_refusal(&transaction, &files).await? {
            return Err(SetupError::WrongState(refusal));
        }
        let changes: Vec<_> = files.iter().map(FileChange::change).collect();
        if overwrite == Overwrite::Never {
            let changes = changes.clone();
            let since = blocking(move || changed_since(&changes)).await;
            if !since.is_empty() {
                return Err(SetupError::ChangedSince(since));
            }
        }
        let log = self.log_of(&transaction);
        log.note(None, putting_back(by, changes.len())).await?;
        let at = now().as_millisecond();
        let begin = move |store: &Store| store.begin_setup_undo(row_id(id), at);
        self.store.run(begin).await?;
        let recorder = self.settings.files.clone();
        let count = changes.len();
        let left = blocking(move || recorder.put_back(&changes)).await?;
        self.finish_undo(&transaction, &log, &left, by).await?;
        Ok(Undone {
            put_back: count - left.len(),
            is_over: is_over(&left),
            left: left
                .into_iter()
                .map(|left| (left.path, Message::phrase(&left.reason)))
                .collect(),
            leaves: self.left_by_undo(&transaction).await,
            modules: self.configured_now(&transaction).await?,
        })
    }

    async fn finish_undo(
        &self,
        transaction: &Transaction,
        log: &Log,
        left: &[Left],
        by: &str,
    ) -> Result<(), SetupError> {
        for left in left {
            let text = message!(
                "{path} isn't as it was: {reason}.",
                path = named(&left.path),
                reason = Message::phrase(&left.reason)
            );
            log.note(None, text).await?;
        }
        if is_over(left) {
            let configured = self.configured_before(transaction.id).await?;
            let (id, by) = (row_id(transaction.id), by.to_owned());
            let at = now().as_millisecond();
            let end = move |store: &Store| store.end_setup_undo(id, (at, &by), &configured);
            self.store.run(end).await?;
            log.note(None, message!("The files are as they were before."))
                .await?;
        }
        self.changed();
        Ok(())
    }

    /// Why it can't be undone, if so.
    pub(super) async fn undo_refusal(
        &self,
        transaction: &Transaction,
        files: &[FileChange],
    ) -> Result<Option<Message>, SetupError> {
        let id = transaction.id;
        if let Err(error) = self.require_root() {
            return Ok(Some(error.message()));
        }
        let undo = self.undo_row(id).await?;
        if undo.undone.is_some() {
            return Ok(Some(message!(
                "transaction {transaction} was undone already",
                transaction = id
            )));
        }
        let slugs = transaction
            .modules
            .iter()
            .map(|module| module.slug.as_str());
        let busy = {
            let live = self.live.lock().await;
            live.busy(slugs, None)
                .map(|(slug, entry)| (slug, entry.shown().id))
        };
        if let Some((slug, other)) = busy {
            return Ok(Some(message!(
                "{module} is part of transaction {transaction}, which isn't finished",
                module = slug,
                transaction = other
            )));
        }
        if Machine::from_shown(transaction.clone()).is_unfinished() {
            return Ok(Some(message!(
                "transaction {transaction} isn't finished",
                transaction = id
            )));
        }
        if files.is_empty() {
            return Ok(Some(message!(
                "there is no file that transaction {transaction} is known to have changed",
                transaction = id
            )));
        }
        let later = move |store: &Store| store.later_setup_transaction(row_id(id));
        let later = self.store.run(later).await?;
        Ok(later.map(|later| {
            message!(
                "transaction {transaction} came later and changed files of the same modules, or the same files: undo that one first",
                transaction = later.cast_unsigned()
            )
        }))
    }

    /// What was undone can't be gone on with.
    pub(super) async fn refuse_undone(&self, id: TransactionId) -> Result<(), SetupError> {
        let undo = self.undo_row(id).await?;
        let text = match (undo.undone, undo.began) {
            (Some(_), _) => message!(
                "transaction {transaction} was undone: begin another one",
                transaction = id
            ),
            (None, Some(_)) => message!(
                "the undo of transaction {transaction} has begun: finish that first",
                transaction = id
            ),
            (None, None) => return Ok(()),
        };
        Err(SetupError::WrongState(text))
    }

    pub(super) async fn undo_row(&self, id: TransactionId) -> Result<SetupUndoRow, SetupError> {
        let read = move |store: &Store| store.setup_undo(row_id(id));
        Ok(self.store.run(read).await?)
    }

    pub(super) async fn recorded(
        &self,
        id: TransactionId,
    ) -> Result<Vec<SetupRecordedRow>, SetupError> {
        let read = move |store: &Store| store.setup_recorded(row_id(id));
        Ok(self.store.run(read).await?)
    }

    /// Each module as it was before its first run in this transaction.
    async fn configured_before(
        &self,
        id: TransactionId,
    ) -> Result<Vec<(String, Option<i64>)>, SetupError> {
        let mut before: Vec<(String, Option<i64>)> = Vec::new();
        for run in self.recorded(id).await? {
            if !before.iter().any(|(slug, _)| *slug == run.slug) {
                before.push((run.slug, run.configured_at));
            }
        }
        Ok(before)
    }

    async fn configured_now(
        &self,
        transaction: &Transaction,
    ) -> Result<Vec<(String, bool)>, SetupError> {
        let mut modules = Vec::new();
        for run in &transaction.modules {
            let module = self.setup_module(&run.slug, &transaction.languages).await?;
            let is_configured = module.is_some_and(|module| module.reference.is_configured);
            modules.push((run.slug.clone(), is_configured));
        }
        Ok(modules)
    }

    /// Packages that the modules want and that are installed, if this installed any; and services that the modules bring.
    pub(super) async fn left_by_undo(
        &self,
        transaction: &Transaction,
    ) -> (Vec<String>, Vec<String>) {
        let catalog = self.catalog();
        let slugs = transaction.modules.iter().map(|module| &module.slug);
        let manifests: Vec<_> = slugs.filter_map(|slug| catalog.setup(slug)).collect();
        let services = manifests
            .iter()
            .flat_map(|(_, manifest)| manifest.services.clone());
        let services = services.collect();
        let has_begun = |state| !matches!(state, StepState::Disabled | StepState::Todo);
        let mut steps = transaction.steps.iter();
        if !steps.any(|step| step.kind == StepKind::Packages && has_begun(step.state)) {
            return (Vec::new(), services);
        }
        let installed = match package_manager::installed(&*self.manager).await {
            Ok(installed) => installed,
            Err(error) => {
                tracing::warn!("{}", with_causes(&error));
                return (Vec::new(), services);
            }
        };
        let wanted = manifests
            .iter()
            .flat_map(|(_, manifest)| self.wanted(manifest));
        let mut packages: Vec<_> = wanted
            .filter(|package| installed.contains(package))
            .collect();
        packages.sort_unstable();
        packages.dedup();
        (packages, services)
    }

    /// For what is said after the end.
    fn log_of(&self, transaction: &Transaction) -> Log {
        let (store, changes) = (self.store.clone(), self.changes.clone());
        Log::new(transaction.id, store, changes, transaction.lines)
    }
}

/// Whether all that is left would be left again.
fn is_over(left: &[Left]) -> bool {
    left.iter().all(|left| left.is_final)
}

fn putting_back(by: &str, count: usize) -> Message {
    match count {
        1 => message!("{person} puts 1 file or folder back.", person = by),
        count => message!(
            "{person} puts {count} files and folders back.",
            person = by,
            count = count
        ),
    }
}
