//! Why something can't be done.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use contara_system::file_record::FileRecordError;
use contara_system::package_manager::NoManager;
use thiserror::Error;

use crate::form::FieldErrors;
use crate::plan::{Plan, Refused};
use crate::transaction::TransactionId;
use contara_i18n::{Explained, Message, message};

/// Why something can't be done to a transaction, or none can be begun. Its text is [`Self::message`] in English.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SetupError {
    /// There is no plan.
    Refused(Refused),
    /// The plan has changed since it was approved.
    PlanChanged(Box<Plan>),
    /// One of its modules is part of an unfinished transaction.
    Busy {
        /// The slug.
        module: String,
        /// The other one.
        transaction: TransactionId,
        /// Who began that.
        by: String,
    },
    /// The daemon isn't root.
    NotRoot,
    /// There is none of this number.
    NoTransaction(TransactionId),
    /// There is no setup module of this name.
    NoModule(String),
    /// It isn't in a state for that.
    WrongState(Message),
    /// A repository's login or password can't be used.
    Login(Message),
    /// Files have been changed since the run that is to be undone.
    ChangedSince(Vec<PathBuf>),
    /// It has no change of a file with this number.
    NoChange(TransactionId, u64),
    /// What files were isn't there.
    Files(#[from] FileRecordError),
    /// Some answers don't do: by module and field.
    Answers(BTreeMap<String, FieldErrors>),
    /// The package manager that is set can't be used.
    NoManager(NoManager),
    /// It panicked, or the daemon's tasks were ended: a mistake of Contara's.
    Broken(#[source] tokio::task::JoinError),
    /// The journal can't be read or written.
    Store(#[from] contara_store::StoreError),
}

/// As many as a message names.
const NAMED: usize = 5;

/// A path as it may stand in a sentence: nothing in it can steer a terminal.
pub(super) fn named(path: &Path) -> String {
    let path = path.to_string_lossy();
    path.replace(char::is_control, "\u{fffd}")
}

impl SetupError {
    /// What a person should read.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Refused(Refused(remark)) => remark.message.clone(),
            Self::PlanChanged(_) => {
                message!("what would be done has changed since it was shown: look at it again")
            }
            Self::Busy {
                module,
                transaction,
                by,
            } => message!(
                "{module} is part of transaction {transaction}, which {person} began and which isn't finished",
                module = module,
                transaction = *transaction,
                person = by
            ),
            Self::NotRoot => message!(
                "Contara doesn't run as root, so it can show setup modules but not run them: start the daemon as root"
            ),
            Self::NoTransaction(id) => {
                message!("there is no transaction {transaction}", transaction = *id)
            }
            Self::NoModule(slug) => message!("there is no setup module {module}", module = slug),
            Self::WrongState(message) | Self::Login(message) => message.clone(),
            Self::ChangedSince(paths) => changed_since(paths),
            Self::NoChange(id, number) => message!(
                "transaction {transaction} has no changed file with the number {number}",
                transaction = *id,
                number = *number
            ),
            Self::Files(_) => message!("what files were can't be read"),
            Self::Answers(_) => message!("some answers have to be changed"),
            Self::NoManager(error) => error.message(),
            Self::Broken(_) => message!("the change was broken off"),
            Self::Store(_) => message!("the journal can't be used"),
        }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

impl From<Refused> for SetupError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<NoManager> for SetupError {
    fn from(error: NoManager) -> Self {
        Self::NoManager(error)
    }
}

fn changed_since(paths: &[PathBuf]) -> Message {
    match paths {
        [path] => message!("1 file was changed since: {path}", path = named(path)),
        paths => message!(
            "{count} files were changed since: {paths}",
            count = paths.len(),
            paths = list(paths)
        ),
    }
}

fn list(paths: &[PathBuf]) -> String {
    let mut names: Vec<_> = paths.iter().take(NAMED).map(|path| named(path)).collect();
    if paths.len() > NAMED {
        names.push("…".into());
    }
    names.join(", ")
}
