//! A transaction's log: line by line, as text to be kept, and what people should see of it at the end.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use contara_protocol::stream::v1::setup::SetupLine;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::transaction_id;
use crate::app::App;
use crate::auth::principal::Principal;
use crate::language::AcceptLanguage;
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::summary::SetupSummary;
use crate::setup::{MOST_LINES, log_text, transaction};

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LinesQuery {
    /// Lines after this number; from the first one without it.
    #[serde(default)]
    after: u64,
    /// As many lines at most; 1,000 if it isn't given, never more.
    limit: Option<usize>,
}

/// A part of a log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupLog {
    lines: Vec<SetupLine>,
    /// What to give as `after` to get what follows.
    next: u64,
    /// Whether there is more already.
    more: bool,
}

/// Lines of a transaction's log.
#[utoipa::path(get, path = "/api/setup/transactions/{id}/log", tag = "setup", params(("id" = u64, Path,), LinesQuery, AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupLog),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 422, description = "a number isn't one", body = ProblemDetails),
))]
pub(crate) async fn lines(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path(id): Path<String>,
    query: Result<Query<LinesQuery>, QueryRejection>,
) -> Result<Json<SetupLog>, Refusal> {
    let id = transaction_id(&id)?;
    let Query(query) = query.map_err(|error| Refusal::query(&error))?;
    let limit = query.limit.unwrap_or(MOST_LINES).clamp(1, MOST_LINES);
    let part = app.setup.log(id, query.after, limit).await;
    let part = part.map_err(|error| reader.refuse(error))?;
    let lines = part
        .lines
        .iter()
        .map(|line| transaction::line(line, &reader));
    Ok(Json(SetupLog {
        lines: lines.collect(),
        next: part.next,
        more: part.has_more,
    }))
}

/// A transaction's whole log as text, a line each: the machine's time, the module, and what was printed.
#[utoipa::path(get, path = "/api/setup/transactions/{id}/log.txt", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = String, content_type = "text/plain; charset=utf-8"),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
))]
pub(crate) async fn text(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = transaction_id(&id)?;
    let known = app.setup.transaction(id).await;
    known.map_err(|error| reader.refuse(error))?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"contara-setup-{id}.txt\""),
        ),
    ];
    let texts = log_text::texts(app.setup.clone(), id, reader);
    Ok((headers, Body::from_stream(texts)).into_response())
}

/// What a transaction's scripts said that people should see, by module: information, warnings, errors.
#[utoipa::path(get, path = "/api/setup/transactions/{id}/summary", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupSummary),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
))]
pub(crate) async fn summary(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Json<SetupSummary>, Refusal> {
    let id = transaction_id(&id)?;
    let transaction = app.setup.transaction(id).await;
    let transaction = transaction.map_err(|error| reader.refuse(error))?;
    let mut summary = SetupSummary::of(&transaction);
    let mut parts = std::pin::pin!(log_text::parts(app.setup.clone(), id));
    let refuse = |error| reader.refuse(error);
    while let Some(lines) = parts.try_next().await.map_err(refuse)? {
        for line in &lines {
            summary.add(line, &reader);
        }
    }
    Ok(Json(summary))
}
