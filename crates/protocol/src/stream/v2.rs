//! Stream v2: each module whole once, then what changes of it. `docs/protocol/stream-v2.md` is the contract.
//!
//! Frames that go to many clients are encoded once, so `module` frames are bytes here, and a snapshot is made of them.

use std::collections::BTreeMap;

use bytes::Bytes;
use contara_ui_tree::{FieldError, Fields, Limits, Tree, TreeError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::v1;

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "contara.v2";

/// What this server can do beyond the bare protocol.
pub const FEATURES: [&str; 3] = ["pages", "progress", "setup"];

/// A module's metadata and life, without its UI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info {
    /// See [`v1::Snapshot::display_name`].
    pub display_name: String,
    /// See [`v1::Snapshot::enabled`].
    pub enabled: bool,
    /// See [`v1::Snapshot::initialized`].
    pub initialized: bool,
    /// See [`v1::Snapshot::life`].
    pub life: v1::Life,
    /// See [`v1::Snapshot::problem`].
    pub problem: Option<v1::Problem>,
    /// See [`v1::Snapshot::preparing`].
    pub preparing: Option<v1::Preparing>,
    /// See [`v1::Snapshot::running`].
    pub running: Vec<v1::Running>,
    /// See [`v1::Snapshot::dashboard`].
    pub dashboard: bool,
    /// See [`v1::Snapshot::has_page`].
    pub has_page: bool,
    /// See [`v1::Snapshot::live`].
    pub live: bool,
    /// See [`v1::Snapshot::settings`].
    pub settings: u64,
}

/// Why an action was refused, as HTTP has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionError {
    /// The HTTP status.
    pub status: u16,
    /// What a person should read.
    pub detail: String,
    /// By field of the form: what is wrong with it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, String>,
}

/// What sort of thing a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A frame had a type that this server doesn't know.
    UnknownType,
    /// A frame named a module that isn't there.
    UnknownModule,
    /// A frame named an action that isn't running.
    UnknownAction,
}

/// Server → client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame.
    Hello {
        /// Always 2.
        protocol: u32,
        /// Contara's.
        version: String,
        /// The machine's name.
        node: String,
        /// Names this connection in the log.
        session: u64,
        /// What revisions are of.
        run: String,
        /// See [`FEATURES`].
        features: Vec<String>,
    },
    /// A module's metadata, and its UI unless that stays as it is.
    Module {
        /// Its name.
        module: String,
        /// The number of its state.
        revision: u64,
        /// The metadata.
        info: Info,
        /// `Some(nil)` is a module without a UI.
        #[serde(skip_serializing_if = "Option::is_none")]
        ui: Option<Tree>,
    },
    /// A module's UI has changed.
    Patch {
        /// Its name.
        module: String,
        /// The number of its state after this.
        revision: u64,
        /// What all paths are to be prefixed with.
        #[serde(skip_serializing_if = "String::is_empty")]
        at: String,
        /// RFC 6902 operations.
        ops: Tree,
    },
    /// An action has ended: exactly one of both is there.
    Result {
        /// The client's number for it.
        id: u64,
        /// What the client should do, in order.
        #[serde(skip_serializing_if = "Option::is_none")]
        results: Option<Tree>,
        /// Why it was refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<ActionError>,
    },
    /// How far an action of this client is.
    Progress {
        /// The client's number for it.
        id: u64,
        /// So much is done.
        done: Option<Tree>,
        /// Of so much.
        total: Option<Tree>,
        /// What is being done.
        text: Option<String>,
    },
    /// Something that whoever made the client should know.
    Notice {
        /// What programs go by.
        kind: NoticeKind,
        /// What a person should read.
        text: String,
        /// Which module it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        module: Option<String>,
    },
    /// The answer to a ping.
    Pong,
}

impl ServerFrame {
    /// The frame's bytes: one MessagePack map.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        encode(self)
    }
}

fn encode(frame: &impl Serialize) -> Bytes {
    let bytes = rmp_serde::to_vec_named(frame);
    bytes
        .unwrap_or_else(|error| {
            unreachable!("text, whole numbers and checked trees always encode: {error}")
        })
        .into()
}

/// A `module` frame that says nothing but that a module is still there, at a revision that the client has.
#[must_use]
pub fn unchanged(module: &str, revision: u64) -> Bytes {
    #[derive(Serialize)]
    #[serde(tag = "type", rename = "module")]
    struct Unchanged<'a> {
        module: &'a str,
        revision: u64,
    }
    encode(&Unchanged { module, revision })
}

/// A `module` frame that says that a module is gone.
#[must_use]
pub fn removed(module: &str) -> Bytes {
    #[derive(Serialize)]
    #[serde(tag = "type", rename = "module")]
    struct Removed<'a> {
        module: &'a str,
        removed: bool,
    }
    let removed = true;
    encode(&Removed { module, removed })
}

