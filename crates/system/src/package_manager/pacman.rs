//! pacman, as Arch and its relatives have it (pacman(8)). It says beforehand what would come, not what would go: packages that conflict
//! with those that are there are refused when they are installed, and nothing is done then. Its lists are left as old as they are,
//! since new ones without an upgrade of the whole system are what Arch doesn't support.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use contara_manifest::PackageFamily;

use super::repositories::{Places, RepositoryFile, RepositoryOrder, has_value};
use super::{Changes, Database, PackageManager, Phase, ProgressReport};
use crate::command_run::CommandOrder;

/// Arch's.
#[derive(Debug, Clone, Copy)]
pub struct Pacman;

/// Is there while one runs. Nothing in it says which.
const LOCK: &str = "/var/lib/pacman/db.lck";

/// A package that would come, its version and what has to be downloaded.
const FORMAT: &str = "%n %v %s";

impl Pacman {
    /// What it consists of.
    pub(super) const PROGRAMS: [&str; 1] = ["pacman"];
}

impl PackageManager for Pacman {
    fn name(&self) -> &'static str {
        "pacman"
    }

    fn family(&self) -> Option<PackageFamily> {
        Some(PackageFamily::Pacman)
    }

    fn is_name(&self, package: &str) -> bool {
        let is_part = |part: char| part.is_ascii_alphanumeric() || "@._+-".contains(part);
        !package.is_empty() && !package.starts_with(['-', '.']) && package.chars().all(is_part)
    }

    fn installed_query(&self) -> Option<CommandOrder> {
        Some(CommandOrder::new("pacman", ["-Qi"]))
    }

    fn read_installed(&self, answer: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (field, value) in answer.lines().filter_map(|line| line.split_once(" : ")) {
            if matches!(field.trim(), "Name" | "Provides") {
                let values = value.split_whitespace().filter(|name| *name != "None");
                let unversioned = values.map(|name| name.split(['=', '<', '>']).next());
                names.extend(unversioned.flatten().map(str::to_owned));
            }
        }
        names
    }

    fn simulations(&self, packages: &[String]) -> Vec<CommandOrder> {
        let print = [
            "-S",
            "--print",
            "--needed",
            "--noconfirm",
            "--print-format",
            FORMAT,
            "--",
        ];
        vec![
            CommandOrder::new("pacman", ["-Q"]),
            pacman(&print, packages),
        ]
    }

    fn read_simulations(&self, answers: &str) -> Changes {
        let mut changes = Changes::default();
        let mut there = BTreeSet::new();
        let mut errors = Vec::new();
        for line in answers.lines() {
            if let Some(error) = line.strip_prefix("error: ") {
                match error.strip_prefix("target not found: ") {
                    Some(name) => changes.unknown.push(name.trim().to_owned()),
                    None => errors.push(error),
                }
                continue;
            }
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                [name, _version] => drop(there.insert(name)),
                [name, _version, size] => add(name, size, there.contains(name), &mut changes),
                _ => {}
            }
        }
        if changes.unknown.is_empty() && !errors.is_empty() {
            changes.refusal = Some(errors.join(" "));
        }
        changes
    }

    fn install(&self, packages: &[String]) -> Option<CommandOrder> {
        Some(pacman(&["-S", "--needed", "--noconfirm", "--"], packages))
    }

    fn progress(&self, line: &str) -> Option<ProgressReport> {
        total(line).or_else(|| at(line))
    }

    fn refresh(&self) -> Option<CommandOrder> {
        None
    }

    fn repair(&self, _database: Option<&Database>) -> Option<CommandOrder> {
        None
    }

    fn lock_holder(&self, _database: Option<&Database>) -> Option<String> {
        let is_there = Path::new(LOCK).exists();
        is_there.then(|| format!("pacman, whose lock is {LOCK}"))
    }

    fn usual_places(&self) -> Option<Places> {
        Some(places_in(Path::new("/etc")))
    }

    /// Its name is also that of its list, so it is the module's. Options are further lines.
    fn repository_files(&self, places: &Places, order: &RepositoryOrder) -> Vec<RepositoryFile> {
        let mut lines = vec![
            format!("# {}, added by Contara", order.name),
            format!("[{}]", order.slug),
            format!("Server = {}", order.url),
        ];
        let options = order.options.split_whitespace();
        lines.extend(options.filter(|word| has_value(word)).map(str::to_owned));
        vec![RepositoryFile {
            path: repository_path(places, order),
            content: (lines.join("\n") + "\n").into_bytes(),
            is_secret: false,
        }]
    }

    fn repository_additions(
        &self,
        places: &Places,
        order: &RepositoryOrder,
    ) -> Vec<RepositoryFile> {
        let include = repository_path(places, order);
        let file = places.list.clone().map(|path| RepositoryFile {
            path,
            content: format!("Include = {}\n", include.display()).into_bytes(),
            is_secret: false,
        });
        file.into_iter().collect()
    }

    fn key_query(&self, key: &Path) -> Option<CommandOrder> {
        let show = ["--show-keys", "--with-colons", "--"].map(OsStr::new);
        Some(CommandOrder::new(
            "gpg",
            show.into_iter().chain([key.as_os_str()]),
        ))
    }

    /// A key has to be known, and signed with the machine's own.
    fn trust_key(&self, key: &Path, answer: &str) -> Vec<CommandOrder> {
        let mut lines = answer.lines().filter_map(|line| line.strip_prefix("fpr:"));
        let fingerprint = lines.find_map(|line| line.split(':').find(|field| !field.is_empty()));
        let add = [OsStr::new("--add"), key.as_os_str()];
        let sign = fingerprint.map(|fingerprint| ["--lsign-key", fingerprint]);
        let add = CommandOrder::new("pacman-key", add);
        let sign = sign.map(|sign| CommandOrder::new("pacman-key", sign));
        [add].into_iter().chain(sign).collect()
    }

    /// Only of this one, since new lists of the others without an upgrade of the whole system are what Arch doesn't support.
    fn refresh_repository(&self, places: &Places, order: &RepositoryOrder) -> Option<CommandOrder> {
        let only = repository_path(places, order);
        let arguments = ["--sync", "--refresh", "--noconfirm", "--config"].map(OsStr::new);
        let arguments = arguments.into_iter().chain([only.as_os_str()]);
        Some(CommandOrder::new("pacman", arguments))
    }

    fn keeps_logins(&self) -> bool {
        false
    }
}

