//! The binary: command line, configuration, and the order in which things start and stop.
//!
//! Owns no logic of its own: each command is a file that wires the rooms together.

mod admin_client;
mod command;
mod configuration;
mod locale_language;
mod plain;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

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
        eprintln!("error: {error}");
        for cause in error.chain().skip(1) {
            eprintln!("  because: {cause}");
        }
        ExitCode::FAILURE
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
