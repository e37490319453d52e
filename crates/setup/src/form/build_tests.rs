//! Forms that are built: what stands in their fields, and what hooks are asked for it.

use contara_manifest::{FieldKind, FieldSpec};
use serde_json::{Value as Json, json};

use super::fake::{Fake, manifest, spec, with_default};
use super::{Form, Secret, Value, build};
use crate::hooks::NoCode;

const NEW: bool = false;
const CONFIGURED: bool = true;

async fn one(spec: FieldSpec, is_configured: bool, hooks: Fake) -> (Form, Fake) {
    let form = build(&manifest(vec![spec]), is_configured, &hooks).await;
    (form, hooks)
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn problems(form: &Form) -> Vec<String> {
    form.problems.iter().map(ToString::to_string).collect()
}

fn names(form: &Form) -> Vec<&str> {
    let name = |field: &'_ super::FormField| field.spec.name.clone().map(String::leak).map(|x| &*x);
    form.fields.iter().filter_map(name).collect()
}

#[tokio::test]
async fn a_default_is_a_literal_or_what_its_function_returns_whether_configured_or_not() {
    for is_configured in [NEW, CONFIGURED] {
        for (default, function, expected) in [
            (json!("25"), None, text("25")),
            (json!("get_hostname"), None, text("get_hostname")),
            (json!("get_hostname"), Some(json!("box")), text("box")),
            (json!("get_hostname"), Some(json!("box\n")), text("box")),
            (json!("get_hostname"), Some(json!(null)), text("")),
            (json!(7), None, text("7")),
        ] {
            let hooks = match function {
                Some(value) => Fake::default().returning("get_hostname", value),
                None => Fake::default(),
            };
            let spec = with_default(FieldKind::Text, "host", default);
            let (form, hooks) = one(spec, is_configured, hooks).await;
            assert_eq!(form.fields[0].value, expected);
            assert_eq!(problems(&form), [""; 0]);
            let calls = hooks.calls.into_inner().unwrap();
            assert!(
                calls
                    .iter()
                    .all(|(_, arguments, with_module)| arguments.is_empty() && *with_module)
            );
        }
    }
}

#[tokio::test]
async fn a_function_that_raises_leaves_the_field_empty_and_a_problem() {
    let spec = with_default(FieldKind::Text, "host", json!("get_hostname"));
    let (form, _) = one(spec, NEW, Fake::default().raising("get_hostname")).await;
    assert_eq!(form.fields[0].value, text(""));
    assert_eq!(problems(&form), ["get_hostname() failed: KeyError: 'x'"]);
}

#[tokio::test]
async fn current_values_count_when_configured_and_only_if_there_is_something() {
    for (is_configured, current, expected) in [
        (CONFIGURED, json!({"host": "now"}), "now"),
        (NEW, json!({"host": "now"}), "default"),
        (CONFIGURED, json!({"host": ""}), "default"),
        (CONFIGURED, json!({"host": []}), "default"),
        (CONFIGURED, json!({}), "default"),
        (CONFIGURED, json!(null), "default"),
        (CONFIGURED, json!(["host"]), "default"),
    ] {
        let hooks = Fake::default().returning("get_current_config", current.clone());
        let spec = with_default(FieldKind::Text, "host", json!("default"));
        let (form, hooks) = one(spec, is_configured, hooks).await;
        assert_eq!(form.fields[0].value, text(expected), "{current}");
        let calls = hooks.calls.into_inner().unwrap();
        assert_eq!(calls, [("get_current_config".to_owned(), vec![], true)]);
    }
}

#[tokio::test]
async fn current_values_that_cannot_be_had_are_a_problem_of_a_module_that_needs_them() {
    for (is_configured, problems) in [(CONFIGURED, 1), (NEW, 0)] {
        let spec = with_default(FieldKind::Text, "host", json!("default"));
        let (form, _) = one(
            spec,
            is_configured,
            Fake::default().raising("get_current_config"),
        )
        .await;
        assert_eq!(form.fields[0].value, text("default"));
        assert_eq!(form.problems.len(), problems);
    }
}

#[tokio::test]
async fn lists_networks_and_checks_have_their_own_defaults() {
    let mut list = with_default(FieldKind::Text, "list", json!("a; b"));
    list.is_multi = true;
    let config = vec![
        list,
        with_default(FieldKind::Network, "nets", json!("get_networks")),
        with_default(FieldKind::Check, "lan", json!("on")),
        spec(FieldKind::Check, "wan"),
    ];
    let hooks = Fake::default().returning("get_networks", json!([["10.0.0.0", "255.0.0.0"]]));
    let form = build(&manifest(config), NEW, &hooks).await;
    let values: Vec<_> = form
        .fields
        .iter()
        .map(|field| field.value.clone())
        .collect();
    assert_eq!(
        values,
        [
            Value::List(vec!["a".into(), " b".into()]),
            Value::Networks(vec![("10.0.0.0".into(), "255.0.0.0".into())]),
            text("on"),
            text("off"),
        ]
    );
}

#[tokio::test]
async fn a_password_is_never_in_the_form_where_somebody_could_read_it() {
    let config = vec![with_default(FieldKind::Password, "passwd", json!("canary"))];
    let form = build(&manifest(config), NEW, &NoCode).await;
    let field = &form.fields[0];
    assert_eq!((&field.value, field.is_set), (&text(""), true));
    assert_eq!(field.secret, Some(Secret("canary".into())));
    assert!(!format!("{form:?}").contains("canary"));
    let form = build(
        &manifest(vec![spec(FieldKind::Password, "passwd")]),
        NEW,
        &NoCode,
    )
    .await;
    assert!(!form.fields[0].is_set);
}

#[tokio::test]
async fn fields_for_the_first_time_only_are_hidden_or_read_only_afterwards() {
    let mut show = with_default(FieldKind::Password, "show", json!("x"));
    (show.show_if_unconfigured, show.require) = (true, true);
    let mut edit = with_default(FieldKind::Text, "edit", json!("x"));
    (edit.edit_if_unconfigured, edit.require) = (true, true);
    let mut hidden = spec(FieldKind::Text, "hidden");
    hidden.is_hidden = true;
    let mut not_hidden = spec(FieldKind::Check, "not_hidden");
    not_hidden.is_hidden = true;
    let manifest = manifest(vec![show, edit, hidden, not_hidden]);
    for (is_configured, expected) in [
        (
            NEW,
            [
                (false, false, true),
                (false, false, true),
                (true, false, false),
                (false, false, false),
            ],
        ),
        (
            CONFIGURED,
            [
                (true, false, false),
                (false, true, false),
                (true, false, false),
                (false, false, false),
            ],
        ),
    ] {
        let form = build(&manifest, is_configured, &NoCode).await;
        let states = form
            .fields
            .iter()
            .map(|field| (field.is_hidden, field.is_read_only, field.is_required));
        assert_eq!(states.collect::<Vec<_>>(), expected);
        assert!(form.asks());
    }
    assert!(
        manifest
            .config
            .as_ref()
            .is_some_and(|config| config[0].require),
        "the manifest stays as it is"
    );
}

#[tokio::test]
async fn what_a_custom_field_returns_becomes_the_whole_list() {
    let config = vec![
        with_default(FieldKind::Text, "first", json!("get_first")),
        spec(FieldKind::Password, "second"),
        spec(FieldKind::Custom, "more"),
        with_default(FieldKind::Text, "last", json!("z")),
    ];
    let generate = |arguments: &[Json]| {
        let fields = arguments[0].as_array().unwrap();
        assert_eq!(
            fields[0],
            json!({"name": "first", "slug": "it", "default": "1st"})
        );
        let more =
            json!({"type": "text", "name": "more", "default": "get_first", "require": "yes"});
        let title = json!({"type": "subtitle", "label": "More"});
        Ok(json!([fields[1], title, more, fields[0], {"type": "text"}]))
    };
    let hooks = Fake::default()
        .returning("get_current_config", json!({"more": "now"}))
        .returning("get_first", json!("1st"))
        .with("get_more_config", generate);
    let form = build(&manifest(config), CONFIGURED, &hooks).await;
    assert_eq!(names(&form), ["second", "more", "first", "last"]);
    assert_eq!(form.fields[1].spec.kind, FieldKind::Subtitle);
    let more = &form.fields[2];
    assert_eq!(
        more.value,
        text("get_first"),
        "neither current values nor functions"
    );
    assert!(more.is_required);
    assert_eq!(form.fields[3].value, text("1st"));
    assert_eq!(form.fields[4].value, text("z"));
    assert_eq!(
        problems(&form),
        [
            "get_more_config() returned a field that is left out: Missing required field: name: found an object without name, expected the field name"
        ]
    );
    let calls = hooks.calls.into_inner().unwrap();
    assert!(
        calls
            .iter()
            .any(|(name, _, with_module)| name == "get_more_config" && !with_module)
    );
}

#[tokio::test]
async fn a_custom_field_that_fails_is_left_out_and_the_rest_goes_on() {
    let config = || {
        vec![
            spec(FieldKind::Text, "first"),
            spec(FieldKind::Custom, "more"),
            spec(FieldKind::Text, "last"),
        ]
    };
    for (hooks, problem) in [
        (Fake::default(), "no function get_more_config()"),
        (
            Fake::default().raising("get_more_config"),
            "get_more_config() failed",
        ),
        (
            Fake::default().returning("get_more_config", json!(null)),
            "didn't return a list",
        ),
    ] {
        let form = build(&manifest(config()), NEW, &hooks).await;
        assert_eq!(names(&form), ["first", "last"]);
        assert!(
            form.problems.len() == 1 && problems(&form)[0].contains(problem),
            "{:?}",
            form.problems
        );
    }
}

#[tokio::test]
async fn what_is_typed_twice_takes_no_other_fields_place() {
    let config = vec![
        spec(FieldKind::Text, "word2"),
        spec(FieldKind::Password, "word"),
        spec(FieldKind::Password, "other"),
    ];
    let config = config.into_iter().map(|field| FieldSpec {
        confirm: true,
        ..field
    });
    let form = build(&manifest(config.collect()), NEW, &NoCode).await;
    let confirmed = form.fields.iter().map(|field| field.spec.confirm);
    assert_eq!(confirmed.collect::<Vec<_>>(), [true, false, true]);
}

#[tokio::test]
async fn all_is_asked_as_at_first_where_current_values_cannot_be_had() {
    let mut show = spec(FieldKind::Password, "show");
    (show.show_if_unconfigured, show.require) = (true, true);
    let mut edit = spec(FieldKind::Text, "edit");
    edit.edit_if_unconfigured = true;
    let manifest = manifest(vec![show, edit]);
    let states = |form: &Form| {
        let states = form.fields.iter();
        let states = states.map(|field| (field.is_hidden, field.is_read_only, field.is_required));
        states.collect::<Vec<_>>()
    };
    let failing = Fake::default().raising("get_current_config");
    let form = build(&manifest, CONFIGURED, &failing).await;
    assert_eq!(states(&form), [(false, false, true), (false, false, false)]);
    assert_eq!(form.problems.len(), 1, "{:?}", form.problems);
    let telling = Fake::default().returning("get_current_config", json!({"edit": "now"}));
    let form = build(&manifest, CONFIGURED, &telling).await;
    assert_eq!(states(&form), [(true, false, false), (false, true, false)]);
}

#[tokio::test]
async fn passwords_that_hooks_tell_are_known_to_the_form_and_hidden_in_its_problems() {
    let config = vec![
        with_default(FieldKind::Password, "word", json!("get_word")),
        spec(FieldKind::Custom, "more"),
    ];
    let hooks = Fake::default()
        .returning("get_current_config", json!({"word": "canary-now"}))
        .returning("get_word", json!("canary-default"))
        .with("get_more_config", |_| {
            Err("ValueError: neither canary-now nor canary-default".to_owned())
        });
    let form = build(&manifest(config), NEW, &hooks).await;
    let known: Vec<_> = form
        .secrets
        .iter()
        .map(|secret| secret.0.as_str())
        .collect();
    assert_eq!(known, ["canary-now", "canary-default"]);
    assert!(
        problems(&form)[0].ends_with("neither •••••• nor ••••••"),
        "{:?}",
        form.problems
    );
}
