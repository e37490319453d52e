//! `contara setup cancel [ID]`: ends what a transaction is doing.

use std::process::ExitCode;

use clap::Args;
use contara_i18n::message;
use contara_protocol::stream::v1::setup::{SetupRebootState, SetupTransaction};

use super::daemon::{SetupApi, is_unfinished};
use super::follow::{Follower, Show};
use super::{Numbered, print_json, say, transaction_text};
use crate::command::wait_for;

#[derive(Debug, Args)]
pub(crate) struct Cancel {
    #[command(flatten)]
    transaction: Numbered,
    /// Print the transaction as it stands then, one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

impl Cancel {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let api = SetupApi::new(self.transaction.data_dir.admin_client()?);
        let cancelled = wait_for(async {
            let can_be = |one: &SetupTransaction| {
                is_unfinished(one) || one.reboot.state == SetupRebootState::At
            };
            let none = message!(
                "there is no transaction to cancel: `contara setup status` shows those that there are"
            );
            let found = api.named_or(self.transaction.id, can_be, &none);
            let id = found.await?.id;
            api.change(id, "cancel").await?;
            // What it ran is given a few seconds to end.
            Follower::new(&api, id, 0, Show::Nothing)
                .until_it_rests()
                .await
        })?;
        if self.json {
            print_json(&serde_json::to_value(&cancelled)?)?;
        } else {
            say(&transaction_text::details(&cancelled))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
