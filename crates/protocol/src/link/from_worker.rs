//! Worker → host. Bytes come from a module's process, so each is checked and nothing in them is trusted.

use std::collections::BTreeMap;

use bytes::Bytes;
use contara_ui_tree::{FieldError, Fields, Limits, Tree, TreeError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A message from a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FromWorker {
    /// The first message, sent unasked.
    Hello {
        /// The link's version that the worker speaks.
        protocol: u32,
        /// The SDK's version.
        sdk: String,
        /// Python's version.
        python: String,
        /// Optional abilities that the worker has.
        features: Vec<String>,
    },
    /// A request went well.
    Answer {
        /// Of the request.
        id: u64,
        /// Its result; nil when there is none.
        value: Tree,
    },
    /// A request failed.
    Error {
        /// Of the request.
        id: u64,
        /// What failed.
        #[serde(flatten)]
        error: WorkerError,
    },
    /// The module's UI as it is now.
    Ui {
        /// From 1, one more with each tree.
        revision: u64,
        /// The tile, if the module has one.
        tile: Option<Tree>,
        /// The list of modals.
        modals: Tree,
        /// The detail page, if the module has one.
        page: Option<Tree>,
    },
    /// The module could not say what its UI is.
    UiFailed {
        /// One line.
        message: String,
        /// The module's frames.
        traceback: Option<String>,
    },
    /// A line for the module's log.
    Log {
        /// How grave it is.
        level: LogLevel,
        /// The Python logger's name.
        logger: String,
        /// What it says.
        message: String,
        /// Of the exception logged, if any.
        traceback: Option<String>,
    },
    /// The module's state as it was last committed.
    State {
        /// A map.
        value: Tree,
    },
    /// How far a running action is.
    Progress {
        /// Of the action's request.
        id: u64,
        /// How far.
        #[serde(flatten)]
        progress: Progress,
    },
    /// A background task or thread of the module ended with an exception that nobody took.
    Fault {
        /// Which of the two.
        origin: FaultOrigin,
        /// The task's or thread's name.
        name: String,
        /// One line.
        message: String,
        /// The module's frames.
        traceback: Option<String>,
    },
    /// A message of a newer worker; to be ignored.
    Unknown {
        /// Its type.
        kind: String,
    },
}

/// Why a request failed, in the worker's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkerError {
    /// What sort of failure.
    pub kind: ErrorKind,
    /// One line fit for a person.
    pub message: String,
    /// The module's frames.
    pub traceback: Option<String>,
    /// What is wrong with single fields of a form or of settings, by name.
    pub fields: BTreeMap<String, String>,
}

/// How far a running action is, in units that it chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// A number: so much is done.
    pub done: Option<Tree>,
    /// A number: of so much.
    pub total: Option<Tree>,
    /// What is being done.
    pub text: Option<String>,
}

/// What of a module failed behind everybody's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultOrigin {
    /// A thread.
    Thread,
    /// A task of its event loop. Also any origin that the host does not know.
    #[serde(other)]
    Task,
}

/// What sort of failure a [`WorkerError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The module's code raised while it was imported.
    Import,
    /// There is no class to construct.
    NoModuleClass,
    /// The module's own method raised.
    Exception,
    /// No action has this name.
    UnknownAction,
    /// The setup module has no such function.
    UnknownFunction,
    /// The action doesn't take these arguments.
    BadArguments,
    /// Not now: for instance an action while the module doesn't run.
    WrongState,
    /// The action took longer than it may.
    Timeout,
    /// The action was given up on request.
    Cancelled,
    /// A kind of a newer worker.
    #[serde(other)]
    Unknown,
}

/// How grave a log line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// For the author.
    Debug,
    /// Worth knowing.
    Info,
    /// Something went wrong.
    Error,
    /// Worth a look. Also any level that the host does not know.
    #[serde(other)]
    Warning,
}

/// A frame that is no message. The link is given up, since what follows can't be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BadMessage {
    /// The frame isn't a map within the limits.
    #[error("a frame from the worker is not a message: {0}")]
    NotAMap(TreeError),
    /// A field is missing or of another type.
    #[error("a `{kind}` message from the worker is malformed: {reason}")]
    Malformed {
        /// The message's type.
        kind: String,
        /// Which field, and why.
        reason: FieldError,
    },
}

