//! The table `setup_configured`: setup modules that have been configured.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::database::{Store, StoreError};

impl Store {
    /// When each was configured last, by slug: Unix time in seconds.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_configured(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached("SELECT slug, at FROM setup_configured")?;
            query
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }
}

pub(crate) fn set(connection: &Connection, slug: &str, at: i64) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "INSERT INTO setup_configured (slug, at) VALUES (?1, ?2) ON CONFLICT (slug) DO UPDATE SET at = ?2",
    )?;
    query.execute((slug, at)).map(drop)
}

/// It is as it was then.
pub(crate) fn set_back(
    connection: &Connection,
    slug: &str,
    at: Option<i64>,
) -> rusqlite::Result<()> {
    let Some(at) = at else {
        let mut query =
            connection.prepare_cached("DELETE FROM setup_configured WHERE slug = ?1")?;
        return query.execute([slug]).map(drop);
    };
    set(connection, slug, at)
}
