//! What clients send to setup, read with the place of every mistake. Nothing of it is ever shown or logged.

use std::collections::BTreeMap;

use contara_setup::engine::{Choice, Credentials};
use contara_setup::form::{Posted, Value as Answer};
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The answers by module, then by field.
pub(crate) fn answers(body: &Map<String, Value>) -> Result<BTreeMap<String, Posted>, Refusal> {
    let modules = object(field(body, "answers")?, &["answers"])?;
    let read = modules.iter().map(|(slug, fields)| {
        let fields = object(fields, &["answers", slug])?;
        let posted = fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| {
                let answer = answer(value);
                let answer = answer.ok_or_else(|| no_answer(&["answers", slug, name]))?;
                Ok((name.clone(), answer))
            });
        Ok((slug.clone(), posted.collect::<Result<_, Refusal>>()?))
    });
    read.collect()
}

/// Logins and passwords of repositories.
pub(crate) fn credentials(body: &Map<String, Value>) -> Result<Vec<Credentials>, Refusal> {
    let list = field(body, "repositories")?;
    let list = list.as_array().ok_or_else(|| no_list(&["repositories"]))?;
    let read = list.iter().enumerate().map(|(index, value)| {
        let index = index.to_string();
        let fields = object(value, &["repositories", &index])?;
        let text = |name: &str| text(fields, &["repositories", &index], name);
        Ok(Credentials {
            repository: (text("module")?, text("repository")?),
            login: text("login")?,
            password: text("password")?,
        })
    });
    read.collect()
}

/// The modules that are chosen, and whether they are configured again.
pub(crate) fn choice(body: &Map<String, Value>) -> Result<Choice, Refusal> {
    Ok(Choice {
        modules: modules(body)?,
        reconfigure: flag(body, "reconfigure")?,
    })
}

fn modules(body: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let list = field(body, "modules")?;
    let list = list.as_array().ok_or_else(|| no_list(&["modules"]))?;
    let texts = list.iter().enumerate().map(|(index, value)| {
        let slug = value.as_str().map(str::to_owned);
        slug.ok_or_else(|| no_text(&["modules", &index.to_string()]))
    });
    texts.collect()
}

/// Whether something is wanted; not if nothing is said of it.
pub(crate) fn flag(body: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => {
            let message = "Input should be true or false";
            Err(Refusal::body("bool_type", &[name], message))
        }
    }
}

/// The text of that name, if there is one.
pub(crate) fn optional_text(
    body: &Map<String, Value>,
    name: &str,
) -> Result<Option<String>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(no_text(&[name])),
    }
}

fn answer(value: &Value) -> Option<Answer> {
    match value {
        Value::String(text) => Some(Answer::Text(text.clone())),
        Value::Bool(is_on) => Some(Answer::Text(if *is_on { "on" } else { "off" }.into())),
        Value::Array(items) => texts(items)
            .map(Answer::List)
            .or_else(|| networks(items).map(Answer::Networks)),
        _ => None,
    }
}

fn texts(items: &[Value]) -> Option<Vec<String>> {
    items
        .iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn networks(items: &[Value]) -> Option<Vec<(String, String)>> {
    let part = |item: &Value, name: &str| match item.get(name) {
        None | Some(Value::Null) => Some(String::new()),
        Some(value) => value.as_str().map(str::to_owned),
    };
    let pairs = items.iter().map(|item| {
        item.as_object()?;
        Some((part(item, "ip")?, part(item, "mask")?))
    });
    pairs.collect()
}

fn field<'b>(body: &'b Map<String, Value>, name: &str) -> Result<&'b Value, Refusal> {
    body.get(name).ok_or_else(|| missing(&[name]))
}

fn object<'b>(value: &'b Value, loc: &[&str]) -> Result<&'b Map<String, Value>, Refusal> {
    let dictionary = || Refusal::body("dict_type", loc, "Input should be a valid dictionary");
    value.as_object().ok_or_else(dictionary)
}

fn text(fields: &Map<String, Value>, place: &[&str], name: &str) -> Result<String, Refusal> {
    let loc: Vec<_> = place.iter().copied().chain([name]).collect();
    match fields.get(name) {
        None => Err(missing(&loc)),
        Some(value) => value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| no_text(&loc)),
    }
}

fn missing(loc: &[&str]) -> Refusal {
    Refusal::body("missing", loc, "Field required")
}

fn no_text(loc: &[&str]) -> Refusal {
    Refusal::body("string_type", loc, "Input should be a valid string")
}

fn no_list(loc: &[&str]) -> Refusal {
    Refusal::body("list_type", loc, "Input should be a valid list")
}

fn no_answer(loc: &[&str]) -> Refusal {
    let message = "Input should be a text, true or false, a list of texts, or a list of networks {\"ip\", \"mask\"}";
    Refusal::body("answer_type", loc, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn answers_are_texts_truth_values_lists_and_networks() {
        let body = body(&json!({"answers": {"dns": {
            "name": "a", "on": true, "off": false, "left_out": null, "many": ["x", "y"],
            "nets": [{"ip": "192.0.2.0", "mask": "24"}, {"ip": "192.0.2.1"}]
        }}}));
        let read = answers(&body).expect("they are answers");
        let fields = &read["dns"];
        assert_eq!(fields["name"], Answer::Text("a".into()));
        assert_eq!(fields["on"], Answer::Text("on".into()));
        assert_eq!(fields["off"], Answer::Text("off".into()));
        assert_eq!(fields["many"], Answer::List(vec!["x".into(), "y".into()]));
        let pairs = [("192.0.2.0", "24"), ("192.0.2.1", "")];
        let pairs = pairs.map(|(ip, mask)| (ip.to_owned(), mask.to_owned()));
        assert_eq!(fields["nets"], Answer::Networks(pairs.to_vec()));
        assert!(!fields.contains_key("left_out"));
    }

    #[test]
    fn what_is_no_answer_is_named_and_not_shown() {
        let check = |value: Value, expected: &str| {
            let refusal = answers(&body(&value)).expect_err("it is no answer");
            let said = format!("{refusal:?}");
            assert!(
                said.contains(expected) && !said.contains("geheim"),
                "{said}"
            );
        };
        check(json!({}), "\"answers\"");
        check(json!({"answers": {"dns": "geheim"}}), "\"dns\"");
        check(
            json!({"answers": {"dns": {"pw": {"x": "geheim"}}}}),
            "\"pw\"",
        );
        check(json!({"answers": {"dns": {"pw": ["geheim", 1]}}}), "\"pw\"");
    }
}
