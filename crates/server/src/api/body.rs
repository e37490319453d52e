//! Request bodies, read as v1 reads them: what is wrong comes back as a list of places.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use contara_i18n::message;
use contara_protocol::Tree;
use contara_protocol::link::Private;
use contara_supervisor::Arguments;
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// A body that may have been too large to read.
pub(crate) type RawBody = Result<Bytes, BytesRejection>;

/// The text field `name` of a JSON object.
pub(crate) fn text_field(body: RawBody, name: &str) -> Result<String, Refusal> {
    let fields = object(body)?;
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

/// The key of an action's arguments under which the fields of a form come.
const FORM: &str = "__form__";

/// The arguments of an action: an object, `null`, or nothing at all. The fields of a form, if there is one, are apart.
pub(crate) fn arguments(body: RawBody) -> Result<Arguments, Refusal> {
    let bytes = read(body)?;
    if bytes.is_empty() {
        return Ok(Arguments::default());
    }
    match json(&bytes)? {
        Value::Null => Ok(Arguments::default()),
        Value::Object(params) => arguments_of(params),
        _ => Err(no_dictionary(&[])),
    }
}

/// The same of an object that was read.
pub(crate) fn arguments_of(mut params: Map<String, Value>) -> Result<Arguments, Refusal> {
    let form = match params.remove(FORM) {
        None | Some(Value::Null) => None,
        Some(Value::Object(form)) => Some(tree(&form)?),
        Some(_) => return Err(no_dictionary(&[FORM])),
    };
    Ok(Arguments {
        params: Some(tree(&params)?),
        form,
    })
}

/// A JSON object, or no body at all.
pub(crate) fn object_or_nothing(body: RawBody) -> Result<Map<String, Value>, Refusal> {
    let bytes = read(body)?;
    match bytes.is_empty() {
        true => Ok(Map::new()),
        false => object(Ok(bytes)),
    }
}

/// A JSON object.
pub(crate) fn object(body: RawBody) -> Result<Map<String, Value>, Refusal> {
    match json(&read(body)?)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(no_dictionary(&[])),
    }
}

fn tree(fields: &Map<String, Value>) -> Result<Private, Refusal> {
    let tree = Tree::from_value(fields).map_err(|error| {
        let why = format!("Input should be a dictionary that a module can take: {error}");
        Refusal::body("dict_type", &[], &why)
    })?;
    Ok(Private(tree))
}

fn no_dictionary(loc: &[&str]) -> Refusal {
    Refusal::body("dict_type", loc, "Input should be a valid dictionary")
}

fn read(body: RawBody) -> Result<Bytes, Refusal> {
    body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            message!("The body is over 1 MiB"),
        ),
        status => Refusal::rejected(status, error.body_text()),
    })
}

fn json(bytes: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(bytes)
        .map_err(|error| Refusal::body("json_invalid", &[], &format!("JSON decode error: {error}")))
}
