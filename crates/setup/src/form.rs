//! What a setup module asks: one typed description for the web client, the command line and the API; and what was answered.
//!
//! The files beside this one build forms (`build`, with what stands in their fields in `values`), check
//! answers (`check`, `toggle`, `validation`, `network`) and turn them into what others need (`arguments`, `keep`).

mod arguments;
mod build;
mod check;
mod keep;
mod network;
mod toggle;
mod validation;
mod values;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod answers_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod build_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod check_tests;
#[cfg(test)]
pub(crate) mod fake;

use std::collections::BTreeMap;

use contara_i18n::Message;
use contara_manifest::{FieldKind, FieldSpec};
use serde::{Deserialize, Serialize};

pub use arguments::arguments;
pub use build::build;
pub use check::check;
pub use keep::{Shown, kept, secrets, shown, stored, with_kept};
pub use network::mask_of_prefix;
pub(crate) use validation::UNCHECKED;

/// What one module asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Of the module.
    pub slug: String,
    /// The module's name for people.
    pub name: String,
    /// In the order in which they are shown and checked.
    pub fields: Vec<FormField>,
    /// What went wrong while it was built, fit for people: a hook that raised, a field that can't be shown.
    pub problems: Vec<Message>,
    /// Passwords that were there before, and defaults of passwords, of fields that aren't shown too: to be hidden in all that the module
    /// says.
    pub secrets: Vec<Secret>,
}

/// A field as it is shown: everything is resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct FormField {
    /// As written or generated; names, texts and rules are taken from it.
    pub spec: FieldSpec,
    /// What stands in it before somebody answers: the current value, else the default, else empty. Always empty for passwords.
    pub value: Value,
    /// For a password: whether there is a current value, which is used when nothing is answered.
    pub is_set: bool,
    /// The current value of a password, else its default: used when nothing is answered, shown to nobody.
    pub secret: Option<Secret>,
    /// Whether something has to be answered (`require`, less what `show_if_unconfigured` takes away).
    pub is_required: bool,
    /// Whether it is shown as text and goes back as it is (`edit_if_unconfigured` of a configured module).
    pub is_read_only: bool,
    /// Whether it isn't shown and goes back as it is (`hidden`, `show_if_unconfigured` of a configured module).
    pub is_hidden: bool,
}

/// Text that goes into scripts and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text, password, option, or `on`/`off` of a check.
    Text(String),
    /// Of a text field with `multi`.
    List(Vec<String>),
    /// Pairs of address and mask of a network field.
    Networks(Vec<(String, String)>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl Form {
    /// Whether there is anything to answer: a field that is shown and can be changed.
    #[must_use]
    pub fn asks(&self) -> bool {
        let is_asked = |field: &FormField| {
            field.spec.kind != FieldKind::Subtitle && !field.is_hidden && !field.is_read_only
        };
        self.fields.iter().any(is_asked)
    }

    /// The fields that hold something, with their names.
    fn named(&self) -> impl Iterator<Item = (&str, &FormField)> {
        let holds = |field: &&FormField| field.spec.kind != FieldKind::Subtitle;
        let fields = self.fields.iter().filter(holds);
        fields.filter_map(|field| Some((field.spec.name.as_deref()?, field)))
    }
}

impl FormField {
    /// Whether several texts can be answered.
    #[must_use]
    pub fn is_list(&self) -> bool {
        is_list(&self.spec)
    }

    /// What it holds when it holds nothing.
    fn empty(&self) -> Value {
        match self.spec.kind {
            FieldKind::Network => Value::Networks(Vec::new()),
            FieldKind::Check => Value::Text("off".into()),
            _ if self.is_list() => Value::List(Vec::new()),
            _ => Value::Text(String::new()),
        }
    }

    /// What goes back when nobody can answer it.
    fn as_built(&self) -> Value {
        match &self.secret {
            Some(secret) => Value::Text(secret.0.clone()),
            None => self.value.clone(),
        }
    }
}

fn is_list(spec: &FieldSpec) -> bool {
    spec.is_multi && spec.kind == FieldKind::Text
}

impl Value {
    /// Whether it counts as no answer. A check is never empty, as `off` is text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(texts) => texts.is_empty(),
            Self::Networks(networks) => networks.is_empty(),
        }
    }

    /// As hooks get it and options are kept: text, a list of texts, or a list of pairs.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::List(texts) => texts.clone().into(),
            Self::Networks(networks) => networks
                .iter()
                .map(|(ip, mask)| serde_json::json!([ip, mask]))
                .collect(),
        }
    }
}

/// What was posted for one module: by field name; the repetition of a password under the field's name and `2`. Names that no
/// field has are ignored.
pub type Posted = BTreeMap<String, Value>;

/// What was accepted of one module: a value for each field with a name.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Answers(pub BTreeMap<String, Value>);

impl std::fmt::Debug for Answers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Answers(…)")
    }
}

/// What is wrong with the answers of one module: a sentence by field name. Empty if nothing is.
pub type FieldErrors = BTreeMap<String, String>;
