//! What package managers say of how far they are while they install. They say it in their own ways; each reads its own lines.

/// What a package manager does to a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Fetches it.
    Downloading,
    /// Puts its files where they belong; it is configured after that.
    Unpacking,
    /// Puts it where it belongs, and configures it.
    Installing,
    /// Makes it usable.
    Configuring,
    /// Takes it away.
    Removing,
}

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgressReport {
    /// So many packages come, and so many go.
    Total {
        /// That come, new or in the place of others.
        coming: u32,
        /// That go.
        going: u32,
    },
    /// It has come to a package.
    At {
        /// What it does to it.
        phase: Phase,
        /// Which; `None` if the line doesn't name it.
        package: Option<String>,
        /// The package's number, from 1, and how many there are, if it counts them.
        count: Option<(u32, u32)>,
        /// How much is done of all, if it says so: downloading is by itself.
        percent: Option<u8>,
    },
}

impl ProgressReport {
    /// A package by name and nothing else.
    pub(super) fn at(phase: Phase, package: &str) -> Self {
        Self::At {
            phase,
            package: Some(package.to_owned()),
            count: None,
            percent: None,
        }
    }

    /// A package, its number and how many there are.
    pub(super) fn counted(phase: Phase, package: &str, count: (u32, u32)) -> Self {
        Self::At {
            phase,
            package: Some(package.to_owned()),
            count: Some(count),
            percent: None,
        }
    }
}

/// `3/12`.
pub(super) fn count(text: &str) -> Option<(u32, u32)> {
    let (number, total) = text.split_once('/')?;
    Some((number.trim().parse().ok()?, total.trim().parse().ok()?))
}

/// `(3/12) rest`.
pub(super) fn counted_line(line: &str) -> Option<((u32, u32), &str)> {
    let (counted, rest) = line.trim_start().strip_prefix('(')?.split_once(')')?;
    Some((count(counted)?, rest))
}
