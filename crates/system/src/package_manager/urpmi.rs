//! urpmi, as Mageia has it and the system had that modules were first written for. Its command lines are those that were used there; no
//! run of it was recorded, since it isn't to be had where Contara is built. What comes along with the packages isn't known before
//! they are installed: only whether there are such packages.

use std::collections::BTreeSet;
use std::path::Path;

use contara_manifest::PackageFamily;

use super::repositories::{Places, RepositoryFile, RepositoryOrder};
use super::{Changes, Database, PackageManager, Phase, ProgressReport, lock, progress, rpm};
use crate::command_run::CommandOrder;

/// Mageia's.
#[derive(Debug, Clone, Copy)]
pub struct Urpmi;

/// What it locks while it changes packages.
const LOCK: &str = "/var/lib/urpmi/.LOCK";

/// Options with which a repository has no name but its own.
const NAMED: [&str; 2] = ["--distrib", "--updates"];

const NO_SUCH: &str = "No package named ";

impl Urpmi {
    /// What it consists of.
    pub(super) const PROGRAMS: [&str; 4] = ["urpmi", "urpmi.update", "urpmq", "rpm"];
}

impl PackageManager for Urpmi {
    fn name(&self) -> &'static str {
        "urpmi"
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

    /// urpmq(8) prints the names that it finds.
    fn simulations(&self, packages: &[String]) -> Vec<CommandOrder> {
        vec![urpm("urpmq", &[], packages)]
    }

    fn read_simulations(&self, answers: &str) -> Changes {
        let mut changes = Changes::default();
        for line in answers.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix(NO_SUCH) {
                changes.unknown.push(name.trim().to_owned());
            } else if self.is_name(line) && !changes.install.iter().any(|name| name == line) {
                changes.install.push(line.to_owned());
            }
        }
        changes
    }

    fn install(&self, packages: &[String]) -> Option<CommandOrder> {
        Some(urpm("urpmi", &["--auto", "--no-suggests"], packages))
    }

    /// `      1/2: letters               ######`, as its manual shows it.
    fn progress(&self, line: &str) -> Option<ProgressReport> {
        let (number, rest) = line.split_once(": ")?;
        let count = progress::count(number.trim())?;
        let package = rest.split_whitespace().next()?;
        Some(ProgressReport::counted(Phase::Installing, package, count))
    }

    fn refresh(&self) -> Option<CommandOrder> {
        Some(urpm("urpmi.update", &["-a"], &[]))
    }

    /// It is in rpm's database what is there, and what was broken off isn't.
    fn repair(&self, _database: Option<&Database>) -> Option<CommandOrder> {
        None
    }

    fn lock_holder(&self, _database: Option<&Database>) -> Option<String> {
        lock::holder(Path::new(LOCK)).or_else(rpm::lock_holder)
    }

    fn places_query(&self) -> Option<CommandOrder> {
        Some(rpm::configuration_query())
    }

    fn read_places(&self, answer: &str) -> Option<Places> {
        let etc = rpm::read_configuration(answer)?;
        Some(Places {
            sources: etc.join("urpmi"),
            list: None,
            logins: Some(etc.join("urpmi/netrc")),
            keys: etc.join("pki/rpm-gpg"),
            has_parts: true,
            proxy: None,
            finds_proxies: false,
        })
    }

    /// A login is known by the machine that it is for, so that it needn't be part of the address, which everybody can see.
    fn repository_additions(
        &self,
        places: &Places,
        order: &RepositoryOrder,
    ) -> Vec<RepositoryFile> {
        let login = order.login.as_ref().zip(places.logins.clone());
        let file = login.map(|(login, path)| RepositoryFile {
            path,
            content: format!(
                "machine {} login {} password {}\n",
                machine(&order.url),
                login.name,
                login.password
            )
            .into_bytes(),
            is_secret: true,
        });
        file.into_iter().collect()
    }

    fn trust_key(&self, key: &Path, _answer: &str) -> Vec<CommandOrder> {
        vec![CommandOrder::new(
            "rpm",
            ["--import".into(), key.as_os_str().to_owned()],
        )]
    }

    fn remove_repositories(&self) -> Option<CommandOrder> {
        Some(urpm("urpmi.removemedia", &["-a"], &[]))
    }

    /// It is added with its lists. A whole distribution, or its updates, name their parts themselves.
    fn refresh_repository(
        &self,
        _places: &Places,
        order: &RepositoryOrder,
    ) -> Option<CommandOrder> {
        let mut arguments: Vec<_> = order.options.split_whitespace().collect();
        let names_itself = arguments.iter().any(|option| NAMED.contains(option));
        arguments.extend((!names_itself).then_some(order.slug.as_str()));
        arguments.push(&order.url);
        Some(urpm("urpmi.addmedia", &arguments, &[]))
    }

    fn takes_secret(&self, secret: &str) -> bool {
        !secret.contains(char::is_whitespace)
    }
}

