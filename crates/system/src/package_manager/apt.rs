//! apt, as Debian and its relatives have it (apt-get(8), dpkg-query(1)). Recommended packages come along as apt is set, suggested
//! ones don't; files that were changed here stay as they are.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use contara_manifest::PackageFamily;

use super::repositories::{Places, RepositoryFile, RepositoryOrder, has_value, key_path};
use super::{Changes, Database, LockWait, PackageManager, Phase, ProgressReport, lock};
use crate::command_run::{CommandOrder, Status};

/// Debian's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Apt(pub LockWait);

/// Where dpkg keeps what is installed, unless apt is configured otherwise.
const DATABASE: &str = "/var/lib/dpkg";

/// Whoever changes packages locks these files of it, the first one for longest.
const LOCKS: [&str; 2] = ["lock-frontend", "lock"];

/// Whoever fetches lists or packages locks these, unless apt is configured otherwise: apt doesn't wait for them.
const FETCHING: [&str; 2] = ["/var/lib/apt/lists/lock", "/var/cache/apt/archives/lock"];

/// What dpkg has done and not yet written where it belongs is in this folder of it; apt does nothing as long as there is any.
const UPDATES: &str = "updates";

/// How the installed packages are listed.
const FORMAT: &str = "${db:Status-Abbrev}\\t${Package}\\t${Provides}\\n";

/// For all that changes packages: nobody can answer questions. dpkg writes into a
/// terminal of apt's, as it does by default: so it isn't ended in its midst by a pipe that nobody reads any more.
const CHANGING: [&str; 6] = [
    "-y",
    "-q",
    "-o",
    "Dpkg::Options::=--force-confdef",
    "-o",
    "Dpkg::Options::=--force-confold",
];

const NO_SUGGESTS: &str = "--no-install-suggests";

impl Apt {
    /// What it consists of.
    pub(super) const PROGRAMS: [&str; 4] = ["apt-get", "apt-config", "dpkg", "dpkg-query"];
}

