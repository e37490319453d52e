//! A module's manifest as the rest of the host sees it. Reading one from a file is `read_module.rs`.

use std::collections::BTreeMap;
use std::fmt;

use contara_i18n::{Message, message};
use serde::{Deserialize, Serialize};

use crate::engine::{EngineRange, MODULE_API};
use crate::platform::Platform;
use crate::python_requirement::PythonRequirement;

/// Where a module comes from. The loader knows it by the folder; what the file says about it doesn't count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Ships with the host.
    Builtin,
    /// Installed by a user.
    Community,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::Builtin => "builtin",
            Source::Community => "community",
        })
    }
}

/// A valid `module.json`. Fields are those of the module.json reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleManifest {
    /// Unique identifier: `[a-z][a-z0-9_]*`, equal to the folder's name.
    pub name: String,
    /// The name people read.
    pub display_name: String,
    /// The module's own version.
    pub version: semver::Version,
    /// Who wrote it.
    pub author: String,
    /// What it does, in a sentence or two.
    pub description: String,
    /// Lucide icon name as written; [`icon::resolve`](crate::icon::resolve) gives the icon, if there is one.
    pub icon: String,
    /// Versions of the module API it was written for.
    pub engine: EngineRange,
    /// Where it runs, without repeats, in the order written.
    pub platforms: Vec<Platform>,
    /// What it needs; nothing by default.
    pub dependencies: Dependencies,
    /// What it offers.
    pub capabilities: Capabilities,
    /// One word to group it by.
    pub category: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Link to its documentation; http or https only.
    pub homepage: Option<String>,
    /// Link to its source code; http or https only.
    pub repository: Option<String>,
    /// Where the loader found it.
    pub source: Source,
    /// Whether it is useless without a network.
    pub requires_network: bool,
}

/// What a module needs to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Python packages for every platform, in the order written.
    pub python: Vec<PythonRequirement>,
    /// Python packages for one platform only.
    pub python_platform: BTreeMap<Platform, Vec<PythonRequirement>>,
    /// Executables or services that must be present; checked and warned about, never installed.
    pub system: Vec<String>,
}

/// What a module offers. The reference names no defaults; ours are its example: a module without `capabilities`
/// (such as the Quick Start's) has a tile and live updates, and neither page nor settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Live updates. Default true.
    pub websocket: bool,
    /// A tile on the dashboard. Default true.
    pub dashboard: bool,
    /// A detail page. Default false.
    pub detail_page: bool,
    /// Settings. Default false.
    pub settings: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Capabilities {
            websocket: true,
            dashboard: true,
            detail_page: false,
            settings: false,
        }
    }
}

impl ModuleManifest {
    /// Whether the module names this platform.
    pub fn runs_on(&self, platform: Platform) -> bool {
        self.platforms.contains(&platform)
    }

    /// Everything that keeps this valid module from running on a machine of this platform under this host.
    pub fn blocked(&self, platform: Platform) -> Vec<Blocked> {
        let elsewhere = !self.runs_on(platform);
        let other_api = !self.engine.accepts(MODULE_API);
        let platform = elsewhere.then(|| Blocked::Platform {
            machine: platform,
            needs: self.platforms.clone(),
        });
        let engine = other_api.then(|| Blocked::Engine {
            needs: self.engine.clone(),
        });
        platform.into_iter().chain(engine).collect()
    }

    /// The Python packages to install on this platform: those for every platform, then its own.
    pub fn python_requirements(
        &self,
        platform: Platform,
    ) -> impl Iterator<Item = &PythonRequirement> {
        let own = self.dependencies.python_platform.get(&platform);
        self.dependencies
            .python
            .iter()
            .chain(own.into_iter().flatten())
    }
}

/// Why a valid module can't run here. `Display` gives the sentence for the user in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// It is made for other platforms.
    Platform {
        /// What this machine is.
        machine: Platform,
        /// What the module runs on.
        needs: Vec<Platform>,
    },
    /// It is made for other versions of the module API than [`MODULE_API`].
    Engine {
        /// The versions it is made for.
        needs: EngineRange,
    },
}

impl Blocked {
    /// The sentence for the user.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Blocked::Platform { machine, needs } if needs.is_empty() => message!(
                "This module names no platform to run on, and this machine runs {machine}.",
                machine = machine.name()
            ),
            Blocked::Platform { machine, needs } => {
                let needs: Vec<_> = needs.iter().map(|platform| platform.name()).collect();
                message!(
                    "This module runs on {platforms} only, and this machine runs {machine}.",
                    platforms = &needs,
                    machine = machine.name()
                )
            }
            Blocked::Engine { needs } => message!(
                "This module needs ContaraNAS {versions}, and this host implements {version}.",
                versions = needs.to_string(),
                version = MODULE_API
            ),
        }
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}