impl FromWorker {
    /// Lets go of the rest of a frame of `size` bytes where a small part of it is kept: trees share the frame's memory.
    #[must_use]
    pub fn without_ballast(self, size: usize) -> Self {
        let lean = |tree: Tree| tree.without_ballast(size);
        match self {
            Self::Answer { id, value } => Self::Answer {
                id,
                value: lean(value),
            },
            Self::Ui {
                revision,
                tile,
                modals,
                page,
            } => Self::Ui {
                revision,
                tile: tile.map(lean),
                modals: lean(modals),
                page: page.map(lean),
            },
            Self::State { value } => Self::State { value: lean(value) },
            Self::Progress { id, progress } => Self::Progress {
                id,
                progress: Progress {
                    done: progress.done.map(lean),
                    total: progress.total.map(lean),
                    text: progress.text,
                },
            },
            other => other,
        }
    }

    /// Decodes a frame's content; trees stay as they came.
    ///
    /// # Errors
    /// The frame is no message.
    pub fn decode(frame: Bytes) -> Result<Self, BadMessage> {
        let fields = Fields::of(frame, Limits::default()).map_err(BadMessage::NotAMap)?;
        let kind: String = fields.get("type").map_err(|reason| BadMessage::Malformed {
            kind: "?".into(),
            reason,
        })?;
        Self::from_fields(&kind, &fields).map_err(|reason| BadMessage::Malformed { kind, reason })
    }

    fn from_fields(kind: &str, fields: &Fields) -> Result<Self, FieldError> {
        Ok(match kind {
            "hello" => Self::Hello {
                protocol: fields.get("protocol")?,
                sdk: fields.get_or_default("sdk")?,
                python: fields.get_or_default("python")?,
                features: fields.get_or_default("features")?,
            },
            "answer" => Self::Answer {
                id: fields.get("id")?,
                value: fields.tree("value").unwrap_or_else(Tree::nil),
            },
            "error" => Self::Error {
                id: fields.get("id")?,
                error: WorkerError {
                    kind: fields.get("kind")?,
                    message: fields.get("message")?,
                    traceback: fields.get_or_default("traceback")?,
                    fields: fields.get_or_default("fields")?,
                },
            },
            "ui" => Self::Ui {
                revision: fields.get("revision")?,
                tile: expect_map(fields.ui_tree("tile"), "tile")?,
                modals: modals(fields)?,
                page: expect_map(fields.ui_tree("page"), "page")?,
            },
            "ui_failed" => Self::UiFailed {
                message: fields.get("message")?,
                traceback: fields.get_or_default("traceback")?,
            },
            "log" => Self::Log {
                level: fields.get("level")?,
                logger: fields.get_or_default("logger")?,
                message: fields.get("message")?,
                traceback: fields.get_or_default("traceback")?,
            },
            "state" => Self::State {
                value: expect_map(fields.tree("value"), "value")?
                    .ok_or_else(|| wrong("value", "expected a map"))?,
            },
            "progress" => Self::Progress {
                id: fields.get("id")?,
                progress: Progress {
                    done: number(fields, "done")?,
                    total: number(fields, "total")?,
                    text: fields.get_or_default("text")?,
                },
            },
            "fault" => Self::Fault {
                origin: fields.get("origin")?,
                name: fields.get_or_default("name")?,
                message: fields.get("message")?,
                traceback: fields.get_or_default("traceback")?,
            },
            other => Self::Unknown {
                kind: other.to_owned(),
            },
        })
    }
}

/// A map or nothing; anything else would break every page that draws it.
fn expect_map(found: Option<Tree>, field: &'static str) -> Result<Option<Tree>, FieldError> {
    match found {
        Some(tree) if !tree.is_map() => Err(wrong(field, "expected a map or nil")),
        found => Ok(found),
    }
}

fn number(fields: &Fields, field: &'static str) -> Result<Option<Tree>, FieldError> {
    match fields.tree(field) {
        Some(tree) if !tree.is_number() => Err(wrong(field, "expected a number or nil")),
        found => Ok(found),
    }
}

fn modals(fields: &Fields) -> Result<Tree, FieldError> {
    match fields.ui_tree("modals") {
        Some(tree) if !tree.is_list() => Err(wrong("modals", "expected a list")),
        Some(tree) => Ok(tree),
        None => Ok(Tree::empty_list()),
    }
}

fn wrong(field: &'static str, reason: &str) -> FieldError {
    FieldError::Wrong {
        field,
        reason: reason.to_owned(),
    }
}
