//! What was approved to be done to packages, kept in the journal until the transaction is over, and what goes beyond it.

use contara_system::package_manager::Changes;
use serde::{Deserialize, Serialize};

use contara_i18n::Message;
use contara_i18n::message;

/// Names of packages, by what becomes of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageChanges {
    /// That come.
    pub install: Vec<String>,
    /// That are replaced by another version.
    pub upgrade: Vec<String>,
    /// That go.
    pub remove: Vec<String>,
    /// That nobody knew yet: what they bring along is approved with them.
    pub unknown: Vec<String>,
}

impl PackageChanges {
    /// What would be done now beyond this; `None` if it is no more than that.
    pub(crate) fn beyond(&self, now: &Changes) -> Option<Self> {
        let more = |now: &[String], approved: &[String]| -> Vec<String> {
            let more = now.iter().filter(|name| !approved.contains(name));
            more.cloned().collect()
        };
        let beyond = Self {
            install: match self.unknown.is_empty() {
                true => more(&now.install, &self.install),
                false => Vec::new(),
            },
            upgrade: more(&now.upgrade, &self.upgrade),
            remove: more(&now.remove, &self.remove),
            unknown: Vec::new(),
        };
        (beyond != Self::default()).then_some(beyond)
    }

    /// This, and what has been seen since.
    pub(crate) fn with(mut self, seen: &Self) -> Self {
        self.install.extend_from_slice(&seen.install);
        self.upgrade.extend_from_slice(&seen.upgrade);
        self.remove.extend_from_slice(&seen.remove);
        self
    }

    /// What goes beyond something else, a sentence for each thing that becomes of packages.
    pub(crate) fn said(&self) -> Vec<Message> {
        let mut said = Vec::new();
        if !self.install.is_empty() {
            said.push(message!(
                "Also installed: {packages}.",
                packages = &self.install
            ));
        }
        if !self.upgrade.is_empty() {
            said.push(message!(
                "Also replaced: {packages}.",
                packages = &self.upgrade
            ));
        }
        if !self.remove.is_empty() {
            said.push(message!(
                "Also removed: {packages}.",
                packages = &self.remove
            ));
        }
        said
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn approved(install: &str, upgrade: &str, remove: &str, unknown: &str) -> PackageChanges {
        PackageChanges {
            install: names(install),
            upgrade: names(upgrade),
            remove: names(remove),
            unknown: names(unknown),
        }
    }

    fn now(install: &str, upgrade: &str, remove: &str) -> Changes {
        Changes {
            install: names(install),
            upgrade: names(upgrade),
            remove: names(remove),
            ..Changes::default()
        }
    }

    fn said(changes: &PackageChanges) -> String {
        Message::sentences(changes.said()).to_string()
    }

    #[test]
    fn less_than_approved_is_fine_and_more_is_told() {
        let all = approved("a b", "c", "d", "");
        assert_eq!(all.beyond(&now("a b", "c", "d")), None);
        assert_eq!(all.beyond(&Changes::default()), None);
        let more = all.beyond(&now("a x y", "b c", "e")).unwrap();
        assert_eq!(
            said(&more),
            "Also installed: x and y. Also replaced: b. Also removed: e."
        );
        let open = approved("", "", "", "a");
        let more = open.beyond(&now("a x y", "b c", "e")).unwrap();
        assert_eq!(said(&more), "Also replaced: b and c. Also removed: e.");
    }

    #[test]
    fn what_was_seen_is_approved_and_nothing_else() {
        let first = approved("a", "", "", "");
        let seen = first.beyond(&now("a x", "", "")).unwrap();
        let second = first.with(&seen);
        assert_eq!(second.beyond(&now("a x", "", "")), None);
        let again = second.beyond(&now("a x", "", "d")).unwrap();
        assert_eq!(said(&again), "Also removed: d.");
    }
}
