//! What happens to a transaction, and what follows from it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Failure, StepKind};

/// Why something is ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A person said so.
    Cancelled,
    /// The daemon ends.
    Interrupted,
}

/// Whether somebody has to answer before scripts can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    Something,
    Nothing,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// It is this one's turn to change the machine.
    Turn,
    /// The step that is under way is through.
    StepDone,
    /// What scripts need is known, but for answers; and which modules have one.
    Prepared {
        asks: Asks,
        scripts: BTreeSet<String>,
    },
    /// Login and password of repositories are known.
    SignedIn,
    /// Those of a repository have to be asked for.
    NotSignedIn,
    /// All questions are answered; and which modules have a script.
    Answered { scripts: BTreeSet<String> },
    /// The script that is under way has succeeded.
    ScriptDone { exit: String },
    /// What is under way has failed, or couldn't even begin.
    Failed(Failure),
    /// Packages aren't signed as their repository says, and it was taken out again.
    Unsigned(Failure),
    /// What was under way has been ended, as asked.
    Stopped,
    /// A person ends it.
    Cancel,
    /// The daemon ends.
    Interrupt,
    /// The daemon has ended, and begins again.
    Found,
    /// A person wants it to go on.
    Retry(Asks),
    /// A person wants the machine to be started again, at this time.
    Reboot(Timestamp),
    /// That time has come.
    Due,
    /// The system refused to start again.
    RebootRefused,
    /// The machine has been started again.
    Rebooted,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Give it a turn after those that are queued already.
    Queue,
    /// Do this, and say how it went.
    Work(Work),
    /// End what is being done.
    Stop,
    /// These modules are configured.
    Configured(Vec<String>),
    /// Say when this time has come.
    CountDown(Timestamp),
    /// Say nothing of the kind.
    CallOff,
    /// Start the machine again.
    OrderReboot,
}

/// Something that takes its time, and changes the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Work {
    /// All of a step before the last two.
    Step(StepKind),
    /// Find out what scripts need.
    Prepare,
    /// Run the script of this module.
    Script(String),
}
