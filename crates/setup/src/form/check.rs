//! Whether what was posted can go to the script: what is missing, doesn't match, isn't offered or isn't valid.

use contara_manifest::FieldKind;

use super::keep::secret_names;
use super::toggle::switched_off;
use super::validation::validate;
use super::values::{pair_of, yes_or_no};
use super::{Answers, FieldErrors, Form, FormField, Posted, Value};
use crate::hooks::Hooks;
use crate::output::Mask;

const NOT_OFFERED: &str = "This isn't one of the options.";
const CONTROL_CHARACTERS: &str = "Control characters aren't allowed.";

/// Takes a value for each field with a name, in order.
///
/// # Errors
/// Says what is wrong, by field.
pub async fn check(
    form: &Form,
    posted: &Posted,
    hooks: &dyn Hooks,
) -> Result<Answers, FieldErrors> {
    let off = switched_off(form, |name| choice(form, posted, name));
    let mut answers = Answers::default();
    let mut errors = FieldErrors::new();
    let mask = Mask::new(known_secrets(form, posted));
    for (name, field) in form.named() {
        let value = if off.contains(name) {
            Ok(field.empty())
        } else {
            take(field, posted.get(name))
        };
        let mut value = match value {
            Ok(value) => value,
            Err(error) => {
                errors.insert(name.into(), error.into());
                continue;
            }
        };
        if let Some(error) = missing(field, &value, off.contains(name)) {
            errors.insert(name.into(), error.into());
        } else if mismatches(name, field, posted) && !off.contains(name) {
            errors.insert(name.into(), "Password mismatch.".into());
        }
        // What a validation says comes last and counts; that it has nothing to say takes nothing back.
        if !value.is_empty()
            && let Some(error) = validate(field, &mut value, hooks, &mask).await
        {
            errors.insert(name.into(), error);
        }
        answers.0.insert(name.into(), value);
    }
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(errors)
    }
}

/// What the module's own words may quote: passwords that were posted, and those of before.
fn known_secrets(form: &Form, posted: &Posted) -> Vec<String> {
    let names = secret_names(form).into_iter();
    let typed = names.filter_map(|name| text(posted.get(name)).ok());
    let before = form.secrets.iter().map(|secret| secret.0.clone());
    before.chain(typed).collect()
}

/// What an options field holds.
fn choice(form: &Form, posted: &Posted, name: &str) -> Option<String> {
    let (_, field) = form.named().find(|(known, _)| *known == name)?;
    match take(field, posted.get(name)) {
        Ok(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The value of a field, from what was posted for it, or why there is none.
fn take(field: &FormField, posted: Option<&Value>) -> Result<Value, &'static str> {
    if field.is_hidden || field.is_read_only {
        return free_of_controls(field.as_built());
    }
    let value = match field.spec.kind {
        FieldKind::Network => Value::Networks(networks(posted)),
        FieldKind::Check => return check_box(posted),
        _ if field.is_list() => Value::List(list(posted)),
        _ => Value::Text(text(posted)?),
    };
    let is_offered = |text: &String| field.spec.options.iter().any(|known| known.value == *text);
    match (&value, &field.secret) {
        (Value::Text(text), Some(secret)) if text.is_empty() => {
            free_of_controls(Value::Text(secret.0.clone()))
        }
        (Value::Text(text), _)
            if field.spec.kind == FieldKind::Options && !text.is_empty() && !is_offered(text) =>
        {
            Err(NOT_OFFERED)
        }
        _ => free_of_controls(value),
    }
}

fn text(posted: Option<&Value>) -> Result<String, &'static str> {
    match posted {
        None => Ok(String::new()),
        Some(Value::Text(text)) => Ok(text.clone()),
        Some(Value::List(texts)) if texts.len() <= 1 => Ok(texts.concat()),
        Some(Value::List(_) | Value::Networks(_)) => Err("This has to be one text."),
    }
}

fn check_box(posted: Option<&Value>) -> Result<Value, &'static str> {
    let is_on = yes_or_no(&text(posted)?).ok_or(NOT_OFFERED)?;
    Ok(Value::Text(if is_on { "on" } else { "off" }.into()))
}

fn list(posted: Option<&Value>) -> Vec<String> {
    let texts = match posted {
        None => Vec::new(),
        Some(Value::Text(text)) => vec![text.clone()],
        Some(Value::List(texts)) => texts.clone(),
        Some(Value::Networks(networks)) => {
            let text = |(ip, mask): &(String, String)| format!("{ip}/{mask}");
            networks.iter().map(text).collect()
        }
    };
    let trimmed = texts.iter().map(|text| text.trim().to_owned());
    trimmed.filter(|text| !text.is_empty()).collect()
}

fn networks(posted: Option<&Value>) -> Vec<(String, String)> {
    let pairs = match posted {
        Some(Value::Networks(networks)) => networks.clone(),
        other => list(other).iter().map(|text| pair_of(text)).collect(),
    };
    let trimmed = pairs
        .iter()
        .map(|(ip, mask)| (ip.trim().to_owned(), mask.trim().to_owned()));
    trimmed
        .filter(|(ip, mask)| !(ip.is_empty() && mask.is_empty()))
        .collect()
}

/// Scripts use their arguments unquoted; a line break in one would be another command.
fn free_of_controls(value: Value) -> Result<Value, &'static str> {
    let is_clean = |text: &str| !text.contains(char::is_control);
    let is_free = match &value {
        Value::Text(text) => is_clean(text),
        Value::List(texts) => texts.iter().all(|text| is_clean(text)),
        Value::Networks(networks) => networks
            .iter()
            .all(|(ip, mask)| is_clean(ip) && is_clean(mask)),
    };
    if is_free {
        Ok(value)
    } else {
        Err(CONTROL_CHARACTERS)
    }
}

fn missing(field: &FormField, value: &Value, is_off: bool) -> Option<&'static str> {
    (field.is_required && !is_off && value.is_empty()).then_some("This field can't be empty.")
}

/// Whether a password was typed in two ways. One that isn't typed at all stays as it is.
fn mismatches(name: &str, field: &FormField, posted: &Posted) -> bool {
    let can_be_typed = !field.is_hidden && !field.is_read_only;
    if field.spec.kind != FieldKind::Password || !field.spec.confirm || !can_be_typed {
        return false;
    }
    let typed = |name: &str| text(posted.get(name)).unwrap_or_default();
    typed(name) != typed(&format!("{name}2"))
}
