//! What is asked of the machine, the database and setup at each request.

use std::path::PathBuf;

use contara_setup::engine::{SetupError, Standing};
use contara_store::{Store, StoreError};
use contara_system::machine::{self, Disk};
use tokio::task::spawn_blocking;

use super::look::Look;
use crate::app::App;

/// The questions.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    machine: Look<Option<Machine>>,
    store: Look<Result<(), StoreError>>,
    setup: Look<Result<Standing, SetupError>>,
}

/// The answers; each is `None` if there is none in time.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) machine: Option<Machine>,
    /// Whether it can be read.
    pub(crate) store: Option<Result<(), StoreError>>,
    pub(crate) setup: Option<Result<Standing, SetupError>>,
}

/// What the system says; each is `None` if it doesn't.
#[derive(Debug)]
pub(crate) struct Machine {
    /// That of the data folder.
    pub(crate) disk: Option<Disk>,
    /// Bytes that the daemon has in memory.
    pub(crate) memory: Option<u64>,
    /// What the operating system calls itself.
    pub(crate) name: Option<String>,
}

impl Looks {
    /// Asks all at once.
    pub(crate) async fn look(&self, app: &App) -> Seen {
        let folder = app.settings.folders.data.clone();
        let store = app.store.clone();
        let setup = app.setup.clone();
        let (machine, store, setup) = tokio::join!(
            self.machine.answer(Machine::look(folder)),
            self.store
                .answer(async move { store.run(Store::is_readable).await }),
            self.setup.answer(async move { setup.standing().await }),
        );
        Seen {
            machine: machine.flatten(),
            store,
            setup,
        }
    }
}

impl Machine {
    async fn look(folder: PathBuf) -> Option<Self> {
        let look = spawn_blocking(move || Self {
            disk: machine::disk(&folder),
            memory: machine::own_memory(),
            name: machine::system_name(),
        });
        look.await.ok()
    }
}
