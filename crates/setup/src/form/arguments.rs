//! What a script gets: one argument for each field of each name that it asks for, empty ones included, since scripts count.

use super::network::Network;
use super::{Answers, Form, FormField, Value};

/// The arguments for these names, in order. A name that no field has adds none; one that is asked for twice comes twice.
#[must_use]
pub fn arguments(params: &[String], form: &Form, answers: &Answers) -> Vec<String> {
    let mut arguments = Vec::new();
    for name in params {
        let is_it = |field: &&FormField| field.spec.name.as_ref() == Some(name);
        let value = answers.0.get(name);
        arguments.extend(form.fields.iter().filter(is_it).map(|field| match value {
            Some(value) => text(value, field.spec.is_long),
            None => String::new(),
        }));
    }
    arguments
}

fn text(value: &Value, is_long: bool) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::List(texts) => texts.join(" "),
        Value::Networks(networks) => {
            let text = |(ip, mask): &(String, String)| match Network::of(ip, mask) {
                Ok(network) if is_long => Some(network.long()),
                Ok(network) => Some(network.short()),
                // Answers have been checked, so there are none of these.
                Err(_) => None,
            };
            let texts: Vec<_> = networks.iter().filter_map(text).collect();
            texts.join(" ")
        }
    }
}
