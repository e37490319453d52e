//! The JSON Schema of a module's settings: which fields are secret, what the defaults are, and what is wrong with values, in
//! words for the person in front of the form.
//!
//! The schema is a module's, so anybody's: what can't be understood is left to the worker's own check, patterns run in linear
//! time, and no text quotes a value, since it may be a secret.

use std::collections::{BTreeMap, BTreeSet};

use contara_i18n::{Message, message};
use contara_protocol::Tree;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use jsonschema::{PatternOptions, ValidationError};
use serde_json::{Map, Value};

use crate::schema_definitions::Definitions;

/// Larger schemas are left to the worker. Those of real modules have a few KiB.
const LARGEST: usize = 64 * 1024;

/// See the file's first lines.
#[derive(Debug)]
pub(crate) struct SettingsSchema {
    schema: Value,
    secrets: BTreeSet<String>,
    /// Whether the host can check values without risk.
    checkable: bool,
}

impl SettingsSchema {
    /// Reads what a worker gave.
    pub(crate) fn of(tree: &Tree) -> Self {
        let schema: Value = tree.decode().unwrap_or_default();
        let definitions = Definitions::of(&schema);
        let secrets = properties(&schema)
            .filter(|(_, field)| definitions.lead_to_secret(field))
            .map(|(name, _)| name.clone())
            .collect();
        let checkable = tree.as_msgpack().len() <= LARGEST && definitions.are_simple(&schema);
        Self {
            schema,
            secrets,
            checkable,
        }
    }

    /// The fields that are, or have inside, something secret.
    pub(crate) fn secrets(&self) -> &BTreeSet<String> {
        &self.secrets
    }

    /// The defaults that the schema states, without secrets.
    pub(crate) fn defaults(&self) -> Map<String, Value> {
        properties(&self.schema)
            .filter(|(name, _)| !self.secrets.contains(*name))
            .filter_map(|(name, field)| Some((name.clone(), field.get("default")?.clone())))
            .collect()
    }

    /// What is wrong with `values`, by field; what concerns none of them has an empty name.
    pub(crate) fn problems(&self, values: &Map<String, Value>) -> BTreeMap<String, Message> {
        let mut problems: BTreeMap<_, _> = self
            .unknown(values)
            .map(|name| (name.clone(), message!("There is no such setting.")))
            .collect();
        if !self.checkable {
            return problems;
        }
        let validator = jsonschema::options()
            .with_pattern_options(PatternOptions::regex())
            .build(&self.schema);
        let Ok(validator) = validator else {
            return problems;
        };
        for error in validator.iter_errors(&Value::Object(values.clone())) {
            let (field, text) = explain(&error);
            problems.entry(field).or_insert(text);
        }
        problems
    }

    fn unknown<'a>(
        &self,
        values: &'a Map<String, Value>,
    ) -> impl Iterator<Item = &'a String> + use<'a, '_> {
        let known = self.schema["properties"].as_object();
        values
            .keys()
            .filter(move |name| known.is_none_or(|known| !known.contains_key(*name)))
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema["properties"].as_object().into_iter().flatten()
}

/// The field that an error is about, and what to tell the person.
pub(crate) fn explain(error: &ValidationError<'_>) -> (String, Message) {
    let mut path: Vec<String> = error
        .instance_path()
        .into_iter()
        .map(|segment| match segment {
            LocationSegment::Property(name) => name.to_string(),
            LocationSegment::Index(index) => (index + 1).to_string(),
        })
        .collect();
    if let ValidationErrorKind::Required { property } = error.kind() {
        path.extend(property.as_str().map(ToOwned::to_owned));
    }
    let text = words(error);
    match path.split_first() {
        None => (String::new(), text),
        Some((field, [])) => (field.clone(), text),
        Some((field, rest)) => (
            field.clone(),
            message!("{place}: {text}", place = rest.join(" → "), text = text),
        ),
    }
}

