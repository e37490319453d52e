//! The name of one run of a program, by which what is left of it is recognised and ended after a restart of the daemon: a variable
//! that its processes have in their environment. A number of a process or a session alone could be somebody else's by then.

use std::fmt::{self, Display};
use std::fs;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::process_family::Processes;
use crate::process_stat::{has_ended, session_of, start_time};
use crate::session::{Session, end_all};

/// See the file's first lines. As text it is for a journal: it can be written down before the program is started, and once more when
/// its session is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunName {
    /// No other run, of this start of the machine or another, has the same.
    mark: String,
    session: Option<Session>,
}

impl RunName {
    /// The variable that has it.
    pub const VARIABLE: &'static str = "CONTARA_RUN";

    /// Of a run that is about to start.
    #[must_use]
    pub fn new() -> Self {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let own = std::process::id();
        let started = start_time(own).unwrap_or_default();
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        Self {
            mark: format!("{}.{own}.{started}.{run}", boot.trim()),
            session: None,
        }
    }

    /// The variable's value.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// The same, now that it runs.
    #[must_use]
    pub fn started(&self, session: &Session) -> Self {
        Self {
            mark: self.mark.clone(),
            session: Some(session.clone()),
        }
    }

    /// Ends what a daemon that was killed has left running of it. Returns whether there was something.
    pub async fn end_leftovers(&self) -> bool {
        if self.leftovers().is_empty() {
            return false;
        }
        end_all(&|| self.leftovers()).await;
        true
    }

    /// All that belongs to the session as long as its leader lives; else those of its number that have the mark. A service that was
    /// started has a session of its own. If the daemon was killed before it knew the session, whatever has the mark.
    fn leftovers(&self) -> Vec<u32> {
        let Some(session) = &self.session else {
            return self.marked();
        };
        if start_time(session.id) == Some(session.start_time) {
            return session.members();
        }
        let mut marked = self.marked();
        marked.retain(|pid| session_of(*pid) == Some(session.id));
        marked
    }

    fn marked(&self) -> Vec<u32> {
        let entry = format!("{}={}", Self::VARIABLE, self.mark);
        let has_mark = |pid: &u32| {
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let mut entries = environment.split(|byte| *byte == 0);
            entries.any(|known| known == entry.as_bytes()) && !has_ended(*pid)
        };
        Processes::numbers().filter(has_mark).collect()
    }
}

impl Default for RunName {
    fn default() -> Self {
        Self::new()
    }
}

impl Display for RunName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.session {
            Some(session) => write!(out, "{} {} {}", self.mark, session.id, session.start_time),
            None => out.write_str(&self.mark),
        }
    }
}

/// A text isn't the name of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this doesn't name a run")]
pub struct NoRun;

impl FromStr for RunName {
    type Err = NoRun;

    fn from_str(text: &str) -> Result<Self, NoRun> {
        let mut parts = text.split(' ');
        let mark = parts.next().filter(|mark| !mark.is_empty());
        let numbers = (parts.next(), parts.next());
        let session = match numbers {
            (None, _) => None,
            (Some(id), Some(start_time)) => Some(Session {
                id: id.parse().map_err(|_| NoRun)?,
                start_time: start_time.parse().map_err(|_| NoRun)?,
            }),
            (Some(_), None) => return Err(NoRun),
        };
        match (mark, parts.next()) {
            (Some(mark), None) => Ok(Self {
                mark: mark.to_owned(),
                session,
            }),
            _ => Err(NoRun),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    #[test]
    fn it_is_recognised_by_its_text() {
        let name = RunName::new();
        assert_ne!(name, RunName::new());
        assert_eq!(name.to_string().parse(), Ok(name.clone()));
        let session = Session::led_by(std::process::id()).unwrap();
        let started = name.started(&session);
        assert_eq!(started.to_string().parse(), Ok(started));
        for bad in ["", "a 1", "a 1 x", "a -1 2", "a 1 2 3", "a 99999999999 2"] {
            assert_eq!(bad.parse::<RunName>(), Err(NoRun), "{bad}");
        }
    }

    /// Sleeps in the background of a session whose leader ends at once; and the session.
    fn without_leader(name: &RunName) -> (Child, Session) {
        let mut leader = Command::new("setsid")
            .args(["sh", "-c", "read go; sleep 600 &"])
            .env(RunName::VARIABLE, name.mark())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let session = Session::led_by(leader.id()).unwrap();
        drop(leader.stdin.take());
        leader.wait().unwrap();
        (leader, session)
    }

    fn is_left(session: &Session) -> bool {
        Processes::numbers().any(|pid| session_of(pid) == Some(session.id) && !has_ended(pid))
    }

    #[tokio::test]
    async fn a_session_of_the_same_number_is_left_alone() {
        let theirs = RunName::new();
        let (_, session) = without_leader(&theirs);
        assert!(is_left(&session));
        // Ours had this number before; its leader is gone as well.
        let earlier = Session {
            start_time: session.start_time - 1,
            ..session.clone()
        };
        assert!(!RunName::new().started(&earlier).end_leftovers().await);
        assert!(is_left(&session));
        assert!(theirs.started(&session).end_leftovers().await);
        assert!(!is_left(&session));
        assert!(!theirs.started(&session).end_leftovers().await);
    }

    #[tokio::test]
    async fn what_was_started_just_before_the_daemon_was_killed_is_found_without_its_session() {
        let name = RunName::new();
        let (_, session) = without_leader(&name);
        assert!(name.end_leftovers().await);
        assert!(!is_left(&session));
    }
}
