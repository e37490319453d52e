//! The table `clients`: paired browsers and programs.

use rusqlite::Row;

use crate::database::{Store, StoreError};

/// A paired client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// Never used twice.
    pub id: i64,
    /// For people, such as "Firefox on Linux".
    pub name: String,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// Unix time in seconds.
    pub created_at: i64,
    /// Unix time in seconds, at most a minute behind.
    pub last_seen: i64,
}

impl Store {
    /// All paired clients.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn clients(&self) -> Result<Vec<ClientRow>, StoreError> {
        self.with(|connection| {
            let select =
                "SELECT id, name, token_hash, created_at, last_seen FROM clients ORDER BY id";
            let mut query = connection.prepare_cached(select)?;
            query.query_map([], read)?.collect()
        })
    }

    /// Adds a client that was paired at `now` (Unix time in seconds).
    ///
    /// # Errors
    /// The database can't be written.
    pub fn add_client(
        &self,
        name: &str,
        token_hash: [u8; 32],
        now: i64,
    ) -> Result<ClientRow, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "INSERT INTO clients (name, token_hash, created_at, last_seen) VALUES (?1, ?2, ?3, ?3)
                 RETURNING id, name, token_hash, created_at, last_seen",
            )?;
            query.query_row((name, token_hash, now), read)
        })
    }

    /// Notes that a client was there at `now`.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn client_seen(&self, id: i64, now: i64) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query =
                connection.prepare_cached("UPDATE clients SET last_seen = ?2 WHERE id = ?1")?;
            query.execute((id, now)).map(drop)
        })
    }

    /// Gives a client another name.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn rename_client(&self, id: i64, name: &str) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query =
                connection.prepare_cached("UPDATE clients SET name = ?2 WHERE id = ?1")?;
            query.execute((id, name)).map(drop)
        })
    }

    /// Forgets a client; its token is worth nothing from then on.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn remove_client(&self, id: i64) -> Result<(), StoreError> {
        self.with(|connection| {
            connection
                .prepare_cached("DELETE FROM clients WHERE id = ?1")?
                .execute([id])
                .map(drop)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<ClientRow> {
    Ok(ClientRow {
        id: row.get(0)?,
        name: row.get(1)?,
        token_hash: row.get(2)?,
        created_at: row.get(3)?,
        last_seen: row.get(4)?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn clients_come_and_go() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let first = store.add_client("Firefox", [1; 32], 100).unwrap();
        let second = store.add_client("script", [2; 32], 200).unwrap();
        store.client_seen(second.id, 300).unwrap();
        store.rename_client(second.id, "backup").unwrap();
        store.remove_client(first.id).unwrap();
        let third = store.add_client("Chromium", [3; 32], 400).unwrap();
        assert_eq!(
            store.clients().unwrap(),
            [
                ClientRow {
                    name: "backup".into(),
                    last_seen: 300,
                    ..second
                },
                third.clone()
            ]
        );
        assert_ne!(third.id, first.id);
    }

    #[test]
    fn two_clients_never_share_a_token() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        store.add_client("a", [1; 32], 1).unwrap();
        assert!(store.add_client("b", [1; 32], 1).is_err());
    }
}
