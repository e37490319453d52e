//! What was done to one module before.

use std::collections::{BTreeMap, BTreeSet};

use contara_store::{SetupRunFiles, SetupRunRow, Store};

use super::records::{read, time};
use super::types::{FileCounts, PastRun};
use super::{Engine, SetupError};
use crate::form::Shown;
use crate::transaction::StepState;

/// Nobody reads more.
const SHOWN: usize = 100;

impl Engine {
    /// The latest first.
    pub(super) async fn history(&self, slug: &str) -> Result<Vec<PastRun>, SetupError> {
        let module = slug.to_owned();
        let read = move |store: &Store| {
            let rows = store.setup_runs(&module, SHOWN + 1)?;
            Ok((rows, store.setup_run_files(&module, SHOWN + 1)?))
        };
        let (rows, files) = self.store.run(read).await?;
        if rows.is_empty() && self.catalog().setup(slug).is_none() {
            return Err(SetupError::NoModule(slug.to_owned()));
        }
        Ok(past_runs(rows, &files))
    }
}

/// By transaction and time of start.
type Files = BTreeMap<(i64, i64), SetupRunFiles>;

fn past_runs(rows: Vec<SetupRunRow>, files: &Files) -> Vec<PastRun> {
    let answers = rows.iter().map(|row| answers(&row.answers));
    let answers: Vec<_> = answers.collect();
    let rows = rows.into_iter().zip(&answers).enumerate();
    let runs = rows.map(|(index, (row, own))| {
        let files = files.get(&(row.transaction, row.started));
        PastRun {
            answers: texts(own),
            changed: answers
                .get(index + 1)
                .map_or_else(Vec::new, |before| changed(before, own)),
            ..past_run(row, files.cloned().unwrap_or_default())
        }
    });
    runs.take(SHOWN).collect()
}

fn answers(written: &str) -> BTreeMap<String, Shown> {
    serde_json::from_str(written).unwrap_or_default()
}

fn texts(answers: &BTreeMap<String, Shown>) -> BTreeMap<String, String> {
    let texts = answers.iter();
    let texts = texts.map(|(field, shown)| (field.clone(), shown.text().to_owned()));
    texts.collect()
}

/// Without what was answered.
fn past_run(row: SetupRunRow, files: SetupRunFiles) -> PastRun {
    PastRun {
        transaction: row.transaction.cast_unsigned(),
        started: time(row.started),
        ended: row.ended.map(time),
        by: row.by,
        state: read(&row.state).unwrap_or(StepState::Interrupted),
        exit: row.exit,
        answers: BTreeMap::new(),
        changed: Vec::new(),
        files: files.is_compared.then_some(FileCounts {
            created: files.created,
            changed: files.changed,
            deleted: files.deleted,
        }),
        undone: files.undone.map(|(at, by)| (time(at), by)),
    }
}

/// Fields whose answers differ. Of a secret nobody can tell.
fn changed(old: &BTreeMap<String, Shown>, new: &BTreeMap<String, Shown>) -> Vec<String> {
    let fields: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let differs = |field: &&String| match (old.get(*field), new.get(*field)) {
        (Some(old), Some(new)) => !old.is_same(new),
        _ => true,
    };
    fields.into_iter().filter(differs).cloned().collect()
}
