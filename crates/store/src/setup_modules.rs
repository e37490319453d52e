//! The table `setup_modules`: what a transaction does to each module, and what was answered for it.

use rusqlite::{Connection, Row};

/// A module of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupModuleRow {
    /// Its slug.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Whether only another one needs it.
    pub is_dependency: bool,
    /// How far it is.
    pub state: String,
    /// How its script ended.
    pub exit: Option<String>,
    /// JSON, without secrets.
    pub answers: String,
}

pub(crate) fn write(
    connection: &Connection,
    transaction: i64,
    modules: &[SetupModuleRow],
) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "INSERT OR REPLACE INTO setup_modules
         (transaction_id, position, slug, name, dependency, state, exit, answers)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (position, module) in (0_i64..).zip(modules) {
        query.execute((
            transaction,
            position,
            &module.slug,
            &module.name,
            module.is_dependency,
            &module.state,
            &module.exit,
            &module.answers,
        ))?;
    }
    Ok(())
}

pub(crate) fn read(
    connection: &Connection,
    transaction: i64,
) -> rusqlite::Result<Vec<SetupModuleRow>> {
    let mut query = connection.prepare_cached(
        "SELECT slug, name, dependency, state, exit, answers FROM setup_modules
         WHERE transaction_id = ?1 ORDER BY position",
    )?;
    query.query_map([transaction], row)?.collect()
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupModuleRow> {
    Ok(SetupModuleRow {
        slug: row.get(0)?,
        name: row.get(1)?,
        is_dependency: row.get(2)?,
        state: row.get(3)?,
        exit: row.get(4)?,
        answers: row.get(5)?,
    })
}
