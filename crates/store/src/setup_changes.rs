//! The table `setup_changes`: files that runs of modules created, changed or deleted.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Row};

use crate::database::{Store, StoreError};

/// One file, link or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupChangeRow {
    /// Never used twice. Read only.
    pub id: i64,
    /// The module whose script it was. Read only.
    pub slug: String,
    /// Its path's bytes.
    pub path: Vec<u8>,
    /// What it was.
    pub before: Option<Vec<u8>>,
    /// What it became.
    pub after: Option<Vec<u8>>,
    /// The digest of its content before, if that is kept.
    pub before_content: Option<String>,
    /// The digest of its content after, if that is kept.
    pub after_content: Option<String>,
    /// Why its difference isn't shown.
    pub hidden: Option<String>,
}

/// Whether it is known what a run changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupRecordedRow {
    /// The run's.
    pub id: i64,
    /// The module.
    pub slug: String,
    /// Whether it is.
    pub is_compared: bool,
    /// When the module had been configured before: Unix time in seconds.
    pub configured_at: Option<i64>,
}

/// What a run changed, in numbers, and whether that was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetupRunFiles {
    /// Whether it is known.
    pub is_compared: bool,
    /// How many files, links and folders weren't there.
    pub created: u32,
    /// How many were there and are.
    pub changed: u32,
    /// How many aren't there any more.
    pub deleted: u32,
    /// When it was undone, in Unix time in milliseconds, and who did it.
    pub undone: Option<(i64, String)>,
}

impl Store {
    /// The number of a module's run that is under way.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn open_setup_run(&self, transaction: i64, slug: &str) -> Result<Option<i64>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT max(id) FROM setup_runs WHERE transaction_id = ?1 AND slug = ?2 AND ended IS NULL",
            )?;
            query.query_row((transaction, slug), |row| row.get(0))
        })
    }

    /// Keeps what a run changed; this is all of it.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn keep_setup_changes(
        &self,
        run: i64,
        changes: &[SetupChangeRow],
    ) -> Result<(), StoreError> {
        self.with_all_or_nothing(|connection| {
            connection.execute("DELETE FROM setup_changes WHERE run_id = ?1", [run])?;
            let mut add = connection.prepare_cached(
                "INSERT INTO setup_changes (run_id, path, before, after, before_content, after_content, hidden)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for change in changes {
                add.execute((
                    run,
                    &change.path,
                    &change.before,
                    &change.after,
                    &change.before_content,
                    &change.after_content,
                    &change.hidden,
                ))?;
            }
            connection
                .execute("UPDATE setup_runs SET is_compared = 1 WHERE id = ?1", [run])
                .map(drop)
        })
    }

    /// All that a transaction's runs changed, in the order in which that was done.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_changes(&self, transaction: i64) -> Result<Vec<SetupChangeRow>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT c.id, r.slug, c.path, c.before, c.after, c.before_content, c.after_content, c.hidden
                 FROM setup_changes c JOIN setup_runs r ON r.id = c.run_id
                 WHERE r.transaction_id = ?1 ORDER BY c.run_id, c.id",
            )?;
            query.query_map([transaction], row)?.collect()
        })
    }

    /// A transaction's runs, in order.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_recorded(&self, transaction: i64) -> Result<Vec<SetupRecordedRow>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, slug, is_compared, configured_at FROM setup_runs WHERE transaction_id = ?1 ORDER BY id",
            )?;
            query.query_map([transaction], recorded_row)?.collect()
        })
    }

    /// One run; `None` if there is none of this number.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_recorded_run(&self, run: i64) -> Result<Option<SetupRecordedRow>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, slug, is_compared, configured_at FROM setup_runs WHERE id = ?1",
            )?;
            query.query_row([run], recorded_row).optional()
        })
    }

    /// What the latest runs of a module changed, `limit` at most, by transaction and time of start.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_run_files(
        &self,
        slug: &str,
        limit: usize,
    ) -> Result<BTreeMap<(i64, i64), SetupRunFiles>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT r.transaction_id, r.started, r.is_compared,
                    (SELECT count(*) FROM setup_changes c WHERE c.run_id = r.id AND c.before IS NULL),
                    (SELECT count(*) FROM setup_changes c WHERE c.run_id = r.id AND c.before IS NOT NULL AND c.after IS NOT NULL),
                    (SELECT count(*) FROM setup_changes c WHERE c.run_id = r.id AND c.after IS NULL),
                    t.undone, t.undone_by
                 FROM setup_runs r JOIN setup_transactions t ON t.id = r.transaction_id
                 WHERE r.slug = ?1 ORDER BY r.id DESC LIMIT ?2",
            )?;
            query.query_map((slug, limit), files_row)?.collect()
        })
    }

    /// Paths of files whose difference wasn't shown for one of these reasons, whenever that was.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn hidden_setup_paths(&self, reasons: [&str; 2]) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT DISTINCT path FROM setup_changes WHERE hidden IN (?1, ?2)",
            )?;
            query.query_map(reasons, |row| row.get(0))?.collect()
        })
    }

    /// The digests of all contents that are kept.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_contents(&self) -> Result<BTreeSet<String>, StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT before_content FROM setup_changes WHERE before_content IS NOT NULL
                 UNION SELECT after_content FROM setup_changes WHERE after_content IS NOT NULL",
            )?;
            query.query_map([], |row| row.get(0))?.collect()
        })
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupChangeRow> {
    Ok(SetupChangeRow {
        id: row.get(0)?,
        slug: row.get(1)?,
        path: row.get(2)?,
        before: row.get(3)?,
        after: row.get(4)?,
        before_content: row.get(5)?,
        after_content: row.get(6)?,
        hidden: row.get(7)?,
    })
}

fn recorded_row(row: &Row<'_>) -> rusqlite::Result<SetupRecordedRow> {
    Ok(SetupRecordedRow {
        id: row.get(0)?,
        slug: row.get(1)?,
        is_compared: row.get(2)?,
        configured_at: row.get(3)?,
    })
}

fn files_row(row: &Row<'_>) -> rusqlite::Result<((i64, i64), SetupRunFiles)> {
    let undone: Option<i64> = row.get(6)?;
    let by: Option<String> = row.get(7)?;
    let files = SetupRunFiles {
        is_compared: row.get(2)?,
        created: row.get(3)?,
        changed: row.get(4)?,
        deleted: row.get(5)?,
        undone: undone.map(|at| (at, by.unwrap_or_default())),
    };
    Ok(((row.get(0)?, row.get(1)?), files))
}
