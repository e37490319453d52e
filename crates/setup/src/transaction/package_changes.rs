//! What was approved to be done to packages, kept in the journal until the transaction is over, and what goes beyond it.

use std::fmt;

use contara_system::package_manager::Changes;
use serde::{Deserialize, Serialize};

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
}

impl fmt::Display for PackageChanges {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [
            ("also installed:", &self.install),
            ("also replaced:", &self.upgrade),
            ("also removed:", &self.remove),
        ];
        let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
        let parts = lists.map(|(what, names)| format!("{what} {}", names.join(", ")));
        out.write_str(&parts.collect::<Vec<_>>().join("; "))
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

    #[test]
    fn less_than_approved_is_fine_and_more_is_told() {
        let all = approved("a b", "c", "d", "");
        assert_eq!(all.beyond(&now("a b", "c", "d")), None);
        assert_eq!(all.beyond(&Changes::default()), None);
        let more = all.beyond(&now("a x y", "b c", "e")).unwrap();
        assert_eq!(
            more.to_string(),
            "also installed: x, y; also replaced: b; also removed: e"
        );
        let open = approved("", "", "", "a");
        let more = open.beyond(&now("a x y", "b c", "e")).unwrap();
        assert_eq!(more.to_string(), "also replaced: b, c; also removed: e");
    }

    #[test]
    fn what_was_seen_is_approved_and_nothing_else() {
        let first = approved("a", "", "", "");
        let seen = first.beyond(&now("a x", "", "")).unwrap();
        let second = first.with(&seen);
        assert_eq!(second.beyond(&now("a x", "", "")), None);
        let again = second.beyond(&now("a x", "", "d")).unwrap();
        assert_eq!(again.to_string(), "also removed: d");
    }
}
