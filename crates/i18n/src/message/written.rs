//! Messages as the journal keeps them: a text if that is all, else with the values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Message, Value};

/// See the file's first lines. What was written before there were values is a text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Written {
    /// Only a template.
    Plain(String),
    /// A template and its values.
    Full {
        /// In English.
        template: String,
        /// By name.
        values: BTreeMap<String, Value>,
    },
}

impl From<Message> for Written {
    fn from(message: Message) -> Self {
        let template = message.template.into_owned();
        if message.values.is_empty() {
            return Self::Plain(template);
        }
        let values = message.values.into_iter();
        let values = values.map(|(name, value)| (name.into_owned(), value));
        Self::Full {
            template,
            values: values.collect(),
        }
    }
}

impl From<Written> for Message {
    fn from(written: Written) -> Self {
        match written {
            Written::Plain(text) => Self::of_text(text),
            Written::Full { template, values } => {
                let values = values.into_iter();
                Self {
                    template: template.into(),
                    values: Box::new(values.map(|(name, value)| (name.into(), value)).collect()),
                }
            }
        }
    }
}
