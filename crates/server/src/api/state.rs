//! Everything at once.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use contara_protocol::stream::v1::Snapshot;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::principal::Principal;
use crate::reader::Reader;
use crate::refusal::ProblemDetails;
use crate::snapshot::Page;
use crate::{modules, snapshot};

/// Every module that can run here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppState {
    modules: Vec<Snapshot>,
    /// Always null.
    active_modal: Option<String>,
}

/// All modules with their UI.
#[utoipa::path(get, path = "/api/state", tag = "modules", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = AppState),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn state(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
) -> Json<AppState> {
    modules::refresh(&app, None).await;
    let now = Instant::now();
    let views = app.supervisor.board().all();
    Json(AppState {
        modules: views
            .iter()
            .map(|view| snapshot::of(view, now, Page::LeftOut, reader.catalogue()))
            .collect(),
        active_modal: None,
    })
}
