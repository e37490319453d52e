//! What a setup module asks: one typed description for the web client, the command line and the API; and what was answered.

use std::collections::BTreeMap;

use contara_manifest::FieldSpec;

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
    pub problems: Vec<String>,
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
    /// Whether something has to be answered (`require`, less what `show_if_unconfigured` takes away).
    pub is_required: bool,
    /// Whether it is shown as text and goes back as it is (`edit_if_unconfigured` of a configured module).
    pub is_read_only: bool,
    /// Whether it isn't shown and goes back as it is (`hidden`, `show_if_unconfigured` of a configured module).
    pub is_hidden: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, password, option, or `on`/`off` of a check.
    Text(String),
    /// Of a text field with `multi`.
    List(Vec<String>),
    /// Pairs of address and mask of a network field.
    Networks(Vec<(String, String)>),
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
