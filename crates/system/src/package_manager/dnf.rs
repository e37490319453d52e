//! dnf, as Fedora and its relatives have it (dnf(8), rpm(8)). Weak dependencies come along as dnf is set; files that were changed here
//! stay as they are. Its words are those of dnf 4; dnf 5 is understood where it says the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contara_manifest::PackageFamily;

use super::repositories::{Places, RepositoryFile, RepositoryOrder};
use super::{Changes, Database, PackageManager, Phase, ProgressReport, lock, progress, rpm};
use crate::command_run::{Captured, CommandOrder};

/// Fedora's.
#[derive(Debug, Clone, Copy)]
pub struct Dnf;

/// Where it writes the number of its process while it changes packages, and while it fetches lists.
const LOCKS: [&str; 3] = [
    "/var/lib/dnf/rpmdb_lock.pid",
    "/var/cache/dnf/metadata_lock.pid",
    "/var/cache/dnf/download_lock.pid",
];

/// The only way to ask without changing anything; it ends with a failure then, and says this.
const ASK_ONLY: &str = "--assumeno";
const ASKED_ONLY: &str = "Operation aborted";

/// How the sentences begin that say what the manager doesn't know, and what goes.
const NO_MATCH: &str = "No match for argument: ";
const REPLACING: &str = "     replacing  ";

/// How a line begins that tells of which repository a package is that isn't signed with its keys (`dnf/base.py` of dnf 4.14). Of a
/// package without any signature it doesn't tell.
const REFUSED_KEYS: &str = "GPG Keys are configured as: ";

impl Dnf {
    /// What it consists of.
    pub(super) const PROGRAMS: [&str; 2] = ["dnf", "rpm"];
}

impl PackageManager for Dnf {
    fn name(&self) -> &'static str {
        "dnf"
    }

    fn family(&self) -> Option<PackageFamily> {
        Some(PackageFamily::Rpm)
    }

    fn is_name(&self, package: &str) -> bool {
        rpm::is_name(package)
    }

    fn installed_query(&self) -> Option<CommandOrder> {
        Some(rpm::installed_query())
    }

    fn read_installed(&self, answer: &str) -> BTreeSet<String> {
        rpm::read_installed(answer)
    }

    fn simulations(&self, packages: &[String]) -> Vec<CommandOrder> {
        vec![dnf(&["install", ASK_ONLY, "--"], packages)]
    }

    fn has_answered(&self, answer: &Captured) -> bool {
        answer.end.is_success || last_line(&answer.output).starts_with(ASKED_ONLY)
    }

    fn read_simulations(&self, answers: &str) -> Changes {
        let mut changes = Changes::default();
        let mut section = Section::Other;
        for line in answers.lines() {
            section = Section::of(line).unwrap_or(section);
            section.read(line, &mut changes);
            read_size(line, &mut changes);
            let unknown = line.strip_prefix(NO_MATCH).map(|name| name.trim().into());
            changes.unknown.extend(unknown);
        }
        if changes.unknown.is_empty() {
            changes.refusal = refusal(answers);
        }
        changes
    }

    fn install(&self, packages: &[String]) -> Option<CommandOrder> {
        Some(dnf(&["install", "-y", "--"], packages))
    }

    fn progress(&self, line: &str) -> Option<ProgressReport> {
        downloaded(line).or_else(|| changing(line))
    }

    fn refresh(&self) -> Option<CommandOrder> {
        Some(dnf(&["makecache", "--refresh"], &[]))
    }

    /// It is in rpm's database what is there, and what was broken off isn't.
    fn repair(&self, _database: Option<&Database>) -> Option<CommandOrder> {
        None
    }

    fn lock_holder(&self, _database: Option<&Database>) -> Option<String> {
        let written = LOCKS.iter().find_map(|file| lock::writer(Path::new(file)));
        written.or_else(rpm::lock_holder)
    }

    fn places_query(&self) -> Option<CommandOrder> {
        Some(rpm::configuration_query())
    }

    fn read_places(&self, answer: &str) -> Option<Places> {
        let etc = rpm::read_configuration(answer)?;
        Some(Places {
            sources: etc.join("yum.repos.d"),
            list: Some(etc.join("dnf/dnf.conf")),
            logins: None,
            keys: etc.join("pki/rpm-gpg"),
            proxy: None,
            finds_proxies: false,
            has_parts: false,
        })
    }

    /// A login stands in the same file (dnf.conf(5)), which nobody else can read then. Options are further lines of it.
    fn repository_files(&self, places: &Places, order: &RepositoryOrder) -> Vec<RepositoryFile> {
        let mut lines = rpm::repository_lines(places, order);
        lines.push(format!("baseurl={}", order.url));
        if let Some(login) = &order.login {
            lines.push(format!("username={}", login.name));
            lines.push(format!("password={}", login.password));
        }
        vec![RepositoryFile {
            path: rpm::repository_path(places, order),
            content: (lines.join("\n") + "\n").into_bytes(),
            is_secret: order.login.is_some(),
        }]
    }

    fn refresh_repository(
        &self,
        _places: &Places,
        order: &RepositoryOrder,
    ) -> Option<CommandOrder> {
        let only = format!("--enablerepo=contara-{}", order.slug);
        Some(dnf(
            &["makecache", "--refresh", "--disablerepo=*", &only],
            &[],
        ))
    }

    fn refused_keys(&self, line: &str) -> Vec<PathBuf> {
        let keys = line.trim_start().strip_prefix(REFUSED_KEYS);
        let keys = keys.unwrap_or_default().split(", ");
        let files = keys.filter_map(|key| key.strip_prefix("file://"));
        files.map(PathBuf::from).collect()
    }

    /// It puts values in the place of variables, and blanks at the ends go.
    fn takes_secret(&self, secret: &str) -> bool {
        let is_name = |next: char| next.is_ascii_alphanumeric() || "_{".contains(next);
        let has_variable = secret
            .split('$')
            .skip(1)
            .any(|rest| rest.starts_with(is_name));
        secret.trim() == secret && !has_variable
    }
}

