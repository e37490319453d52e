//! What is shown once the daemon listens.
//!
//! The pairing code goes to whoever started the daemon and nobody else: not to the log, and not to the system's journal.

use std::io::{ErrorKind, Write};
use std::os::fd::AsFd;
use std::path::Path;

use contara_i18n::message;
use contara_server::App;
use contara_system::journal;
use serde::Serialize;

use crate::command::labelled;
use crate::locale_language::say;

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
    let text = text(app, url, data_folder, ready_json)?;
    let mut stdout = std::io::stdout();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        // Nobody reads it: no reason not to serve.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn text(app: &App, url: &str, data_folder: &Path, ready_json: bool) -> anyhow::Result<String> {
    let pair = format!("contara pair --data-dir {}", data_folder.display());
    if !ready_json && journal::is_journal(std::io::stdout().as_fd()) {
        return Ok(format!(
            "Contara is listening on {url}\nTo sign in, run: {pair}\n"
        ));
    }
    let code = app.new_pairing_code()?;
    let pairing_url = app.pairing_url(&code);
    let pairing_code = code.reveal();
    if ready_json {
        let ready = Ready {
            url,
            pairing_url,
            pairing_code,
            pid: std::process::id(),
        };
        return Ok(serde_json::to_string(&ready)? + "\n");
    }
    let listening = say(&message!("Contara is listening on {url}", url = url));
    let valid = say(&message!("valid for 5 minutes, for one browser"));
    let modules = data_folder.join("modules").display().to_string();
    let lines = labelled([
        (message!("Sign in"), pairing_url),
        (
            message!("Pairing code"),
            format!("{pairing_code} ({valid})"),
        ),
        (message!("More codes"), pair),
        (message!("Your modules"), modules),
    ]);
    let lines = lines.map(|line| format!("  {line}\n")).concat();
    let stop = say(&message!("Stop it with Ctrl-C."));
    Ok(format!("{listening}\n\n{lines}\n{stop}\n"))
}
