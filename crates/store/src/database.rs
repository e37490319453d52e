//! The database file: opened, migrated, or refused untouched.

use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contara_i18n::{Explained, Message, message};
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};
use thiserror::Error;

use crate::seal::{KeyError, KeyFile};

/// In order; never changed once released, only added to.
const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_modules_clients_settings.sql")),
    M::up(include_str!(
        "migrations/0002_module_state_and_settings.sql"
    )),
    M::up(include_str!("migrations/0003_setup.sql")),
    M::up(include_str!("migrations/0004_setup_languages.sql")),
    M::up(include_str!("migrations/0005_setup_approved.sql")),
    M::up(include_str!("migrations/0006_setup_messages.sql")),
    M::up(include_str!("migrations/0007_activity.sql")),
    M::up(include_str!("migrations/0008_layouts.sql")),
    M::up(include_str!("migrations/0009_settings_versions.sql")),
];

/// The database. Cheap to clone; calls take turns.
#[derive(Debug, Clone)]
pub struct Store {
    path: Arc<Path>,
    connection: Arc<Mutex<Connection>>,
    key: Arc<KeyFile>,
}

/// Why the database can't be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It was written by a newer Contara.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that this build knows.
        known: u32,
    },
    /// The file can't be made.
    Create {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// SQLite can't use it.
    Unusable {
        /// The file.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
    /// A migration failed; it was rolled back.
    Migrate {
        /// The file.
        path: PathBuf,
        /// The migration's reason.
        source: rusqlite_migration::Error,
    },
}

impl Explained for OpenError {
    fn message(&self) -> Message {
        let shown = |path: &Path| path.display().to_string();
        match self {
            Self::Newer { path, found, known } => message!(
                "the database {path} is of version {found}, and this Contara knows versions up to {known}: it was last used by a newer Contara. Nothing was changed. Install that version again, or start with another --data-dir",
                path = shown(path),
                found = u64::from(*found),
                known = u64::from(*known)
            ),
            Self::Create { path, .. } => {
                message!("can't create the database {path}", path = shown(path))
            }
            Self::Unusable { path, .. } => {
                message!("can't use the database {path}", path = shown(path))
            }
            Self::Migrate { path, .. } => message!(
                "can't bring the database {path} up to date; it was left as it was",
                path = shown(path)
            ),
        }
    }
}

/// In English.
impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// A call failed. Nothing of it was kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// SQLite refused, for instance because the disk is full.
    #[error("the database refused")]
    Database(#[from] rusqlite::Error),
    /// Secrets can be neither sealed nor opened.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Store {
    /// Opens the database at `path`, making it (mode 0600) or bringing it up to date if need be.
    ///
    /// # Errors
    /// It can't be read or written, or is newer than this build; then it is left as it was.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        refuse_newer(path)?;
        create_private(path)?;
        let unusable = |source| OpenError::Unusable {
            path: path.to_owned(),
            source,
        };
        let mut connection = Connection::open(path).map_err(unusable)?;
        configure(&connection).map_err(unusable)?;
        Migrations::from_slice(MIGRATIONS)
            .to_latest(&mut connection)
            .map_err(|source| OpenError::Migrate {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self {
            path: path.into(),
            connection: Arc::new(Mutex::new(connection)),
            key: Arc::new(KeyFile::beside(path)),
        })
    }

    /// Runs `call` where it may block, and returns what it returns.
    ///
    /// # Errors
    /// Those of `call`.
    pub async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        match tokio::task::spawn_blocking(move || call(&store)).await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // Cancelled: the runtime ends, and whoever waits ends with it.
            Err(_) => std::future::pending().await,
        }
    }

    pub(crate) fn with<T>(
        &self,
        call: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let connection = self.connection();
        Ok(call(&connection)?)
    }

    /// Runs `call` in a transaction: all of it is kept, or nothing.
    pub(crate) fn with_all_or_nothing<T>(
        &self,
        call: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let connection = self.connection();
        let transaction = connection.unchecked_transaction()?;
        let value = call(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn key(&self) -> &KeyFile {
        &self.key
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at the version through a connection that can't write, so that a newer database stays as it is to the byte.
fn refuse_newer(path: &Path) -> Result<(), OpenError> {
    if !path.exists() {
        return Ok(());
    }
    let version = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(
        |connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0)),
    );
    let found = version.map_err(|source| OpenError::Unusable {
        path: path.to_owned(),
        source,
    })?;
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(())
}

/// SQLite gives its journal files the mode of the database.
fn create_private(path: &Path) -> Result<(), OpenError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    options
        .open(path)
        .map(drop)
        .map_err(|source| OpenError::Create {
            path: path.to_owned(),
            source,
        })
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn migrations_are_valid() {
        Migrations::from_slice(MIGRATIONS).validate().unwrap();
    }

    #[test]
    fn an_older_database_keeps_what_it_has() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("contara.db");
        let mut connection = Connection::open(&path).unwrap();
        let first = Migrations::from_slice(&MIGRATIONS[..1]);
        first.to_latest(&mut connection).unwrap();
        connection
            .execute_batch(
                "INSERT INTO modules VALUES ('a', 1); INSERT INTO settings VALUES ('instance', 'x');",
            )
            .unwrap();
        drop(connection);
        let store = Store::open(&path).unwrap();
        assert!(store.enabled_modules().unwrap().contains("a"));
        assert_eq!(store.module_state("a").unwrap(), None);
        store.keep_module_state("a", &[0x80], 1).unwrap();
        assert_eq!(store.module_state("a").unwrap(), Some(vec![0x80]));
        // It was in use before, so nothing is switched on behind its owner's back.
        store.enable_on_first_start(&["b"]).unwrap();
        assert!(!store.enabled_modules().unwrap().contains("b"));
    }

    #[test]
    fn transactions_of_before_are_in_the_activity() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("contara.db");
        let mut connection = Connection::open(&path).unwrap();
        let before = Migrations::from_slice(&MIGRATIONS[..6]);
        before.to_latest(&mut connection).unwrap();
        connection
            .execute_batch(
                "INSERT INTO setup_transactions (id, revision, state, reboot, started_by, created)
                 VALUES (4, 1, 'done', 'none', 'Firefox on Linux', 5000), (9, 1, 'failed', 'none', 'root', 7000)",
            )
            .unwrap();
        drop(connection);
        let store = Store::open(&path).unwrap();
        let rows = store.activity(None, Some("setup"), 9).unwrap();
        let told = rows
            .iter()
            .map(|row| (row.deed.transaction, row.at, row.deed.by.as_deref()));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                (Some(9), 7_000, Some("root")),
                (Some(4), 5_000, Some("Firefox on Linux"))
            ]
        );
    }

    #[test]
    fn a_new_database_is_private_and_durable() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("contara.db");
        let store = Store::open(&path).unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        let pragma = |name: &str| {
            store
                .with(|c| {
                    c.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
                })
                .unwrap()
        };
        assert_eq!(
            pragma("journal_mode"),
            rusqlite::types::Value::Text("wal".into())
        );
        assert_eq!(pragma("synchronous"), rusqlite::types::Value::Integer(2));
        assert_eq!(pragma("foreign_keys"), rusqlite::types::Value::Integer(1));
    }

    #[test]
    fn a_newer_database_is_refused_and_left_alone() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("contara.db");
        drop(Store::open(&path).unwrap());
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(&path).unwrap_err().to_string();
        let known = MIGRATIONS.len();
        let versions = format!("is of version 99, and this Contara knows versions up to {known}:");
        assert!(error.contains(&versions), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_file_that_is_no_database_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("contara.db");
        std::fs::write(
            &path,
            "certainly not a database, and long enough to be looked at".repeat(40),
        )
        .unwrap();
        let error = Store::open(&path).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(error.to_string().contains("contara.db"), "{error}");
        assert!(cause.contains("not a database"), "{cause}");
    }
}
