//! The session that a program was started in, by itself: who belongs to it, and how it is ended for sure (setsid(2),
//! credentials(7)).

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

use crate::process_family::Processes;
use crate::process_stat::{has_ended, start_time};

/// A session of a daemon that has seen it start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The process id of its leader, which nobody else gets while anybody of the session is left.
    pub id: u32,
    /// When the leader started, in ticks since the machine did.
    pub start_time: u64,
}

/// How long programs have to end by themselves.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it may take the kernel to end those that were killed: one that waits for a dead disk can't be ended at all.
const KERNEL: Duration = Duration::from_secs(5);

/// How often is looked whether all have ended. A look costs some microseconds for each process of the machine.
const LOOK: Duration = Duration::from_millis(20);

impl Session {
    /// The session that a process leads, or is about to; `None` if the process is gone.
    pub(crate) fn led_by(id: u32) -> Option<Self> {
        Some(Self {
            id,
            start_time: start_time(id)?,
        })
    }

    /// Ends everything that belongs to it: asks first, and after 5 s no more.
    pub(crate) async fn end(&self) {
        end_all(&|| self.members()).await;
    }

    /// Kills at once what belongs to it.
    pub(crate) fn kill(&self) {
        signal(&self.members(), Signal::KILL);
    }

    /// All processes of the session, and what they have started in other ones and still is their child. None if the leader's number
    /// is somebody else's by now.
    pub(crate) fn members(&self) -> Vec<u32> {
        if start_time(self.id).is_some_and(|time| time != self.start_time) {
            return Vec::new();
        }
        let family = Processes::default().families(&[self.id]).remove(&self.id);
        let mut members = family.unwrap_or_default();
        members.retain(|pid| !has_ended(*pid) && start_time(*pid) >= Some(self.start_time));
        members
    }
}

/// Ends all these, which are looked for again and again: asks first, and after 5 s no more.
pub(crate) async fn end_all(members: &(impl Fn() -> Vec<u32> + Sync)) {
    signal(&members(), Signal::TERM);
    if is_over(members, PATIENCE, None).await {
        return;
    }
    // What is started meanwhile is killed at the next look.
    if !is_over(members, KERNEL, Some(Signal::KILL)).await {
        tracing::warn!(processes = ?members(), "processes can't be ended");
    }
}

async fn is_over(
    members: &(impl Fn() -> Vec<u32> + Sync),
    limit: Duration,
    to_send: Option<Signal>,
) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        let left = members();
        if left.is_empty() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        if let Some(to_send) = to_send {
            signal(&left, to_send);
        }
        sleep(LOOK).await;
    }
}

fn signal(processes: &[u32], signal: Signal) {
    for pid in processes {
        if let Some(pid) = Pid::from_raw(pid.cast_signed()) {
            // The only possible error is that it has ended meanwhile.
            let _ = kill_process(pid, signal);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[tokio::test]
    async fn another_process_of_the_same_number_is_left_alone() {
        let mut child = Command::new("sleep")
            .arg("60")
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let session = Session::led_by(child.id()).unwrap();
        let other = Session {
            start_time: session.start_time - 1,
            ..session.clone()
        };
        other.end().await;
        assert_eq!(child.try_wait().unwrap(), None);
        session.end().await;
        child.wait().unwrap();
        assert_eq!(session.members(), [0; 0]);
    }
}
