//! Process start → the first healthy answer, without any module.

use std::time::Instant;

use anyhow::Result;

use super::Bench;
use super::daemon::Daemon;
use super::http::{Connection, request};
use super::report::{Report, Target};

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let count = bench.samples(20, 5);
    let target = [Target::MedianAtMost(50.0)];
    let fresh: Result<Vec<_>> = (0..count)
        .map(|number| start(bench, &format!("start-{number}")))
        .collect();
    report.add(
        "start.new",
        "start → healthy, new data folder",
        "ms",
        fresh?,
        &target,
    );
    let again: Result<Vec<_>> = (0..count).map(|_| start(bench, "start-0")).collect();
    report.add(
        "start.existing",
        "start → healthy, existing data folder",
        "ms",
        again?,
        &target,
    );
    Ok(())
}

/// In milliseconds.
fn start(bench: &Bench, folder: &str) -> Result<f64> {
    let since = Instant::now();
    let daemon = Daemon::start(bench, &bench.started.path(folder))?;
    let mut connection = Connection::open(daemon.address())?;
    connection
        .ask(&request("GET", "/api/health", None, ""))?
        .ok()?;
    Ok(since.elapsed().as_secs_f64() * 1e3)
}
