//! Transactions and their logs as people see them: what the journal has, and who waits for whom.

use std::sync::Arc;

use contara_store::Store;

use super::entry::Live;
use super::records::{from_record, line, row_id};
use super::types::LogPart;
use super::{Engine, SetupError};
use crate::transaction::{StepKind, StepState, Transaction, TransactionId, TransactionState};

impl Engine {
    /// The last ones.
    pub(super) async fn transactions(&self, limit: usize) -> Result<Vec<Transaction>, SetupError> {
        let read = move |store: &Store| store.setup_transactions(limit);
        let records = self.store.run(read).await?;
        let shown = records.into_iter().map(|record| from_record(record).0);
        let mut shown: Vec<_> = {
            let live = self.live.lock().await;
            shown.map(|shown| view(&live, shown)).collect()
        };
        for transaction in &mut shown {
            self.add_links(transaction).await;
        }
        Ok(shown)
    }

    /// One of them.
    pub(super) async fn transaction(&self, id: TransactionId) -> Result<Transaction, SetupError> {
        let read = move |store: &Store| store.setup_transaction(row_id(id));
        let record = self.store.run(read).await?;
        let record = record.ok_or(SetupError::NoTransaction(id))?;
        let mut shown = {
            let live = self.live.lock().await;
            view(&live, from_record(record).0)
        };
        self.add_links(&mut shown).await;
        Ok(shown)
    }

    /// Of modules that are configured, in the transaction's own language.
    async fn add_links(&self, shown: &mut Transaction) {
        let catalog = self.catalog();
        let is_done = shown.state == TransactionState::Done;
        for module in &mut shown.modules {
            let is_through = match module.state {
                StepState::Done => true,
                StepState::Disabled => is_done,
                _ => false,
            };
            if let Some((found, manifest)) = catalog.setup(&module.slug).filter(|_| is_through) {
                let manifest = self.manifest_for(found, manifest, &shown.languages).await;
                let links = manifest.links.iter();
                let links = links.map(|link| (link.name.clone(), link.value.clone()));
                module.links = links.collect();
            }
        }
    }

    /// A part of a log.
    pub(super) async fn log(
        self: &Arc<Self>,
        id: TransactionId,
        after: u64,
        limit: usize,
    ) -> Result<LogPart, SetupError> {
        let row = row_id(id);
        let from = row_id(after);
        let read = move |store: &Store| store.setup_lines(row, from, limit.saturating_add(1));
        let mut rows = self.store.run(read).await?;
        if rows.is_empty() {
            self.transaction(id).await?;
        }
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let mut lines: Vec<_> = rows.into_iter().map(line).collect();
        let finished = lines.iter().take_while(|line| !line.is_open);
        let finished = finished.count();
        let next = lines[..finished].last().map_or(after, |line| line.number);
        // What Contara says behind a line that is still open comes when that is finished: it would come again and again.
        let is_held = finished + 1 < lines.len();
        lines.truncate(finished + 1);
        Ok(LogPart {
            lines,
            next,
            has_more: has_more && !is_held,
        })
    }
}

/// What only the engine knows is added. What is being worked with is at least as new as what was read.
fn view(live: &Live, read: Transaction) -> Transaction {
    let lines = read.lines;
    let entry = live.entries.get(&read.id);
    let mut shown = entry.map_or(read, |entry| entry.shown().clone());
    let packages = shown
        .steps
        .iter_mut()
        .find(|step| step.kind == StepKind::Packages);
    let packages = packages.filter(|step| step.state == StepState::Running);
    if let Some((step, entry)) = packages.zip(entry) {
        step.progress.clone_from(&entry.progress.borrow());
    }
    shown.lines = lines;
    shown.behind = live.behind(shown.id);
    shown
}
