//! How many bytes one update takes on a client's socket: whole with v1, what has changed with v2.

use anyhow::Result;

use super::Bench;
use super::client_frames::Version;
use super::daemon::{Client, Daemon};
use super::fixture::{self, CHANGING};
use super::report::{Report, Target};
use super::stream::Stream;

const MODULE: &str = "disks";
const SMALL: &[Target] = &[Target::MedianAtMost(120.0)];

/// A key, what changes, the action that begins it, and how large an update of v2 should be.
const CASES: [(&str, &str, &str, &[Target]); 4] = [
    ("stat", "one stat changed", "change_stat", SMALL),
    ("chart", "chart shifted", "shift_chart", SMALL),
    ("row", "row inserted in 100", "insert_row", SMALL),
    ("all", "everything changed", "change_all", &[]),
];

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("update");
    fixture::write(&data, MODULE, CHANGING)?;
    let daemon = Daemon::start_with_builtin_modules(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable(MODULE)?;
    for (key, what, action, targets) in CASES {
        client.act(MODULE, action)?;
        add(bench, report, &client, (key, what, targets))?;
    }
    client.disable(MODULE)?;
    client.enable("sys_monitor")?;
    add(bench, report, &client, ("tick", "tick of sys_monitor", &[]))
}

fn add(
    bench: &Bench,
    report: &mut Report,
    client: &Client,
    (key, what, targets): (&str, &str, &[Target]),
) -> Result<()> {
    let mut whole = client.stream(Version::V1)?;
    let mut steps = client.stream(Version::V2)?;
    report.add(
        format!("update.{key}.v1"),
        format!("update, {what}: v1"),
        "bytes",
        sizes(&mut whole, bench)?,
        &[],
    );
    report.add(
        format!("update.{key}.v2"),
        format!("update, {what}: v2"),
        "bytes",
        sizes(&mut steps, bench)?,
        targets,
    );
    Ok(())
}

/// Of some frames, each of which is an update.
fn sizes(stream: &mut Stream, bench: &Bench) -> Result<Vec<f64>> {
    let count = bench.samples(12, 4);
    (0..count).map(|_| Ok(stream.next_size()? as f64)).collect()
}
