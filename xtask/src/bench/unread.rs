//! Memory of the host while a client reads nothing during thousands of commits.

use anyhow::Result;
use serde_json::json;

use super::Bench;
use super::client_frames::Version;
use super::daemon::Daemon;
use super::fixture::{self, FLOOD};
use super::processes::Memory;
use super::report::{Report, Target};

const MODULE: &str = "log";
const MIB: f64 = 1024.0 * 1024.0;

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("unread");
    fixture::write(&data, MODULE, FLOOD)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable(MODULE)?;
    let commits = bench.samples(20_000, 4000);
    let parameters = json!({"commits": commits}).to_string();
    let request = client.acting_with(MODULE, "flood", &parameters);
    let mut connection = client.connect()?;
    let mut flood = || connection.ask(&request)?.ok().map(drop);
    // So that what follows finds the host's memory as large as commits alone make it.
    flood()?;
    let mut committed = commits;
    for (name, version) in [("v1", Version::V1), ("v2", Version::V2)] {
        let mut stream = client.stream(version)?;
        let before = Memory::of(daemon.pid())?.private;
        flood()?;
        let growth = Memory::of(daemon.pid())?.private - before;
        committed += commits;
        // It is connected still, and the last state arrives.
        stream.until(format!("commits:{committed};").as_bytes())?;
        report.add(
            format!("unread.{name}"),
            format!("a client of stream {name} that doesn't read, {commits} commits: growth of the host's private memory"),
            "MiB",
            vec![growth / MIB],
            &[Target::MedianAtMost(1.0)],
        );
    }
    Ok(())
}
