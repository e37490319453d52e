//! How the database is: its version, how large it is, and whether SQLite finds it whole. No table is known here.

use std::os::unix::fs::MetadataExt;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::database::{Store, StoreError};

impl Store {
    /// The version of SQLite that is built in, such as `3.46.0`.
    #[must_use]
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }

    /// Bytes on disk of the database, with its journal. Blocks.
    #[must_use]
    pub fn size_on_disk(&self) -> u64 {
        let file = |ending| {
            let mut path = self.path().as_os_str().to_owned();
            path.push(ending);
            std::fs::metadata(path).map_or(0, |file| file.blocks() * 512)
        };
        ["", "-wal", "-shm"].into_iter().map(file).sum()
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
    /// It can't be checked, which says nothing of its state.
    pub fn fault(&self) -> Result<Option<String>, StoreError> {
        let own = Connection::open_with_flags(self.path(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        match own.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)) {
            Ok(said) => Ok((said != "ok").then_some(said)),
            Err(error) if is_damage(&error) => Ok(Some(error.to_string())),
            Err(error) => Err(error.into()),
        }
    }
}

/// So torn that SQLite gives its check up.
fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::ffi::OsStr;
    use std::io::{Seek, SeekFrom, Write};
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    use super::*;

    /// Writes over a part of the file.
    fn tear(path: &Path, at: u64, length: usize) {
        let mut file = std::fs::File::options().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&vec![0xff; length]).unwrap();
    }

    #[test]
    fn a_whole_database_has_no_fault_and_a_torn_one_has() {
        let folder = tempfile::tempdir().unwrap();
        // A name that isn't UTF-8 is one, too.
        let path = folder.path().join(OsStr::from_bytes(b"contara\xff.db"));
        let store = Store::open(&path).unwrap();
        store.keep_module_state("module", &[7; 500], 1).unwrap();
        store.is_readable().unwrap();
        assert_eq!(store.fault().unwrap(), None);
        let select = "SELECT rootpage FROM sqlite_schema WHERE name = 'module_states'";
        let page: u32 = store
            .with(|connection| connection.query_row(select, [], |row| row.get(0)))
            .unwrap();
        // What is in the journal goes into the file at the end.
        drop(store);
        tear(&path, u64::from(page - 1) * 4096, 4096);
        let store = Store::open(&path).unwrap();
        let fault = store.fault().unwrap().unwrap();
        assert!(fault.contains(&page.to_string()), "{fault}");
    }

    #[test]
    fn a_file_that_is_no_database_any_more_is_damaged_and_one_that_is_gone_is_not_checked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contara.db");
        drop(Store::open(&path).unwrap());
        let store = Store::open(&path).unwrap();
        tear(&path, 0, 100);
        assert!(store.fault().unwrap().is_some());
        std::fs::remove_file(&path).unwrap();
        assert!(store.fault().is_err());
    }

    #[test]
    fn it_is_as_large_as_all_of_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("contara.db")).unwrap();
        let files = std::fs::read_dir(folder.path()).unwrap();
        let sizes = files.map(|file| file.unwrap().metadata().unwrap().blocks() * 512);
        let (count, sum) = sizes.fold((0, 0), |(count, sum), size| (count + 1, sum + size));
        assert_eq!((count, store.size_on_disk()), (3, sum));
    }
}
