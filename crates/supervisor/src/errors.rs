//! Why what somebody asked of a module came to nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use contara_protocol::link::{ErrorKind, WorkerError};
use thiserror::Error;

use crate::failure::{Failure, limit_met};

/// No module has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no module \"{0}\"")]
pub struct UnknownModule(pub String);

/// How far a module that was enabled is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabled {
    /// It runs.
    Running,
    /// Its Python packages are being installed, which takes its time; it runs after that.
    Preparing,
}

/// Why a module didn't get to run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EnableError {
    /// See the source.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// It failed on the way.
    #[error(transparent)]
    Failed(Failure),
    /// It can't be asked yet: its Python packages are being installed.
    #[error("its Python packages are being installed; try again when that is done")]
    Preparing,
    /// Somebody disabled it meanwhile, or the daemon ends.
    #[error("it was disabled meanwhile")]
    Disabled,
}

/// What went wrong while a module was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DisableError {
    /// See the source.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// The module is off, but not in order: `stop_monitoring()` failed.
    #[error(transparent)]
    Failed(Failure),
}

/// Why an action has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionError {
    /// See the source.
    #[error(transparent)]
    Unknown(#[from] UnknownModule),
    /// The module isn't enabled.
    #[error("the module is not enabled")]
    NotEnabled,
    /// It is enabled but starting, or waiting to be started again.
    #[error("the module is not running now; try again in a moment")]
    NotRunning,
    /// It has no such action.
    #[error("it has no such action")]
    UnknownAction,
    /// It doesn't take what was typed into the form: by field, what is wrong with it.
    #[error("{message}")]
    BadFields {
        /// All of it in one line.
        message: String,
        /// By field.
        fields: BTreeMap<String, String>,
    },
    /// It raised, took too long, or doesn't take these arguments.
    #[error("{}{}", .0.message, limit_met(Some(&.0.message)))]
    Failed(WorkerError),
    /// Somebody cancelled it.
    #[error("it was cancelled")]
    Cancelled,
    /// It took too long, and the worker didn't end it. It may still be running.
    #[error("no answer within {} s; it may still be running", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The worker ended before it answered.
    #[error("the module's worker ended before it answered")]
    WorkerEnded,
    /// It ran, but the state that it led to could not be stored.
    #[error("it ran, but what it changed could not be stored, and is lost when Contara ends")]
    NotStored,
    /// Too many actions wait already.
    #[error("the module is busy; try again in a moment")]
    Busy,
}

/// Why settings weren't taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The module can't be loaded.
    #[error(transparent)]
    Load(#[from] EnableError),
    /// The module doesn't take them: by field, what is wrong with it.
    #[error("{message}")]
    BadFields {
        /// All of it in one line.
        message: String,
        /// By field; what concerns none of them has an empty name.
        fields: BTreeMap<String, String>,
    },
    /// The module's code raised.
    #[error("{}", .0.message)]
    Failed(WorkerError),
    /// The worker ended before it answered, or was too busy to be asked.
    #[error("the module's worker ended before it answered")]
    WorkerEnded,
    /// No answer in time.
    #[error("no answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
}

impl From<WorkerError> for ActionError {
    fn from(error: WorkerError) -> Self {
        match error.kind {
            ErrorKind::UnknownAction => Self::UnknownAction,
            ErrorKind::WrongState => Self::NotRunning,
            ErrorKind::Cancelled => Self::Cancelled,
            ErrorKind::BadArguments if !error.fields.is_empty() => Self::BadFields {
                message: error.message,
                fields: error.fields,
            },
            _ => Self::Failed(error),
        }
    }
}

impl From<WorkerError> for SettingsError {
    fn from(error: WorkerError) -> Self {
        match error.kind {
            ErrorKind::BadArguments => Self::BadFields {
                fields: if error.fields.is_empty() {
                    BTreeMap::from([(String::new(), error.message.clone())])
                } else {
                    error.fields
                },
                message: error.message,
            },
            _ => Self::Failed(error),
        }
    }
}
