//! The session that a program was started in, by itself: who belongs to it, how it is recognised after a restart of the daemon,
//! and how it is ended for sure (setsid(2), credentials(7)).

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

use crate::process_family::Processes;
use crate::process_stat::{has_ended, start_time};

/// A session, named so that no other one, of this start of the machine or another, can be taken for it. As text it is for a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The process id of its leader, which nobody else gets while anybody of the session is left.
    pub id: u32,
    /// When the leader started, in ticks since the machine did.
    pub start_time: u64,
    /// Which start of the machine that was.
    boot: String,
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
            boot: boot(),
        })
    }

    /// Ends everything that belongs to it: asks first, and after 5 s no more. Returns whether nothing is left.
    pub(crate) async fn end(&self) -> bool {
        self.signal(Signal::TERM);
        if self.is_over(PATIENCE, None).await {
            return true;
        }
        // What is started meanwhile is killed at the next look.
        self.is_over(KERNEL, Some(Signal::KILL)).await
    }

    /// Kills at once what belongs to it.
    pub(crate) fn kill(&self) {
        self.signal(Signal::KILL);
    }

    async fn is_over(&self, limit: Duration, signal: Option<Signal>) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            if self.members().is_empty() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            if let Some(signal) = signal {
                self.signal(signal);
            }
            sleep(LOOK).await;
        }
    }

    fn signal(&self, signal: Signal) {
        for member in self.members() {
            if let Some(pid) = Pid::from_raw(member.cast_signed()) {
                // The only possible error is that it has ended meanwhile.
                let _ = kill_process(pid, signal);
            }
        }
    }

    /// All processes of the session, and what they have started in other ones and still is their child. None if the leader's number
    /// is somebody else's by now.
    fn members(&self) -> Vec<u32> {
        if start_time(self.id).is_some_and(|time| time != self.start_time) {
            return Vec::new();
        }
        let family = Processes::default().families(&[self.id]).remove(&self.id);
        let mut members = family.unwrap_or_default();
        members.retain(|pid| !has_ended(*pid) && start_time(*pid) >= Some(self.start_time));
        members
    }
}

impl Display for Session {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} {}", self.id, self.start_time, self.boot)
    }
}

/// A text isn't the name of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this doesn't name a session")]
pub struct NoSession;

impl FromStr for Session {
    type Err = NoSession;

    fn from_str(text: &str) -> Result<Self, NoSession> {
        let mut parts = text.splitn(3, ' ');
        let mut number = || parts.next()?.parse::<u64>().ok();
        let (id, start_time) = (number(), number());
        Ok(Self {
            id: id.and_then(|id| id.try_into().ok()).ok_or(NoSession)?,
            start_time: start_time.ok_or(NoSession)?,
            boot: parts.next().ok_or(NoSession)?.to_owned(),
        })
    }
}

/// Ends what a daemon that was killed had started in this session, if anything of it is left. Returns whether there was something.
pub async fn end_leftovers(session: &Session) -> bool {
    if session.boot != boot() || session.members().is_empty() {
        return false;
    }
    if !session.end().await {
        tracing::warn!(
            session = session.id,
            "what an earlier daemon had started can't be ended"
        );
    }
    true
}

/// Names this start of the machine; empty where the kernel doesn't.
fn boot() -> String {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    text.trim().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn it_is_recognised_by_its_text() {
        let session = Session::led_by(std::process::id()).unwrap();
        let text = session.to_string();
        assert_eq!(text.parse(), Ok(session));
        for bad in ["", "1", "1 2", "-1 2 x", "1 x y", "99999999999 2 x"] {
            assert_eq!(bad.parse::<Session>(), Err(NoSession), "{bad}");
        }
    }

    #[tokio::test]
    async fn another_process_of_the_same_number_is_left_alone() {
        let mut child = Command::new("sleep")
            .arg("60")
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let session = Session::led_by(child.id()).unwrap();
        let other_time = Session {
            start_time: session.start_time - 1,
            ..session.clone()
        };
        let other_boot = Session {
            boot: "another".into(),
            ..session.clone()
        };
        assert!(!end_leftovers(&other_time).await);
        assert!(!end_leftovers(&other_boot).await);
        assert_eq!(child.try_wait().unwrap(), None);
        assert!(end_leftovers(&session).await);
        child.wait().unwrap();
        assert!(!end_leftovers(&session).await);
    }
}
