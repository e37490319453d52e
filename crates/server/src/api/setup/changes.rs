//! What can be done to a transaction: go on with it, end it, and start the machine again at its end.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contara_protocol::stream::v1::setup::SetupTransaction;

use super::{ordered, transaction_id};
use crate::activity::SetupOrder;
use crate::app::App;
use crate::auth::principal::Principal;
use crate::language::AcceptLanguage;
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::transaction;

/// Go on with a transaction at the step that failed, was cancelled or interrupted.
#[utoipa::path(post, path = "/api/setup/transactions/{id}/retry", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupTransaction),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "Contara doesn't run as root", body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 409, description = "there is nothing to go on with, or another one has one of its modules", body = ProblemDetails),
))]
pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    principal: Principal,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Json<SetupTransaction>, Refusal> {
    let id = transaction_id(&id)?;
    let (setup, by) = (app.setup.clone(), principal.name());
    let retry = async move { setup.retry(id, &by).await };
    let changed = ordered(&app, &principal, id, SetupOrder::Retried, retry).await;
    let changed = changed.map_err(|error| reader.refuse(error))?;
    Ok(Json(transaction::of(&changed, &reader)))
}

/// End what is under way in a transaction, its programs included; or call a restart of the machine off. What was done stays done.
#[utoipa::path(post, path = "/api/setup/transactions/{id}/cancel", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupTransaction),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "Contara doesn't run as root", body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 409, description = "it is over", body = ProblemDetails),
))]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    principal: Principal,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Json<SetupTransaction>, Refusal> {
    let id = transaction_id(&id)?;
    let (setup, by) = (app.setup.clone(), principal.name());
    let cancel = async move { setup.cancel(id, &by).await };
    let changed = ordered(&app, &principal, id, SetupOrder::Cancelled, cancel).await;
    let changed = changed.map_err(|error| reader.refuse(error))?;
    Ok(Json(transaction::of(&changed, &reader)))
}

/// Start the machine again for a transaction that needs it. It comes after a delay, in which `cancel` calls it off.
#[utoipa::path(post, path = "/api/setup/transactions/{id}/reboot", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupTransaction),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "Contara doesn't run as root", body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 409, description = "it needs no restart, or isn't done with all else", body = ProblemDetails),
))]
pub(crate) async fn reboot(
    State(app): State<Arc<App>>,
    principal: Principal,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Json<SetupTransaction>, Refusal> {
    let id = transaction_id(&id)?;
    let (setup, by) = (app.setup.clone(), principal.name());
    let reboot = async move { setup.reboot(id, &by).await };
    let changed = ordered(&app, &principal, id, SetupOrder::RebootOrdered, reboot).await;
    let changed = changed.map_err(|error| reader.refuse(error))?;
    Ok(Json(transaction::of(&changed, &reader)))
}
