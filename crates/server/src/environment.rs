//! The Python packages of a module, apart from HTTP.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use contara_i18n::message;
use contara_manifest::{ModuleManifest, Platform};
use contara_supervisor::TroubleKind;
use contara_system::environments::EnvironmentStatus;

use crate::app::App;
use crate::modules::not_found;
use crate::refusal::Refusal;

/// What is known of a module's packages.
#[derive(Debug)]
pub(crate) struct Found {
    /// As in pip.
    pub(crate) requirements: Vec<String>,
    pub(crate) status: EnvironmentStatus,
    /// Whether the module is down for want of them.
    pub(crate) has_failed: bool,
    /// The other modules that need the same, by name.
    pub(crate) shared_with: Vec<String>,
}

pub(crate) async fn of(app: &App, name: &str) -> Result<Found, Refusal> {
    let (needed, shared_with) = needs(app, name)?;
    let requirements = Vec::from_iter(needed);
    let status = app.supervisor.environments().status(&requirements).await;
    let view = app.supervisor.board().get(name);
    let trouble = view.as_ref().and_then(|view| view.trouble.as_ref());
    Ok(Found {
        status: status
            .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.message()))?,
        has_failed: trouble.is_some_and(|trouble| trouble.kind == TroubleKind::Packages),
        requirements,
        shared_with,
    })
}

/// What a module needs, and who else needs the same.
fn needs(app: &App, name: &str) -> Result<(BTreeSet<String>, Vec<String>), Refusal> {
    let catalog = app.catalog.borrow();
    let found = catalog.find(name).ok_or_else(|| not_found(name))?;
    let needed = found.manifest.as_deref().map(requirements);
    let needed = needed.unwrap_or_default();
    if needed.is_empty() {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            message!("Module '{module}' needs no Python packages", module = name),
        ));
    }
    let others = catalog.live().filter_map(|other| other.manifest.as_deref());
    let shared_with = others
        .filter(|other| other.name != name && requirements(other) == needed)
        .map(|other| other.name.clone())
        .collect();
    Ok((needed, shared_with))
}

fn requirements(manifest: &ModuleManifest) -> BTreeSet<String> {
    let needed = manifest.python_requirements(Platform::current());
    needed.map(ToString::to_string).collect()
}
