//! Who holds the lock by which package managers keep each other out, and how long they wait for it by themselves.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Flock, FlockType, fcntl_getlk};

use crate::port_owner::name_process;

/// How long a package manager waits by itself for others, if it can: somebody may come in between after it was looked that nobody is
/// there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockWait(pub Duration);

impl Default for LockWait {
    fn default() -> Self {
        Self(Duration::from_secs(60))
    }
}

impl LockWait {
    /// As command lines have it.
    pub(super) fn seconds(self) -> String {
        self.0.as_secs().to_string()
    }
}

/// Who has locked a file, such as "process 4711 (apt-get)".
pub(super) fn holder(lock: &Path) -> Option<String> {
    let file = File::open(lock).ok()?;
    let question = Flock::from(FlockType::WriteLock);
    let answer = fcntl_getlk(file, &question).ok()??;
    Some(name_process(
        answer.pid?.as_raw_nonzero().get().cast_unsigned(),
    ))
}

/// The process that has written its number into a file, while it runs.
pub(super) fn writer(lock: &Path) -> Option<String> {
    let text = std::fs::read_to_string(lock).ok()?;
    let id: u32 = text.trim().parse().ok()?;
    let process = PathBuf::from(format!("/proc/{id}"));
    process.is_dir().then(|| name_process(id))
}
