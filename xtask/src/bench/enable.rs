//! How soon a module that somebody enables is there: one at a time, and fifty at once.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::Bench;
use super::client_frames::Version;
use super::daemon::{Client, Daemon};
use super::fixture::{self, COUNTER};
use super::http::{Connection, find};
use super::report::{Report, Target};

/// Between two modules that one person enables: time for what is kept ready to be made ready again.
const PAUSE: Duration = Duration::from_millis(500);
const MANY: usize = 50;
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    one_at_a_time(bench, report)?;
    cold(bench, report)?;
    many(bench, report)
}

/// Each module for the first time, while a client is connected.
fn one_at_a_time(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("enable");
    let modules = fixture::write_many(&data, "enable", bench.samples(30, 6), COUNTER)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    let mut stream = client.stream(Version::V1)?;
    let mut samples = Vec::new();
    for module in &modules {
        thread::sleep(PAUSE);
        let since = Instant::now();
        client.begin_to_enable(module)?;
        stream.until(format!("tile of {module}").as_bytes())?;
        samples.push(milliseconds(since));
        client.receive()?;
    }
    // The first compiles the SDK's code into this data folder's cache.
    let first = samples.drain(..1).collect();
    report.add(
        "enable.first_ever",
        "enable → first tile, the data folder's first",
        "ms",
        first,
        &[],
    );
    let target = [Target::MedianAtMost(15.0)];
    report.add("enable.warm", "enable → first tile", "ms", samples, &target);
    Ok(())
}

/// Nobody was connected before, so nothing has been made ready.
fn cold(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("enable");
    let count = bench.samples(10, 3);
    let modules = fixture::write_many(&data, "cold", count, COUNTER)?;
    switch_all_off(bench)?;
    let mut samples = Vec::new();
    for module in &modules {
        let daemon = Daemon::start(bench, &data)?;
        let mut client = daemon.pair()?;
        let since = Instant::now();
        client.enable(module)?;
        samples.push(milliseconds(since));
        client.disable(module)?;
    }
    report.add(
        "enable.cold",
        "enable → live, just after the daemon's start",
        "ms",
        samples,
        &[],
    );
    Ok(())
}

fn switch_all_off(bench: &Bench) -> Result<()> {
    let daemon = Daemon::start(bench, &bench.started.path("enable"))?;
    let mut client = daemon.pair()?;
    for number in 0..bench.samples(30, 6) {
        client.disable(&format!("enable_{number:02}"))?;
    }
    Ok(())
}

fn many(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("many");
    let modules = fixture::write_many(&data, "many", MANY, COUNTER)?;
    let (mut by_hand, mut at_start) = (Vec::new(), Vec::new());
    for _ in 0..bench.samples(5, 1) {
        by_hand.push(enable_all(bench, &modules)?);
        at_start.push(start_with_all(bench, &modules)?);
    }
    let target = [Target::MedianAtMost(1.0)];
    report.add(
        "enable.fifty",
        "50 modules enabled at once → all live",
        "s",
        by_hand,
        &target,
    );
    report.add(
        "enable.fifty_at_start",
        "daemon's start → 50 enabled modules live",
        "s",
        at_start,
        &[],
    );
    Ok(())
}

/// By 50 requests at once, on connections that are open. In seconds.
fn enable_all(bench: &Bench, modules: &[String]) -> Result<f64> {
    let daemon = Daemon::start(bench, &bench.started.path("many"))?;
    let client = daemon.pair()?;
    let _stream = client.stream(Version::V1)?;
    thread::sleep(2 * PAUSE);
    let connections: Result<Vec<_>> = modules.iter().map(|_| client.connect()).collect();
    let mut connections = connections?;
    let since = Instant::now();
    for (connection, module) in connections.iter_mut().zip(modules) {
        connection.send(&client.enabling(module))?;
    }
    let answers = connections.iter_mut().map(Connection::receive);
    answers
        .into_iter()
        .try_for_each(|answer| answer?.ok().map(drop))?;
    Ok(since.elapsed().as_secs_f64())
}

/// Leaves all of them switched off. In seconds.
fn start_with_all(bench: &Bench, modules: &[String]) -> Result<f64> {
    let since = Instant::now();
    let daemon = Daemon::start(bench, &bench.started.path("many"))?;
    let mut client = daemon.pair()?;
    wait_until_live(&mut client, modules.len())?;
    let taken = since.elapsed().as_secs_f64();
    modules
        .iter()
        .try_for_each(|module| client.disable(module))?;
    Ok(taken)
}

/// Asks every 10 ms whether so many modules are live.
pub(crate) fn wait_until_live(client: &mut Client, count: usize) -> Result<()> {
    let since = Instant::now();
    while live(&client.get("/api/state")?) < count {
        ensure!(
            since.elapsed() < PATIENCE,
            "not all modules come to life; see daemon.log"
        );
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

fn live(mut state: &[u8]) -> usize {
    let mark = b"\"life\":\"running\"";
    let mut count = 0;
    while let Some(at) = find(state, mark) {
        count += 1;
        state = &state[at + mark.len()..];
    }
    count
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_run_are_counted() {
        let state = br#"[{"life":"running"},{"life":"starting"},{"x":1,"life":"running"}]"#;
        assert_eq!(live(state), 2);
    }
}
