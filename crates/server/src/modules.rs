//! What the API does with modules, apart from HTTP.

use axum::http::StatusCode;
use contara_i18n::{Explained, Message, message};
use contara_manifest::{Blocked, Platform, Problem, Severity};
use contara_protocol::Tree;
use contara_protocol::link::Loaded;
use contara_supervisor::{
    ActionError, Arguments, EnableError, Enabled, Failure, Followed, Life, LogRing, ModuleView,
};
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;

use crate::activity::{Deed, Outcome, What};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::to_the_end::ToTheEnd;

/// Remembers that a module is wanted, starts it, and returns once it runs, or once it is clear that packages have to be
/// installed first. Goes on to its end if nobody waits for it: what is remembered is also done.
pub(crate) async fn enable(app: &Arc<App>, by: &Principal, name: &str) -> Result<Enabled, Refusal> {
    refuse_unusable(app, name)?;
    let (switching, by, name) = (Arc::clone(app), by.clone(), name.to_owned());
    let enabled = async move { switch_on(&switching, &by, &name).await };
    app.activity.to_the_end(enabled).await
}

async fn switch_on(app: &App, by: &Principal, name: &str) -> Result<Enabled, Refusal> {
    let asked = {
        let _turn = app.switching.lock().await;
        remember(app, name, true).await?;
        app.supervisor
            .ask_to_enable(name)
            .await
            .map_err(|_| not_found(name))?
    };
    let began = Instant::now();
    let enabled = asked.await;
    let outcome = match enabled {
        Ok(_) => Outcome::Done,
        Err(EnableError::Disabled) => Outcome::Cancelled,
        Err(_) => Outcome::Failed,
    };
    let module = name.to_owned();
    let deed = Deed::ended(by, What::Enabled { module }, outcome);
    app.activity.record(deed.taking(began.elapsed()));
    enabled.map_err(|error| match error {
        EnableError::Failed(Failure::Unprepared(why)) => cannot_be_used(name, why.reason),
        error => Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            message!(
                "Failed to initialize module '{module}': {reason}",
                module = name,
                reason = error.message()
            ),
        ),
    })
}

/// Remembers that a module is not wanted, stops it, and returns once it has stopped. Goes on to its end as [`enable`] does.
pub(crate) async fn disable(app: &Arc<App>, by: &Principal, name: &str) -> Result<(), Refusal> {
    if app.catalog.borrow().find(name).is_none() {
        return Err(not_found(name));
    }
    let (switching, by, name) = (Arc::clone(app), by.clone(), name.to_owned());
    let disabled = async move { switch_off(&switching, &by, &name).await };
    app.activity.to_the_end(disabled).await
}

async fn switch_off(app: &App, by: &Principal, name: &str) -> Result<(), Refusal> {
    let asked = {
        let _turn = app.switching.lock().await;
        remember(app, name, false).await?;
        app.supervisor.ask_to_disable(name).await
    };
    let began = Instant::now();
    let disabled = match asked {
        Ok(asked) => asked.await,
        // A module that can't be used now may still have been wanted before; then there is nothing to stop.
        Err(_) => Ok(()),
    };
    let outcome = match disabled {
        Ok(()) => Outcome::Done,
        Err(_) => Outcome::Failed,
    };
    let module = name.to_owned();
    let deed = Deed::ended(by, What::Disabled { module }, outcome);
    app.activity.record(deed.taking(began.elapsed()));
    disabled.map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.message()))
}

/// Runs an action; gives v1's list of results, in which the module's own failures are a notification. `follow` tells how far it is.
pub(crate) async fn act(
    app: &App,
    by: &Principal,
    name: &str,
    action: &str,
    arguments: Arguments,
    follow: watch::Sender<Followed>,
    reader: &Reader,
) -> Result<Tree, Refusal> {
    view(app, name)?;
    let has_form = arguments.form.is_some();
    match run(app, by, name, action, arguments, follow).await {
        Ok(results) if results.is_nil() => Ok(Tree::empty_list()),
        Ok(results) => Ok(results),
        Err(ActionError::Unknown(_)) => Err(not_found(name)),
        Err(ActionError::NotEnabled) => Err(not_enabled(name)),
        Err(ActionError::UnknownAction) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            message!(
                "Action '{action}' failed: Action '{action}' not found on module '{module}'",
                action = action,
                module = name
            ),
        )),
        Err(ActionError::Busy | ActionError::NotRunning) => Err(Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            message!(
                "Module '{module}' can't take the action now. Try again in a moment.",
                module = name
            ),
        )),
        Err(ActionError::BadFields { message, fields }) if has_form => Err(Refusal::fields(
            Message::verbatim(message),
            verbatim(fields),
        )),
        Err(ActionError::Cancelled) => Ok(notification(
            &reader.say(&message!("{action} was cancelled", action = action)),
            "info",
            action,
        )),
        Err(error) => Ok(notification(
            &reader.say(&message!(
                "Action failed: {reason}",
                reason = error.message()
            )),
            "error",
            &reader.say(&message!("{action} error", action = action)),
        )),
    }
}

