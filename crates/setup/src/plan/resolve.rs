//! Which modules a choice comes to, and in which order: dependencies first, conflicts refused. Pure.

use std::collections::{BTreeMap, BTreeSet};

use contara_manifest::closest;

use super::{Refused, Remark};
use contara_i18n::Message;
use contara_i18n::message;

/// What of a module matters here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModuleFacts {
    /// Slugs.
    pub dependencies: Vec<String>,
    /// Slugs.
    pub conflicts: Vec<String>,
    /// Whether it is configured.
    pub is_configured: bool,
    /// Whether it can be configured if it is chosen: it isn't yet, belongs to `management`, or this was asked for.
    pub can_configure: bool,
    /// Why it can't be used at all.
    pub unusable: Option<Message>,
}

/// What a choice comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolution {
    /// In the order in which they are installed and configured.
    pub order: Vec<Resolved>,
    /// Chosen or needed, and nothing is done to them.
    pub already_configured: Vec<String>,
    /// Modules that are named and not there.
    pub warnings: Vec<Remark>,
}

/// One module of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Its slug.
    pub slug: String,
    /// Whether nobody chose it.
    pub is_dependency: bool,
    /// The modules of the plan that depend on it directly.
    pub needed_by: Vec<String>,
}

/// Resolves a choice among the modules of this machine, by slug.
///
/// # Errors
/// There is nothing to do, or it can't be done: a cycle, a conflict, a module that can't be used.
pub fn resolve(
    chosen: &[String],
    modules: &BTreeMap<String, ModuleFacts>,
) -> Result<Resolution, Refused> {
    if chosen.is_empty() {
        return Err(refused(
            "nothing_chosen",
            Vec::new(),
            message!("No module was chosen."),
            message!("Choose one or more modules."),
        ));
    }
    let mut walk = Walk::new(modules);
    for slug in chosen {
        walk.visit(slug)?;
    }
    let chosen: BTreeSet<&str> = chosen.iter().map(String::as_str).collect();
    let (kept, left): (Vec<&str>, Vec<&str>) = walk.in_order().into_iter().partition(|slug| {
        let module = &modules[*slug];
        match chosen.contains(slug) {
            true => module.can_configure,
            false => !module.is_configured,
        }
    });
    let already_configured: Vec<_> = left.into_iter().map(str::to_owned).collect();
    let mut warnings = walk.warnings();
    if kept.is_empty() {
        return Err(nothing_to_do(&already_configured, &chosen, &warnings));
    }
    check_usable(&kept, modules)?;
    warnings.extend(check_conflicts(&kept, &walk.listing, modules)?);
    let resolved = |slug: &&str| Resolved {
        slug: (*slug).to_owned(),
        is_dependency: !chosen.contains(slug),
        needed_by: needed_by(slug, &kept, modules),
    };
    Ok(Resolution {
        order: kept.iter().map(resolved).collect(),
        already_configured,
        warnings,
    })
}

/// A walk over modules and what they depend on, depth first, without recursion: chains may be of any length.
struct Walk<'m> {
    modules: &'m BTreeMap<String, ModuleFacts>,
    /// As they were come upon: a module before its dependencies.
    listing: Vec<&'m str>,
    /// 0 without dependencies, else one more than the highest of theirs. Of those that are done.
    levels: BTreeMap<&'m str, usize>,
    /// From a chosen module to where the walk is, and how many dependencies of each have been walked.
    path: Vec<(&'m str, usize)>,
    /// What isn't there, and who depends on it: nobody if it was chosen.
    missing: BTreeMap<String, BTreeSet<&'m str>>,
}

impl<'m> Walk<'m> {
    fn new(modules: &'m BTreeMap<String, ModuleFacts>) -> Self {
        Self {
            modules,
            listing: Vec::new(),
            levels: BTreeMap::new(),
            path: Vec::new(),
            missing: BTreeMap::new(),
        }
    }

    fn visit(&mut self, chosen: &str) -> Result<(), Refused> {
        self.enter(chosen)?;
        while let Some((slug, walked)) = self.path.last_mut() {
            let dependencies = &self.modules[*slug].dependencies;
            match dependencies.get(*walked) {
                Some(next) => {
                    *walked += 1;
                    self.enter(next)?;
                }
                None => self.leave(),
            }
        }
        Ok(())
    }

