//! As much of a requirement (PEP 508) as the host judges itself: the package's name, and whether an installed version will
//! do. Extras and markers are for the installer.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

/// A requirement without extras and marker, or what is left of one that has them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// Normalised (PEP 503).
    pub(super) name: String,
    /// The versions that will do; nothing if they can't be told.
    pub(super) versions: Option<VersionSpecifiers>,
    /// Whether name and versions are all there is to it.
    pub(super) is_plain: bool,
}

impl Requirement {
    /// Reads a requirement as manifests and packages' metadata have them.
    pub(super) fn read(text: &str) -> Self {
        let (text, marker) = text.split_once(';').unwrap_or((text, ""));
        let text = text.trim();
        let end = text
            .find(|char: char| !(char.is_ascii_alphanumeric() || "._-".contains(char)))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let versions = match rest.split_once(']') {
            Some((_extras, versions)) => versions,
            None => rest,
        };
        // Old metadata has brackets around the versions.
        let versions = versions.trim().trim_matches(['(', ')']);
        Self {
            name: normalised(name),
            versions: VersionSpecifiers::from_str(versions).ok(),
            is_plain: marker.trim().is_empty() && !rest.contains(['[', '@']),
        }
    }

    /// Whether this version will do. What can't be told is let pass, because the installer is going to say so.
    pub(super) fn accepts(&self, version: &str) -> bool {
        match (&self.versions, Version::from_str(version)) {
            (Some(versions), Ok(version)) => versions.contains(&version),
            _ => true,
        }
    }

    /// Whether an installed version is all that is required, for sure.
    pub(super) fn is_met_by(&self, version: &str) -> bool {
        self.is_plain
            && self.versions.is_some()
            && Version::from_str(version).is_ok()
            && self.accepts(version)
    }
}

/// A package's name as PEP 503 compares it: `Zope.Interface` is `zope-interface`.
pub(super) fn normalised(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(requirement: &str, version: &str, met: bool, accepted: bool) {
        let requirement = Requirement::read(requirement);
        assert_eq!(requirement.is_met_by(version), met, "{requirement:?}");
        assert_eq!(requirement.accepts(version), accepted, "{requirement:?}");
    }

    #[test]
    fn an_installed_version_is_judged() {
        check("psutil>=7,<8", "7.2.2", true, true);
        check("psutil", "7.2.2", true, true);
        check("psutil==6.1", "7.2.2", false, false);
        check("psutil (>=7)", "7.2.2", true, true);
        check("psutil>=7 ; python_version < '3'", "7.2.2", false, true);
        check("psutil[test]>=7", "7.2.2", false, true);
        check("psutil[test]>=8", "7.2.2", false, false);
        check("psutil>=7", "no version", false, true);
        check("psutil @ file:///x", "7.2.2", false, true);
    }

    #[test]
    fn names_are_normalised() {
        assert_eq!(
            Requirement::read("Zope.Interface >= 5").name,
            "zope-interface"
        );
        assert_eq!(normalised("typing__extensions"), "typing-extensions");
    }
}
