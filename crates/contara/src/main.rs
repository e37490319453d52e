//! The binary: command line, configuration, and the order in which things start and stop.
//!
//! Owns no logic of its own: each command is a file that wires the rooms together.

mod admin_client;
mod command;
mod configuration;
mod locale_language;
mod plain;

use std::error::Error;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use contara_i18n::{Explained, message};
use contara_store::OpenError;
use contara_system::data_folder::DataFolderError;
use locale_language::{error_line, say};

/// Turns a Linux machine into a dashboard of modules.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the daemon in the foreground
    Serve(command::serve::Serve),
    /// Show a fresh code to sign a browser in with
    Pair(command::pair::Pair),
    /// Write, check, run and watch modules
    #[command(subcommand)]
    Module(command::module::Module),
    /// Install and configure what a machine is for: setup modules
    #[command(subcommand)]
    Setup(command::setup::Setup),
    /// Print the reference of all commands
    #[command(hide = true)]
    Reference(command::reference::Reference),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Pair(pair) => pair.run(),
        Command::Module(module) => module.run(),
        Command::Setup(setup) => setup.run(),
        Command::Reference(reference) => Ok(reference.run(Arguments::command())),
    };
    result.unwrap_or_else(|error| {
        // Whoever read our output has had enough, as `head` has.
        if is_broken_pipe(&error) {
            return ExitCode::SUCCESS;
        }
        // The whole chain of causes, each on a line of its own.
        let mut chain = error.chain().map(words);
        eprintln!("{}", error_line(&chain.next().unwrap_or_default()));
        for cause in chain {
            eprintln!("  {}", say(&message!("because: {cause}", cause = cause)));
        }
        ExitCode::FAILURE
    })
}

/// An error's own, in the language of the terminal where it has them in one.
fn words(error: &(dyn Error + 'static)) -> String {
    if let Some(error) = error.downcast_ref::<DataFolderError>() {
        return say(&error.message());
    }
    match error.downcast_ref::<OpenError>() {
        Some(error) => say(&error.message()),
        None => error.to_string(),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
