//! Answers that are checked: what is refused with which words, what scripts get, and what is kept of it.

use std::collections::BTreeMap;

use contara_manifest::{FieldKind, FieldOption, FieldSpec};
use proptest::prelude::*;
use serde_json::json;

use super::fake::{Fake, manifest, spec, with_default};
use super::{Answers, FieldErrors, Form, Posted, Value};
use super::{arguments, build, check, kept, secrets, shown, stored, with_kept};
use crate::hooks::NoCode;

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|&text| text.to_owned()).collect())
}

fn networks(pairs: &[(&str, &str)]) -> Value {
    let pair = |(ip, mask): &(&str, &str)| ((*ip).to_owned(), (*mask).to_owned());
    Value::Networks(pairs.iter().map(pair).collect())
}

fn posted(values: &[(&str, Value)]) -> Posted {
    let value = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
    values.iter().map(value).collect()
}

fn options(name: &str, values: &[(&str, &[&str])]) -> FieldSpec {
    let option = |(value, toggle): &(&str, &[&str])| FieldOption {
        name: value.to_uppercase(),
        value: (*value).into(),
        toggle: toggle.iter().map(|&name| name.to_owned()).collect(),
    };
    FieldSpec {
        options: values.iter().map(option).collect(),
        ..spec(FieldKind::Options, name)
    }
}

fn required(spec: FieldSpec) -> FieldSpec {
    FieldSpec {
        require: true,
        ..spec
    }
}

fn valid(spec: FieldSpec, validation: &str) -> FieldSpec {
    FieldSpec {
        validation: Some(validation.into()),
        ..spec
    }
}

fn multi(name: &str) -> FieldSpec {
    FieldSpec {
        is_multi: true,
        ..spec(FieldKind::Text, name)
    }
}

async fn checked(
    config: Vec<FieldSpec>,
    values: &[(&str, Value)],
    hooks: &Fake,
) -> Result<Answers, FieldErrors> {
    let form = build(&manifest(config), false, hooks).await;
    check(&form, &posted(values), hooks).await
}

/// What becomes of one field, `f`: its answer or its error.
async fn field(spec: FieldSpec, value: Option<Value>) -> Result<Value, String> {
    let hooks = Fake::default()
        .returning("fine", json!(null))
        .returning("bad", json!("Too bad."))
        .returning("odd", json!(true))
        .raising("broken");
    let values: Vec<_> = value.into_iter().map(|value| ("f", value)).collect();
    match checked(vec![spec], &values, &hooks).await {
        Ok(answers) => Ok(answers.0["f"].clone()),
        Err(errors) => Err(errors["f"].clone()),
    }
}

#[tokio::test]
async fn each_sort_of_field_takes_and_refuses_what_it_should() {
    let plain = || spec(FieldKind::Text, "f");
    let check = || spec(FieldKind::Check, "f");
    let choice = || options("f", &[("a", &[]), ("b", &[])]);
    let empty = "This field can't be empty.";
    let control = "Control characters aren't allowed.";
    let not_offered = "This isn't one of the options.";
    for (spec, value, expected) in [
        (plain(), None, Ok(text(""))),
        (plain(), Some(text(" x ")), Ok(text(" x "))),
        (required(plain()), None, Err(empty)),
        (required(plain()), Some(text("")), Err(empty)),
        (required(plain()), Some(text(" ")), Ok(text(" "))),
        (plain(), Some(text("a\nb")), Err(control)),
        (plain(), Some(text("a\u{7f}")), Err(control)),
        (
            plain(),
            Some(list(&["a", "b"])),
            Err("This has to be one text."),
        ),
        (
            multi("f"),
            Some(list(&[" a ", "", " ", "b c"])),
            Ok(list(&["a", "b c"])),
        ),
        (multi("f"), Some(text("a")), Ok(list(&["a"]))),
        (multi("f"), Some(list(&["a", "b\0"])), Err(control)),
        (required(multi("f")), Some(list(&[" "])), Err(empty)),
        (required(check()), None, Ok(text("off"))),
        (check(), Some(text("on")), Ok(text("on"))),
        (check(), Some(text("yes")), Ok(text("on"))),
        (check(), Some(text("$(x)")), Err(not_offered)),
        (choice(), Some(text("b")), Ok(text("b"))),
        (choice(), Some(text("c")), Err(not_offered)),
        (choice(), None, Ok(text(""))),
        (required(choice()), None, Err(empty)),
    ] {
        let what = format!("{:?} {value:?}", spec.kind);
        let expected = expected.map_err(str::to_owned);
        assert_eq!(field(spec, value).await, expected, "{what}");
    }
}

