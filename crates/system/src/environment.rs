//! What a program that runs for setup finds in its environment: chosen, so that nothing of the daemon's comes along by chance.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::worker_process::is_executable;

/// Where programs for administrators are, which a daemon's `PATH` may lack.
const FOLDERS: [&str; 6] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
];

/// Taken from the daemon where it has them.
const TAKEN: [&str; 4] = ["LOGNAME", "TMPDIR", "TZ", "USER"];

/// Every program gets these. No locale is among them but C, in UTF-8, so that programs print what they do everywhere.
#[must_use]
pub fn usual() -> Vec<(&'static str, OsString)> {
    let taken = TAKEN
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)));
    let home = std::env::var_os("HOME").unwrap_or_else(|| "/root".into());
    let chosen = [
        ("PATH", path()),
        ("HOME", home),
        ("SHELL", "/bin/bash".into()),
        ("TERM", "dumb".into()),
        ("LC_ALL", "C.UTF-8".into()),
    ];
    taken.chain(chosen).collect()
}

/// The daemon's own folders of programs, then those for administrators. Relative ones are left out: they would mean a folder of the
/// module.
fn path() -> OsString {
    let mut folders: Vec<PathBuf> = Vec::new();
    let own = std::env::var_os("PATH").unwrap_or_default();
    for folder in std::env::split_paths(&own).chain(FOLDERS.map(PathBuf::from)) {
        if folder.is_absolute() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    // They came out of such a list, so none holds a colon.
    std::env::join_paths(folders).unwrap_or_default()
}

/// A program's whole path: itself, or found on the path that programs get. `None` if there is none that can be run.
#[must_use]
pub fn find_program(program: &Path) -> Option<PathBuf> {
    if program.as_os_str().as_bytes().contains(&b'/') {
        return is_executable(program).then(|| program.to_owned());
    }
    std::env::split_paths(&path())
        .map(|folder| folder.join(program))
        .find(|path| is_executable(path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn administrators_programs_are_on_the_path() {
        let path = path();
        let folders: Vec<_> = std::env::split_paths(&path).collect();
        for folder in FOLDERS {
            let count = folders.iter().filter(|known| *known == Path::new(folder));
            assert_eq!(count.count(), 1, "{folder}");
        }
    }

    #[test]
    fn programs_are_found_by_name_or_path() {
        let sh = find_program(Path::new("sh")).unwrap();
        assert!(sh.is_absolute());
        assert_eq!(find_program(&sh), Some(sh));
        assert_eq!(find_program(Path::new("no-such-program")), None);
        assert_eq!(find_program(Path::new("/etc/passwd")), None);
    }

    #[test]
    fn nothing_of_the_daemons_comes_along_by_chance() {
        let names: Vec<_> = usual().into_iter().map(|(name, _)| name).collect();
        let known = ["PATH", "HOME", "SHELL", "TERM", "LC_ALL"];
        for name in names {
            assert!(TAKEN.contains(&name) || known.contains(&name), "{name}");
        }
    }
}
