//! Actions of one module while another one commits a thousand times a second, and ten clients of stream v2 watch.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Bench;
use super::action::round_trips;
use super::client_frames::Version;
use super::crowd::Crowd;
use super::daemon::{Client, Daemon};
use super::fixture::{self, CHANGING, COUNTER};
use super::report::{Report, Target};
use super::statistics::Summary;

const STORMY: &str = "disks";
const ASKED: &str = "counter";
const WATCHERS: usize = 10;
/// Between two actions of one client of the stream, which may send a thousand messages a second.
const APART: Duration = Duration::from_millis(1);
/// Longer than all this takes.
const LONG: Duration = Duration::from_secs(3600);

/// How an action is asked for.
type Ask = fn(&Client, usize) -> Result<Vec<f64>>;

/// A key, a name, and what takes so many samples, in milliseconds.
const WAYS: [(&str, &str, Ask); 2] = [
    ("rest", "REST", over_rest),
    ("stream", "stream v2", over_stream),
];

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("storm");
    fixture::write(&data, STORMY, CHANGING)?;
    fixture::write(&data, ASKED, COUNTER)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable(STORMY)?;
    client.enable(ASKED)?;
    let mut crowd = Crowd::open(&client, Version::V2, WATCHERS)?;
    // It ends with the daemon.
    thread::spawn(move || crowd.read_for(LONG));
    let quiet = take(bench, report, &client, "quiet")?;
    client.act(STORMY, "storm")?;
    let stormy = take(bench, report, &client, "storm")?;
    for ((key, way, _), (quiet, stormy)) in WAYS.into_iter().zip(quiet.into_iter().zip(stormy)) {
        report.add(
            format!("storm.{key}_ratio"),
            format!("action over {way}: p99 in a storm ÷ p99 in quiet"),
            "×",
            vec![stormy / quiet],
            &[Target::MedianAtMost(1.25)],
        );
    }
    Ok(())
}

/// The 99th percentile of each way.
fn take(bench: &Bench, report: &mut Report, client: &Client, when: &str) -> Result<Vec<f64>> {
    let count = bench.samples(5000, 500);
    let percentiles = WAYS.into_iter().map(|(key, way, ask)| {
        let samples = ask(client, count)?;
        let summary = Summary::of(samples.clone()).context("no samples")?;
        report.add(
            format!("storm.{key}_{when}"),
            format!("action over {way}, another module in {when}"),
            "ms",
            samples,
            &[],
        );
        Ok(summary.p99)
    });
    percentiles.collect()
}

fn over_rest(client: &Client, count: usize) -> Result<Vec<f64>> {
    round_trips(client, &client.acting(ASKED, "increment"), count)
}

fn over_stream(client: &Client, count: usize) -> Result<Vec<f64>> {
    let mut stream = client.stream(Version::V2)?;
    let mut act = |id: usize| stream.act(u32::try_from(id)?, ASKED, "increment");
    let warming = count / 10;
    (0..warming).try_for_each(|id| {
        thread::sleep(APART);
        act(id)
    })?;
    let trips = (warming..warming + count).map(|id| {
        thread::sleep(APART);
        let since = Instant::now();
        act(id)?;
        Ok(since.elapsed().as_secs_f64() * 1e3)
    });
    trips.collect()
}
