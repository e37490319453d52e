//! `contara setup plan NAME…`: what installing modules would do.

use std::process::ExitCode;

use clap::Args;

use super::daemon::{Choice, SetupApi};
use super::{plan_text, print_json, say};
use crate::command::{DataDir, wait_for};

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The modules' names, as `contara setup list` shows them
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// Configure them again if they are configured already, as `contara setup configure` does
    #[arg(long)]
    reconfigure: bool,
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one JSON object: the plan as `POST /api/setup/plans` has it, or why there is none
    #[arg(long)]
    pub(super) json: bool,
}

impl Plan {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let api = SetupApi::new(self.data_dir.admin_client()?);
        let plan = wait_for(api.plan(Choice {
            modules: &self.names,
            reconfigure: self.reconfigure,
        }))?;
        if self.json {
            print_json(&plan)?;
        } else {
            say(&plan_text::text(&plan))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
