//! A run of modules from plan to end, as people see it.

mod event;
pub(crate) mod machine;
mod package_changes;

use contara_i18n::Languages;
pub use contara_system::package_manager::Phase;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use contara_i18n::Message;
pub use package_changes::PackageChanges;

/// Numbers count up from 1.
pub type TransactionId = u64;

/// The steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Modules that aren't on the machine yet.
    Download,
    /// Login and password of restricted repositories.
    SignIn,
    /// Repositories are added.
    Repositories,
    /// Packages are installed.
    Packages,
    /// Questions are answered, and scripts run.
    Configure,
    /// The machine is started again, if need be.
    End,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// There is nothing to do.
    Disabled,
    /// Still to come, or waiting for somebody.
    Todo,
    /// Under way.
    Running,
    /// Through.
    Done,
    /// It went wrong.
    Failed,
    /// A person ended it.
    Cancelled,
    /// The daemon ended while it was under way.
    Interrupted,
}

/// How far a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionState {
    /// Another one changes the machine.
    Queued,
    /// A step is under way.
    Running,
    /// It needs something from a person: see [`Transaction::needs`].
    Waiting,
    /// All is done.
    Done,
    /// A step went wrong. It can be retried.
    Failed,
    /// A person ended it. It can be retried.
    Cancelled,
    /// The daemon ended meanwhile. It can be retried.
    Interrupted,
}

/// What a waiting transaction needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Login and password of repositories.
    SignIn,
    /// The forms' answers.
    Answers,
}

/// A transaction as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// Its number.
    pub id: TransactionId,
    /// One more with each change that is shown; lines don't count, nor does a step's progress.
    pub revision: u64,
    /// How far it is.
    pub state: TransactionState,
    /// What a waiting one needs.
    pub needs: Option<Need>,
    /// The one that a queued one waits for.
    pub behind: Option<TransactionId>,
    /// All six, in order.
    pub steps: Vec<Step>,
    /// In the order in which they are configured.
    pub modules: Vec<ModuleRun>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Whether the machine has to be started again, and how far that is.
    pub reboot: Reboot,
    /// Who began it: a client's name, or `root`.
    pub by: String,
    /// In which it was begun and is carried out.
    pub languages: Languages,
    /// When.
    pub created: Timestamp,
    /// When it reached an end.
    pub ended: Option<Timestamp>,
    /// How many lines its log has.
    pub lines: u64,
}

/// One step as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// How far it is.
    pub state: StepState,
    /// What it does, or did, in one sentence.
    pub text: Message,
    /// When it last started.
    pub started: Option<Timestamp>,
    /// When it last ended.
    pub ended: Option<Timestamp>,
    /// How far it is within itself, while that is known. It isn't in the journal.
    pub progress: Option<Progress>,
}

/// How far the package manager is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What it does.
    pub phase: Phase,
    /// To which package, if it says so.
    pub package: Option<String>,
    /// The number of that package in this phase, from 1.
    pub number: u32,
    /// How many packages this phase has, if that is known.
    pub total: Option<u32>,
    /// How much is done: of downloading, or of all that comes after it. It never gets less.
    pub percent: u8,
}

/// What a transaction does to one module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleRun {
    /// Its slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Whether it is there only because another one needs it.
    pub is_dependency: bool,
    /// How far its script is: `Disabled` without one.
    pub state: StepState,
    /// How its script ended, such as "exit status 1".
    pub exit: Option<String>,
    /// Its links, once it is configured: name and address, with `@HOSTNAME@` still in it.
    pub links: Vec<(String, String)>,
}

/// Why a transaction failed, for somebody who has to do something about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The step.
    pub step: StepKind,
    /// The module, if it was one's.
    pub module: Option<String>,
    /// What went wrong, in a sentence.
    pub message: Message,
    /// The command, without its parameters' values.
    pub command: Option<String>,
    /// Such as "exit status 1".
    pub exit: Option<String>,
    /// The last lines that it printed.
    pub last_lines: Vec<String>,
    /// What would have been done to packages beyond what was approved: a retry approves exactly this.
    #[serde(default)]
    pub unapproved: Option<PackageChanges>,
}

/// How far the restart of the machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reboot {
    /// None is needed.
    NotNeeded,
    /// It is needed, once all else is done.
    Needed,
    /// It was asked for, and comes at this time unless it is called off.
    At(Timestamp),
    /// It was given to the system.
    Ordered,
}

/// A line of a transaction's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// From 1, within the transaction. An open line is given again under its number when it grows.
    pub number: u64,
    /// When it came.
    pub at: Timestamp,
    /// The module whose script printed it.
    pub module: Option<String>,
    /// What it is.
    pub kind: LineKind,
    /// The digit that the script began it with.
    pub level: Option<u8>,
    /// Secrets are masked, terminal sequences gone.
    pub text: String,
    /// What Contara says, if it is that: `text` is its English.
    pub message: Option<Message>,
    /// Whether its end is still to come.
    pub is_open: bool,
}

/// What a line of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A program printed it.
    Output,
    /// A program was started.
    Command,
    /// Contara says it.
    Note,
}
