//! What is said of the network: whether there is one, and whether repositories answer.

use std::collections::BTreeSet;

use super::inputs::PlanInputs;
use super::remarks::remark;
use super::{Plan, PlannedPackages, Remark};
use contara_i18n::message;

/// Where all that packages are fetched from answers, they can be had without a way any further.
pub(super) fn no_network(inputs: &PlanInputs, packages: &PlannedPackages) -> Option<Remark> {
    let contacts = &inputs.packages.contacts;
    let all_answer = !contacts.is_empty() && contacts.values().all(|contact| contact.answers);
    let needs = inputs.packages.downloads() && !all_answer;
    let is_cut_off = needs && inputs.machine.has_network == Some(false);
    let message = message!("This machine has no network, and packages have to be downloaded.");
    let modules = packages.wanted.keys().map(String::as_str);
    is_cut_off.then(|| {
        remark("no_network", modules, message).with_help(message!(
            "Connect it. `ip route` shows no way to other machines now."
        ))
    })
}

/// It is known where packages have to come from, and nobody answers there.
pub(super) fn sources_silent(inputs: &PlanInputs, packages: &PlannedPackages) -> Option<Remark> {
    let facts = &inputs.packages;
    let contacts = facts.changes.sources.iter();
    let contacts: Option<Vec<_>> = contacts.map(|url| facts.contacts.get(url)).collect();
    let contacts = contacts.filter(|contacts| !contacts.is_empty())?;
    if contacts.iter().any(|contact| contact.answers) {
        return None;
    }
    let who: BTreeSet<_> = contacts.iter().map(|one| one.who.as_str()).collect();
    let who: Vec<_> = who.into_iter().collect();
    let message = message!(
        "Packages have to be downloaded, and nobody answers at {places}.",
        places = &who
    );
    let modules = packages.wanted.keys().map(String::as_str);
    Some(
        remark("repository_unreachable", modules, message).with_help(message!(
            "Look at the network, the name servers and the proxy, then look at the plan again."
        )),
    )
}

/// Repositories that are added.
pub(super) fn repositories_silent(inputs: &PlanInputs, plan: &Plan) -> Vec<Remark> {
    let contacts = &inputs.packages.contacts;
    let silent = |url: &String| contacts.get(url).filter(|contact| !contact.answers);
    let added = plan.repositories.iter().filter_map(|repository| {
        let contact = silent(&repository.url)?;
        let message = match contact.is_folder {
            true => message!(
                "The repository {repository} can't be reached: there is no folder {place}.",
                repository = &repository.name,
                place = &contact.who
            ),
            false => message!(
                "The repository {repository} can't be reached: nobody answers at {place}.",
                repository = &repository.name,
                place = &contact.who
            ),
        };
        let modules = [repository.module.as_str()];
        Some(remark("repository_unreachable", modules, message).with_help(message!(
            "Look at the network and at the address of the repository: as it is, adding it would fail."
        )))
    });
    added.collect()
}

/// The machine's own, unless it is said already that nothing can be had.
pub(super) fn own_silent(inputs: &PlanInputs, plan: &Plan) -> Option<Remark> {
    let is_own = |url: &String| plan.repositories.iter().all(|added| added.url != *url);
    let contacts = inputs.packages.contacts.iter();
    let silent = contacts.filter(|(url, contact)| !contact.answers && is_own(url));
    let who: BTreeSet<_> = silent.map(|(_, contact)| contact.who.as_str()).collect();
    let who: Vec<_> = who.into_iter().collect();
    let packages = &plan.packages;
    let is_told =
        no_network(inputs, packages).is_some() || sources_silent(inputs, packages).is_some();
    let message = message!(
        "Nobody answers at {places}, where repositories of this machine are.",
        places = &who
    );
    let modules = plan.packages.wanted.keys().map(String::as_str);
    (!who.is_empty() && !is_told).then(|| {
        remark("repository_unreachable", modules, message).with_help(message!(
            "Packages from there can't be downloaded now. Look at the network, or switch the repository off."
        ))
    })
}
