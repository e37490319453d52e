//! What the programs in `python/tools/bench` measure themselves: each prints one JSON list of figures.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Bench;
use super::fixture::{self, COUNTER};
use super::report::{Report, Target};
use crate::process;

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("python");
    fixture::write(&data, "counter", COUNTER)?;
    let rounds = bench.samples(60, 10).to_string();
    add(
        report,
        &process::output(program(bench, "bench.serialising").arg(&rounds))?,
    )?;
    let rounds = bench.samples(30, 6).to_string();
    let workers = process::output(
        program(bench, "bench.workers")
            .args([data.join("cache"), data.join("modules/counter")])
            .arg(&rounds),
    )?;
    add(report, &workers)
}

fn program(bench: &Bench, name: &str) -> Command {
    let mut command = Command::new(&bench.python);
    command
        .current_dir(bench.checkout.python().join("tools"))
        .args(["-m", name]);
    command
}

fn add(report: &mut Report, printed: &str) -> Result<()> {
    let figures: Vec<Value> = serde_json::from_str(printed).context("figures that aren't JSON")?;
    for figure in figures {
        let text = |key: &str| figure[key].as_str().unwrap_or_default().to_owned();
        let samples = figure["samples"].as_array().into_iter().flatten();
        let at_most = figure["at_most"].as_f64().map(Target::MedianAtMost);
        let at_least = figure["at_least"].as_f64().map(Target::MedianAtLeast);
        let targets: Vec<_> = at_most.into_iter().chain(at_least).collect();
        report.add(
            text("key"),
            text("what"),
            text("unit"),
            samples.filter_map(Value::as_f64).collect(),
            &targets,
        );
    }
    Ok(())
}
