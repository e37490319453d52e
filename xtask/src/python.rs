//! Python: finding an interpreter that is new enough, and the environment `python/.venv` with the SDK and the client in it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::checkout::Checkout;
use crate::process;
use crate::stamp::{Inputs, Stamped};
use crate::tools::{self, Missing};

/// Tried in this order. `python3` comes last: on some machines it is older than others that are installed beside it.
const CANDIDATES: [&str; 4] = ["python3.13", "python3.12", "python3.11", "python3"];

/// The oldest Python that modules may count on.
const OLDEST: (u32, u32) = (3, 11);

/// Asks an interpreter what it is. Debian ships Python without ensurepip, so that `venv` is there but fails.
const PROBE: &str = "
import importlib.util, sys
print('%d.%d.%d' % sys.version_info[:3])
print(all(importlib.util.find_spec(name) for name in ('venv', 'ensurepip')))
print(sys.base_prefix)
";

/// A Python that can make environments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Interpreter {
    program: &'static str,
    version: String,
    /// Where it is installed.
    prefix: String,
}

/// What a candidate turned out to be.
#[derive(Debug, PartialEq, Eq)]
enum Candidate {
    Good(Interpreter),
    WithoutVenv,
    Unfit,
}

/// The first candidate that is new enough and can make environments.
pub(crate) fn find() -> Result<Interpreter, Missing> {
    let mut missing = Missing::Python;
    for program in CANDIDATES {
        // A name may be in PATH and yet be none, as with version managers; so ask the program itself.
        let Ok(answer) = process::output(Command::new(program).args(["-c", PROBE])) else {
            continue;
        };
        match judge(program, &answer) {
            Candidate::Good(interpreter) => return Ok(interpreter),
            Candidate::WithoutVenv => missing = Missing::PythonVenv,
            Candidate::Unfit => {}
        }
    }
    Err(missing)
}

/// Makes `python/.venv` anew unless it is complete and current, and gives its interpreter.
pub(crate) fn environment(checkout: &Checkout) -> Result<PathBuf> {
    let interpreter = find().map_err(|missing| tools::error(&[missing]))?;
    let python = interpreter_of(checkout);
    let environment = Stamped {
        folder: checkout.python(),
        result: python.clone(),
        stamp: checkout.python().join(".venv/.contara-stamp"),
    };
    environment.unless_current(&inputs(checkout, &interpreter)?, || {
        make(checkout, &interpreter)
    })?;
    Ok(python)
}

/// A program of the environment, e.g. `ruff`, started in `python/`.
pub(crate) fn tool(checkout: &Checkout, name: &str) -> Command {
    let mut command = Command::new(checkout.python().join(".venv/bin").join(name));
    command.current_dir(checkout.python());
    command
}

fn interpreter_of(checkout: &Checkout) -> PathBuf {
    checkout.python().join(".venv/bin/python")
}

/// The place counts too: an environment has absolute paths in it, so a moved checkout needs a new one.
fn inputs(checkout: &Checkout, interpreter: &Interpreter) -> Result<Inputs> {
    let python = checkout.python();
    let mut inputs = Inputs::new();
    inputs
        .file(&python.join("requirements.lock"))?
        .file(&python.join("pyproject.toml"))?
        .file(&python.join("client/pyproject.toml"))?
        .text(&interpreter.version)
        .text(&interpreter.prefix);
    Ok(inputs)
}

/// Starts from nothing: pip neither repairs a half-made environment nor removes what the lock file no longer names.
fn make(checkout: &Checkout, interpreter: &Interpreter) -> Result<()> {
    let python = checkout.python();
    remove_folder(&python.join(".venv"))?;
    process::say(&format!(
        "Python {} from {}",
        interpreter.version, interpreter.prefix
    ));
    process::build(
        Command::new(interpreter.program)
            .args(["-m", "venv", ".venv"])
            .current_dir(&python),
    )?;
    process::build(pip(checkout).args(["-r", "requirements.lock"]))?;
    process::build(pip(checkout).args(["--no-deps", "-e", ".", "-e", "./client"]))
}

fn pip(checkout: &Checkout) -> Command {
    let mut command = Command::new(interpreter_of(checkout));
    command.current_dir(checkout.python()).args([
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
    ]);
    command
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("couldn't remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Reads what [`PROBE`] printed.
fn judge(program: &'static str, answer: &str) -> Candidate {
    let mut lines = answer.lines();
    let (Some(version), Some(venv), Some(prefix)) = (lines.next(), lines.next(), lines.next())
    else {
        return Candidate::Unfit;
    };
    if tools::release(version).is_none_or(|release| release < OLDEST) {
        return Candidate::Unfit;
    }
    if venv != "True" {
        return Candidate::WithoutVenv;
    }
    Candidate::Good(Interpreter {
        program,
        version: version.to_owned(),
        prefix: prefix.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_judged_by_version_and_venv() {
        let check =
            |answer: &str, expected| assert_eq!(judge("python3", answer), expected, "{answer}");
        check(
            "3.11.2\nTrue\n/usr\n",
            Candidate::Good(Interpreter {
                program: "python3",
                version: "3.11.2".to_owned(),
                prefix: "/usr".to_owned(),
            }),
        );
        check("3.11.2\nFalse\n/usr\n", Candidate::WithoutVenv);
        check("3.9.18\nTrue\n/usr\n", Candidate::Unfit);
        check("2.7.18\nTrue\n/usr\n", Candidate::Unfit);
        check("", Candidate::Unfit);
    }
}
