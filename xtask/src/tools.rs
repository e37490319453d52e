//! What has to be installed: finding out what is absent, and saying how to get it on this machine. It installs nothing
//! except [`install_on_debian`], which only `cargo xtask test` calls.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use anyhow::{Error, Result};

use crate::{process, python};

/// The oldest Node that the web client's tools run on, as in `engines` of web/package.json.
const NODE: (u32, u32) = (20, 19);

/// Something that is absent or too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Node,
    Npm,
    Python,
    PythonVenv,
    CCompiler,
    Chromium,
    ShellCheck,
    Dnf,
    CreaterepoC,
    Rpmbuild,
    Rpmsign,
    Gpg,
    Mmdebstrap,
    Mkfs,
}

/// Families of distributions, by their package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distribution {
    Debian,
    Fedora,
    Other,
}

/// What building and running Contara needs and this machine lacks.
pub(crate) fn missing_for_run() -> Vec<Missing> {
    let mut missing = Vec::new();
    if node_version().is_none_or(|version| version < NODE) {
        missing.push(Missing::Node);
    }
    if process::find("npm").is_none() {
        missing.push(Missing::Npm);
    }
    missing.extend(python::find().err());
    if process::find("cc").is_none() {
        missing.push(Missing::CCompiler);
    }
    missing
}

/// What only the tests need and this machine lacks.
pub(crate) fn missing_for_tests() -> Vec<Missing> {
    [
        ("chromium", Missing::Chromium),
        ("shellcheck", Missing::ShellCheck),
        ("dnf", Missing::Dnf),
        ("createrepo_c", Missing::CreaterepoC),
        ("rpmbuild", Missing::Rpmbuild),
        ("rpmsign", Missing::Rpmsign),
        ("gpg", Missing::Gpg),
        ("mkfs.ext4", Missing::Mkfs),
    ]
    .into_iter()
    .filter(|(program, _)| process::find(program).is_none())
    .map(|(_, missing)| missing)
    .collect()
}

/// What `cargo xtask test` may install: what only tests need, and the module of Python that Debian splits off. The rest
/// stays the user's choice, since packaged versions may be too old and there are several ways to get newer ones.
pub(crate) fn missing_and_installable() -> Vec<Missing> {
    let mut missing = missing_for_tests();
    missing.extend(
        python::find()
            .err()
            .filter(|one| *one == Missing::PythonVenv),
    );
    missing
}

/// Fails if something is missing.
pub(crate) fn require(missing: &[Missing]) -> Result<()> {
    if missing.is_empty() {
        Ok(())
    } else {
        Err(error(missing))
    }
}

/// An error that names everything missing and how to get it.
pub(crate) fn error(missing: &[Missing]) -> Error {
    Error::msg(advice(missing, Distribution::of_this_machine()))
}

/// Whether we may install packages here without asking: only as root on Debian or a child of it.
pub(crate) fn can_install() -> bool {
    Distribution::of_this_machine() == Distribution::Debian && is_root()
}

/// Installs what is missing with apt.
pub(crate) fn install_on_debian(missing: &[Missing]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.iter().map(|one| one.package(Distribution::Debian));
    process::build(apt_get().arg("update"))?;
    process::build(
        apt_get()
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q");
    command
}

/// The owner of our own entry in `/proc` is the effective user.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}

fn node_version() -> Option<(u32, u32)> {
    let printed = process::output(Command::new("node").arg("--version")).ok()?;
    release(printed.trim().strip_prefix('v')?)
}

/// Major and minor of a version, e.g. of `20.19.2`.
pub(crate) fn release(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

impl Missing {
    fn name(self) -> &'static str {
        match self {
            Self::Node => "Node 20.19 or newer (builds the web client)",
            Self::Npm => "npm (fetches what the web client is built with)",
            Self::Python => "Python 3.11 or newer (runs modules)",
            Self::PythonVenv => {
                "Python's venv module with ensurepip (makes the environment that modules run in)"
            }
            Self::CCompiler => "a C compiler named `cc` (builds SQLite)",
            Self::Chromium => "Chromium (the end-to-end tests look at Contara in it)",
            Self::ShellCheck => "ShellCheck (checks the shell scripts)",
            Self::Dnf => "dnf (the tests have it install packages, on a root of their own)",
            Self::CreaterepoC => "createrepo_c (makes repositories for that dnf)",
            Self::Rpmbuild => "rpmbuild (makes packages for that dnf)",
            Self::Rpmsign => "rpmsign (signs them)",
            Self::Gpg => "gpg (makes the keys that the tests' repositories are signed with)",
            Self::Mmdebstrap => "mmdebstrap (makes the machine that setup modules are tested on)",
            Self::Mkfs => "mkfs.ext4 (makes a small disk that gets full)",
        }
    }

    /// The package that has it; for [`Distribution::Other`] the name most distributions use.
    fn package(self, distribution: Distribution) -> &'static str {
        match (self, distribution) {
            (Self::Node, _) => "nodejs",
            (Self::Npm, _) => "npm",
            (Self::Python | Self::PythonVenv, Distribution::Debian) => "python3-venv",
            (Self::Python, _) => "python3",
            (Self::PythonVenv, _) => "python3-pip",
            (Self::CCompiler, Distribution::Debian) => "build-essential",
            (Self::CCompiler, _) => "gcc",
            (Self::Chromium, _) => "chromium",
            (Self::ShellCheck, Distribution::Fedora) => "ShellCheck",
            (Self::ShellCheck, _) => "shellcheck",
            (Self::Dnf, _) => "dnf",
            (Self::CreaterepoC, Distribution::Debian) => "createrepo-c",
            (Self::CreaterepoC, _) => "createrepo_c",
            (Self::Rpmbuild, Distribution::Debian) => "rpm",
            (Self::Rpmbuild, _) => "rpm-build",
            (Self::Rpmsign, Distribution::Debian) => "rpm",
            (Self::Rpmsign, _) => "rpm-sign",
            (Self::Gpg, Distribution::Fedora) => "gnupg2",
            (Self::Gpg, _) => "gnupg",
            (Self::Mmdebstrap, _) => "mmdebstrap",
            (Self::Mkfs, _) => "e2fsprogs",
        }
    }

    /// Where to get it when the distribution has none, or one that is too old.
    fn elsewhere(self) -> Option<&'static str> {
        match self {
            Self::Node => {
                Some("If the packaged Node is older than 20.19: https://nodejs.org/en/download")
            }
            Self::Python => Some(
                "If the packaged Python is older than 3.11: https://docs.astral.sh/uv/guides/install-python/",
            ),
            _ => None,
        }
    }
}

