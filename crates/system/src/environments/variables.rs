//! The environment of the programs that find and install packages: a chosen list, so that whatever else the daemon was
//! given stays with it, and nothing may turn an installation into the interpreter's own folders.

use std::ffi::{OsStr, OsString};

/// Variables for the installers.
#[derive(Debug, Clone)]
pub(super) struct Variables(Vec<(OsString, OsString)>);

/// To find programs and people's configuration, and the way to the network.
const PASSED: [&str; 27] = [
    "ALL_PROXY",
    "CURL_CA_BUNDLE",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LOGNAME",
    "NETRC",
    "NO_PROXY",
    "PATH",
    "REQUESTS_CA_BUNDLE",
    "SHELL",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    "TZ",
    "USER",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "all_proxy",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// The installers' own settings: mirrors, credentials, time limits.
const PASSED_PREFIXES: [&str; 2] = ["UV_", "PIP_"];

/// Settings that say where to install to and for whom, or what and how to answer: that is ours to say.
const KEPT_BACK: [&str; 21] = [
    "PIP_CACHE_DIR",
    "PIP_DRY_RUN",
    "PIP_LOG",
    "PIP_NO_DEPS",
    "PIP_PREFIX",
    "PIP_PYTHON",
    "PIP_QUIET",
    "PIP_REPORT",
    "PIP_REQUIREMENT",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_ROOT",
    "PIP_TARGET",
    "PIP_USER",
    "PIP_VERBOSE",
    "UV_CACHE_DIR",
    "UV_NO_CACHE",
    "UV_PROJECT",
    "UV_PYTHON",
    "UV_REQUIRE_HASHES",
    "UV_SYSTEM_PYTHON",
    "UV_WORKING_DIR",
];

impl Variables {
    /// Those that may be passed on.
    pub(super) fn chosen(all: impl Iterator<Item = (OsString, OsString)>) -> Self {
        Self(all.filter(|(name, _)| is_passed(name)).collect())
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// The value of one.
    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        self.iter()
            .find(|(each, _)| *each == name)
            .map(|(_, value)| value)
    }
}

fn is_passed(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        let is_setting = PASSED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix));
        PASSED.contains(&name) || (is_setting && !KEPT_BACK.contains(&name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_installers_need_is_passed() {
        let all = [
            "CONTARA_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "PYTHONPATH",
            "https_proxy",
            "NETRC",
            "UV_INDEX_URL",
            "UV_CACHE_DIR",
            "PIP_INDEX_URL",
            "PIP_TARGET",
        ];
        let all = all.map(|name| (OsString::from(name), OsString::from("x")));
        let chosen = Variables::chosen(all.into_iter());
        let names: Vec<_> = chosen.iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            ["https_proxy", "NETRC", "UV_INDEX_URL", "PIP_INDEX_URL"]
        );
        assert_eq!(chosen.get("NETRC"), Some(OsStr::new("x")));
        assert_eq!(chosen.get("PYTHONPATH"), None);
    }
}
