//! The table `setup_runs`: each time that a module was configured, and what was answered.

use rusqlite::{Connection, Row};

use crate::database::{Store, StoreError};

/// A run of one module. Times are Unix time in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupRunRow {
    /// The transaction.
    pub transaction: i64,
    /// The module.
    pub slug: String,
    /// Who answered.
    pub by: String,
    /// When it started.
    pub started: i64,
    /// When it ended.
    pub ended: Option<i64>,
    /// How far it came.
    pub state: String,
    /// How its script ended.
    pub exit: Option<String>,
    /// JSON: what was answered, without secrets.
    pub answers: String,
}

impl Store {
    /// The latest runs of a module, the last one first, `limit` at most.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_runs(&self, slug: &str, limit: usize) -> Result<Vec<SetupRunRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT transaction_id, slug, started_by, started, ended, state, exit, answers FROM setup_runs
                 WHERE slug = ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            query.query_map((slug, limit), row)?.collect()
        })
    }
}

/// Keeps one that starts; or, of one that is there, how it ended.
pub(crate) fn write(connection: &Connection, run: &SetupRunRow) -> rusqlite::Result<()> {
    let mut end = connection.prepare_cached(
        "UPDATE setup_runs SET ended = ?3, state = ?4, exit = ?5
         WHERE transaction_id = ?1 AND slug = ?2 AND ended IS NULL",
    )?;
    let ended = (run.transaction, &run.slug, run.ended, &run.state, &run.exit);
    if end.execute(ended)? > 0 {
        return Ok(());
    }
    let mut add = connection.prepare_cached(
        "INSERT INTO setup_runs (transaction_id, slug, started_by, started, ended, state, exit, answers, configured_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT at FROM setup_configured WHERE slug = ?2))",
    )?;
    let added = (
        run.transaction,
        &run.slug,
        &run.by,
        run.started,
        run.ended,
        &run.state,
        &run.exit,
        &run.answers,
    );
    add.execute(added).map(drop)
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupRunRow> {
    Ok(SetupRunRow {
        transaction: row.get(0)?,
        slug: row.get(1)?,
        by: row.get(2)?,
        started: row.get(3)?,
        ended: row.get(4)?,
        state: row.get(5)?,
        exit: row.get(6)?,
        answers: row.get(7)?,
    })
}
