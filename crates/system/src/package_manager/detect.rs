//! Which package manager this machine has. Distributions offer those of others too, so what the system says of itself comes first.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use contara_i18n::{Explained, Message, message};
use thiserror::Error;

use super::{Apk, Apt, Dnf, LockWait, NoPackages, PackageManager, Pacman, Urpmi, Zypper};
use crate::environment::find_program;

/// What can be set: `auto`, `none`, and the names of those that Contara knows.
pub const MANAGERS: [&str; 8] = [
    "auto", "none", "apt", "dnf", "zypper", "pacman", "apk", "urpmi",
];

/// A package manager was named that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoManager {
    /// Contara doesn't know it.
    Unknown(String),
    /// It isn't on this machine.
    Missing {
        /// Its name.
        manager: &'static str,
        /// What it lacks.
        program: &'static str,
    },
}

impl Explained for NoManager {
    fn message(&self) -> Message {
        let [others @ .., last] = MANAGERS.map(quoted);
        match self {
            Self::Unknown(name) => message!(
                "{name} is no package manager that Contara can use: write {others} or {last}",
                name = quoted(name),
                others = others.join(", "),
                last = last
            ),
            Self::Missing { manager, program } => message!(
                "{manager} can't be used: there is no program {program} on this machine",
                manager = *manager,
                program = *program
            ),
        }
    }
}

impl fmt::Display for NoManager {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// One that Contara knows.
struct Known {
    name: &'static str,
    programs: &'static [&'static str],
    /// Distributions and ancestors of such, as os-release(5) names them.
    systems: &'static [&'static str],
    make: fn(LockWait) -> Arc<dyn PackageManager>,
}

/// In the order in which they are looked for if the system says nothing of itself.
const KNOWN: [Known; 6] = [
    Known {
        name: "apt",
        programs: &Apt::PROGRAMS,
        systems: &["debian", "ubuntu"],
        make: |wait| Arc::new(Apt(wait)),
    },
    Known {
        name: "dnf",
        programs: &Dnf::PROGRAMS,
        systems: &["fedora", "rhel", "centos"],
        make: |_| Arc::new(Dnf),
    },
    Known {
        name: "zypper",
        programs: &Zypper::PROGRAMS,
        systems: &["opensuse", "suse", "sles"],
        make: |wait| Arc::new(Zypper(wait)),
    },
    Known {
        name: "pacman",
        programs: &Pacman::PROGRAMS,
        systems: &["arch", "archarm"],
        make: |_| Arc::new(Pacman),
    },
    Known {
        name: "apk",
        programs: &Apk::PROGRAMS,
        systems: &["alpine"],
        make: |wait| Arc::new(Apk(wait)),
    },
    Known {
        name: "urpmi",
        programs: &Urpmi::PROGRAMS,
        systems: &["mageia", "mandriva", "mandrake"],
        make: |_| Arc::new(Urpmi),
    },
];

/// The one that is set: `auto`, which finds one or none, `none`, or a name. It waits so long for others.
pub fn choose(setting: &str, wait: LockWait) -> Result<Arc<dyn PackageManager>, NoManager> {
    match setting {
        "auto" => Ok(find(&systems(), has, wait)),
        "none" => Ok(Arc::new(NoPackages)),
        name => {
            let known = KNOWN.iter().find(|known| known.name == name);
            let known = known.ok_or_else(|| NoManager::Unknown(name.to_owned()))?;
            known.usable(has, wait)
        }
    }
}

impl Known {
    fn usable(
        &self,
        has: impl Fn(&str) -> bool,
        wait: LockWait,
    ) -> Result<Arc<dyn PackageManager>, NoManager> {
        match self.programs.iter().find(|program| !has(program)) {
            Some(program) => Err(NoManager::Missing {
                manager: self.name,
                program,
            }),
            None => Ok((self.make)(wait)),
        }
    }
}

/// The first that the machine has: of those of its own system, of the systems that it descends from, and then of all.
fn find(systems: &[String], has: impl Fn(&str) -> bool, wait: LockWait) -> Arc<dyn PackageManager> {
    let of = |system| {
        KNOWN
            .iter()
            .filter(move |known| known.systems.contains(&system))
    };
    let own = systems.iter().map(String::as_str).flat_map(of);
    let mut usable = own
        .chain(&KNOWN)
        .filter_map(|known| known.usable(&has, wait).ok());
    usable.next().unwrap_or_else(|| Arc::new(NoPackages))
}

fn has(program: &str) -> bool {
    find_program(Path::new(program)).is_some()
}

/// What this system is, and what it descends from.
fn systems() -> Vec<String> {
    let files = ["/etc/os-release", "/usr/lib/os-release"];
    let mut texts = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok());
    read_systems(&texts.next().unwrap_or_default())
}

/// `ID` and then `ID_LIKE` (os-release(5)).
fn read_systems(text: &str) -> Vec<String> {
    let named = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name));
        value.unwrap_or_default().trim_matches(['"', '\''])
    };
    let ids = named("ID=").split_whitespace();
    let ids = ids.chain(named("ID_LIKE=").split_whitespace());
    ids.map(str::to_owned).collect()
}

/// As it stands in the configuration.
fn quoted(name: &str) -> String {
    format!("{name:?}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(os_release: &str, programs: &str, expected: &str) {
        let has = |program: &str| programs.split(' ').any(|one| one == program);
        let found = find(&read_systems(os_release), has, LockWait::default());
        assert_eq!(found.name(), expected, "{os_release}");
    }

    const APT: &str = "apt-get apt-config dpkg dpkg-query";

    #[test]
    fn the_systems_own_comes_first() {
        let both = format!("{APT} dnf rpm");
        check("NAME=\"Debian\"\nID=debian\n", &both, "apt");
        check(
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            &both,
            "dnf",
        );
        check("ID=linuxmint\nID_LIKE='ubuntu debian'\n", &both, "apt");
        check(
            "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
            "dnf rpm zypper",
            "zypper",
        );
        check("ID=arch\n", "pacman dnf rpm", "pacman");
        check("ID=alpine\n", "apk", "apk");
        let mageia = "ID=mageia\nID_LIKE=\"mandriva fedora mandrake\"\n";
        check(mageia, "dnf rpm", "dnf");
        check(mageia, "dnf rpm urpmi urpmi.update urpmq", "urpmi");
        check("ID=fedora\n", APT, "apt");
        check("ID=fedora\n", "dnf", "none");
        check("", &both, "apt");
        check("", "", "none");
    }

    #[test]
    fn what_is_set_is_used() {
        let wait = LockWait::default();
        assert_eq!(choose("none", wait).unwrap().name(), "none");
        let error = choose("yum", wait).unwrap_err().to_string();
        assert!(
            error.starts_with(
                "\"yum\" is no package manager that Contara can use: write \"auto\", "
            ),
            "{error}"
        );
        for name in KNOWN.iter().map(|known| known.name) {
            assert!(MANAGERS.contains(&name), "{name}");
            assert!(
                choose(name, wait).is_ok_and(|chosen| chosen.name() == name)
                    || matches!(choose(name, wait), Err(NoManager::Missing { manager, .. }) if manager == name)
            );
        }
    }
}
