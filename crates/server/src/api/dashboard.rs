//! How a client has arranged its dashboard.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::layout::{self, DashboardLayout, NewLayout};
use crate::refusal::{ProblemDetails, Refusal};

/// This client's own layout, or else the one that was saved last by anybody.
#[utoipa::path(get, path = "/api/dashboard", tag = "dashboard", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = DashboardLayout),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    principal: Principal,
) -> Result<Json<DashboardLayout>, Refusal> {
    Ok(Json(layout::read(&app.store, &principal).await?))
}

/// Arrange it. A change of another version than the client's own latest is refused: read it again, and show that.
#[utoipa::path(put, path = "/api/dashboard", tag = "dashboard", request_body = NewLayout,
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = DashboardLayout),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "asked over the admin socket, which has no dashboard", body = ProblemDetails),
    (status = 409, description = "`layout_changed`: this client has saved another one meanwhile", body = ProblemDetails),
    (status = 422, description = "not a layout: see `errors`", body = ProblemDetails),
))]
pub(crate) async fn write(
    State(app): State<Arc<App>>,
    principal: Principal,
    body: RawBody,
) -> Result<Json<DashboardLayout>, Refusal> {
    let body = body::object(body)?;
    Ok(Json(layout::write(&app.store, &principal, body).await?))
}
