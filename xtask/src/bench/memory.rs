//! Memory of the host, the spawner and the workers, with none, one, ten and fifty modules that do nothing.

use anyhow::{Context, Result};

use super::Bench;
use super::client_frames::Version;
use super::daemon::Daemon;
use super::enable::wait_until_live;
use super::fixture::{self, COUNTER};
use super::processes::{Memory, Processes};
use super::report::{Report, Target};

/// How many modules are enabled, and the keys of the figures.
const STEPS: [(usize, &str, &str, &str); 4] = [
    (0, "memory.host_0", "memory.spawner_0", "memory.worker_0"),
    (1, "memory.host_1", "memory.spawner_1", "memory.worker_1"),
    (
        10,
        "memory.host_10",
        "memory.spawner_10",
        "memory.worker_10",
    ),
    (
        50,
        "memory.host_50",
        "memory.spawner_50",
        "memory.worker_50",
    ),
];
const MIB: f64 = 1024.0 * 1024.0;
const MB: f64 = 1e6;

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("memory");
    let modules = fixture::write_many(&data, "idle", 50, COUNTER)?;
    let daemon = Daemon::start(bench, &data)?;
    idle(&daemon, report)?;
    let mut client = daemon.pair()?;
    let _stream = client.stream(Version::V1)?;
    let mut private = Vec::new();
    let mut enabled = 0;
    for (count, host, spawner, worker) in STEPS {
        for module in &modules[enabled..count] {
            client.enable(module)?;
        }
        enabled = count;
        wait_until_live(&mut client, count)?;
        let processes = Processes::settled(daemon.pid())?;
        tell(report, &processes, count, [host, spawner, worker])?;
        private.push((count, Memory::of_all(processes.all())?.private));
    }
    further(report, &private)
}

/// Nothing enabled, nobody connected.
fn idle(daemon: &Daemon, report: &mut Report) -> Result<()> {
    let processes = Processes::settled(daemon.pid())?;
    let memory = Memory::of_all([processes.host].into_iter().chain(processes.spawner))?;
    let target = [Target::MedianAtMost(30.0)];
    report.add(
        "memory.nothing",
        "host and spawner, nothing enabled, nobody connected: PSS",
        "MiB",
        vec![memory.pss / MIB],
        &target,
    );
    Ok(())
}

fn tell(
    report: &mut Report,
    processes: &Processes,
    count: usize,
    [host, spawner, worker]: [&'static str; 3],
) -> Result<()> {
    let of_host = Memory::of(processes.host)?;
    let of_both = Memory::of_all([processes.host].into_iter().chain(processes.spawner))?;
    let target: &[_] = match count {
        0 => &[Target::MedianAtMost(30.0)],
        _ => &[],
    };
    report.add(
        host,
        format!("host, {count} modules: PSS"),
        "MiB",
        vec![of_host.pss / MIB],
        &[],
    );
    report.add(
        spawner,
        format!("host and spawner, {count} modules: PSS"),
        "MiB",
        vec![of_both.pss / MIB],
        target,
    );
    let workers: Result<Vec<_>> = processes
        .workers
        .iter()
        .map(|id| Ok(Memory::of(*id)?.private / MB))
        .collect();
    report.add(
        worker,
        format!("each worker and spare, {count} modules: private"),
        "MB",
        workers?,
        &[],
    );
    Ok(())
}

/// From one module to fifty: all processes together, so that nothing can hide in another one.
fn further(report: &mut Report, private: &[(usize, f64)]) -> Result<()> {
    let at = |count: usize| {
        let step = private.iter().find(|(enabled, _)| *enabled == count);
        step.map(|(_, bytes)| *bytes).context("a step is missing")
    };
    let each = (at(50)? - at(1)?) / 49.0 / MB;
    let target = [Target::MedianAtMost(6.0)];
    report.add(
        "memory.further",
        "one further idle module, all processes: private",
        "MB",
        vec![each],
        &target,
    );
    Ok(())
}
