//! Where things lie in this checkout. Paths only; nothing is created here.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;

/// The checkout that this xtask belongs to.
pub(crate) struct Checkout {
    root: PathBuf,
}

impl Checkout {
    /// Asks the environment of `cargo run`, not the compiler: with a shared target folder the program may have been
    /// compiled for another checkout.
    pub(crate) fn find() -> Result<Self> {
        let manifest_dir =
            env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
        let root = Path::new(&manifest_dir)
            .parent()
            .context("xtask has no parent folder")?
            .to_owned();
        Ok(Self { root })
    }

    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path relative to the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The web client's sources.
    pub(crate) fn web(&self) -> PathBuf {
        self.path("web")
    }

    /// The Python SDK's sources.
    pub(crate) fn python(&self) -> PathBuf {
        self.path("python")
    }

    /// Cargo's target folder. Only Cargo knows it: an environment variable or a configuration file may have moved it.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        let mut command = process::cargo(self);
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata: serde_json::Value = serde_json::from_str(&process::output(&mut command)?)
            .context("couldn't read `cargo metadata`")?;
        let target = metadata["target_directory"]
            .as_str()
            .context("`cargo metadata` names no target folder")?;
        Ok(PathBuf::from(target))
    }
}
