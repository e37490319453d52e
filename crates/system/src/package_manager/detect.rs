//! Which package manager this machine has.

use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::{Apt, NoPackages, PackageManager};
use crate::environment::find_program;

/// A package manager was named that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoManager {
    /// Contara doesn't know it.
    #[error(
        "{0:?} is no package manager that Contara can use: write \"auto\", \"none\" or \"apt\""
    )]
    Unknown(String),
    /// It isn't on this machine.
    #[error("{manager} can't be used: there is no program {program} on this machine")]
    Missing {
        /// Its name.
        manager: &'static str,
        /// What it lacks.
        program: &'static str,
    },
}

/// The one that is set: `auto`, which finds one or none, `none`, or a name.
pub fn choose(setting: &str) -> Result<Arc<dyn PackageManager>, NoManager> {
    match setting {
        "auto" => Ok(apt().unwrap_or_else(|_| Arc::new(NoPackages))),
        "none" => Ok(Arc::new(NoPackages)),
        "apt" => apt(),
        other => Err(NoManager::Unknown(other.to_owned())),
    }
}

fn apt() -> Result<Arc<dyn PackageManager>, NoManager> {
    match Apt::PROGRAMS
        .iter()
        .find(|program| find_program(Path::new(program)).is_none())
    {
        Some(program) => Err(NoManager::Missing {
            manager: "apt",
            program,
        }),
        None => Ok(Arc::new(Apt)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_used() {
        assert_eq!(choose("none").unwrap().name(), "none");
        let has_apt = find_program(Path::new("apt-get")).is_some();
        let expected = if has_apt { "apt" } else { "none" };
        assert_eq!(choose("auto").unwrap().name(), expected);
        let error = choose("yum").unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"yum\" is no package manager that Contara can use: write \"auto\", \"none\" or \"apt\""
        );
    }
}
