//! `cargo xtask bench modules`: what live modules cost, measured on the real daemon in folders of its own. `cargo xtask bench
//! stream`: what an update of the stream costs; for now the differences of trees.
//!
//! Owns the order of the measurements and where their figures go; each measurement is a file of its own. What is measured,
//! and how to read it, is in `docs/bench.md`.

mod action;
mod commit;
mod cpu;
mod daemon;
mod differences;
mod enable;
mod fixture;
mod http;
mod machine;
mod memory;
mod processes;
mod python_side;
mod report;
mod start;
mod started;
mod statistics;
mod stream;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::checkout::Checkout;
use crate::{process, run};
use report::Report;
use started::Started;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Live modules: starts, actions, commits, memory, processor time.
    Modules(Modules),
    /// The stream: the differences of trees, their time and size.
    Stream(Stream),
}

#[derive(clap::Args)]
struct Modules {
    /// Where the figures go as JSON [default: bench/modules.json in the target folder].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Few samples of each: says whether something is far off, in about a minute.
    #[arg(long)]
    quick: bool,
    /// Measure this daemon instead of building one, for instance an older build.
    #[arg(long, value_name = "FILE", requires = "python")]
    contara: Option<PathBuf>,
    /// The interpreter that goes with `--contara`.
    #[arg(long, value_name = "FILE", requires = "contara")]
    python: Option<PathBuf>,
    /// Measure these parts only; may be given several times.
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
}

#[derive(clap::Args)]
struct Stream {
    /// Where the figures go as JSON [default: bench/stream.json in the target folder].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Few samples of each.
    #[arg(long)]
    quick: bool,
}

/// A part of the measurements.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Start,
    Enable,
    Action,
    Commit,
    Memory,
    Cpu,
    Python,
}

/// Measures a part and adds its figures.
type Measure = fn(&Bench, &mut Report) -> Result<()>;

/// All parts, in the order of the table.
const PARTS: [(Part, Measure); 7] = [
    (Part::Start, start::measure),
    (Part::Enable, enable::measure),
    (Part::Action, action::measure),
    (Part::Commit, commit::measure),
    (Part::Memory, memory::measure),
    (Part::Cpu, cpu::measure),
    (Part::Python, python_side::measure),
];

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Full,
    Quick,
}

impl Extent {
    fn of(is_quick: bool) -> Self {
        if is_quick { Self::Quick } else { Self::Full }
    }
}

/// What every measurement works with.
struct Bench {
    checkout: Checkout,
    contara: PathBuf,
    python: PathBuf,
    extent: Extent,
    started: Started,
}

impl Bench {
    /// How many samples to take.
    fn samples(&self, full: usize, quick: usize) -> usize {
        match self.extent {
            Extent::Full => full,
            Extent::Quick => quick,
        }
    }
}

pub(crate) fn bench(args: &Args) -> Result<()> {
    match &args.what {
        What::Modules(modules) => bench_modules(modules),
        What::Stream(stream) => bench_stream(stream),
    }
}

fn bench_stream(stream: &Stream) -> Result<()> {
    let checkout = Checkout::find()?;
    let json = stream.json.clone();
    let json = json.unwrap_or(checkout.target()?.join("bench/stream.json"));
    let extent = Extent::of(stream.quick);
    let mut report = Report::new(machine::describe(Path::new("python3")), extent);
    differences::measure(&checkout, extent, &mut report)?;
    print!("{}", report.table());
    write(&json, &report)
}

fn bench_modules(modules: &Modules) -> Result<()> {
    let checkout = Checkout::find()?;
    let target = checkout.target()?;
    let (contara, python) = match (&modules.contara, &modules.python) {
        (Some(contara), Some(python)) => (contara.clone(), python.clone()),
        _ => {
            let python = run::build(&checkout)?;
            (target.join("release/contara"), python)
        }
    };
    let json = modules.json.clone();
    let json = json.unwrap_or_else(|| target.join("bench/modules.json"));
    let extent = Extent::of(modules.quick);
    let bench = Bench {
        contara,
        python,
        extent,
        started: Started::watch()?,
        checkout,
    };
    let mut report = Report::new(machine::describe(&bench.python), bench.extent);
    let outcome = measure(&bench, &modules.only, &mut report);
    print!("{}", report.table());
    write(&json, &report)?;
    outcome
}

/// A part that fails keeps no other from being measured.
fn measure(bench: &Bench, only: &[Part], report: &mut Report) -> Result<()> {
    let mut failed = 0;
    for (part, measure) in PARTS {
        if !only.is_empty() && !only.contains(&part) {
            continue;
        }
        if let Err(error) = measure(bench, report) {
            process::say(&format!("failed: {error:#}"));
            failed += 1;
        }
    }
    ensure!(
        failed == 0,
        "{failed} part(s) could not be measured; see above"
    );
    Ok(())
}

fn write(file: &PathBuf, report: &Report) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("couldn't make {}", folder.display()))?;
    }
    fs::write(file, report.json()).with_context(|| format!("couldn't write {}", file.display()))?;
    process::say(&format!("figures are in {}", file.display()));
    Ok(())
}
