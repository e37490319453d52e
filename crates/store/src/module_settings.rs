//! The tables `module_settings` and `module_secrets`: what users set for modules, secrets apart.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use crate::database::{Store, StoreError};

/// What a user has set for a module. Shows no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ModuleSettings {
    /// A JSON object of what isn't secret.
    pub values: String,
    /// By field: the secret as JSON.
    pub secrets: BTreeMap<String, String>,
    /// Fields whose secrets are stored but can't be read, because their key is lost. They stay as they are when settings are
    /// set: the key may come back, for instance out of a backup.
    pub lost: BTreeSet<String>,
}

impl std::fmt::Debug for ModuleSettings {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let secrets: Vec<_> = self.secrets.keys().collect();
        write!(out, "ModuleSettings({}, secrets {secrets:?})", self.values)
    }
}

/// Fields and what is sealed in them.
type Sealed = Vec<(String, Vec<u8>)>;

impl Store {
    /// What was set for a module; `None` if nothing ever was.
    ///
    /// # Errors
    /// The database or the key of the secrets can't be read.
    pub fn module_settings(&self, module: &str) -> Result<Option<ModuleSettings>, StoreError> {
        let Some((values, sealed)) =
            self.with_all_or_nothing(|connection| rows(connection, module))?
        else {
            return Ok(None);
        };
        let mut settings = ModuleSettings {
            values,
            secrets: BTreeMap::new(),
            lost: BTreeSet::new(),
        };
        if sealed.is_empty() {
            return Ok(Some(settings));
        }
        let seal = self.key().read()?;
        for (field, sealed) in sealed {
            let opened = seal
                .as_ref()
                .and_then(|seal| seal.open(&place(module, &field), &sealed));
            match opened {
                Some(secret) => drop(settings.secrets.insert(field, secret)),
                None => drop(settings.lost.insert(field)),
            }
        }
        Ok(Some(settings))
    }

    /// Which of its settings a module has: another number after each change, 0 if nothing was ever set.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn module_settings_version(&self, module: &str) -> Result<i64, StoreError> {
        self.with(|connection| {
            let mut query = connection
                .prepare_cached("SELECT version FROM module_settings WHERE module = ?1")?;
            let version = query.query_row([module], |row| row.get(0)).optional()?;
            Ok(version.unwrap_or(0))
        })
    }

    /// Stores all that is set for a module in place of what was before, and gives its version.
    ///
    /// # Errors
    /// The database can't be written, or there is no key for secrets.
    pub fn set_module_settings(
        &self,
        module: &str,
        settings: &ModuleSettings,
    ) -> Result<i64, StoreError> {
        let sealed = self.sealed(module, &settings.secrets)?;
        self.with_all_or_nothing(|connection| {
            // Replaced as a whole, so that it gets a new version.
            connection.execute(
                "INSERT OR REPLACE INTO module_settings (module, value) VALUES (?1, ?2)",
                (module, &settings.values),
            )?;
            let version = connection.last_insert_rowid();
            for (field, _) in secrets(connection, module)? {
                if !settings.lost.contains(&field) {
                    let delete = "DELETE FROM module_secrets WHERE module = ?1 AND field = ?2";
                    connection.execute(delete, (module, field))?;
                }
            }
            for (field, sealed) in &sealed {
                connection.execute(
                    "INSERT OR REPLACE INTO module_secrets (module, field, sealed) VALUES (?1, ?2, ?3)",
                    (module, field, sealed),
                )?;
            }
            Ok(version)
        })
    }

    /// Forgets all that was set for a module.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn forget_module_settings(&self, module: &str) -> Result<(), StoreError> {
        self.with_all_or_nothing(|connection| {
            connection.execute("DELETE FROM module_secrets WHERE module = ?1", [module])?;
            connection
                .execute("DELETE FROM module_settings WHERE module = ?1", [module])
                .map(drop)
        })
    }

    fn sealed(
        &self,
        module: &str,
        secrets: &BTreeMap<String, String>,
    ) -> Result<Sealed, StoreError> {
        if secrets.is_empty() {
            return Ok(Vec::new());
        }
        let seal = self.key().read_or_make()?;
        let closed = secrets.iter().map(|(field, secret)| {
            let sealed = seal.close(&place(module, field), secret)?;
            Ok((field.clone(), sealed))
        });
        closed.collect()
    }
}

fn rows(connection: &Connection, module: &str) -> rusqlite::Result<Option<(String, Sealed)>> {
    let values: Option<String> = connection
        .prepare_cached("SELECT value FROM module_settings WHERE module = ?1")?
        .query_row([module], |row| row.get(0))
        .optional()?;
    let Some(values) = values else {
        return Ok(None);
    };
    Ok(Some((values, secrets(connection, module)?)))
}

