//! What the API does with modules, apart from HTTP.

use axum::http::StatusCode;
use contara_manifest::{Platform, Severity};
use contara_protocol::Tree;
use contara_protocol::link::WorkerError;
use contara_supervisor::{ActionError, EnableError, LogRing, ModuleView};
use serde_json::json;
use std::sync::Arc;

use crate::app::App;
use crate::refusal::Refusal;

/// Remembers that a module is wanted, starts it, and returns once it runs.
pub(crate) async fn enable(app: &App, name: &str) -> Result<(), Refusal> {
    refuse_unusable(app, name)?;
    let asked = {
        let _turn = app.switching.lock().await;
        remember(app, name, true).await?;
        app.supervisor
            .ask_to_enable(name)
            .await
            .map_err(|_| not_found(name))?
    };
    asked.await.map_err(|error| {
        let detail = format!("Failed to initialize module '{name}': {error}");
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })
}

/// Remembers that a module is not wanted, stops it, and returns once it has stopped.
pub(crate) async fn disable(app: &App, name: &str) -> Result<(), Refusal> {
    if app.catalog.borrow().find(name).is_none() {
        return Err(not_found(name));
    }
    let asked = {
        let _turn = app.switching.lock().await;
        remember(app, name, false).await?;
        app.supervisor.ask_to_disable(name).await
    };
    // A module that can't be used now may still have been wanted before; then there is nothing to stop.
    let Ok(asked) = asked else { return Ok(()) };
    asked
        .await
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// Runs an action; gives v1's list of results, in which the module's own failures are a notification.
pub(crate) async fn act(
    app: &App,
    name: &str,
    action: &str,
    params: Option<Tree>,
) -> Result<Tree, Refusal> {
    view(app, name)?;
    match app.supervisor.act(name, action, params).await {
        Ok(results) if results.is_nil() => Ok(Tree::empty_list()),
        Ok(results) => Ok(results),
        Err(ActionError::Unknown(_)) => Err(not_found(name)),
        Err(ActionError::NotEnabled) => Err(not_enabled(name)),
        Err(ActionError::UnknownAction) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            format!("Action '{action}' failed: Action '{action}' not found on module '{name}'"),
        )),
        Err(ActionError::Busy | ActionError::NotRunning) => Err(Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("Module '{name}' can't take the action now. Try again in a moment."),
        )),
        Err(error) => Ok(notification(action, &error)),
    }
}

/// The names of a module's actions, sorted; also of one that isn't enabled.
pub(crate) async fn actions(app: &App, name: &str) -> Result<Arc<[String]>, Refusal> {
    refuse_unusable(app, name)?;
    app.supervisor
        .actions(name)
        .await
        .map_err(|error| match error {
            EnableError::Unknown(_) => not_found(name),
            error => Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("Module '{name}' can't be loaded: {error}"),
            ),
        })
}

/// The latest lines of a module's log; also of one that isn't enabled.
pub(crate) async fn log(app: &App, name: &str) -> Result<Arc<LogRing>, Refusal> {
    refuse_unusable(app, name)?;
    let log = app.supervisor.log(name).await;
    log.ok_or_else(|| not_found(name))
}

/// A module's view, whether it is enabled or not.
pub(crate) fn view(app: &App, name: &str) -> Result<Arc<ModuleView>, Refusal> {
    app.supervisor
        .board()
        .get(name)
        .ok_or_else(|| not_found(name))
}

/// The view of a module that is enabled.
pub(crate) fn enabled_view(app: &App, name: &str) -> Result<Arc<ModuleView>, Refusal> {
    let view = view(app, name)?;
    if view.wanted {
        Ok(view)
    } else {
        Err(not_enabled(name))
    }
}

async fn remember(app: &App, name: &str, enabled: bool) -> Result<(), Refusal> {
    let name = name.to_owned();
    Ok(app
        .store
        .run(move |store| store.set_module_enabled(&name, enabled))
        .await?)
}

fn refuse_unusable(app: &App, name: &str) -> Result<(), Refusal> {
    let catalog = app.catalog.borrow();
    let found = catalog.find(name).ok_or_else(|| not_found(name))?;
    let why = match &found.manifest {
        Some(manifest) => manifest
            .blocked(Platform::current())
            .first()
            .map(ToString::to_string),
        None => {
            let mut problems = found.problems.iter();
            Some(
                problems
                    .find(|problem| problem.severity == Severity::Error)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            )
        }
    };
    match why {
        None => Ok(()),
        Some(why) => Err(Refusal::new(
            StatusCode::CONFLICT,
            format!("Module '{name}' can't be used: {why}"),
        )),
    }
}

fn notification(action: &str, error: &ActionError) -> Tree {
    let why = match error {
        ActionError::Failed(WorkerError { message, .. }) => message.clone(),
        other => other.to_string(),
    };
    let title = format!("{action} error");
    let results = json!([{"type": "notify", "message": format!("Action failed: {why}"), "variant": "error", "title": title}]);
    Tree::from_value(&results).unwrap_or_else(|_| Tree::empty_list())
}

fn not_found(name: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("Module '{name}' not found"))
}

fn not_enabled(name: &str) -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        format!("Module '{name}' is not enabled"),
    )
}
