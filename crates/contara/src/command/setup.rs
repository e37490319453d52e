//! `contara setup …`: setup modules from the command line, for people at a terminal and for programs. One file per command; here is
//! what they share.

mod answers_file;
mod asking;
mod cancel;
mod changes_text;
mod daemon;
mod follow;
mod line;
mod list;
mod log;
mod plan;
mod plan_text;
mod run;
mod signing_in;
mod status;
mod terminal;
mod transaction_text;
mod undo;
mod wire;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use contara_protocol::stream::v1::setup::SetupState;
use serde_json::Value;

use super::DataDir;
use super::module::say;
use crate::admin_client::Refused;
use crate::is_broken_pipe;

const INSTALL_NOTES: &str = "\
What the modules ask is asked here, unless --answers has it: a TOML or JSON file of values by module \
and field, such as

  [dns]
  forwarders = [\"192.0.2.1\"]                     # a field with several values
  networks = [\"192.0.2.0/255.255.255.0\"]         # addresses with their masks
  fw_lan = true                                  # a check box
  password = { file = \"password.txt\" }           # a secret, beside this file
  token = { env = \"DNS_TOKEN\" }                  # or from the environment
  mirror = { login = \"me\", password = { file = \"mirror.txt\" } }   # for a repository of the module's

What the file leaves out is asked at a terminal, and else gets its default. Passwords are given once. \
The run goes on if this command is ended; `contara setup log -f` shows it again.
Exit status: 0 done, 1 failed or refused, 2 wrong usage, 3 cancelled, 4 interrupted because Contara ended, \
5 something has to be answered and nobody is there to ask, 130 this command was ended with Ctrl-C.";

const RETRY_NOTES: &str = "\
What was done isn't done again. A transaction that only waits for answers is gone on with as well. Answers \
that were given before are offered again, passwords aren't.
Exit status: as of `contara setup install`.";

const LOG_NOTES: &str = "\
Exit status: 0; with --follow by what became of it, as of `contara setup install`.";

const UNDO_NOTES: &str = "\
Puts the files that the transaction's scripts created, changed or deleted back as they were before: those below /etc, and those that
the modules name. Packages and services stay as they are. If files were changed since, nothing is done and they are named, unless
--overwrite is given. What came later and changed the same has to be undone first.
Exit status: 0 all is as it was, 1 refused or files are left, 5 somebody has to agree and nobody is there to ask.";

const PLAN_NOTES: &str = "\
Nothing is changed. --json prints what `POST /api/setup/plans` answers; if there is no plan, the problem \
with its `kind` and its `modules`.
Exit status: 0 if there is a plan, 1 if not.";

#[derive(Debug, Subcommand)]
pub(crate) enum Setup {
    /// Show which setup modules there are
    List(list::List),
    /// Say what installing modules would do
    #[command(after_help = PLAN_NOTES)]
    Plan(plan::Plan),
    /// Install modules and what they need, and configure them
    #[command(after_help = INSTALL_NOTES)]
    Install(run::Install),
    /// Configure modules, again if they are configured already
    #[command(after_help = INSTALL_NOTES)]
    Configure(run::Install),
    /// Show how transactions stand
    Status(status::Status),
    /// Show what a transaction's programs printed
    #[command(after_help = LOG_NOTES)]
    Log(log::Log),
    /// Go on with a transaction that failed, was cancelled or interrupted, or waits for answers
    #[command(after_help = RETRY_NOTES)]
    Retry(run::Retry),
    /// End what a transaction is doing; what was done stays done
    Cancel(cancel::Cancel),
    /// Put the files that a transaction's scripts changed back as they were
    #[command(after_help = UNDO_NOTES)]
    Undo(undo::Undo),
}

impl Setup {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let (ended, json) = match self {
            Self::List(command) => (command.run(), command.json),
            Self::Plan(command) => (command.run(), command.json),
            Self::Install(command) => (command.run(false), command.way.json),
            Self::Configure(command) => (command.run(true), command.way.json),
            Self::Status(command) => (command.run(), command.json),
            Self::Log(command) => (command.run(), command.json),
            Self::Retry(command) => (command.run(), command.way.json),
            Self::Cancel(command) => (command.run(), command.json),
            Self::Undo(command) => (command.run(), command.json),
        };
        match ended {
            Err(error) if json => refused_as_json(error),
            ended => ended,
        }
    }
}

/// How a transaction is named.
#[derive(Debug, Args)]
struct Numbered {
    /// The transaction's number, as `contara setup status` shows it [default: the one that matters now]
    #[arg(value_parser = number)]
    id: Option<u64>,
    #[command(flatten)]
    data_dir: DataDir,
}

fn number(text: &str) -> Result<u64, String> {
    let number = text.parse();
    number.map_err(|_| "a transaction has a number, which `contara setup status` shows".to_owned())
}

/// A program that asked for JSON gets why it was refused as JSON too.
fn refused_as_json(error: anyhow::Error) -> anyhow::Result<ExitCode> {
    let problem = error
        .downcast_ref::<Refused>()
        .map(|refused| &refused.problem)
        .filter(|problem| problem.is_object());
    match problem {
        None => Err(error),
        Some(problem) => {
            print_json(problem)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What a program reads of how a transaction ended.
fn exit_code(state: SetupState) -> ExitCode {
    ExitCode::from(match state {
        SetupState::Done => 0,
        SetupState::Cancelled => 3,
        SetupState::Interrupted => INTERRUPTED,
        SetupState::Waiting => UNANSWERED,
        SetupState::Failed | SetupState::Queued | SetupState::Running => 1,
    })
}

/// The daemon ended while it was under way.
const INTERRUPTED: u8 = 4;
/// Something has to be answered, and nobody is there to ask.
const UNANSWERED: u8 = 5;

fn print_json(value: &Value) -> anyhow::Result<()> {
    Ok(say(&serde_json::to_string_pretty(value)?)?)
}

/// Says something, if anybody still reads.
fn say_if_heard(text: &str) -> anyhow::Result<()> {
    match say(text).map_err(anyhow::Error::from) {
        Err(error) if is_broken_pipe(&error) => Ok(()),
        said => said,
    }
}

/// Whether somebody looks and can be asked.
fn is_attended() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
