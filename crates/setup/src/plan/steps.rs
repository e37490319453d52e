//! The steps of a plan: which of them have something to do, and what that is in a sentence.

use super::inputs::PlanInputs;
use super::resolve::listed;
use super::{Plan, PlannedStep};
use crate::transaction::{StepKind, StepState};

/// All six, in order. The plan has everything else already.
pub(super) fn steps(inputs: &PlanInputs, plan: &Plan) -> Vec<PlannedStep> {
    let disabled = |kind, text: &str| step(kind, Err(text.to_owned()));
    vec![
        disabled(StepKind::Download, "All modules are on this machine."),
        step(StepKind::SignIn, sign_in(inputs, plan)),
        step(StepKind::Repositories, repositories(inputs, plan)),
        step(StepKind::Packages, packages(inputs, plan)),
        step(StepKind::Configure, configure(plan)),
        step(StepKind::End, Ok(end(plan))),
    ]
}

/// `Ok` for a step that does something, `Err` for the reason why it does nothing.
fn step(kind: StepKind, text: Result<String, String>) -> PlannedStep {
    let (state, text) = match text {
        Ok(text) => (StepState::Todo, text),
        Err(text) => (StepState::Disabled, text),
    };
    PlannedStep { kind, state, text }
}

fn sign_in(inputs: &PlanInputs, plan: &Plan) -> Result<String, String> {
    let restricted = plan.repositories.iter().filter(|one| one.is_restricted);
    match restricted.count() {
        count if count > 0 && plan.adds_repositories(inputs) => Ok(format!(
            "Asks for the login and the password of {}.",
            match count {
                1 => "a repository".into(),
                count => format!("{count} repositories"),
            }
        )),
        _ => Err("No repository asks for a login.".into()),
    }
}

fn repositories(inputs: &PlanInputs, plan: &Plan) -> Result<String, String> {
    let known = &inputs.packages.repositories.known;
    let names: Vec<_> = plan
        .repositories
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    match (
        plan.packages.manager.as_str(),
        plan.adds_repositories(inputs),
    ) {
        (_, true) => Ok(format!("Adds {}.", listed(&names))),
        (_, false) if names.is_empty() && !known.is_empty() => {
            Err("All repositories are there already.".into())
        }
        (_, false) if names.is_empty() => Err("No module brings a repository.".into()),
        ("none", _) => Err("Repositories are left alone: no package manager is used here.".into()),
        _ => Err("Contara can't add repositories to this package manager.".into()),
    }
}

fn packages(inputs: &PlanInputs, plan: &Plan) -> Result<String, String> {
    let packages = &plan.packages;
    if packages.manager == "none" {
        return Err("Packages are left alone: no package manager is used here.".into());
    }
    if packages.wanted.is_empty() {
        return Err("No module needs packages.".into());
    }
    let wanted = packages.wanted.values().flatten();
    let missing: std::collections::BTreeSet<_> = wanted
        .filter(|name| !inputs.packages.installed.contains(*name))
        .collect();
    let count = packages.install.len().max(missing.len());
    if count == 0 && packages.upgrade.is_empty() {
        return Err("All packages are installed already.".into());
    }
    Ok(format!(
        "Installs {} with {}.",
        counted(count + packages.upgrade.len(), "package"),
        packages.manager
    ))
}

fn configure(plan: &Plan) -> Result<String, String> {
    let has_script = |module: &&super::PlannedModule| module.script.is_some();
    let scripts = plan.modules.iter().filter(has_script).count();
    let forms = plan
        .modules
        .iter()
        .filter_map(|module| module.form.as_ref());
    let asks = forms.filter(|form| form.asks()).count() > 0;
    match (scripts, asks) {
        (0, false) => Err("No module has a script.".into()),
        (0, true) => Ok("Asks what the modules need to know.".into()),
        (count, false) => Ok(format!("Runs {}.", counted(count, "script"))),
        (count, true) => Ok(format!(
            "Asks what the modules need to know, and runs {}.",
            counted(count, "script")
        )),
    }
}

fn end(plan: &Plan) -> String {
    match plan.reboot {
        true => "Says what was done; the machine has to be restarted then.".into(),
        false => "Says what was done.".into(),
    }
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}
