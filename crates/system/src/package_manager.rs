//! Package managers: which commands ask them and have them change the machine, and what their answers mean. The commands are run as
//! scripts are; when and whether is decided elsewhere.

mod apt;
mod detect;
mod none;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use contara_manifest::PackageFamily;
use thiserror::Error;

use crate::command_run::{CommandOrder, StartCommandError, capture};

pub use apt::Apt;
pub use detect::{NoManager, choose};
pub use none::NoPackages;

/// One kind of package manager.
pub trait PackageManager: Debug + Send + Sync {
    /// Such as `apt`; `none` if packages are nobody's business here.
    fn name(&self) -> &'static str;

    /// Whose lists of packages are for it. `None`: nobody's.
    fn family(&self) -> Option<PackageFamily>;

    /// Whether this can be a package's name, and nothing else to the manager, such as an option.
    fn is_name(&self, package: &str) -> bool;

    /// Asks which packages there are.
    fn installed_query(&self) -> Option<CommandOrder>;

    /// The names that its answer holds, those that packages provide included.
    fn read_installed(&self, answer: &str) -> BTreeSet<String>;

    /// Asks, one after the other, what installing would do. They change nothing.
    fn simulations(&self, packages: &[String]) -> Vec<CommandOrder>;

    /// What their answers, one behind the other, say.
    fn read_simulations(&self, answers: &str) -> Changes;

    /// Installs packages. It waits a while for others that change packages.
    fn install(&self, packages: &[String]) -> Option<CommandOrder>;

    /// Fetches the lists of what there is.
    fn refresh(&self) -> Option<CommandOrder>;

    /// Brings to an end what an installation that was broken off has left half done; `None` if there is no such thing, or if
    /// somebody is still at it.
    fn repair(&self) -> Option<CommandOrder>;

    /// Who changes packages now, such as "process 4711 (apt-get)", as far as that can be seen.
    fn lock_holder(&self) -> Option<String>;
}

/// What installing packages would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// That come.
    pub install: Vec<String>,
    /// That are replaced by another version.
    pub upgrade: Vec<String>,
    /// That go.
    pub remove: Vec<String>,
    /// To be downloaded, if known.
    pub download_bytes: Option<u64>,
    /// To be taken of the disk, if known; 0 if room is made. Not exact: the manager rounds.
    pub disk_bytes: Option<u64>,
    /// That the manager doesn't know.
    pub unknown: Vec<String>,
    /// Why it can't be done, in the manager's words.
    pub refusal: Option<String>,
}

/// The package manager gave no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackageError {
    /// It can't be run.
    #[error("can't ask the package manager {manager}")]
    Start {
        /// Its name.
        manager: &'static str,
        /// Why.
        source: StartCommandError,
    },
    /// It failed.
    #[error(
        "the package manager {manager} doesn't say which packages there are: {program} ended with {status}: {words}"
    )]
    Failed {
        /// Its name.
        manager: &'static str,
        /// What was run.
        program: String,
        /// Such as "exit status 2".
        status: String,
        /// The last that it printed.
        words: String,
    },
}

/// Answers come within a second or two; a disk may be slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// The names of all packages that there are, and of what they provide. Empty with a manager that has none.
pub async fn installed(manager: &dyn PackageManager) -> Result<BTreeSet<String>, PackageError> {
    let Some(query) = manager.installed_query() else {
        return Ok(BTreeSet::new());
    };
    let answer = ask(manager, &query).await?;
    if !answer.end.is_success {
        return Err(PackageError::Failed {
            manager: manager.name(),
            program: query.program.display().to_string(),
            status: answer.end.status,
            words: last_words(&answer.output),
        });
    }
    Ok(manager.read_installed(&answer.output))
}

/// The last that a program printed, in one line: an error is often told in two.
fn last_words(output: &str) -> String {
    let lines: Vec<_> = output.lines().map(str::trim).collect();
    lines[lines.len().saturating_sub(2)..].join(" ")
}

/// What installing these would do. Changes nothing. Names that can't be any are unknown.
pub async fn simulate(
    manager: &dyn PackageManager,
    packages: &[String],
) -> Result<Changes, PackageError> {
    let (names, unknown): (Vec<_>, Vec<_>) = packages
        .iter()
        .cloned()
        .partition(|package| manager.is_name(package));
    let mut changes = Changes::default();
    if !names.is_empty() {
        let mut answers = String::new();
        let mut status = None;
        for command in manager.simulations(&names) {
            let answer = ask(manager, &command).await?;
            answers.push_str(&answer.output);
            if !answer.end.is_success {
                status = Some(answer.end.status);
                break;
            }
        }
        changes = manager.read_simulations(&answers);
        if changes.unknown.is_empty() {
            changes.refusal = changes.refusal.or(status);
        }
    }
    changes.unknown.extend(unknown);
    Ok(changes)
}

async fn ask(
    manager: &dyn PackageManager,
    command: &CommandOrder,
) -> Result<crate::command_run::Captured, PackageError> {
    let captured = capture(command, PATIENCE).await;
    captured.map_err(|source| PackageError::Start {
        manager: manager.name(),
        source,
    })
}
