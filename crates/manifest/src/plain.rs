//! From the tree that keeps places to plain values, for what is handed on as it was written.

use jsonc_parser::ast::{Object, Value};
use serde_json::{Map, Value as Plain};

/// The value without its place.
pub(crate) fn plain(value: &Value<'_>) -> Plain {
    match value {
        Value::StringLit(text) => Plain::String(text.value.clone().into_owned()),
        // Too large for any number: then it stays a text.
        Value::NumberLit(number) => serde_json::from_str(number.value)
            .unwrap_or_else(|_| Plain::String(number.value.to_owned())),
        Value::BooleanLit(flag) => Plain::Bool(flag.value),
        Value::Object(object) => Plain::Object(plain_object(object)),
        Value::Array(array) => array.elements.iter().map(plain).collect(),
        Value::NullKeyword(_) => Plain::Null,
    }
}

/// The object without places.
pub(crate) fn plain_object(object: &Object<'_>) -> Map<String, Plain> {
    let members = object.properties.iter();
    members
        .map(|member| (member.name.as_str().to_owned(), plain(&member.value)))
        .collect()
}
