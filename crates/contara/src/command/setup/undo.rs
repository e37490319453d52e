//! `contara setup undo ID`: puts the files that a transaction's scripts changed back as they were.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use contara_i18n::{Message, message};
use serde_json::Value;

use super::daemon::{SetupApi, changed_since};
use super::terminal::Terminal;
use super::wire::{Changes, Undone};
use super::{UNANSWERED, changes_text, is_attended, print_json, say};
use crate::command::{DataDir, wait_for};
use crate::locale_language;
use crate::plain::plain;

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The transaction's number, as `contara setup status` shows it
    id: u64,
    /// Go on without asking
    #[arg(short, long)]
    yes: bool,
    /// Put back files that were changed since as well
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    data_dir: DataDir,
    /// Print nothing but one JSON object: what became of it, or why it was refused. Asks nothing, so it needs --yes
    #[arg(long)]
    pub(super) json: bool,
}

impl Undo {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let api = SetupApi::new(self.data_dir.admin_client()?);
        let changes: Changes = serde_json::from_value(wait_for(api.changes(self.id))?)?;
        if !self.json && changes.undo.possible {
            say(&self.preview(&changes))?;
        }
        if !self.yes && changes.undo.possible {
            if self.json || !is_attended() {
                let nobody = message!("Nobody is there to ask: to put them back, add --yes.");
                eprintln!("{}", locale_language::say(&nobody));
                return Ok(ExitCode::from(UNANSWERED));
            }
            ask_or_end(&message!("Put them back?"))?;
        }
        let undone = match wait_for(api.undo(self.id, self.overwrite)) {
            Err(error) => match changed_since(&error) {
                Some(paths) if !self.json => {
                    wait_for(api.undo(self.id, self.agreed(&paths, error)?))?
                }
                _ => return Err(error),
            },
            Ok(undone) => undone,
        };
        self.show(&undone)
    }

    fn preview(&self, changes: &Changes) -> String {
        let mut lines = vec![locale_language::say(&message!(
            "Transaction {id} did this to files:",
            id = self.id
        ))];
        lines.extend(changes_text::files(changes));
        lines.extend(changes_text::leaves(&changes.undo.leaves));
        lines.join("\n")
    }

    /// Whether files that were changed since are put back all the same: only somebody who is there says so.
    fn agreed(&self, paths: &[String], error: anyhow::Error) -> anyhow::Result<bool> {
        let changed = message!("These were changed since:");
        eprintln!("{}", locale_language::say(&changed));
        for path in paths {
            eprintln!("  {}", plain(path));
        }
        if self.yes || !is_attended() {
            let how = message!("To put them back all the same, add --overwrite.");
            eprintln!("{}", locale_language::say(&how));
            return Err(error);
        }
        ask_or_end(&message!("Put them back all the same?"))?;
        Ok(true)
    }

    fn show(&self, undone: &Value) -> anyhow::Result<ExitCode> {
        let read: Undone = serde_json::from_value(undone.clone())?;
        match self.json {
            true => print_json(undone)?,
            false => say(&changes_text::undone(self.id, &read))?,
        }
        Ok(match read.left.is_empty() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        })
    }
}

/// Whoever says no ends it.
fn ask_or_end(question: &Message) -> anyhow::Result<()> {
    if !Terminal::own().ask_whether(&locale_language::say(question), false)? {
        bail!(locale_language::say(&message!("nothing was done")));
    }
    Ok(())
}
