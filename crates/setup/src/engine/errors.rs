//! Why something can't be done.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use contara_system::file_record::FileRecordError;
use thiserror::Error;

use crate::form::FieldErrors;
use crate::plan::{Plan, Refused};
use crate::transaction::TransactionId;

/// Why something can't be done to a transaction, or none can be begun.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SetupError {
    /// There is no plan.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The plan has changed since it was approved.
    #[error("what would be done has changed since it was shown: look at it again")]
    PlanChanged(Box<Plan>),
    /// One of its modules is part of an unfinished transaction.
    #[error(
        "{module} is part of transaction {transaction}, which {by} began and which isn't finished"
    )]
    Busy {
        /// The slug.
        module: String,
        /// The other one.
        transaction: TransactionId,
        /// Who began that.
        by: String,
    },
    /// The daemon isn't root.
    #[error(
        "Contara doesn't run as root, so it can show setup modules but not run them: start the daemon as root"
    )]
    NotRoot,
    /// There is none of this number.
    #[error("there is no transaction {0}")]
    NoTransaction(TransactionId),
    /// There is no setup module of this name.
    #[error("there is no setup module {0}")]
    NoModule(String),
    /// It isn't in a state for that.
    #[error("{0}")]
    WrongState(String),
    /// Files have been changed since the run that is to be undone.
    #[error("{} changed since: {}", files(.0.len()), list(.0))]
    ChangedSince(Vec<PathBuf>),
    /// It has no change of a file with this number.
    #[error("transaction {0} has no changed file with the number {1}")]
    NoChange(TransactionId, u64),
    /// What files were isn't there.
    #[error("what files were can't be read")]
    Files(#[from] FileRecordError),
    /// Some answers don't do: by module and field.
    #[error("some answers have to be changed")]
    Answers(BTreeMap<String, FieldErrors>),
    /// The package manager that is set can't be used.
    #[error(transparent)]
    NoManager(#[from] contara_system::package_manager::NoManager),
    /// It panicked, or the daemon's tasks were ended: a mistake of Contara's.
    #[error("the change was broken off")]
    Broken(#[source] tokio::task::JoinError),
    /// The journal can't be read or written.
    #[error("the journal can't be used")]
    Store(#[from] contara_store::StoreError),
}

/// As many as a message names.
const NAMED: usize = 5;

/// A path as it may stand in a sentence: nothing in it can steer a terminal.
pub(super) fn named(path: &Path) -> String {
    let path = path.to_string_lossy();
    path.replace(char::is_control, "\u{fffd}")
}

fn files(count: usize) -> String {
    match count {
        1 => "1 file was".into(),
        count => format!("{count} files were"),
    }
}

fn list(paths: &[PathBuf]) -> String {
    let mut names: Vec<_> = paths.iter().take(NAMED).map(|path| named(path)).collect();
    if paths.len() > NAMED {
        names.push("…".into());
    }
    names.join(", ")
}
