//! `cargo xtask test`: the steps of the test run. Every step runs, whatever became of those before it; a table at the end
//! sums up. Each step makes what it needs (web packages, the Python environment), so that it can also be run alone.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use clap::ValueEnum;
use rustix::process::setpriority_process;

use crate::checkout::Checkout;
use crate::{codegen, process, python, setup_modules, tools, web};

/// The release of cargo-deny whose configuration `deny.toml` is.
const CARGO_DENY: &str = "0.20.2";
/// The program, or why there is none. Building it takes a minute and nothing but a processor, so it is begun early.
static CARGO_DENY_BUILT: LazyLock<Result<PathBuf, String>> =
    LazyLock::new(|| build_cargo_deny().map_err(|error| format!("{error:#}")));

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The steps to run; all of them if none is named.
    #[arg(value_enum)]
    steps: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Step {
    /// What the tests need is installed; as root on Debian, install what only they need.
    Tools,
    /// The web client: lint, types, component tests, build.
    Web,
    /// The Python SDK and the modules that ship: lint, format, types, tests.
    Python,
    /// Generated files are up to date.
    Codegen,
    /// All crates: format, clippy, tests.
    Rust,
    /// Licences and sources of all dependencies, as `deny.toml` wants them.
    Deny,
    /// `ShellCheck` over the shell scripts.
    Shell,
    /// The setup modules that ship, on a Debian root from nothing; only as root on Debian.
    Setup,
    /// The real daemon, real Python and a real browser.
    E2e,
}

struct Report {
    step: Step,
    outcome: Result<()>,
    took: Duration,
}

pub(crate) fn test(args: &Args) -> Result<()> {
    let checkout = Checkout::find()?;
    let steps = if args.steps.is_empty() {
        Step::value_variants()
    } else {
        &args.steps
    };
    if steps.contains(&Step::Deny) {
        thread::spawn(build_behind_the_others);
    }
    let reports: Vec<_> = steps.iter().map(|step| step.report(&checkout)).collect();
    print!("{}", table(&reports));
    if reports.iter().any(|report| report.outcome.is_err()) {
        bail!("the test run failed");
    }
    Ok(())
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    fn report(self, checkout: &Checkout) -> Report {
        process::say(&format!("== {}", self.name()));
        let start = Instant::now();
        let outcome = self.run(checkout);
        if let Err(error) = &outcome {
            process::say(&format!("== {} failed: {error:#}", self.name()));
        }
        Report {
            step: self,
            outcome,
            took: start.elapsed(),
        }
    }

    fn run(self, checkout: &Checkout) -> Result<()> {
        match self {
            Self::Tools => check_tools(),
            Self::Web => check_web(checkout),
            Self::Python => check_python(checkout),
            Self::Codegen => codegen::check(checkout),
            Self::Rust => check_rust(checkout),
            Self::Deny => check_dependencies(checkout),
            Self::Shell => check_shell(checkout),
            Self::Setup => setup_modules::check(checkout),
            Self::E2e => check_end_to_end(checkout),
        }
    }
}

fn check_tools() -> Result<()> {
    if tools::can_install() {
        tools::install_on_debian(&tools::missing_and_installable())?;
    }
    let mut missing = tools::missing_for_run();
    missing.extend(tools::missing_for_tests());
    tools::require(&missing)
}

fn check_web(checkout: &Checkout) -> Result<()> {
    web::packages(checkout)?;
    all(["lint", "check", "test"]
        .map(|script| process::run(web::npm(checkout).args(["run", script]))))?;
    web::build(checkout)
}

fn check_python(checkout: &Checkout) -> Result<()> {
    python::environment(checkout)?;
    let run = |name, arguments: &[&str]| process::run(python::tool(checkout, name).args(arguments));
    all([
        run("ruff", &["check", ".", "../modules"]),
        run("ruff", &["format", "--check", ".", "../modules"]),
        run("mypy", &[]),
        run("pytest", &["-q"]),
    ])
}

