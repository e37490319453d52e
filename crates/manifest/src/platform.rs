//! The platforms a module can name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An operating system, by the name `module.json` uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
    /// macOS.
    Darwin,
}

impl Platform {
    /// All platforms, in the order of the reference.
    pub const ALL: [Platform; 3] = [Platform::Linux, Platform::Windows, Platform::Darwin];

    /// The platform this program was built for. Anything that is neither Windows nor macOS counts as Linux: the
    /// host runs on Linux, and a relative of it is better served by Linux modules than by none.
    pub const fn current() -> Self {
        if cfg!(windows) {
            Platform::Windows
        } else if cfg!(target_vendor = "apple") {
            Platform::Darwin
        } else {
            Platform::Linux
        }
    }

    /// `linux`, `windows` or `darwin`.
    pub const fn name(self) -> &'static str {
        match self {
            Platform::Linux => "linux",
            Platform::Windows => "windows",
            Platform::Darwin => "darwin",
        }
    }

    /// The platform with exactly this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|platform| platform.name() == name)
    }

    /// The platform that a wrong name stands for.
    pub(crate) fn meant_by(written: &str) -> Option<Self> {
        match written.to_lowercase().as_str() {
            "macos" | "mac" | "osx" | "os x" | "apple" => Some(Platform::Darwin),
            "win" | "win32" | "win64" => Some(Platform::Windows),
            "debian" | "ubuntu" | "gnu/linux" => Some(Platform::Linux),
            other => {
                crate::spelling::closest(other, Self::ALL.map(Self::name)).and_then(Self::named)
            }
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
