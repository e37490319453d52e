//! The table `settings`: the daemon's own few values.

use rusqlite::OptionalExtension;

use crate::database::{Store, StoreError};

impl Store {
    /// The setting `key`; if there is none, it becomes `default`.
    ///
    /// # Errors
    /// The database can't be read or written.
    pub fn setting_or_insert(&self, key: &str, default: &str) -> Result<String, StoreError> {
        self.with(|connection| {
            let insert = "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING RETURNING value";
            let inserted = connection.query_row(insert, (key, default), |row| row.get(0)).optional()?;
            match inserted {
                Some(value) => Ok(value),
                None => connection.query_row("SELECT value FROM settings WHERE key = ?1", [key], |row| row.get(0)),
            }
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_stays() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        assert_eq!(store.setting_or_insert("instance", "one").unwrap(), "one");
        assert_eq!(store.setting_or_insert("instance", "two").unwrap(), "one");
    }
}
