//! The page `docs/reference/cli.md`, made of what `--help` says. Hidden: `cargo xtask codegen` calls it.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, Command};

/// As wide as the page's lines.
const WIDTH: usize = 100;

#[derive(Debug, Args)]
pub(crate) struct Reference;

impl Reference {
    #[allow(clippy::unused_self, reason = "every command is run so")]
    pub(crate) fn run(&self, contara: Command) -> ExitCode {
        print!("{}", page(contara));
        ExitCode::SUCCESS
    }
}

/// Every command with its help, each under a heading of its own.
fn page(contara: Command) -> String {
    let mut contara = contara.term_width(WIDTH);
    contara.build();
    let mut page =
        "# The command line\n\nWhat `--help` says, made by `cargo xtask codegen`.\n".to_owned();
    describe(&mut contara, &mut page);
    page
}

fn describe(command: &mut Command, page: &mut String) {
    let name = command
        .get_bin_name()
        .unwrap_or_else(|| command.get_name())
        .to_owned();
    let help = command.render_long_help().to_string();
    let lines: Vec<_> = help.lines().map(str::trim_end).collect();
    // Writing to a string can't fail.
    let _ = write!(page, "\n## {name}\n\n```text\n{}\n```\n", lines.join("\n"));
    for inner in command.get_subcommands_mut() {
        if !inner.is_hide_set() && inner.get_name() != "help" {
            describe(inner, page);
        }
    }
}
