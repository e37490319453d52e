//! Setup as clients see it, the same on the stream and in the REST API: a transaction, and lines of its log.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A run of setup modules as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupTransaction {
    /// Its number, from 1.
    pub id: u64,
    /// Grows with each change; further lines of its log are none, nor is a step's `progress`.
    pub revision: u64,
    /// How far it is.
    pub state: SetupState,
    /// What a waiting one needs.
    pub needs: Option<SetupNeed>,
    /// The one that a queued one waits for.
    pub behind: Option<u64>,
    /// All six, in order.
    pub steps: Vec<SetupStep>,
    /// In the order in which they are configured.
    pub modules: Vec<SetupModuleRun>,
    /// Why it failed.
    pub failure: Option<SetupFailure>,
    /// Whether the machine has to be started again, and how far that is.
    pub reboot: SetupReboot,
    /// Who began it: a client's name, or `root`.
    pub by: String,
    /// When it was begun: RFC 3339, in UTC.
    pub created: String,
    /// When it reached an end.
    pub ended: Option<String>,
    /// How many lines its log has.
    pub lines: u64,
}

/// How far a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupState {
    /// Another one changes the machine.
    Queued,
    /// A step is under way.
    Running,
    /// It needs something from a person: see `needs`.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupNeed {
    /// Login and password of repositories.
    SignIn,
    /// The forms' answers.
    Answers,
}

/// One step as it stands, or as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupStep {
    /// Which.
    pub kind: SetupStepKind,
    /// How far it is.
    pub state: SetupStepState,
    /// What it does, or did, in one sentence.
    pub text: String,
    /// When it last started.
    pub started: Option<String>,
    /// When it last ended.
    pub ended: Option<String>,
    /// How far it is within itself, while it runs and that is known.
    #[serde(default)]
    pub progress: Option<SetupProgress>,
}

/// How far the package manager is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupProgress {
    /// What it does.
    pub phase: SetupPhase,
    /// To which package, if it says so.
    pub package: Option<String>,
    /// The number of that package in this phase, from 1.
    pub number: u32,
    /// How many packages this phase has, if that is known.
    pub total: Option<u32>,
    /// How much is done: of downloading, or of all that comes after it. It never gets less.
    pub percent: u8,
}

/// What a package manager does to a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupPhase {
    /// Fetches it.
    Downloading,
    /// Puts its files where they belong; it is configured after that.
    Unpacking,
    /// Puts it where it belongs, and configures it.
    Installing,
    /// Makes it usable.
    Configuring,
    /// Takes it away.
    Removing,
}

/// The steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupStepKind {
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

/// How far a step is, or a module's script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupStepState {
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

/// What a transaction does to one module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupModuleRun {
    /// Its slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Whether it is there only because another one needs it.
    pub dependency: bool,
    /// How far its script is; `disabled` without one.
    pub state: SetupStepState,
    /// How its script ended, such as "exit status 1".
    pub exit: Option<String>,
    /// Its links, once it is configured.
    pub links: Vec<SetupLink>,
}

/// A link of a module that is configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupLink {
    /// For people.
    pub name: String,
    /// An `http:` or `https:` address.
    pub href: String,
}

/// Why a transaction failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupFailure {
    /// The step.
    pub step: SetupStepKind,
    /// The module, if it was one's.
    pub module: Option<String>,
    /// What went wrong, in a sentence.
    pub message: String,
    /// The command, without its parameters' values.
    pub command: Option<String>,
    /// Such as "exit status 1".
    pub exit: Option<String>,
    /// The last lines that it printed.
    pub last_lines: Vec<String>,
}

/// How far the restart of the machine is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupReboot {
    /// Which of them.
    pub state: SetupRebootState,
    /// For `at`: when it comes, unless it is called off.
    pub at: Option<String>,
}

/// How far the restart of the machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupRebootState {
    /// None is needed.
    NotNeeded,
    /// It is needed, once all else is done.
    Needed,
    /// It was asked for.
    At,
    /// It was given to the system.
    Ordered,
}

/// A line of a transaction's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupLine {
    /// From 1, within the transaction. A line that is `open` comes again under its number when it grows.
    pub number: u64,
    /// When it came: RFC 3339, in UTC.
    pub at: String,
    /// The module whose script printed it.
    pub module: Option<String>,
    /// What it is.
    pub kind: SetupLineKind,
    /// The digit that the script began it with: 1 a warning, 2 an error, 7 and 8 for the summary.
    pub level: Option<u8>,
    /// As it was printed, without terminal sequences; secrets are masked.
    pub text: String,
    /// How it is to be shown, if that isn't `text` as it is.
    pub spans: Option<Vec<SetupSpan>>,
    /// Whether its end is still to come.
    pub open: bool,
}

/// What a line of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupLineKind {
    /// A program printed it.
    Output,
    /// A program was started.
    Command,
    /// Contara says it.
    Note,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupSpan {
    /// Plain text; a `\n` in it is a line break.
    pub text: String,
    /// Whether it is strong.
    pub bold: bool,
    /// Where it leads: an `http:` or `https:` address.
    pub href: Option<String>,
}
