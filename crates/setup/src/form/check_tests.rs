//! Answers that are checked: what is refused, and with which words.

use contara_manifest::{FieldKind, FieldSpec};
use serde_json::json;

use super::fake::{
    Fake, list, manifest, multi, networks, options, posted, required, spec, text, valid,
    with_default,
};
use super::{Answers, FieldErrors, Secret, Value, build, check, secrets};
use crate::hooks::NoCode;

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
async fn what_the_check_of_another_field_says_does_not_quote_a_password() {
    let hooks = Fake::default().with("known", |_| {
        Err("ValueError: neither canary-now nor canary-before nor x7".to_owned())
    });
    let password = |name| FieldSpec {
        confirm: false,
        ..spec(FieldKind::Password, name)
    };
    let config = vec![
        password("word"),
        password("short"),
        valid(spec(FieldKind::Text, "user"), "known"),
    ];
    let mut form = build(&manifest(config), false, &hooks).await;
    form.secrets.push(Secret("canary-before".into()));
    let typed = posted(&[
        ("word", text("canary-now")),
        ("short", text("x7")),
        ("user", text("ada")),
    ]);
    let errors = check(&form, &typed, &hooks).await.unwrap_err();
    assert!(
        errors["user"].ends_with("neither •••••• nor •••••• nor ••••••"),
        "{errors:?}"
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
            // Before the choice that switches it off.
            options("inner", &[("x", &["deep"]), ("y", &[])]),
            options(
                "method",
                &[
                    ("dhcp", &[]),
                    ("static", &["ip", "inner", "both", "pw"]),
                    ("other", &["both"]),
                ],
            ),
            required(valid(spec(FieldKind::Text, "ip"), "ip")),
            required(spec(FieldKind::Text, "deep")),
            required(spec(FieldKind::Text, "both")),
            spec(FieldKind::Password, "pw"),
        ]
    };
    let given = |method| {
        vec![
            ("method", text(method)),
            ("ip", text("junk")),
            ("inner", text("x")),
            ("both", text("b")),
            ("pw", text("only once")),
        ]
    };
    let hooks = Fake::default();
    let answers = checked(config(), &given("dhcp"), &hooks).await.unwrap();
    assert!(
        ["ip", "inner", "deep", "both", "pw"]
            .iter()
            .all(|name| answers.0[*name].is_empty())
    );
    let answers = checked(config(), &given("other"), &hooks).await.unwrap();
    assert_eq!(answers.0["both"], text("b"));
    let errors = checked(config(), &given("static"), &hooks)
        .await
        .unwrap_err();
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["deep", "ip", "pw"]);
}
