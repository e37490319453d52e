//! Which processes belong to a worker, and what they hold in memory, as `/proc` has it (proc(5)).
//!
//! Looking at all processes of a machine costs some microseconds each, so it is meant to be done rarely: [`Processes::newest`] says
//! cheaply whether any process or thread at all has been started since. What is too much is for others to decide.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;

use rustix::param::page_size;

use crate::process_stat::fields;

/// The processes of the machine. Keeps what it needs for the next look.
#[derive(Debug)]
pub struct Processes {
    /// Read again and again, as it is read most often.
    loadavg: Option<File>,
    text: String,
}

/// What `/proc/<pid>/stat` says of kinship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kin {
    pid: u32,
    parent: u32,
    session: u32,
}

impl Default for Processes {
    fn default() -> Self {
        Self {
            loadavg: File::open("/proc/loadavg").ok(),
            text: String::with_capacity(1024),
        }
    }
}

impl Processes {
    /// The number that was given to a process or thread last: numbers are given in order, beginning anew after the highest.
    /// `None` if the system doesn't say.
    #[must_use]
    pub fn newest(&self) -> Option<u32> {
        let mut bytes = [0; 128];
        let count = self.loadavg.as_ref()?.read_at(&mut bytes, 0).ok()?;
        let text = std::str::from_utf8(&bytes[..count]).ok()?;
        text.split_ascii_whitespace().next_back()?.parse().ok()
    }

    /// The processes that these have started, directly or not, or that are in a session that one of them leads; each with
    /// itself. One that is gone has none.
    #[must_use]
    pub fn families(&mut self, roots: &[u32]) -> HashMap<u32, Vec<u32>> {
        families(&self.all(), roots)
    }

    /// Bytes that a process has in memory, less what it shares by way of files; 0 if it is gone. Costs a few microseconds.
    /// Memory that it shares as a copy of another process counts too: see [`Self::held_alone`].
    #[must_use]
    pub fn held(&mut self, pid: u32) -> u64 {
        if !self.read(&format!("/proc/{pid}/statm")) {
            return 0;
        }
        let mut pages = self.text.split_ascii_whitespace().skip(1);
        let mut next = || pages.next().and_then(|pages| pages.parse::<u64>().ok());
        let (resident, shared) = (next().unwrap_or(0), next().unwrap_or(0));
        resident.saturating_sub(shared) * page_size() as u64
    }

    /// Bytes that a process has in memory and in swap, files left out; of what it shares with others as a copy its part. Costs
    /// milliseconds for a large one. `None` if it is gone, or the system doesn't tell.
    #[must_use]
    pub fn held_alone(&mut self, pid: u32) -> Option<u64> {
        if !self.read(&format!("/proc/{pid}/smaps_rollup")) {
            return None;
        }
        let kilobytes = |name: &str| {
            let line = self.text.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_ascii_whitespace().next()?.parse::<u64>().ok()
        };
        let parts = ["Pss_Anon:", "Pss_Shmem:", "SwapPss:"].map(kilobytes);
        Some(parts[0]? + parts[1].unwrap_or(0) + parts[2].unwrap_or(0)).map(|sum| sum * 1024)
    }

    fn all(&mut self) -> Vec<Kin> {
        Self::numbers().filter_map(|pid| self.kin(pid)).collect()
    }

    /// The numbers of all that there are.
    pub(crate) fn numbers() -> impl Iterator<Item = u32> {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
    }

    fn kin(&mut self, pid: u32) -> Option<Kin> {
        if !self.read(&format!("/proc/{pid}/stat")) {
            return None;
        }
        let mut fields = fields(&self.text)?.skip(1);
        Some(Kin {
            pid,
            parent: fields.next()?.parse().ok()?,
            session: fields.nth(1)?.parse().ok()?,
        })
    }

    fn read(&mut self, path: &str) -> bool {
        self.text.clear();
        File::open(path).is_ok_and(|mut file| file.read_to_string(&mut self.text).is_ok())
    }
}

/// How often the kernel has killed a process because there was no memory left; `None` if it doesn't say (before Linux 4.13).
#[must_use]
pub fn out_of_memory_kills() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/vmstat").ok()?;
    let count = text
        .lines()
        .find_map(|line| line.strip_prefix("oom_kill "))?;
    count.trim().parse().ok()
}

fn families(all: &[Kin], roots: &[u32]) -> HashMap<u32, Vec<u32>> {
    let parents: HashMap<u32, Kin> = all.iter().map(|kin| (kin.pid, *kin)).collect();
    let mut families: HashMap<u32, Vec<u32>> = HashMap::new();
    for kin in all {
        if let Some(root) = root_of(*kin, &parents, roots) {
            families.entry(root).or_default().push(kin.pid);
        }
    }
    families
}

/// The nearest root above a process. Processes come and go while they are looked at: what looks like a circle is none of them.
fn root_of(kin: Kin, parents: &HashMap<u32, Kin>, roots: &[u32]) -> Option<u32> {
    let line = std::iter::successors(Some(kin), |kin| parents.get(&kin.parent).copied());
    line.take(parents.len()).find_map(|kin| {
        [kin.pid, kin.session]
            .into_iter()
            .find(|pid| roots.contains(pid))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    fn kin(pid: u32, parent: u32, session: u32) -> Kin {
        Kin {
            pid,
            parent,
            session,
        }
    }

    #[track_caller]
    fn check(all: &[Kin], roots: &[u32], expected: &[(u32, &[u32])]) {
        let expected = expected
            .iter()
            .map(|(root, family)| (*root, family.to_vec()));
        assert_eq!(families(all, roots), expected.collect());
    }

    #[test]
    fn children_and_members_of_the_session_belong_to_a_worker() {
        let all = [
            kin(1, 0, 1),
            kin(10, 1, 10),
            kin(11, 10, 10),
            kin(12, 11, 12),
            // Its parent is gone, its session is not.
            kin(13, 1, 10),
            kin(14, 13, 14),
            kin(20, 1, 20),
            kin(21, 1, 1),
        ];
        check(&all, &[10, 20], &[(10, &[10, 11, 12, 13, 14]), (20, &[20])]);
        check(&all, &[30], &[]);
    }

    #[test]
    fn a_circle_ends() {
        check(&[kin(1, 2, 1), kin(2, 1, 1)], &[3], &[]);
    }

    struct Ended(Child);

    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.kill().unwrap();
            self.0.wait().unwrap();
        }
    }

    /// A shell that waits for another one, once both are there.
    fn shells() -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", "sh -c 'echo; read x'; true"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        Ended(child)
    }

    #[test]
    fn real_processes_are_found_and_weighed() {
        let mut processes = Processes::default();
        let before = processes.newest().unwrap();
        let shells = shells();
        assert_ne!(processes.newest().unwrap(), before);
        let root = shells.0.id();
        let family = processes.families(&[root]).remove(&root).unwrap();
        assert_eq!(family.len(), 2, "{family:?}");
        let own = std::process::id();
        assert!(processes.held(own) > 64 * 1024);
        assert!(processes.held_alone(own).unwrap() > 64 * 1024);
        assert_eq!((processes.held(0), processes.held_alone(0)), (0, None));
    }
}
