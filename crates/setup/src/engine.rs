//! All that can be asked of setup: which modules there are, plans, transactions. Cheap to clone.
//!
//! Owns what takes part in it. What comes next in a transaction is decided by its machine; changes go into the journal before
//! anybody sees them (`steps.rs`). One long-lived task, the queue's (`queue.rs`), does what changes the machine, one transaction
//! at a time; a short one counts down to a restart of the machine (`reboot.rs`).

mod answers;
mod begin;
mod changes;
mod configured;
mod entry;
mod errors;
mod history;
mod lines;
mod log;
mod overview;
mod packages;
mod planning;
mod preparation;
mod program;
mod progress;
mod queue;
mod reach;
mod reboot;
mod recording;
mod records;
mod recovery;
mod repositories;
mod script;
mod signatures;
mod standing;
mod steps;
mod translation;
mod types;
mod undo;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use contara_i18n::{Languages, Message};
use contara_store::Store;
use contara_system::catalog::Catalog;
use contara_system::package_manager::{self, LockWait, PackageManager};
use tokio::sync::{Mutex, Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::form::{Form, Posted};
use crate::hooks::{HookPool, HookSettings};
use crate::plan::Plan;
use crate::transaction::{Transaction, TransactionId};
use configured::KnownFiles;
use entry::Live;
use reach::Reach;

pub use changes::{FileChange, FileChanges, FileDiff};
pub use errors::SetupError;
pub use types::{
    Begin, Choice, Credentials, FileCounts, LogPart, ModuleView, Overview, Parts, PastRun,
    Settings, Standing,
};
pub use undo::{Overwrite, Undone};

/// See the file's first lines. It speaks to somebody who reads certain languages.
#[derive(Debug, Clone)]
pub struct Setup(Arc<Engine>, Languages);

#[derive(Debug)]
struct Engine {
    store: Store,
    catalog: watch::Receiver<Arc<Catalog>>,
    settings: Settings,
    usual_languages: Languages,
    hooks: HookPool,
    manager: Arc<dyn PackageManager>,
    known_files: KnownFiles,
    reach: Reach,
    live: Mutex<Live>,
    /// Held by whoever changes the machine: a transaction whose turn it is, or an undo.
    machine: Mutex<()>,
    /// Somebody has joined the queue, or all ends.
    wake: Notify,
    changes: watch::Sender<u64>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

impl Setup {
    /// Puts it together. Transactions that were under way when the daemon ended are interrupted from now on.
    ///
    /// # Errors
    /// The journal can't be used, or the package manager that is set.
    pub async fn start(parts: Parts) -> Result<Self, SetupError> {
        let wait = LockWait(parts.settings.package_patience);
        let manager = package_manager::choose(&parts.settings.package_manager, wait)?;
        let hooks = HookSettings {
            catalogues: parts.settings.catalogues.clone(),
            limit: parts.settings.hook_limit,
        };
        let engine = Arc::new(Engine {
            hooks: HookPool::new(parts.spawner, hooks),
            usual_languages: Languages::of([parts.settings.language.as_str()]),
            store: parts.store,
            catalog: parts.catalog,
            settings: parts.settings,
            manager,
            known_files: KnownFiles::default(),
            reach: Reach::default(),
            live: Mutex::default(),
            machine: Mutex::default(),
            wake: Notify::new(),
            changes: watch::Sender::new(0),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        engine.recover().await?;
        // What a daemon of root had queued waits for the next one.
        if engine.settings.is_root {
            engine.tasks.spawn(Arc::clone(&engine).take_turns());
        }
        Ok(Self(engine, Languages::default()))
    }

    /// The same for somebody who reads these languages; none stand for those of the configuration.
    #[must_use]
    pub fn speaking(&self, languages: Languages) -> Self {
        Self(Arc::clone(&self.0), languages)
    }

    /// Those of whoever it speaks to, the most wanted first.
    #[must_use]
    pub fn languages(&self) -> &Languages {
        self.0.languages(&self.1)
    }

    /// The languages that these modules speak here, each once, as HTTP names them: `fr-FR`.
    pub async fn spoken(&self, modules: &[&str]) -> Vec<String> {
        self.0.spoken(modules, &self.1).await
    }

    /// All that there is. Hooks are asked whether modules are configured.
    ///
    /// # Errors
    /// The journal can't be read.
    pub async fn overview(&self) -> Result<Overview, SetupError> {
        self.0.overview(&self.1).await
    }

    /// What installing or configuring these would do.
    ///
    /// # Errors
    /// There is no plan for them, or the journal can't be read.
    pub async fn plan(&self, choice: &Choice) -> Result<Plan, SetupError> {
        self.0.plan(choice, &self.1).await
    }

    /// Begins a transaction; it is queued, running or waiting when this returns, and in the journal.
    ///
    /// # Errors
    /// It is refused, or the journal can't be written.
    pub async fn begin(&self, begin: Begin) -> Result<Transaction, SetupError> {
        self.0.begin(begin, &self.1).await
    }

    /// All transactions, the latest first, `limit` at most.
    ///
    /// # Errors
    /// The journal can't be read.
    pub async fn transactions(&self, limit: usize) -> Result<Vec<Transaction>, SetupError> {
        self.0.transactions(limit).await
    }

    /// What matters most of all of them.
    ///
    /// # Errors
    /// The journal can't be read.
    pub async fn standing(&self) -> Result<Standing, SetupError> {
        self.0.standing().await
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of this number, or the journal can't be read.
    pub async fn transaction(&self, id: TransactionId) -> Result<Transaction, SetupError> {
        self.0.transaction(id).await
    }

    /// The forms of one that waits for answers, with what was answered before.
    ///
    /// # Errors
    /// It doesn't wait for answers, or the journal can't be read.
    pub async fn forms(&self, id: TransactionId) -> Result<Vec<Form>, SetupError> {
        self.0.forms(id, &self.1).await
    }

    /// Answers the forms, all at once: by module. The scripts run when it is this one's turn.
    ///
    /// # Errors
    /// It doesn't wait for answers, some don't do, or the journal can't be written.
    pub async fn answer(
        &self,
        id: TransactionId,
        posted: BTreeMap<String, Posted>,
        by: &str,
    ) -> Result<Transaction, SetupError> {
        self.0.answer(id, &posted, by, &self.1).await
    }

    /// Signs in to the repositories that ask for it. Whether they accept it is seen when they are added.
    ///
    /// # Errors
    /// It doesn't wait for that, one is missing, or the journal can't be written.
    pub async fn sign_in(
        &self,
        id: TransactionId,
        credentials: Vec<Credentials>,
        by: &str,
    ) -> Result<Transaction, SetupError> {
        self.0.sign_in(id, credentials, by).await
    }

    /// Goes on at the step that failed, was cancelled or interrupted.
    ///
    /// # Errors
    /// It isn't in a state for that, a module of it is busy elsewhere, or the journal can't be written.
    pub async fn retry(&self, id: TransactionId, by: &str) -> Result<Transaction, SetupError> {
        self.0.retry(id, by).await
    }

    /// Ends what is under way; what was done stays done. Also calls a restart of the machine off.
    ///
    /// # Errors
    /// There is nothing to end, or the journal can't be written.
    pub async fn cancel(&self, id: TransactionId, by: &str) -> Result<Transaction, SetupError> {
        let (engine, by) = (Arc::clone(&self.0), by.to_owned());
        let change = async move { engine.cancel(id, &by).await };
        self.0.to_the_end(change).await
    }

    /// Starts the machine again after a delay, for a transaction that needs it and is done with all else.
    ///
    /// # Errors
    /// It isn't in a state for that, another transaction changes the machine, or the journal can't be written.
    pub async fn reboot(&self, id: TransactionId, by: &str) -> Result<Transaction, SetupError> {
        let (engine, by) = (Arc::clone(&self.0), by.to_owned());
        let change = async move { engine.reboot(id, &by).await };
        self.0.to_the_end(change).await
    }

    /// Lines after the one of this number, `limit` at most.
    ///
    /// # Errors
    /// There is no such transaction, or the journal can't be read.
    pub async fn log(
        &self,
        id: TransactionId,
        after: u64,
        limit: usize,
    ) -> Result<LogPart, SetupError> {
        self.0.log(id, after, limit).await
    }

    /// The runs of one module, the latest first.
    ///
    /// # Errors
    /// There never was such a module, or the journal can't be read.
    pub async fn history(&self, module: &str) -> Result<Vec<PastRun>, SetupError> {
        self.0.history(module).await
    }

    /// What a transaction's scripts did to files, and whether that can be undone.
    ///
    /// # Errors
    /// There is no such transaction, or the journal can't be read.
    pub async fn file_changes(&self, id: TransactionId) -> Result<FileChanges, SetupError> {
        self.0.file_changes(id).await
    }

    /// The difference of one of these files, as text.
    ///
    /// # Errors
    /// There is no such change, or the journal can't be read.
    pub async fn file_diff(&self, id: TransactionId, number: u64) -> Result<FileDiff, SetupError> {
        self.0.file_diff(id, number).await
    }

    /// Puts the files back as they were before a transaction's scripts ran. Goes on to its end if nobody waits for it.
    ///
    /// # Errors
    /// It can't be undone, files have changed since, or the journal can't be written.
    pub async fn undo(
        &self,
        id: TransactionId,
        overwrite: Overwrite,
        by: &str,
    ) -> Result<Undone, SetupError> {
        let (engine, by) = (Arc::clone(&self.0), by.to_owned());
        let undo = async move { engine.undo(id, overwrite, &by).await };
        self.0.to_the_end(undo).await
    }

    /// Bytes on disk of files as they were before scripts changed them. Blocks.
    #[must_use]
    pub fn files_on_disk(&self) -> u64 {
        self.0.settings.files.size_on_disk()
    }

    /// A number that grows when a transaction changes or its log does, once that is in the journal.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Why nothing can be changed, for people; `None` if it can.
    #[must_use]
    pub fn read_only(&self) -> Option<Message> {
        self.0.require_root().err().map(|error| error.message())
    }

    /// Ends what is under way, as a stop of the daemon does: it is interrupted.
    pub async fn shut_down(&self) {
        self.0.shut_down().await;
    }
}

impl Engine {
    fn require_root(&self) -> Result<(), SetupError> {
        match self.settings.is_root {
            true => Ok(()),
            false => Err(SetupError::NotRoot),
        }
    }

    /// Does a change whole, even if whoever asked for it goes away meanwhile: what is in the journal and what is known here must
    /// not part.
    async fn to_the_end<T: Send + 'static>(
        &self,
        change: impl Future<Output = Result<T, SetupError>> + Send + 'static,
    ) -> Result<T, SetupError> {
        match self.tasks.spawn(change).await {
            Ok(changed) => changed,
            Err(error) => Err(SetupError::Broken(error)),
        }
    }

    fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.borrow())
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }
}