fn words(error: &ValidationError<'_>) -> Message {
    use ValidationErrorKind as Kind;
    match error.kind() {
        Kind::Required { .. } => message!("This is required."),
        Kind::Minimum { limit } => {
            message!("Must be at least {limit}.", limit = limit.to_string())
        }
        Kind::Maximum { limit } => message!("Must be at most {limit}.", limit = limit.to_string()),
        Kind::ExclusiveMinimum { limit } => {
            message!("Must be more than {limit}.", limit = limit.to_string())
        }
        Kind::ExclusiveMaximum { limit } => {
            message!("Must be less than {limit}.", limit = limit.to_string())
        }
        Kind::MultipleOf { multiple_of } => message!(
            "Must be a multiple of {number}.",
            number = multiple_of.to_string()
        ),
        Kind::MinLength { limit: 1 } => message!("Must have at least 1 character."),
        Kind::MinLength { limit } => {
            message!("Must have at least {limit} characters.", limit = *limit)
        }
        Kind::MaxLength { limit: 1 } => message!("Must have at most 1 character."),
        Kind::MaxLength { limit } => {
            message!("Must have at most {limit} characters.", limit = *limit)
        }
        Kind::MinItems { limit: 1 } => message!("Must have at least 1 entry."),
        Kind::MinItems { limit } => message!("Must have at least {limit} entries.", limit = *limit),
        Kind::MaxItems { limit: 1 } => message!("Must have at most 1 entry."),
        Kind::MaxItems { limit } => message!("Must have at most {limit} entries.", limit = *limit),
        Kind::UniqueItems => message!("Must not have the same entry twice."),
        Kind::Pattern { pattern } => {
            message!("Must match the pattern {pattern}", pattern = pattern)
        }
        Kind::Enum { options } => {
            message!("Must be one of {options}.", options = listed(options))
        }
        Kind::Constant { expected_value } => {
            message!("Must be {value}.", value = expected_value.to_string())
        }
        Kind::Type { kind } => message!("Must be {type_words}.", type_words = type_words(kind)),
        Kind::AdditionalProperties { unexpected } => {
            message!("Must not have {names}.", names = unexpected.join(", "))
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => choice_words(context),
        _ => message!("Is not valid."),
    }
}

/// Of "this, or nothing", what is wrong with this; of more choices, what all of them say.
fn choice_words(choices: &[Vec<ValidationError<'static>>]) -> Message {
    let errors = choices.iter().filter_map(|errors| errors.first());
    let mut texts: Vec<_> = errors
        .filter(|error| !wants_nothing(error))
        .map(words)
        .collect();
    texts.dedup();
    let texts = texts
        .into_iter()
        .reduce(|one, other| message!("{one} Or: {other}", one = one, other = other));
    texts.unwrap_or_else(|| message!("Is not valid."))
}

fn wants_nothing(error: &ValidationError<'_>) -> bool {
    let ValidationErrorKind::Type { kind } = error.kind() else {
        return false;
    };
    matches!(kind, TypeKind::Single(kind) if kind.as_str() == "null")
}

fn type_words(kind: &TypeKind) -> Message {
    match kind {
        TypeKind::Single(kind) => one_type(kind.as_str()),
        TypeKind::Multiple(kinds) => {
            let names = kinds.iter().map(|kind| one_type(kind.as_str()));
            let names =
                names.reduce(|one, other| message!("{one} or {other}", one = one, other = other));
            names.unwrap_or_default()
        }
    }
}

fn one_type(name: &str) -> Message {
    match name {
        "integer" => message!("a whole number"),
        "number" => message!("a number"),
        "string" => message!("text"),
        "boolean" => message!("on or off"),
        "array" => message!("a list"),
        "object" => message!("a group of values"),
        _ => message!("empty"),
    }
}

fn listed(options: &Value) -> String {
    let options = options.as_array().into_iter().flatten();
    let texts: Vec<_> = options
        .map(|option| match option {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
        .collect();
    texts.join(", ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema(value: &Value) -> SettingsSchema {
        SettingsSchema::of(&Tree::from_value(value).unwrap())
    }

    /// Of one field with this schema and this value, what is said.
    #[track_caller]
    fn check(field: &Value, value: &Value, expected: Option<&str>) {
        let schema = schema(&json!({"type": "object", "properties": {"it": field}}));
        let values = Map::from_iter([("it".to_owned(), value.clone())]);
        let found = schema.problems(&values);
        let found = found.get("it").map(Message::to_string);
        assert_eq!(found.as_deref(), expected, "{field}");
    }

    #[test]
    fn what_is_out_of_range_is_said_in_words() {
        let number = json!({"type": "number", "minimum": 0.5, "exclusiveMaximum": 60});
        check(&number, &json!(2), None);
        check(&number, &json!(0.1), Some("Must be at least 0.5."));
        check(&number, &json!(60), Some("Must be less than 60."));
        check(&number, &json!("2"), Some("Must be a number."));
        let whole = json!({"type": "integer", "multipleOf": 5});
        check(&whole, &json!(1.5), Some("Must be a whole number."));
        check(&whole, &json!(6), Some("Must be a multiple of 5."));
        let text = json!({"type": "string", "minLength": 1, "pattern": "^[a-z]*$"});
        check(&text, &json!(""), Some("Must have at least 1 character."));
        check(&text, &json!("A"), Some("Must match the pattern ^[a-z]*$"));
        let choice = json!({"enum": ["a", "b", 3]});
        check(&choice, &json!("c"), Some("Must be one of a, b, 3."));
        let list = json!({"type": "array", "items": {"type": "string"}, "maxItems": 2});
        check(&list, &json!(["a", 2]), Some("2: Must be text."));
        check(
            &list,
            &json!(["a", "b", "c"]),
            Some("Must have at most 2 entries."),
        );
        let optional = json!({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]});
        check(&optional, &json!(null), None);
        check(&optional, &json!(0), Some("Must be at least 1."));
        check(&optional, &json!(true), Some("Must be a whole number."));
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let schema = schema(&json!({"type": "object", "required": ["a"], "properties": {"a": {}}}));
        let found = schema.problems(&Map::from_iter([("b".to_owned(), json!(1))]));
        let found: BTreeMap<_, _> = found
            .into_iter()
            .map(|(field, text)| (field, text.to_string()))
            .collect();
        let expected = [
            ("a", "This is required."),
            ("b", "There is no such setting."),
        ];
        assert_eq!(
            found,
            expected
                .map(|(field, text)| (field.to_owned(), text.to_owned()))
                .into()
        );
    }

    #[test]
    fn secrets_are_found_wherever_they_are_and_are_no_defaults() {
        let password =
            json!({"type": "string", "format": "password", "writeOnly": true, "default": "geheim"});
        let schema = schema(&json!({
            "$defs": {"Account": {"type": "object", "properties": {"password": password}}},
            "properties": {
                "plain": {"type": "string", "default": "x"},
                "direct": password,
                "optional": {"anyOf": [password, {"type": "null"}], "default": null},
                "nested": {"$ref": "#/$defs/Account"},
                "list": {"type": "array", "items": {"$ref": "#/$defs/Account"}, "default": []},
            },
        }));
        let secrets: Vec<_> = schema.secrets().iter().collect();
        assert_eq!(secrets, ["direct", "list", "nested", "optional"]);
        let defaults = Map::from_iter([("plain".to_owned(), json!("x"))]);
        assert_eq!(schema.defaults(), defaults);
    }

    #[test]
    fn no_text_quotes_a_value() {
        let fields = [
            json!({"type": "string", "pattern": "^a$"}),
            json!({"type": "integer"}),
            json!({"enum": ["a"]}),
            json!({"not": {"type": "string"}}),
            json!({"oneOf": [{"type": "string"}, {"minLength": 1}]}),
        ];
        for field in fields {
            let schema = schema(&json!({"properties": {"it": field}}));
            let found = schema.problems(&Map::from_iter([("it".to_owned(), json!("geheim"))]));
            assert!(found.contains_key("it"), "{field}");
            assert!(!format!("{found:?}").contains("geheim"), "{found:?}");
        }
    }

    #[test]
    fn schemas_that_make_no_sense_are_left_to_the_worker() {
        for hostile in [
            json!({"$ref": "#"}),
            json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}),
            json!({"$ref": "https://example.org/schema.json"}),
            json!({"properties": {"it": {"pattern": "("}}}),
            json!({"properties": {"it": {"$ref": "#/nowhere"}}}),
            json!({"type": "no such type"}),
            json!([]),
        ] {
            let values = Map::from_iter([("it".to_owned(), json!("aaaa"))]);
            // Nothing is expected of it but to come back.
            let _ = schema(&hostile).problems(&values);
        }
    }
}
