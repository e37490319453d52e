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

/// What a module's manifest says that it offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Commits push the UI; else it is rendered when somebody asks.
    pub websocket: bool,
    /// It has a tile.
    pub dashboard: bool,
    /// It has a detail page.
    pub detail_page: bool,
    /// It has settings.
    pub settings: bool,
}

/// What trees may be, beyond what a frame can hold; `u64::MAX` and `u32::MAX` stand for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeLimits {
    /// Bytes of MessagePack of tile, modals and page together, as they are sent.
    pub tree_size: u64,
    /// Trees a second that no action has caused; as many `state` messages, likewise.
    pub frames_per_second: u32,
}

/// A value that may hold secrets: it goes to the worker and into no log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Private(pub Tree);

impl std::fmt::Debug for Private {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Private(…)")
    }
}

/// What a hook is told of its module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetupModule {
    /// Identity.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Its folder.
    pub path: String,
    /// Whether it is configured.
    pub configured: bool,
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
        /// What it offers.
        capabilities: Capabilities,
        /// Its stored settings, secrets included: a map, or `None` when nothing is stored.
        settings: Option<Private>,
        /// Its last stored state: a map, or `None`.
        state: Option<Tree>,
        /// Send `state` messages although the module's State doesn't persist.
        keep_state: bool,
        /// What its trees may be; `None` for what a frame can hold, at any pace.
        limits: Option<TreeLimits>,
    },
    /// Import the Python code of a setup module, once per worker process. The answer is a map: `functions`, the names of all that
    /// can be called in it.
    LoadSetup {
        /// Of the request.
        id: u64,
        /// The module's slug.
        name: String,
        /// Its folder.
        path: String,
        /// The folder of compiled catalogues, `<language>/LC_MESSAGES/<slug>.mo`.
        catalogues: String,
        /// What its texts are translated to while it is imported, such as `fr_FR`.
        language: String,
        /// Its errors are told by their type and place only: it may know passwords, and quote them.
        discreet: bool,
    },
    /// Call a function of a setup module. The answer is what it returns, as plain values.
    Call {
        /// Of the request.
        id: u64,
        /// Its name.
        function: String,
        /// A list: its positional arguments.
        arguments: Private,
        /// The module as a last argument, if the function's signature takes one more.
        module: Option<SetupModule>,
        /// What its texts are translated to meanwhile, such as `fr_FR`.
        language: String,
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
        params: Option<Private>,
        /// The named fields of the form that the action was called from: a map, or `None`.
        form: Option<Private>,
    },
    /// Is the worker's loop alive?
    Ping {
        /// Of the request.
        id: u64,
    },
    /// Give up an action; the answer says whether it was still running.
    Cancel {
        /// Of the request.
        id: u64,
        /// Of the action's request.
        action_id: u64,
    },
    /// Render now, with the page; the tree comes before the answer, if it differs from the last one.
    Render {
        /// Of the request.
        id: u64,
    },
    /// From now on trees have the detail page, or no longer.
    Watch {
        /// Of the request.
        id: u64,
        /// Whether somebody watches it.
        page: bool,
    },
    /// Are these good settings? The answer has them with defaults filled in.
    CheckSettings {
        /// Of the request.
        id: u64,
        /// A map, secrets included.
        settings: Private,
    },
    /// These are the settings from now on.
    Configure {
        /// Of the request.
        id: u64,
        /// A map, secrets included.
        settings: Private,
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
