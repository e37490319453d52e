//! All that can be asked of setup: which modules there are, plans, transactions. Cheap to clone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use contara_store::Store;
use contara_system::catalog::Catalog;
use contara_system::spawner::Spawner;
use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::watch;

use crate::form::{FieldErrors, Form, Posted};
use crate::plan::{Plan, Refused};
use crate::transaction::{LogLine, Transaction, TransactionId};

/// What setup works with.
#[derive(Debug)]
pub struct Parts {
    /// Where the journal is kept.
    pub store: Store,
    /// Where workers for hooks come from.
    pub spawner: Spawner,
    /// Which modules there are.
    pub catalog: watch::Receiver<Arc<Catalog>>,
    /// What the administrator has set.
    pub settings: Settings,
}

/// What the administrator has set, and what is known of the daemon.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `auto`, `none`, or a package manager's name.
    pub package_manager: String,
    /// Of scripts and hooks, such as `fr_FR`.
    pub language: String,
    /// How long a hook may take.
    pub hook_limit: Duration,
    /// Whether scripts can be run: whether the daemon runs as root.
    pub is_root: bool,
    /// Where compiled catalogues of translations are kept.
    pub catalogues: PathBuf,
    /// How long a restart of the machine can be called off.
    pub reboot_delay: Duration,
    /// The command that starts the machine again, and its arguments.
    pub reboot_command: Vec<String>,
}

/// All that the machine has of setup.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// In the order in which they are shown; those that are empty included.
    pub sections: Vec<(String, String)>,
    /// By section, category and name.
    pub modules: Vec<ModuleView>,
    /// `none` if packages are nobody's business here.
    pub package_manager: String,
    /// Why nothing can be changed here, if so: the daemon doesn't run as root.
    pub read_only: Option<String>,
}

/// A setup module as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleView {
    /// Its slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Markdown, of which clients may draw as much as they like, as text.
    pub description: String,
    /// The section's slug.
    pub section: String,
    /// The category's slug and name.
    pub category: (String, String),
    /// Whether it is offered by itself.
    pub is_standalone: bool,
    /// Where more is said about it.
    pub url: Option<String>,
    /// Whether it is configured.
    pub is_configured: bool,
    /// Whether all its packages are there; `None` while that isn't known.
    pub is_installed: Option<bool>,
    /// Whether it can be configured now: it isn't, or belongs to `management`.
    pub can_configure: bool,
    /// Whether it asks something.
    pub has_form: bool,
    /// Whether it has a script; `None` while that isn't known.
    pub has_script: Option<bool>,
    /// Whether it asks for a restart.
    pub reboot: bool,
    /// Slugs.
    pub dependencies: Vec<String>,
    /// Slugs.
    pub conflicts: Vec<String>,
    /// Its links: name and address, with `@HOSTNAME@` still in it; only of one that is configured.
    pub links: Vec<(String, String)>,
    /// What is wrong with it: its manifest's problems, hooks that failed.
    pub problems: Vec<String>,
    /// Whether it can be used at all.
    pub is_usable: bool,
    /// The unfinished transaction that it is part of, else the last one.
    pub transaction: Option<TransactionId>,
}

/// A transaction to be begun.
#[derive(Debug, Clone)]
pub struct Begin {
    /// Chosen modules.
    pub modules: Vec<String>,
    /// Of the plan that was approved; `None` approves whatever it is.
    pub digest: Option<String>,
    /// Who asks.
    pub by: String,
}

/// Why something can't be done to a transaction, or none can be begun.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SetupError {
    /// There is no plan.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The plan has changed since it was approved.
    #[error("what would be done has changed since it was shown: look at it again")]
    PlanChanged(Box<Plan>),
    /// One of its modules is part of an unfinished transaction.
    #[error(
        "{module} is part of transaction {transaction}, which {by} began and which isn't finished"
    )]
    Busy {
        /// The slug.
        module: String,
        /// The other one.
        transaction: TransactionId,
        /// Who began that.
        by: String,
    },
    /// The daemon isn't root.
    #[error(
        "Contara doesn't run as root, so it can show setup modules but not run them: start the daemon as root"
    )]
    NotRoot,
    /// There is none of this number.
    #[error("there is no transaction {0}")]
    NoTransaction(TransactionId),
    /// There is no setup module of this name.
    #[error("there is no setup module {0}")]
    NoModule(String),
    /// It isn't in a state for that.
    #[error("{0}")]
    WrongState(String),
    /// Some answers don't do: by module and field.
    #[error("some answers have to be changed")]
    Answers(BTreeMap<String, FieldErrors>),
    /// The journal can't be read or written.
    #[error("the journal can't be used")]
    Store(#[from] contara_store::StoreError),
}

