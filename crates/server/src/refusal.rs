//! Every error answer: RFC 9457 problem details whose `detail` is v1's text.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use tracing::error;
use utoipa::ToSchema;

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
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ProblemMembers)]
pub(crate) struct Members {
    /// By field of a form or of settings: what is wrong with it; of setup by module before that. What concerns none of them
    /// has an empty name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) errors: Option<Value>,
    /// Setup: a word for why it is refused, such as `busy`, `plan_changed`, `wrong_state`, `changed_since`, `not_root`, `answers`, or the kind of
    /// a remark, such as `conflict`.
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
pub(crate) struct Refusal {
    status: StatusCode,
    detail: Value,
    members: Box<Members>,
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: Value::String(detail.into()),
            members: Box::default(),
            header: None,
        }
    }

    /// Fields of a form or of settings aren't right.
    pub(crate) fn fields(detail: impl Into<String>, errors: BTreeMap<String, String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail).members(Members {
            errors: (!errors.is_empty()).then(|| Value::from_iter(errors)),
            ..Members::default()
        })
    }

    /// The same with what programs go by.
    pub(crate) fn members(self, members: Members) -> Self {
        Self {
            members: Box::new(members),
            ..self
        }
    }

    /// Something is wrong on our side; the cause is for the log only.
    pub(crate) fn internal(cause: &dyn std::error::Error) -> Self {
        let causes: Vec<_> = std::iter::successors(Some(cause), |cause| cause.source())
            .map(ToString::to_string)
            .collect();
        error!("a request failed: {}", causes.join(": "));
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
    }

    /// The same with another text for people.
    pub(crate) fn detail(self, detail: &str) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
            .with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    pub(crate) fn locked_out(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            format!("Pairing locked out. Try again in {seconds} seconds."),
        )
        .with(header::RETRY_AFTER, seconds.into())
    }

    /// The body isn't what it should be; `loc` leads to the place, as v1 has it.
    pub(crate) fn body(kind: &'static str, loc: &[&str], message: &str) -> Self {
        let path: Vec<_> = std::iter::once("body").chain(loc.iter().copied()).collect();
        let detail = json!([{"type": kind, "loc": path, "msg": message, "input": null}]);
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail,
            members: Box::default(),
            header: None,
        }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = ProblemDetails {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.detail,
            members: *self.members,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.extend(self.header.map(|header| *header));
        response
    }
}

impl From<contara_store::StoreError> for Refusal {
    fn from(error: contara_store::StoreError) -> Self {
        Self::internal(&error)
    }
}
