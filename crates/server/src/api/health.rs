//! Is it alive, and what is it?

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use contara_supervisor::Life;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::clock;

/// The daemon's health.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`, or `degraded` when a module has failed.
    status: &'static str,
    /// Local time, ISO 8601 with microseconds and no zone.
    timestamp: String,
    /// Each part's state in words.
    checks: BTreeMap<&'static str, String>,
}

/// What runs here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Info {
    name: &'static str,
    version: &'static str,
    /// Local time, ISO 8601 with microseconds and no zone.
    timestamp: String,
}

/// Whether the daemon and its modules are well.
#[utoipa::path(get, path = "/api/health", tag = "daemon", responses((status = 200, body = Health)))]
pub(crate) async fn health(State(app): State<Arc<App>>) -> Json<Health> {
    let views = app.supervisor.board().all();
    let failed = views
        .iter()
        .filter(|view| matches!(view.life, Life::Failed | Life::Backoff { .. }))
        .count();
    let modules = if failed == 0 {
        "ok".to_owned()
    } else {
        format!("{failed} failed")
    };
    Json(Health {
        status: if failed == 0 { "ok" } else { "degraded" },
        timestamp: clock::v1_now(),
        checks: BTreeMap::from([
            ("api", "ok".into()),
            ("modules", modules),
            ("websocket", "ok".into()),
        ]),
    })
}

/// Name and version.
#[utoipa::path(get, path = "/api/info", tag = "daemon", responses((status = 200, body = Info)))]
pub(crate) async fn info() -> Json<Info> {
    Json(Info {
        name: "Contara",
        version: env!("CARGO_PKG_VERSION"),
        timestamp: clock::v1_now(),
    })
}
