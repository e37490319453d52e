//! Laws of reading setup modules: nothing panics, a manifest is there exactly when nothing is an error, and a field says
//! the same whether it stands in `desc.json` or was generated.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::path::{Path, PathBuf};

use contara_i18n::Message;
use contara_manifest::{Colour, FieldSpec, Folder, Severity, read_sections, read_setup, render};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const GOOD: &str = r#"{"slug": "dns", "desc": "d", "packages": [{"name": "all", "rpms": "a"}], "config": [
    {"type": "options", "name": "o", "options": [{"name": "A", "value": 1, "toggle": "b"}], "require": "yes"}],
    "ports": ["53/udp"], "min_disk": "2 GiB", "actions": [{"type": "link", "name": "a", "value": "http://a"}]}"#;

fn check_promises(bytes: &[u8]) {
    let folder = Folder {
        path: PathBuf::from("dns"),
        name: "dns".to_owned(),
        manifest: Ok(bytes.to_vec()),
        has_init: true,
    };
    let (manifest, problems) = read_setup(&folder);
    let is_error = |problem: &contara_manifest::Problem| problem.severity == Severity::Error;
    assert_eq!(manifest.is_none(), problems.iter().any(is_error));
    render(&problems, Colour::Always, Message::to_string);
    let (sections, problems) = read_sections(Path::new("sections.json"), bytes);
    assert!(sections.is_empty() || !problems.iter().any(is_error));
}

/// Any JSON, most of it with the words that fields have.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        select(vec![
            "text", "options", "subtitle", "yes", "no", "long", "a", "", "\u{1}", "é"
        ])
        .prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,6}", inner.clone(), 0..3)
                .prop_map(|map| json!(map)),
            (inner.clone(), inner)
                .prop_map(|(name, value)| json!({"name": name, "value": value, "toggle": ["a"]})),
        ]
    })
}

fn field() -> impl Strategy<Value = serde_json::Map<String, Value>> {
    let keys = select(vec![
        "type",
        "name",
        "slug",
        "label",
        "help",
        "require",
        "default",
        "validation",
        "multi",
        "format",
        "options",
        "confirm",
        "hidden",
        "show_if_unconfigured",
        "edit_if_unconfigured",
        "store",
        "size",
        "other",
    ]);
    let typed = select(vec![
        "text", "password", "check", "options", "network", "subtitle", "custom", "file",
    ]);
    (typed, prop::collection::hash_map(keys, value(), 0..8)).prop_map(|(kind, keys)| {
        let mut field: serde_json::Map<_, _> =
            [("type".to_owned(), kind.into())].into_iter().collect();
        field.extend(keys.into_iter().map(|(key, value)| (key.to_owned(), value)));
        field
    })
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        check_promises(&bytes);
    }

    #[test]
    fn any_damage(start in 0..GOOD.len(), length in 0..40usize, piece in prop::collection::vec(any::<u8>(), 0..8)) {
        let mut bytes = GOOD.as_bytes().to_vec();
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece);
        check_promises(&bytes);
    }

    #[test]
    fn any_values(values in prop::collection::hash_map(
        select(vec!["name", "desc", "module", "packages", "repositories", "config", "actions", "categories", "ports",
                    "services", "files", "min_disk", "url", "postinstall", "standalone", "dependencies"]),
        value(), 0..6)) {
        let mut object = json!(values);
        object["slug"] = json!("dns");
        check_promises(object.to_string().as_bytes());
    }

    /// One reader for both: a generated field is refused exactly where a written one makes the manifest unusable.
    #[test]
    fn written_and_generated_fields_are_the_same(field in field()) {
        let generated = FieldSpec::generated("dns", &field);
        let folder = Folder {
            path: PathBuf::from("dns"),
            name: "dns".to_owned(),
            manifest: Ok(json!({"slug": "dns", "config": [field]}).to_string().into_bytes()),
            has_init: true,
        };
        let written = read_setup(&folder).0.map(|manifest| manifest.config.unwrap().remove(0));
        prop_assert_eq!(generated.ok(), written);
    }
}
