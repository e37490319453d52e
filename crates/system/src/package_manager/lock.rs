//! Who holds the lock by which package managers keep each other out.

use std::fs::File;
use std::path::Path;

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
