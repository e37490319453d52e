//! The table `setup_transactions`, and a transaction as a whole: with its steps and modules it is written and read in one go.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::database::{Store, StoreError};
use crate::setup_modules::{self, SetupModuleRow};
use crate::setup_runs::{self, SetupRunRow};
use crate::setup_steps::{self, SetupStepRow};
use crate::{setup_configured, setup_options};

/// A transaction. Times are Unix time in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupTransactionRow {
    /// Never used twice.
    pub id: i64,
    /// Grows with each change.
    pub revision: i64,
    /// How far it is.
    pub state: String,
    /// What it waits for.
    pub needs: Option<String>,
    /// JSON: why it failed.
    pub failure: Option<String>,
    /// How far the restart of the machine is.
    pub reboot: String,
    /// When that comes.
    pub reboot_at: Option<i64>,
    /// Who began it.
    pub by: String,
    /// Names of languages in which it was begun, the most wanted first, with commas.
    pub languages: String,
    /// JSON: what was approved to be done to packages.
    pub approved: Option<String>,
    /// When.
    pub created: i64,
    /// When it reached an end.
    pub ended: Option<i64>,
    /// The number of its log's last line. Read only.
    pub lines: i64,
}

/// A transaction with all its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupRecord {
    /// Itself.
    pub transaction: SetupTransactionRow,
    /// In order.
    pub steps: Vec<SetupStepRow>,
    /// In order.
    pub modules: Vec<SetupModuleRow>,
}

/// What a change of a transaction brings with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetupConsequences {
    /// Runs that started or ended.
    pub runs: Vec<SetupRunRow>,
    /// Modules that are configured from now on.
    pub configured: Vec<String>,
    /// Answers to be kept for other modules: name and value.
    pub options: Vec<(String, String)>,
}

const SELECT: &str = "SELECT id, revision, state, needs, failure, reboot, reboot_at, started_by, languages, approved, created, ended,
    (SELECT coalesce(max(number), 0) FROM setup_lines WHERE transaction_id = id) FROM setup_transactions";

impl Store {
    /// Keeps a new transaction, and returns its number; the row's own `id` is of no account.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn add_setup_transaction(&self, record: &SetupRecord) -> Result<i64, StoreError> {
        self.with_all_or_nothing(|connection| {
            let mut query = connection.prepare_cached(
                "INSERT INTO setup_transactions (revision, state, reboot, started_by, created)
                 VALUES (0, '', '', '', 0) RETURNING id",
            )?;
            let id = query.query_row([], |row| row.get(0))?;
            write(connection, id, record)?;
            Ok(id)
        })
    }

    /// Keeps a transaction as it is now, and all that comes with it; `at` is Unix time in milliseconds.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn keep_setup_transaction(
        &self,
        record: &SetupRecord,
        consequences: &SetupConsequences,
        at: i64,
    ) -> Result<(), StoreError> {
        self.with_all_or_nothing(|connection| {
            write(connection, record.transaction.id, record)?;
            for run in &consequences.runs {
                setup_runs::write(connection, run)?;
            }
            for slug in &consequences.configured {
                setup_configured::set(connection, slug, at.div_euclid(1000))?;
            }
            for (name, value) in &consequences.options {
                setup_options::set(connection, name, value)?;
            }
            Ok(())
        })
    }

    /// One transaction.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_transaction(&self, id: i64) -> Result<Option<SetupRecord>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?;
            let found = query.query_row([id], row).optional()?;
            found.map(|found| with_parts(connection, found)).transpose()
        })
    }

    /// The last transactions, the latest first, `limit` at most.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_transactions(&self, limit: usize) -> Result<Vec<SetupRecord>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(|connection| {
            let select = format!("{SELECT} ORDER BY id DESC LIMIT ?1");
            let mut query = connection.prepare_cached(&select)?;
            let found: Vec<_> = query.query_map([limit], row)?.collect::<Result<_, _>>()?;
            let found = found.into_iter();
            found.map(|found| with_parts(connection, found)).collect()
        })
    }

    /// All transactions whose restart of the machine is in this state, the oldest first.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_transactions_to_restart(
        &self,
        reboot: &str,
    ) -> Result<Vec<SetupRecord>, StoreError> {
        self.records_where("reboot = ?1", reboot)
    }

    /// Whether the restart of the machine is in this state for any transaction.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn has_setup_restart(&self, reboot: &str) -> Result<bool, StoreError> {
        self.with(|connection| {
            let mut query = connection
                .prepare_cached("SELECT 1 FROM setup_transactions WHERE reboot = ?1 LIMIT 1")?;
            query.exists([reboot])
        })
    }

    /// How far the last transaction is; `None` if there is none, or it was undone.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn last_setup_state(&self) -> Result<Option<String>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT iif(undone IS NULL, state, NULL) FROM setup_transactions ORDER BY id DESC LIMIT 1",
            )?;
            let last = query.query_row([], |row| row.get(0)).optional()?;
            Ok(last.flatten())
        })
    }

    /// All transactions in this state, the oldest first.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_transactions_in(&self, state: &str) -> Result<Vec<SetupRecord>, StoreError> {
        self.records_where("state = ?1", state)
    }

    fn records_where(&self, is_meant: &str, value: &str) -> Result<Vec<SetupRecord>, StoreError> {
        self.with(|connection| {
            let select = format!("{SELECT} WHERE {is_meant} ORDER BY id");
            let mut query = connection.prepare_cached(&select)?;
            let found: Vec<_> = query.query_map([value], row)?.collect::<Result<_, _>>()?;
            let found = found.into_iter();
            found.map(|found| with_parts(connection, found)).collect()
        })
    }

    /// For each module that was part of a transaction, the last one.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn last_setup_transactions(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT slug, max(transaction_id) FROM setup_modules GROUP BY slug",
            )?;
            query
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }
}

fn write(connection: &Connection, id: i64, record: &SetupRecord) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "UPDATE setup_transactions SET revision = ?2, state = ?3, needs = ?4, failure = ?5, reboot = ?6, reboot_at = ?7,
         started_by = ?8, languages = ?9, approved = ?10, created = ?11, ended = ?12 WHERE id = ?1",
    )?;
    let row = &record.transaction;
    query.execute((
        id,
        row.revision,
        &row.state,
        &row.needs,
        &row.failure,
        &row.reboot,
        row.reboot_at,
        &row.by,
        &row.languages,
        &row.approved,
        row.created,
        row.ended,
    ))?;
    setup_steps::write(connection, id, &record.steps)?;
    setup_modules::write(connection, id, &record.modules)
}

fn with_parts(
    connection: &Connection,
    transaction: SetupTransactionRow,
) -> rusqlite::Result<SetupRecord> {
    Ok(SetupRecord {
        steps: setup_steps::read(connection, transaction.id)?,
        modules: setup_modules::read(connection, transaction.id)?,
        transaction,
    })
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupTransactionRow> {
    Ok(SetupTransactionRow {
        id: row.get(0)?,
        revision: row.get(1)?,
        state: row.get(2)?,
        needs: row.get(3)?,
        failure: row.get(4)?,
        reboot: row.get(5)?,
        reboot_at: row.get(6)?,
        by: row.get(7)?,
        languages: row.get(8)?,
        approved: row.get(9)?,
        created: row.get(10)?,
        ended: row.get(11)?,
        lines: row.get(12)?,
    })
}

#[cfg(test)]
#[path = "setup_transactions_tests.rs"]
pub(crate) mod tests;
