//! What all handlers share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use contara_setup::engine::Setup;
use contara_store::{Store, StoreError};
use contara_supervisor::Supervisor;
use contara_system::catalog::{Catalog, Watch};
use contara_system::limits::Limits;
use thiserror::Error;
use tokio::sync::{Mutex, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::activity::Activity;
use crate::auth::clients::Clients;
use crate::auth::pairing::{Pairing, PairingCode};
use crate::settings::Turns;
use crate::stream::{FrameCache, Publisher, Sockets};
use crate::system::{Looks, Measured};

/// What the server is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where browsers reach the daemon, without a slash at the end; for links that are shown.
    pub url: String,
    /// Origins of other sites whose pages may call the API, beside v1's own.
    pub cors_origins: Vec<String>,
    /// What this machine is called.
    pub node: String,
    /// The user that the daemon runs as.
    pub uid: u32,
    /// Where things lie.
    pub folders: Folders,
    /// What modules may use that have no limits of their own.
    pub limits: Limits,
    /// What the others may use, by name.
    pub own_limits: BTreeMap<String, Limits>,
}

/// Where things lie; to be measured, and named to people.
#[derive(Debug, Clone)]
pub struct Folders {
    /// All that the daemon keeps; those below are in it.
    pub data: PathBuf,
    /// Where each module has a folder of its name for what it keeps.
    pub module_data: PathBuf,
    /// Where each module has a folder of its name for what it can have again.
    pub module_cache: PathBuf,
    /// The folders that are watched for modules.
    pub modules: Vec<PathBuf>,
}

/// The server can't start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// See the source.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The kernel gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
}

/// What all handlers share.
#[derive(Debug)]
pub struct App {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) supervisor: Supervisor,
    pub(crate) setup: Setup,
    /// Where folders in development are named.
    pub(crate) folders: Watch,
    pub(crate) catalog: watch::Receiver<Arc<Catalog>>,
    /// What happens, for people.
    pub(crate) activity: Arc<Activity>,
    pub(crate) clients: Clients,
    pub(crate) pairing: Pairing,
    pub(crate) frames: FrameCache,
    pub(crate) publisher: Publisher,
    /// Names this start of the daemon.
    pub(crate) run: String,
    /// How many streams there have been.
    streams: AtomicU64,
    /// Those that are open.
    pub(crate) sockets: Sockets,
    /// What takes long to find out about the machine.
    pub(crate) measured: Measured,
    /// What is asked of it at once.
    pub(crate) looks: Looks,
    /// When the daemon started.
    pub(crate) started: Instant,
    pub(crate) settings_turns: Turns,
    /// Held while a wish is stored and queued, so that what is stored last is also what is done last.
    pub(crate) switching: Mutex<()>,
    /// Cookies know no ports, so each daemon of a host needs a name of its own.
    pub(crate) cookie_name: String,
    /// Ends every socket.
    pub(crate) stopping: CancellationToken,
    /// Open sockets, to be waited for at the end.
    pub(crate) sessions: TaskTracker,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// The database can't be read, or there are no random numbers.
    pub fn new(
        settings: Settings,
        store: Store,
        supervisor: Supervisor,
        setup: Setup,
        folders: Watch,
        catalog: watch::Receiver<Arc<Catalog>>,
        stopping: CancellationToken,
    ) -> Result<Arc<Self>, StartError> {
        let instance = store.setting_or_insert("instance", &random_name()?)?;
        Ok(Arc::new(Self {
            settings,
            activity: Arc::new(Activity::new(store.clone())),
            clients: Clients::load(store.clone())?,
            store,
            supervisor,
            setup,
            folders,
            catalog,
            pairing: Pairing::default(),
            frames: FrameCache::default(),
            publisher: Publisher::default(),
            run: random_name()?,
            streams: AtomicU64::new(0),
            sockets: Sockets::default(),
            measured: Measured::default(),
            looks: Looks::default(),
            started: Instant::now(),
            settings_turns: Turns::default(),
            switching: Mutex::default(),
            cookie_name: format!("contara_{instance}"),
            stopping,
            sessions: TaskTracker::new(),
        }))
    }

    /// Returns once every socket has said goodbye, which each does when the daemon stops.
    pub async fn sockets_closed(&self) {
        self.sessions.close();
        self.sessions.wait().await;
    }

    /// Writes down what happens, until the daemon stops.
    pub async fn keep_activity(&self) {
        self.activity.keep(&self.stopping).await;
    }

    /// Writes down what isn't yet, once nothing happens any more.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn activity_kept(&self) -> Result<(), StoreError> {
        self.activity.finish().await
    }

    /// The number of one more stream.
    pub(crate) fn next_session(&self) -> u64 {
        self.streams.fetch_add(1, Ordering::Relaxed)
    }

    /// Makes a pairing code that is valid from now.
    ///
    /// # Errors
    /// There are no random numbers.
    pub fn new_pairing_code(&self) -> Result<PairingCode, StartError> {
        self.pairing
            .new_code(Instant::now())
            .map_err(StartError::Random)
    }

    /// The link that carries a code in its fragment, which no browser sends to a server or a log.
    #[must_use]
    pub fn pairing_url(&self, code: &PairingCode) -> String {
        format!("{}/#pair={}", self.settings.url, code.reveal())
    }
}

/// Eight hexadecimal digits by chance.
fn random_name() -> Result<String, StartError> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(StartError::Random)?;
    Ok(format!("{:08x}", u32::from_be_bytes(bytes)))
}
