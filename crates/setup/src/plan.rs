//! What installing modules would do, said before anything starts.
//!
//! `resolve` says which modules and in which order; `make` puts the plan together out of what is known of them and of the machine
//! (`inputs`), with its steps (`steps`), what may stand in its way (`remarks`, `network`) and a digest to approve it by (`digest`). All pure.

mod digest;
mod inputs;
mod make;
mod network;
mod remarks;
mod resolve;
mod steps;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod make_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod resolve_tests;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::form::Form;
use crate::transaction::{StepKind, StepState};
use contara_i18n::Message;

pub use inputs::{
    Contact, MachineFacts, PackageFacts, PlanInputs, PlanModule, PortUse, RepositoryFacts,
    repository_url, wanted,
};
pub use make::make;
pub use resolve::{ModuleFacts, Resolution, Resolved, resolve};
pub(crate) use resolve::{configure_again, conflict_with_configured};

/// What would be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// In the order in which they are installed and configured: dependencies first.
    pub modules: Vec<PlannedModule>,
    /// All six, in order, each `Todo` or `Disabled`.
    pub steps: Vec<PlannedStep>,
    /// What becomes of packages.
    pub packages: PlannedPackages,
    /// Those that aren't there.
    pub repositories: Vec<PlannedRepository>,
    /// Units that come.
    pub services: Vec<PlannedService>,
    /// Ports that come.
    pub ports: Vec<PlannedPort>,
    /// Whether the machine has to be started again at the end.
    pub reboot: bool,
    /// Chosen or needed, and configured already: nothing is done to them.
    pub already_configured: Vec<String>,
    /// What should be known.
    pub warnings: Vec<Remark>,
    /// What makes it impossible here: it can't be begun until these are gone.
    pub problems: Vec<Remark>,
    /// Of all that would be done: what was approved is what is done. Hexadecimal.
    pub digest: String,
}

/// One module of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedModule {
    /// Its slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether it is there only because another one needs it.
    pub is_dependency: bool,
    /// Slugs of the modules of the plan that need it.
    pub needed_by: Vec<String>,
    /// Whether it is configured already, and would be again.
    pub is_configured: bool,
    /// The script, relative to the module's folder.
    pub script: Option<String>,
    /// What it asks, as far as that is known before packages are installed; `None` if it has no `config`.
    pub form: Option<Form>,
    /// Whether it asks for a restart of the machine.
    pub reboot: bool,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// Which.
    pub kind: StepKind,
    /// `Todo` or `Disabled`.
    pub state: StepState,
    /// What it does, or why it does nothing, in one sentence.
    pub text: Message,
}

/// What becomes of packages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlannedPackages {
    /// The package manager's name, such as `apt`; `none` if packages are nobody's business here.
    pub manager: String,
    /// What each module asks for.
    pub wanted: BTreeMap<String, Vec<String>>,
    /// Of these, those that are there.
    pub present: Vec<String>,
    /// All that would be installed, what they need included.
    pub install: Vec<String>,
    /// That would be replaced by another version.
    pub upgrade: Vec<String>,
    /// That would go.
    pub remove: Vec<String>,
    /// To be downloaded, if known.
    pub download_bytes: Option<u64>,
    /// To be taken of the disk, if known.
    pub disk_bytes: Option<u64>,
}

/// A repository to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRepository {
    /// Of the module.
    pub module: String,
    /// Its slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Where, with the architecture filled in.
    pub url: String,
    /// Whether it needs a login and a password.
    pub is_restricted: bool,
}

/// A unit that a module brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedService {
    /// Of the module.
    pub module: String,
    /// Such as `named.service`.
    pub name: String,
}

/// A port that a module brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPort {
    /// Of the module.
    pub module: String,
    /// From 1 to 65,535.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// Who has it now, such as `nginx (process 812)`.
    pub used_by: Option<String>,
}

/// Something to be known about modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A word for programs, such as `not_there`.
    pub kind: &'static str,
    /// The slugs concerned.
    pub modules: Vec<String>,
    /// What it is.
    pub message: Message,
    /// What to do.
    pub help: Option<Message>,
}

/// There is no plan for this choice. The text names the modules.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", .0.message)]
pub struct Refused(pub Remark);
