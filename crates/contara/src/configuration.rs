//! Contara's configuration file: where it is looked for, and what it says once it is read whole and without a problem.
//!
//! How a text becomes values is `reading.rs`, what an amount is `amount.rs`, which limits there are `limit_fields.rs`, what can be set
//! of setup modules `setup_fields.rs`. It knows nothing of what the values are for.

mod amount;
mod limit_fields;
mod reading;
mod setup_fields;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{ErrorKind, IsTerminal, Read};
use std::path::{Path, PathBuf};

use contara_i18n::message;
use contara_manifest::{Colour, Problem, closest, render};
use contara_system::limits::Limits;
use contara_system::spawner::StartWay;
use thiserror::Error;

use limit_fields::LimitField;
pub(crate) use setup_fields::SetupOptions;

use crate::locale_language;

/// Where the file is looked for if none is named.
const DEFAULT_PATH: &str = "/etc/contara/contara.toml";
/// More is no configuration. A thousand modules with all limits set take 150 kB.
const MOST_BYTES: u64 = 1024 * 1024;

/// What the configuration says.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// How workers are started.
    pub(crate) start: StartWay,
    /// Of setup modules.
    pub(crate) setup: SetupOptions,
    limits: Vec<(&'static LimitField, u64)>,
    /// By module.
    modules: BTreeMap<String, Vec<(&'static LimitField, u64)>>,
}

/// Why there is no configuration to go by.
#[derive(Debug, Error)]
pub(crate) enum ConfigurationError {
    /// The operating system doesn't give it.
    Unreadable(PathBuf, #[source] std::io::Error),
    /// It is no text.
    NotText(PathBuf),
    /// It is larger than any configuration.
    TooLarge(PathBuf),
    /// What it says doesn't do.
    Bad(String),
}

/// In the language of the terminal.
impl fmt::Display for ConfigurationError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Path| path.display().to_string();
        let message = match self {
            Self::Unreadable(path, _) => {
                message!("can't read the configuration {path}", path = shown(path))
            }
            Self::NotText(path) => message!(
                "the configuration {path} is not UTF-8 text: save it as UTF-8",
                path = shown(path)
            ),
            Self::TooLarge(path) => message!(
                "the configuration {path} has more than {most} bytes: is it the right file?",
                path = shown(path),
                most = MOST_BYTES
            ),
            Self::Bad(problems) => message!(
                "the configuration can't be used; nothing was started\n\n{problems}",
                problems = problems.trim_end()
            ),
        };
        out.write_str(&locale_language::say(&message))
    }
}

impl Configuration {
    /// Reads the file that was named, or else the one in the default place, if it is there.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self, ConfigurationError> {
        let path = named.unwrap_or(Path::new(DEFAULT_PATH));
        match read(path) {
            Ok(text) => Self::of(path, &text).map_err(|problems| refuse(&problems)),
            Err(ConfigurationError::Unreadable(_, why))
                if named.is_none() && why.kind() == ErrorKind::NotFound =>
            {
                Ok(Self::default())
            }
            Err(error) => Err(error),
        }
    }

    /// What `text` says, or everything that is wrong with it.
    fn of(path: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let (configuration, problems) = reading::read(path, text);
        if problems.is_empty() {
            Ok(configuration)
        } else {
            Err(problems)
        }
    }

    /// What a module may use that has no section of its own.
    pub(crate) fn usual_limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (field, value) in &self.limits {
            (field.set)(&mut limits, *value);
        }
        limits
    }

    /// The modules that have a section of their own, and what each may use.
    pub(crate) fn own_limits(&self) -> BTreeMap<String, Limits> {
        let names = self.modules.keys();
        names
            .map(|name| (name.clone(), self.limits_of(name)))
            .collect()
    }

    /// What a module may use.
    pub(crate) fn limits_of(&self, module: &str) -> Limits {
        let mut limits = self.usual_limits();
        for (field, value) in self.modules.get(module).into_iter().flatten() {
            (field.set)(&mut limits, *value);
        }
        limits
    }

    /// A sentence for each module that has a section and isn't among `known`; it may come later.
    pub(crate) fn strangers(&self, known: &BTreeSet<&str>) -> Vec<String> {
        let names = self.modules.keys();
        let unknown = names.filter(|name| !known.contains(name.as_str()));
        unknown
            .map(|name| {
                let close = closest(name, known.iter().copied())
                    .map_or_else(String::new, |close| format!(" Did you mean \"{close}\"?"));
                format!(
                    "the configuration has limits for the module \"{name}\", which isn't there.{close}"
                )
            })
            .collect()
    }
}

fn read(path: &Path) -> Result<String, ConfigurationError> {
    let unreadable = |why| ConfigurationError::Unreadable(path.to_owned(), why);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(ConfigurationError::TooLarge(path.to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| ConfigurationError::NotText(path.to_owned()))
}

fn refuse(problems: &[Problem]) -> ConfigurationError {
    let colour = if std::io::stderr().is_terminal() {
        Colour::Always
    } else {
        Colour::Never
    };
    ConfigurationError::Bad(render(problems, colour, locale_language::say))
}

#[cfg(test)]
mod tests;
