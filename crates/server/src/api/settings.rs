//! A module's settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use contara_protocol::Tree;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::settings::{self, Shown};

/// What is set for a module. Secrets never leave the machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleSettings {
    module: String,
    /// JSON Schema 2020-12 of all fields; secret ones are `writeOnly`.
    #[schema(value_type = Object)]
    schema: Tree,
    /// By field that isn't secret: its value, or its default.
    #[schema(value_type = Object)]
    values: Map<String, Value>,
    /// By secret field: whether one is set.
    secrets: BTreeMap<String, bool>,
    /// Why the module has its defaults although something else was set.
    problem: Option<String>,
    /// Another after each change, over all modules; 0 while nothing was set.
    version: i64,
}

/// What is to be changed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SettingsQuery {
    /// The version of the settings that the client has seen: if there is another by now, nothing is set. Without it they are
    /// set whatever they are by now.
    version: Option<i64>,
}

/// A module's settings; also of one that isn't enabled.
#[utoipa::path(get, path = "/api/modules/{name}/settings", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ModuleSettings),
    (status = 404, description = "no such module, or it has no settings", body = ProblemDetails),
    (status = 500, description = "it can't be loaded", body = ProblemDetails),
))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    _: Principal,
    Path(name): Path<String>,
    reader: Reader,
) -> Result<Json<ModuleSettings>, Refusal> {
    let shown = settings::read(&app, &name).await?;
    Ok(Json(ModuleSettings::of(name, shown, &reader)))
}

/// Set them all. A secret that is left out stays, null clears it; any other field that is left out gets its default.
#[utoipa::path(put, path = "/api/modules/{name}/settings", tag = "modules", params(("name" = String, Path,), SettingsQuery),
    request_body = Object, security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ModuleSettings),
    (status = 404, description = "no such module, or it has no settings", body = ProblemDetails),
    (status = 409, description = "`settings_changed`: they aren't those of that version any more", body = ProblemDetails),
    (status = 422, description = "some values are not right: see `errors`", body = ProblemDetails),
    (status = 500, description = "the module can't be loaded, or failed to take them; they stay as they were", body = ProblemDetails),
))]
pub(crate) async fn write(
    State(app): State<Arc<App>>,
    principal: Principal,
    Path(name): Path<String>,
    query: Result<Query<SettingsQuery>, QueryRejection>,
    reader: Reader,
    body: RawBody,
) -> Result<Json<ModuleSettings>, Refusal> {
    let Query(SettingsQuery { version }) = query.map_err(|error| Refusal::query(&error))?;
    let values = body::object(body)?;
    // In a task of its own: a client that goes away must not leave a change half done.
    let (task_app, task_name) = (Arc::clone(&app), name.clone());
    let change = tokio::spawn(async move {
        settings::write(&task_app, &principal, &task_name, values, version).await
    });
    let shown = change
        .await
        .map_err(|error| Refusal::internal(&error))
        .flatten()?;
    Ok(Json(ModuleSettings::of(name, shown, &reader)))
}

impl ModuleSettings {
    fn of(module: String, shown: Shown, reader: &Reader) -> Self {
        Self {
            module,
            schema: shown.schema,
            values: shown.values,
            secrets: shown.secrets,
            problem: shown.problem.map(|problem| reader.say(&problem)),
            version: shown.version,
        }
    }
}