impl PackageManager for Apt {
    fn name(&self) -> &'static str {
        "apt"
    }

    fn family(&self) -> Option<PackageFamily> {
        Some(PackageFamily::Deb)
    }

    /// Debian Policy 5.6.7, and maybe an architecture. A `-` at the end would mean that it has to go.
    fn is_name(&self, package: &str) -> bool {
        let (name, architecture) = package.split_once(':').unwrap_or((package, "any"));
        let lower = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
        name.len() >= 2
            && name.starts_with(lower)
            && !name.ends_with('-')
            && name
                .chars()
                .all(|character| lower(character) || "+-.".contains(character))
            && !architecture.is_empty()
            && architecture.chars().all(lower)
    }

    fn installed_query(&self) -> Option<CommandOrder> {
        Some(CommandOrder::new("dpkg-query", ["-W", "-f", FORMAT]))
    }

    fn read_installed(&self, answer: &str) -> BTreeSet<String> {
        let packages = answer.lines().filter_map(|line| {
            let mut fields = line.split('\t');
            // Wanted or held, installed, and without an error.
            let is_there = fields.next()?.get(1..) == Some("i ");
            is_there.then_some((fields.next()?, fields.next().unwrap_or_default()))
        });
        packages
            .flat_map(|(name, provides)| provided(provides).chain([name.to_owned()]))
            .collect()
    }

    fn simulations(&self, packages: &[String]) -> Vec<CommandOrder> {
        let simulate = ["-s", "-q", NO_SUGGESTS, "install", "--"];
        let sizes = ["--print-uris", "-y", "-q", NO_SUGGESTS, "install", "--"];
        vec![apt_get(&simulate, packages), apt_get(&sizes, packages)]
    }

    fn read_simulations(&self, answers: &str) -> Changes {
        let mut changes = Changes::default();
        let mut errors = Vec::new();
        for line in answers.lines() {
            read_change(line, &mut changes);
            if let Some(error) = line.strip_prefix("E: ") {
                errors.push(error);
            }
        }
        changes.unknown = errors.iter().filter_map(|error| unknown(error)).collect();
        let is_known = |error: &&str| unknown(error).is_none();
        errors.retain(is_known);
        if !errors.is_empty() {
            let reasons = unmet(answers);
            let words: Vec<_> = errors.into_iter().chain(reasons).collect();
            changes.refusal = Some(words.join(" "));
        }
        changes
    }

    fn install(&self, packages: &[String]) -> Option<CommandOrder> {
        let mut arguments = CHANGING.to_vec();
        let status = format!("APT::Status-Fd={}", Status::DESCRIPTOR);
        let wait = format!("DPkg::Lock::Timeout={}", self.0.seconds());
        arguments.extend(["-o", &wait, "-o", &status, NO_SUGGESTS, "install", "--"]);
        let order = silent(apt_get(&arguments, packages));
        Some(CommandOrder {
            status: Status::Written,
            ..order
        })
    }

    fn progress(&self, line: &str) -> Option<ProgressReport> {
        total(line)
            .or_else(|| downloading(line))
            .or_else(|| changing(line))
    }

    fn refresh(&self) -> Option<CommandOrder> {
        Some(silent(apt_get(&["-q", "update"], &[])))
    }

    fn database_query(&self) -> Option<CommandOrder> {
        Some(CommandOrder::new("apt-config", KEPT))
    }

    fn read_database(&self, answer: &str) -> Option<Database> {
        let status = Path::new(setting(answer, "STATUS")?);
        let folders = ["LISTS", "ARCHIVES"].into_iter();
        let folders = folders.filter_map(|name| setting(answer, name));
        Some(Database {
            folder: status.parent()?.to_owned(),
            locks: folders
                .map(|folder| Path::new(folder).join("lock"))
                .collect(),
        })
    }

    fn repair(&self, database: Option<&Database>) -> Option<CommandOrder> {
        let updates = folder(database).join(UPDATES);
        // dpkg doesn't wait for others.
        if !is_broken_off(&updates) || self.lock_holder(database).is_some() {
            return None;
        }
        let arguments = ["--force-confdef", "--force-confold", "--configure", "-a"];
        Some(silent(CommandOrder::new("dpkg", arguments)))
    }

    fn lock_holder(&self, database: Option<&Database>) -> Option<String> {
        let folder = folder(database);
        let fetching = match database {
            Some(database) => database.locks.clone(),
            None => FETCHING.map(PathBuf::from).to_vec(),
        };
        let locks = LOCKS.map(|file| folder.join(file)).into_iter();
        locks.chain(fetching).find_map(|file| lock::holder(&file))
    }

    fn places_query(&self) -> Option<CommandOrder> {
        Some(CommandOrder::new("apt-config", PLACES))
    }

    fn read_places(&self, answer: &str) -> Option<Places> {
        let text = |name: &str| setting(answer, name);
        let place = |name: &str| text(name).map(PathBuf::from);
        Some(Places {
            sources: place("SOURCES")?,
            list: place("LIST"),
            logins: place("LOGINS"),
            keys: place("APT")?.join("keyrings"),
            proxy: text("PROXY").or(text("SECURE")).map(str::to_owned),
            finds_proxies: text("FINDER").is_some(),
            has_parts: false,
        })
    }

    /// An address may be followed by a suite and components, as in sources.list(5); without them the repository is a flat one. Options
    /// are those in brackets. A login is kept as apt_auth.conf(5) has it.
    fn repository_files(&self, places: &Places, order: &RepositoryOrder) -> Vec<RepositoryFile> {
        let (url, rest) = order.url.split_once(' ').unwrap_or((&order.url, "./"));
        let options = order.options.split_whitespace();
        let options = options.filter(|word| has_value(word));
        let key = order.key.iter();
        let key = key.map(|key| format!("signed-by={}", key_path(places, order, key).display()));
        let options: Vec<_> = options.map(str::to_owned).chain(key).collect();
        let options = match options.is_empty() {
            true => String::new(),
            false => format!("[{}] ", options.join(" ")),
        };
        let name = &order.name;
        let source = RepositoryFile {
            path: source_path(places, order),
            content: format!("# {name}, added by Contara\ndeb {options}{url} {rest}\n")
                .into_bytes(),
            is_secret: false,
        };
        let login = order.login.as_ref().zip(places.logins.as_ref());
        let login = login.map(|(login, folder)| RepositoryFile {
            path: folder.join(format!("contara-{}.conf", order.slug)),
            content: format!(
                "machine {url} login {} password {}\n",
                login.name, login.password
            )
            .into_bytes(),
            is_secret: true,
        });
        [source].into_iter().chain(login).collect()
    }

    fn refresh_repository(&self, places: &Places, order: &RepositoryOrder) -> Option<CommandOrder> {
        let list = source_path(places, order);
        let only = format!("Dir::Etc::SourceList={}", list.display());
        let arguments = [
            "-q",
            "-o",
            &only,
            "-o",
            "Dir::Etc::SourceParts=-",
            "-o",
            "APT::Get::List-Cleanup=0",
            "update",
        ];
        Some(silent(apt_get(&arguments, &[])))
    }

    fn takes_secret(&self, secret: &str) -> bool {
        !secret.contains(char::is_whitespace)
    }
}