/// Login and password of a repository.
#[derive(Clone)]
pub struct Credentials {
    /// The module's slug and the repository's.
    pub repository: (String, String),
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Credentials({:?}, …)", self.repository)
    }
}

/// Part of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPart {
    /// In order.
    pub lines: Vec<LogLine>,
    /// What to ask for next: the number of the last line that is finished.
    pub next: u64,
    /// Whether there is more already.
    pub has_more: bool,
}

/// A run of one module that is over, or under way.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRun {
    /// The transaction.
    pub transaction: TransactionId,
    /// When its script was started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Who answered.
    pub by: String,
    /// How far it came.
    pub state: crate::transaction::StepState,
    /// Such as "exit status 0".
    pub exit: Option<String>,
    /// By field: what was answered as people read it, secrets as `set`.
    pub answers: BTreeMap<String, String>,
    /// The fields whose answers differ from those of the run before.
    pub changed: Vec<String>,
}

/// See the file's first lines.
#[derive(Debug, Clone)]
pub struct Setup;

#[allow(
    unused_variables,
    clippy::unused_async,
    clippy::needless_pass_by_value,
    reason = "to be written"
)]
impl Setup {
    /// Puts it together. Transactions that were under way when the daemon ended are interrupted from now on.
    ///
    /// # Errors
    /// The journal can't be used.
    pub async fn start(parts: Parts) -> Result<Self, SetupError> {
        unimplemented!()
    }

    /// All that there is. Hooks are asked whether modules are configured.
    pub async fn overview(&self) -> Result<Overview, SetupError> {
        unimplemented!()
    }

    /// What installing or configuring these would do.
    pub async fn plan(&self, modules: &[String]) -> Result<Plan, SetupError> {
        unimplemented!()
    }

    /// Begins a transaction; it is queued, running or waiting when this returns, and in the journal.
    pub async fn begin(&self, begin: Begin) -> Result<Transaction, SetupError> {
        unimplemented!()
    }

    /// All transactions, the latest first, `limit` at most.
    pub async fn transactions(&self, limit: usize) -> Result<Vec<Transaction>, SetupError> {
        unimplemented!()
    }

    /// One of them.
    pub async fn transaction(&self, id: TransactionId) -> Result<Transaction, SetupError> {
        unimplemented!()
    }

    /// The forms of one that waits for answers, with what was answered before.
    pub async fn forms(&self, id: TransactionId) -> Result<Vec<Form>, SetupError> {
        unimplemented!()
    }

    /// Answers the forms, all at once: by module. The scripts run when it is this one's turn.
    pub async fn answer(
        &self,
        id: TransactionId,
        posted: BTreeMap<String, Posted>,
        by: &str,
    ) -> Result<Transaction, SetupError> {
        unimplemented!()
    }

    /// Signs in to the repositories.
    pub async fn sign_in(
        &self,
        id: TransactionId,
        credentials: Vec<Credentials>,
        by: &str,
    ) -> Result<Transaction, SetupError> {
        unimplemented!()
    }

    /// Goes on at the step that failed, was cancelled or interrupted.
    pub async fn retry(&self, id: TransactionId, by: &str) -> Result<Transaction, SetupError> {
        unimplemented!()
    }

    /// Ends what is under way; what was done stays done. Also calls a restart of the machine off.
    pub async fn cancel(&self, id: TransactionId, by: &str) -> Result<Transaction, SetupError> {
        unimplemented!()
    }

    /// Starts the machine again after a delay, for a transaction that needs it and is done with all else.
    pub async fn reboot(&self, id: TransactionId, by: &str) -> Result<Transaction, SetupError> {
        unimplemented!()
    }

    /// Lines after the one of this number, `limit` at most.
    pub async fn log(
        &self,
        id: TransactionId,
        after: u64,
        limit: usize,
    ) -> Result<LogPart, SetupError> {
        unimplemented!()
    }

    /// The runs of one module, the latest first.
    pub async fn history(&self, module: &str) -> Result<Vec<PastRun>, SetupError> {
        unimplemented!()
    }

    /// A number that grows when a transaction changes or its log does, once that is in the journal.
    pub fn changes(&self) -> watch::Receiver<u64> {
        unimplemented!()
    }

    /// Ends what is under way, as a stop of the daemon does: it is interrupted.
    pub async fn shut_down(&self) {
        unimplemented!()
    }
}
