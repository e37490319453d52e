//! The steps of a plan: which of them have something to do, and what that is in a sentence.

use super::inputs::PlanInputs;
use super::{Plan, PlannedStep};
use crate::transaction::{StepKind, StepState};
use contara_i18n::Message;
use contara_i18n::message;

/// All six, in order. The plan has everything else already.
pub(super) fn steps(inputs: &PlanInputs, plan: &Plan) -> Vec<PlannedStep> {
    let download = Err(message!("All modules are on this machine."));
    vec![
        step(StepKind::Download, download),
        step(StepKind::SignIn, sign_in(inputs, plan)),
        step(StepKind::Repositories, repositories(inputs, plan)),
        step(StepKind::Packages, packages(inputs, plan)),
        step(StepKind::Configure, configure(plan)),
        step(StepKind::End, Ok(end(plan))),
    ]
}

/// `Ok` for a step that does something, `Err` for the reason why it does nothing.
fn step(kind: StepKind, text: Result<Message, Message>) -> PlannedStep {
    let (state, text) = match text {
        Ok(text) => (StepState::Todo, text),
        Err(text) => (StepState::Disabled, text),
    };
    PlannedStep { kind, state, text }
}

fn sign_in(inputs: &PlanInputs, plan: &Plan) -> Result<Message, Message> {
    let restricted = plan.repositories.iter().filter(|one| one.is_restricted);
    match restricted.count() {
        0 => Err(message!("No repository asks for a login.")),
        _ if !plan.adds_repositories(inputs) => Err(message!("No repository asks for a login.")),
        1 => Ok(message!(
            "Asks for the login and the password of a repository."
        )),
        count => Ok(message!(
            "Asks for the logins and the passwords of {count} repositories.",
            count = count
        )),
    }
}

fn repositories(inputs: &PlanInputs, plan: &Plan) -> Result<Message, Message> {
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
        (_, true) => Ok(message!("Adds {repositories}.", repositories = &names)),
        (_, false) if names.is_empty() && !known.is_empty() => {
            Err(message!("All repositories are there already."))
        }
        (_, false) if names.is_empty() => Err(message!("No module brings a repository.")),
        ("none", _) => Err(message!(
            "Repositories are left alone: no package manager is used here."
        )),
        _ => Err(message!(
            "Contara can't add repositories to this package manager."
        )),
    }
}

fn packages(inputs: &PlanInputs, plan: &Plan) -> Result<Message, Message> {
    let packages = &plan.packages;
    if packages.manager == "none" {
        return Err(message!(
            "Packages are left alone: no package manager is used here."
        ));
    }
    if packages.wanted.is_empty() {
        return Err(message!("No module needs packages."));
    }
    let wanted = packages.wanted.values().flatten();
    let missing: std::collections::BTreeSet<_> = wanted
        .filter(|name| !inputs.packages.installed.contains(*name))
        .collect();
    let count = packages.install.len().max(missing.len());
    if count == 0 && packages.upgrade.is_empty() {
        return Err(message!("All packages are installed already."));
    }
    let manager = &packages.manager;
    Ok(match count + packages.upgrade.len() {
        1 => message!("Installs 1 package with {manager}.", manager = manager),
        count => message!(
            "Installs {count} packages with {manager}.",
            count = count,
            manager = manager
        ),
    })
}

fn configure(plan: &Plan) -> Result<Message, Message> {
    let has_script = |module: &&super::PlannedModule| module.script.is_some();
    let scripts = plan.modules.iter().filter(has_script).count();
    let forms = plan
        .modules
        .iter()
        .filter_map(|module| module.form.as_ref());
    let asks = forms.filter(|form| form.asks()).count() > 0;
    match (scripts, asks) {
        (0, false) => Err(message!("No module has a script.")),
        (0, true) => Ok(message!("Asks what the modules need to know.")),
        (1, false) => Ok(message!("Runs 1 script.")),
        (1, true) => Ok(message!(
            "Asks what the modules need to know, and runs 1 script."
        )),
        (count, false) => Ok(message!("Runs {count} scripts.", count = count)),
        (count, true) => Ok(message!(
            "Asks what the modules need to know, and runs {count} scripts.",
            count = count
        )),
    }
}

fn end(plan: &Plan) -> Message {
    match plan.reboot {
        true => message!("Says what was done; the machine has to be restarted then."),
        false => message!("Says what was done."),
    }
}
