//! Python packages of modules: each set of requirements gets a folder of its own, made once with `uv` or `pip`, shared by
//! the modules with the same set, and put before the SDK's packages on `sys.path` of their workers.
//!
//! Owns how packages are found, installed, shared and thrown away. It never touches the interpreter's own packages, and
//! doesn't decide when a module is prepared or what becomes of one that can't be.

mod build;
mod error;
mod facts;
mod installer;
mod preparation;
mod program;
mod requirement;
mod resolution;
mod shelf;
mod status;
mod steps;
mod variables;
mod words;

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore};

use build::Workshop;
use preparation::{Reporter, channel};
use shelf::Shelf;
use variables::Variables;

pub use error::{Doing, EnvironmentError, needs_of_contara};
pub use preparation::{Preparation, PreparationEnd, Progress, Step};
pub use status::{EnvironmentStatus, Package, Readiness};

use crate::machine::size_on_disk;
use crate::worker_process::Interpreter;

/// Python packages that are ready to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packages {
    /// The folder to stand first on `sys.path`.
    pub site: PathBuf,
    /// The folder with their programs, which need not exist, to stand first on `PATH`.
    pub bin: PathBuf,
    /// Whether a package that the SDK uses comes in another version, so that the worker can't be forked from a process that has
    /// the SDK's loaded.
    pub overrides_sdk: bool,
}

/// The packages of all modules. Cheap to clone; clones know of each other's builds.
#[derive(Debug, Clone)]
pub struct Environments {
    workshop: Arc<Workshop>,
    running: Arc<Mutex<Running>>,
}

/// Builds that go on, by their requirements. Each removes itself.
type Running = HashMap<Vec<String>, Preparation>;

impl Environments {
    /// For this interpreter, kept in the folders `environments`, `uv` and `pip` of `cache`, an absolute path, which is the daemon's
    /// alone. Installers are told of proxies, certificates and their own settings by the daemon's environment. Touches nothing yet.
    #[must_use]
    pub fn new(interpreter: &Interpreter, cache: &Path) -> Self {
        Self::configured(interpreter, cache, std::env::vars_os(), build::LIMIT)
    }

    /// The same with another environment than the daemon's, and another time limit for each build.
    #[must_use]
    pub fn configured(
        interpreter: &Interpreter,
        cache: &Path,
        variables: impl Iterator<Item = (OsString, OsString)>,
        limit: Duration,
    ) -> Self {
        let shelf = Shelf::new(
            cache.join("environments"),
            interpreter.bytecode_cache.clone(),
        );
        let workshop = Workshop {
            interpreter: interpreter.clone(),
            cache: cache.to_owned(),
            variables: Variables::chosen(variables),
            shelf,
            facts: OnceCell::new(),
            limit,
            turns: Semaphore::new(build::AT_ONCE),
        };
        Self {
            workshop: Arc::new(workshop),
            running: Arc::default(),
        }
    }

    /// Sees to it that the packages for these requirements (PEP 508, none of them a link) are there. Returns at once and must be
    /// called within a Tokio runtime. The same set is built once, whoever asks, and the build goes on if all have gone.
    #[must_use]
    pub fn prepare(&self, requirements: &[String]) -> Preparation {
        let requirements = distinct(requirements);
        if requirements.is_empty() {
            return Preparation::ended(Ok(None));
        }
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(preparation) = running.get(&requirements) {
            return preparation.another();
        }
        let (reporter, preparation) = channel();
        running.insert(requirements.clone(), preparation.another());
        tokio::spawn(self.clone().build(requirements, reporter));
        preparation
    }

    /// The interpreter's version, such as `3.11`. It is asked once, which takes up to a minute on a machine under load.
    ///
    /// # Errors
    /// It can't be run, or doesn't have the SDK.
    pub async fn python(&self) -> Result<String, EnvironmentError> {
        Ok(self.workshop.facts().await?.python.clone())
    }

    fn is_preparing(&self, requirements: &[String]) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.contains_key(requirements)
    }

    async fn build(self, requirements: Vec<String>, reporter: Reporter) {
        let listed = Listed {
            running: &self.running,
            requirements: &requirements,
        };
        let end = self
            .workshop
            .clone()
            .build(requirements.clone(), &reporter)
            .await;
        // Off the list first: who asks from now on finds the folder, or tries again.
        drop(listed);
        reporter.end(end);
    }

    /// Removes what a daemon that was killed left half made. Blocks; call it once, when the daemon starts, on a thread for such
    /// work. Packages may be prepared meanwhile.
    pub fn remove_leftovers(&self) {
        self.workshop.shelf.remove_leftovers();
    }

    /// Removes what nobody has used for 30 days. Blocks likewise; call it once the modules that run have their packages: a daemon
    /// may itself have run for longer than that, and what it used since its start would be gone.
    pub fn remove_unused(&self) {
        self.workshop.shelf.remove_unused();
    }

    /// Bytes on disk of all packages. Blocks likewise.
    #[must_use]
    pub fn size_on_disk(&self) -> u64 {
        self.workshop.shelf.size_on_disk()
    }

    /// Bytes on disk of what installers have downloaded, and keep for the next time. Blocks likewise.
    #[must_use]
    pub fn downloads_on_disk(&self) -> u64 {
        let caches = installer::caches(&self.workshop.cache);
        caches.iter().map(|cache| size_on_disk(cache)).sum()
    }
}

/// The same set, however it is written.
fn distinct(requirements: &[String]) -> Vec<String> {
    let mut requirements = requirements.to_vec();
    requirements.sort();
    requirements.dedup();
    requirements
}

/// A place in the list of builds that go on, given up however the build ends.
struct Listed<'a> {
    running: &'a Mutex<Running>,
    requirements: &'a Vec<String>,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(self.requirements);
    }
}
