//! The definitions (`$defs`) of a JSON Schema that a module gave, and what refers to what.
//!
//! Anybody can have written it: references may go in circles, lead nowhere, or multiply. Everything here takes time in
//! proportion to the schema's size.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// So many ways through its references a schema may have for the host to check values with it.
const MOST_WAYS: u64 = 10_000;

/// What each definition refers to, and whether something in it is secret.
#[derive(Debug)]
pub(crate) struct Definitions<'a>(BTreeMap<&'a str, Part<'a>>);

/// A part of a schema, without what it refers to.
#[derive(Debug, Default)]
struct Part<'a> {
    /// Names of definitions, as often as they are referred to.
    refers_to: Vec<&'a str>,
    /// It refers to something that is no definition.
    refers_elsewhere: bool,
    is_secret: bool,
}

impl<'a> Definitions<'a> {
    pub(crate) fn of(schema: &'a Value) -> Self {
        let definitions = schema["$defs"].as_object().into_iter().flatten();
        Self(
            definitions
                .map(|(name, definition)| (name.as_str(), Part::of(definition)))
                .collect(),
        )
    }

    /// Whether something in `field`, or in what it refers to, must never be shown. When in doubt it mustn't.
    pub(crate) fn lead_to_secret(&self, field: &'a Value) -> bool {
        let part = Part::of(field);
        let mut seen = BTreeSet::new();
        let mut next = part.refers_to.clone();
        let mut is_secret = part.is_secret || part.refers_elsewhere;
        while let Some(name) = next.pop() {
            if seen.insert(name) {
                let found = self.0.get(name);
                is_secret |= found.is_none_or(|part| part.is_secret || part.refers_elsewhere);
                next.extend(found.into_iter().flat_map(|part| &part.refers_to));
            }
        }
        is_secret
    }

    /// Whether all references lead to definitions, none in a circle, and not by too many ways.
    pub(crate) fn are_simple(&self, schema: &'a Value) -> bool {
        let mut ways = BTreeMap::new();
        let all = Part::of(schema);
        self.ways(&all, &mut ways)
            .is_some_and(|ways| ways <= MOST_WAYS)
    }

    /// `None`: one of them leads in a circle, or nowhere.
    fn ways(&self, part: &Part<'a>, known: &mut BTreeMap<&'a str, Option<u64>>) -> Option<u64> {
        if part.refers_elsewhere {
            return None;
        }
        let mut sum: u64 = 1;
        for name in &part.refers_to {
            let ways = match known.get(name) {
                Some(ways) => *ways,
                None => {
                    // Stands until the definition is through: whoever meets it meanwhile went in a circle.
                    known.insert(name, None);
                    let ways = self.ways(self.0.get(name)?, known);
                    known.insert(name, ways);
                    ways
                }
            };
            sum = sum.saturating_add(ways?);
        }
        Some(sum)
    }
}

impl<'a> Part<'a> {
    fn of(schema: &'a Value) -> Self {
        let mut part = Self::default();
        part.add(schema);
        part
    }

    fn add(&mut self, schema: &'a Value) {
        match schema {
            Value::Object(fields) => self.add_fields(fields),
            Value::Array(items) => items.iter().for_each(|inner| self.add(inner)),
            _ => {}
        }
    }

    fn add_fields(&mut self, fields: &'a Map<String, Value>) {
        for (key, value) in fields {
            match (key.as_str(), value) {
                ("$ref", Value::String(target)) => match target.strip_prefix("#/$defs/") {
                    Some(name) => self.refers_to.push(name),
                    None => self.refers_elsewhere = true,
                },
                ("$dynamicRef" | "$recursiveRef", _) => self.refers_elsewhere = true,
                ("writeOnly", Value::Bool(true)) => self.is_secret = true,
                ("format", Value::String(format)) if format == "password" => self.is_secret = true,
                // Values, not schemas.
                ("default" | "const" | "enum" | "examples", _) => {}
                _ => self.add(value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(schema: &Value, is_simple: bool) {
        assert_eq!(Definitions::of(schema).are_simple(schema), is_simple);
    }

    fn refer(name: &str) -> Value {
        json!({"$ref": format!("#/$defs/{name}")})
    }

    #[test]
    fn circles_and_what_lies_elsewhere_are_not_simple() {
        check(&json!({"properties": {"a": {"type": "string"}}}), true);
        check(
            &json!({"properties": {"a": refer("A")}, "$defs": {"A": {}}}),
            true,
        );
        check(&json!({"properties": {"a": refer("A")}}), false);
        check(&json!({"$ref": "#"}), false);
        check(
            &json!({"properties": {"a": {"$ref": "#/properties/a"}}}),
            false,
        );
        check(&json!({"$ref": "https://example.org/schema.json"}), false);
        check(
            &json!({"$defs": {"A": {"anyOf": [refer("B")]}, "B": refer("A")}}),
            false,
        );
    }

    #[test]
    fn references_that_multiply_are_not_simple() {
        let definitions: Map<_, _> = (0..40)
            .map(|level| {
                let below = refer(&format!("D{}", level + 1));
                (format!("D{level}"), json!({"allOf": [below, below]}))
            })
            .chain([("D40".to_owned(), json!({}))])
            .collect();
        check(&json!({"$defs": definitions}), false);
    }
}
