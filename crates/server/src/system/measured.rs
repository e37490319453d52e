//! What takes long to find out: how much of the disk is taken by what, whether the database is whole, which Python there is. It is
//! found out beside everything else, while somebody asks, and kept for a while: nobody waits for it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use contara_i18n::Message;
use contara_store::Store;
use contara_system::machine::size_on_disk;

use super::chain;
use crate::app::App;
use crate::clock;

/// As long as they are good enough.
const KEPT: Duration = Duration::from_secs(60);

/// The latest figures, if there are any, and whether they are being taken.
#[derive(Debug, Default)]
pub(crate) struct Measured(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    latest: Option<(Instant, Arc<Figures>)>,
    is_under_way: bool,
}

/// What was found; sizes in bytes on disk.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Seconds since 1970.
    pub(crate) at: i64,
    /// The version of Python, or why there is none.
    pub(crate) python: Result<String, Message>,
    /// What SQLite says is wrong with the database, or why it can't be asked.
    pub(crate) fault: Result<Option<String>, String>,
    /// The database with its journal.
    pub(crate) database: u64,
    /// Python packages of all modules.
    pub(crate) environments: u64,
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
    /// The latest; if they are old, or there are none, newer ones are taken, for who asks next.
    pub(crate) fn latest(&self, app: &Arc<App>) -> Option<Arc<Figures>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = state
            .latest
            .as_ref()
            .is_none_or(|(at, _)| at.elapsed() >= KEPT);
        if is_old && !state.is_under_way {
            state.is_under_way = true;
            let app = Arc::clone(app);
            tokio::spawn(async move {
                let figures = take(&app).await;
                app.measured.keep(figures);
            });
        }
        state
            .latest
            .as_ref()
            .map(|(_, figures)| Arc::clone(figures))
    }

    fn keep(&self, figures: Figures) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.latest = Some((Instant::now(), Arc::new(figures)));
        state.is_under_way = false;
    }
}

async fn take(app: &App) -> Figures {
    let python = app.supervisor.environments().python().await;
    let fault = app.store.run(Store::fault).await;
    let folders = app.settings.folders.clone();
    let sizes = tokio::task::spawn_blocking(move || {
        let in_data = |name: &str| size_on_disk(&folders.data.join(name));
        let database = ["contara.db", "contara.db-wal", "contara.db-shm"];
        (
            database.into_iter().map(in_data).sum(),
            size_on_disk(&folders.environments),
            in_data("files"),
            module_sizes(&folders.module_data, &folders.module_cache),
        )
    });
    let (database, environments, files, modules) = sizes.await.unwrap_or_default();
    Figures {
        at: clock::unix_now(),
        python: python.map_err(|error| error.message()),
        fault: fault.map_err(|error| chain(&error)),
        database,
        environments,
        files,
        modules,
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
