//! A fresh pairing code, for the admin at the Unix socket only.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contara_i18n::message;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::pairing::CODE_VALIDITY;
use crate::auth::principal::Principal;
use crate::refusal::{ProblemDetails, Refusal};

/// A pairing code. Shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewCode {
    /// `XXXX-XXXX-XXXX`
    pairing_code: String,
    /// Opens the web client and pairs at once.
    pairing_url: String,
    expires_in_seconds: u64,
}

/// Make a pairing code. Only over the admin socket.
#[utoipa::path(post, path = "/api/admin/pairing-codes", tag = "admin", responses(
    (status = 200, body = NewCode),
    (status = 403, description = "not over the admin socket", body = ProblemDetails),
))]
pub(crate) async fn new_code(
    State(app): State<Arc<App>>,
    principal: Principal,
) -> Result<Json<NewCode>, Refusal> {
    if !matches!(principal, Principal::Admin) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            message!("Pairing codes are made on the machine: run `contara pair`"),
        ));
    }
    let code = app
        .new_pairing_code()
        .map_err(|error| Refusal::internal(&error))?;
    Ok(Json(NewCode {
        pairing_url: app.pairing_url(&code),
        pairing_code: code.reveal(),
        expires_in_seconds: CODE_VALIDITY.as_secs(),
    }))
}
