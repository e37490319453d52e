//! Stream v1: MessagePack maps over a WebSocket, a whole tree per update.
//!
//! Source of the facts: clients that exist already, measured. Fields beyond theirs (`life`, `problem`, `running` …) are ignored by them and
//! used by our own web client; `docs/protocol/http.md` lists them.

pub mod setup;

use contara_ui_tree::Tree;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use setup::{SetupLine, SetupTransaction};

/// A module as a client sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snapshot {
    /// The unique name.
    pub name: String,
    /// The name that people read.
    pub display_name: String,
    /// What the user wants.
    pub enabled: bool,
    /// Whether `initialize()` has run in the worker that lives now.
    pub initialized: bool,
    /// The UI; `None` for a module that isn't enabled or hasn't drawn yet.
    pub ui: Option<Ui>,
    /// Where it is in its life.
    pub life: Life,
    /// What went wrong, if something did.
    pub problem: Option<Problem>,
    /// How far the installation of its Python packages is, while `life` is `preparing`.
    pub preparing: Option<Preparing>,
    /// The actions that have been running for more than a moment.
    pub running: Vec<Running>,
    /// Whether it has a tile of its own; if not, `ui.tile` is a small one made by the host.
    pub dashboard: bool,
    /// Whether it has a detail page.
    pub has_page: bool,
    /// Whether its UI comes by itself; if not, it is rendered when somebody asks.
    pub live: bool,
    /// Another number once its settings may be others.
    pub settings: u64,
}

/// How far the installation of a module's Python packages is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preparing {
    /// What is being done, in a few words.
    pub text: String,
    /// So many packages are installed.
    pub done: Option<u64>,
    /// Of so many.
    pub total: Option<u64>,
}

/// An action that is running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Running {
    /// Names it when it is to be cancelled; used once per run of the daemon.
    pub call: u64,
    /// The action's name.
    pub action: String,
    /// The parameters that were bound to it; not what was typed into a form.
    #[schema(value_type = Object)]
    pub params: Tree,
    /// How far it is, if it says so.
    pub progress: Option<Progress>,
}

/// How far an action is, in units that it chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// So much is done.
    #[schema(value_type = Option<f64>)]
    pub done: Option<Tree>,
    /// Of so much.
    #[schema(value_type = Option<f64>)]
    pub total: Option<Tree>,
    /// What is being done.
    pub text: Option<String>,
}

/// A module's UI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ui {
    /// The tile, if it has one.
    #[schema(value_type = Option<Object>)]
    pub tile: Option<Tree>,
    /// The list of its modals.
    #[schema(value_type = Vec<Object>)]
    pub modals: Tree,
    /// The detail page; only for a session that watches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub page: Option<Tree>,
}

/// Where a module is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    /// Not enabled.
    Stopped,
    /// On its way to running.
    Starting,
    /// Live.
    Running,
    /// On its way to stopped.
    Stopping,
    /// Its worker failed and is started again soon.
    Backoff,
    /// It failed too often; a person has to act.
    Failed,
    /// Its Python packages are being installed.
    Preparing,
    /// It can't run before something outside it changes.
    Blocked,
}

/// What sort of thing went wrong with a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Its code raised while it was imported.
    Import,
    /// It defines no class derived from `Module`.
    NoModuleClass,
    /// It can't be loaded for another reason.
    Load,
    /// `initialize()` raised.
    Initialize,
    /// `start_monitoring()` raised.
    Start,
    /// `stop_monitoring()` raised.
    Stop,
    /// `get_tile()`, `get_modals()` or `get_page()` raised, or gave what can't be drawn.
    Tile,
    /// A background task of a module that runs ended with an exception.
    Task,
    /// A thread of a module that runs ended with an exception.
    Thread,
    /// Its process ended.
    Exit,
    /// What its process says can't be understood.
    Link,
    /// It doesn't answer in time.
    Timeout,
    /// Python can't be started.
    Python,
    /// Its Python packages can't be installed.
    Packages,
    /// It is made for other platforms than this one.
    Platform,
    /// It is made for another version of Contara.
    Engine,
    /// It used more than it may.
    Limit,
}

