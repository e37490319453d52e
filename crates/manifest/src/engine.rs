//! `engine.contaranas`: which versions of the module API a module was written for.

use std::fmt;

use nodejs_semver::{Range, Version};

/// The version of the module API that this host implements: the one the module reference describes.
pub const MODULE_API: &str = "0.1.0";

/// An npm-style range of module API versions, e.g. `^0.1.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineRange {
    written: String,
    range: Range,
}

impl EngineRange {
    /// Reads a range; `None` if npm wouldn't understand it.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        Some(EngineRange {
            written: written.to_owned(),
            range: Range::parse(written).ok()?,
        })
    }

    /// Whether a host with this API version can run the module; never for a text that is no version.
    pub fn accepts(&self, api: &str) -> bool {
        Version::parse(api).is_ok_and(|api| self.range.satisfies(&api))
    }
}

impl fmt::Display for EngineRange {
    /// The range as written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: &str, api: &str, expected: Option<bool>) {
        let accepted = EngineRange::parse(range).map(|range| range.accepts(api));
        assert_eq!(accepted, expected, "{range} and {api}");
    }

    #[test]
    fn ranges_are_read_as_npm_does() {
        check("^0.1.0", MODULE_API, Some(true));
        check("^0.1.0", "0.2.0", Some(false));
        check("^0.2.0", MODULE_API, Some(false));
        check(">=0.1.0 <2", "1.9.9", Some(true));
        check("^1.0.0 || ^0.1.0", MODULE_API, Some(true));
        check("~0.1", "0.1.7", Some(true));
        check("0.1.x", "0.2.0", Some(false));
        check("*", MODULE_API, Some(true));
        check("1.0.0 - 2.0.0", MODULE_API, Some(false));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        check("latest", MODULE_API, None);
        check("one point oh", MODULE_API, None);
        check("^", MODULE_API, None);
    }

    #[test]
    fn what_is_no_version_is_never_accepted() {
        check("*", "soon", Some(false));
    }
}
