//! What a minute of a real dashboard takes: the system's monitor, and a module that draws a tile of 63 nodes each second.

use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Bench;
use super::client_frames::Version;
use super::crowd::{Crowd, Traffic};
use super::daemon::Daemon;
use super::fixture::{self, PULSE};
use super::report::Report;

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("captured");
    fixture::write(&data, "pulse", PULSE)?;
    let daemon = Daemon::start_with_builtin_modules(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable("sys_monitor")?;
    client.enable("pulse")?;
    let seconds = bench.samples(60, 10);
    let mut whole = Crowd::open(&client, Version::V1, 1)?;
    let mut steps = Crowd::open(&client, Version::V2, 1)?;
    let time = Duration::from_secs(seconds as u64);
    let v1 = thread::spawn(move || whole.read_for(time));
    let v2 = steps.read_for(time)?;
    let v1 = v1.join().expect("a thread that doesn't panic")?;
    add(report, "v1", seconds, v1);
    add(report, "v2", seconds, v2);
    report.add(
        "captured.ratio",
        format!("{seconds} s of a dashboard: bytes of v1 ÷ bytes of v2"),
        "×",
        vec![v1.bytes as f64 / v2.bytes as f64],
        &[],
    );
    Ok(())
}

fn add(report: &mut Report, version: &str, seconds: usize, traffic: Traffic) {
    report.add(
        format!("captured.bytes_{version}"),
        format!("{seconds} s of a dashboard, stream {version}"),
        "bytes",
        vec![traffic.bytes as f64],
        &[],
    );
    report.add(
        format!("captured.frames_{version}"),
        format!("{seconds} s of a dashboard, stream {version}"),
        "frames",
        vec![traffic.frames as f64],
        &[],
    );
}
