//! Packages that aren't signed as they should be. Some package managers see that only when they have them: then the repositories that
//! they may have come from are taken out again, as if they had been refused at once. dnf says which one that is, unless a package has
//! no signature at all; where nobody says it, all that the transaction has added go.

use std::collections::BTreeSet;

use contara_system::package_manager::repositories::{RepositoryOrder, places, remove};

use super::program::Stage;
use super::{Engine, SetupError};
use crate::transaction::machine::Event;
use crate::transaction::{Failure, StepKind, StepState, Transaction};
use contara_i18n::{message, with_causes};

/// How package managers say it: dnf(8), zypper(8).
const SIGNS: [&str; 2] = ["GPG check FAILED", "Signature verification failed"];

impl Engine {
    /// What follows from the end of an installation, if that failed for a signature.
    pub(super) async fn look_at_signatures(
        &self,
        stage: &Stage,
        ended: Option<Event>,
    ) -> Result<Option<Event>, SetupError> {
        match ended {
            Some(Event::Failed(failure)) if is_about_signatures(&failure) => {
                let event = self.refuse_unsigned(stage, failure).await?;
                Ok(Some(event))
            }
            other => Ok(other),
        }
    }

    async fn refuse_unsigned(&self, stage: &Stage, failure: Failure) -> Result<Event, SetupError> {
        let shown = {
            let live = self.live.lock().await;
            live.entries
                .get(&stage.id)
                .map(|entry| entry.shown().clone())
        };
        let names = match shown {
            Some(shown) => self.take_out(stage, &shown, &failure).await?,
            None => Vec::new(),
        };
        if names.is_empty() {
            let message = message!(
                "Packages aren't signed with a key that this machine trusts, so none was installed. Look at the keys of its repositories."
            );
            return Ok(Event::Failed(Failure { message, ..failure }));
        }
        let message = message!(
            "Packages aren't signed with the key that came with the repository {repositories}, so none was installed. The module has to bring the right key: correct that, and retry.",
            repositories = &names
        );
        Ok(Event::Unsigned(Failure {
            step: StepKind::Repositories,
            message,
            ..failure
        }))
    }

    /// Takes out what the transaction has added, as far as the failure may come from there; the names of it.
    async fn take_out(
        &self,
        stage: &Stage,
        shown: &Transaction,
        failure: &Failure,
    ) -> Result<Vec<String>, SetupError> {
        let has_added = |step: &crate::transaction::Step| {
            step.kind == StepKind::Repositories && step.state == StepState::Done
        };
        if !shown.steps.iter().any(has_added) {
            return Ok(Vec::new());
        }
        let places = match places(&*self.manager).await {
            Ok(Some(places)) => places,
            Ok(None) => return Ok(Vec::new()),
            Err(error) => {
                tracing::warn!("{}", with_causes(&error));
                return Ok(Vec::new());
            }
        };
        let lines = failure.last_lines.iter();
        let refused = lines.flat_map(|line| self.manager.refused_keys(line));
        let refused: BTreeSet<_> = refused.collect();
        let may_be_it = |order: &RepositoryOrder| {
            let key = order.key.as_ref();
            let key = key.map(|key| self.manager.key_path(&places, order, key));
            refused.is_empty() || key.is_some_and(|key| refused.contains(&key))
        };
        let mut names = Vec::new();
        let brought = self.brought(shown).into_iter();
        for brought in brought.filter(|one| may_be_it(&one.order)) {
            let order = brought.order;
            if remove(&*self.manager, &places, &order) {
                let text = message!(
                    "The repository {repository} was taken out again.",
                    repository = &order.name
                );
                stage.log.note(Some(&brought.module), text).await?;
                names.push(order.name);
            }
        }
        Ok(names)
    }
}

fn is_about_signatures(failure: &Failure) -> bool {
    let mut lines = failure.last_lines.iter();
    lines.any(|line| SIGNS.iter().any(|sign| line.contains(sign)))
}
