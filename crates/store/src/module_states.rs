//! The tables `module_states` and `module_states_aside`: what modules want to find again after a restart.

use rusqlite::OptionalExtension;

use crate::database::{Store, StoreError};

/// So many states of one module are kept aside; of more, the oldest go.
const MOST_ASIDE: u32 = 10;

impl Store {
    /// A module's last state, as it was kept.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn module_state(&self, module: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|connection| {
            let mut query =
                connection.prepare_cached("SELECT value FROM module_states WHERE module = ?1")?;
            query.query_row([module], |row| row.get(0)).optional()
        })
    }

    /// Keeps a module's state, at `now` (Unix time in seconds), in place of the one before.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn keep_module_state(
        &self,
        module: &str,
        value: &[u8],
        now: i64,
    ) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "INSERT INTO module_states (module, value, saved_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (module) DO UPDATE SET value = ?2, saved_at = ?3",
            )?;
            query.execute((module, value, now)).map(drop)
        })
    }

    /// Puts a state aside that no longer fits, with the reason; the module has none from then on.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn put_module_state_aside(
        &self,
        module: &str,
        value: &[u8],
        reason: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        self.with_all_or_nothing(|connection| {
            connection.execute(
                "INSERT INTO module_states_aside (module, value, reason, aside_at) VALUES (?1, ?2, ?3, ?4)",
                (module, value, reason, now),
            )?;
            connection.execute(
                "DELETE FROM module_states_aside WHERE module = ?1 AND id NOT IN
                 (SELECT id FROM module_states_aside WHERE module = ?1 ORDER BY id DESC LIMIT ?2)",
                (module, MOST_ASIDE),
            )?;
            connection
                .execute("DELETE FROM module_states WHERE module = ?1", [module])
                .map(drop)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn aside(store: &Store) -> Vec<(Vec<u8>, String, i64)> {
        let select = "SELECT value, reason, aside_at FROM module_states_aside WHERE module = 'a' ORDER BY id";
        store
            .with(|connection| {
                let mut query = connection.prepare(select)?;
                query
                    .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                    .collect()
            })
            .unwrap()
    }

    #[test]
    fn the_last_state_survives_a_new_start() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("contara.db");
        let store = Store::open(&path).unwrap();
        assert_eq!(store.module_state("a").unwrap(), None);
        store.keep_module_state("a", &[1], 10).unwrap();
        store.keep_module_state("a", &[2], 20).unwrap();
        store.keep_module_state("b", &[3], 30).unwrap();
        drop(store);
        let store = Store::open(&path).unwrap();
        assert_eq!(store.module_state("a").unwrap(), Some(vec![2]));
    }

    #[test]
    fn what_no_longer_fits_is_kept_aside_but_not_without_end() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        for round in 0..12_u8 {
            store.keep_module_state("a", &[round], 1).unwrap();
            store
                .put_module_state_aside("a", &[round], "too old", i64::from(round))
                .unwrap();
            assert_eq!(store.module_state("a").unwrap(), None);
        }
        let kept = aside(&store);
        assert_eq!(kept.len(), 10);
        assert_eq!(kept.last(), Some(&(vec![11], "too old".into(), 11)));
        assert_eq!(kept[0].0, [2]);
    }
}
