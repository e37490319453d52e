//! `cargo xtask run`: build what is missing or out of date, then become the daemon.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Error, Result};

use crate::checkout::Checkout;
use crate::{process, python, tools, web};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Arguments for `contara serve`, e.g. `-- --port 9000`.
    #[arg(last = true)]
    serve: Vec<OsString>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let checkout = Checkout::find()?;
    let python = build(&checkout)?;
    Err(become_daemon(&checkout, &python, &args.serve)?)
}

/// Builds what is missing or out of date, as it is to be used, and gives the Python interpreter for the modules.
pub(crate) fn build(checkout: &Checkout) -> Result<PathBuf> {
    tools::require(&tools::missing_for_run())?;
    web::build(checkout)?;
    let python = python::environment(checkout)?;
    // The whole workspace, although one binary is wanted: Cargo picks the features of shared crates by what is built
    // together, so another selection would compile half of them a second time.
    process::build(process::cargo(checkout).args([
        "build",
        "--release",
        "--locked",
        "--workspace",
        "--bins",
    ]))?;
    Ok(python)
}

/// Replaces this process, so that signals and the exit status are the daemon's own. Returns only when that failed.
fn become_daemon(checkout: &Checkout, python: &Path, extra: &[OsString]) -> Result<Error> {
    let contara = checkout.target()?.join("release/contara");
    let error = Command::new(&contara)
        .arg("serve")
        .arg("--data-dir")
        .arg(checkout.path(".contara"))
        .arg("--python")
        .arg(python)
        .arg("--builtin-modules")
        .arg(checkout.path("modules/builtin"))
        .arg("--builtin-modules")
        .arg(checkout.path("modules/setup"))
        .args(extra)
        .exec();
    Ok(Error::new(error).context(format!("couldn't start {}", contara.display())))
}
