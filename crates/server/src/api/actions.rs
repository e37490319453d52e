//! A module's actions.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contara_protocol::Tree;
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::modules;
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};

/// The names of a module's actions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Actions {
    module: String,
    /// Sorted.
    actions: Vec<String>,
    /// By action: `{description, params, confirm, roles, timeout, concurrent}`; `params` is a JSON Schema.
    #[schema(value_type = Object)]
    schemas: Tree,
}

/// Whether a running action was cancelled.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cancelled {
    /// False: it wasn't running any more.
    success: bool,
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
    let loaded = modules::loaded(&app, &name).await?;
    Ok(Json(Actions {
        module: name,
        actions: loaded.actions.clone(),
        schemas: loaded.schemas.clone(),
    }))
}

/// Run an action. The body holds its arguments: an object, `null`, or nothing. The key `__form__` holds the fields of the
/// form that it was called from: text, truth values, lists of text, or null by name.
#[utoipa::path(post, path = "/api/modules/{name}/action/{action}", tag = "modules",
    params(("name" = String, Path,), ("action" = String, Path,)), request_body = Option<Object>,
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Acted),
    (status = 400, description = "not enabled, or no such action", body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
    (status = 422, description = "the body is neither an object nor null; or fields of the form are not right: see `errors`", body = ProblemDetails),
    (status = 503, description = "it is starting or busy", body = ProblemDetails),
))]
pub(crate) async fn act(
    State(app): State<Arc<App>>,
    principal: Principal,
    Path((name, action)): Path<(String, String)>,
    reader: Reader,
    body: RawBody,
) -> Result<Json<Acted>, Refusal> {
    let arguments = body::arguments(body)?;
    let follow = watch::Sender::default();
    let results =
        modules::act(&app, &principal, &name, &action, arguments, follow, &reader).await?;
    Ok(Json(Acted {
        success: true,
        module: name,
        action,
        results,
    }))
}

/// Cancel a running action. Its own answer is a notification of that.
#[utoipa::path(post, path = "/api/modules/{name}/calls/{call}/cancel", tag = "modules",
    params(("name" = String, Path,), ("call" = u64, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Cancelled),
    (status = 404, description = "no such module", body = ProblemDetails),
))]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    _: Principal,
    Path((name, call)): Path<(String, String)>,
) -> Result<Json<Cancelled>, Refusal> {
    let success = modules::cancel(&app, &name, &call).await?;
    Ok(Json(Cancelled { success }))
}
