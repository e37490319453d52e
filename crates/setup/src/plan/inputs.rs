//! What a plan is made of: plain facts about modules, packages and the machine, for whoever can ask for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

use contara_i18n::Message;
use contara_manifest::{PackageFamily, Repository, SetupManifest};
use contara_system::machine::normal_architecture;
use contara_system::package_manager::Changes;

use super::Resolution;
use crate::form::Form;
use crate::hooks::Script;

/// All of it.
#[derive(Debug, Clone)]
pub struct PlanInputs {
    /// What the choice comes to.
    pub resolution: Resolution,
    /// By slug; all that the resolution has in its order.
    pub modules: BTreeMap<String, PlanModule>,
    /// Of the whole plan.
    pub packages: PackageFacts,
    /// The machine.
    pub machine: MachineFacts,
}

/// One module.
#[derive(Debug, Clone)]
pub struct PlanModule {
    /// Its `desc.json`.
    pub manifest: Arc<SetupManifest>,
    /// Another one when its files change.
    pub fingerprint: u64,
    /// Whether it is configured.
    pub is_configured: bool,
    /// What it asks; `None` without `config`.
    pub form: Option<Form>,
    /// What configures it.
    pub script: Option<Script>,
    /// Why its form or script can't be had.
    pub failure: Option<Message>,
}

/// What is known of packages.
#[derive(Debug, Clone, Default)]
pub struct PackageFacts {
    /// The package manager's name; `none` if packages are nobody's business here.
    pub manager: String,
    /// Whose lists of packages are for it.
    pub family: Option<PackageFamily>,
    /// All that are there, by name.
    pub installed: BTreeSet<String>,
    /// What installing those that aren't there would do.
    pub changes: Changes,
    /// Why that isn't known.
    pub failure: Option<Message>,
    /// What is known of repositories.
    pub repositories: RepositoryFacts,
    /// Where something has to be fetched from, by address: none if nothing has to, or nobody could be asked.
    pub contacts: BTreeMap<String, Contact>,
}

impl PackageFacts {
    /// Whether something has to come from elsewhere.
    #[must_use]
    pub fn downloads(&self) -> bool {
        let changes = &self.changes;
        let comes = !changes.install.is_empty() || !changes.upgrade.is_empty();
        comes && changes.download_bytes != Some(0)
    }
}

/// Who has to answer so that something can be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Such as `mirror.example:80`, or a folder.
    pub who: String,
    /// Whether it is one.
    pub is_folder: bool,
    /// Whether they do.
    pub answers: bool,
}

/// What is known of repositories.
#[derive(Debug, Clone, Default)]
pub struct RepositoryFacts {
    /// Whether Contara can add any to this package manager.
    pub can_add: bool,
    /// Whether the package manager has a file of its own for logins.
    pub keeps_logins: bool,
    /// Addresses of those of the modules' that are there already.
    pub known: BTreeSet<String>,
}

/// What is known of the machine.
#[derive(Debug, Clone, Default)]
pub struct MachineFacts {
    /// As `uname -m` has it.
    pub architecture: String,
    /// Whether the daemon may change it.
    pub is_root: bool,
    /// Whether it has a way to other machines, if that is known.
    pub has_network: Option<bool>,
    /// Bytes that are free where packages go, if that is known.
    pub free_disk: Option<u64>,
    /// What time it is at least, if the clock is far behind that.
    pub later_than_now: Option<SystemTime>,
    /// Ports that somebody listens on.
    pub ports: Vec<PortUse>,
}

/// A port that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortUse {
    /// From 1 to 65,535.
    pub number: u16,
    /// Else TCP.
    pub is_udp: bool,
    /// Who has it, such as `nginx (process 812)`.
    pub by: String,
}

/// Where a repository is for a machine of this architecture.
#[must_use]
pub fn repository_url(repository: &Repository, architecture: &str) -> String {
    let architecture = normal_architecture(architecture);
    repository.url.replace("@ARCH@", architecture)
}

/// The packages that a module asks of a package manager of this family on this machine: in order, each once. None without one.
#[must_use]
pub fn wanted(
    manifest: &SetupManifest,
    family: Option<PackageFamily>,
    architecture: &str,
) -> Vec<String> {
    let sets = manifest.packages.iter();
    let sets = sets.filter(|set| Some(set.family) == family && set.is_for(architecture));
    let mut known = BTreeSet::new();
    sets.flat_map(|set| &set.names)
        .filter(|name| known.insert(name.as_str()))
        .cloned()
        .collect()
}
