//! Processor time of fifty modules that each draw a tile of 63 nodes a second, while one client watches.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::Bench;
use super::client_frames::Version;
use super::daemon::Daemon;
use super::enable::wait_until_live;
use super::fixture::{self, PULSE};
use super::processes::{Processes, processor_time};
use super::report::Report;

const MODULES: usize = 50;

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("cpu");
    let modules = fixture::write_many(&data, "pulse", MODULES, PULSE)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    modules
        .iter()
        .try_for_each(|module| client.enable(module))?;
    wait_until_live(&mut client, MODULES)?;
    let processes = Processes::settled(daemon.pid())?;
    let unwatched = sample(bench, &processes);
    let mut stream = client.stream(Version::V1)?;
    // Somebody has to read what is sent; it ends with the daemon.
    thread::spawn(move || while stream.next().is_ok() {});
    let watched = sample(bench, &processes);
    let what = |part: &str| format!("50 modules with a tile each second: {part}");
    report.add(
        "cpu.host_unwatched",
        what("host, nobody watches"),
        "ms/s",
        vec![unwatched.host],
        &[],
    );
    report.add(
        "cpu.host",
        what("host, one client"),
        "ms/s",
        vec![watched.host],
        &[],
    );
    report.add(
        "cpu.spawner",
        what("spawner"),
        "ms/s",
        vec![watched.spawner],
        &[],
    );
    report.add(
        "cpu.worker",
        what("each worker"),
        "ms/s",
        watched.workers,
        &[],
    );
    Ok(())
}

/// Milliseconds of processor time a second.
struct Sample {
    host: f64,
    spawner: f64,
    workers: Vec<f64>,
}

fn sample(bench: &Bench, processes: &Processes) -> Sample {
    let since = Instant::now();
    let begin: Vec<_> = processes.all().map(|id| (id, processor_time(id))).collect();
    thread::sleep(Duration::from_secs(bench.samples(20, 5) as u64));
    let seconds = since.elapsed().as_secs_f64();
    let rate = |wanted: u32| {
        let found = begin.iter().find(|(id, _)| *id == wanted);
        found.map_or(0.0, |(id, before)| {
            (processor_time(*id) - before) / seconds / 1e6
        })
    };
    Sample {
        host: rate(processes.host),
        spawner: processes.spawner.map_or(0.0, rate),
        workers: processes.workers.iter().map(|id| rate(*id)).collect(),
    }
}