/// Where repositories go below `/etc`.
pub(super) fn places_in(etc: &Path) -> Places {
    Places {
        sources: etc.join("pacman.d"),
        list: Some(etc.join("pacman.conf")),
        logins: None,
        keys: etc.join("pacman.d/keys"),
        has_parts: false,
        proxy: None,
        finds_proxies: false,
    }
}

fn repository_path(places: &Places, order: &RepositoryOrder) -> PathBuf {
    places.sources.join(format!("contara-{}.conf", order.slug))
}

fn pacman(arguments: &[&str], packages: &[String]) -> CommandOrder {
    let packages = packages.iter().map(String::as_str);
    CommandOrder::new("pacman", arguments.iter().copied().chain(packages))
}

/// `Packages (2) letters-1.0-1  numbers-1.0-1`.
fn total(line: &str) -> Option<ProgressReport> {
    let (number, _) = line.strip_prefix("Packages (")?.split_once(')')?;
    let coming = number.parse().ok()?;
    Some(ProgressReport::Total { coming, going: 0 })
}

/// ` letters-1.0-1-any downloading...`, `installing letters...`.
fn at(line: &str) -> Option<ProgressReport> {
    let line = line.strip_suffix("...")?;
    if let Some(file) = line.strip_suffix(" downloading") {
        // Lists of packages have no version.
        let package = file.trim_start().rsplitn(4, '-').nth(3)?;
        return Some(ProgressReport::at(Phase::Downloading, package));
    }
    let (what, package) = line.split_once(' ')?;
    let phase = match what {
        "installing" | "upgrading" | "reinstalling" | "downgrading" => Phase::Installing,
        "removing" => Phase::Removing,
        _ => return None,
    };
    (!package.contains(' ')).then(|| ProgressReport::at(phase, package))
}

/// A line of what would come.
fn add(name: &str, size: &str, is_there: bool, changes: &mut Changes) {
    let Ok(size) = size.parse::<u64>() else {
        return;
    };
    let sum = changes.download_bytes.get_or_insert(0);
    *sum = sum.saturating_add(size);
    let list = match is_there {
        true => &mut changes.upgrade,
        false => &mut changes.install,
    };
    list.push(name.to_owned());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    /// As pacman 6.0.2 gave it on a root of its own with a repository of packages made for the purpose.
    fn answer(file: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pacman");
        std::fs::read_to_string(folder.join(file)).unwrap()
    }

    #[test]
    fn what_would_be_done_is_read() {
        let changes = Pacman.read_simulations(&answer("simulate_mixed.txt"));
        let expected = Changes {
            install: vec!["clashes".into()],
            upgrade: vec!["numbers".into()],
            download_bytes: Some(269 + 281),
            ..Changes::default()
        };
        assert_eq!(changes, expected);
        let unknown = Pacman.read_simulations(&answer("unknown.txt"));
        assert_eq!(unknown.unknown, ["nosuch"]);
        let error = "error: failed to prepare transaction (could not satisfy dependencies)";
        let refusal = Pacman.read_simulations(error).refusal.unwrap();
        assert!(refusal.starts_with("failed to prepare"), "{refusal}");
    }

    #[test]
    fn how_far_it_is_is_read() {
        let total = ProgressReport::Total {
            coming: 2,
            going: 0,
        };
        for (line, expected) in [
            ("Packages (2) letters-1.0-1  numbers-1.0-1", Some(total)),
            (
                " letters-a-1.0-1-any downloading...",
                Some(ProgressReport::at(Phase::Downloading, "letters-a")),
            ),
            (
                "installing letters...",
                Some(ProgressReport::at(Phase::Installing, "letters")),
            ),
            (
                "removing letters...",
                Some(ProgressReport::at(Phase::Removing, "letters")),
            ),
            (" tests downloading...", None),
            ("checking for file conflicts...", None),
            (":: Retrieving packages...", None),
        ] {
            assert_eq!(Pacman.progress(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_there_is_read() {
        let there = Pacman.read_installed(&answer("installed.txt"));
        let expected = ["letters", "numbers"].map(str::to_owned);
        assert_eq!(there, expected.into());
        let provides = "Name            : bash\nProvides        : sh  lib=2-1\n";
        let there = Pacman.read_installed(provides);
        assert_eq!(there, ["bash", "lib", "sh"].map(str::to_owned).into());
    }

    #[test]
    fn names_are_nothing_but_names() {
        for name in ["bash", "gtk+", "libstdc++5", "lib32-glibc", "r8168-dkms"] {
            assert!(Pacman.is_name(name), "{name}");
        }
        for bad in ["", "-y", "core/bash", "a b", "a>1", ".hidden"] {
            assert!(!Pacman.is_name(bad), "{bad}");
        }
    }

    #[test]
    fn installing_asks_nobody() {
        let order = Pacman.install(&["bash".to_owned()]).unwrap();
        let expected = ["-S", "--needed", "--noconfirm", "--", "bash"];
        assert_eq!(order.arguments, expected);
        assert_eq!(Pacman.refresh(), None);
    }
}
