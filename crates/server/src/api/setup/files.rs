//! What a transaction's scripts did to files: seen, and taken back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use contara_i18n::message;
use contara_setup::engine::Overwrite;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ordered, transaction_id};
use crate::activity::SetupOrder;
use crate::api::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::language::AcceptLanguage;
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::answers;
use crate::setup::file::{SetupChanges, SetupFileDiff, SetupUndone};

/// How something is undone.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for the place of each mistake"
)]
pub(crate) struct SetupUndoOrder {
    /// Whether files that were changed since are put back as well; without it nothing is done if there are any.
    overwrite: Option<bool>,
}

/// What a transaction's scripts did to files, and whether that can be undone.
#[utoipa::path(get, path = "/api/setup/transactions/{id}/changes", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupChanges),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
))]
pub(crate) async fn changes(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Json<SetupChanges>, Refusal> {
    let id = transaction_id(&id)?;
    let changes = app.setup.file_changes(id).await;
    let changes = changes.map_err(|error| reader.refuse(error))?;
    Ok(Json(SetupChanges::of(changes, &reader)))
}

/// The difference of one file. It isn't shown if not everybody on the machine may read the file, or a password is in it.
#[utoipa::path(get, path = "/api/setup/transactions/{id}/changes/{number}", tag = "setup",
    params(("id" = u64, Path,), ("number" = u64, Path,), AcceptLanguage), security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupFileDiff),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such transaction, or no such change", body = ProblemDetails),
))]
pub(crate) async fn diff(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<SetupFileDiff>, Refusal> {
    let id = transaction_id(&id)?;
    let number = number.parse().map_err(|_| {
        let text = message!(
            "there is no change with the number {number}",
            number = number
        );
        Refusal::new(StatusCode::NOT_FOUND, text)
    })?;
    let diff = app.setup.file_diff(id, number).await;
    let diff = diff.map_err(|error| reader.refuse(error))?;
    Ok(Json(SetupFileDiff::of(diff, &reader)))
}

/// Put the files back as they were before a transaction's scripts ran. Packages and services stay as they are.
#[utoipa::path(post, path = "/api/setup/transactions/{id}/undo", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    request_body = SetupUndoOrder, security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupUndone),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "Contara doesn't run as root", body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 409, description = "files were changed since (`changed_since`: see `paths`), or it can't be undone now (`wrong_state`)", body = ProblemDetails),
    (status = 422, description = "not the body that was expected", body = ProblemDetails),
))]
pub(crate) async fn undo(
    State(app): State<Arc<App>>,
    principal: Principal,
    reader: Reader,
    Path(id): Path<String>,
    body: RawBody,
) -> Result<Json<SetupUndone>, Refusal> {
    let id = transaction_id(&id)?;
    let overwrite = match answers::flag(&body::object_or_nothing(body)?, "overwrite")? {
        true => Overwrite::ChangedSince,
        false => Overwrite::Never,
    };
    let (setup, by) = (app.setup.clone(), principal.name());
    let undo = async move { setup.undo(id, overwrite, &by).await };
    let undone = ordered(&app, &principal, id, SetupOrder::Undone, undo).await;
    let undone = undone.map_err(|error| reader.refuse(error))?;
    Ok(Json(SetupUndone::of(undone, &reader)))
}
