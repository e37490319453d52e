//! Setup modules as the wire has them, and their past runs.

use std::collections::BTreeMap;

use contara_protocol::stream::v1::setup::{SetupLink, SetupStepState};
use contara_setup::engine::{ModuleView, PastRun};
use serde::Serialize;
use utoipa::ToSchema;

use super::file::{SetupFileCounts, SetupUndoneBy};
use super::transaction::{step_state, time};
use crate::reader::Reader;

/// A section, or a category of one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupSection {
    slug: String,
    /// For people.
    name: String,
}

/// A setup module.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupModule {
    slug: String,
    /// For people.
    name: String,
    /// Markdown.
    description: String,
    /// The section's slug.
    section: String,
    category: SetupSection,
    /// Whether it is offered by itself, and not only as a dependency.
    standalone: bool,
    /// Where more is said about it.
    url: Option<String>,
    configured: bool,
    /// Whether all its packages are there; null while that isn't known.
    installed: Option<bool>,
    /// Whether it can be chosen without `reconfigure`: it isn't configured, or belongs to `management`.
    can_configure: bool,
    /// Whether it asks something.
    has_form: bool,
    /// Null while that isn't known.
    has_script: Option<bool>,
    /// Whether the machine has to be started again afterwards.
    reboot: bool,
    dependencies: Vec<String>,
    conflicts: Vec<String>,
    /// Only of one that is configured.
    links: Vec<SetupLink>,
    /// What is wrong with it, for people.
    problems: Vec<String>,
    /// False if it can't be used at all.
    usable: bool,
    /// The unfinished transaction that it is part of, else the last one.
    transaction: Option<u64>,
}

/// A past run of a module's script.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupRun {
    transaction: u64,
    started: String,
    ended: Option<String>,
    /// Who answered.
    by: String,
    state: SetupStepState,
    /// Such as "exit status 0".
    exit: Option<String>,
    /// By field, as people read it; secrets as `set`.
    answers: BTreeMap<String, String>,
    /// The fields whose answers differ from those of the run before.
    changed: Vec<String>,
    /// What its script did to files, in numbers; null if that isn't known.
    files: Option<SetupFileCounts>,
    /// When that was taken back, and by whom.
    undone: Option<SetupUndoneBy>,
}

impl SetupSection {
    pub(crate) fn of((slug, name): (String, String)) -> Self {
        Self { slug, name }
    }
}

impl SetupModule {
    pub(crate) fn of(view: ModuleView, reader: &Reader) -> Self {
        let problems = view.problems.iter();
        Self {
            links: reader.host.links(&view.links),
            slug: view.slug,
            name: view.name,
            description: view.description,
            section: view.section,
            category: SetupSection::of(view.category),
            standalone: view.is_standalone,
            url: view.url,
            configured: view.is_configured,
            installed: view.is_installed,
            can_configure: view.can_configure,
            has_form: view.has_form,
            has_script: view.has_script,
            reboot: view.reboot,
            dependencies: view.dependencies,
            conflicts: view.conflicts,
            problems: problems.map(|problem| reader.say(problem)).collect(),
            usable: view.is_usable,
            transaction: view.transaction,
        }
    }
}

impl SetupRun {
    pub(crate) fn of(run: PastRun, reader: &Reader) -> Self {
        Self {
            transaction: run.transaction,
            started: time(run.started),
            ended: run.ended.map(time),
            by: run.by,
            state: step_state(run.state),
            exit: run.exit.as_deref().map(|exit| reader.say_phrase(exit)),
            answers: run.answers,
            changed: run.changed,
            files: run.files.map(SetupFileCounts::of),
            undone: run.undone.map(SetupUndoneBy::of),
        }
    }
}
