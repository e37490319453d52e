//! Whether an answer is what its field's `validation` wants: the built-in rules, and functions of the module.

use std::net::Ipv4Addr;

use contara_manifest::FieldKind;
use serde_json::Value as Json;

use super::network::{Network, Wrong};
use super::{FormField, Value};
use crate::hooks::{Hooks, is_truthy};
use crate::output::Mask;

/// What comes before the reason why a function of the module couldn't check an answer.
pub(crate) const UNCHECKED: &str = "This couldn't be checked: ";

/// What is wrong with an answer that isn't empty and holds no control characters. May write networks in full.
pub(super) async fn validate(
    field: &FormField,
    value: &mut Value,
    hooks: &dyn Hooks,
    mask: &Mask,
) -> Option<String> {
    if let Value::Networks(networks) = value
        && let Some(error) = normalise(networks)
    {
        return Some(error.into());
    }
    let name = field.spec.validation.as_deref()?;
    match name {
        "fqdn" => any_wrong(value, is_fqdn).then_some("Incorrect FQDN."),
        "ip" => any_wrong(value, |text| text.parse::<Ipv4Addr>().is_ok())
            .then_some("Incorrect IP address."),
        "network" => {
            (field.spec.kind != FieldKind::Network).then_some("Incorrect IP or netmask address.")
        }
        function if hooks.functions().contains(function) => {
            let message = ask(function, value, hooks).await?;
            return Some(mask.line(&message));
        }
        // A name that nothing has checks nothing.
        _ => None,
    }
    .map(str::to_owned)
}

async fn ask(function: &str, value: &Value, hooks: &dyn Hooks) -> Option<String> {
    let answer = hooks.call(function, vec![value.to_json()], false).await;
    match answer {
        Ok(answer) if !is_truthy(&answer) => None,
        Ok(Json::String(message)) => Some(message),
        Ok(_) => Some("This isn't accepted.".into()),
        Err(error) => Some(format!("{UNCHECKED}{error}")),
    }
}

/// Writes masks in full, or says what is wrong with the first network that makes no sense.
fn normalise(networks: &mut [(String, String)]) -> Option<&'static str> {
    for pair in networks {
        match Network::of(&pair.0, &pair.1) {
            Ok(network) => *pair = network.pair(),
            Err(Wrong::Address) => return Some("Incorrect IP address."),
            Err(Wrong::Mask) => return Some("Incorrect netmask address."),
        }
    }
    None
}

/// Whether one of the texts isn't as it should be.
fn any_wrong(value: &Value, is_right: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) => !is_right(text),
        Value::List(texts) => !texts.iter().all(|text| is_right(text)),
        // Checked as networks already.
        Value::Networks(_) => false,
    }
}

/// Lower case, with a dot and two letters or more at its end.
fn is_fqdn(text: &str) -> bool {
    let Some((name, end)) = text.rsplit_once('.') else {
        return false;
    };
    let is_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    !name.is_empty()
        && name.bytes().all(is_name)
        && end.len() >= 2
        && end.bytes().all(|byte| byte.is_ascii_lowercase())
}
