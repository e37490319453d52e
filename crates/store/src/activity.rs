//! The table `activity`: what happened and who did it. Repeats of the same are one row.

use std::borrow::Cow;

use rusqlite::{Connection, Row};

use crate::database::{Store, StoreError};

/// What was done, by whom, and how it ended: all by which a repeat is recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ActivityDeed {
    /// The family that it belongs to, by which people filter.
    pub kind: Cow<'static, str>,
    /// What was done.
    pub event: Cow<'static, str>,
    /// How it ended.
    pub outcome: Cow<'static, str>,
    /// The client; `None` for the admin and for strangers.
    pub client: Option<i64>,
    /// What it was called then.
    pub by: Option<String>,
    /// The module concerned.
    pub module: Option<String>,
    /// The action of the module.
    pub action: Option<String>,
    /// An address, or another client's name.
    pub about: Option<String>,
    /// The transaction of setup.
    pub transaction: Option<i64>,
}

/// A row. Times are Unix time in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRow {
    /// Never used twice; 0 for one that isn't in the table yet.
    pub id: i64,
    /// What was done.
    pub deed: ActivityDeed,
    /// When it was done, or was over, for the first time.
    pub at: i64,
    /// The same of the last repeat.
    pub last: i64,
    /// How often.
    pub times: i64,
    /// Milliseconds that the longest took, of what takes its time.
    pub longest: Option<i64>,
}

impl Store {
    /// Keeps rows, all or none, and the latest `most` of the table. Returns the id of each.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn keep_activity(&self, rows: &[ActivityRow], most: i64) -> Result<Vec<i64>, StoreError> {
        self.with_all_or_nothing(|connection| {
            let ids: Result<Vec<_>, _> = rows.iter().map(|row| write(connection, row)).collect();
            connection
                .prepare_cached(
                    "DELETE FROM activity WHERE id <= (SELECT max(id) FROM activity) - ?1",
                )?
                .execute([most])?;
            ids
        })
    }

    /// The latest rows, `limit` at most: of all kinds or of one, and only those before an id, if there is one.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn activity(
        &self,
        before: Option<i64>,
        kind: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ActivityRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, at, last, times, longest, kind, event, outcome, client, by_name, module, action, about, transaction_id
                 FROM activity WHERE id < ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY id DESC LIMIT ?3",
            )?;
            let before = before.unwrap_or(i64::MAX);
            query.query_map((before, kind, limit), read)?.collect()
        })
    }
}

fn write(connection: &Connection, row: &ActivityRow) -> rusqlite::Result<i64> {
    if row.id != 0 {
        let mut query = connection.prepare_cached(
            "UPDATE activity SET last = ?2, times = ?3, longest = ?4 WHERE id = ?1",
        )?;
        query.execute((row.id, row.last, row.times, row.longest))?;
        return Ok(row.id);
    }
    let mut query = connection.prepare_cached(
        "INSERT INTO activity
         (at, last, times, longest, kind, event, outcome, client, by_name, module, action, about, transaction_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) RETURNING id",
    )?;
    let deed = &row.deed;
    let values = (
        row.at,
        row.last,
        row.times,
        row.longest,
        &deed.kind,
        &deed.event,
        &deed.outcome,
        deed.client,
        &deed.by,
        &deed.module,
        &deed.action,
        &deed.about,
        deed.transaction,
    );
    query.query_row(values, |row| row.get(0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<ActivityRow> {
    let word = |column: usize| Ok::<_, rusqlite::Error>(Cow::Owned(row.get::<_, String>(column)?));
    Ok(ActivityRow {
        id: row.get(0)?,
        at: row.get(1)?,
        last: row.get(2)?,
        times: row.get(3)?,
        longest: row.get(4)?,
        deed: ActivityDeed {
            kind: word(5)?,
            event: word(6)?,
            outcome: word(7)?,
            client: row.get(8)?,
            by: row.get(9)?,
            module: row.get(10)?,
            action: row.get(11)?,
            about: row.get(12)?,
            transaction: row.get(13)?,
        },
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn row(kind: &'static str, at: i64) -> ActivityRow {
        ActivityRow {
            id: 0,
            deed: ActivityDeed {
                kind: kind.into(),
                event: "ran".into(),
                outcome: "done".into(),
                client: Some(7),
                by: Some("Firefox on Linux".into()),
                module: Some("mail".into()),
                action: Some("scan".into()),
                about: Some("10.0.0.7".into()),
                transaction: Some(3),
            },
            at,
            last: at,
            times: 1,
            longest: Some(12),
        }
    }

    fn ids(rows: &[ActivityRow]) -> Vec<i64> {
        rows.iter().map(|row| row.id).collect()
    }

    #[test]
    fn rows_are_read_back_latest_first_in_parts_and_by_kind() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let rows = [row("action", 1), row("module", 2), row("action", 3)];
        assert_eq!(store.keep_activity(&rows, 100).unwrap(), [1, 2, 3]);
        let all = store.activity(None, None, 9).unwrap();
        assert_eq!(ids(&all), [3, 2, 1]);
        let [_, _, first] = &all[..] else { panic!() };
        let [written, ..] = rows;
        assert_eq!(*first, ActivityRow { id: 1, ..written });
        assert_eq!(ids(&store.activity(Some(3), None, 1).unwrap()), [2]);
        let actions = store.activity(None, Some("action"), 9).unwrap();
        assert_eq!(ids(&actions), [3, 1]);
        assert_eq!(store.activity(Some(1), None, 9).unwrap(), []);
    }

    #[test]
    fn a_repeat_grows_its_row_and_nothing_else() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let ids = store
            .keep_activity(&[row("action", 1), row("module", 1)], 100)
            .unwrap();
        let repeated = ActivityRow {
            id: ids[0],
            last: 5,
            times: 9,
            longest: Some(80),
            ..row("action", 1)
        };
        let again = store.keep_activity(std::slice::from_ref(&repeated), 100);
        assert_eq!(again.unwrap(), [1]);
        let all = store.activity(None, None, 9).unwrap();
        let other = ActivityRow {
            id: ids[1],
            ..row("module", 1)
        };
        assert_eq!(all, [other, repeated]);
    }

    #[test]
    fn the_oldest_rows_go_and_a_repeat_of_them_changes_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let rows: Vec<_> = (1..=7).map(|at| row("action", at)).collect();
        store.keep_activity(&rows, 3).unwrap();
        let gone = ActivityRow {
            id: 1,
            ..row("action", 1)
        };
        store.keep_activity(&[gone, row("module", 8)], 3).unwrap();
        assert_eq!(ids(&store.activity(None, None, 9).unwrap()), [8, 7, 6]);
    }
}