fn secrets(connection: &Connection, module: &str) -> rusqlite::Result<Sealed> {
    connection
        .prepare_cached("SELECT field, sealed FROM module_secrets WHERE module = ?1")?
        .query_map([module], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Names of modules have no zero in them.
fn place(module: &str, field: &str) -> String {
    format!("{module}\0{field}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    fn open(folder: &Path) -> Store {
        Store::open(&folder.join("contara.db")).unwrap()
    }

    fn settings(secret: &str) -> ModuleSettings {
        ModuleSettings {
            values: r#"{"interval":2}"#.into(),
            secrets: BTreeMap::from([("key".to_owned(), secret.to_owned())]),
            lost: BTreeSet::new(),
        }
    }

    #[test]
    fn settings_survive_a_new_start_and_secrets_are_sealed() {
        let temp = tempfile::tempdir().unwrap();
        let store = open(temp.path());
        assert_eq!(store.module_settings("a").unwrap(), None);
        store
            .set_module_settings("a", &settings("\"geheim-1\""))
            .unwrap();
        store
            .set_module_settings("a", &settings("\"geheim-2\""))
            .unwrap();
        drop(store);
        let read = open(temp.path()).module_settings("a").unwrap().unwrap();
        assert_eq!(read, settings("\"geheim-2\""));
        assert!(!format!("{read:?}").contains("geheim"));
        for file in ["contara.db", "contara.db-wal"] {
            let bytes = std::fs::read(temp.path().join(file)).unwrap_or_default();
            let has_secret = bytes.windows(6).any(|window| window == b"geheim");
            assert!(!has_secret, "{file}");
        }
        let key = temp.path().join("secrets.key").metadata().unwrap();
        assert_eq!((key.mode() & 0o777, key.len()), (0o600, 32));
    }

    #[test]
    fn what_is_forgotten_is_gone_secrets_too() {
        let temp = tempfile::tempdir().unwrap();
        let store = open(temp.path());
        store
            .set_module_settings("a", &settings("\"geheim\""))
            .unwrap();
        store.forget_module_settings("a").unwrap();
        assert_eq!(store.module_settings("a").unwrap(), None);
        let left = store
            .with(|connection| {
                connection.query_row("SELECT count(*) FROM module_secrets", [], |row| {
                    row.get::<_, u32>(0)
                })
            })
            .unwrap();
        assert_eq!(left, 0);
    }

    #[test]
    fn each_change_has_a_version_that_no_other_ever_has() {
        let temp = tempfile::tempdir().unwrap();
        let store = open(temp.path());
        let version = |module| store.module_settings_version(module).unwrap();
        assert_eq!(version("a"), 0);
        let versions = ["a", "b", "a"].map(|module| {
            let given = store.set_module_settings(module, &settings("\"geheim\""));
            assert_eq!(given.unwrap(), version(module));
            version(module)
        });
        assert!(
            versions.is_sorted_by(|one, next| one < next),
            "{versions:?}"
        );
        store.forget_module_settings("a").unwrap();
        assert_eq!(version("a"), 0);
        let next = store.set_module_settings("a", &settings("\"geheim\""));
        assert!(next.unwrap() > versions[2]);
    }

    #[test]
    fn a_lost_key_costs_the_secrets_and_nothing_else() {
        let temp = tempfile::tempdir().unwrap();
        let store = open(temp.path());
        store
            .set_module_settings("a", &settings("\"geheim\""))
            .unwrap();
        std::fs::remove_file(temp.path().join("secrets.key")).unwrap();
        let read = store.module_settings("a").unwrap().unwrap();
        assert_eq!(read.values, settings("").values);
        assert_eq!((read.secrets.len(), read.lost.len()), (0, 1));
        std::fs::write(temp.path().join("secrets.key"), "short").unwrap();
        let error = store.module_settings("a").unwrap_err().to_string();
        assert!(
            error.contains("secrets.key, is not 32 bytes long"),
            "{error}"
        );
    }

    #[test]
    fn what_cannot_be_read_stays_until_it_is_set_anew_and_its_key_may_come_back() {
        let temp = tempfile::tempdir().unwrap();
        let store = open(temp.path());
        store
            .set_module_settings("a", &settings("\"geheim\""))
            .unwrap();
        let key = temp.path().join("secrets.key");
        let kept = std::fs::read(&key).unwrap();
        std::fs::remove_file(&key).unwrap();
        let lost = store.module_settings("a").unwrap().unwrap();
        let changed = ModuleSettings {
            values: r#"{"interval":3}"#.into(),
            ..lost
        };
        store.set_module_settings("a", &changed).unwrap();
        assert_eq!(store.module_settings("a").unwrap().unwrap(), changed);
        std::fs::write(&key, kept).unwrap();
        let read = store.module_settings("a").unwrap().unwrap();
        assert_eq!(read.secrets, settings("\"geheim\"").secrets);
        store
            .set_module_settings("a", &settings("\"new\""))
            .unwrap();
        let read = store.module_settings("a").unwrap().unwrap();
        assert_eq!(read, settings("\"new\""));
    }

    #[test]
    fn a_secret_opens_in_its_own_place_only() {
        let temp = tempfile::tempdir().unwrap();
        let store = open(temp.path());
        store
            .set_module_settings("a", &settings("\"geheim\""))
            .unwrap();
        store
            .with(|connection| {
                connection.execute_batch(
                    "INSERT INTO module_settings (module, value) VALUES ('b', '{}'); UPDATE module_secrets SET module = 'b'",
                )
            })
            .unwrap();
        let read = store.module_settings("b").unwrap().unwrap();
        assert_eq!((read.secrets.len(), read.lost.len()), (0, 1));
    }
}
