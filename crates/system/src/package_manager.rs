//! Package managers: which commands ask them and have them change the machine, and what their answers mean. The commands are run as
//! scripts are; when and whether is decided elsewhere.

mod apk;
mod apt;
mod detect;
mod dnf;
mod lock;
mod none;
mod pacman;
mod progress;
pub mod repositories;
mod rpm;
mod urpmi;
mod zypper;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use contara_i18n::{Explained, Message, message};
use contara_manifest::PackageFamily;
use thiserror::Error;

use crate::command_run::{Captured, CommandOrder, StartCommandError, capture};

use repositories::{Places, RepositoryFile, RepositoryOrder};

pub use apk::Apk;
pub use apt::Apt;
pub use detect::{MANAGERS, NoManager, choose};
pub use dnf::Dnf;
pub use lock::LockWait;
pub use none::NoPackages;
pub use pacman::Pacman;
pub use progress::{Phase, ProgressReport};
pub use urpmi::Urpmi;
pub use zypper::Zypper;

/// Where a package manager keeps what is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// The folder.
    pub folder: PathBuf,
    /// Files elsewhere that whoever changes packages, or fetches them and their lists, locks.
    pub locks: Vec<PathBuf>,
}

/// One kind of package manager.
pub trait PackageManager: fmt::Debug + Send + Sync {
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

    /// Whether one of them has answered: some end with a failure because nothing was done.
    fn has_answered(&self, answer: &Captured) -> bool {
        answer.end.is_success
    }

    /// What their answers, one behind the other, say.
    fn read_simulations(&self, answers: &str) -> Changes;

    /// Installs packages. It waits a while for others that change packages.
    fn install(&self, packages: &[String]) -> Option<CommandOrder>;

    /// What a line says of how far it is that an installation prints, or writes where it writes
    /// [such things](crate::command_run::Status).
    fn progress(&self, _line: &str) -> Option<ProgressReport> {
        None
    }

    /// Fetches the lists of what there is.
    fn refresh(&self) -> Option<CommandOrder>;

    /// Asks where it keeps what is installed, if that may be elsewhere than usual.
    fn database_query(&self) -> Option<CommandOrder> {
        None
    }

    /// What its answer names.
    fn read_database(&self, _answer: &str) -> Option<Database> {
        None
    }

    /// Brings to an end what an installation that was broken off has left half done; `None` if there is no such thing, or if
    /// somebody is still at it. What is installed is kept there, or in the usual place.
    fn repair(&self, database: Option<&Database>) -> Option<CommandOrder>;

    /// Who changes packages now, such as "process 4711 (apt-get)", as far as that can be seen.
    fn lock_holder(&self, database: Option<&Database>) -> Option<String>;

    /// Where repositories go; `None` if it has to be asked, or if Contara can't add any.
    fn usual_places(&self) -> Option<Places> {
        None
    }

    /// Asks where repositories go.
    fn places_query(&self) -> Option<CommandOrder> {
        None
    }

    /// What its answer says.
    fn read_places(&self, _answer: &str) -> Option<Places> {
        None
    }

    /// The files that make a repository known, but for its key.
    fn repository_files(&self, _places: &Places, _order: &RepositoryOrder) -> Vec<RepositoryFile> {
        Vec::new()
    }

    /// What goes into files that others write into as well: behind what is there.
    fn repository_additions(
        &self,
        _places: &Places,
        _order: &RepositoryOrder,
    ) -> Vec<RepositoryFile> {
        Vec::new()
    }

    /// Where the key of a repository goes.
    fn key_path(&self, places: &Places, order: &RepositoryOrder, key: &Path) -> PathBuf {
        repositories::key_path(places, order, key)
    }

    /// Asks what has to be known of a key that was just written before it can be trusted.
    fn key_query(&self, _key: &Path) -> Option<CommandOrder> {
        None
    }

    /// Has such a key trusted, if the file alone isn't enough.
    fn trust_key(&self, _key: &Path, _answer: &str) -> Vec<CommandOrder> {
        Vec::new()
    }

    /// The files with the keys of the repository whose packages aren't signed with them, if a line that it prints says so.
    fn refused_keys(&self, _line: &str) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Takes away all repositories that there are, for one that wants to be alone; `None` if they are left as they are.
    fn remove_repositories(&self) -> Option<CommandOrder> {
        None
    }

    /// Fetches the lists of one repository whose files were just written, if possible of no other. If such files aren't all that makes
    /// it known, it does the rest.
    fn refresh_repository(
        &self,
        _places: &Places,
        _order: &RepositoryOrder,
    ) -> Option<CommandOrder> {
        None
    }

    /// Whether it can keep a login for a repository where only root reads it.
    fn keeps_logins(&self) -> bool {
        true
    }

    /// Whether a login or a password can be written into such a file so that it means itself.
    fn takes_secret(&self, _secret: &str) -> bool {
        true
    }
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
    /// Who they have to be downloaded from, each as the beginning of an address; empty if that isn't known.
    pub sources: BTreeSet<String>,
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
    Start {
        /// Its name.
        manager: &'static str,
        /// Why.
        source: StartCommandError,
    },
    /// It failed.
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

impl Explained for PackageError {
    fn message(&self) -> Message {
        match self {
            Self::Start { manager, .. } => {
                message!(
                    "can't ask the package manager {manager}",
                    manager = *manager
                )
            }
            Self::Failed {
                manager,
                program,
                status,
                words,
            } => message!(
                "the package manager {manager} doesn't say which packages there are: {program} ended with {status}: {words}",
                manager = *manager,
                program = program,
                status = Message::phrase(status),
                words = words
            ),
        }
    }

    fn explained_cause(&self) -> Option<&dyn Explained> {
        match self {
            Self::Start { source, .. } => Some(source),
            Self::Failed { .. } => None,
        }
    }
}

impl fmt::Display for PackageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
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

/// Where the package manager keeps what is installed, if it says so.
pub async fn database(manager: &dyn PackageManager) -> Option<Database> {
    let query = manager.database_query()?;
    let answer = ask(manager, &query).await.ok()?;
    manager.read_database(&answer.output)
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
            if !manager.has_answered(&answer) {
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
) -> Result<Captured, PackageError> {
    let captured = capture(command, PATIENCE).await;
    captured.map_err(|source| PackageError::Start {
        manager: manager.name(),
        source,
    })
}
