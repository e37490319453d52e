//! What stands in fields at first: defaults and current values, which are whatever a manifest says or a hook returns.

use contara_manifest::{FieldKind, FieldSpec};
use serde_json::Value as Json;

use super::{Value, is_list};
use crate::hooks::is_truthy;

/// Whether it means yes: manifests and hooks say so with `true`, or the words `yes`, `on`, `true` and `1`.
pub(super) fn is_yes(value: &Json) -> bool {
    match value {
        Json::String(text) => yes_or_no(text) == Some(true),
        Json::Number(number) => number.as_f64() == Some(1.0),
        value => value == &Json::Bool(true),
    }
}

/// What a word means, if it means yes or no.
pub(super) fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" | "1" => Some(true),
        "no" | "off" | "false" | "0" | "" => Some(false),
        _ => None,
    }
}

/// As text for people and scripts.
pub(super) fn text_of(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => "True".into(),
        Json::Bool(false) => "False".into(),
        // What a hook read from a program ends with the end of its line, and no field can hold that.
        Json::String(text) => text.trim_end_matches(['\r', '\n']).to_owned(),
        Json::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(" "),
        value => value.to_string(),
    }
}

/// What a field of this sort makes of it.
pub(super) fn value_of(spec: &FieldSpec, value: &Json) -> Value {
    match spec.kind {
        FieldKind::Network => Value::Networks(networks(value)),
        FieldKind::Check => Value::Text(if is_yes(value) { "on" } else { "off" }.into()),
        FieldKind::Options => Value::Text(option(spec, text_of(value))),
        _ if is_list(spec) => Value::List(list(value)),
        _ => Value::Text(text_of(value)),
    }
}

/// A literal default: several values are written as one text with `;` between them.
pub(super) fn literal(spec: &FieldSpec, default: &Json) -> Json {
    match default {
        Json::String(text) if is_list(spec) && !text.is_empty() => text.split(';').collect(),
        default => default.clone(),
    }
}

/// The chosen option; as in any browser, the first if none is.
fn option(spec: &FieldSpec, chosen: String) -> String {
    let is_there = spec.options.iter().any(|option| option.value == chosen);
    match spec.options.first() {
        Some(first) if !is_there => first.value.clone(),
        _ => chosen,
    }
}

fn list(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().map(text_of).collect(),
        value if is_truthy(value) => vec![text_of(value)],
        _ => Vec::new(),
    }
}

/// Pairs, maps with `ip` and `mask`, or texts such as `10.0.0.0/255.0.0.0`; what is neither stands there as an address, to be
/// corrected.
fn networks(value: &Json) -> Vec<(String, String)> {
    match value {
        Json::Array(items) if is_pair(items) => vec![(text_of(&items[0]), text_of(&items[1]))],
        Json::Array(items) => items.iter().map(network).collect(),
        Json::String(text) => text
            .split([' ', ';', ','])
            .filter(|part| !part.is_empty())
            .map(pair_of)
            .collect(),
        _ => Vec::new(),
    }
}

/// A single network that wasn't put into a list: two texts, neither of which is a network by itself.
fn is_pair(items: &[Json]) -> bool {
    let is_bare = |item: &Json| item.as_str().is_some_and(|text| !text.contains('/'));
    items.len() == 2 && items.iter().all(is_bare)
}

fn network(value: &Json) -> (String, String) {
    match value {
        Json::Array(pair) if pair.len() == 2 => (text_of(&pair[0]), text_of(&pair[1])),
        Json::Object(pair) => {
            let part = |key| pair.get(key).map(text_of).unwrap_or_default();
            (part("ip"), part("mask"))
        }
        value => pair_of(&text_of(value)),
    }
}

