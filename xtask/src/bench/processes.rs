//! The processes of a daemon, and what the kernel says that they use.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// How long the processes must be the same ones to count as settled.
const CALM: Duration = Duration::from_millis(1500);
const PATIENCE: Duration = Duration::from_secs(60);

/// The processes of a daemon at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Processes {
    pub(crate) host: u32,
    pub(crate) spawner: Option<u32>,
    /// One for each module that runs, and what is kept ready for the next.
    pub(crate) workers: Vec<u32>,
}

/// What a process, or several, hold of memory, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Memory {
    /// Proportional set size: shared pages count by their share.
    pub(crate) pss: f64,
    /// What would be free if it ended.
    pub(crate) private: f64,
}

impl Processes {
    /// Those of the daemon with this id.
    pub(crate) fn of(host: u32) -> Result<Self> {
        let parents = parents()?;
        let children = |of: u32| {
            let children = parents.iter().filter(move |(_, parent)| **parent == of);
            children.map(|(id, _)| *id)
        };
        let spawner = children(host).find(|id| is(*id, "contara_worker.spawner"));
        let workers = match spawner {
            Some(spawner) => children(spawner).collect(),
            None => children(host)
                .filter(|id| is(*id, "contara_worker"))
                .collect(),
        };
        Ok(Self {
            host,
            spawner,
            workers,
        })
    }

    /// Once nothing has been started or ended for a while.
    pub(crate) fn settled(host: u32) -> Result<Self> {
        let begin = Instant::now();
        let (mut last, mut since) = (Self::of(host)?, Instant::now());
        while since.elapsed() < CALM {
            ensure!(
                begin.elapsed() < PATIENCE,
                "the daemon's processes never settle"
            );
            thread::sleep(Duration::from_millis(50));
            let now = Self::of(host)?;
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        Ok(last)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = u32> {
        [self.host]
            .into_iter()
            .chain(self.spawner)
            .chain(self.workers.iter().copied())
    }
}

impl Memory {
    pub(crate) fn of(process: u32) -> Result<Self> {
        let file = format!("/proc/{process}/smaps_rollup");
        let text = fs::read_to_string(&file).with_context(|| format!("couldn't read {file}"))?;
        Ok(Self::read(&text))
    }

    /// Of several together.
    pub(crate) fn of_all(processes: impl IntoIterator<Item = u32>) -> Result<Self> {
        processes
            .into_iter()
            .try_fold(Self::default(), |sum, process| {
                let memory = Self::of(process)?;
                Ok(Self {
                    pss: sum.pss + memory.pss,
                    private: sum.private + memory.private,
                })
            })
    }

    fn read(rollup: &str) -> Self {
        let kibibytes = |name: &str| {
            let line = rollup.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
            number.unwrap_or_default() * 1024.0
        };
        Self {
            pss: kibibytes("Pss:"),
            private: kibibytes("Private_Clean:") + kibibytes("Private_Dirty:"),
        }
    }
}

/// Processor time of a process's threads that live, in nanoseconds.
pub(crate) fn processor_time(process: u32) -> f64 {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return 0.0;
    };
    let times = threads.flatten().filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    times.sum()
}

fn is(process: u32, program: &str) -> bool {
    let command = fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
    command.split('\0').any(|argument| argument == program)
}

/// Every process's parent.
fn parents() -> Result<BTreeMap<u32, u32>> {
    let processes = fs::read_dir("/proc")?.flatten().filter_map(|entry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
        Some((id, parent))
    });
    Ok(processes.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_a_rollup() {
        let rollup = "00400000-7ffe [rollup]\nRss: 30 kB\nPss:  20 kB\nPss_Anon: 9 kB\nPrivate_Clean: 4 kB\nPrivate_Dirty: 8 kB\n";
        assert_eq!(
            Memory::read(rollup),
            Memory {
                pss: 20.0 * 1024.0,
                private: 12.0 * 1024.0
            }
        );
    }
}
