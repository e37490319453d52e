//! `contara setup log [-f] [ID]`: what a transaction's programs printed.

use std::process::ExitCode;

use clap::Args;
use contara_i18n::message;
use serde_json::Value;

use super::daemon::SetupApi;
use super::follow::{Follower, Gone, Show};
use super::wire::LogPart;
use super::{INTERRUPTED, Numbered, exit_code, say, transaction_text};
use crate::command::wait_for;
use crate::locale_language::error_line;

#[derive(Debug, Args)]
pub(crate) struct Log {
    #[command(flatten)]
    transaction: Numbered,
    /// Go on with every further line until it is over
    #[arg(short, long)]
    follow: bool,
    /// Print one JSON object a line, as the API has it; not with --follow
    #[arg(long, conflicts_with = "follow")]
    pub(super) json: bool,
}

impl Log {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let api = SetupApi::new(self.transaction.data_dir.admin_client()?);
        match wait_for(self.show(&api)) {
            Err(error) if error.is::<Gone>() => {
                eprintln!("{}", error_line(&error.to_string()));
                Ok(ExitCode::from(INTERRUPTED))
            }
            shown => shown,
        }
    }

    async fn show(&self, api: &SetupApi) -> anyhow::Result<ExitCode> {
        let none = message!(
            "there is no transaction yet: `contara setup status` shows those that there are"
        );
        let found = api.named_or(self.transaction.id, |_| true, &none).await?;
        if self.json {
            print_lines(api, found.id).await?;
            return Ok(ExitCode::SUCCESS);
        }
        if !self.follow {
            Follower::new(api, found.id, 0, Show::Lines).look().await?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut follower = Follower::new(api, found.id, 0, Show::Progress);
        let ended = follower.until_it_is_over().await?;
        say(&transaction_text::outcome(&ended))?;
        Ok(exit_code(ended.state))
    }
}

async fn print_lines(api: &SetupApi, id: u64) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let LogPart { lines, next, more } = api.log(id, after).await?;
        for line in &lines {
            let line: Value = serde_json::to_value(line)?;
            say(&line.to_string())?;
        }
        if !more {
            return Ok(());
        }
        after = next;
    }
}
