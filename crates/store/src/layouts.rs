//! The table `layouts`: how each client has arranged its dashboard.

use rusqlite::{Connection, OptionalExtension};

use crate::database::{Store, StoreError};

/// How a dashboard is arranged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutRow {
    /// Another after every save, by whomever.
    pub version: i64,
    /// Who saved it; `None` if that client was forgotten since.
    pub client: Option<i64>,
    /// Its tiles as JSON.
    pub tiles: String,
}

impl Store {
    /// The layout that a client has saved, or else the one that was saved last by anybody, which is also what is there for
    /// no client at all; `None` if nobody has ever saved one.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn layout(&self, client: Option<i64>) -> Result<Option<LayoutRow>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT version, client, tiles FROM layouts
                 ORDER BY coalesce(client = ?1, 0) DESC, version DESC LIMIT 1",
            )?;
            let read = |row: &rusqlite::Row<'_>| {
                Ok(LayoutRow {
                    version: row.get(0)?,
                    client: row.get(1)?,
                    tiles: row.get(2)?,
                })
            };
            query.query_row([client], read).optional()
        })
    }

    /// Saves a client's layout in place of its former one and returns the new version; `None`, and nothing is saved, if the
    /// client has saved another than the version `seen` meanwhile.
    ///
    /// # Errors
    /// The database can't be written, or there is no such client.
    pub fn save_layout(
        &self,
        client: i64,
        seen: i64,
        tiles: &str,
    ) -> Result<Option<i64>, StoreError> {
        self.with_all_or_nothing(|connection| {
            if own_version(connection, client)?.is_some_and(|own| own != seen) {
                return Ok(None);
            }
            // What forgotten clients left is the latest of all no more.
            let delete = "DELETE FROM layouts WHERE client = ?1 OR client IS NULL";
            connection.execute(delete, [client])?;
            connection.query_row(
                "INSERT INTO layouts (client, tiles) VALUES (?1, ?2) RETURNING version",
                (client, tiles),
                |row| row.get(0),
            )
        })
    }
}

fn own_version(connection: &Connection, client: i64) -> rusqlite::Result<Option<i64>> {
    let select = "SELECT version FROM layouts WHERE client = ?1";
    let mut query = connection.prepare_cached(select)?;
    query.query_row([client], |row| row.get(0)).optional()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn seen(store: &Store, client: Option<i64>) -> Option<String> {
        store.layout(client).unwrap().map(|layout| layout.tiles)
    }

    #[test]
    fn who_has_no_layout_sees_the_latest_also_of_a_client_that_is_gone() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let [first, second, third] =
            [1, 2, 3].map(|token| store.add_client("browser", [token; 32], 1).unwrap().id);
        assert_eq!(seen(&store, Some(first)), None);
        store.save_layout(first, 0, "one").unwrap();
        store.save_layout(second, 0, "two").unwrap();
        assert_eq!(seen(&store, Some(first)).unwrap(), "one");
        for client in [Some(second), Some(third), None] {
            assert_eq!(seen(&store, client).unwrap(), "two", "{client:?}");
        }
        store.remove_client(second).unwrap();
        assert_eq!(seen(&store, Some(third)).unwrap(), "two");
        assert_eq!(seen(&store, Some(first)).unwrap(), "one");
        store.save_layout(third, 0, "three").unwrap();
        store.remove_client(third).unwrap();
        assert_eq!(seen(&store, None).unwrap(), "three");
        let rows = "SELECT count(*) FROM layouts";
        let rows =
            store.with(|connection| connection.query_row(rows, [], |row| row.get::<_, i64>(0)));
        assert_eq!(
            rows.unwrap(),
            2,
            "what a forgotten client left is kept once"
        );
    }

    #[test]
    fn a_save_over_another_than_the_one_that_was_seen_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let client = store.add_client("browser", [1; 32], 1).unwrap().id;
        let other = store.add_client("other", [2; 32], 1).unwrap().id;
        let of_other = store.save_layout(other, 0, "other").unwrap().unwrap();
        // Two pages that have both seen the other client's.
        let first = store.save_layout(client, of_other, "first").unwrap();
        let first = first.unwrap();
        assert_eq!(store.save_layout(client, of_other, "second").unwrap(), None);
        assert_eq!(seen(&store, Some(client)).unwrap(), "first");
        let second = store.save_layout(client, first, "second").unwrap();
        assert!(second.unwrap() > first);
        assert!(store.save_layout(99, 0, "nobody's").is_err());
    }
}
