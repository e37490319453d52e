//! `cargo xtask test setup`: the setup modules that ship, for real. Each is installed on a Debian root from nothing, by the daemon's own
//! tests that are ignored elsewhere (`crates/contara/tests/daemon/setup/shipped.rs`), because they change the machine that they run on.
//! `tests/debian_root` makes that machine; this decides when, and what runs there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::checkout::Checkout;
use crate::stamp::{Inputs, Stamped};
use crate::tools::{self, Missing};
use crate::{process, python};

/// Each module's tests, with the kernel that they need. The NFS server needs one that has it, whatever this machine's has; its packages
/// are installed much faster without it.
const MODULES: [(&str, &[&str]); 3] = [
    ("postgresql", &["machine:postgresql::postgresql"]),
    ("samba", &["machine:samba::samba"]),
    (
        "nfs_server",
        &[
            "machine:nfs_server::nfs_server_packages",
            "own:nfs_server::nfs_server",
        ],
    ),
];

/// Runs them all, whatever became of those before.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    if !tools::can_install() {
        process::say("skipped: only root on Debian can make a Debian machine to change");
        return Ok(());
    }
    let python = python::environment(checkout)?;
    let tests = tests(checkout)?;
    let root = root(checkout)?;
    let seen = seen(checkout, &python)?;
    let mut failed = Vec::new();
    for (module, steps) in MODULES {
        let start = Instant::now();
        let mut run = Command::new(checkout.path("tests/debian_root/run.sh"));
        run.args([&root, Path::new(&seen), &tests])
            .args(steps.iter().map(|step| full_name(step)))
            .env("CONTARA_PYTHON", &python);
        if let Err(error) = process::run(&mut run) {
            failed.push(format!("{module}: {error:#}"));
        }
        let seconds = start.elapsed().as_secs_f64();
        process::say(&format!("{module}: {seconds:.1} s"));
    }
    if !failed.is_empty() {
        bail!(failed.join("; "));
    }
    Ok(())
}

/// `machine:samba::samba` with the tests' whole path.
fn full_name(step: &str) -> String {
    step.replacen(':', ":setup::shipped::", 1)
}

/// The program with the daemon's tests, built as the step `rust` builds it.
fn tests(checkout: &Checkout) -> Result<PathBuf> {
    let build = ["test", "--workspace", "--locked", "--no-run"];
    process::build(process::cargo(checkout).args(build))?;
    let messages = process::output(process::cargo(checkout).args(build).args([
        "--quiet",
        "--message-format",
        "json",
    ]))?;
    let daemon = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find(|message| message["target"]["name"] == "daemon" && message["executable"].is_string());
    let daemon = daemon.context("Cargo names no program with the daemon's tests")?;
    Ok(PathBuf::from(
        daemon["executable"].as_str().unwrap_or_default(),
    ))
}

/// A Debian root from nothing, made once.
fn root(checkout: &Checkout) -> Result<PathBuf> {
    let folder = checkout.target()?.join("tools");
    fs::create_dir_all(&folder).with_context(|| format!("couldn't make {}", folder.display()))?;
    let script = checkout.path("tests/debian_root/make.sh");
    let root = Stamped {
        result: folder.join("debian-root"),
        stamp: folder.join("debian-root.stamp"),
        folder,
    };
    let mut inputs = Inputs::new();
    inputs.file(&script)?.file(Path::new("/etc/os-release"))?;
    root.unless_current(&inputs, || {
        if process::find("mmdebstrap").is_none() {
            tools::install_on_debian(&[Missing::Mmdebstrap])?;
        }
        process::build(Command::new(&script).arg(&root.result))
    })?;
    Ok(root.result)
}

/// The folders of this machine that tests need there: the checkout, what Cargo builds, and the Python of the environment, unless that
/// is the system's, which the root has as well.
fn seen(checkout: &Checkout, python: &Path) -> Result<String> {
    let prefix =
        process::output(Command::new(python).args(["-c", "import sys; print(sys.base_prefix)"]))?;
    let mut seen = vec![checkout.root().to_owned()];
    for more in [checkout.target()?, PathBuf::from(prefix.trim())] {
        if more != Path::new("/usr") && !seen.iter().any(|folder| more.starts_with(folder)) {
            seen.push(more);
        }
    }
    let seen: Vec<_> = seen.iter().map(|folder| folder.to_string_lossy()).collect();
    Ok(seen.join(":"))
}
