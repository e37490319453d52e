//! What may stand in a plan's way, and what should be known before it is approved.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::inputs::{PlanInputs, PlanModule, wanted};
use super::network::{no_network, own_silent, repositories_silent, sources_silent};
use super::resolve::listed;
use super::{Plan, PlannedPackages, Remark};

/// What makes it impossible here.
pub(super) fn problems(inputs: &PlanInputs, plan: &Plan) -> Vec<Remark> {
    let packages = &plan.packages;
    let mut problems = Vec::new();
    problems.extend(not_root(inputs));
    problems.extend(inputs.in_order().filter_map(|(_, module)| failed(module)));
    problems.extend(
        inputs
            .in_order()
            .filter_map(|(_, module)| not_for_this_system(inputs, module)),
    );
    problems.extend(unknown_packages(inputs).filter(|_| !plan.adds_repositories(inputs)));
    problems.extend(packages_refused(inputs, packages));
    problems.extend(no_network(inputs, packages).or_else(|| sources_silent(inputs, packages)));
    problems.extend(disk_full(inputs, packages));
    problems
}

/// What should be known.
pub(super) fn warnings(inputs: &PlanInputs, plan: &Plan) -> Vec<Remark> {
    let mut warnings = inputs.resolution.warnings.clone();
    for (_, module) in inputs.in_order() {
        let forms = module.form.iter();
        let failures = forms.flat_map(|form| &form.problems);
        warnings.extend(failures.map(|problem| {
            remark(
                "hook_failed",
                [slug(module)],
                format!("{}: {problem}", slug(module)),
            )
            .with_help("The question that it belongs to may be left out or lack its value. `contara module check` helps to find the cause.")
        }));
    }
    warnings.extend(clock_behind(inputs));
    warnings.extend(packages_skipped(inputs));
    warnings.extend(packages_removed(plan));
    warnings.extend(repositories_silent(inputs, plan));
    warnings.extend(own_silent(inputs, plan));
    if plan.adds_repositories(inputs) {
        warnings.extend(unknown_packages(inputs).map(|remark| {
            remark.with_help("They may be in the repositories that are added first.")
        }));
    } else {
        warnings.extend(repositories_skipped(plan));
    }
    warnings.extend(
        inputs
            .in_order()
            .flat_map(|(_, module)| ports_in_use(plan, module)),
    );
    warnings.extend(reboot(inputs));
    warnings
}

fn not_root(inputs: &PlanInputs) -> Option<Remark> {
    let problem = remark(
        "not_root",
        [],
        "Contara doesn't run as root, so it can't change this machine.".into(),
    );
    (!inputs.machine.is_root).then(|| problem.with_help("Start the daemon as root."))
}

fn failed(module: &PlanModule) -> Option<Remark> {
    let failure = module.failure.as_ref()?;
    let message = format!("{}: {failure}", slug(module));
    Some(
        remark("hook_failed", [slug(module)], message)
            .with_help("Correct the module's __init__.py."),
    )
}

/// It names packages, and none for this package manager and architecture.
fn not_for_this_system(inputs: &PlanInputs, module: &PlanModule) -> Option<Remark> {
    let family = inputs.packages.family?;
    let architecture = &inputs.machine.architecture;
    let is_for_others = !module.is_configured
        && names_packages(module)
        && wanted(&module.manifest, Some(family), architecture).is_empty();
    let message = format!(
        "{} names no packages that {} could install on this machine ({architecture}).",
        slug(module),
        inputs.packages.manager
    );
    is_for_others.then(|| {
        remark("no_packages_for_this_system", [slug(module)], message).with_help(
            "The module is for another system, or its desc.json needs a list of packages for this one.",
        )
    })
}

fn unknown_packages(inputs: &PlanInputs) -> Option<Remark> {
    let unknown: Vec<_> = inputs
        .packages
        .changes
        .unknown
        .iter()
        .map(String::as_str)
        .collect();
    if unknown.is_empty() {
        return None;
    }
    let wants = |(_, module): &(&super::Resolved, &PlanModule)| {
        let names = wanted(
            &module.manifest,
            inputs.packages.family,
            &inputs.machine.architecture,
        );
        names.iter().any(|name| unknown.contains(&name.as_str()))
    };
    let modules = inputs
        .in_order()
        .filter(wants)
        .map(|(_, module)| slug(module));
    let message = format!(
        "{} doesn't know {}.",
        inputs.packages.manager,
        listed(&unknown)
    );
    Some(
        remark("package_unknown", modules, message)
            .with_help("Its lists of packages may be out of date, or a repository may be missing."),
    )
}

fn packages_refused(inputs: &PlanInputs, packages: &PlannedPackages) -> Option<Remark> {
    let facts = &inputs.packages;
    let reason = facts.failure.as_ref().or(facts.changes.refusal.as_ref())?;
    let modules = packages.wanted.keys().map(String::as_str);
    let message = format!("{} can't install the packages: {reason}", facts.manager);
    Some(remark("packages_refused", modules, message).with_help(
        "These are its own words: put right what it complains about, then look at the plan again.",
    ))
}

