//! What may stand in a plan's way, and what should be known before it is approved.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::inputs::{PlanInputs, PlanModule, wanted};
use super::network::{no_network, own_silent, repositories_silent, sources_silent};
use super::{Plan, PlannedPackages, Remark};
use contara_i18n::Message;
use contara_i18n::message;

/// In bytes, as disks are sold.
const MEGABYTE: u64 = 1_000_000;

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
    problems.extend(logins_not_kept(inputs, plan));
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
            remark("hook_failed", [slug(module)], said_of(module, problem)).with_help(message!(
                "The question that it belongs to may be left out or lack its value. `contara module check` helps to find the cause."
            ))
        }));
    }
    warnings.extend(clock_behind(inputs));
    warnings.extend(packages_skipped(inputs));
    warnings.extend(packages_removed(plan));
    warnings.extend(repositories_silent(inputs, plan));
    warnings.extend(own_silent(inputs, plan));
    if plan.adds_repositories(inputs) {
        warnings.extend(unknown_packages(inputs).map(|remark| {
            remark.with_help(message!(
                "They may be in the repositories that are added first."
            ))
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
        message!("Contara doesn't run as root, so it can't change this machine."),
    );
    (!inputs.machine.is_root).then(|| problem.with_help(message!("Start the daemon as root.")))
}

fn failed(module: &PlanModule) -> Option<Remark> {
    let failure = module.failure.as_ref()?;
    let message = said_of(module, failure);
    Some(
        remark("hook_failed", [slug(module)], message)
            .with_help(message!("Correct the module's __init__.py.")),
    )
}

/// It names packages, and none for this package manager and architecture.
fn not_for_this_system(inputs: &PlanInputs, module: &PlanModule) -> Option<Remark> {
    let family = inputs.packages.family?;
    let architecture = &inputs.machine.architecture;
    let is_for_others = !module.is_configured
        && names_packages(module)
        && wanted(&module.manifest, Some(family), architecture).is_empty();
    let message = message!(
        "{module} names no packages that {manager} could install on this machine ({architecture}).",
        module = slug(module),
        manager = &inputs.packages.manager,
        architecture = architecture
    );
    is_for_others.then(|| {
        remark("no_packages_for_this_system", [slug(module)], message).with_help(message!(
            "The module is for another system, or its desc.json needs a list of packages for this one."
        ))
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
    let message = message!(
        "{manager} doesn't know {packages}.",
        manager = &inputs.packages.manager,
        packages = &unknown
    );
    Some(
        remark("package_unknown", modules, message).with_help(message!(
            "Its lists of packages may be out of date, or a repository may be missing."
        )),
    )
}

fn packages_refused(inputs: &PlanInputs, packages: &PlannedPackages) -> Option<Remark> {
    let facts = &inputs.packages;
    let refusal = facts.changes.refusal.as_deref().map(Message::phrase);
    let reason = facts.failure.clone().or(refusal)?;
    let modules = packages.wanted.keys().map(String::as_str);
    let message = message!(
        "{manager} can't install the packages: {reason}",
        manager = &facts.manager,
        reason = reason
    );
    Some(
        remark("packages_refused", modules, message).with_help(message!(
            "These are its own words: put right what it complains about, then look at the plan again."
        )),
    )
}

/// They would be asked for, and be of no use.
fn logins_not_kept(inputs: &PlanInputs, plan: &Plan) -> Vec<Remark> {
    let facts = &inputs.packages;
    let keeps = facts.repositories.keeps_logins || !plan.adds_repositories(inputs);
    let restricted = plan.repositories.iter().filter(|one| one.is_restricted);
    let remarks = restricted.filter(|_| !keeps).map(|repository| {
        let message = message!(
            "The repository {repository} needs a login and a password, and {manager} has no file of its own for them.",
            repository = &repository.name,
            manager = &facts.manager
        );
        remark("login_not_kept", [repository.module.as_str()], message).with_help(message!(
            "Add the repository yourself, then look at the plan again."
        ))
    });
    remarks.collect()
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
    let message = message!(
        "{needed} MB of disk are needed, and {free} MB are free.",
        needed = needed.div_ceil(MEGABYTE),
        free = free.div_ceil(MEGABYTE)
    );
    Some(remark("disk_full", greedy, message).with_help(message!("Make room first.")))
}

fn clock_behind(inputs: &PlanInputs) -> Option<Remark> {
    let least = Timestamp::try_from(inputs.machine.later_than_now?).ok()?;
    let message = message!(
        "The clock of this machine is behind: it is {day} at least, since files were changed then.",
        day = least.strftime("%Y-%m-%d").to_string()
    );
    Some(remark("clock_behind", [], message).with_help(message!(
        "Set it, `timedatectl set-ntp true` say: the signatures and certificates of repositories count as not valid yet."
    )))
}

fn packages_skipped(inputs: &PlanInputs) -> Option<Remark> {
    let naming = inputs
        .in_order()
        .filter(|(_, module)| names_packages(module));
    let naming: Vec<_> = naming.map(|(_, module)| slug(module)).collect();
    let is_skipped = inputs.packages.family.is_none() && !naming.is_empty();
    let message = message!(
        "No package manager is used here, so the packages of {modules} aren't installed.",
        modules = &naming
    );
    is_skipped.then(|| {
        remark("packages_skipped", naming, message).with_help(message!(
            "Install what they need yourself, or let `[packages] manager` name a package manager."
        ))
    })
}

fn packages_removed(plan: &Plan) -> Option<Remark> {
    let removed = &plan.packages.remove;
    let message = message!(
        "These packages would be removed: {packages}.",
        packages = removed
    );
    let modules = plan.packages.wanted.keys().map(String::as_str);
    (!removed.is_empty()).then(|| {
        remark("packages_removed", modules, message).with_help(message!(
            "Make sure that nothing needs them: an undo doesn't bring them back."
        ))
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
    let message = message!(
        "The repositories of {modules} aren't added.",
        modules = &names
    );
    (!names.is_empty()).then(|| {
        remark("repositories_skipped", modules, message).with_help(message!(
            "Add them yourself if their packages aren't found."
        ))
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
        let message = message!(
            "{module} needs port {port} ({protocol}), which {user} has.",
            module = &port.module,
            port = u64::from(port.port),
            protocol = &port.protocol,
            user = Message::phrase(user)
        );
        Some(
            remark("port_in_use", [port.module.as_str()], message).with_help(message!(
                "Stop whoever has it, if it isn't the module's own service."
            )),
        )
    })
}

fn reboot(inputs: &PlanInputs) -> Option<Remark> {
    let modules = inputs
        .in_order()
        .filter(|(_, module)| module.manifest.reboot);
    let modules: Vec<_> = modules.map(|(_, module)| slug(module)).collect();
    let message = message!(
        "The machine has to be restarted after {modules}.",
        modules = &modules
    );
    (!modules.is_empty()).then(|| {
        remark("reboot", modules, message).with_help(message!(
            "Nothing restarts by itself: at the end you are asked, and may restart it later."
        ))
    })
}

fn names_packages(module: &PlanModule) -> bool {
    let mut sets = module.manifest.packages.iter();
    sets.any(|set| !set.names.is_empty())
}

fn slug(module: &PlanModule) -> &str {
    &module.manifest.slug
}

fn said_of(module: &PlanModule, problem: &Message) -> Message {
    Message::verbatim(slug(module)).because(problem.clone())
}

pub(super) fn remark<'s>(
    kind: &'static str,
    modules: impl IntoIterator<Item = &'s str>,
    message: Message,
) -> Remark {
    Remark {
        kind,
        modules: modules.into_iter().map(str::to_owned).collect(),
        message,
        help: None,
    }
}

impl Remark {
    pub(super) fn with_help(self, help: Message) -> Self {
        Self {
            help: Some(help),
            ..self
        }
    }
}
