//! What takes long to find out: how much of the disk is taken by what, whether the database is whole, which Python there is. Each is
//! found out beside everything else, while somebody asks, and kept for as long as befits its price: nobody waits for it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use contara_i18n::{Message, with_causes};
use contara_system::machine::size_on_disk;
use tokio::task::spawn_blocking;

use super::slot::Slot;
use crate::app::App;
use crate::clock;

/// What went wrong may go well by then.
const SOON: Duration = Duration::from_secs(60);
/// How long sizes are kept: a look at each file keeps a disk from its sleep ...
const SIZES: Duration = Duration::from_secs(10 * 60);
/// ... and as many times as long as it took, so that a slow disk has something else to do.
const REST: u32 = 20;
/// How long a check of the whole database is kept, which reads all of it.
const CHECK: Duration = Duration::from_secs(24 * 60 * 60);

/// The latest figures, and those that are being taken.
#[derive(Debug, Default)]
pub(crate) struct Measured(Mutex<Slots>);

#[derive(Debug, Default)]
struct Slots {
    python: Slot<Python>,
    fault: Slot<Fault>,
    sizes: Slot<Arc<Sizes>>,
}

/// The version of Python, or why there is none.
type Python = Result<String, Message>;
/// What SQLite says is wrong with the database, or why it can't be asked.
type Fault = Result<Option<String>, String>;

/// What was found; each is `None` until then.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) python: Option<Python>,
    pub(crate) fault: Option<Fault>,
    pub(crate) sizes: Option<Arc<Sizes>>,
}

/// In bytes on disk.
#[derive(Debug)]
pub(crate) struct Sizes {
    /// Seconds since 1970.
    pub(crate) at: i64,
    took: Duration,
    /// The database with its journal.
    pub(crate) database: u64,
    /// Python packages of all modules.
    pub(crate) environments: u64,
    /// What was downloaded for them.
    pub(crate) downloads: u64,
    /// Files as they were before setup scripts changed them.
    pub(crate) files: u64,
    /// The largest first.
    pub(crate) modules: Vec<ModuleSize>,
}

/// What one module takes.
#[derive(Debug)]
pub(crate) struct ModuleSize {
    pub(crate) module: String,
    /// What it keeps.
    pub(crate) data: u64,
    /// What it can have again.
    pub(crate) cache: u64,
}

impl Measured {
    /// The latest; of what is old, or isn't there, newer ones are taken, for who asks next.
    pub(crate) fn latest(&self, app: &Arc<App>) -> Figures {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Figures {
            python: slots.python.latest(python_kept, || {
                let environments = app.supervisor.environments().clone();
                tokio::spawn(async move {
                    let python = environments.python().await;
                    python.map_err(|error| error.message())
                })
            }),
            fault: slots.fault.latest(fault_kept, || {
                let store = app.store.clone();
                spawn_blocking(move || store.fault().map_err(|error| with_causes(&error)))
            }),
            sizes: slots.sizes.latest(sizes_kept, || {
                let app = Arc::clone(app);
                spawn_blocking(move || Arc::new(Sizes::take(&app)))
            }),
        }
    }
}

/// Another Python means another daemon.
fn python_kept(python: &Python) -> Duration {
    match python {
        Ok(_) => Duration::MAX,
        Err(_) => SOON,
    }
}

fn fault_kept(fault: &Fault) -> Duration {
    match fault {
        Ok(_) => CHECK,
        Err(_) => SOON,
    }
}

fn sizes_kept(sizes: &Arc<Sizes>) -> Duration {
    SIZES.max(sizes.took * REST)
}

impl Sizes {
    fn take(app: &App) -> Self {
        let begun = Instant::now();
        let (environments, folders) = (app.supervisor.environments(), &app.settings.folders);
        Self {
            database: app.store.size_on_disk(),
            environments: environments.size_on_disk(),
            downloads: environments.downloads_on_disk(),
            files: app.setup.files_on_disk(),
            modules: module_sizes(&folders.module_data, &folders.module_cache),
            at: clock::unix_now(),
            took: begun.elapsed(),
        }
    }
}

fn module_sizes(data: &Path, cache: &Path) -> Vec<ModuleSize> {
    let names: BTreeSet<_> = [data, cache].into_iter().flat_map(names_in).collect();
    let mut sizes: Vec<_> = names
        .into_iter()
        .map(|module| ModuleSize {
            data: size_on_disk(&data.join(&module)),
            cache: size_on_disk(&cache.join(&module)),
            module,
        })
        .collect();
    sizes.sort_by_key(|size| std::cmp::Reverse(size.data + size.cache));
    sizes
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}