/// The parts before and after the slash.
pub(super) fn pair_of(text: &str) -> (String, String) {
    let (ip, mask) = text.split_once('/').unwrap_or((text, ""));
    (ip.trim().to_owned(), mask.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use contara_manifest::FieldOption;
    use serde_json::json;

    use super::*;

    fn spec(kind: FieldKind) -> FieldSpec {
        FieldSpec {
            kind,
            ..FieldSpec::default()
        }
    }

    #[test]
    fn words_and_truth_values_are_told_apart() {
        for yes in [
            json!(true),
            json!("yes"),
            json!("On"),
            json!("true"),
            json!("1"),
            json!(1),
        ] {
            assert!(is_yes(&yes), "{yes}");
        }
        for no in [
            json!(false),
            json!("no"),
            json!("off"),
            json!(""),
            json!(null),
            json!(0),
            json!([1]),
            json!("x"),
        ] {
            assert!(!is_yes(&no), "{no}");
        }
        for truthy in [json!("off"), json!([""]), json!(0.5), json!({"a": 1})] {
            assert!(is_truthy(&truthy), "{truthy}");
        }
        for falsy in [
            json!(null),
            json!(""),
            json!([]),
            json!({}),
            json!(0),
            json!(0.0),
            json!(false),
        ] {
            assert!(!is_truthy(&falsy), "{falsy}");
        }
    }

    #[test]
    fn each_sort_of_field_makes_its_own_of_a_value() {
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(value_of(&spec(FieldKind::Text), &json!(25)), text("25"));
        assert_eq!(value_of(&spec(FieldKind::Text), &json!(null)), text(""));
        assert_eq!(value_of(&spec(FieldKind::Check), &json!("on")), text("on"));
        assert_eq!(
            value_of(&spec(FieldKind::Check), &json!("what")),
            text("off")
        );
        let multi = FieldSpec {
            is_multi: true,
            ..FieldSpec::default()
        };
        let list =
            |texts: &[&str]| Value::List(texts.iter().map(|&text| text.to_owned()).collect());
        assert_eq!(
            value_of(&multi, &literal(&multi, &json!("a; b;;c"))),
            list(&["a", " b", "", "c"])
        );
        assert_eq!(value_of(&multi, &json!("a;b")), list(&["a;b"]));
        assert_eq!(value_of(&multi, &literal(&multi, &json!(""))), list(&[]));
        assert_eq!(literal(&spec(FieldKind::Text), &json!("a;b")), json!("a;b"));
    }

    #[test]
    fn an_option_that_is_not_offered_gives_the_first() {
        let mut spec = spec(FieldKind::Options);
        assert_eq!(value_of(&spec, &json!("x")), Value::Text("x".into()));
        for value in ["a", "b"] {
            spec.options.push(FieldOption {
                name: value.to_uppercase(),
                value: value.into(),
                toggle: Vec::new(),
            });
        }
        assert_eq!(value_of(&spec, &json!("b")), Value::Text("b".into()));
        assert_eq!(value_of(&spec, &json!("x")), Value::Text("a".into()));
    }

    #[test]
    fn networks_come_in_many_shapes() {
        let pair = |ip: &str, mask: &str| (ip.to_owned(), mask.to_owned());
        for (value, expected) in [
            (
                json!([["10.0.0.0", "255.0.0.0"]]),
                vec![pair("10.0.0.0", "255.0.0.0")],
            ),
            (
                json!(["10.0.0.0", "255.0.0.0"]),
                vec![pair("10.0.0.0", "255.0.0.0")],
            ),
            (
                json!([{"ip": "10.0.0.0", "mask": 8}]),
                vec![pair("10.0.0.0", "8")],
            ),
            (
                json!("10.0.0.0/8 172.16.0.0/12"),
                vec![pair("10.0.0.0", "8"), pair("172.16.0.0", "12")],
            ),
            (
                json!(["10.0.0.0/8", "1.2.3.4/32"]),
                vec![pair("10.0.0.0", "8"), pair("1.2.3.4", "32")],
            ),
            (json!(["junk"]), vec![pair("junk", "")]),
            (json!(null), vec![]),
        ] {
            assert_eq!(networks(&value), expected, "{value}");
        }
    }
}
