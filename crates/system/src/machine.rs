//! What this machine is and has: its processor, its kind of Linux, room on disks, a way to other machines.

use std::fs;
use std::path::Path;

use contara_manifest::PackageFamily;

/// What `/etc/os-release` says of the system (os-release(5)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperatingSystem {
    /// Such as `debian`.
    pub id: String,
    /// Those that it is like, the nearest first.
    pub like: Vec<String>,
    /// For people.
    pub name: String,
}

/// Which lists of packages are for which systems.
const FAMILIES: [(PackageFamily, &[&str]); 4] = [
    (PackageFamily::Deb, &["debian", "ubuntu"]),
    (
        PackageFamily::Rpm,
        &[
            "fedora", "rhel", "centos", "suse", "opensuse", "mageia", "mandriva",
        ],
    ),
    (PackageFamily::Apk, &["alpine"]),
    (PackageFamily::Pacman, &["arch"]),
];

impl OperatingSystem {
    /// This machine's.
    #[must_use]
    pub fn this() -> Self {
        let files = ["/etc/os-release", "/usr/lib/os-release"];
        let text = files.iter().find_map(|file| fs::read_to_string(file).ok());
        Self::read(&text.unwrap_or_default())
    }

    fn read(text: &str) -> Self {
        let value = |name: &str| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_default()
                .trim()
                .trim_matches(['"', '\''])
                .to_owned()
        };
        let id = value("ID");
        let pretty = value("PRETTY_NAME");
        Self {
            like: value("ID_LIKE")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            name: if pretty.is_empty() {
                id.clone()
            } else {
                pretty
            },
            id,
        }
    }

    /// Whose packages it takes; `None` if that isn't known.
    #[must_use]
    pub fn family(&self) -> Option<PackageFamily> {
        [&self.id].into_iter().chain(&self.like).find_map(|id| {
            let known = |ids: &[&str]| {
                ids.iter().any(|known| {
                    id == known || (id.starts_with("opensuse-") && *known == "opensuse")
                })
            };
            let found = FAMILIES.iter().find(|(_, ids)| known(ids))?;
            Some(found.0)
        })
    }
}

/// This machine's processor, named as in lists of packages.
#[must_use]
pub fn architecture() -> String {
    let machine = rustix::system::uname();
    normal_architecture(&machine.machine().to_string_lossy()).to_owned()
}

/// One name for all that a processor is called: `x86_64`, `i586` for any of 32 bits, `aarch64`; others as they are.
#[must_use]
pub fn normal_architecture(name: &str) -> &str {
    match name {
        "amd64" | "x86_64" | "x86-64" => "x86_64",
        "i386" | "i486" | "i586" | "i686" => "i586",
        "arm64" | "aarch64" => "aarch64",
        other => other,
    }
}

/// Bytes that are free on the disk of a path, which needn't be there yet; `None` if the system doesn't say.
#[must_use]
pub fn free_disk(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|path| path.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail * disk.f_frsize)
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

/// Whether systemd runs the machine's services.
#[must_use]
pub fn runs_systemd() -> bool {
    Path::new("/run/systemd/system").is_dir()
}

/// Whether the daemon may change the machine.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, id: &str, name: &str, family: Option<PackageFamily>) {
        let system = OperatingSystem::read(text);
        assert_eq!(
            (system.id.as_str(), system.name.as_str(), system.family()),
            (id, name, family)
        );
    }

    #[test]
    fn systems_take_packages_of_their_family() {
        let debian =
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n";
        check(
            debian,
            "debian",
            "Debian GNU/Linux 12 (bookworm)",
            Some(PackageFamily::Deb),
        );
        check(
            "ID='linuxmint'\nID_LIKE=\"ubuntu debian\"",
            "linuxmint",
            "linuxmint",
            Some(PackageFamily::Deb),
        );
        check(
            "ID=rocky\nID_LIKE=\"rhel centos fedora\"",
            "rocky",
            "rocky",
            Some(PackageFamily::Rpm),
        );
        check(
            "ID=opensuse-leap",
            "opensuse-leap",
            "opensuse-leap",
            Some(PackageFamily::Rpm),
        );
        check("ID=alpine", "alpine", "alpine", Some(PackageFamily::Apk));
        check(
            "ID=manjaro\nID_LIKE=arch",
            "manjaro",
            "manjaro",
            Some(PackageFamily::Pacman),
        );
        check("", "", "", None);
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
