//! Questions of a transaction that waits, and what was answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use contara_i18n::Languages;

use super::entry::Kept;
use super::preparation::check;
use super::{Engine, SetupError};
use crate::form::{Form, Posted};
use crate::transaction::machine::Event;
use crate::transaction::{Need, Transaction, TransactionId};
use contara_i18n::message;

impl Engine {
    /// What is asked, with what was answered before.
    pub(super) async fn forms(
        &self,
        id: TransactionId,
        languages: &Languages,
    ) -> Result<Vec<Form>, SetupError> {
        let (shown, kept) = self.waiting(id).await?;
        let questions = self.questions(&shown, &kept, languages).await?;
        let forms = questions.into_iter().map(|questions| questions.form);
        Ok(forms.collect())
    }

    /// Checks and takes answers. All do, or none is taken.
    pub(super) async fn answer(
        self: &Arc<Self>,
        id: TransactionId,
        posted: &BTreeMap<String, Posted>,
        by: &str,
        languages: &Languages,
    ) -> Result<Transaction, SetupError> {
        self.require_root()?;
        let (shown, kept) = self.waiting(id).await?;
        let questions = self.questions(&shown, &kept, languages).await?;
        let answered = check(&questions, posted, by).await;
        let answered = answered.map_err(SetupError::Answers)?;
        let scripts = match self.scripts(&shown).await? {
            Ok(scripts) => scripts,
            Err(failure) => return Err(SetupError::WrongState(failure.message)),
        };
        let engine = Arc::clone(self);
        let text = message!("{person} answered the questions.", person = by);
        self.to_the_end(async move {
            let mut live = engine.live.lock().await;
            let event = Event::Answered { scripts };
            engine
                .change(&mut live, id, event, Some(answered), text)
                .await
        })
        .await?;
        self.transaction(id).await
    }

    /// A transaction that waits for answers, and those that were kept.
    async fn waiting(&self, id: TransactionId) -> Result<(Transaction, Kept), SetupError> {
        let live = self.live.lock().await;
        let entry = live.entries.get(&id);
        match entry.filter(|entry| entry.shown().needs == Some(Need::Answers)) {
            Some(entry) => Ok((entry.shown().clone(), entry.kept.clone())),
            None => {
                drop(live);
                let transaction = self.transaction(id).await?;
                Err(SetupError::WrongState(message!(
                    "transaction {transaction} doesn't wait for answers",
                    transaction = transaction.id
                )))
            }
        }
    }
}
