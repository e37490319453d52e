//! What `/proc` tells of a daemon and of all that its modules started, whoever their parents are by now.

use std::fs;
use std::path::Path;

/// The processes, no zombies, that belong to this folder: they are in it, or were told of it when they were started.
pub(crate) fn processes_of(folder: &Path) -> Vec<u32> {
    let folder = folder.to_str().unwrap();
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            belongs(&entry.path(), folder).then_some(id)
        })
        .collect()
}

/// Of a process that isn't there any more, or has ended, nothing of this can be read.
fn belongs(process: &Path, folder: &str) -> bool {
    let is_in = |path: &str| {
        let rest = path.strip_prefix(folder);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let cwd = fs::read_link(process.join("cwd")).unwrap_or_default();
    is_in(cwd.to_str().unwrap_or_default())
        || ["cmdline", "environ"].iter().any(|file| {
            let words = fs::read(process.join(file)).unwrap_or_default();
            String::from_utf8_lossy(&words)
                .split(['\0', '='])
                .any(is_in)
        })
}

/// The most memory that a process has held so far, in bytes.
pub(crate) fn peak_memory(pid: u32) -> u64 {
    memory(pid, "VmHWM:")
}

/// The memory that a process holds, in bytes.
pub(crate) fn resident_memory(pid: u32) -> u64 {
    memory(pid, "VmRSS:")
}

/// What it is told to leave to others: 0 is usual, 19 everything that they want.
pub(crate) fn niceness(pid: u32) -> i32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let field = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.split(' ').nth(16)?.parse().ok());
    field.unwrap_or_default()
}

fn memory(pid: u32, key: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kib = line.unwrap().trim().trim_end_matches(" kB");
    kib.parse::<u64>().unwrap() * 1024
}
