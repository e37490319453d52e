//! The table `setup_sessions`: programs that run for a transaction right now, so that they are found again after a crash.

use rusqlite::Row;

use crate::database::{Store, StoreError};

/// A program's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupSessionRow {
    /// The transaction.
    pub transaction: i64,
    /// Enough to recognise it after a restart.
    pub session: String,
    /// Whether it has no business being there without the daemon.
    pub ends_with_us: bool,
}

impl Store {
    /// Remembers that this runs.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn add_setup_session(&self, session: &SetupSessionRow) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "INSERT OR REPLACE INTO setup_sessions (transaction_id, session, ends_with_us)
                 VALUES (?1, ?2, ?3)",
            )?;
            let values = (session.transaction, &session.session, session.ends_with_us);
            query.execute(values).map(drop)
        })
    }

    /// It has ended.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn remove_setup_session(&self, transaction: i64) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query = connection
                .prepare_cached("DELETE FROM setup_sessions WHERE transaction_id = ?1")?;
            query.execute([transaction]).map(drop)
        })
    }

    /// All that were running when last heard of.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_sessions(&self) -> Result<Vec<SetupSessionRow>, StoreError> {
        self.with(|connection| {
            let select = "SELECT transaction_id, session, ends_with_us FROM setup_sessions";
            let mut query = connection.prepare_cached(select)?;
            query.query_map([], row)?.collect()
        })
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupSessionRow> {
    Ok(SetupSessionRow {
        transaction: row.get(0)?,
        session: row.get(1)?,
        ends_with_us: row.get(2)?,
    })
}
