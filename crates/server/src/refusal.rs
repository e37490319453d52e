//! Every error answer: RFC 9457 problem details whose `detail` is v1's text.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use tracing::error;
use utoipa::ToSchema;

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
    /// By field of a form or of settings: what is wrong with it. What concerns none of them has an empty name.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<BTreeMap<String, String>>,
}

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    detail: Value,
    errors: Option<BTreeMap<String, String>>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: Value::String(detail.into()),
            errors: None,
            header: None,
        }
    }

    /// Fields of a form or of settings aren't right.
    pub(crate) fn fields(detail: impl Into<String>, errors: BTreeMap<String, String>) -> Self {
        Self {
            errors: Some(errors),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
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
        let detail =
            serde_json::json!([{"type": kind, "loc": path, "msg": message, "input": null}]);
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail,
            errors: None,
            header: None,
        }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
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
            errors: self.errors,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.extend(self.header);
        response
    }
}

impl From<contara_store::StoreError> for Refusal {
    fn from(error: contara_store::StoreError) -> Self {
        Self::internal(&error)
    }
}
