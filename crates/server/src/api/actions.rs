//! A module's actions.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contara_protocol::Tree;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::modules;
use crate::refusal::{ProblemDetails, Refusal};

/// The names of a module's actions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Actions {
    module: String,
    /// Sorted.
    actions: Vec<String>,
}

/// What an action led to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Acted {
    success: bool,
    module: String,
    action: String,
    /// What the client should do, in order. A failure of the module's own is a `notify` here.
    #[schema(value_type = Vec<Object>)]
    results: Tree,
}

/// A module's actions; also of one that isn't enabled.
#[utoipa::path(get, path = "/api/modules/{name}/actions", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Actions),
    (status = 404, description = "no such module", body = ProblemDetails),
    (status = 500, description = "it can't be loaded", body = ProblemDetails),
))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    _: Principal,
    Path(name): Path<String>,
) -> Result<Json<Actions>, Refusal> {
    let actions = modules::actions(&app, &name).await?.to_vec();
    Ok(Json(Actions {
        module: name,
        actions,
    }))
}

/// Run an action. The body holds its arguments: an object, `null`, or nothing.
#[utoipa::path(post, path = "/api/modules/{name}/action/{action}", tag = "modules",
    params(("name" = String, Path,), ("action" = String, Path,)), request_body = Option<Object>,
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Acted),
    (status = 400, description = "not enabled, or no such action", body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
    (status = 422, description = "the body is neither an object nor null", body = ProblemDetails),
    (status = 503, description = "it is starting or busy", body = ProblemDetails),
))]
pub(crate) async fn act(
    State(app): State<Arc<App>>,
    _: Principal,
    Path((name, action)): Path<(String, String)>,
    body: RawBody,
) -> Result<Json<Acted>, Refusal> {
    let params = body::arguments(body)?;
    let results = modules::act(&app, &name, &action, params).await?;
    Ok(Json(Acted {
        success: true,
        module: name,
        action,
        results,
    }))
}