/// A `snapshot` frame of encoded `module` frames.
#[must_use]
pub fn snapshot(run: &str, modules: &[Bytes]) -> Bytes {
    #[derive(Serialize)]
    #[serde(tag = "type", rename = "snapshot")]
    struct Head<'a> {
        run: &'a str,
        modules: [(); 0],
    }
    let head = encode(&Head { run, modules: [] });
    let size = modules.iter().map(Bytes::len).sum::<usize>();
    let mut frame = Vec::with_capacity(head.len() + size + 4);
    // The empty list is the last byte.
    frame.extend_from_slice(&head[..head.len() - 1]);
    let count = u32::try_from(modules.len()).unwrap_or(u32::MAX);
    if let Err(error) = rmp::encode::write_array_len(&mut frame, count) {
        unreachable!("memory takes all that is written: {error}");
    }
    for module in modules {
        frame.extend_from_slice(module);
    }
    frame.into()
}

/// What is wanted of setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct SetupWatch {
    /// The transaction whose lines are wanted.
    #[serde(default)]
    pub transaction: Option<u64>,
    /// The number of the last line that the client has.
    #[serde(default)]
    pub after: u64,
}

/// Client → server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    /// Begins, or begins anew.
    Resume {
        /// What the revisions are of.
        run: Option<String>,
        /// By module: the revision that the client has.
        modules: BTreeMap<String, u64>,
    },
    /// Run an action.
    Action {
        /// The client's number for it.
        id: u64,
        /// The module's name.
        module: String,
        /// The action's name.
        action: String,
        /// A map, if there is something.
        params: Option<Tree>,
    },
    /// Cancel an action.
    Cancel {
        /// The client's number for it.
        id: u64,
    },
    /// What is wanted beside the dashboard; `None` leaves it as it is, `Some(None)` wants nothing of it.
    Subscribe {
        /// The module whose detail page is wanted.
        page: Option<Option<String>>,
        /// Setup's events.
        setup: Option<Option<SetupWatch>>,
    },
    /// Asks for a pong.
    Ping,
    /// A type that this server doesn't have.
    Unknown {
        /// The type.
        kind: String,
    },
}

/// A client's frame that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FrameError {
    /// It is no MessagePack map that a tree could hold.
    #[error("the frame can't be read: {0}")]
    NoMap(#[from] TreeError),
    /// A field is missing or is something else.
    #[error(transparent)]
    Field(#[from] FieldError),
}

/// How large a client's frame may be: none has more levels than an action's parameters.
const LIMITS: Limits = Limits {
    depth: 64,
    values: 65_536,
};

impl ClientFrame {
    /// Reads a client's frame.
    ///
    /// # Errors
    /// Names the field that isn't right.
    pub fn decode(bytes: Bytes) -> Result<Self, FrameError> {
        let fields = Fields::of(bytes, LIMITS)?;
        let kind: String = required(&fields, "type", TEXT)?;
        Ok(match kind.as_str() {
            "resume" => Self::Resume {
                run: optional(&fields, "run", "a text or nil")?.flatten(),
                modules: optional(&fields, "modules", "a map of modules to revisions, or nil")?
                    .flatten()
                    .unwrap_or_default(),
            },
            "action" => Self::Action {
                id: required(&fields, "id", NUMBER)?,
                module: required(&fields, "module", TEXT)?,
                action: required(&fields, "action", TEXT)?,
                params: params(&fields)?,
            },
            "cancel" => Self::Cancel {
                id: required(&fields, "id", NUMBER)?,
            },
            "subscribe" => Self::Subscribe {
                page: optional(&fields, "page", "a module's name or nil")?,
                setup: optional(&fields, "setup", "a map of two numbers, or nil")?,
            },
            "ping" => Self::Ping,
            _ => Self::Unknown { kind },
        })
    }
}

const TEXT: &str = "a text";
const NUMBER: &str = "a whole number, not below 0";

/// A field that has to be there. Where it is something else, the error names what it has to be.
fn required<T: DeserializeOwned>(
    fields: &Fields,
    field: &'static str,
    expected: &str,
) -> Result<T, FieldError> {
    fields.get(field).map_err(|error| match error {
        FieldError::Wrong { field, .. } => wrong(field, expected),
        error => error,
    })
}

/// The same of one that may be missing.
fn optional<T: DeserializeOwned>(
    fields: &Fields,
    field: &'static str,
    expected: &str,
) -> Result<Option<T>, FieldError> {
    match required(fields, field, expected) {
        Err(FieldError::Missing(_)) => Ok(None),
        found => found.map(Some),
    }
}

fn params(fields: &Fields) -> Result<Option<Tree>, FieldError> {
    match fields.tree("params") {
        Some(params) if !params.is_map() => Err(wrong("params", "a map or nil")),
        params => Ok(params),
    }
}

fn wrong(field: &'static str, expected: &str) -> FieldError {
    FieldError::Wrong {
        field,
        reason: expected.to_owned(),
    }
}
