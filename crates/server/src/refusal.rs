//! Every error answer: RFC 9457 problem details whose `detail` is v1's text, in the language of whoever asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contara_i18n::{Catalogue, Message, message, with_causes};
use contara_protocol::stream::v2::ActionError;
use serde::Serialize;
use serde_json::{Value, json};
use tracing::error;
use utoipa::ToSchema;

use crate::app::App;
use crate::language::languages;
use crate::setup::plan::SetupPlan;

/// The body of an error answer (`application/problem+json`, RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    /// Always `about:blank`: the status says what kind it is.
    r#type: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// What a person should read; for 422 v1's list of what is wrong with the body.
    detail: Value,
    #[serde(flatten)]
    members: Members,
}

/// What programs go by, where a status says too little.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = ProblemMembers)]
pub(crate) struct Members {
    /// By field of a form or of settings: what is wrong with it; of setup by module before that. What concerns none of them
    /// has an empty name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) errors: Option<Value>,
    /// A word for why it is refused; of setup such as `busy`, `plan_changed`, `wrong_state`, `changed_since`, `not_root`, `answers`,
    /// `journal`, or the kind of a remark, such as `conflict`; of the dashboard `layout_changed`; of settings
    /// `settings_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    /// Setup: the slugs of the modules concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) modules: Option<Vec<String>>,
    /// Setup: what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
    /// Setup: the unfinished transaction that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transaction: Option<u64>,
    /// Setup: files that were changed since the run that is to be undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paths: Option<Vec<String>>,
    /// Setup: what would be done now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) plan: Option<SetupPlan>,
}

impl Members {
    pub(crate) fn kind(kind: &'static str) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }
}

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Reason>);

#[derive(Debug)]
struct Reason {
    status: StatusCode,
    detail: Detail,
    /// By field of a form or of settings: what is wrong with it.
    fields: BTreeMap<String, Message>,
    members: Members,
    header: Option<(HeaderName, HeaderValue)>,
}

#[derive(Debug)]
enum Detail {
    /// For people.
    Said(Message),
    /// v1's list, for programs.
    Listed(Value),
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, detail: Message) -> Self {
        Self::of(status, Detail::Said(detail))
    }

    fn of(status: StatusCode, detail: Detail) -> Self {
        Self(Box::new(Reason {
            status,
            detail,
            fields: BTreeMap::new(),
            members: Members::default(),
            header: None,
        }))
    }

    /// The HTTP library can't read a body, for a reason of its own.
    pub(crate) fn rejected(status: StatusCode, words: String) -> Self {
        Self::new(status, Message::verbatim(words))
    }

    /// A query isn't what it should be.
    pub(crate) fn query(rejection: &QueryRejection) -> Self {
        let reason = message!(
            "The query can't be read: {reason}",
            reason = rejection.body_text()
        );
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, reason)
    }

    /// Fields of a form or of settings aren't right.
    pub(crate) fn fields(detail: Message, fields: BTreeMap<String, Message>) -> Self {
        let mut refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
        refusal.0.fields = fields;
        refusal
    }

    /// The same with what programs go by.
    pub(crate) fn members(mut self, members: Members) -> Self {
        self.0.members = members;
        self
    }

    /// Something is wrong on our side; the cause is for the log only.
    pub(crate) fn internal(cause: &dyn std::error::Error) -> Self {
        error!("a request failed: {}", with_causes(cause));
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            message!("Internal server error"),
        )
    }

    /// The same with another text for people.
    pub(crate) fn detail(mut self, detail: Message) -> Self {
        self.0.detail = Detail::Said(detail);
        self
    }

    pub(crate) fn unauthorized(detail: Message) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
            .with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    pub(crate) fn locked_out(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            message!(
                "Pairing locked out. Try again in {seconds} seconds.",
                seconds = seconds
            ),
        )
        .with(header::RETRY_AFTER, seconds.into())
    }

    /// The body isn't what it should be; `loc` leads to the place, as v1 has it.
    pub(crate) fn body(kind: &'static str, loc: &[&str], message: &str) -> Self {
        let path: Vec<_> = std::iter::once("body").chain(loc.iter().copied()).collect();
        let detail = json!([{"type": kind, "loc": path, "msg": message, "input": null}]);
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, Detail::Listed(detail))
    }

    /// The same as a stream says it of an action.
    pub(crate) fn of_action(&self, catalogue: Option<Catalogue>) -> ActionError {
        let details = self.0.details(catalogue);
        let said = self.0.fields.iter();
        ActionError {
            status: details.status,
            detail: match details.detail {
                Value::String(detail) => detail,
                listed => places(&listed),
            },
            errors: said
                .map(|(field, message)| (field.clone(), message.render(catalogue)))
                .collect(),
        }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }
}

/// What is wrong with a body, as a sentence: `body.__form__: Input should be a valid dictionary`.
fn places(listed: &Value) -> String {
    let place = |item: &Value| {
        let path = item["loc"].as_array().into_iter().flatten();
        let path: Vec<_> = path.filter_map(Value::as_str).collect();
        let message = item["msg"].as_str().unwrap_or_default();
        format!("{}: {message}", path.join("."))
    };
    let places: Vec<_> = listed.as_array().into_iter().flatten().map(place).collect();
    places.join("; ")
}

impl Reason {
    fn details(&self, catalogue: Option<Catalogue>) -> ProblemDetails {
        let mut members = self.members.clone();
        if !self.fields.is_empty() {
            let fields = self.fields.iter();
            let errors = fields.map(|(field, error)| (field.clone(), error.render(catalogue)));
            members.errors = Some(Value::from_iter(errors));
        }
        ProblemDetails {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: match &self.detail {
                Detail::Said(message) => message.render(catalogue).into(),
                Detail::Listed(list) => list.clone(),
            },
            members,
        }
    }
}

/// In English: [`in_language`] knows who asked.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(reason) = self;
        let mut response = (reason.status, Json(reason.details(None))).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.extend(reason.header.clone());
        response.extensions_mut().insert(Arc::new(*reason));
        response
    }
}

/// Says refusals in the language of whoever is refused; all other answers pass.
pub(crate) async fn in_language(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let wanted = languages(request.headers());
    let mut response = next.run(request).await;
    if let Some(reason) = response.extensions_mut().remove::<Arc<Reason>>() {
        let catalogue = contara_i18n::catalogue(app.setup.speaking(wanted).languages());
        if catalogue.is_some() {
            let said = Json(reason.details(catalogue)).into_response();
            *response.body_mut() = said.into_body();
        }
    }
    response
}

impl From<contara_store::StoreError> for Refusal {
    fn from(error: contara_store::StoreError) -> Self {
        Self::internal(&error)
    }
}
