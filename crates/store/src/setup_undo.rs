//! Of the table `setup_transactions`: whether what a transaction did to files was taken back.

use rusqlite::Row;

use crate::database::{Store, StoreError};
use crate::setup_configured;

/// How far that is. Times are Unix time in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetupUndoRow {
    /// When it was last begun.
    pub began: Option<i64>,
    /// When it was done.
    pub undone: Option<i64>,
    /// Who did it.
    pub by: Option<String>,
}

/// Of a run that changed files: another transaction that isn't undone and has, later, changed files of the same module, or the same
/// files.
const LATER: &str = "
    SELECT r.transaction_id FROM setup_runs r JOIN setup_transactions t ON t.id = r.transaction_id
    WHERE r.transaction_id <> ?1 AND t.undone IS NULL
        AND EXISTS (SELECT 1 FROM setup_changes c WHERE c.run_id = r.id)
        AND (EXISTS (SELECT 1 FROM setup_runs ours
                WHERE ours.transaction_id = ?1 AND ours.slug = r.slug AND ours.id < r.id)
            OR EXISTS (SELECT 1 FROM setup_changes c
                JOIN setup_changes our_change ON our_change.path = c.path AND our_change.run_id < c.run_id
                JOIN setup_runs ours ON ours.id = our_change.run_id AND ours.transaction_id = ?1
                WHERE c.run_id = r.id))
    ORDER BY r.id DESC LIMIT 1";

/// Whose run of a module was the last that succeeded, after this transaction's first one, or after it began if it has none.
const SINCE: &str = "
    SELECT r.transaction_id FROM setup_runs r JOIN setup_transactions t ON t.id = r.transaction_id
    WHERE r.slug = ?2 AND r.transaction_id <> ?1 AND r.state = 'done' AND t.undone IS NULL
        AND COALESCE(
            (SELECT MIN(ours.id) < r.id FROM setup_runs ours WHERE ours.transaction_id = ?1 AND ours.slug = ?2),
            r.transaction_id > ?1)
    ORDER BY r.id DESC LIMIT 1";

impl Store {
    /// How far the undo of a transaction is.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_undo(&self, transaction: i64) -> Result<SetupUndoRow, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT undo_began, undone, undone_by FROM setup_transactions WHERE id = ?1",
            )?;
            let mut rows = query.query_map([transaction], row)?;
            rows.next().transpose().map(Option::unwrap_or_default)
        })
    }

    /// The last transaction that stands in the way of undoing this one.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn later_setup_transaction(&self, transaction: i64) -> Result<Option<i64>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(LATER)?;
            let mut rows = query.query_map([transaction], |row| row.get(0))?;
            rows.next().transpose()
        })
    }

    /// Another transaction that has configured a module since this one tried to, or began; `None` if none has.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn configured_since(
        &self,
        transaction: i64,
        slug: &str,
    ) -> Result<Option<i64>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(SINCE)?;
            let mut rows = query.query_map((transaction, slug), |row| row.get(0))?;
            rows.next().transpose()
        })
    }

    /// It begins, at this time.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn begin_setup_undo(&self, transaction: i64, at: i64) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query = connection
                .prepare_cached("UPDATE setup_transactions SET undo_began = ?2 WHERE id = ?1")?;
            query.execute((transaction, at)).map(drop)
        })
    }

    /// It is done: at this time, by somebody; and these modules are configured as they were, since Unix time in seconds or not at all.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn end_setup_undo(
        &self,
        transaction: i64,
        (at, by): (i64, &str),
        configured: &[(String, Option<i64>)],
    ) -> Result<(), StoreError> {
        self.with_all_or_nothing(|connection| {
            let mut query = connection.prepare_cached(
                "UPDATE setup_transactions SET undone = ?2, undone_by = ?3 WHERE id = ?1",
            )?;
            query.execute((transaction, at, by))?;
            for (slug, at) in configured {
                setup_configured::set_back(connection, slug, *at)?;
            }
            Ok(())
        })
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupUndoRow> {
    Ok(SetupUndoRow {
        began: row.get(0)?,
        undone: row.get(1)?,
        by: row.get(2)?,
    })
}
