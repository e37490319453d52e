//! `contara setup status [ID]`: how transactions stand, or one of them in full.

use std::process::ExitCode;

use clap::Args;
use contara_i18n::message;
use serde_json::json;

use super::daemon::SetupApi;
use super::wire::Changes;
use super::{changes_text, print_json, say, transaction_text};
use crate::command::{DataDir, wait_for};
use crate::locale_language;

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The transaction's number; without it all are listed, the latest first
    #[arg(value_parser = super::number)]
    id: Option<u64>,
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one JSON object: the transaction, or `transactions`, as the API has them
    #[arg(long)]
    pub(super) json: bool,
}

impl Status {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let api = SetupApi::new(self.data_dir.admin_client()?);
        match self.id {
            Some(id) => wait_for(self.one(&api, id))?,
            None => wait_for(self.all(&api))?,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn one(&self, api: &SetupApi, id: u64) -> anyhow::Result<()> {
        let transaction = api.transaction(id).await?;
        if self.json {
            return print_json(&serde_json::to_value(&transaction)?);
        }
        say(&transaction_text::details(&transaction))?;
        let changes: Changes = serde_json::from_value(api.changes(id).await?)?;
        match changes_text::changes(id, &changes) {
            text if text.is_empty() => Ok(()),
            text => Ok(say(&text)?),
        }
    }

    async fn all(&self, api: &SetupApi) -> anyhow::Result<()> {
        let transactions = api.transactions().await?;
        if self.json {
            return print_json(&json!({"transactions": transactions}));
        }
        if transactions.is_empty() {
            let nothing = message!("Nothing has been set up yet. See `contara setup list`.");
            return Ok(say(&locale_language::say(&nothing))?);
        }
        Ok(say(&transaction_text::overview(&transactions))?)
    }
}