    fn enter(&mut self, slug: &str) -> Result<(), Refused> {
        let Some((slug, _)) = self.modules.get_key_value(slug) else {
            let needed_by = self.path.last().map(|(slug, _)| *slug);
            let missing = self.missing.entry(slug.to_owned()).or_default();
            missing.extend(needed_by);
            return Ok(());
        };
        if self.levels.contains_key(slug.as_str()) {
            return Ok(());
        }
        if let Some(start) = self.path.iter().position(|(known, _)| known == slug) {
            return Err(cycle(&self.path[start..]));
        }
        self.listing.push(slug);
        self.path.push((slug, 0));
        Ok(())
    }

    fn leave(&mut self) {
        if let Some((slug, _)) = self.path.pop() {
            let dependencies = self.modules[slug].dependencies.iter();
            let highest = dependencies
                .filter_map(|dependency| self.levels.get(dependency.as_str()))
                .max();
            self.levels
                .insert(slug, highest.map_or(0, |level| level + 1));
        }
    }

    /// By level; within one as they were come upon.
    fn in_order(&self) -> Vec<&'m str> {
        let mut order = self.listing.clone();
        order.sort_by_key(|slug| self.levels.get(slug));
        order
    }

    /// What to do about a name that is nobody's.
    fn meant(&self, slug: &str) -> Message {
        match closest(slug, self.modules.keys().map(String::as_str)) {
            Some(close) => message!("Did you mean {module}?", module = close),
            None => message!("Install a module of this name, or look for a mistake in the name."),
        }
    }

    fn warnings(&self) -> Vec<Remark> {
        let warning = |(slug, needed_by): (&String, &BTreeSet<&str>)| {
            let needed_by: Vec<_> = needed_by.iter().copied().collect();
            let message = match needed_by.as_slice() {
                [] => message!(
                    "There is no module {module} on this machine, so it is left out.",
                    module = slug
                ),
                [one] => message!(
                    "{one} depends on {module}, which isn't on this machine.",
                    one = *one,
                    module = slug
                ),
                many => message!(
                    "{many} depend on {module}, which isn't on this machine.",
                    many = many,
                    module = slug
                ),
            };
            Remark {
                kind: "not_there",
                modules: vec![slug.clone()],
                message,
                help: Some(self.meant(slug)),
            }
        };
        self.missing.iter().map(warning).collect()
    }
}

fn needed_by(slug: &str, kept: &[&str], modules: &BTreeMap<String, ModuleFacts>) -> Vec<String> {
    let needs = |other: &&&str| {
        let mut dependencies = modules[**other].dependencies.iter();
        dependencies.any(|dependency| dependency == slug)
    };
    kept.iter()
        .filter(needs)
        .map(|other| (*other).to_owned())
        .collect()
}

fn check_usable(kept: &[&str], modules: &BTreeMap<String, ModuleFacts>) -> Result<(), Refused> {
    let unusable = kept.iter().filter_map(|slug| {
        let reason = modules[*slug].unusable.as_ref()?;
        let reason = message!(
            "{module} can't be used: {reason}",
            module = *slug,
            reason = reason.clone()
        );
        Some((*slug, reason))
    });
    let (slugs, reasons): (Vec<_>, Vec<_>) = unusable.unzip();
    if slugs.is_empty() {
        return Ok(());
    }
    Err(refused(
        "unusable",
        slugs.iter().map(ToString::to_string).collect(),
        Message::sentences(reasons),
        message!("`contara module check` says what has to be corrected."),
    ))
}

/// Conflicts count in both directions: between what the plan does and all that is part of it or configured already. Between two that
/// are configured already nothing gets worse: that is a warning.
fn check_conflicts(
    kept: &[&str],
    listing: &[&str],
    modules: &BTreeMap<String, ModuleFacts>,
) -> Result<Option<Remark>, Refused> {
    let met = conflicts(kept, listing, modules);
    let is_configured = |slug: &str| modules.get(slug).is_some_and(|one| one.is_configured);
    let (known, new): (Vec<_>, Vec<_>) = met
        .into_iter()
        .partition(|(one, other)| is_configured(one) && is_configured(other));
    if !new.is_empty() {
        let remark = conflict(&new, kept, modules, message!("Leave one of them out."));
        return Err(Refused(remark));
    }
    let help = message!(
        "They are left together, since they were before. If one gets in the way of the other, remove what you don't need."
    );
    Ok((!known.is_empty()).then(|| conflict(&known, kept, modules, help)))
}

