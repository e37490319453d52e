//! A folder that its author works on, for the admin at the Unix socket only.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use contara_i18n::{Explained, message};
use contara_system::catalog::DevelopError;
use futures_util::StreamExt;

use super::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::development::{DevEvent, Session};
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};

/// Make a folder a module for as long as this connection lasts. It wins over an installed module of its name, is enabled,
/// and is started anew, with its state, whenever its code changes. Only over the admin socket.
#[utoipa::path(post, path = "/api/admin/dev-modules", tag = "admin", request_body = Object, responses(
    (status = 200, description = "what happens to it, one JSON object a line", body = DevEvent,
        content_type = "application/x-ndjson"),
    (status = 400, description = "the path is relative, or no folder", body = ProblemDetails),
    (status = 403, description = "not over the admin socket", body = ProblemDetails),
    (status = 409, description = "a folder of this name is in development already", body = ProblemDetails),
    (status = 422, description = "the body has no path", body = ProblemDetails),
))]
pub(crate) async fn develop(
    State(app): State<Arc<App>>,
    principal: Principal,
    reader: Reader,
    body: RawBody,
) -> Result<Response, Refusal> {
    if !matches!(principal, Principal::Admin) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            message!("Folders are added on the machine: run `contara module dev`"),
        ));
    }
    let path = PathBuf::from(body::text_field(body, "path")?);
    let session = Session::start(app, &path, reader)
        .await
        .map_err(|error| refusal(&error))?;
    let lines = session.events().map(|event| line(&event));
    let content_type = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((content_type, Body::from_stream(lines)).into_response())
}

fn line(event: &DevEvent) -> serde_json::Result<Bytes> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    Ok(line.into())
}

fn refusal(error: &DevelopError) -> Refusal {
    let status = match error {
        DevelopError::Taken(_) => StatusCode::CONFLICT,
        _ => StatusCode::BAD_REQUEST,
    };
    Refusal::new(status, error.message())
}
