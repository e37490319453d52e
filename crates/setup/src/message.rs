//! What Contara itself says, as a template and its values: it is said in each reader's language, today and, out of the journal, later.
//!
//! A template is the English sentence, and what `locale/*.po` know it by. Values are names, numbers and other people's words: they are
//! never translated, and nothing in them is taken for a place where a value belongs.

mod catalogues;
mod phrases;
mod written;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use contara_system::gettext::Languages;
use serde::{Deserialize, Serialize};

pub(crate) use catalogues::{Catalogue, catalogue, find};

/// A message without words of its own.
const VERBATIM: &str = "{text}";

/// One or more sentences, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "written::Written", into = "written::Written")]
pub struct Message {
    template: Cow<'static, str>,
    /// Apart, so that errors which have messages in them stay small.
    values: Box<Values>,
}

/// By the name that stands in braces in the template.
type Values = BTreeMap<Cow<'static, str>, Value>;

/// What stands in a template's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A name, or somebody else's words.
    Text(String),
    /// An amount.
    Number(u64),
    /// Several names, with commas and an "and".
    Names(Vec<String>),
    /// Sentences of Contara's own, with blanks between them.
    Messages(Vec<Message>),
}

/// A message: the English template, and a value for each of its places. That none lacks and none is too many is checked when it is
/// compiled.
#[macro_export]
macro_rules! message {
    ($template:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        const _: fn() = || {
            let _ = ::core::format_args!($template $(, $name = "")*);
        };
        $crate::message::Message::new(
            $template,
            [$((::core::stringify!($name), $crate::message::Value::from($value))),*],
        )
    }};
}

impl Message {
    /// To be made by [`message!`](crate::message!).
    #[doc(hidden)]
    #[must_use]
    pub fn new<const N: usize>(template: &'static str, values: [(&'static str, Value); N]) -> Self {
        let values = values.into_iter();
        Self {
            template: template.into(),
            values: Box::new(values.map(|(name, value)| (name.into(), value)).collect()),
        }
    }

    /// Words that aren't Contara's, as they are.
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self::new(VERBATIM, [("text", Value::Text(text.into()))])
    }

    /// Several, with blanks between them.
    #[must_use]
    pub fn sentences(messages: Vec<Self>) -> Self {
        Self::new(VERBATIM, [("text", Value::Messages(messages))])
    }

    /// A text that has no values, such as one that was once written down: a catalogue may know it.
    pub(crate) fn of_text(text: String) -> Self {
        Self {
            template: text.into(),
            values: Box::default(),
        }
    }

    /// In the best language for somebody who reads these; in English where it isn't translated.
    #[must_use]
    pub fn in_language(&self, languages: &Languages) -> String {
        self.render(catalogue(languages))
    }

    /// Whether there is nothing more to it than its template.
    pub(crate) fn is_plain(&self) -> bool {
        self.values.is_empty()
    }

    /// In the language of a catalogue; `None` for English.
    pub(crate) fn render(&self, catalogue: Option<Catalogue>) -> String {
        let template = find(catalogue, &self.template).unwrap_or(&self.template);
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, name, after)) = next_place(rest) {
            text.push_str(before);
            match self.values.get(name) {
                Some(value) => text.push_str(&value.render(catalogue)),
                None => text.push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            rest = after;
        }
        text + rest
    }
}

/// What is before the first place for a value, that place's name, and what is after it.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let is_name = |name: &str| {
        let mut bytes = name.bytes();
        !name.is_empty() && bytes.all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let starts = text.match_indices('{').map(|(start, _)| start);
    let mut places = starts.filter_map(|start| {
        let (name, after) = text[start + 1..].split_once('}')?;
        is_name(name).then_some((&text[..start], name, after))
    });
    places.next()
}

impl Value {
    fn render(&self, catalogue: Option<Catalogue>) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Names(names) => listed(names, catalogue),
            Self::Messages(messages) => {
                let messages = messages.iter().map(|message| message.render(catalogue));
                messages.collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// As a sentence names several.
fn listed(names: &[String], catalogue: Option<Catalogue>) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => {
            let first = first.join(", ");
            message!("{names} and {last}", names = first, last = last).render(catalogue)
        }
    }
}

/// In English.
impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.render(None))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        // No machine counts further.
        Self::Number(number.try_into().unwrap_or(u64::MAX))
    }
}

impl From<&[&str]> for Value {
    fn from(names: &[&str]) -> Self {
        Self::Names(names.iter().map(ToString::to_string).collect())
    }
}

impl From<&Vec<&str>> for Value {
    fn from(names: &Vec<&str>) -> Self {
        names.as_slice().into()
    }
}

impl From<&[String]> for Value {
    fn from(names: &[String]) -> Self {
        Self::Names(names.to_vec())
    }
}

impl From<&Vec<String>> for Value {
    fn from(names: &Vec<String>) -> Self {
        names.as_slice().into()
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Messages(vec![message])
    }
}

impl From<Vec<Message>> for Value {
    fn from(messages: Vec<Message>) -> Self {
        Self::Messages(messages)
    }
}
