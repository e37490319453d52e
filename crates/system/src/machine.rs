//! What this machine is and has: its processor, room on disks, a way to other machines.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// This machine's processor, named as in lists of packages.
#[must_use]
pub fn architecture() -> String {
    let machine = rustix::system::uname();
    normal_architecture(&machine.machine().to_string_lossy()).to_owned()
}

/// One name for all that a processor is called: `x86_64`, `i586` for any of 32 bits, `aarch64`; others as they are. Addresses of
/// repositories have it too.
#[must_use]
pub fn normal_architecture(name: &str) -> &str {
    match name {
        "amd64" | "x86_64" | "x86-64" => "x86_64",
        "i386" | "i486" | "i586" | "i686" => "i586",
        "arm64" | "aarch64" => "aarch64",
        other => other,
    }
}

/// When it was started, by its clock as it is now (`btime` of proc(5)); `None` if the system doesn't say.
#[must_use]
pub fn started_at() -> Option<SystemTime> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let seconds = text.lines().find_map(|line| line.strip_prefix("btime "))?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.parse().ok()?))
}

/// Nobody minds a clock that is this much behind.
const SLACK: Duration = Duration::from_secs(24 * 3600);

/// What time it is at least, if the clock is more than a day behind it: when the last of these was changed, as far as they are there.
#[must_use]
pub fn later_than_now(witnesses: &[&Path]) -> Option<SystemTime> {
    let changed = witnesses
        .iter()
        .filter_map(|path| path.metadata().ok()?.modified().ok());
    changed.max().filter(|latest| {
        latest
            .duration_since(SystemTime::now())
            .is_ok_and(|behind| behind > SLACK)
    })
}

/// What the system calls itself (`PRETTY_NAME` of os-release(5)), such as `Debian GNU/Linux 12 (bookworm)`; `None` if it doesn't say.
#[must_use]
pub fn system_name() -> Option<String> {
    let files = ["/etc/os-release", "/usr/lib/os-release"];
    let text = files
        .iter()
        .find_map(|file| fs::read_to_string(file).ok())?;
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches(['"', '\'']).to_owned())
}

/// The release of the kernel, such as `6.1.0-18-amd64`.
#[must_use]
pub fn kernel() -> String {
    let machine = rustix::system::uname();
    machine.release().to_string_lossy().into_owned()
}

/// Bytes that this process has in memory (`VmRSS` of proc(5)); `None` if the system doesn't say.
#[must_use]
pub fn own_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// Room on a disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    /// All that there is.
    pub total: u64,
    /// What this user may still take.
    pub free: u64,
}

/// The disk of a path, which needn't be there yet; `None` if the system doesn't say.
#[must_use]
pub fn disk(path: &Path) -> Option<Disk> {
    let there = path.ancestors().find(|path| path.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(Disk {
        total: disk.f_blocks * disk.f_frsize,
        free: disk.f_bavail * disk.f_frsize,
    })
}

/// Bytes that are free on the disk of a path; see [`disk`].
#[must_use]
pub fn free_disk(path: &Path) -> Option<u64> {
    disk(path).map(|disk| disk.free)
}

/// Bytes on disk of a file, or of a folder with all that is in it; links aren't followed, and what can't be read counts nothing.
/// Takes as long as the disk needs to look at each file: call it on a thread for such work.
#[must_use]
pub fn size_on_disk(path: &Path) -> u64 {
    let Ok(own) = path.symlink_metadata() else {
        return 0;
    };
    let mut size = taken_by(&own);
    // One is open at a time, however deep they lie in each other: a module that makes them must not use up the daemon's files.
    let mut folders: Vec<_> = own.is_dir().then(|| path.to_owned()).into_iter().collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(inside) = entry.metadata() else {
                continue;
            };
            size += taken_by(&inside);
            if inside.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    size
}

fn taken_by(file: &fs::Metadata) -> u64 {
    file.blocks() * 512
}

/// Whether there is a way to machines out of reach. Nobody is asked, so it may lead nowhere.
#[must_use]
pub fn has_default_route() -> bool {
    let of_version = |file: &str, destination: &dyn Fn(&[&str]) -> bool| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let fields = |line: &str| destination(&line.split_whitespace().collect::<Vec<_>>());
        text.lines().any(fields)
    };
    // Destination and gateway; destination, its length, and the device, which isn't the one that refuses.
    of_version("/proc/net/route", &|fields| {
        fields.get(1) == Some(&"00000000")
    }) || of_version("/proc/net/ipv6_route", &|fields| {
        fields.get(1) == Some(&"00") && fields.last().is_some_and(|device| *device != "lo")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_as_large_as_what_is_in_it_and_links_lead_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let empty = size_on_disk(folder.path());
        fs::write(inner.join("file"), [7; 100_000]).unwrap();
        std::os::unix::fs::symlink("/", inner.join("all")).unwrap();
        let taken = size_on_disk(folder.path()) - empty;
        assert!((100_000..200_000).contains(&taken), "{taken}");
        assert_eq!(size_on_disk(&folder.path().join("none")), 0);
    }

    #[test]
    fn a_disk_has_more_room_in_all_than_is_free() {
        let disk = disk(Path::new("/tmp/not/there")).unwrap();
        assert!(disk.total > 0 && disk.free <= disk.total, "{disk:?}");
    }

    #[test]
    fn it_was_started_before_this_process() {
        let started = started_at().unwrap();
        let since = SystemTime::now().duration_since(started).unwrap();
        let uptime = fs::read_to_string("/proc/uptime").unwrap();
        let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
        assert!((since.as_secs_f64() - uptime).abs() < 5.0, "{since:?}");
    }

    #[test]
    fn a_clock_is_behind_what_is_there_already() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("nowhere");
        assert_eq!(later_than_now(&[folder.path(), &nowhere]), None);
        let file = fs::File::create(folder.path().join("late")).unwrap();
        for (ahead, is_behind) in [(SLACK / 2, false), (SLACK * 2, true)] {
            let late = SystemTime::now() + ahead;
            file.set_modified(late).unwrap();
            let latest = later_than_now(&[folder.path(), &folder.path().join("late")]);
            assert_eq!(latest, is_behind.then_some(late));
        }
    }

    #[test]
    fn processors_have_one_name_each() {
        for (name, expected) in [
            ("amd64", "x86_64"),
            ("i686", "i586"),
            ("arm64", "aarch64"),
            ("riscv64", "riscv64"),
        ] {
            assert_eq!(normal_architecture(name), expected);
        }
        assert!(!architecture().is_empty());
    }

    #[test]
    fn free_disk_is_that_of_the_folder_above() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_disk(folder.path()).unwrap() > 0);
        assert!(free_disk(&folder.path().join("not/there/yet")).unwrap() > 0);
    }
}