/// Asks for folders, a file and what is set for proxies, each under a name.
const PLACES: [&str; 15] = [
    "shell",
    "SOURCES",
    "Dir::Etc::sourceparts/d",
    "LIST",
    "Dir::Etc::sourcelist/f",
    "LOGINS",
    "Dir::Etc::netrcparts/d",
    "APT",
    "Dir::Etc/d",
    "PROXY",
    "Acquire::http::Proxy",
    "SECURE",
    "Acquire::https::Proxy",
    "FINDER",
    "Acquire::http::Proxy-Auto-Detect",
];

/// Asks for a file and folders, each under a name.
const KEPT: [&str; 7] = [
    "shell",
    "STATUS",
    "Dir::State::status/f",
    "LISTS",
    "Dir::State::lists/d",
    "ARCHIVES",
    "Dir::Cache::archives/d",
];

/// What apt-config(8) answers under a name: `NAME='value'`.
fn setting<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let values = answer.lines().filter_map(|line| line.split_once('='));
    let mut values = values.filter(|(known, _)| *known == name);
    let value = values.next()?.1.trim_matches('\'');
    (!value.is_empty()).then_some(value)
}

fn folder(database: Option<&Database>) -> &Path {
    database.map_or(Path::new(DATABASE), |database| &database.folder)
}

fn source_path(places: &Places, order: &RepositoryOrder) -> PathBuf {
    places.sources.join(format!("contara-{}.list", order.slug))
}

fn apt_get(arguments: &[&str], packages: &[String]) -> CommandOrder {
    let packages = packages.iter().map(String::as_str);
    CommandOrder::new("apt-get", arguments.iter().copied().chain(packages))
}

/// So that packages ask nobody anything.
fn silent(order: CommandOrder) -> CommandOrder {
    order
        .with("DEBIAN_FRONTEND", "noninteractive")
        .with("APT_LISTCHANGES_FRONTEND", "none")
}

/// `a (= 1), b` provides `a` and `b`.
fn provided(list: &str) -> impl Iterator<Item = String> + '_ {
    let names = list
        .split(',')
        .filter_map(|part| part.split_whitespace().next());
    names.map(str::to_owned)
}

/// One line of what is simulated, or of the sizes.
fn read_change(line: &str, changes: &mut Changes) {
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("Inst"), Some(name), Some(version)) if version.starts_with('[') => {
            changes.upgrade.push(name.to_owned());
        }
        (Some("Inst"), Some(name), _) => changes.install.push(name.to_owned()),
        (Some("Remv"), Some(name), _) => changes.remove.push(name.to_owned()),
        // The address in quotes, the file's name, its size.
        (Some(address), Some(_), Some(size)) if address.starts_with('\'') => {
            read_download(address.trim_matches('\''), size, changes);
        }
        _ => read_disk(line, changes),
    }
}

/// What lies on this machine is used where it is.
fn read_download(address: &str, size: &str, changes: &mut Changes) {
    let sum = changes.download_bytes.get_or_insert(0);
    if address.starts_with("file:") {
        return;
    }
    *sum = sum.saturating_add(size.parse::<u64>().unwrap_or(0));
    let host = address.splitn(4, '/').take(3);
    changes.sources.insert(host.collect::<Vec<_>>().join("/"));
}

