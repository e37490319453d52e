//! The table `setup_steps`: how far each step of a transaction is.

use rusqlite::{Connection, Row};

/// A step of a transaction. Times are Unix time in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupStepRow {
    /// Which.
    pub kind: String,
    /// How far it is.
    pub state: String,
    /// For people, in English.
    pub text: String,
    /// JSON: the same with its values, if it has any, for other languages.
    pub message: Option<String>,
    /// When it last started.
    pub started: Option<i64>,
    /// When it last ended.
    pub ended: Option<i64>,
}

pub(crate) fn write(
    connection: &Connection,
    transaction: i64,
    steps: &[SetupStepRow],
) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "INSERT OR REPLACE INTO setup_steps (transaction_id, position, kind, state, text, message, started, ended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (position, step) in (0_i64..).zip(steps) {
        query.execute((
            transaction,
            position,
            &step.kind,
            &step.state,
            &step.text,
            &step.message,
            step.started,
            step.ended,
        ))?;
    }
    Ok(())
}

pub(crate) fn read(
    connection: &Connection,
    transaction: i64,
) -> rusqlite::Result<Vec<SetupStepRow>> {
    let mut query = connection.prepare_cached(
        "SELECT kind, state, text, message, started, ended FROM setup_steps WHERE transaction_id = ?1 ORDER BY position",
    )?;
    query.query_map([transaction], row)?.collect()
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupStepRow> {
    Ok(SetupStepRow {
        kind: row.get(0)?,
        state: row.get(1)?,
        text: row.get(2)?,
        message: row.get(3)?,
        started: row.get(4)?,
        ended: row.get(5)?,
    })
}