/// What modules ask for has room for their packages; the download is there beside what it becomes.
fn disk_full(inputs: &PlanInputs, packages: &PlannedPackages) -> Option<Remark> {
    let asked = inputs
        .in_order()
        .filter_map(|(_, module)| module.manifest.min_disk);
    let asked = asked.fold(0, u64::saturating_add);
    let download = packages.download_bytes.unwrap_or(0);
    let needed = packages
        .disk_bytes
        .unwrap_or(0)
        .saturating_add(download)
        .max(asked);
    let free = inputs.machine.free_disk.filter(|free| *free < needed)?;
    let greedy = inputs.in_order().map(|(_, module)| slug(module));
    let message = format!(
        "{} of disk are needed, and {} are free.",
        megabytes(needed),
        megabytes(free)
    );
    Some(remark("disk_full", greedy, message).with_help("Make room first."))
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

fn clock_behind(inputs: &PlanInputs) -> Option<Remark> {
    let least = Timestamp::try_from(inputs.machine.later_than_now?).ok()?;
    let message = format!(
        "The clock of this machine is behind: it is {} at least, since files were changed then.",
        least.strftime("%Y-%m-%d")
    );
    Some(remark("clock_behind", [], message).with_help(
        "Set it, `timedatectl set-ntp true` say: the signatures and certificates of repositories count as not valid yet.",
    ))
}

fn packages_skipped(inputs: &PlanInputs) -> Option<Remark> {
    let naming = inputs
        .in_order()
        .filter(|(_, module)| names_packages(module));
    let naming: Vec<_> = naming.map(|(_, module)| slug(module)).collect();
    let is_skipped = inputs.packages.family.is_none() && !naming.is_empty();
    let message = format!(
        "No package manager is used here, so the packages of {} aren't installed.",
        listed(&naming)
    );
    is_skipped.then(|| {
        remark("packages_skipped", naming, message).with_help(
            "Install what they need yourself, or let `[packages] manager` name a package manager.",
        )
    })
}

fn packages_removed(plan: &Plan) -> Option<Remark> {
    let removed: Vec<_> = plan.packages.remove.iter().map(String::as_str).collect();
    let message = format!("These packages would be removed: {}.", listed(&removed));
    let modules = plan.packages.wanted.keys().map(String::as_str);
    (!removed.is_empty()).then(|| {
        remark("packages_removed", modules, message)
            .with_help("Make sure that nothing needs them: an undo doesn't bring them back.")
    })
}

impl Plan {
    /// Whether repositories come, with packages that nobody knows before that.
    pub(super) fn adds_repositories(&self, inputs: &PlanInputs) -> bool {
        inputs.packages.repositories.can_add && !self.repositories.is_empty()
    }
}

fn repositories_skipped(plan: &Plan) -> Option<Remark> {
    let modules: BTreeSet<_> = plan
        .repositories
        .iter()
        .map(|known| known.module.as_str())
        .collect();
    let names: Vec<_> = modules.iter().copied().collect();
    let message = format!("The repositories of {} aren't added.", listed(&names));
    (!names.is_empty()).then(|| {
        remark("repositories_skipped", modules, message)
            .with_help("Add them yourself if their packages aren't found.")
    })
}

/// A module that is configured has its ports itself.
fn ports_in_use<'p>(plan: &'p Plan, module: &PlanModule) -> impl Iterator<Item = Remark> + use<'p> {
    let (name, is_configured) = (module.manifest.slug.clone(), module.is_configured);
    let ports = plan
        .ports
        .iter()
        .filter(move |port| port.module == name && !is_configured);
    ports.filter_map(|port| {
        let user = port.used_by.as_ref()?;
        let message = format!(
            "{} needs port {} ({}), which {user} has.",
            port.module, port.port, port.protocol
        );
        Some(
            remark("port_in_use", [port.module.as_str()], message)
                .with_help("Stop whoever has it, if it isn't the module's own service."),
        )
    })
}

fn reboot(inputs: &PlanInputs) -> Option<Remark> {
    let modules = inputs
        .in_order()
        .filter(|(_, module)| module.manifest.reboot);
    let modules: Vec<_> = modules.map(|(_, module)| slug(module)).collect();
    let message = format!(
        "The machine has to be restarted after {}.",
        listed(&modules)
    );
    (!modules.is_empty()).then(|| {
        remark("reboot", modules, message).with_help(
            "Nothing restarts by itself: at the end you are asked, and may restart it later.",
        )
    })
}

fn names_packages(module: &PlanModule) -> bool {
    let mut sets = module.manifest.packages.iter();
    sets.any(|set| !set.names.is_empty())
}

fn slug(module: &PlanModule) -> &str {
    &module.manifest.slug
}

pub(super) fn remark<'s>(
    kind: &'static str,
    modules: impl IntoIterator<Item = &'s str>,
    message: String,
) -> Remark {
    Remark {
        kind,
        modules: modules.into_iter().map(str::to_owned).collect(),
        message,
        help: None,
    }
}

impl Remark {
    pub(super) fn with_help(self, help: &str) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}