fn dnf(arguments: &[&str], packages: &[String]) -> CommandOrder {
    let packages = packages.iter().map(String::as_str);
    CommandOrder::new("dnf", arguments.iter().copied().chain(packages))
}

fn last_line(output: &str) -> &str {
    let mut lines = output.lines().rev();
    lines.find(|line| !line.trim().is_empty()).unwrap_or("")
}

/// `(1/2): letters.rpm      485 kB/s | 5.6 kB     00:00`. It is there then.
fn downloaded(line: &str) -> Option<ProgressReport> {
    let (count, rest) = progress::counted_line(line)?;
    let file = rest.strip_prefix(": ")?.split_whitespace().next()?;
    let package = rpm::name_of(file.strip_suffix(".rpm")?);
    Some(ProgressReport::counted(Phase::Downloading, package, count))
}

/// `  Installing       : letters-1.0-1.noarch                  2/2`.
fn changing(line: &str) -> Option<ProgressReport> {
    let (what, rest) = line.split_once(" : ")?;
    let phase = match what.trim() {
        "Installing" | "Upgrading" | "Downgrading" | "Reinstalling" => Phase::Installing,
        "Erasing" | "Removing" | "Cleanup" | "Obsoleting" => Phase::Removing,
        _ => return None,
    };
    let mut words = rest.split_whitespace();
    let package = rpm::name_of(words.next()?);
    let count = progress::count(words.next_back()?)?;
    Some(ProgressReport::counted(phase, package, count))
}

/// A part of the table that says what would be done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Install,
    Upgrade,
    Remove,
    Other,
}

impl Section {
    /// The part that begins with a line: its heading stands at the margin and ends with a colon.
    fn of(line: &str) -> Option<Self> {
        let heading = line.trim_end();
        let is_heading = heading.ends_with(':') && !heading.starts_with(' ');
        match heading.split_whitespace().next()? {
            "Installing" | "Installing:" if is_heading => Some(Self::Install),
            "Upgrading:" | "Downgrading:" | "Reinstalling:" => Some(Self::Upgrade),
            "Removing" | "Removing:" if is_heading => Some(Self::Remove),
            "Transaction" | "Skipping" => Some(Self::Other),
            _ => None,
        }
    }

    /// A package's line begins with one blank and its name. What didn't fit follows further to the right.
    fn read(self, line: &str, changes: &mut Changes) {
        if let Some(replaced) = line.strip_prefix(REPLACING) {
            let name = replaced.split_whitespace().next().unwrap_or_default();
            let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
            changes.remove.push(name.to_owned());
            return;
        }
        let name = line.strip_prefix(' ').filter(|row| !row.starts_with(' '));
        let Some(name) = name.and_then(|row| row.split_whitespace().next()) else {
            return;
        };
        let list = match self {
            Self::Install => &mut changes.install,
            Self::Upgrade => &mut changes.upgrade,
            Self::Remove => &mut changes.remove,
            Self::Other => return,
        };
        list.push(name.to_owned());
    }
}

/// What has to be downloaded, unless it is on this machine already; what the disk holds more, which is said of new packages only.
fn read_size(line: &str, changes: &mut Changes) {
    if let Some(size) = line.strip_prefix("Total download size: ") {
        changes.download_bytes = rpm::bytes(size);
    } else if line.starts_with("Total size: ") {
        changes.download_bytes.get_or_insert(0);
    } else if let Some(size) = line.strip_prefix("Installed size: ") {
        changes.disk_bytes = rpm::bytes(size);
    }
}

/// The errors with what explains them, but for the advice for people at a terminal.
fn refusal(answers: &str) -> Option<String> {
    let lines = answers.lines().skip_while(|line| !is_error(line));
    let lines = lines.filter(|line| !line.starts_with('(') && !line.starts_with(ASKED_ONLY));
    let words = lines.map(|line| line.strip_prefix("Error:").unwrap_or(line).trim());
    let words: Vec<_> = words.filter(|line| !line.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn is_error(line: &str) -> bool {
    line.starts_with("Error:")
}

#[cfg(test)]
#[path = "dnf_tests.rs"]
mod tests;
