//! What goes into setup and comes out of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use contara_store::Store;
use contara_system::catalog::Catalog;
use contara_system::file_record::FileRecorder;
use contara_system::spawner::Spawner;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::transaction::{LogLine, TransactionId};
use contara_i18n::Message;

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
    /// How long others that change packages are waited for, and how long package managers wait by themselves that can.
    pub package_patience: Duration,
    /// Of whoever says nothing of languages, such as `fr_FR`.
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
    /// Where it is kept what files were before scripts ran.
    pub files: FileRecorder,
}

/// What matters most of all transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// One is carried out, or is about to be.
    Busy,
    /// One needs something from a person.
    Waiting,
    /// The last one has failed. It can be tried again.
    Failed,
    /// The daemon ended during the last one. It can be tried again.
    Interrupted,
    /// The machine has to be started again, and nobody has asked for it.
    RestartNeeded,
    /// None of it.
    Idle,
}

/// All that the machine has of setup.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// In the order in which they are shown; those that are empty included.
    pub sections: Vec<(String, String)>,
    /// Those that any module has a catalogue for, as HTTP names them: `fr-FR`. English is always there.
    pub languages: Vec<String>,
    /// By section, category and name.
    pub modules: Vec<ModuleView>,
    /// `none` if packages are nobody's business here.
    pub package_manager: String,
    /// Why nothing can be changed here, if so: the daemon doesn't run as root.
    pub read_only: Option<Message>,
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
    /// Whether it can be chosen without asking for it to be configured again: it isn't configured, or belongs to `management`.
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
    pub problems: Vec<Message>,
    /// Whether it can be used at all.
    pub is_usable: bool,
    /// The unfinished transaction that it is part of, else the last one.
    pub transaction: Option<TransactionId>,
}

/// What is to be installed and configured.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The slugs of the modules. What they need comes along by itself.
    pub modules: Vec<String>,
    /// Whether those of them that are configured already are configured again; else they are left as they are, but for those of the
    /// section `management`.
    pub reconfigure: bool,
}

/// A transaction to be begun.
#[derive(Debug, Clone)]
pub struct Begin {
    /// What is to be done.
    pub choice: Choice,
    /// Of the plan that was approved; `None` approves whatever it is.
    pub digest: Option<String>,
    /// Who asks.
    pub by: String,
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
    /// What it did to files, in numbers; `None` if that isn't known.
    pub files: Option<FileCounts>,
    /// When that was taken back, and by whom.
    pub undone: Option<(Timestamp, String)>,
}

/// How many files, links and folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileCounts {
    /// That weren't there.
    pub created: u32,
    /// That were there and are.
    pub changed: u32,
    /// That aren't there any more.
    pub deleted: u32,
}
