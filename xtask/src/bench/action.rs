//! An action's round trip over REST: as one person feels it, and as many as go through.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, poll};

use super::Bench;
use super::client_frames::Version;
use super::daemon::{Client, Daemon};
use super::fixture::{self, COUNTER};
use super::http::Connection;
use super::processes::{Processes, processor_time};
use super::report::{Report, Target};

const CONNECTIONS: usize = 16;
const MODULES: usize = 4;

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("action");
    let modules = fixture::write_many(&data, "counter", MODULES, COUNTER)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    modules
        .iter()
        .try_for_each(|module| client.enable(module))?;
    one_connection(bench, report, &client, &modules[0])?;
    costs(bench, report, &daemon, &client)?;
    many_connections(bench, report, &client, &modules)
}

/// With a commit that changes the tile, and without.
fn one_connection(bench: &Bench, report: &mut Report, client: &Client, module: &str) -> Result<()> {
    let count = bench.samples(5000, 500);
    let targets = [Target::MedianAtMost(0.3), Target::P99AtMost(1.5)];
    let samples = round_trips(client, &client.acting(module, "increment"), count)?;
    report.add(
        "action.one",
        "action that commits, 1 connection",
        "ms",
        samples,
        &targets,
    );
    let samples = round_trips(client, &client.acting(module, "touch"), count)?;
    report.add(
        "action.one_empty",
        "action that does nothing, 1 connection",
        "ms",
        samples,
        &[],
    );
    let _stream = client.stream(Version::V1)?;
    let samples = round_trips(client, &client.acting(module, "increment"), count)?;
    report.add(
        "action.one_watched",
        "action that commits, with a client that watches",
        "ms",
        samples,
        &[],
    );
    Ok(())
}

/// In milliseconds each.
pub(crate) fn round_trips(client: &Client, request: &[u8], count: usize) -> Result<Vec<f64>> {
    let mut connection = client.connect()?;
    for _ in 0..count / 10 {
        connection.ask(request)?.ok()?;
    }
    let trips = (0..count).map(|_| {
        let since = Instant::now();
        connection.ask(request)?.ok()?;
        Ok(since.elapsed().as_secs_f64() * 1e3)
    });
    trips.collect()
}

/// Processor time for each action: says more than times do on a machine that isn't quiet.
fn costs(bench: &Bench, report: &mut Report, daemon: &Daemon, client: &Client) -> Result<()> {
    let processes = Processes::of(daemon.pid())?;
    let request = client.acting("counter_00", "increment");
    let (mut host, mut workers) = (Vec::new(), Vec::new());
    for _ in 0..bench.samples(5, 2) {
        let before = times(&processes);
        let done = flood(client, std::slice::from_ref(&request), bench)?.0;
        let after = times(&processes);
        host.push((after.0 - before.0) / done / 1e3);
        workers.push((after.1 - before.1) / done / 1e3);
    }
    report.add(
        "action.cost_host",
        "processor time of the host for an action",
        "µs",
        host,
        &[],
    );
    report.add(
        "action.cost_worker",
        "processor time of the worker for an action",
        "µs",
        workers,
        &[],
    );
    Ok(())
}

/// Of the host, and of all workers.
fn times(processes: &Processes) -> (f64, f64) {
    let workers = processes.workers.iter().map(|id| processor_time(*id));
    (processor_time(processes.host), workers.sum())
}

fn many_connections(
    bench: &Bench,
    report: &mut Report,
    client: &Client,
    modules: &[String],
) -> Result<()> {
    let increments: Vec<_> = modules
        .iter()
        .map(|module| client.acting(module, "increment"))
        .collect();
    let target = [Target::MedianAtLeast(6000.0)];
    let rounds = bench.samples(5, 2);
    let rate = |requests: &[Vec<u8>]| -> Result<Vec<f64>> {
        (0..rounds)
            .map(|_| {
                let (done, seconds) = flood(client, requests, bench)?;
                Ok(done / seconds)
            })
            .collect()
    };
    let one = rate(&increments[..1])?;
    report.add(
        "action.sixteen",
        "actions over 16 connections, one module",
        "1/s",
        one,
        &target,
    );
    let several = rate(&increments)?;
    report.add(
        "action.sixteen_of_four",
        "actions over 16 connections, four modules",
        "1/s",
        several,
        &target,
    );
    Ok(())
}

/// Keeps one request under way on each of the connections, from one thread; gives how many were answered in how many
/// seconds.
fn flood(client: &Client, requests: &[Vec<u8>], bench: &Bench) -> Result<(f64, f64)> {
    let connections: Result<Vec<_>> = (0..CONNECTIONS).map(|_| client.connect()).collect();
    let mut connections = connections?;
    let request = |index: usize| &requests[index % requests.len()];
    for (index, connection) in connections.iter_mut().enumerate() {
        connection.send(request(index))?;
    }
    let limit = Duration::from_secs(bench.samples(4, 1) as u64);
    let since = Instant::now();
    let mut done = 0.0;
    while since.elapsed() < limit {
        for index in ready(&connections)? {
            connections[index].receive()?.ok()?;
            connections[index].send(request(index))?;
            done += 1.0;
        }
    }
    let seconds = since.elapsed().as_secs_f64();
    // So that the next measurement finds nothing under way.
    for connection in &mut connections {
        connection.receive()?.ok()?;
    }
    Ok((done, seconds))
}

/// Waits until some connections have an answer.
fn ready(connections: &[Connection]) -> Result<Vec<usize>> {
    let mut waiting: Vec<_> = connections
        .iter()
        .map(|connection| PollFd::new(connection, PollFlags::IN))
        .collect();
    poll(&mut waiting, None).context("couldn't wait for answers")?;
    let ready = waiting.iter().enumerate();
    Ok(ready
        .filter(|(_, waiting)| !waiting.revents().is_empty())
        .map(|(index, _)| index)
        .collect())
}
