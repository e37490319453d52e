//! What a waiting transaction needs from a person: the forms' answers, or the logins of repositories.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contara_protocol::stream::v1::setup::SetupTransaction;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::transaction_id;
use crate::api::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::language::{AcceptLanguage, InLanguages, Speaking};
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::form::SetupForm;
use crate::setup::{answers, transaction};

/// All that a transaction asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupForms {
    /// In the order in which the modules are configured.
    forms: Vec<SetupForm>,
}

/// What is answered.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"answers": {"dns": {
    "forwarders": ["192.0.2.1"], "networks": [{"ip": "192.0.2.0", "mask": "255.255.255.0"}], "fw_lan": true,
    "password": "correct horse", "password2": "correct horse"
}}}))]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for the place of each mistake"
)]
pub(crate) struct SetupAnswers {
    /// By module, then by field: a text, true or false for a check, a list of texts, or a list of `{"ip", "mask"}`. The repetition
    /// of a password comes under the field's name and `2`.
    #[schema(value_type = Object)]
    answers: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Logins of restricted repositories.
#[derive(Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for the place of each mistake"
)]
pub(crate) struct SetupSignIn {
    repositories: Vec<SetupCredentials>,
}

/// Login and password of one repository.
#[derive(Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for the place of each mistake"
)]
pub(crate) struct SetupCredentials {
    /// The module's slug.
    module: String,
    /// The repository's slug.
    repository: String,
    login: String,
    password: String,
}

/// The forms of a transaction that waits for answers, with what was answered before; passwords are never in it.
#[utoipa::path(get, path = "/api/setup/transactions/{id}/form", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupForms),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 409, description = "it doesn't wait for answers", body = ProblemDetails),
))]
pub(crate) async fn form(
    _: Principal,
    Speaking(setup): Speaking,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<InLanguages<SetupForms>, Refusal> {
    let forms = setup.forms(transaction_id(&id)?).await;
    let forms = forms.map_err(|error| reader.refuse(error))?;
    let asking: Vec<_> = forms.iter().map(|form| form.slug.as_str()).collect();
    let spoken = setup.spoken(&asking).await;
    let form = |form| SetupForm::of(form, &reader);
    let forms = forms.iter().map(form).collect();
    Ok(InLanguages(spoken, SetupForms { forms }))
}

/// Answer all forms of a transaction at once. Its scripts run when it is its turn.
#[utoipa::path(post, path = "/api/setup/transactions/{id}/answers", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    request_body = SetupAnswers, security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupTransaction),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "Contara doesn't run as root", body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 409, description = "it doesn't wait for answers", body = ProblemDetails),
    (status = 422, description = "some answers have to be changed: `errors` has a sentence by module and field; or it isn't the body that was expected", body = ProblemDetails),
))]
pub(crate) async fn answer(
    principal: Principal,
    Speaking(setup): Speaking,
    reader: Reader,
    Path(id): Path<String>,
    body: RawBody,
) -> Result<Json<SetupTransaction>, Refusal> {
    let id = transaction_id(&id)?;
    let posted = answers::answers(&body::object(body)?)?;
    let answered = setup.answer(id, posted, &principal.name()).await;
    let answered = answered.map_err(|error| reader.refuse(error))?;
    Ok(Json(transaction::of(&answered, &reader)))
}

/// Sign in to the repositories of a transaction that waits for that.
#[utoipa::path(post, path = "/api/setup/transactions/{id}/sign-in", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    request_body = SetupSignIn, security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupTransaction),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "Contara doesn't run as root", body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
    (status = 409, description = "it doesn't wait for that", body = ProblemDetails),
    (status = 422, description = "not the body that was expected", body = ProblemDetails),
))]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    principal: Principal,
    reader: Reader,
    Path(id): Path<String>,
    body: RawBody,
) -> Result<Json<SetupTransaction>, Refusal> {
    let id = transaction_id(&id)?;
    let credentials = answers::credentials(&body::object(body)?)?;
    let signed_in = app.setup.sign_in(id, credentials, &principal.name()).await;
    let signed_in = signed_in.map_err(|error| reader.refuse(error))?;
    Ok(Json(transaction::of(&signed_in, &reader)))
}
