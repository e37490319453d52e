//! Everything that is not the product, one file per command. `main` only dispatches; what the commands share is in
//! `checkout` (where things lie), `process` (running programs), `tools` (what has to be installed), `web` and `python`
//! (building those two parts when they are out of date).

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod checkout;
mod codegen;
mod process;
mod python;
mod run;
mod setup_modules;
mod stamp;
mod test;
mod tools;
mod web;

/// Build, run, test and measure Contara.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is missing or out of date, then start Contara with its data in `.contara` of this checkout.
    Run(run::Args),
    /// Run the tests: all of them, or the steps that are named.
    Test(test::Args),
    /// Measure what is fast and what isn't; see docs/bench.md.
    Bench(bench::Args),
    /// Write the generated files that are committed, or check that they are up to date.
    Codegen(codegen::Args),
}

fn main() -> ExitCode {
    process::start_clock();
    let outcome = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::test(&args),
        Command::Bench(args) => bench::bench(&args),
        Command::Codegen(args) => codegen::codegen(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
