//! What is shown once the daemon listens.
//!
//! The pairing code goes to whoever started the daemon and nobody else: not to the log, and not to the system's journal.

use std::os::fd::AsFd;
use std::path::Path;

use contara_server::App;
use contara_system::journal;
use serde::Serialize;

/// The line that `--ready-json` prints.
#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    pairing_url: String,
    pairing_code: String,
    pid: u32,
}

pub(super) fn print(
    app: &App,
    url: &str,
    data_folder: &Path,
    ready_json: bool,
) -> anyhow::Result<()> {
    if ready_json {
        let code = app.new_pairing_code()?;
        let pairing_url = app.pairing_url(&code);
        let ready = Ready {
            url,
            pairing_url,
            pairing_code: code.reveal(),
            pid: std::process::id(),
        };
        println!("{}", serde_json::to_string(&ready)?);
        return Ok(());
    }
    println!("Contara is listening on {url}");
    let pair = format!("contara pair --data-dir {}", data_folder.display());
    if journal::is_journal(std::io::stdout().as_fd()) {
        println!("To sign in, run: {pair}");
        return Ok(());
    }
    let code = app.new_pairing_code()?;
    println!();
    println!("  Sign in:      {}", app.pairing_url(&code));
    println!(
        "  Pairing code: {} (valid for 5 minutes, for one browser)",
        code.reveal()
    );
    println!("  More codes:   {pair}");
    println!("  Your modules: {}", data_folder.join("modules").display());
    println!();
    println!("Stop it with Ctrl-C.");
    Ok(())
}
