//! What clients of stream v2 cost while nothing happens: memory of each, and the host's processor time.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Bench;
use super::client_frames::Version;
use super::crowd::{self, Crowd};
use super::daemon::Daemon;
use super::fixture::{self, COUNTER};
use super::processes::{Memory, processor_time};
use super::report::{Report, Target};

const FEW: usize = 100;
const FURTHER: usize = 1000;
const WATCHERS: usize = 10;
const KB: f64 = 1e3;
/// Until all that signing in took is given back.
const SETTLE: Duration = Duration::from_secs(3);

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    crowd::allow(FEW + FURTHER)?;
    let data = bench.started.path("idle");
    fixture::write(&data, "disks", COUNTER)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable("disks")?;
    let mut crowd = Crowd::open(&client, Version::V2, WATCHERS)?;
    crowd.read_for(SETTLE)?;
    processor(bench, report, &daemon, &mut crowd)?;
    crowd.grow(&client, Version::V2, FEW - WATCHERS)?;
    let few = private(&daemon, &mut crowd)?;
    crowd.grow(&client, Version::V2, FURTHER)?;
    let many = private(&daemon, &mut crowd)?;
    report.add(
        "idle.memory",
        "one further idle client of stream v2: private memory of the host",
        "kB",
        vec![(many - few) / FURTHER as f64 / KB],
        &[Target::MedianAtMost(8.0)],
    );
    Ok(())
}

fn processor(bench: &Bench, report: &mut Report, daemon: &Daemon, crowd: &mut Crowd) -> Result<()> {
    let (before, since) = (processor_time(daemon.pid()), Instant::now());
    crowd.read_for(Duration::from_secs(bench.samples(20, 5) as u64))?;
    let used = processor_time(daemon.pid()) - before;
    report.add(
        "idle.processor",
        "idle dashboard, 10 clients of stream v2: processor time of the host",
        "ms/s",
        vec![used / 1e6 / since.elapsed().as_secs_f64()],
        &[Target::MedianAtMost(1.0)],
    );
    Ok(())
}

/// Of the host, in bytes.
fn private(daemon: &Daemon, crowd: &mut Crowd) -> Result<f64> {
    crowd.read_for(SETTLE)?;
    Ok(Memory::of(daemon.pid())?.private)
}
