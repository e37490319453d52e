//! `contara pair`: a fresh pairing code, over the admin socket.

use std::process::ExitCode;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{DataDir, admin_socket};
use crate::admin_client;

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
        let socket = admin_socket(&self.data_dir.path()?)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let code: NewCode =
            runtime.block_on(admin_client::post(&socket, "/api/admin/pairing-codes"))?;
        if self.json {
            println!("{}", serde_json::to_string(&code)?);
        } else {
            println!("Pairing code: {}", code.pairing_code);
            println!("Or open:      {}", code.pairing_url);
            println!(
                "Valid for {} minutes, for one browser.",
                code.expires_in_seconds / 60
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