/// Runs an action and records what became of it, also if nobody waits for that. One that wasn't begun isn't recorded.
fn run(
    app: &App,
    by: &Principal,
    name: &str,
    action: &str,
    arguments: Arguments,
    follow: watch::Sender<Followed>,
) -> ToTheEnd<Result<Tree, ActionError>> {
    let (supervisor, activity) = (app.supervisor.clone(), Arc::clone(&app.activity));
    let (by, module, action) = (by.clone(), name.to_owned(), action.to_owned());
    app.activity.to_the_end(async move {
        let began = Instant::now();
        let acted = supervisor
            .act_followed(&module, &action, arguments, follow)
            .await;
        if let Some(outcome) = outcome(&acted) {
            let deed = Deed::ended(&by, What::Ran { module, action }, outcome);
            activity.record(deed.taking(began.elapsed()));
        }
        acted
    })
}

/// `None`: it wasn't begun.
fn outcome(acted: &Result<Tree, ActionError>) -> Option<Outcome> {
    match acted {
        Ok(_) => Some(Outcome::Done),
        Err(ActionError::Cancelled) => Some(Outcome::Cancelled),
        Err(
            ActionError::Unknown(_)
            | ActionError::NotEnabled
            | ActionError::NotRunning
            | ActionError::UnknownAction
            | ActionError::BadFields { .. }
            | ActionError::Busy,
        ) => None,
        Err(_) => Some(Outcome::Failed),
    }
}

/// Cancels a running action; `false` if there is no such call any more.
pub(crate) async fn cancel(app: &App, name: &str, call: &str) -> Result<bool, Refusal> {
    view(app, name)?;
    let Ok(call) = call.parse() else {
        return Ok(false);
    };
    app.supervisor
        .cancel(name, call)
        .await
        .map_err(|_| not_found(name))
}

/// The detail page of a module that is enabled, rendered now; the last one if that fails.
pub(crate) async fn page(app: &App, name: &str) -> Result<Option<Tree>, Refusal> {
    if !enabled_view(app, name)?.capabilities.detail_page {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            message!("Module '{module}' has no page", module = name),
        ));
    }
    if let Some(ui) = app.supervisor.render(name).await {
        return Ok(ui.page);
    }
    let last = app.supervisor.board().get(name);
    Ok(last.and_then(|view| view.ui.as_ref()?.page.clone()))
}

/// Has modules that don't push render, so that the board shows them as they are now: all of them, or one.
pub(crate) async fn refresh(app: &App, only: Option<&str>) {
    let views = app.supervisor.board().all();
    let silent = views
        .iter()
        .filter(|view| !view.capabilities.websocket && view.life == Life::Running)
        .filter(|view| only.is_none_or(|only| only == view.name));
    join_all(silent.map(|view| app.supervisor.render(&view.name))).await;
}

/// What a module's class has; also of one that isn't enabled.
pub(crate) async fn loaded(app: &App, name: &str) -> Result<Arc<Loaded>, Refusal> {
    refuse_unusable(app, name)?;
    app.supervisor
        .loaded(name)
        .await
        .map_err(|error| match error {
            EnableError::Unknown(_) => not_found(name),
            EnableError::Preparing => Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                message!(
                    "Module '{module}' can't be asked yet: {reason}",
                    module = name,
                    reason = error.message()
                ),
            ),
            error => Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                message!(
                    "Module '{module}' can't be loaded: {reason}",
                    module = name,
                    reason = error.message()
                ),
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

/// The view of a module that is enabled, rendered now if the module doesn't push.
pub(crate) async fn fresh_view(app: &App, name: &str) -> Result<Arc<ModuleView>, Refusal> {
    if !enabled_view(app, name)?.capabilities.websocket {
        refresh(app, Some(name)).await;
    }
    enabled_view(app, name)
}

fn enabled_view(app: &App, name: &str) -> Result<Arc<ModuleView>, Refusal> {
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
            .map(Blocked::message),
        None => Some(first_error(&found.problems)),
    };
    match why {
        None => Ok(()),
        Some(why) => Err(cannot_be_used(name, why)),
    }
}

fn first_error(problems: &[Problem]) -> Message {
    let mut errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    errors.next().map(Problem::line).unwrap_or_default()
}

fn notification(message: &str, variant: &str, title: &str) -> Tree {
    let results =
        json!([{"type": "notify", "message": message, "variant": variant, "title": title}]);
    Tree::from_value(&results).unwrap_or_else(|_| Tree::empty_list())
}

fn cannot_be_used(name: &str, why: Message) -> Refusal {
    Refusal::new(
        StatusCode::CONFLICT,
        message!(
            "Module '{module}' can't be used: {reason}",
            module = name,
            reason = why
        ),
    )
}

/// By field what a module says of it, in its own words.
pub(crate) fn verbatim(fields: BTreeMap<String, String>) -> BTreeMap<String, Message> {
    let fields = fields.into_iter();
    fields
        .map(|(field, words)| (field, Message::verbatim(words)))
        .collect()
}

pub(crate) fn not_found(name: &str) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        message!("Module '{module}' not found", module = name),
    )
}

fn not_enabled(name: &str) -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        message!("Module '{module}' is not enabled", module = name),
    )
}
