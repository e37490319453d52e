//! Plans as the wire has them.

use std::collections::BTreeMap;

use contara_protocol::stream::v1::setup::SetupStep;
use contara_setup::plan::{
    Plan, PlannedModule, PlannedPackages, PlannedPort, PlannedRepository, PlannedService, Remark,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::form::SetupForm;
use super::transaction::planned_step;
use crate::reader::Reader;

/// What installing modules would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SetupPlan {
    /// In the order in which they are installed and configured: dependencies first.
    modules: Vec<SetupPlannedModule>,
    /// All six, in order, each `todo` or `disabled`.
    steps: Vec<SetupStep>,
    packages: SetupPackages,
    /// To be added.
    repositories: Vec<SetupRepository>,
    /// Units that come.
    services: Vec<SetupService>,
    /// Ports that come.
    ports: Vec<SetupPort>,
    /// Whether the machine has to be started again at the end.
    reboot: bool,
    /// Slugs of modules to which nothing is done, since they are configured.
    already_configured: Vec<String>,
    /// What should be known.
    warnings: Vec<SetupRemark>,
    /// What makes it impossible here.
    problems: Vec<SetupRemark>,
    /// Of all this; to be given when it is begun.
    digest: String,
}

/// One module of a plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SetupPlannedModule {
    slug: String,
    name: String,
    description: String,
    /// Whether it is there only because another one needs it.
    dependency: bool,
    /// Slugs of the modules of the plan that need it.
    needed_by: Vec<String>,
    configured: bool,
    /// Relative to the module's folder.
    script: Option<String>,
    /// What it asks, as far as that is known before packages are installed.
    form: Option<SetupForm>,
    reboot: bool,
}

/// What becomes of packages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SetupPackages {
    /// Such as `apt`; `none` if packages are nobody's business here.
    manager: String,
    /// What each module asks for.
    wanted: BTreeMap<String, Vec<String>>,
    /// Of these, those that are there.
    present: Vec<String>,
    /// All that would be installed, what they need included.
    install: Vec<String>,
    /// That would be replaced by another version.
    upgrade: Vec<String>,
    /// That would go.
    remove: Vec<String>,
    /// To be downloaded, if known.
    download_bytes: Option<u64>,
    /// To be taken of the disk, if known.
    disk_bytes: Option<u64>,
}

/// A repository to be added.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SetupRepository {
    module: String,
    slug: String,
    name: String,
    url: String,
    /// Whether it needs a login and a password.
    restricted: bool,
}

/// A unit that a module brings.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SetupService {
    module: String,
    /// Such as `named.service`.
    name: String,
}

/// A port that a module brings.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SetupPort {
    module: String,
    port: u16,
    /// `tcp` or `udp`.
    protocol: String,
    /// Who has it now.
    used_by: Option<String>,
}

/// Something to be known about modules.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SetupRemark {
    /// A word for programs, such as `not_there`.
    kind: &'static str,
    /// The slugs concerned.
    modules: Vec<String>,
    message: String,
    /// What to do.
    help: Option<String>,
}

impl SetupPlan {
    pub(crate) fn of(plan: Plan, reader: &Reader) -> Self {
        let step = |one| planned_step(one, reader);
        let remarks = |all: Vec<_>| all.into_iter().map(|one| remark(one, reader)).collect();
        Self {
            modules: plan
                .modules
                .into_iter()
                .map(|one| module(one, reader))
                .collect(),
            steps: plan.steps.iter().map(step).collect(),
            packages: packages(plan.packages),
            repositories: plan.repositories.into_iter().map(repository).collect(),
            services: plan.services.into_iter().map(service).collect(),
            ports: plan
                .ports
                .into_iter()
                .map(|one| port(one, reader))
                .collect(),
            reboot: plan.reboot,
            already_configured: plan.already_configured,
            warnings: remarks(plan.warnings),
            problems: remarks(plan.problems),
            digest: plan.digest,
        }
    }
}

fn module(module: PlannedModule, reader: &Reader) -> SetupPlannedModule {
    let form = module.form.as_ref();
    SetupPlannedModule {
        slug: module.slug,
        name: module.name,
        description: module.description,
        dependency: module.is_dependency,
        needed_by: module.needed_by,
        configured: module.is_configured,
        script: module.script,
        form: form.map(|form| SetupForm::of(form, reader)),
        reboot: module.reboot,
    }
}

fn packages(packages: PlannedPackages) -> SetupPackages {
    SetupPackages {
        manager: packages.manager,
        wanted: packages.wanted,
        present: packages.present,
        install: packages.install,
        upgrade: packages.upgrade,
        remove: packages.remove,
        download_bytes: packages.download_bytes,
        disk_bytes: packages.disk_bytes,
    }
}

fn repository(repository: PlannedRepository) -> SetupRepository {
    SetupRepository {
        module: repository.module,
        slug: repository.slug,
        name: repository.name,
        url: repository.url,
        restricted: repository.is_restricted,
    }
}

fn service(service: PlannedService) -> SetupService {
    SetupService {
        module: service.module,
        name: service.name,
    }
}

fn port(port: PlannedPort, reader: &Reader) -> SetupPort {
    SetupPort {
        module: port.module,
        port: port.port,
        protocol: port.protocol,
        used_by: port.used_by.as_deref().map(|user| reader.say_phrase(user)),
    }
}

fn remark(remark: Remark, reader: &Reader) -> SetupRemark {
    SetupRemark {
        kind: remark.kind,
        modules: remark.modules,
        message: reader.say(&remark.message),
        help: remark.help.as_ref().map(|help| reader.say(help)),
    }
}