/// What went wrong with a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What sort of thing.
    pub kind: ProblemKind,
    /// What, in a few words.
    pub title: String,
    /// Why, in one sentence.
    pub detail: String,
    /// The module's frames, the last lines that it wrote, or what the installer of its packages said.
    pub traceback: Option<String>,
    /// Milliseconds from when this was sent until it is tried again by itself.
    pub retry_in_ms: Option<u64>,
}

/// Server → client.
#[allow(
    clippy::large_enum_variant,
    reason = "a frame lives for as long as it takes to encode it"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Everything: right after the connection, and when the set of modules has changed.
    FullState {
        /// In the order to draw them.
        modules: Vec<Snapshot>,
        /// Always nil.
        active_modal: Option<String>,
        /// Local time, ISO 8601 with microseconds and no zone.
        timestamp: String,
    },
    /// One module has changed.
    ModuleUi {
        /// Its name.
        module: String,
        /// See [`Snapshot::display_name`].
        display_name: String,
        /// See [`Snapshot::enabled`].
        enabled: bool,
        /// See [`Snapshot::initialized`].
        initialized: bool,
        /// See [`Snapshot::ui`].
        ui: Option<Ui>,
        /// See [`Snapshot::life`].
        life: Life,
        /// See [`Snapshot::problem`].
        problem: Option<Problem>,
        /// See [`Snapshot::preparing`].
        preparing: Option<Preparing>,
        /// See [`Snapshot::running`].
        running: Vec<Running>,
        /// See [`Snapshot::dashboard`].
        dashboard: bool,
        /// See [`Snapshot::has_page`].
        has_page: bool,
        /// See [`Snapshot::live`].
        live: bool,
        /// See [`Snapshot::settings`].
        settings: u64,
        /// As in `full_state`.
        timestamp: String,
    },
    /// A setup transaction has changed; only for a session that watches setup.
    Setup {
        /// As it stands.
        transaction: SetupTransaction,
    },
    /// Lines of the log of the setup transaction that this session watches.
    SetupLines {
        /// Its number.
        transaction: u64,
        /// In order.
        lines: Vec<SetupLine>,
        /// What to ask for next: the number of the last line that is finished.
        next: u64,
        /// Whether more follows at once.
        more: bool,
    },
    /// The answer to a ping.
    Pong {
        /// As in `full_state`.
        timestamp: String,
    },
}

impl ServerFrame {
    /// One module's change.
    #[must_use]
    pub fn module_ui(module: Snapshot, timestamp: String) -> Self {
        Self::ModuleUi {
            module: module.name,
            display_name: module.display_name,
            enabled: module.enabled,
            initialized: module.initialized,
            ui: module.ui,
            life: module.life,
            problem: module.problem,
            preparing: module.preparing,
            running: module.running,
            dashboard: module.dashboard,
            has_page: module.has_page,
            live: module.live,
            settings: module.settings,
            timestamp,
        }
    }

    /// The frame's bytes: one MessagePack map.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        rmp_serde::to_vec_named(self).unwrap_or_else(|error| {
            unreachable!("text, whole numbers and checked trees always encode: {error}")
        })
    }
}

/// Client → server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// Asks for a pong.
    Ping,
    /// From now on this session wants this module's detail page in its frames, or nobody's.
    Watch {
        /// The module's name.
        #[serde(default)]
        page: Option<String>,
    },
    /// From now on this session wants to know how setup transactions stand, and the lines of one of them.
    WatchSetup {
        /// The one whose lines are wanted.
        #[serde(default)]
        transaction: Option<u64>,
        /// The number of the last line that the client has.
        #[serde(default)]
        after: u64,
        /// From now on it wants nothing of setup.
        #[serde(default)]
        stop: bool,
    },
    /// Anything that v1 does not have; ignored.
    #[serde(other)]
    Unknown,
}

impl ClientFrame {
    /// Reads a client's frame.
    ///
    /// # Errors
    /// The bytes aren't a MessagePack map with a `type`; v1 ends the connection then.
    pub fn decode(bytes: &[u8]) -> Result<Self, rmp_serde::decode::Error> {
        rmp_serde::from_slice(bytes)
    }
}
