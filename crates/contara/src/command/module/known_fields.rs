//! Which fields an action takes, by the JSON Schema of its parameters.
//!
//! A browser sends whatever fields are around a button, so the module ignores those that it doesn't take. On the command line
//! each was meant, and a misspelt one is refused before anything runs.

use contara_i18n::{Message, message};
use contara_manifest::closest;
use serde_json::Value;

/// The fields that `schema` names; `None` if it takes any. The fields of a model that is the only parameter stand for it.
fn known_fields(schema: &Value) -> Option<Vec<&str>> {
    if schema["additionalProperties"] != false {
        return None;
    }
    let parameters = schema["properties"].as_object()?;
    let mut known: Vec<_> = parameters.keys().map(String::as_str).collect();
    if let [only] = parameters.values().collect::<Vec<_>>()[..] {
        let model = only["$ref"]
            .as_str()
            .and_then(|path| schema.pointer(path.trim_start_matches('#')))
            .unwrap_or(only);
        let fields = model["properties"].as_object();
        known.extend(
            fields
                .into_iter()
                .flat_map(|fields| fields.keys())
                .map(String::as_str),
        );
    }
    Some(known)
}

/// What is wrong with the first of `fields` that the action doesn't take.
pub(super) fn unknown_field<'a>(
    schema: &Value,
    mut fields: impl Iterator<Item = &'a str>,
) -> Option<Message> {
    let known = known_fields(schema)?;
    let unknown = fields.find(|field| !known.contains(field))?;
    let hint = match closest(unknown, known.iter().copied()) {
        Some(close) => message!("did you mean \"{close}\"?", close = close),
        None if known.is_empty() => message!("it takes none"),
        None => message!("it takes {names}", names = known.join(", ")),
    };
    Some(message!(
        "there is no field \"{field}\": {hint}",
        field = unknown,
        hint = hint
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value, field: &str, expected: Option<&str>) {
        let found = unknown_field(schema, [field].into_iter());
        let found = found.map(|found| found.to_string());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_field_that_the_action_does_not_take_is_told_with_one_that_it_does() {
        let schema =
            json!({"properties": {"name": {}, "count": {}}, "additionalProperties": false});
        check(&schema, "count", None);
        check(
            &schema,
            "cuont",
            Some("there is no field \"cuont\": did you mean \"count\"?"),
        );
        check(
            &schema,
            "colour",
            Some("there is no field \"colour\": it takes count, name"),
        );
        let none = json!({"properties": {}, "additionalProperties": false});
        check(&none, "x", Some("there is no field \"x\": it takes none"));
    }

    #[test]
    fn an_action_that_takes_any_field_or_cannot_be_described_is_left_alone() {
        let any = json!({"properties": {"name": {}}, "additionalProperties": true});
        check(&any, "x", None);
        check(&Value::Null, "x", None);
    }

    #[test]
    fn the_fields_of_a_lone_model_count() {
        let inline = json!({"properties": {"disk": {"properties": {"path": {}}}}, "additionalProperties": false});
        let named = json!({
            "properties": {"disk": {"$ref": "#/$defs/Disk"}},
            "$defs": {"Disk": {"properties": {"path": {}}}},
            "additionalProperties": false,
        });
        for schema in [inline, named] {
            check(&schema, "path", None);
            check(&schema, "disk", None);
            assert!(unknown_field(&schema, ["size"].into_iter()).is_some());
        }
    }
}
