//! apk, as Alpine has it (apk(8)). Written after its manual and its source: no run of it was recorded, since it isn't to be had where
//! Contara is built. Packages are known by their own names only, not by what they provide.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contara_manifest::PackageFamily;

use super::repositories::{Places, RepositoryFile, RepositoryOrder};
use super::{Changes, Database, LockWait, PackageManager, Phase, ProgressReport, progress};
use crate::command_run::CommandOrder;

/// Alpine's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Apk(pub LockWait);

/// How the sentence ends that says that there is no such package.
const NO_SUCH: &str = " (no such package):";

impl Apk {
    /// What it consists of.
    pub(super) const PROGRAMS: [&str; 1] = ["apk"];
}

impl PackageManager for Apk {
    fn name(&self) -> &'static str {
        "apk"
    }

    fn family(&self) -> Option<PackageFamily> {
        Some(PackageFamily::Apk)
    }

    /// Without a version or a repository, and without the `!` that would mean that it has to go.
    fn is_name(&self, package: &str) -> bool {
        let is_part = |part: char| part.is_ascii_alphanumeric() || "._+-:".contains(part);
        package.starts_with(|first: char| first.is_ascii_alphanumeric())
            && package.chars().all(is_part)
            && !package.ends_with(".apk")
    }

    fn installed_query(&self) -> Option<CommandOrder> {
        Some(CommandOrder::new("apk", ["info"]))
    }

    fn read_installed(&self, answer: &str) -> BTreeSet<String> {
        let names = answer.lines().map(str::trim);
        let names = names.filter(|line| !line.is_empty() && !line.contains(' '));
        names.map(str::to_owned).collect()
    }

    fn simulations(&self, packages: &[String]) -> Vec<CommandOrder> {
        vec![apk(&["add", "--simulate", "--no-progress", "--"], packages)]
    }

    fn read_simulations(&self, answers: &str) -> Changes {
        let mut changes = Changes::default();
        let mut errors = Vec::new();
        for line in answers.lines() {
            read_step(line, &mut changes);
            let unknown = line.trim().strip_suffix(NO_SUCH).map(str::to_owned);
            changes.unknown.extend(unknown);
            errors.extend(line.strip_prefix("ERROR: "));
        }
        if changes.unknown.is_empty() && !errors.is_empty() {
            let reasons = answers.lines().filter(|line| line.starts_with(' '));
            errors.extend(reasons.map(str::trim));
            changes.refusal = Some(errors.join(" "));
        }
        changes
    }

    fn install(&self, packages: &[String]) -> Option<CommandOrder> {
        let wait = self.0.seconds();
        let arguments = ["add", "--wait", &wait, "--no-progress", "--"];
        Some(apk(&arguments, packages))
    }

    fn progress(&self, line: &str) -> Option<ProgressReport> {
        let (count, rest) = progress::counted_line(line)?;
        let mut words = rest.split_whitespace();
        let phase = match words.next()? {
            "Installing" | "Upgrading" | "Downgrading" | "Replacing" | "Reinstalling" => {
                Phase::Installing
            }
            "Purging" => Phase::Removing,
            _ => return None,
        };
        Some(ProgressReport::counted(phase, words.next()?, count))
    }

    fn refresh(&self) -> Option<CommandOrder> {
        Some(apk(&["update", "--wait", &self.0.seconds()], &[]))
    }

    fn repair(&self, _database: Option<&Database>) -> Option<CommandOrder> {
        None
    }

    /// It waits by itself, and doesn't say for whom.
    fn lock_holder(&self, _database: Option<&Database>) -> Option<String> {
        None
    }

    fn usual_places(&self) -> Option<Places> {
        Some(places_in(Path::new("/etc")))
    }

    fn repository_additions(
        &self,
        places: &Places,
        order: &RepositoryOrder,
    ) -> Vec<RepositoryFile> {
        let (name, url) = (&order.name, &order.url);
        let file = places.list.clone().map(|path| RepositoryFile {
            path,
            content: format!("# {name}, added by Contara\n{url}\n").into_bytes(),
            is_secret: false,
        });
        file.into_iter().collect()
    }

    /// Lists name the file of the key that they are signed with.
    fn key_path(&self, places: &Places, _order: &RepositoryOrder, key: &Path) -> PathBuf {
        places.keys.join(key.file_name().unwrap_or_default())
    }

    fn refresh_repository(
        &self,
        _places: &Places,
        _order: &RepositoryOrder,
    ) -> Option<CommandOrder> {
        self.refresh()
    }

    fn keeps_logins(&self) -> bool {
        false
    }
}

