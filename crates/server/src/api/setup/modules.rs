//! Which setup modules there are, and what became of each.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contara_protocol::stream::v1::setup::SetupTransaction;
use contara_setup::engine::{Overview, SetupError};
use serde::Serialize;
use utoipa::ToSchema;

use super::transactions::unfinished_and_last;
use crate::app::App;
use crate::auth::principal::Principal;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::host::Host;
use crate::setup::module::{SetupModule, SetupRun, SetupSection};

/// All that this machine has of setup.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupOverview {
    /// In the order in which they are shown.
    sections: Vec<SetupSection>,
    modules: Vec<SetupModule>,
    /// `none` if packages are nobody's business here.
    package_manager: String,
    /// Why nothing can be changed here, if so.
    read_only: Option<String>,
    /// The unfinished ones and the last ten, the latest first.
    transactions: Vec<SetupTransaction>,
}

/// A setup module and its past runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupModuleWithRuns {
    #[serde(flatten)]
    module: SetupModule,
    /// The latest first.
    runs: Vec<SetupRun>,
}

/// All setup modules by section, and the transactions that matter now.
#[utoipa::path(get, path = "/api/setup", tag = "setup", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupOverview),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn overview(
    State(app): State<Arc<App>>,
    _: Principal,
    host: Host,
) -> Result<Json<SetupOverview>, Refusal> {
    let Overview {
        sections,
        modules,
        package_manager,
        read_only,
    } = app.setup.overview().await?;
    let modules = modules.into_iter();
    Ok(Json(SetupOverview {
        sections: sections.into_iter().map(SetupSection::of).collect(),
        modules: modules.map(|view| SetupModule::of(view, &host)).collect(),
        package_manager,
        read_only,
        transactions: unfinished_and_last(&app, &host).await?,
    }))
}

/// One setup module, with who configured it when, and what was answered.
#[utoipa::path(get, path = "/api/setup/modules/{slug}", tag = "setup", params(("slug" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupModuleWithRuns),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such setup module", body = ProblemDetails),
))]
pub(crate) async fn module(
    State(app): State<Arc<App>>,
    _: Principal,
    host: Host,
    Path(slug): Path<String>,
) -> Result<Json<SetupModuleWithRuns>, Refusal> {
    let overview = app.setup.overview().await?;
    let mut modules = overview.modules.into_iter();
    let view = modules.find(|view| view.slug == slug);
    let view = view.ok_or_else(|| SetupError::NoModule(slug.clone()))?;
    let runs = app.setup.history(&slug).await?;
    Ok(Json(SetupModuleWithRuns {
        module: SetupModule::of(view, &host),
        runs: runs.into_iter().map(SetupRun::of).collect(),
    }))
}
