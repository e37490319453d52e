//! Who goes first when there is too little of the processor: what a process has used and would have liked to use of it, and how
//! to have it stand back (proc(5), sched(7)). Who has to stand back is for others to decide.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::time::Duration;

use rustix::process::{Pid, getpriority_process, setpriority_pgrp};

use crate::process_stat::fields;

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
    let own = Leaders::of("self").unwrap_or(Leaders::OUTSIDE);
    // The host's own must stay as they are, whoever is in them.
    let mut groups = HashSet::from([own.group, Leaders::OUTSIDE.group]);
    let mut sessions = HashSet::from([own.session, Leaders::OUTSIDE.session]);
    for pid in members {
        // One that is gone needs no priority.
        let Some(leaders) = Leaders::of(&pid.to_string()) else {
            continue;
        };
        if sessions.insert(leaders.session) && !prioritise_session(*pid, priority) {
            return false;
        }
        if groups.insert(leaders.group) {
            // Not permitted, or gone meanwhile: there is nothing else to be done.
            let _ = setpriority_pgrp(Pid::from_raw(leaders.group), priority.niceness());
        }
    }
    true
}

/// Who leads the group and the session of a process.
#[derive(Debug, Clone, Copy)]
struct Leaders {
    group: i32,
    session: i32,
}

impl Leaders {
    /// What the kernel shows in a container of those who began outside of it; system calls that take a group mean one's own by
    /// that.
    const OUTSIDE: Self = Self {
        group: 0,
        session: 0,
    };

    /// `None` if it is gone.
    fn of(process: &str) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let mut fields = fields(&text)?.skip(2);
        Some(Self {
            group: fields.next()?.parse().ok()?,
            session: fields.next()?.parse().ok()?,
        })
    }
}

/// Whether that is settled; it is too where there is no such thing.
fn prioritise_session(member: u32, priority: Priority) -> bool {
    let group = format!("/proc/{member}/autogroup");
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

/// utime, stime, cutime and cstime.
fn ticks(stat: &str) -> Option<u64> {
    let times = fields(stat)?.skip(11).take(4);
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
        // It shares the session of this test, whose share stays as it is.
        assert!(prioritise(&[child.0.id()], Priority::Last));
        assert_eq!(getpriority_process(pid).unwrap(), 19);
        assert!(prioritise(&[0], Priority::Last), "what is gone is settled");
        assert!(prioritise(&[std::process::id()], Priority::Last));
        assert_eq!(getpriority_process(None).unwrap(), own, "itself it leaves");
        assert_eq!(Priority::Usual.niceness(), (own + 5).min(19));
    }

    #[test]
    fn so_it_is_where_the_host_was_started_from_outside_of_its_container() {
        let test = "priority::tests::a_process_and_its_group_can_be_put_last";
        let mut inside = Command::new("unshare");
        inside.args(["--map-root-user", "--pid", "--fork", "--mount-proc"]);
        let program = std::env::current_exe().unwrap();
        let output = inside.arg(program).arg(test).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("1 passed"), "{text}");
    }
}
