//! Why something can't be done.

use std::collections::BTreeMap;

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
