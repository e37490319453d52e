//! A daemon that starts again while a thousand clients wait for it.

use std::time::Instant;

use anyhow::Result;

use super::Bench;
use super::client_frames::Version;
use super::crowd::{self, Crowd};
use super::daemon::Daemon;
use super::fixture::{self, CHANGING};
use super::report::Report;

const CLIENTS: usize = 1000;

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    crowd::allow(CLIENTS)?;
    let data = bench.started.path("recovery");
    fixture::write(&data, "disks", CHANGING)?;
    let mut daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable("disks")?;
    let mut crowd = Crowd::open(&client, Version::V2, CLIENTS)?;
    let mut samples = Vec::new();
    for _ in 0..bench.samples(5, 1) {
        // Stopped with all of them connected.
        drop(daemon);
        drop(crowd);
        daemon = Daemon::start_again(bench, &data, client.address())?;
        let since = Instant::now();
        crowd = Crowd::open(&client, Version::V2, CLIENTS)?;
        samples.push(since.elapsed().as_secs_f64() * 1e3);
    }
    report.add(
        "recovery.thousand",
        "the daemon listens again → the last of 1000 clients of stream v2 has its snapshot",
        "ms",
        samples,
        &[],
    );
    Ok(())
}
