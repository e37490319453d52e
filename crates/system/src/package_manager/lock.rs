//! Who holds the lock by which package managers keep each other out.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::process::{Flock, FlockType, fcntl_getlk};

use crate::port_owner::name_process;

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
