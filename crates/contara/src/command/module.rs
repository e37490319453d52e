//! `contara module …`: what authors and administrators do with modules. One file per command; here is what they share.

mod action;
mod check;
mod dev;
mod known_fields;
mod list;
mod log_line;
mod logs;
mod new;
mod preparing;
mod switch;

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use contara_i18n::{Message, message};
use contara_manifest::{Colour, closest};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::DataDir;
use crate::admin_client::{AdminClient, Refused, Wait};
use crate::locale_language;

const NEW_EXAMPLE: &str = "\
Example:
  contara module new disk_health --in ~/modules --author \"Ada\"
  contara module dev ~/modules/disk_health";

const CHECK_STATUS: &str = "\
The manifest is read first; without errors in it, the module's code is imported and its tile drawn in a process of its own.
Exit status: 0 if the module can be used, 1 if not.";

const ENABLE_STATUS: &str = "\
Python packages that the module needs are installed first, with progress on standard error; that
goes on if this command is ended. `contara module list` shows what it lacks besides.
Exit status: 0 once it runs, 1 if it doesn't.";

const DEV_RULES: &str = "\
The daemon has to be running (`contara serve`). The module is enabled meanwhile, wins over an installed one of its name, and
keeps its state from one save to the next. Errors are shown here and on its tile. Ctrl-C ends it, and an installed module of
its name returns as it was.";

const ACTION_EXAMPLE: &str = "\
Example:
  contara module action counter change_step step=5
  contara module action photos tag name=cat tags=pet tags=home
Exit status: 0 if it ran, 1 if it was refused, failed, or said so.";

#[derive(Debug, Subcommand)]
pub(crate) enum Module {
    /// Make the folder of a new module, with tests
    #[command(after_help = NEW_EXAMPLE)]
    New(new::New),
    /// Say everything that is wrong with or doubtful about a module
    #[command(after_help = CHECK_STATUS)]
    Check(check::Check),
    /// Run a folder as a module on the daemon, and reload it at every save
    #[command(after_help = DEV_RULES)]
    Dev(dev::Dev),
    /// Show which modules the daemon has, and how they are
    List(list::List),
    /// Switch a module on, or try again after it failed; waits for its packages
    #[command(after_help = ENABLE_STATUS)]
    Enable(switch::Enable),
    /// Switch a module off
    Disable(switch::Disable),
    /// Run one of a module's actions
    #[command(after_help = ACTION_EXAMPLE)]
    Action(action::Action),
    /// Show what a module logged and printed
    Logs(logs::Logs),
}

impl Module {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Self::New(command) => command.run(),
            Self::Check(command) => command.run(),
            Self::Dev(command) => command.run(),
            Self::List(command) => command.run(),
            Self::Enable(command) => command.run(),
            Self::Disable(command) => command.run(),
            Self::Action(command) => command.run(),
            Self::Logs(command) => command.run(),
        }
    }
}

/// A module of the daemon.
#[derive(Debug, Args)]
struct Named {
    /// The module's name, as `contara module list` shows it
    name: String,
    #[command(flatten)]
    data_dir: DataDir,
}

impl Named {
    /// The module's place in the API, such as `/api/modules/steam/enable`.
    fn path(&self, rest: &str) -> String {
        format!("/api/modules/{}{rest}", segment(&self.name))
    }

    /// Says which modules there are when there is none of this name.
    async fn explain(&self, daemon: &AdminClient, error: anyhow::Error) -> anyhow::Error {
        let is_unknown = error
            .downcast_ref::<Refused>()
            .is_some_and(|refused| refused.status == StatusCode::NOT_FOUND);
        if !is_unknown {
            return error;
        }
        match modules(daemon).await {
            Ok(modules) => self.unknown(&modules),
            Err(error) => error,
        }
    }

    fn unknown(&self, modules: &[Value]) -> anyhow::Error {
        let names = modules.iter().filter_map(|module| module["name"].as_str());
        let hint = match closest(&self.name, names) {
            Some(close) => message!("did you mean \"{close}\"?", close = close),
            None => message!("`contara module list` shows those that there are"),
        };
        anyhow!(locale_language::say(&message!(
            "there is no module \"{module}\": {hint}",
            module = &self.name,
            hint = hint
        )))
    }
}

/// What there is to say of a path.
fn about(path: &Path, what: impl FnOnce(String) -> Message) -> String {
    locale_language::say(&what(path.display().to_string()))
}

/// Where to read on when a module itself failed.
fn failed(name: &str) -> String {
    locale_language::say(&message!(
        "{module} failed; `contara module logs {module}` shows what it said",
        module = name
    ))
}

/// All modules, as the API gives them.
async fn modules(daemon: &AdminClient) -> anyhow::Result<Vec<Value>> {
    #[derive(Deserialize)]
    struct Modules {
        modules: Vec<Value>,
    }
    let all: Modules = daemon.get("/api/modules", Wait::Short).await?;
    Ok(all.modules)
}

/// What a module, as the API gives it, is warned of.
fn warnings(module: &Value) -> impl Iterator<Item = &str> {
    let problems = module["problems"].as_array().into_iter().flatten();
    problems
        .filter(|problem| problem["severity"] == "warning")
        .filter_map(|problem| problem["message"].as_str())
}

/// A part of a path: whatever isn't plain is escaped (RFC 3986).
fn segment(text: &str) -> String {
    let mut segment = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            segment.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

/// Prints a line. Fails when nobody reads it any more, as with `| head`.
pub(super) fn say(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Whether standard output may have colours.
pub(super) fn colour() -> Colour {
    let wanted = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if wanted {
        Colour::Always
    } else {
        Colour::Never
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_path_are_escaped() {
        assert_eq!(segment("my_module-2"), "my_module-2");
        assert_eq!(segment("../é?"), "%2E%2E%2F%C3%A9%3F");
    }
}
