//! From a module's `commit()` to the last of many clients of stream v2.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Bench;
use super::client_frames::Version;
use super::commit::{MARK, monotonic, stamp};
use super::crowd::{self, Crowd};
use super::daemon::Daemon;
use super::fixture::{self, CHANGING};
use super::http::Connection;
use super::report::{Report, Target};

const MODULE: &str = "disks";
/// More than the sixtieth of a second that the daemon keeps between two steps of a module.
const PAUSE: Duration = Duration::from_millis(40);

const MOST: usize = 5000;

/// How many clients, and when the last one should have it.
const STEPS: [(usize, &[Target]); 4] = [
    (1, &[]),
    (100, &[]),
    (1000, &[Target::MedianAtMost(20.0)]),
    (MOST, &[]),
];

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    crowd::allow(MOST)?;
    let data = bench.started.path("fan-out");
    fixture::write(&data, MODULE, CHANGING)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable(MODULE)?;
    let request = client.acting(MODULE, "stamp");
    let mut connection = client.connect()?;
    let mut crowd = Crowd::open(&client, Version::V2, 0)?;
    let mut connected = 0;
    for (count, targets) in STEPS {
        crowd.grow(&client, Version::V2, count - connected)?;
        connected = count;
        let rounds = 0..bench.samples(200, 20);
        let samples: Result<Vec<_>> = rounds
            .map(|_| to_the_last(&mut crowd, &mut connection, &request))
            .collect();
        report.add(
            format!("fan_out.{count}"),
            format!("commit → last of {count} clients of stream v2"),
            "ms",
            samples?,
            targets,
        );
    }
    Ok(())
}

/// In milliseconds.
fn to_the_last(crowd: &mut Crowd, connection: &mut Connection, request: &[u8]) -> Result<f64> {
    thread::sleep(PAUSE);
    connection.send(request)?;
    let mut committed = None;
    crowd.until_all(MARK, |frame| committed = stamp(frame))?;
    let now = monotonic()?;
    connection.receive()?.ok()?;
    let committed = committed.context("a mark without a time")?;
    Ok((now - committed) as f64 / 1e6)
}
