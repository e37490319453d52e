//! What was done to one module before.

use std::collections::{BTreeMap, BTreeSet};

use contara_store::{SetupRunRow, Store};

use super::records::{read, time};
use super::types::PastRun;
use super::{Engine, SetupError};
use crate::transaction::StepState;

/// Nobody reads more.
const SHOWN: usize = 100;

impl Engine {
    /// The latest first.
    pub(super) async fn history(&self, slug: &str) -> Result<Vec<PastRun>, SetupError> {
        let module = slug.to_owned();
        let rows = move |store: &Store| store.setup_runs(&module, SHOWN + 1);
        let rows = self.store.run(rows).await?;
        if rows.is_empty() && self.catalog().setup(slug).is_none() {
            return Err(SetupError::NoModule(slug.to_owned()));
        }
        Ok(past_runs(rows))
    }
}

fn past_runs(rows: Vec<SetupRunRow>) -> Vec<PastRun> {
    let mut runs: Vec<_> = rows.into_iter().map(past_run).collect();
    for index in 1..runs.len() {
        let changed = changed(&runs[index].answers, &runs[index - 1].answers);
        runs[index - 1].changed = changed;
    }
    runs.truncate(SHOWN);
    runs
}

fn past_run(row: SetupRunRow) -> PastRun {
    PastRun {
        transaction: row.transaction.cast_unsigned(),
        started: time(row.started),
        ended: row.ended.map(time),
        by: row.by,
        state: read(&row.state).unwrap_or(StepState::Interrupted),
        exit: row.exit,
        answers: serde_json::from_str(&row.answers).unwrap_or_default(),
        changed: Vec::new(),
    }
}

/// Fields whose answers differ. Of a secret nobody can tell.
fn changed(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<String> {
    let fields: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let differs = |field: &&String| old.get(*field) != new.get(*field);
    fields.into_iter().filter(differs).cloned().collect()
}