impl Distribution {
    fn of_this_machine() -> Self {
        Self::from_os_release(&fs::read_to_string("/etc/os-release").unwrap_or_default())
    }

    /// Reads `ID` and `ID_LIKE` (os-release(5)).
    fn from_os_release(text: &str) -> Self {
        let ids = text
            .lines()
            .filter_map(|line| {
                line.strip_prefix("ID=")
                    .or_else(|| line.strip_prefix("ID_LIKE="))
            })
            .flat_map(|value| value.trim_matches('"').split_whitespace());
        for id in ids {
            match id {
                "debian" | "ubuntu" => return Self::Debian,
                "fedora" | "rhel" => return Self::Fedora,
                _ => {}
            }
        }
        Self::Other
    }
}

fn advice(missing: &[Missing], distribution: Distribution) -> String {
    let mut text = String::from("not installed, or too old:\n");
    for one in missing {
        let _ = writeln!(text, "  - {}", one.name());
    }
    let packages: Vec<_> = missing
        .iter()
        .map(|one| one.package(distribution))
        .collect();
    let packages = packages.join(" ");
    let _ = match distribution {
        Distribution::Debian => write!(
            text,
            "Install with: sudo apt-get update && sudo apt-get install {packages}"
        ),
        Distribution::Fedora => write!(text, "Install with: sudo dnf install {packages}"),
        Distribution::Other => write!(
            text,
            "Install them with your package manager; packages are often named: {packages}"
        ),
    };
    for hint in missing.iter().filter_map(|one| one.elsewhere()) {
        let _ = write!(text, "\n{hint}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_are_known_by_their_ancestors() {
        let check = |text: &str, expected| {
            assert_eq!(Distribution::from_os_release(text), expected, "{text}");
        };
        check(
            "NAME=\"Debian GNU/Linux\"\nID=debian\n",
            Distribution::Debian,
        );
        check(
            "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
            Distribution::Debian,
        );
        check(
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            Distribution::Fedora,
        );
        check("ID=alpine\n", Distribution::Other);
        check("", Distribution::Other);
    }

    #[test]
    fn versions_are_compared_by_major_and_minor() {
        assert_eq!(release("20.19.2"), Some((20, 19)));
        assert!(release("8.17.0") < Some(NODE));
        assert_eq!(release("not found"), None);
    }

    #[test]
    fn advice_names_everything_at_once_and_one_command() {
        let text = advice(&[Missing::Node, Missing::PythonVenv], Distribution::Debian);
        assert_eq!(
            text,
            "not installed, or too old:\n  \
             - Node 20.19 or newer (builds the web client)\n  \
             - Python's venv module with ensurepip (makes the environment that modules run in)\n\
             Install with: sudo apt-get update && sudo apt-get install nodejs python3-venv\n\
             If the packaged Node is older than 20.19: https://nodejs.org/en/download"
        );
        let text = advice(&[Missing::CCompiler], Distribution::Fedora);
        assert!(
            text.ends_with("Install with: sudo dnf install gcc"),
            "{text}"
        );
    }
}
