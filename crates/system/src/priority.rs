//! Who goes first when there is too little of the processor: what a process has used and would have liked to use of it, and how
//! to have it stand back (proc(5), sched(7)). Who has to stand back is for others to decide.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::time::Duration;

use rustix::process::{Pid, getpgid, getpriority_process, getsid, setpriority_pgrp};

/// How the processes of a module stand to the host's and to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// As the spawner starts them: behind the host.
    Usual,
    /// Behind everybody else: they get what nobody else wants.
    Last,
}

/// How far modules start behind the host, whose own niceness its administrator may have raised (`birth.py` has the same).
const BEHIND: i32 = 5;
const LAST: i32 = 19;

impl Priority {
    fn niceness(self) -> i32 {
        match self {
            // The system knows its own.
            Self::Usual => (getpriority_process(None).unwrap_or(0) + BEHIND).min(LAST),
            Self::Last => LAST,
        }
    }

    fn niceness_of_session(self) -> i32 {
        match self {
            Self::Usual => BEHIND,
            Self::Last => LAST,
        }
    }
}

/// Gives these processes, and what they will start, a priority. Returns whether that is settled, or should be tried again soon.
///
/// Where the kernel shares out the processor by session first (autogroups), niceness counts within a session only, and the session
/// has one of its own, which others than root can't change more often than every 0.1 s. Where it doesn't, only root can undo
/// [`Priority::Last`]: whatever is possible is done.
#[must_use]
pub fn prioritise(members: &[u32], priority: Priority) -> bool {
    let pids = members
        .iter()
        .filter_map(|id| Pid::from_raw(id.cast_signed()));
    // The host's own must stay as they are, whoever is in them.
    let mut groups = HashSet::<Pid>::from_iter(getpgid(None));
    let mut sessions = HashSet::<Pid>::from_iter(getsid(None));
    for pid in pids {
        // One that is gone needs no priority.
        if getsid(Some(pid)).is_ok_and(|session| sessions.insert(session))
            && !prioritise_session(pid, priority)
        {
            return false;
        }
        if let Ok(group) = getpgid(Some(pid))
            && groups.insert(group)
        {
            // Not permitted, or gone meanwhile: there is nothing else to be done.
            let _ = setpriority_pgrp(Some(group), priority.niceness());
        }
    }
    true
}

/// Whether that is settled; it is too where there is no such thing.
fn prioritise_session(member: Pid, priority: Priority) -> bool {
    let group = format!("/proc/{}/autogroup", member.as_raw_nonzero());
    let written = fs::write(group, priority.niceness_of_session().to_string());
    !written.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// Processor time that a process has used, and those of its children that have ended; a hundredth of a second is the finest. Costs
/// a few microseconds. Zero if it is gone.
#[must_use]
pub fn used(pid: u32) -> Duration {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    ticks(&text).map_or(Duration::ZERO, |ticks| Duration::from_millis(ticks * 10))
}

/// utime, stime, cutime and cstime. The second field is the program's name in brackets, and may hold any character.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let times = fields.split_ascii_whitespace().skip(11).take(4);
    times.map(|time| time.parse::<u64>().ok()).sum()
}

/// Processor time that the threads of a process have used, or have waited for. Zero if it is gone, or the kernel doesn't count.
#[must_use]
pub fn wanted(pid: u32) -> Duration {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return Duration::ZERO;
    };
    let of_thread = |thread: fs::DirEntry| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        let times = text.split_ascii_whitespace().take(2);
        times
            .map(|time| time.parse::<u64>().ok())
            .sum::<Option<u64>>()
    };
    let nanoseconds: u64 = threads.flatten().filter_map(of_thread).sum();
    Duration::from_nanos(nanoseconds)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};
    use std::time::Instant;

    use super::*;

    struct Ended(Child);

    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.kill().unwrap();
            self.0.wait().unwrap();
        }
    }

    /// A process that computes, in a group of its own.
    fn computing() -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", "while :; do :; done"]).process_group(0);
        Ended(command.spawn().unwrap())
    }

    #[test]
    fn what_a_process_uses_and_wants_is_seen() {
        let child = computing();
        let start = Instant::now();
        while used(child.0.id()) < Duration::from_millis(50) {
            assert!(start.elapsed() < Duration::from_secs(20));
            std::thread::yield_now();
        }
        assert!(wanted(child.0.id()) >= Duration::from_millis(40));
        assert_eq!((used(0), wanted(0)), (Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn the_name_of_a_program_may_hold_anything() {
        let stat = "7 (a) b 9) R 1 7 7 0 -1 4194304 100 0 0 0 10 20 30 40 20 0 1 0 5";
        assert_eq!(ticks(stat), Some(100));
    }

    #[test]
    fn a_process_and_its_group_can_be_put_last() {
        let child = computing();
        let own = getpriority_process(None).unwrap();
        let pid = Pid::from_raw(child.0.id().cast_signed());
        // It shares the session of this test, whose share must stay as it is.
        setpriority_pgrp(pid, Priority::Last.niceness()).unwrap();
        assert_eq!(getpriority_process(pid).unwrap(), 19);
        assert!(prioritise(&[0], Priority::Last), "what is gone is settled");
        assert!(prioritise(&[std::process::id()], Priority::Last));
        assert_eq!(getpriority_process(None).unwrap(), own, "itself it leaves");
        assert_eq!(Priority::Usual.niceness(), (own + 5).min(19));
    }
}
