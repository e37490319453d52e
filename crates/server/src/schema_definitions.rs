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
pub(crate) struct Definitions<'a> {
    parts: BTreeMap<&'a str, Part<'a>>,
    /// Those that lead to something that must never be shown.
    secret: BTreeSet<&'a str>,
}

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
        let parts: BTreeMap<_, _> = definitions
            .map(|(name, definition)| (name.as_str(), Part::of(definition)))
            .collect();
        let secret = secret_ones(&parts);
        Self { parts, secret }
    }

    /// Whether something in `field`, or in what it refers to, must never be shown. When in doubt it mustn't.
    pub(crate) fn lead_to_secret(&self, field: &'a Value) -> bool {
        let part = Part::of(field);
        let mut refers_to = part.refers_to.iter();
        part.may_be_secret(&self.parts) || refers_to.any(|name| self.secret.contains(name))
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
                    let ways = self.ways(self.parts.get(name)?, known);
                    known.insert(name, ways);
                    ways
                }
            };
            sum = sum.saturating_add(ways?);
        }
        Some(sum)
    }
}

/// The names of definitions that are secret, or refer to one that is, however far away.
fn secret_ones<'a>(parts: &BTreeMap<&'a str, Part<'a>>) -> BTreeSet<&'a str> {
    let mut referrers = BTreeMap::<_, Vec<_>>::new();
    for (name, part) in parts {
        for target in &part.refers_to {
            referrers.entry(*target).or_default().push(*name);
        }
    }
    let clearly = parts.iter().filter(|(_, part)| part.may_be_secret(parts));
    let mut next: Vec<_> = clearly.map(|(name, _)| *name).collect();
    let mut secret = BTreeSet::new();
    while let Some(name) = next.pop() {
        if secret.insert(name) {
            next.extend(referrers.get(name).into_iter().flatten());
        }
    }
    secret
}

impl<'a> Part<'a> {
    /// By itself, or because it refers to what nobody can look at.
    fn may_be_secret(&self, parts: &BTreeMap<&'a str, Part<'a>>) -> bool {
        let mut refers_to = self.refers_to.iter();
        self.is_secret || self.refers_elsewhere || refers_to.any(|name| !parts.contains_key(name))
    }

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
    fn secrets_are_found_at_the_end_of_long_ways_and_of_circles() {
        let link = |next: String| json!({"properties": {"next": refer(&next)}});
        let mut definitions: Map<_, _> = (0..9)
            .map(|level| (format!("D{level}"), link(format!("D{}", level + 1))))
            .collect();
        definitions.insert("D9".into(), json!({"writeOnly": true}));
        definitions.insert("Circle".into(), link("Circle".into()));
        definitions.insert("Broken".into(), link("Nobody".into()));
        let schema = json!({"$defs": definitions});
        let leads_to_secret = |name: &str| {
            let field = refer(name);
            Definitions::of(&schema).lead_to_secret(&field)
        };
        assert!(leads_to_secret("D0") && leads_to_secret("D9") && leads_to_secret("Broken"));
        assert!(!leads_to_secret("Circle"));
        assert!(leads_to_secret("Nobody"), "when in doubt it is");
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
