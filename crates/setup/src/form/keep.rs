//! What becomes of answers beside the script's arguments: some are kept, secrets never.

use std::collections::{BTreeMap, BTreeSet};

use contara_manifest::FieldKind;
use serde::{Deserialize, Serialize};

use super::{Answers, Form, FormField, Value};

/// The answers that other modules may ask for by name (`store`). Passwords are none of those.
#[must_use]
pub fn stored(form: &Form, answers: &Answers) -> BTreeMap<String, Value> {
    public(form, answers)
        .filter(|(_, field, _)| field.spec.store)
        .map(|(name, _, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// The answers that may be written down, to be offered again: all but passwords.
#[must_use]
pub fn kept(form: &Form, answers: &Answers) -> BTreeMap<String, Value> {
    public(form, answers)
        .map(|(name, _, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// The form with answers from before in it. Those that no longer fit are left out.
#[must_use]
pub fn with_kept(mut form: Form, kept: &BTreeMap<String, Value>) -> Form {
    for field in &mut form.fields {
        let value = field.spec.name.as_ref().and_then(|name| kept.get(name));
        if let Some(value) = value.filter(|value| fits(field, value)) {
            field.value = value.clone();
        }
    }
    form
}

/// All that has to be masked wherever it might turn up: answers of passwords, and the values that they had before.
#[must_use]
pub fn secrets(form: &Form, answers: &Answers) -> Vec<String> {
    let answered = secret_names(form).into_iter();
    let answered = answered.filter_map(|name| match answers.0.get(name)? {
        Value::Text(text) => Some(text.clone()),
        Value::List(_) | Value::Networks(_) => None,
    });
    let before = form.secrets.iter().map(|secret| secret.0.clone());
    let found: BTreeSet<_> = before.chain(answered).collect();
    found.into_iter().filter(|text| !text.is_empty()).collect()
}

/// The names of password fields. A generated field may have the name of another one, and so share its answer.
pub(super) fn secret_names(form: &Form) -> BTreeSet<&str> {
    let secrets = form.named().filter(|(_, field)| is_secret(field));
    secrets.map(|(name, _)| name).collect()
}

/// An answer as people read it, and what tells whether another one is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Shown {
    /// They are one.
    Text(String),
    /// A chosen option, whose name depends on the language that it was read in.
    Option {
        /// As it was read.
        name: String,
        /// As scripts get it.
        value: String,
    },
}

impl Shown {
    /// As people read it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Option { name: text, .. } => text,
        }
    }

    /// Whether the same was answered, as far as anybody can tell.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Option { value, .. }, Self::Option { value: other, .. }) => value == other,
            _ => self.text() == other.text(),
        }
    }
}

/// What was answered as people read it, by field: passwords only as `set`.
#[must_use]
pub fn shown(form: &Form, answers: &Answers) -> BTreeMap<String, Shown> {
    let secrets = secret_names(form);
    let text = |(name, field): (&str, &FormField)| {
        let value = answers.0.get(name)?;
        let text = match value {
            value if secrets.contains(name) && value.is_empty() => String::new(),
            _ if secrets.contains(name) => "set".into(),
            Value::Text(text) => return Some((name.to_owned(), chosen(field, text))),
            Value::List(texts) => texts.join(", "),
            Value::Networks(networks) => {
                let networks = networks.iter().map(|(ip, mask)| format!("{ip}/{mask}"));
                networks.collect::<Vec<_>>().join(", ")
            }
        };
        Some((name.to_owned(), Shown::Text(text)))
    };
    form.named().filter_map(text).collect()
}

fn public<'f>(
    form: &'f Form,
    answers: &'f Answers,
) -> impl Iterator<Item = (&'f str, &'f FormField, &'f Value)> {
    let secrets = secret_names(form);
    let open = form
        .named()
        .filter(move |(name, _)| !secrets.contains(name));
    open.filter_map(|(name, field)| Some((name, field, answers.0.get(name)?)))
}

fn is_secret(field: &FormField) -> bool {
    field.spec.kind == FieldKind::Password
}

fn fits(field: &FormField, value: &Value) -> bool {
    let can_change = !is_secret(field) && !field.is_hidden && !field.is_read_only;
    let is_same_shape = std::mem::discriminant(&field.value) == std::mem::discriminant(value);
    can_change && is_same_shape && is_offered(field, value)
}

fn is_offered(field: &FormField, value: &Value) -> bool {
    let Value::Text(text) = value else {
        return true;
    };
    let mut options = field.spec.options.iter();
    field.spec.kind != FieldKind::Options || options.any(|option| option.value == *text)
}

fn chosen(field: &FormField, value: &str) -> Shown {
    let mut options = field.spec.options.iter();
    let chosen = options.find(|option| option.value == value);
    match chosen.map(|option| option.name.clone()) {
        Some(name) if field.spec.kind == FieldKind::Options => Shown::Option {
            name,
            value: value.to_owned(),
        },
        _ => Shown::Text(value.to_owned()),
    }
}
