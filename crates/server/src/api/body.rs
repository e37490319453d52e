//! Request bodies, read as v1 reads them: what is wrong comes back as a list of places.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use contara_protocol::Tree;
use serde_json::Value;

use crate::refusal::Refusal;

/// A body that may have been too large to read.
pub(crate) type RawBody = Result<Bytes, BytesRejection>;

/// The text field `name` of a JSON object.
pub(crate) fn text_field(body: RawBody, name: &str) -> Result<String, Refusal> {
    let value = json(&read(body)?)?;
    let Value::Object(fields) = value else {
        return Err(Refusal::body(
            "dict_type",
            &[],
            "Input should be a valid dictionary",
        ));
    };
    match fields.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Refusal::body(
            "string_type",
            &[name],
            "Input should be a valid string",
        )),
        None => Err(Refusal::body("missing", &[name], "Field required")),
    }
}

/// The arguments of an action: an object, `null`, or nothing at all.
pub(crate) fn arguments(body: RawBody) -> Result<Option<Tree>, Refusal> {
    let bytes = read(body)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    match json(&bytes)? {
        Value::Null => Ok(None),
        object @ Value::Object(_) => Tree::from_value(&object).map(Some).map_err(|error| {
            Refusal::body(
                "dict_type",
                &[],
                &format!("Input should be a dictionary that a module can take: {error}"),
            )
        }),
        _ => Err(Refusal::body(
            "dict_type",
            &[],
            "Input should be a valid dictionary",
        )),
    }
}

fn read(body: RawBody) -> Result<Bytes, Refusal> {
    body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is over 1 MiB")
        }
        status => Refusal::new(status, error.body_text()),
    })
}

fn json(bytes: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(bytes)
        .map_err(|error| Refusal::body("json_invalid", &[], &format!("JSON decode error: {error}")))
}
