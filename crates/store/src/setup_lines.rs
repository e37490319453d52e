//! The table `setup_lines`: the logs of transactions.

use rusqlite::{Connection, Row};

use crate::database::{Store, StoreError};

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupLineRow {
    /// From 1, within the transaction.
    pub number: i64,
    /// When it came: Unix time in milliseconds.
    pub at: i64,
    /// The module whose script printed it.
    pub module: Option<String>,
    /// What it is.
    pub kind: String,
    /// The digit that it began with.
    pub level: Option<u8>,
    /// Without secrets; what Contara says in English.
    pub text: String,
    /// JSON: what Contara says with its values, if it has any, for other languages.
    pub message: Option<String>,
    /// Whether its end is still to come.
    pub is_open: bool,
}

impl Store {
    /// Keeps these lines, all or none. A line whose number is there already is replaced.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn write_setup_lines(
        &self,
        transaction: i64,
        lines: &[SetupLineRow],
    ) -> Result<(), StoreError> {
        self.with_all_or_nothing(|connection| {
            let mut lines = lines.iter();
            lines.try_for_each(|line| write(connection, transaction, line))
        })
    }

    /// Lines after the one of this number, in order, `limit` at most.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn setup_lines(
        &self,
        transaction: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<SetupLineRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT number, at, module, kind, level, text, message, is_open FROM setup_lines
                 WHERE transaction_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            )?;
            query.query_map((transaction, after, limit), row)?.collect()
        })
    }

    /// Keeps about so many lines of all logs together: ended transactions lose theirs, the oldest first, and have `instead`.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn make_room_for_setup_lines(
        &self,
        most: i64,
        instead: &SetupLineRow,
    ) -> Result<(), StoreError> {
        let too_old = self.with(|connection| {
            let mut query = connection.prepare_cached(
                "WITH logs AS (
                     SELECT id, ended,
                         (SELECT coalesce(max(number), 0) FROM setup_lines WHERE transaction_id = id) AS lines
                     FROM setup_transactions),
                 sums AS (SELECT *, sum(lines) OVER (ORDER BY id DESC) AS total FROM logs)
                 SELECT id FROM sums WHERE total > ?1 AND lines > ?2 AND ended IS NOT NULL",
            )?;
            query
                .query_map((most, instead.number), |row| row.get(0))?
                .collect::<Result<Vec<i64>, _>>()
        })?;
        for transaction in too_old {
            self.with_all_or_nothing(|connection| {
                let forget = "DELETE FROM setup_lines WHERE transaction_id = ?1";
                connection.prepare_cached(forget)?.execute([transaction])?;
                write(connection, transaction, instead)
            })?;
        }
        Ok(())
    }

    /// Nothing more comes of lines whose end was still to come.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn close_setup_lines(&self, transaction: i64) -> Result<(), StoreError> {
        self.with(|connection| {
            let mut query = connection.prepare_cached(
                "UPDATE setup_lines SET is_open = 0 WHERE transaction_id = ?1 AND is_open = 1",
            )?;
            query.execute([transaction]).map(drop)
        })
    }
}

fn write(connection: &Connection, transaction: i64, line: &SetupLineRow) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "INSERT OR REPLACE INTO setup_lines (transaction_id, number, at, module, kind, level, text, message, is_open)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let values = (
        transaction,
        line.number,
        line.at,
        &line.module,
        &line.kind,
        line.level,
        &line.text,
        &line.message,
        line.is_open,
    );
    query.execute(values).map(drop)
}

fn row(row: &Row<'_>) -> rusqlite::Result<SetupLineRow> {
    Ok(SetupLineRow {
        number: row.get(0)?,
        at: row.get(1)?,
        module: row.get(2)?,
        kind: row.get(3)?,
        level: row.get(4)?,
        text: row.get(5)?,
        message: row.get(6)?,
        is_open: row.get(7)?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::setup_transactions::SetupConsequences;
    use crate::setup_transactions::tests::a_transaction;

    fn line(number: i64) -> SetupLineRow {
        SetupLineRow {
            number,
            at: 1_000 + number,
            module: Some("mail".into()),
            kind: "output".into(),
            level: Some(7),
            text: format!("line {number}"),
            message: None,
            is_open: false,
        }
    }

    #[test]
    fn lines_are_read_in_parts_and_grow_in_place() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let id = a_transaction(&store);
        let open = SetupLineRow {
            is_open: true,
            ..line(3)
        };
        store
            .write_setup_lines(id, &[line(1), line(2), open])
            .unwrap();
        let grown = SetupLineRow {
            text: "line 3, longer".into(),
            ..line(3)
        };
        store
            .write_setup_lines(id, &[grown.clone(), line(4)])
            .unwrap();
        assert_eq!(store.setup_lines(id, 0, 1).unwrap(), [line(1)]);
        assert_eq!(store.setup_lines(id, 2, 9).unwrap(), [grown, line(4)]);
        let record = store.setup_transaction(id).unwrap().unwrap();
        assert_eq!(record.transaction.lines, 4);
    }

    #[test]
    fn a_batch_is_kept_whole_or_not_at_all() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let id = a_transaction(&store);
        // SQLite refuses the second: there is no such transaction.
        assert!(store.write_setup_lines(id + 1, &[line(1)]).is_err());
        assert_eq!(store.setup_lines(id + 1, 0, 9).unwrap(), []);
    }

    #[test]
    fn the_oldest_logs_make_room_but_not_of_what_goes_on() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let logs = [true, false, true, true].map(|has_ended| {
            let id = a_transaction(&store);
            let mut record = store.setup_transaction(id).unwrap().unwrap();
            record.transaction.ended = has_ended.then_some(9_000);
            let none = SetupConsequences::default();
            store.keep_setup_transaction(&record, &none, 9_000).unwrap();
            store
                .write_setup_lines(id, &[line(1), line(2), line(3)])
                .unwrap();
            id
        });
        let gone = SetupLineRow {
            text: "gone".into(),
            ..line(1)
        };
        store.make_room_for_setup_lines(6, &gone).unwrap();
        store.make_room_for_setup_lines(6, &gone).unwrap();
        let all = [line(1), line(2), line(3)].to_vec();
        assert_eq!(
            logs.map(|id| store.setup_lines(id, 0, 9).unwrap()),
            [vec![gone], all.clone(), all.clone(), all]
        );
    }

    #[test]
    fn reading_a_part_of_a_log_uses_the_index() {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        let plan = "EXPLAIN QUERY PLAN SELECT number FROM setup_lines
                    WHERE transaction_id = 1 AND number > 2 ORDER BY number LIMIT 3";
        let plan: String = store
            .with(|connection| connection.query_row(plan, [], |row| row.get(3)))
            .unwrap();
        assert!(
            plan.starts_with("SEARCH setup_lines USING PRIMARY KEY"),
            "{plan}"
        );
    }
}
