//! How the database is: its version, and whether SQLite finds it whole. No table is known here.

use rusqlite::{Connection, OpenFlags};

use crate::database::{Store, StoreError};

impl Store {
    /// The version of SQLite that is built in, such as `3.46.0`.
    #[must_use]
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }

    /// Whether it can be read at all.
    ///
    /// # Errors
    /// It can't.
    pub fn is_readable(&self) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        })
    }

    /// The first fault that SQLite finds in the whole file, if there is one. Reads all of it, through a connection of its own, so that
    /// nobody waits meanwhile.
    ///
    /// # Errors
    /// It can't be read.
    pub fn fault(&self) -> Result<Option<String>, StoreError> {
        let path = self.with(|connection| Ok(connection.path().map(ToOwned::to_owned)))?;
        let Some(path) = path else { return Ok(None) };
        let own = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let said: String = own.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok((said != "ok").then_some(said))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::io::{Seek, SeekFrom, Write};

    use super::*;

    #[test]
    fn a_whole_database_has_no_fault_and_a_torn_one_has() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contara.db");
        let store = Store::open(&path).unwrap();
        for number in 0..200 {
            let name = format!("module{number}");
            store.keep_module_state(&name, &[7; 500], 1).unwrap();
        }
        store.is_readable().unwrap();
        assert_eq!(store.fault().unwrap(), None);
        // What is in the journal goes into the file at the end.
        drop(store);
        let mut file = std::fs::File::options().write(true).open(&path).unwrap();
        let length = file.metadata().unwrap().len();
        file.seek(SeekFrom::Start(length / 2)).unwrap();
        file.write_all(&[0xff; 8192]).unwrap();
        let store = Store::open(&path).unwrap();
        assert!(store.fault().map_or(true, |fault| fault.is_some()));
    }
}
