//! `cargo xtask bench modules`: what live modules cost, measured on the real daemon in folders of its own. `cargo xtask bench
//! stream`: what updates and clients of the stream cost.
//!
//! Owns the order of the measurements and where their figures go; each measurement is a file of its own. What is measured,
//! and how to read it, is in `docs/bench.md`.

mod action;
mod captured;
mod client_frames;
mod commit;
mod cpu;
mod crowd;
mod daemon;
mod differences;
mod enable;
mod fan_out;
mod fixture;
mod http;
mod idle_clients;
mod incoming;
mod machine;
mod memory;
mod processes;
mod python_side;
mod recovery;
mod report;
mod start;
mod started;
mod statistics;
mod storm;
mod stream;
mod unread;
mod update_bytes;

use std::fs;
use std::path::PathBuf;

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
    Modules(Options<Part>),
    /// The stream: differences of trees, bytes, many clients, clients that don't read, actions in a storm.
    Stream(Options<StreamPart>),
}

#[derive(clap::Args)]
struct Options<P: clap::ValueEnum + Send + Sync + 'static> {
    /// Where the figures go as JSON [default: bench/modules.json or bench/stream.json in the target folder].
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
    only: Vec<P>,
}

/// A part of `bench modules`.
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

/// A part of `bench stream`.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum StreamPart {
    Difference,
    Update,
    FanOut,
    Idle,
    Unread,
    Recovery,
    Storm,
    Captured,
}

/// Measures a part and adds its figures.
type Measure = fn(&Bench, &mut Report) -> Result<()>;

/// All parts of `bench modules`, in the order of the table.
const PARTS: [(Part, Measure); 7] = [
    (Part::Start, start::measure),
    (Part::Enable, enable::measure),
    (Part::Action, action::measure),
    (Part::Commit, commit::measure),
    (Part::Memory, memory::measure),
    (Part::Cpu, cpu::measure),
    (Part::Python, python_side::measure),
];

/// All parts of `bench stream`, in the order of the table.
const STREAM_PARTS: [(StreamPart, Measure); 8] = [
    (StreamPart::Difference, |bench, report| {
        differences::measure(&bench.checkout, bench.extent, report)
    }),
    (StreamPart::Update, update_bytes::measure),
    (StreamPart::FanOut, fan_out::measure),
    (StreamPart::Idle, idle_clients::measure),
    (StreamPart::Unread, unread::measure),
    (StreamPart::Recovery, recovery::measure),
    (StreamPart::Storm, storm::measure),
    (StreamPart::Captured, captured::measure),
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
        What::Modules(options) => bench_parts(options, "modules", &PARTS),
        What::Stream(options) => bench_parts(options, "stream", &STREAM_PARTS),
    }
}

fn bench_parts<P: clap::ValueEnum + PartialEq + Send + Sync>(
    options: &Options<P>,
    name: &str,
    parts: &[(P, Measure)],
) -> Result<()> {
    let checkout = Checkout::find()?;
    let target = checkout.target()?;
    let (contara, python) = match (&options.contara, &options.python) {
        (Some(contara), Some(python)) => (contara.clone(), python.clone()),
        _ => {
            let python = run::build(&checkout)?;
            (target.join("release/contara"), python)
        }
    };
    let json = options.json.clone();
    let json = json.unwrap_or_else(|| target.join(format!("bench/{name}.json")));
    let extent = Extent::of(options.quick);
    let bench = Bench {
        contara,
        python,
        extent,
        started: Started::watch()?,
        checkout,
    };
    let mut report = Report::new(machine::describe(&bench.python), bench.extent);
    let outcome = measure(&bench, parts, &options.only, &mut report);
    print!("{}", report.table());
    write(&json, &report)?;
    outcome
}

/// A part that fails keeps no other from being measured.
fn measure<P: PartialEq>(
    bench: &Bench,
    parts: &[(P, Measure)],
    only: &[P],
    report: &mut Report,
) -> Result<()> {
    let mut failed = 0;
    for (part, measure) in parts {
        if !only.is_empty() && !only.contains(part) {
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
