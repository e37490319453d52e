//! What a worker answers to `load`: what there is to know of a module's class.

use std::collections::BTreeMap;

use contara_ui_tree::{FieldError, Fields, Limits, Tree};
use serde::Deserialize;

use super::from_worker::BadMessage;

/// The value of the answer to `load`.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The names of its actions, sorted.
    pub actions: Vec<String>,
    /// By action: a map `{description, params, confirm, roles, timeout, concurrent}`.
    pub schemas: Tree,
    /// By action: the part of its schema that the host acts upon.
    pub times: BTreeMap<String, ActionTimes>,
    /// The JSON Schema of its settings; `None` if it has none.
    pub settings: Option<Tree>,
    /// Whether its last state is to be kept.
    pub persist: bool,
    /// Why the state that it was given no longer fits.
    pub state_problem: Option<String>,
    /// Why the settings that it was given no longer fit.
    pub settings_problem: Option<String>,
}

/// The part of an action's schema that the host acts upon.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
pub struct ActionTimes {
    /// Seconds that it may take; `None` for as long as it likes.
    #[serde(default)]
    pub timeout: Option<f64>,
}

impl Default for Loaded {
    fn default() -> Self {
        Self {
            actions: Vec::new(),
            schemas: Tree::empty_map(),
            times: BTreeMap::new(),
            settings: None,
            persist: false,
            state_problem: None,
            settings_problem: None,
        }
    }
}

impl Loaded {
    /// Reads the answer's value. An older worker's has less in it.
    ///
    /// # Errors
    /// It isn't what an answer to `load` is.
    pub fn of(value: &Tree) -> Result<Self, BadMessage> {
        let fields = Fields::of(value.as_msgpack().clone(), Limits::default())
            .map_err(BadMessage::NotAMap)?;
        Self::from_fields(&fields).map_err(|reason| BadMessage::Malformed {
            kind: "answer".into(),
            reason,
        })
    }

    fn from_fields(fields: &Fields) -> Result<Self, FieldError> {
        Ok(Self {
            actions: fields.get_or_default("actions")?,
            schemas: fields.tree("schemas").unwrap_or_else(Tree::empty_map),
            times: fields.get_or_default("schemas")?,
            settings: fields.tree("settings"),
            persist: fields.get_or_default("persist")?,
            state_problem: fields.get_or_default("state_problem")?,
            settings_problem: fields.get_or_default("settings_problem")?,
        })
    }
}
