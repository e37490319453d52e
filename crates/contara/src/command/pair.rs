//! `contara pair`: a fresh pairing code, over the admin socket.

use std::process::ExitCode;

use clap::Args;
use contara_i18n::message;
use serde::{Deserialize, Serialize};

use super::{DataDir, labelled, wait_for};
use crate::admin_client::Wait;
use crate::locale_language::say;

#[derive(Debug, Args)]
pub(crate) struct Pair {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct NewCode {
    pairing_code: String,
    pairing_url: String,
    expires_in_seconds: u64,
}

impl Pair {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let daemon = self.data_dir.admin_client()?;
        let code: NewCode = wait_for(daemon.post("/api/admin/pairing-codes", None, Wait::Short))?;
        if self.json {
            println!("{}", serde_json::to_string(&code)?);
        } else {
            let minutes = code.expires_in_seconds / 60;
            let ways = labelled([
                (message!("Pairing code"), code.pairing_code),
                (message!("Or open"), code.pairing_url),
            ]);
            println!("{}", ways.join("\n"));
            let valid = message!(
                "Valid for {minutes} minutes, for one browser.",
                minutes = minutes
            );
            println!("{}", say(&valid));
        }
        Ok(ExitCode::SUCCESS)
    }
}
