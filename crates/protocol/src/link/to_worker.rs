//! Host → worker.

use contara_ui_tree::Tree;
use serde::{Deserialize, Serialize};

/// Where a module comes from; decides the package name that it is imported under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModuleSource {
    /// Ships with Contara.
    Builtin,
    /// Installed by a user.
    Community,
}

/// A message to a worker. All but `hello` ask for an answer with the same `id`, which is unique on the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWorker {
    /// The first message.
    Hello {
        /// [`LINK_PROTOCOL`](super::LINK_PROTOCOL).
        protocol: u32,
        /// The host's name and version.
        host: String,
        /// Optional abilities that the host has.
        features: Vec<String>,
    },
    /// Import a module and construct it.
    Load {
        /// Of the request.
        id: u64,
        /// The module's name.
        name: String,
        /// Its folder.
        path: String,
        /// Where it comes from.
        source: ModuleSource,
        /// The name that people read.
        display_name: String,
    },
    /// Run `initialize()`; once per worker process.
    Initialize {
        /// Of the request.
        id: u64,
    },
    /// Run `start_monitoring()`; the first tree comes before the answer.
    Start {
        /// Of the request.
        id: u64,
    },
    /// Run `stop_monitoring()`.
    Stop {
        /// Of the request.
        id: u64,
    },
    /// Run an action; the tree that it caused comes before the answer.
    Action {
        /// Of the request.
        id: u64,
        /// The action's name.
        action: String,
        /// A map, or `None` for no arguments.
        params: Option<Tree>,
    },
    /// Is the worker's loop alive?
    Ping {
        /// Of the request.
        id: u64,
    },
    /// Stop the module if it runs, answer, and end with exit status 0.
    Shutdown {
        /// Of the request.
        id: u64,
    },
}

impl ToWorker {
    /// The frame's content: a MessagePack map whose first field is `type`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        rmp_serde::to_vec_named(self).unwrap_or_else(|error| {
            unreachable!("text, whole numbers and checked trees always encode: {error}")
        })
    }
}