fn read_disk(line: &str, changes: &mut Changes) {
    let Some(rest) = line.strip_prefix("After this operation, ") else {
        return;
    };
    // It is said whatever has to be downloaded, and nothing else is if that is nothing.
    changes.download_bytes.get_or_insert(0);
    changes.disk_bytes = if rest.ends_with("will be freed.") {
        Some(0)
    } else {
        bytes(rest)
    };
}

/// `136 kB`, `1,234 MB` or `1.5 GB`; the units are decimal ones.
fn bytes(text: &str) -> Option<u64> {
    let mut words = text.split_whitespace();
    let number: String = words.next()?.replace(',', "");
    let unit: u64 = match words.next()? {
        "B" => 1,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((&number, "0"));
    let tenths = part.get(..1)?.parse::<u64>().ok()?;
    let whole = whole.parse::<u64>().ok()?.saturating_mul(unit);
    Some(whole.saturating_add(tenths * unit / 10))
}

/// The package that an error is about, if it says that there is none.
fn unknown(error: &str) -> Option<String> {
    if let Some(name) = error.strip_prefix("Unable to locate package ") {
        return Some(name.trim().to_owned());
    }
    let (name, rest) = error.strip_prefix("Package '")?.split_once('\'')?;
    (rest == " has no installation candidate").then(|| name.to_owned())
}

/// What apt says about packages that don't go together.
fn unmet(answers: &str) -> impl Iterator<Item = &str> {
    let mut lines = answers.lines();
    lines.find(|line| *line == "The following packages have unmet dependencies:");
    lines
        .take_while(|line| line.starts_with(' '))
        .map(str::trim)
}

/// `1 upgraded, 2 newly installed, 1 downgraded, 3 to remove and 4 not upgraded.`
fn total(line: &str) -> Option<ProgressReport> {
    let counts = line.strip_suffix(" not upgraded.")?;
    let (mut coming, mut going) = (0, 0);
    for part in counts.split([',']).flat_map(|part| part.split(" and ")) {
        let Some((number, what)) = part.trim().split_once(' ') else {
            continue;
        };
        let number: u32 = number.parse().ok()?;
        match what {
            "to remove" => going += number,
            _ => coming += number,
        }
    }
    Some(ProgressReport::Total { coming, going })
}

/// `dlstatus:2:50.0000:Retrieving file 2 of 12 (3min remaining)`.
fn downloading(line: &str) -> Option<ProgressReport> {
    let mut fields = line.strip_prefix("dlstatus:")?.splitn(3, ':').skip(1);
    let percent = percent(fields.next()?)?;
    let words = fields.next()?.split_whitespace();
    let numbers: Vec<u32> = words.filter_map(|word| word.parse().ok()).collect();
    Some(ProgressReport::At {
        phase: Phase::Downloading,
        package: None,
        count: numbers.first().copied().zip(numbers.get(1).copied()),
        percent: Some(percent),
    })
}

/// `pmstatus:letters:55.5556:Configuring letters (amd64)`. Triggers and runs of dpkg are no packages.
fn changing(line: &str) -> Option<ProgressReport> {
    let mut fields = line.strip_prefix("pmstatus:")?.splitn(3, ':');
    let (package, number, words) = (fields.next()?, fields.next()?, fields.next()?);
    let says = |beginnings: &[&str]| beginnings.iter().any(|begin| words.starts_with(begin));
    let phase = if says(&["Preparing to configure ", "Configuring ", "Installed "]) {
        Phase::Configuring
    } else if says(&[
        "Removing ",
        "Removed ",
        "Preparing for removal ",
        "Preparing to completely remove ",
        "Completely remov",
    ]) {
        Phase::Removing
    } else if says(&["Preparing ", "Unpacking ", "Installing "]) {
        Phase::Unpacking
    } else {
        return None;
    };
    Some(ProgressReport::At {
        phase,
        package: Some(package.to_owned()),
        count: None,
        percent: Some(percent(number)?),
    })
}

/// `55.5556`.
fn percent(text: &str) -> Option<u8> {
    text.split('.')
        .next()?
        .parse()
        .ok()
        .filter(|whole| *whole <= 100)
}

fn is_broken_off(updates: &Path) -> bool {
    let entries = std::fs::read_dir(updates).into_iter().flatten().flatten();
    let mut names = entries.map(|entry| entry.file_name());
    names.any(|name| name.as_bytes().iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
#[path = "apt_tests.rs"]
mod tests;
