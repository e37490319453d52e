//! The table `setup_options`: answers that modules keep for others.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::database::{Store, StoreError};

impl Store {
    /// All that is kept, by name.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_options(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached("SELECT name, value FROM setup_options")?;
            query
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }
}

pub(crate) fn set(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "INSERT INTO setup_options (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
    )?;
    query.execute((name, value)).map(drop)
}