fn check_rust(checkout: &Checkout) -> Result<()> {
    let python = python::environment(checkout)?;
    let mut clippy = process::cargo(checkout);
    clippy.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]);
    let mut tests = process::cargo(checkout);
    tests
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .env("CONTARA_PYTHON", python);
    all([
        process::run(process::cargo(checkout).args(["fmt", "--all", "--check"])),
        process::run(&mut clippy),
        process::run(&mut tests),
    ])
}

/// Tests that measure time run meanwhile: they go first.
fn build_behind_the_others() {
    const LAST: i32 = 19;
    // The system counts this by thread; what a thread starts has it from there. Without it the build is only less polite.
    let _ = setpriority_process(None, LAST);
    LazyLock::force(&CARGO_DENY_BUILT);
}

fn build_cargo_deny() -> Result<PathBuf> {
    let checkout = Checkout::find()?;
    let folder = checkout
        .target()?
        .join(format!("tools/cargo-deny-{CARGO_DENY}"));
    let cargo_deny = folder.join("bin/cargo-deny");
    if !cargo_deny.exists() {
        // Without optimisations it builds in a minute instead of three, and still checks in one second.
        process::output(
            process::cargo(&checkout)
                .args(["install", "cargo-deny", "--version", CARGO_DENY])
                .args(["--locked", "--debug", "--quiet", "--root"])
                .arg(&folder),
        )?;
    }
    Ok(cargo_deny)
}

fn check_dependencies(checkout: &Checkout) -> Result<()> {
    let cargo_deny = CARGO_DENY_BUILT.as_ref().map_err(|why| anyhow!("{why}"))?;
    process::run(
        Command::new(cargo_deny)
            .current_dir(checkout.root())
            .args(["--locked", "check", "--hide-inclusion-graph"])
            .args(["licenses", "bans", "sources"]),
    )
}

fn check_shell(checkout: &Checkout) -> Result<()> {
    let mut list = Command::new("git");
    list.current_dir(checkout.root())
        .args(["ls-files", ".ci/run", "*.sh"]);
    let scripts = process::output(&mut list)?;
    process::run(
        Command::new("shellcheck")
            .current_dir(checkout.root())
            .args(scripts.lines()),
    )
}

fn check_end_to_end(checkout: &Checkout) -> Result<()> {
    web::build(checkout)?;
    let python = python::environment(checkout)?;
    process::build(process::cargo(checkout).args(["build", "--workspace", "--locked"]))?;
    process::run(
        web::npm(checkout)
            .args(["run", "e2e"])
            .env("CONTARA_BIN", checkout.target()?.join("debug/contara"))
            .env("CONTARA_PYTHON", python),
    )
}

/// All of several checks were run; fails with what every failed one says.
fn all<const N: usize>(outcomes: [Result<()>; N]) -> Result<()> {
    let failures: Vec<_> = outcomes
        .into_iter()
        .filter_map(Result::err)
        .map(|error| format!("{error:#}"))
        .collect();
    if !failures.is_empty() {
        bail!(failures.join("; "));
    }
    Ok(())
}

fn table(reports: &[Report]) -> String {
    let mut text = String::from("\nstep      result   seconds\n");
    for report in reports {
        let result = if report.outcome.is_ok() {
            "ok"
        } else {
            "FAILED"
        };
        let seconds = report.took.as_secs_f64();
        text += &format!("{:<9} {result:<6} {seconds:>9.1}\n", report.step.name());
    }
    for report in reports {
        if let Err(error) = &report.outcome {
            text += &format!("\n{}: {error:#}\n", report.step.name());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn all_names_every_failure() {
        let error =
            all([Ok(()), Err(anyhow!("lint")), Err(anyhow!("types"))]).expect_err("two failed");
        assert_eq!(error.to_string(), "lint; types");
    }

    #[test]
    fn the_table_tells_which_step_failed_and_why() {
        let report = |step, outcome| Report {
            step,
            outcome,
            took: Duration::from_millis(1_250),
        };
        let text = table(&[
            report(Step::Web, Ok(())),
            report(Step::E2e, Err(anyhow!("no browser"))),
        ]);
        assert_eq!(
            text,
            "\nstep      result   seconds\n\
             web       ok           1.2\n\
             e2e       FAILED       1.2\n\
             \ne2e: no browser\n"
        );
    }
}
