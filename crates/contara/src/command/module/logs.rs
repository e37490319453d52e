//! `contara module logs`: what a module logged and printed, and what the host did with it.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use contara_i18n::message;
use serde::Deserialize;
use serde_json::Value;

use super::log_line::LogLine;
use super::{Named, colour, say};
use crate::admin_client::{AdminClient, Wait};
use crate::command::wait_for;
use crate::locale_language;

#[derive(Debug, Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    module: Named,
    /// Go on with every further line, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    /// How many of the latest lines; the daemon keeps 1,000
    #[arg(short = 'n', long, value_name = "N", default_value_t = 100)]
    lines: u32,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// What the API answers.
#[derive(Debug, Deserialize)]
struct Part {
    lines: Vec<Value>,
    next: u64,
}

impl Logs {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let daemon = self.module.data_dir.admin_client()?;
        wait_for(self.show(&daemon))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, daemon: &AdminClient) -> anyhow::Result<()> {
        let path = self.module.path(&format!("/logs?limit={}", self.lines));
        let mut part = self.read(daemon, &path).await?;
        let mut seen = self.print(&part, None)?;
        if !self.follow {
            return Ok(());
        }
        loop {
            let path = self
                .module
                .path(&format!("/logs?after={}&wait=25", part.next));
            part = self.read(daemon, &path).await?;
            seen = self.print(&part, seen)?;
        }
    }

    async fn read(&self, daemon: &AdminClient, path: &str) -> anyhow::Result<Part> {
        match daemon.get(path, Wait::AsLongAsItTakes).await {
            Ok(part) => Ok(part),
            Err(error) => Err(self.module.explain(daemon, error).await),
        }
    }

    /// Gives the number of the last line that was printed so far.
    fn print(&self, part: &Part, mut seen: Option<u64>) -> anyhow::Result<Option<u64>> {
        for value in &part.lines {
            let line = LogLine::deserialize(value)
                .with_context(|| locale_language::say(&message!("a log line can't be read")))?;
            if self.json {
                say(&value.to_string())?;
            } else {
                if let Some(left_out) = gap(seen, line.seq) {
                    let left_out = message!(
                        "({count} lines were too many and are left out)",
                        count = left_out
                    );
                    say(&locale_language::say(&left_out))?;
                }
                say(&line.text(colour()))?;
            }
            seen = Some(line.seq);
        }
        Ok(seen)
    }
}

/// How many lines are missing between two that follow each other here.
fn gap(seen: Option<u64>, next: u64) -> Option<u64> {
    let missing = next.checked_sub(seen? + 1)?;
    (missing > 0).then_some(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_lines_are_counted() {
        assert_eq!(gap(None, 7), None);
        assert_eq!(gap(Some(6), 7), None);
        assert_eq!(gap(Some(6), 10), Some(3));
        // The daemon was started anew.
        assert_eq!(gap(Some(6), 1), None);
    }
}
