//! Running programs: what is run is said first, with the time since the start; what fails is named with its status.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::checkout::Checkout;

static START: OnceLock<Instant> = OnceLock::new();

/// Makes every later [`say`] count from now.
pub(crate) fn start_clock() {
    START.get_or_init(Instant::now);
}

/// Says what happens now. On stderr, because stdout belongs to the daemon (`--ready-json`) and to the test runners.
pub(crate) fn say(text: &str) {
    let seconds = START.get_or_init(Instant::now).elapsed().as_secs();
    eprintln!("[{seconds:>4} s] {text}");
}

/// Runs a program to its end; its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    say(&line);
    // No input: a program that asks something would wait for ever where nobody sits.
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("couldn't start `{line}`"))?;
    ensure!(status.success(), "`{line}` failed ({status})");
    Ok(())
}

/// Runs a step of a build: like [`run`], with all output on stderr.
pub(crate) fn build(command: &mut Command) -> Result<()> {
    run(command.stdout(std::io::stderr()))
}

/// Runs a program silently and gives what it wrote to stdout.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("couldn't start `{line}`"))?;
    ensure!(
        output.status.success(),
        "`{line}` failed ({}): {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{line}` wrote something that isn't UTF-8"))
}

/// Cargo, in the root of the checkout, as if it had been started by hand.
///
/// `cargo run` describes xtask to us in `CARGO_PKG_*` and `CARGO_MANIFEST_*`. Some build scripts ask to be run again when
/// one of these changes, so passing them on would rebuild crates that are up to date.
pub(crate) fn cargo(checkout: &Checkout) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(checkout.root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Where a program is in `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A command as one would type it.
fn line(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy();
    let mut line = name.into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_and_its_status() {
        let error = run(Command::new("/bin/sh").args(["-c", "exit 3"])).expect_err("status 3");
        assert_eq!(error.to_string(), "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn a_program_that_is_absent_is_named() {
        let error = run(&mut Command::new("no-such-program-here")).expect_err("no program");
        assert_eq!(error.to_string(), "couldn't start `no-such-program-here`");
    }

    #[test]
    fn output_carries_what_the_program_complained_about() {
        let error = output(Command::new("/bin/sh").args(["-c", "echo disk full >&2; exit 1"]))
            .expect_err("status 1");
        assert!(error.to_string().ends_with("disk full"), "{error}");
    }
}
