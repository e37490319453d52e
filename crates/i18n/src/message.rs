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

use crate::Languages;
use serde::{Deserialize, Serialize};

pub use catalogues::{Catalogue, catalogue, find};

/// A message without words of its own.
const VERBATIM: &str = "{text}";

/// One or more sentences, or a part of one; nothing at all by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What begins in lower case, since it usually continues something else, as a sentence of its own.
    Sentence(Box<Message>),
}

/// A message: the English template, and a value for each of its places. That none lacks and none is too many is checked when it is
/// compiled.
#[macro_export]
macro_rules! message {
    ($template:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        const _: fn() = || {
            let _ = ::core::format_args!($template $(, $name = "")*);
        };
        $crate::Message::new(
            $template,
            [$((::core::stringify!($name), $crate::Value::from($value))),*],
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

    /// What begins in lower case, since it usually continues something else, as a sentence of its own.
    #[must_use]
    pub fn capitalised(self) -> Self {
        Self::new(VERBATIM, [("text", Value::Sentence(Box::new(self)))])
    }

    /// A text that has no values, such as one that was once written down: a catalogue may know it.
    #[must_use]
    pub fn of_text(text: String) -> Self {
        Self {
            template: text.into(),
            values: Box::default(),
        }
    }

    /// The same with each name and all words of others changed so, as if they had been put in that way.
    #[must_use]
    pub fn with_texts(mut self, change: &dyn Fn(&str) -> String) -> Self {
        for value in self.values.values_mut() {
            match value {
                Value::Text(text) => *text = change(text),
                Value::Number(_) => {}
                Value::Names(names) => names.iter_mut().for_each(|name| *name = change(name)),
                Value::Messages(messages) => {
                    let changed = std::mem::take(messages).into_iter();
                    *messages = changed.map(|one| one.with_texts(change)).collect();
                }
                Value::Sentence(message) => {
                    **message = std::mem::take(&mut **message).with_texts(change);
                }
            }
        }
        self
    }

    /// In the best language for somebody who reads these; in English where it isn't translated.
    #[must_use]
    pub fn in_language(&self, languages: &Languages) -> String {
        self.render(catalogue(languages))
    }

    /// Whether there is nothing more to it than its template.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.values.is_empty()
    }

    /// In the language of a catalogue; `None` for English.
    #[must_use]
    pub fn render(&self, catalogue: Option<Catalogue>) -> String {
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
            Self::Sentence(message) => capitalised(&message.render(catalogue)),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
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

/// Such as a path that is shown as well as it can be.
impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
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
