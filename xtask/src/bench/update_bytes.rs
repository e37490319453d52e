//! How many bytes one update takes on a client's socket: whole with v1, what has changed with v2.

use anyhow::Result;

use super::Bench;
use super::client_frames::Version;
use super::daemon::{Client, Daemon};
use super::fixture::{self, CHANGING};
use super::report::{Report, Target};
use super::stream::Stream;

const CHANGING_MODULE: &str = "disks";
const MONITOR: &str = "sys_monitor";
const SMALL: &[Target] = &[Target::MedianAtMost(120.0)];

/// What changes, and how large an update of v2 should be.
struct Case {
    key: &'static str,
    what: &'static str,
    module: &'static str,
    targets: &'static [Target],
}

/// By the action that begins it.
const CASES: [(&str, Case); 4] = [
    ("change_stat", case("stat", "one stat changed", SMALL)),
    ("shift_chart", case("chart", "chart shifted", SMALL)),
    ("insert_row", case("row", "row inserted in 100", SMALL)),
    ("change_all", case("all", "everything changed", &[])),
];

const fn case(key: &'static str, what: &'static str, targets: &'static [Target]) -> Case {
    Case {
        key,
        what,
        module: CHANGING_MODULE,
        targets,
    }
}

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("update");
    fixture::write(&data, CHANGING_MODULE, CHANGING)?;
    let daemon = Daemon::start_with_builtin_modules(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable(CHANGING_MODULE)?;
    for (action, case) in &CASES {
        client.act(CHANGING_MODULE, action)?;
        add(bench, report, &client, case)?;
    }
    client.disable(CHANGING_MODULE)?;
    client.enable(MONITOR)?;
    let tick = Case {
        key: "tick",
        what: "tick of sys_monitor",
        module: MONITOR,
        targets: &[],
    };
    add(bench, report, &client, &tick)
}

fn add(bench: &Bench, report: &mut Report, client: &Client, case: &Case) -> Result<()> {
    let Case { key, what, .. } = case;
    let mut whole = client.stream(Version::V1)?;
    let mut steps = client.stream(Version::V2)?;
    report.add(
        format!("update.{key}.v1"),
        format!("update, {what}: v1"),
        "bytes",
        sizes(&mut whole, case.module, bench)?,
        &[],
    );
    report.add(
        format!("update.{key}.v2"),
        format!("update, {what}: v2"),
        "bytes",
        sizes(&mut steps, case.module, bench)?,
        case.targets,
    );
    Ok(())
}

/// Of some frames of that module, each of which is an update.
fn sizes(stream: &mut Stream, module: &str, bench: &Bench) -> Result<Vec<f64>> {
    let count = bench.samples(12, 4);
    (0..count)
        .map(|_| Ok(stream.until(module.as_bytes())? as f64))
        .collect()
}
