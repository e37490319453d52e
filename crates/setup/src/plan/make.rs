//! A plan out of what is known: pure, so that the same facts always give the same plan, and the same digest.

use super::digest::digest;
use super::inputs::{PlanInputs, PlanModule, repository_url, wanted};
use super::remarks::{problems, warnings};
use super::steps::steps;
use super::{
    Plan, PlannedModule, PlannedPackages, PlannedPort, PlannedRepository, PlannedService, Resolved,
};

/// The plan. What makes it impossible is in its problems.
#[must_use]
pub fn make(inputs: &PlanInputs) -> Plan {
    let packages = packages(inputs);
    let mut plan = Plan {
        modules: each(inputs, |resolved, module| vec![planned(resolved, module)]),
        steps: Vec::new(),
        repositories: each(inputs, |_, module| repositories(inputs, module)),
        services: each(inputs, |_, module| services(module)),
        ports: each(inputs, |_, module| ports(inputs, module)),
        reboot: inputs.in_order().any(|(_, module)| module.manifest.reboot),
        already_configured: inputs.resolution.already_configured.clone(),
        warnings: Vec::new(),
        problems: Vec::new(),
        digest: String::new(),
        packages,
    };
    plan.steps = steps(inputs, &plan);
    plan.problems = problems(inputs, &plan);
    plan.warnings = warnings(inputs, &plan);
    plan.digest = digest(inputs, &plan);
    plan
}

impl PlanInputs {
    /// The modules in the order in which they are configured.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (&Resolved, &PlanModule)> {
        let order = self.resolution.order.iter();
        order.filter_map(|resolved| Some((resolved, self.modules.get(&resolved.slug)?)))
    }
}

fn each<T>(inputs: &PlanInputs, of: impl Fn(&Resolved, &PlanModule) -> Vec<T>) -> Vec<T> {
    let modules = inputs.in_order();
    modules
        .flat_map(|(resolved, module)| of(resolved, module))
        .collect()
}

fn planned(resolved: &Resolved, module: &PlanModule) -> PlannedModule {
    let manifest = &module.manifest;
    PlannedModule {
        slug: resolved.slug.clone(),
        name: manifest.name.clone(),
        description: manifest.description.clone(),
        is_dependency: resolved.is_dependency,
        needed_by: resolved.needed_by.clone(),
        is_configured: module.is_configured,
        script: module.script.as_ref().map(|script| script.path.clone()),
        form: module.form.clone(),
        reboot: manifest.reboot,
    }
}

fn packages(inputs: &PlanInputs) -> PlannedPackages {
    let facts = &inputs.packages;
    let wanted = inputs.in_order().map(|(resolved, module)| {
        let names = wanted(&module.manifest, facts.family, &inputs.machine.architecture);
        (resolved.slug.clone(), names)
    });
    let wanted: std::collections::BTreeMap<_, _> =
        wanted.filter(|(_, names)| !names.is_empty()).collect();
    let mut present: Vec<_> = wanted.values().flatten().cloned().collect();
    present.retain(|name| facts.installed.contains(name));
    present.sort();
    present.dedup();
    PlannedPackages {
        manager: facts.manager.clone(),
        wanted,
        present,
        install: facts.changes.install.clone(),
        upgrade: facts.changes.upgrade.clone(),
        remove: facts.changes.remove.clone(),
        download_bytes: facts.changes.download_bytes,
        disk_bytes: facts.changes.disk_bytes,
    }
}

fn repositories(inputs: &PlanInputs, module: &PlanModule) -> Vec<PlannedRepository> {
    let facts = &inputs.packages.repositories;
    let planned = |repository: &contara_manifest::Repository| PlannedRepository {
        module: module.manifest.slug.clone(),
        slug: repository.slug.clone(),
        name: repository.name.clone(),
        url: repository_url(repository, &inputs.machine.architecture),
        is_restricted: repository.is_restricted,
    };
    let planned = module.manifest.repositories.iter().map(planned);
    planned
        .filter(|repository| !facts.known.contains(&repository.url))
        .collect()
}

fn services(module: &PlanModule) -> Vec<PlannedService> {
    let planned = |name: &String| PlannedService {
        module: module.manifest.slug.clone(),
        name: name.clone(),
    };
    module.manifest.services.iter().map(planned).collect()
}

fn ports(inputs: &PlanInputs, module: &PlanModule) -> Vec<PlannedPort> {
    let planned = |port: &contara_manifest::Port| {
        let mut uses = inputs.machine.ports.iter();
        let used = uses.find(|used| used.number == port.number && used.is_udp == port.is_udp);
        PlannedPort {
            module: module.manifest.slug.clone(),
            port: port.number,
            protocol: if port.is_udp { "udp" } else { "tcp" }.into(),
            used_by: used.map(|used| used.by.clone()),
        }
    };
    module.manifest.ports.iter().map(planned).collect()
}