#[tokio::test]
async fn built_in_validations_say_what_the_original_says() {
    let plain = || spec(FieldKind::Text, "f");
    let fqdn = "Incorrect FQDN.";
    let ip = "Incorrect IP address.";
    for (spec, validation, value, expected) in [
        (plain(), "fqdn", text("mail.example.com"), None),
        (plain(), "fqdn", text("-a..b.co"), None),
        (plain(), "fqdn", text("Mail.example.com"), Some(fqdn)),
        (plain(), "fqdn", text("example"), Some(fqdn)),
        (plain(), "fqdn", text(".com"), Some(fqdn)),
        (plain(), "fqdn", text("a.c"), Some(fqdn)),
        (plain(), "fqdn", text("a.c0m"), Some(fqdn)),
        (plain(), "fqdn", text(""), None),
        (multi("f"), "fqdn", list(&["a.com", "b"]), Some(fqdn)),
        (plain(), "ip", text("10.0.0.1"), None),
        (plain(), "ip", text("10.0.0.256"), Some(ip)),
        (plain(), "ip", text("::1"), Some(ip)),
        (multi("f"), "ip", list(&["10.0.0.1", "10.0.0.2"]), None),
        (multi("f"), "ip", list(&["10.0.0.1", "x"]), Some(ip)),
        (
            plain(),
            "network",
            text("10.0.0.0/8"),
            Some("Incorrect IP or netmask address."),
        ),
        (plain(), "fine", text("x"), None),
        (plain(), "bad", text("x"), Some("Too bad.")),
        (plain(), "bad", text(""), None),
        (plain(), "odd", text("x"), Some("This isn't accepted.")),
        (
            plain(),
            "broken",
            text("x"),
            Some("This couldn't be checked: broken() failed: KeyError: 'x'"),
        ),
        (plain(), "country_code", text("x"), None),
    ] {
        let what = format!("{validation} {value:?}");
        let found = field(valid(spec, validation), Some(value)).await.err();
        assert_eq!(found.as_deref(), expected, "{what}");
    }
}

#[tokio::test]
async fn networks_are_checked_without_being_told_to_and_written_in_full() {
    let network = || spec(FieldKind::Network, "f");
    let pair = ("10.1.2.3", "255.0.0.0");
    for (spec, value, expected) in [
        (network(), networks(&[pair]), Ok(networks(&[pair]))),
        (
            network(),
            networks(&[("10.1.2.3", "8"), ("", " ")]),
            Ok(networks(&[pair])),
        ),
        (network(), list(&["10.1.2.3/8"]), Ok(networks(&[pair]))),
        (network(), networks(&[("", "")]), Ok(networks(&[]))),
        (
            network(),
            networks(&[("999.1.1.1", "8")]),
            Err("Incorrect IP address."),
        ),
        (
            network(),
            networks(&[pair, ("10.0.0.0", "")]),
            Err("Incorrect netmask address."),
        ),
        (
            network(),
            networks(&[("10.0.0.0", "255.0.255.0")]),
            Err("Incorrect netmask address."),
        ),
        (
            required(network()),
            networks(&[]),
            Err("This field can't be empty."),
        ),
        (
            valid(network(), "network"),
            networks(&[pair]),
            Ok(networks(&[pair])),
        ),
        (valid(network(), "bad"), networks(&[pair]), Err("Too bad.")),
    ] {
        let what = format!("{value:?}");
        assert_eq!(
            field(spec, Some(value)).await,
            expected.map_err(str::to_owned),
            "{what}"
        );
    }
}

