//! Which files are recorded: folders with all that is in them, and what globs name.

use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

/// A place to begin, and what counts there.
#[derive(Debug)]
pub(super) struct Start {
    /// Absolute, without links as far as it is there.
    pub(super) base: PathBuf,
    pub(super) counts: Counts,
}

/// What counts below a place.
#[derive(Debug)]
pub(super) enum Counts {
    /// All of it.
    All,
    /// What this matches, and the folders that lead there, this many levels down.
    Matching(GlobMatcher, usize),
}

impl Counts {
    pub(super) fn counts(&self, path: &Path) -> bool {
        match self {
            Self::All => true,
            Self::Matching(glob, _) => glob.is_match(path),
        }
    }

    /// Whether anything may count that is so many levels below the place.
    pub(super) fn reaches(&self, depth: usize) -> bool {
        match self {
            Self::All => true,
            Self::Matching(_, levels) => depth < *levels,
        }
    }
}

/// Where to look for a folder.
pub(super) fn folder(path: &Path) -> Start {
    Start {
        base: real(path),
        counts: Counts::All,
    }
}

/// Where to look for what a module's glob names; `None` if it isn't absolute, can't be read, or is the data folder's business.
pub(super) fn glob(text: &str, data: &Path) -> Option<Start> {
    let path = Path::new(text);
    let is_plain = |part: &Component<'_>| !matches!(part, Component::ParentDir);
    if !path.is_absolute() || !path.components().all(|part| is_plain(&part)) {
        return None;
    }
    let is_fixed = |part: &Component<'_>| {
        !part
            .as_os_str()
            .to_string_lossy()
            .contains(['*', '?', '[', '{'])
    };
    let fixed: PathBuf = path.components().take_while(is_fixed).collect();
    let rest = path.strip_prefix(&fixed).ok()?;
    let base = real(&fixed);
    if base.starts_with(data) || base == Path::new("/") {
        return None;
    }
    if rest.as_os_str().is_empty() {
        let counts = Counts::All;
        return Some(Start { base, counts });
    }
    // The place itself may have signs in it, so only the rest is a pattern.
    let pattern = format!(
        "{}/{}",
        globset::escape(&base.to_string_lossy()),
        rest.to_string_lossy()
    );
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
    let levels = match rest.components().any(|part| part.as_os_str() == "**") {
        true => usize::MAX,
        false => rest.components().count(),
    };
    let counts = Counts::Matching(glob.ok()?.compile_matcher(), levels);
    Some(Start { base, counts })
}

/// The path without links, as far as there is something.
fn real(path: &Path) -> PathBuf {
    let there = path
        .ancestors()
        .find_map(|part| Some((part, part.canonicalize().ok()?)));
    match there {
        Some((part, real)) => match path.strip_prefix(part) {
            Ok(rest) if rest.as_os_str().is_empty() => real,
            Ok(rest) => real.join(rest),
            Err(_) => path.to_owned(),
        },
        None => path.to_owned(),
    }
}
