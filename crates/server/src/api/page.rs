//! A module's detail page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contara_protocol::Tree;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::principal::Principal;
use crate::modules;
use crate::refusal::{ProblemDetails, Refusal};

/// A module's detail page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModulePage {
    module: String,
    /// Null while the module doesn't run.
    #[schema(value_type = Option<Object>)]
    page: Option<Tree>,
}

/// The detail page of a module that is enabled, rendered now.
#[utoipa::path(get, path = "/api/modules/{name}/page", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ModulePage),
    (status = 400, description = "not enabled", body = ProblemDetails),
    (status = 404, description = "no such module, or it has no page", body = ProblemDetails),
))]
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    _: Principal,
    Path(name): Path<String>,
) -> Result<Json<ModulePage>, Refusal> {
    let page = modules::page(&app, &name).await?;
    Ok(Json(ModulePage { module: name, page }))
}
