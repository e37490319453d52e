//! Which setup modules there are, and what became of each.

use std::sync::Arc;

use axum::extract::{Path, State};
use contara_protocol::stream::v1::setup::SetupTransaction;
use contara_setup::engine::{Overview, SetupError};
use serde::Serialize;
use utoipa::ToSchema;

use super::transactions::unfinished_and_last;
use crate::app::App;
use crate::auth::principal::Principal;
use crate::language::{AcceptLanguage, InLanguages, Speaking};
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::module::{SetupModule, SetupRun, SetupSection};

/// All that this machine has of setup.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupOverview {
    /// In the order in which they are shown.
    sections: Vec<SetupSection>,
    /// Those that modules have translations for beside English, as `Accept-Language` names them, such as `fr-FR`.
    languages: Vec<String>,
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
#[utoipa::path(get, path = "/api/setup", tag = "setup", params(AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupOverview),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn overview(
    State(app): State<Arc<App>>,
    _: Principal,
    Speaking(setup): Speaking,
    reader: Reader,
) -> Result<InLanguages<SetupOverview>, Refusal> {
    let Overview {
        sections,
        languages,
        modules,
        package_manager,
        read_only,
    } = setup
        .overview()
        .await
        .map_err(|error| reader.refuse(error))?;
    let slugs: Vec<_> = modules.iter().map(|view| view.slug.as_str()).collect();
    let spoken = setup.spoken(&slugs).await;
    let modules = modules.into_iter();
    let overview = SetupOverview {
        sections: sections.into_iter().map(SetupSection::of).collect(),
        languages,
        modules: modules.map(|view| SetupModule::of(view, &reader)).collect(),
        package_manager,
        read_only: read_only.map(|reason| reader.say(&reason)),
        transactions: unfinished_and_last(&app, &reader).await?,
    };
    Ok(InLanguages(spoken, overview))
}

/// One setup module, with who configured it when, and what was answered.
#[utoipa::path(get, path = "/api/setup/modules/{slug}", tag = "setup", params(("slug" = String, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupModuleWithRuns),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such setup module", body = ProblemDetails),
))]
pub(crate) async fn module(
    _: Principal,
    Speaking(setup): Speaking,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<InLanguages<SetupModuleWithRuns>, Refusal> {
    let overview = setup.overview().await;
    let overview = overview.map_err(|error| reader.refuse(error))?;
    let mut modules = overview.modules.into_iter();
    let view = modules.find(|view| view.slug == slug);
    let view = view.ok_or_else(|| reader.refuse(SetupError::NoModule(slug.clone())))?;
    let runs = setup.history(&slug).await;
    let runs = runs.map_err(|error| reader.refuse(error))?;
    let spoken = setup.spoken(&[&slug]).await;
    let module = SetupModuleWithRuns {
        module: SetupModule::of(view, &reader),
        runs: runs
            .into_iter()
            .map(|run| SetupRun::of(run, &reader))
            .collect(),
    };
    Ok(InLanguages(spoken, module))
}
