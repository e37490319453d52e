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

    /// Switches these modules on if the database is at its first start, unless something was said about them already.
    /// Does nothing at any later call.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn enable_on_first_start(&self, names: &[&str]) -> Result<(), StoreError> {
        self.with_all_or_nothing(|connection| {
            let claim = "INSERT INTO settings (key, value) VALUES ('first_start', 'done') ON CONFLICT (key) DO NOTHING";
            if connection.execute(claim, [])? == 0 {
                return Ok(());
            }
            let enable = "INSERT INTO modules (name, enabled) VALUES (?1, 1) ON CONFLICT (name) DO NOTHING";
            for name in names {
                connection.execute(enable, [name])?;
            }
            Ok(())
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

    #[test]
    fn the_first_start_enables_once_and_overrules_nobody() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        store.set_module_enabled("unwanted", false).unwrap();
        store.enable_on_first_start(&["a", "unwanted"]).unwrap();
        let enabled = || store.enabled_modules().unwrap();
        assert_eq!(enabled(), BTreeSet::from(["a".to_owned()]));
        store.set_module_enabled("a", false).unwrap();
        store.enable_on_first_start(&["a", "b"]).unwrap();
        assert_eq!(enabled(), BTreeSet::new());
    }
}
