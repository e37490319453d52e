//! The table `modules`: what the user wants of each.

use std::collections::BTreeSet;

use crate::database::{Store, StoreError};

impl Store {
    /// The names of all modules that the user wants to run.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn enabled_modules(&self) -> Result<BTreeSet<String>, StoreError> {
        self.with(|connection| {
            let mut query =
                connection.prepare_cached("SELECT name FROM modules WHERE enabled = 1")?;
            query.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// Remembers what the user wants of a module.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn set_module_enabled(&self, name: &str, enabled: bool) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "INSERT INTO modules (name, enabled) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET enabled = ?2",
            )?;
            query.execute((name, enabled)).map(drop)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn what_is_enabled_survives_a_new_start() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("contara.db");
        let store = Store::open(&path).unwrap();
        store.set_module_enabled("a", true).unwrap();
        store.set_module_enabled("b", true).unwrap();
        store.set_module_enabled("b", false).unwrap();
        drop(store);
        let enabled = Store::open(&path).unwrap().enabled_modules().unwrap();
        assert_eq!(enabled, BTreeSet::from(["a".to_owned()]));
    }
}