/// Pairs of modules, each in the order of the alphabet.
fn conflicts<'m>(
    kept: &[&str],
    listing: &[&'m str],
    modules: &'m BTreeMap<String, ModuleFacts>,
) -> BTreeSet<(&'m str, &'m str)> {
    let configured = modules.iter().filter(|(_, module)| module.is_configured);
    let others: BTreeSet<&str> = configured
        .map(|(slug, _)| slug.as_str())
        .chain(listing.iter().copied())
        .collect();
    let mut pairs = BTreeSet::new();
    for (slug, module) in modules {
        for other in &module.conflicts {
            let (one, other) = (slug.as_str(), other.as_str());
            let is_met = kept.contains(&one) && others.contains(other)
                || others.contains(one) && kept.contains(&other);
            if is_met && one != other {
                pairs.insert((one.min(other), one.max(other)));
            }
        }
    }
    pairs
}

fn conflict(
    pairs: &[(&str, &str)],
    kept: &[&str],
    modules: &BTreeMap<String, ModuleFacts>,
    help: Message,
) -> Remark {
    let is_left = |slug: &str| {
        let module = modules.get(slug);
        module.is_some_and(|module| module.is_configured) && !kept.contains(&slug)
    };
    let sentence = |(one, other): &(&str, &str)| match (is_left(one), is_left(other)) {
        (true, _) => conflict_with_configured(other, one),
        (_, true) => conflict_with_configured(one, other),
        _ => message!("{one} conflicts with {other}.", one = *one, other = *other),
    };
    let sentences = pairs.iter().map(sentence).collect();
    let slugs: BTreeSet<_> = pairs
        .iter()
        .flat_map(|(one, other)| [*one, *other])
        .collect();
    Remark {
        kind: "conflict",
        modules: slugs.into_iter().map(str::to_owned).collect(),
        message: Message::sentences(sentences),
        help: Some(help),
    }
}

/// As the other one can't be left out any more.
pub(crate) fn conflict_with_configured(slug: &str, configured: &str) -> Message {
    message!(
        "{module} conflicts with {other}, which is configured.",
        module = slug,
        other = configured
    )
}

fn cycle(path: &[(&str, usize)]) -> Refused {
    let slugs: Vec<String> = path.iter().map(|(slug, _)| (*slug).to_owned()).collect();
    let chain = format!("{} → {}", slugs.join(" → "), slugs[0]);
    refused(
        "cycle",
        slugs,
        message!(
            "These modules depend on each other, so none can be first: {chain}.",
            chain = chain
        ),
        message!(
            "One of them has to do without the next: correct the dependencies in its desc.json."
        ),
    )
}

fn nothing_to_do(
    already_configured: &[String],
    chosen: &BTreeSet<&str>,
    missing: &[Remark],
) -> Refused {
    let mut sentences: Vec<_> = missing
        .iter()
        .map(|remark| remark.message.clone())
        .collect();
    match already_configured {
        [] => {}
        [one] => sentences.push(message!("{module} is configured already.", module = one)),
        many => sentences.push(message!(
            "{modules} are configured already.",
            modules = many
        )),
    }
    let help = missing.iter().find_map(|remark| remark.help.clone());
    let chosen: Vec<_> = chosen.iter().copied().collect();
    let help = help.unwrap_or_else(|| configure_again(&chosen.join(" ")));
    let missing = missing.iter().flat_map(|remark| remark.modules.clone());
    refused(
        "nothing_to_do",
        missing.chain(already_configured.iter().cloned()).collect(),
        message!("There is nothing to do: {sentences}", sentences = sentences),
        help,
    )
}

/// What to do about modules that are configured; their slugs have blanks between them.
pub(crate) fn configure_again(slugs: &str) -> Message {
    message!(
        "To configure it again, press Reconfigure on its page, or run `contara setup configure {modules}`.",
        modules = slugs
    )
}

fn refused(kind: &'static str, modules: Vec<String>, message: Message, help: Message) -> Refused {
    Refused(Remark {
        kind,
        modules,
        message,
        help: Some(help),
    })
}
