//! The binary: command line, configuration, and the order in which things start and stop.
//!
//! Owns no logic of its own: each command is a file that wires the rooms together.

mod admin_client;
mod command;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Turns a Linux machine into a dashboard of modules.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the daemon in the foreground.
    Serve(command::serve::Serve),
    /// Show a fresh code to sign a browser in with.
    Pair(command::pair::Pair),
    /// Work on modules.
    #[command(subcommand)]
    Module(Module),
}

#[derive(Debug, Subcommand)]
enum Module {
    /// Say everything that is wrong with or doubtful about a module.
    Check(command::module_check::ModuleCheck),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Pair(pair) => pair.run(),
        Command::Module(Module::Check(check)) => check.run(),
    };
    result.unwrap_or_else(|error| {
        // The whole chain of causes, each on a line of its own.
        eprintln!("error: {error}");
        for cause in error.chain().skip(1) {
            eprintln!("  because: {cause}");
        }
        ExitCode::FAILURE
    })
}
