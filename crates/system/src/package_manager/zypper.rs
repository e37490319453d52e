//! zypper, as openSUSE and SLE have it (zypper(8), rpm(8)). Recommended packages come along as zypper is set; files that were changed
//! here stay as they are.

use std::collections::BTreeSet;
use std::path::Path;

use contara_manifest::PackageFamily;

use super::repositories::{Places, RepositoryFile, RepositoryOrder};
use super::{
    Changes, Database, LockWait, PackageManager, Phase, ProgressReport, lock, progress, rpm,
};
use crate::command_run::CommandOrder;

/// openSUSE's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Zypper(pub LockWait);

/// Where it writes the number of its process.
const LOCK: &str = "/run/zypp.pid";

/// How many seconds it waits for others.
const WAIT: &str = "ZYPP_LOCK_TIMEOUT";

impl Zypper {
    /// What it consists of.
    pub(super) const PROGRAMS: [&str; 2] = ["zypper", "rpm"];

    fn zypper(self, arguments: &[&str], packages: &[String]) -> CommandOrder {
        let packages = packages.iter().map(String::as_str);
        let arguments = arguments.iter().copied().chain(packages);
        CommandOrder::new("zypper", ["--non-interactive"].into_iter().chain(arguments))
            .with(WAIT, self.0.seconds())
    }
}

impl PackageManager for Zypper {
    fn name(&self) -> &'static str {
        "zypper"
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
        vec![self.zypper(&["install", "--dry-run", "--"], packages)]
    }

    fn read_simulations(&self, answers: &str) -> Changes {
        let mut changes = Changes::default();
        let mut list = None;
        for line in answers.lines() {
            match line.strip_prefix("  ") {
                Some(names) => add(list, names, &mut changes),
                None => list = List::of(line),
            }
            read_sizes(line, &mut changes);
            changes.unknown.extend(unknown(line));
        }
        changes.refusal = refusal(answers);
        changes
    }

    fn install(&self, packages: &[String]) -> Option<CommandOrder> {
        Some(self.zypper(&["install", "--"], packages))
    }

    fn progress(&self, line: &str) -> Option<ProgressReport> {
        downloading(line).or_else(|| changing(line))
    }

    fn refresh(&self) -> Option<CommandOrder> {
        Some(self.zypper(&["refresh"], &[]))
    }

    /// It is in rpm's database what is there, and what was broken off isn't.
    fn repair(&self, _database: Option<&Database>) -> Option<CommandOrder> {
        None
    }

    fn lock_holder(&self, _database: Option<&Database>) -> Option<String> {
        lock::writer(Path::new(LOCK)).or_else(rpm::lock_holder)
    }

    fn places_query(&self) -> Option<CommandOrder> {
        Some(rpm::configuration_query())
    }

    fn read_places(&self, answer: &str) -> Option<Places> {
        let etc = rpm::read_configuration(answer)?;
        Some(Places {
            sources: etc.join("zypp/repos.d"),
            list: None,
            logins: Some(etc.join("zypp/credentials.d")),
            keys: etc.join("pki/rpm-gpg"),
            proxy: None,
            finds_proxies: false,
            has_parts: false,
        })
    }

    /// The address names the file with the login.
    fn repository_files(&self, places: &Places, order: &RepositoryOrder) -> Vec<RepositoryFile> {
        let name = format!("contara-{}", order.slug);
        let login = order.login.as_ref().zip(places.logins.as_ref());
        let mut lines = rpm::repository_lines(places, order);
        lines.push(match login {
            Some(_) => format!("baseurl={}?credentials={name}", order.url),
            None => format!("baseurl={}", order.url),
        });
        let source = RepositoryFile {
            path: rpm::repository_path(places, order),
            content: (lines.join("\n") + "\n").into_bytes(),
            is_secret: false,
        };
        let login = login.map(|(login, folder)| RepositoryFile {
            path: folder.join(&name),
            content: format!("username={}\npassword={}\n", login.name, login.password).into_bytes(),
            is_secret: true,
        });
        [source].into_iter().chain(login).collect()
    }

    fn refresh_repository(
        &self,
        _places: &Places,
        order: &RepositoryOrder,
    ) -> Option<CommandOrder> {
        Some(self.zypper(&["refresh", &format!("contara-{}", order.slug)], &[]))
    }

    fn takes_secret(&self, secret: &str) -> bool {
        secret.trim() == secret
    }
}

/// What becomes of the packages in a list.
#[derive(Clone, Copy)]
enum List {
    Install,
    Upgrade,
    Remove,
}

impl List {
    /// The list that a heading begins. Patterns and products say nothing that their packages don't.
    fn of(line: &str) -> Option<Self> {
        let words = line.strip_prefix("The following ")?;
        let what = words.strip_suffix(':')?;
        if !words.contains("package") {
            return None;
        }
        match what.rsplit(' ').next()? {
            "installed" => Some(Self::Install),
            "upgraded" | "downgraded" | "reinstalled" => Some(Self::Upgrade),
            "REMOVED" => Some(Self::Remove),
            _ => None,
        }
    }
}

fn add(list: Option<List>, names: &str, changes: &mut Changes) {
    let list = match list {
        Some(List::Install) => &mut changes.install,
        Some(List::Upgrade) => &mut changes.upgrade,
        Some(List::Remove) => &mut changes.remove,
        None => return,
    };
    list.extend(names.split_whitespace().map(str::to_owned));
}

fn read_sizes(line: &str, changes: &mut Changes) {
    let Some(rest) = line.strip_prefix("Overall download size: ") else {
        return;
    };
    changes.download_bytes = rpm::bytes(rest);
    let more = rest.split_once("operation, additional ");
    changes.disk_bytes = more.map_or(Some(0), |(_, more)| rpm::bytes(more));
}

/// `Retrieving package letters-1.0-1.noarch (1/2),   5.6 KiB (    0   B unpacked)`; newer ones leave `package` out.
fn downloading(line: &str) -> Option<ProgressReport> {
    let rest = line.strip_prefix("Retrieving")?.trim_start_matches(':');
    let rest = rest.strip_prefix(" package").unwrap_or(rest);
    let package = rest.split_whitespace().next()?;
    let (count, _) = rest
        .match_indices('(')
        .find_map(|(at, _)| progress::counted_line(&rest[at..]))?;
    let package = rpm::name_of(package);
    Some(ProgressReport::counted(Phase::Downloading, package, count))
}

/// `(1/2) Installing: letters-1.0-1.noarch [..done]`.
fn changing(line: &str) -> Option<ProgressReport> {
    let (count, rest) = progress::counted_line(line)?;
    let (what, rest) = rest.trim_start().split_once(':')?;
    let phase = match what {
        "Installing" => Phase::Installing,
        "Removing" => Phase::Removing,
        _ => return None,
    };
    let package = rpm::name_of(rest.split_whitespace().next()?);
    Some(ProgressReport::counted(phase, package, count))
}

/// The package that a sentence is about, if it says that there is none.
fn unknown(line: &str) -> Option<String> {
    let name = line.strip_prefix("No provider of '")?;
    Some(name.strip_suffix("' found.")?.to_owned())
}

/// What doesn't go together. What it could do about that is for people at a terminal.
fn refusal(answers: &str) -> Option<String> {
    let problems = answers.lines().filter(|line| line.starts_with("Problem: "));
    let problems: Vec<_> = problems.collect();
    (!problems.is_empty()).then(|| problems.join(" "))
}

#[cfg(test)]
#[path = "zypper_tests.rs"]
mod tests;