fn urpm(program: &str, arguments: &[&str], packages: &[String]) -> CommandOrder {
    let packages = packages.iter().map(String::as_str);
    CommandOrder::new(program, arguments.iter().copied().chain(packages))
}

/// The machine of an address, without its port.
fn machine(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split('/').next().unwrap_or(rest);
    let place = place.rsplit('@').next().unwrap_or(place);
    place.split(':').next().unwrap_or(place)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_and_isnt_is_read() {
        let changes = Urpmi.read_simulations("task-lamp\nNo package named nosuch\ntask-lamp\n");
        assert_eq!(changes.install, ["task-lamp"]);
        assert_eq!(changes.unknown, ["nosuch"]);
    }

    #[test]
    fn a_login_is_for_a_machine() {
        for url in [
            "http://mirror.example/media",
            "https://somebody@mirror.example:8443/media",
            "ftp://a:b@c@mirror.example",
        ] {
            assert_eq!(machine(url), "mirror.example", "{url}");
        }
    }

    #[test]
    fn how_far_it_is_is_read() {
        let expected = ProgressReport::counted(Phase::Installing, "letters", (1, 2));
        let line = "      1/2: letters               ##########";
        assert_eq!(Urpmi.progress(line), Some(expected));
        assert_eq!(Urpmi.progress("Preparing...                 ####"), None);
    }

    #[test]
    fn command_lines_are_those_of_old() {
        let packages = ["task-lamp".to_owned()];
        let line = |order: Option<CommandOrder>| {
            let order = order.unwrap();
            let program = order.program.display().to_string();
            let words = order.arguments.iter().map(|word| word.to_str().unwrap());
            words.fold(program, |line, word| format!("{line} {word}"))
        };
        assert_eq!(
            line(Urpmi.install(&packages)),
            "urpmi --auto --no-suggests task-lamp"
        );
        assert_eq!(line(Urpmi.refresh()), "urpmi.update -a");
        assert_eq!(line(Urpmi.simulations(&packages).pop()), "urpmq task-lamp");
        assert_eq!(line(Urpmi.remove_repositories()), "urpmi.removemedia -a");
        let places = Urpmi.read_places("/etc\n").unwrap();
        let added = |options: &str| {
            let order = RepositoryOrder {
                slug: "mbs".into(),
                url: "http://mirror.example/mbs/x86_64".into(),
                options: options.into(),
                ..RepositoryOrder::default()
            };
            line(Urpmi.refresh_repository(&places, &order))
        };
        for (options, expected) in [
            ("", "urpmi.addmedia mbs http://mirror.example/mbs/x86_64"),
            (
                "--probe-synthesis",
                "urpmi.addmedia --probe-synthesis mbs http://mirror.example/mbs/x86_64",
            ),
            (
                "--distrib  --wget",
                "urpmi.addmedia --distrib --wget http://mirror.example/mbs/x86_64",
            ),
        ] {
            assert_eq!(added(options), expected);
        }
    }
}
