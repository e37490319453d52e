//! Why what somebody asked of a module came to nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use contara_i18n::{Explained, Message, message};
use contara_protocol::link::{ErrorKind, WorkerError};
use thiserror::Error;

use crate::failure::{Failure, seconds, with_limit_of_words};
use crate::log_ring::cut_message;

/// No module has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
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
    Unknown(#[from] UnknownModule),
    /// It failed on the way.
    Failed(Failure),
    /// It can't be asked yet: its Python packages are being installed.
    Preparing,
    /// Somebody disabled it meanwhile, or the daemon ends.
    Disabled,
}

/// What went wrong while a module was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DisableError {
    /// See the source.
    Unknown(#[from] UnknownModule),
    /// The module is off, but not in order: `stop_monitoring()` failed.
    Failed(Failure),
}

/// Why an action has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionError {
    /// See the source.
    Unknown(#[from] UnknownModule),
    /// The module isn't enabled.
    NotEnabled,
    /// It is enabled but starting, or waiting to be started again.
    NotRunning,
    /// It has no such action.
    UnknownAction,
    /// It doesn't take what was typed into the form: by field, what is wrong with it.
    BadFields {
        /// All of it in one line.
        message: String,
        /// By field.
        fields: BTreeMap<String, String>,
    },
    /// It raised, took too long, or doesn't take these arguments.
    Failed(WorkerError),
    /// Somebody cancelled it.
    Cancelled,
    /// It took too long, and the worker didn't end it. It may still be running.
    TimedOut(Duration),
    /// The worker ended before it answered.
    WorkerEnded,
    /// It ran, but the state that it led to could not be stored.
    NotStored,
    /// Too many actions wait already.
    Busy,
}

/// Why settings weren't taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The module can't be loaded.
    Load(#[from] EnableError),
    /// The module doesn't take them: by field, what is wrong with it.
    BadFields {
        /// All of it in one line.
        message: String,
        /// By field; what concerns none of them has an empty name.
        fields: BTreeMap<String, String>,
    },
    /// The module's code raised.
    Failed(WorkerError),
    /// The worker ended before it answered, or was too busy to be asked.
    WorkerEnded,
    /// No answer in time.
    TimedOut(Duration),
}

/// Each says itself as a message, to follow a colon; in English where it is only displayed.
macro_rules! said {
    ($($error:ty),*) => {$(
        impl fmt::Display for $error {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.message().fmt(out)
            }
        }
    )*};
}

said!(
    UnknownModule,
    EnableError,
    DisableError,
    ActionError,
    SettingsError
);

impl Explained for UnknownModule {
    fn message(&self) -> Message {
        message!("there is no module \"{name}\"", name = &self.0)
    }
}

impl Explained for EnableError {
    fn message(&self) -> Message {
        match self {
            Self::Unknown(unknown) => unknown.message(),
            Self::Failed(failure) => failure.message(),
            Self::Preparing => {
                message!("its Python packages are being installed; try again when that is done")
            }
            Self::Disabled => message!("it was disabled meanwhile"),
        }
    }
}

impl Explained for DisableError {
    fn message(&self) -> Message {
        match self {
            Self::Unknown(unknown) => unknown.message(),
            Self::Failed(failure) => failure.message(),
        }
    }
}

impl Explained for ActionError {
    fn message(&self) -> Message {
        match self {
            Self::Unknown(unknown) => unknown.message(),
            Self::NotEnabled => message!("the module is not enabled"),
            Self::NotRunning => {
                message!("the module is not running now; try again in a moment")
            }
            Self::UnknownAction => message!("it has no such action"),
            Self::BadFields { message, .. } => Message::verbatim(message),
            Self::Failed(error) => with_limit_of_words(&error.message),
            Self::Cancelled => message!("it was cancelled"),
            Self::TimedOut(after) => message!(
                "no answer within {seconds} s; it may still be running",
                seconds = seconds(*after)
            ),
            Self::WorkerEnded => message!("the module's worker ended before it answered"),
            Self::NotStored => message!(
                "it ran, but what it changed could not be stored, and is lost when Contara ends"
            ),
            Self::Busy => message!("the module is busy; try again in a moment"),
        }
    }
}

impl Explained for SettingsError {
    fn message(&self) -> Message {
        match self {
            Self::Load(error) => error.message(),
            Self::BadFields { message, .. } => Message::verbatim(message),
            Self::Failed(error) => Message::verbatim(cut_message(&error.message)),
            Self::WorkerEnded => message!("the module's worker ended before it answered"),
            Self::TimedOut(after) => {
                message!("no answer within {seconds} s", seconds = seconds(*after))
            }
        }
    }
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