#[tokio::test]
async fn passwords_are_compared_whatever_their_name() {
    let password = || spec(FieldKind::Password, "f");
    let unconfirmed = || FieldSpec {
        confirm: false,
        ..password()
    };
    let set = || with_default(FieldKind::Password, "f", json!("before"));
    let mismatch = Some("Password mismatch.");
    for (spec, first, second, expected) in [
        (password(), Some("secret"), Some("secret"), None),
        (password(), Some("secret"), Some("other"), mismatch),
        (password(), Some("secret"), None, mismatch),
        (password(), None, Some("secret"), mismatch),
        (password(), None, None, None),
        (
            required(password()),
            Some(""),
            Some(""),
            Some("This field can't be empty."),
        ),
        (unconfirmed(), Some("secret"), None, None),
        (required(set()), None, None, None),
        (set(), Some("new"), Some("nwe"), mismatch),
        (
            valid(password(), "fine"),
            Some("secret"),
            Some("other"),
            mismatch,
        ),
        (
            valid(password(), "bad"),
            Some("secret"),
            Some("other"),
            Some("Too bad."),
        ),
        (
            FieldSpec {
                kind: FieldKind::Text,
                ..password()
            },
            Some("x"),
            None,
            None,
        ),
    ] {
        let hooks = Fake::default()
            .returning("fine", json!(""))
            .returning("bad", json!("Too bad."));
        let values: Vec<_> = [("f", first), ("f2", second)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, text(value?))))
            .collect();
        let what = format!("{first:?} {second:?}");
        let found = checked(vec![spec], &values, &hooks).await;
        assert_eq!(
            found.err().as_ref().map(|errors| errors["f"].as_str()),
            expected,
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_password_that_is_set_is_used_until_another_is_typed() {
    let form = build(
        &manifest(vec![with_default(
            FieldKind::Password,
            "f",
            json!("before"),
        )]),
        false,
        &NoCode,
    )
    .await;
    let kept = check(
        &form,
        &posted(&[("f", text("")), ("f2", text(""))]),
        &NoCode,
    )
    .await
    .unwrap();
    assert_eq!(kept.0["f"], text("before"));
    let typed = posted(&[("f", text("after")), ("f2", text("after"))]);
    let typed = check(&form, &typed, &NoCode).await.unwrap();
    assert_eq!(typed.0["f"], text("after"));
    assert_eq!(secrets(&form, &typed), ["after", "before"]);
    assert!(!format!("{typed:?}").contains("after"));
}

#[tokio::test]
async fn what_a_validator_says_of_a_password_does_not_quote_it() {
    let hooks = Fake::default().with("strong", |arguments| {
        Err(format!("ValueError: {}", arguments[0]))
    });
    let spec = FieldSpec {
        confirm: false,
        ..valid(spec(FieldKind::Password, "f"), "strong")
    };
    let errors = checked(vec![spec], &[("f", text("canary"))], &hooks)
        .await
        .unwrap_err();
    assert_eq!(
        errors["f"],
        "This couldn't be checked: strong() failed: ValueError: \"••••••\""
    );
}

#[tokio::test]
async fn what_cannot_be_changed_goes_back_as_it_was_whatever_is_posted() {
    let mut hidden = with_default(FieldKind::Text, "hidden", json!("kept"));
    hidden.is_hidden = true;
    let mut edit = with_default(FieldKind::Password, "edit", json!("kept"));
    edit.edit_if_unconfigured = true;
    let mut show = with_default(FieldKind::Network, "show", json!([["10.0.0.0", "8"]]));
    show.show_if_unconfigured = true;
    let form = build(&manifest(vec![hidden, edit, show]), true, &NoCode).await;
    let values = posted(&[
        ("hidden", text("x")),
        ("edit", text("x")),
        ("show", networks(&[])),
    ]);
    let answers = check(&form, &values, &NoCode).await.unwrap();
    assert_eq!(answers.0["hidden"], text("kept"));
    assert_eq!(answers.0["edit"], text("kept"));
    assert_eq!(answers.0["show"], networks(&[("10.0.0.0", "255.0.0.0")]));
    assert!(!form.asks());
}

#[tokio::test]
async fn fields_of_another_choice_are_empty_and_nobody_asks_for_them() {
    let config = || {
        vec![
            options(
                "method",
                &[
                    ("dhcp", &[]),
                    ("static", &["ip", "inner", "both"]),
                    ("other", &["both"]),
                ],
            ),
            required(valid(spec(FieldKind::Text, "ip"), "ip")),
            options("inner", &[("x", &["deep"]), ("y", &[])]),
            required(spec(FieldKind::Text, "deep")),
            required(spec(FieldKind::Text, "both")),
        ]
    };
    let given = |method| {
        vec![
            ("method", text(method)),
            ("ip", text("junk")),
            ("inner", text("x")),
            ("both", text("b")),
        ]
    };
    let hooks = Fake::default();
    let answers = checked(config(), &given("dhcp"), &hooks).await.unwrap();
    assert!(
        ["ip", "inner", "deep", "both"]
            .iter()
            .all(|name| answers.0[*name].is_empty())
    );
    let answers = checked(config(), &given("other"), &hooks).await.unwrap();
    assert_eq!(answers.0["both"], text("b"));
    let errors = checked(config(), &given("static"), &hooks)
        .await
        .unwrap_err();
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["deep", "ip"]);
}

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
            .map(|(name, text)| (name.as_str(), text.as_str()))
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