/// Where repositories go below `/etc`.
pub(super) fn places_in(etc: &Path) -> Places {
    Places {
        sources: etc.join("apk/repositories.d"),
        list: Some(etc.join("apk/repositories")),
        logins: None,
        keys: etc.join("apk/keys"),
        has_parts: false,
        proxy: None,
        finds_proxies: false,
    }
}

fn apk(arguments: &[&str], packages: &[String]) -> CommandOrder {
    let packages = packages.iter().map(String::as_str);
    CommandOrder::new("apk", arguments.iter().copied().chain(packages))
}

/// `(1/2) Installing nano (7.2-r1)`.
fn read_step(line: &str, changes: &mut Changes) {
    let mut words = line.split_whitespace();
    if !words.next().is_some_and(|count| count.starts_with('(')) {
        return;
    }
    let (verb, name) = (words.next().unwrap_or_default(), words.next());
    let list = match verb {
        "Installing" => &mut changes.install,
        "Upgrading" | "Downgrading" | "Replacing" | "Reinstalling" => &mut changes.upgrade,
        "Purging" => &mut changes.remove,
        _ => return,
    };
    list.extend(name.map(str::to_owned));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_would_be_done_is_read() {
        let answer = "(1/4) Installing ncurses-terminfo-base (6.4-r0)\n(2/4) Upgrading busybox (1.36.1-r2 -> 1.36.1-r5)\n\
            (3/4) Purging old (1.0-r0)\n(4/4) Installing nano (7.2-r1)\nExecuting busybox-1.36.1-r5.trigger\nOK: 12 MiB in 16 packages\n";
        let expected = Changes {
            install: vec!["ncurses-terminfo-base".into(), "nano".into()],
            upgrade: vec!["busybox".into()],
            remove: vec!["old".into()],
            ..Changes::default()
        };
        assert_eq!(Apk::default().read_simulations(answer), expected);
    }

    #[test]
    fn how_far_it_is_is_read() {
        let nano = ProgressReport::counted(Phase::Installing, "nano", (2, 4));
        assert_eq!(
            Apk::default().progress("(2/4) Installing nano (7.2-r1)"),
            Some(nano)
        );
        let old = ProgressReport::counted(Phase::Removing, "old", (3, 4));
        assert_eq!(
            Apk::default().progress("(3/4) Purging old (1.0-r0)"),
            Some(old)
        );
        assert_eq!(Apk::default().progress("OK: 12 MiB in 16 packages"), None);
    }

    #[test]
    fn what_cant_be_done_is_said() {
        let unknown = "ERROR: unable to select packages:\n  nosuch (no such package):\n    required by: world[nosuch]\n";
        let changes = Apk::default().read_simulations(unknown);
        assert_eq!(
            (changes.unknown, changes.refusal),
            (vec!["nosuch".into()], None)
        );
        let conflict = "ERROR: unable to select packages:\n  a-1-r0:\n    conflicts: b-1-r0\n";
        assert_eq!(
            Apk::default().read_simulations(conflict).refusal.unwrap(),
            "unable to select packages: a-1-r0: conflicts: b-1-r0"
        );
    }

    #[test]
    fn what_is_there_is_read() {
        let there = Apk::default().read_installed("WARNING: opening a\nmusl\nbusybox\n\n");
        assert_eq!(there, ["busybox", "musl"].map(str::to_owned).into());
    }

    #[test]
    fn installing_asks_nobody() {
        let apk = Apk(LockWait(Duration::from_secs(600)));
        let order = apk.install(&["nano".to_owned()]).unwrap();
        let expected = ["add", "--wait", "600", "--no-progress", "--", "nano"];
        assert_eq!(order.arguments, expected);
        let refresh = apk.refresh().unwrap();
        assert_eq!(refresh.arguments, ["update", "--wait", "600"]);
        for bad in ["", "-y", "!nano", "nano=1", "nano@edge", "a b", "x.apk"] {
            assert!(!Apk::default().is_name(bad), "{bad}");
        }
    }
}
