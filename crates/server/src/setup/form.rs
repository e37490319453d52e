//! Forms as the wire has them. A password's value is in none of them.

use contara_manifest::{FieldKind, FieldOption};
use contara_setup::form::{Form, FormField, Value};
use serde::Serialize;
use utoipa::ToSchema;

use crate::reader::Reader;

/// What one module asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SetupForm {
    /// The module's.
    slug: String,
    /// The module's name for people.
    name: String,
    /// In the order in which they are shown.
    fields: Vec<SetupField>,
    /// What went wrong while it was built, for people.
    problems: Vec<String>,
}

/// A field of a form. Everything in it is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SetupField {
    /// Under which it is answered; only a heading may have none.
    name: Option<String>,
    /// `text`, `password`, `check`, `options`, `network` or `subtitle` (a heading).
    r#type: &'static str,
    label: String,
    help: String,
    /// What stands in it: text (`on` or `off` for a check), texts if `multi`, or networks. Always empty for a password.
    value: SetupValue,
    /// A password has a value already, which stays if nothing is answered.
    is_set: bool,
    required: bool,
    /// It is shown as text and goes back as it is.
    read_only: bool,
    /// It isn't shown and goes back as it is.
    hidden: bool,
    /// A text field takes several values.
    multi: bool,
    /// A password is to be typed twice; the repetition comes under `name` and `2`.
    confirm: bool,
    /// The script gets networks as `a.b.c.d/255.255.255.0`; else as `a.b.c.d/24`.
    long: bool,
    /// A hint: how many characters wide it is.
    size: Option<u32>,
    /// What can be chosen.
    options: Vec<SetupOption>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum SetupValue {
    /// Of most fields.
    Text(String),
    /// Of a text field with `multi`.
    List(Vec<String>),
    /// Of a network field.
    Networks(Vec<SetupNetwork>),
}

/// An address and a mask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SetupNetwork {
    ip: String,
    mask: String,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SetupOption {
    /// For people.
    name: String,
    /// What is answered.
    value: String,
    /// Names of the fields of this form that are shown only while this one is chosen.
    toggle: Vec<String>,
}

impl SetupForm {
    pub(crate) fn of(form: &Form, reader: &Reader) -> Self {
        let problems = form.problems.iter();
        Self {
            slug: form.slug.clone(),
            name: form.name.clone(),
            fields: form.fields.iter().map(SetupField::of).collect(),
            problems: problems.map(|one| reader.say(one)).collect(),
        }
    }
}

impl SetupField {
    fn of(field: &FormField) -> Self {
        let spec = &field.spec;
        Self {
            name: spec.name.clone(),
            r#type: kind(spec.kind),
            label: spec.label.clone(),
            help: spec.help.clone(),
            value: value(spec.kind, &field.value),
            is_set: field.is_set,
            required: field.is_required,
            read_only: field.is_read_only,
            hidden: field.is_hidden,
            multi: spec.is_multi,
            confirm: spec.confirm,
            long: spec.is_long,
            size: spec.size,
            options: spec.options.iter().map(SetupOption::of).collect(),
        }
    }
}

impl SetupOption {
    fn of(option: &FieldOption) -> Self {
        Self {
            name: option.name.clone(),
            value: option.value.clone(),
            toggle: option.toggle.clone(),
        }
    }
}

fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Password => "password",
        FieldKind::Check => "check",
        FieldKind::Options => "options",
        FieldKind::Network => "network",
        // A custom field is replaced by what its hook generates; one that is left over has nothing to be filled in.
        FieldKind::Subtitle | FieldKind::Custom => "subtitle",
    }
}

fn value(kind: FieldKind, value: &Value) -> SetupValue {
    match value {
        // Whatever the form holds: no password leaves the machine.
        _ if kind == FieldKind::Password => SetupValue::Text(String::new()),
        Value::Text(text) => SetupValue::Text(text.clone()),
        Value::List(list) => SetupValue::List(list.clone()),
        Value::Networks(pairs) => {
            let pairs = pairs.iter().cloned();
            SetupValue::Networks(pairs.map(|(ip, mask)| SetupNetwork { ip, mask }).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use contara_manifest::FieldSpec;
    use serde_json::json;

    use super::*;

    fn field(spec: FieldSpec, value: Value) -> FormField {
        FormField {
            spec,
            value,
            secret: None,
            is_set: true,
            is_required: true,
            is_read_only: false,
            is_hidden: false,
        }
    }

    #[test]
    fn a_passwords_value_is_never_shown() {
        let spec = FieldSpec {
            kind: FieldKind::Password,
            name: Some("secret".into()),
            ..FieldSpec::default()
        };
        let shown = SetupField::of(&field(spec, Value::Text("geheim".into())));
        let shown = serde_json::to_value(shown).expect("it is JSON");
        assert_eq!(
            (&shown["value"], &shown["is_set"]),
            (&json!(""), &json!(true))
        );
    }

    #[test]
    fn networks_are_pairs_with_names() {
        let spec = FieldSpec {
            kind: FieldKind::Network,
            ..FieldSpec::default()
        };
        let networks = Value::Networks(vec![("192.0.2.0".into(), "255.255.255.0".into())]);
        let shown = serde_json::to_value(SetupField::of(&field(spec, networks))).expect("JSON");
        assert_eq!(
            shown["value"],
            json!([{"ip": "192.0.2.0", "mask": "255.255.255.0"}])
        );
        assert_eq!(shown["type"], "network");
    }
}
