//! What becomes of answers: what scripts get, and what is kept of it.

use std::collections::BTreeMap;

use contara_manifest::{FieldKind, FieldOption, FieldSpec};
use proptest::prelude::*;

use super::fake::{list, manifest, multi, networks, options, posted, spec, text};
use super::{Form, Value};
use super::{arguments, build, check, kept, secrets, shown, stored, with_kept};
use crate::hooks::NoCode;

#[tokio::test]
async fn arguments_come_as_asked_for_and_empty_ones_count() {
    let mut long = spec(FieldKind::Network, "long");
    long.is_long = true;
    let config = vec![
        spec(FieldKind::Text, "name"),
        multi("list"),
        spec(FieldKind::Network, "short"),
        long,
        spec(FieldKind::Check, "lan"),
        spec(FieldKind::Text, "name"),
    ];
    let form = build(&manifest(config), false, &NoCode).await;
    let values = [
        ("list", list(&["a", "b c"])),
        ("short", networks(&[("10.1.2.3", "8"), ("1.2.3.4", "32")])),
        (
            "long",
            networks(&[("10.1.2.3", "8"), ("1.2.3.4", "255.255.255.0")]),
        ),
        ("ignored", text("x")),
    ];
    let answers = check(&form, &posted(&values), &NoCode).await.unwrap();
    let params = ["lan", "password_pg", "short", "long", "name", "list", "lan"].map(str::to_owned);
    assert_eq!(
        arguments(&params, &form, &answers),
        [
            "off",
            "10.0.0.0/8 1.2.3.4",
            "10.0.0.0/255.0.0.0 1.2.3.0/255.255.255.0",
            "",
            "",
            "a b c",
            "off"
        ]
    );
}

#[tokio::test]
async fn what_is_kept_has_no_secrets_and_is_offered_again_where_it_fits() {
    let stored_spec = |kind, name| FieldSpec {
        store: true,
        ..spec(kind, name)
    };
    let config = vec![
        stored_spec(FieldKind::Text, "host"),
        FieldSpec {
            confirm: false,
            ..stored_spec(FieldKind::Password, "passwd")
        },
        options("choice", &[("a", &[]), ("b", &[])]),
        spec(FieldKind::Network, "nets"),
    ];
    let form = build(&manifest(config), false, &NoCode).await;
    let values = [
        ("host", text("box")),
        ("passwd", text("canary")),
        ("choice", text("b")),
        ("nets", networks(&[("10.0.0.0", "8")])),
    ];
    let answers = check(&form, &posted(&values), &NoCode).await.unwrap();
    assert_eq!(
        stored(&form, &answers),
        BTreeMap::from([("host".into(), text("box"))])
    );
    let mut kept = kept(&form, &answers);
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["choice", "host", "nets"]);
    let shown = shown(&form, &answers);
    let expected = [
        ("choice", "B"),
        ("host", "box"),
        ("nets", "10.0.0.0/255.0.0.0"),
        ("passwd", "set"),
    ];
    assert!(
        shown
            .iter()
            .map(|(name, text)| (name.as_str(), text.text()))
            .eq(expected)
    );
    assert_eq!(secrets(&form, &answers), ["canary"]);
    kept.insert("passwd".into(), text("x"));
    kept.insert("choice".into(), text("gone"));
    kept.insert("host".into(), text("again"));
    let again = with_kept(form, &kept);
    let values: Vec<_> = again
        .fields
        .iter()
        .map(|field| field.value.clone())
        .collect();
    assert_eq!(values[..3], [text("again"), text(""), text("a")]);
    let json = serde_json::to_string(&kept).unwrap();
    assert_eq!(
        serde_json::from_str::<BTreeMap<String, Value>>(&json).unwrap(),
        kept
    );
}

fn any_value() -> impl Strategy<Value = Value> {
    let any_text = || prop_oneof!["[a-c]{0,2}", ".{0,8}", "[0-9./]{0,18}"];
    prop_oneof![
        any_text().prop_map(Value::Text),
        prop::collection::vec(any_text(), 0..3).prop_map(Value::List),
        prop::collection::vec((any_text(), any_text()), 0..3).prop_map(Value::Networks),
    ]
}

fn any_spec() -> impl Strategy<Value = FieldSpec> {
    let kind = prop::sample::select(vec![
        FieldKind::Text,
        FieldKind::Password,
        FieldKind::Check,
        FieldKind::Options,
        FieldKind::Network,
        FieldKind::Subtitle,
    ]);
    let name = "[a-e]";
    let toggle = prop::collection::vec("[a-e]", 0..3);
    let validation = prop::option::of(prop::sample::select(vec!["ip", "fqdn", "network", "none"]));
    (kind, name, toggle, validation, any::<[bool; 4]>()).prop_map(
        |(kind, name, toggle, validation, [require, is_multi, is_hidden, is_long])| FieldSpec {
            require,
            is_multi,
            is_hidden,
            is_long,
            validation: validation.map(str::to_owned),
            options: options("o", &[("a", &[]), ("b", &[])])
                .options
                .into_iter()
                .map(|option| FieldOption {
                    toggle: toggle.clone(),
                    ..option
                })
                .collect(),
            ..spec(kind, &name)
        },
    )
}

proptest! {
    #[test]
    fn any_answers_are_accepted_or_refused_and_give_one_argument_a_field(
        config in prop::collection::vec(any_spec(), 0..6),
        values in prop::collection::btree_map("[a-e]2?", any_value(), 0..6),
        params in prop::collection::vec("[a-f]", 0..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let form: Form = runtime.block_on(build(&manifest(config), false, &NoCode));
        let outcome = runtime.block_on(check(&form, &values, &NoCode));
        let has = |name: &String| form.fields.iter().filter(|field| field.spec.name.as_ref() == Some(name)).count();
        match outcome {
            Ok(answers) => {
                let given = arguments(&params, &form, &answers);
                prop_assert_eq!(given.len(), params.iter().map(has).sum::<usize>());
                prop_assert!(!given.iter().any(|argument| argument.contains(char::is_control)));
                prop_assert!(kept(&form, &answers).len() <= answers.0.len());
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.keys().all(|name| has(name) > 0));
            }
        }
    }
}

#[tokio::test]
async fn a_field_that_has_the_name_of_a_password_is_as_secret() {
    let password = FieldSpec {
        confirm: false,
        ..spec(FieldKind::Password, "word")
    };
    let config = vec![password, spec(FieldKind::Text, "word")];
    let form = build(&manifest(config), false, &NoCode).await;
    let answers = check(&form, &posted(&[("word", text("canary"))]), &NoCode)
        .await
        .unwrap();
    assert_eq!(shown(&form, &answers)["word"].text(), "set");
    assert_eq!(kept(&form, &answers), BTreeMap::new());
    assert_eq!(secrets(&form, &answers), ["canary"]);
}
