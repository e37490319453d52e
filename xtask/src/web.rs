//! The web client: its packages and its build, each only when out of date.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::checkout::Checkout;
use crate::process;
use crate::stamp::{Inputs, Stamped};

/// Folders in `web/` that the build doesn't read: what is fetched and what is made.
const NOT_SOURCES: [&str; 5] = [
    "node_modules",
    "dist",
    ".svelte-kit",
    "test-results",
    "playwright-report",
];

/// Fetches the packages that the lock file names, unless they are there.
pub(crate) fn packages(checkout: &Checkout) -> Result<()> {
    let web = checkout.web();
    let mut inputs = Inputs::new();
    inputs.file(&web.join("package-lock.json"))?;
    let packages = Stamped {
        folder: web.clone(),
        result: web.join("node_modules"),
        stamp: web.join("node_modules/.contara-stamp"),
    };
    packages.unless_current(&inputs, || {
        process::build(npm(checkout).args(["ci", "--no-audit", "--no-fund"]))
    })
}

/// Builds `web/dist`, which is compiled into the daemon, unless it is made of the sources as they are now.
pub(crate) fn build(checkout: &Checkout) -> Result<()> {
    packages(checkout)?;
    let web = checkout.web();
    let mut inputs = Inputs::new();
    inputs.folder(&web, &|path| is_no_source(&web, path))?;
    let dist = Stamped {
        folder: web.clone(),
        // Not index.html: where nothing was built, the server's build script puts a page that says so.
        result: web.join("dist/assets"),
        // Not in dist/, where everything is served.
        stamp: web.join("node_modules/.contara-build"),
    };
    dist.unless_current(&inputs, || {
        process::build(npm(checkout).args(["run", "build"]))
    })
}

/// npm in `web/`.
pub(crate) fn npm(checkout: &Checkout) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(checkout.web());
    command
}

fn is_no_source(web: &Path, path: &Path) -> bool {
    NOT_SOURCES.iter().any(|name| path == web.join(name))
}
