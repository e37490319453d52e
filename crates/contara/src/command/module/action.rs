//! `contara module action NAME ACTION key=value …`: an action, as if its button had been pressed with a form filled in.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use contara_i18n::message;
use contara_manifest::closest;
use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::known_fields::unknown_field;
use super::{Named, say, segment};
use crate::admin_client::{AdminClient, Refused, Wait};
use crate::command::wait_for;
use crate::locale_language::{self, error_line, with_colon};

#[derive(Debug, Args)]
pub(crate) struct Action {
    #[command(flatten)]
    module: Named,
    /// The action's name, as in the module's code
    action: String,
    /// Form fields; text is turned into what the action takes, a key given twice makes a list
    #[arg(value_name = "KEY=VALUE", value_parser = pair)]
    fields: Vec<(String, String)>,
    /// Print one JSON object: the results, or the errors of fields
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("there is no key before the equals sign".into()),
        Some((key, value)) => Ok((key.into(), value.into())),
        None => Err("expected KEY=VALUE, such as count=5".into()),
    }
}

impl Action {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let daemon = self.module.data_dir.admin_client()?;
        let answer = wait_for(self.act(&daemon));
        match answer.map_err(field_errors) {
            Ok(answer) => self.print_results(&answer),
            Err(Ok(errors)) => self.print_errors(&errors),
            Err(Err(error)) => Err(error),
        }
    }

    async fn act(&self, daemon: &AdminClient) -> anyhow::Result<Value> {
        if !self.fields.is_empty() {
            self.check_fields(daemon).await?;
        }
        let path = self
            .module
            .path(&format!("/action/{}", segment(&self.action)));
        let body = json!({"__form__": form(&self.fields)});
        match daemon.post(&path, Some(&body), Wait::AsLongAsItTakes).await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.explain(daemon, error).await),
        }
    }

    /// What keeps the schemas from being read is told by the call itself, which meets it too.
    async fn check_fields(&self, daemon: &AdminClient) -> anyhow::Result<()> {
        let path = self.module.path("/actions");
        let known = daemon.get::<Value>(&path, Wait::AsLongAsItTakes).await;
        let known = known.unwrap_or_default();
        let schema = &known["schemas"][&self.action]["params"];
        let given = self.fields.iter().map(|(name, _)| name.as_str());
        match unknown_field(schema, given) {
            None => Ok(()),
            Some(why) => {
                let why = locale_language::say(&why);
                Err(anyhow!("{} {why}", with_colon(&self.action)))
            }
        }
    }

    /// Says which actions there are when there is none of this name.
    async fn explain(&self, daemon: &AdminClient, error: anyhow::Error) -> anyhow::Error {
        let is_bad_request = error
            .downcast_ref::<Refused>()
            .is_some_and(|refused| refused.status == StatusCode::BAD_REQUEST);
        if !is_bad_request {
            return self.module.explain(daemon, error).await;
        }
        let path = self.module.path("/actions");
        // It loads the module if need be, which takes a while.
        let known = daemon.get::<Value>(&path, Wait::AsLongAsItTakes).await;
        let known = known.unwrap_or_default();
        let known = known["actions"].as_array().cloned().unwrap_or_default();
        let known: Vec<_> = known.iter().filter_map(Value::as_str).collect();
        if known.contains(&self.action.as_str()) || known.is_empty() {
            return error;
        }
        self.unknown(&known)
    }

    fn unknown(&self, known: &[&str]) -> anyhow::Error {
        let hint = match closest(&self.action, known.iter().copied()) {
            Some(close) => message!("did you mean \"{close}\"?", close = close),
            None => message!("it has {names}", names = known.join(", ")),
        };
        anyhow!(locale_language::say(&message!(
            "{module} has no action \"{action}\": {hint}",
            module = &self.module.name,
            action = &self.action,
            hint = hint
        )))
    }

    fn print_results(&self, answer: &Value) -> anyhow::Result<ExitCode> {
        let results = answer["results"].as_array().cloned().unwrap_or_default();
        if self.json {
            say(&answer.to_string())?;
        } else if results.is_empty() {
            say(&locale_language::say(&message!("Done.")))?;
        } else {
            for result in &results {
                say(&sentence(result))?;
            }
        }
        let failed = results.iter().any(|result| result["variant"] == "error");
        Ok(ExitCode::from(u8::from(failed)))
    }

    fn print_errors(&self, errors: &Map<String, Value>) -> anyhow::Result<ExitCode> {
        if self.json {
            let Self { module, action, .. } = self;
            let answer = json!({"success": false, "module": module.name, "action": action, "errors": errors});
            say(&answer.to_string())?;
            return Ok(ExitCode::FAILURE);
        }
        for (field, error) in errors {
            let error = error.as_str().unwrap_or_default();
            // What concerns no field in particular has no name.
            let field = match field.as_str() {
                "" => String::new(),
                field => with_colon(field) + " ",
            };
            eprintln!("{}", error_line(&format!("{field}{error}")));
        }
        Ok(ExitCode::FAILURE)
    }
}

/// A form: text for each field, a list for one that was given several times.
fn form(fields: &[(String, String)]) -> Map<String, Value> {
    let mut form = Map::new();
    for (key, value) in fields {
        let value = Value::from(value.as_str());
        match form.get_mut(key) {
            None => {
                form.insert(key.clone(), value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    form
}

/// The errors of fields, if that is what is wrong.
fn field_errors(error: anyhow::Error) -> Result<Map<String, Value>, anyhow::Error> {
    let refused = error.downcast_ref::<Refused>();
    let errors = refused.and_then(|refused| refused.problem["errors"].as_object().cloned());
    errors.ok_or(error)
}

/// A result in words.
fn sentence(result: &Value) -> String {
    let text = |key: &str| result[key].as_str().unwrap_or_default();
    match text("type") {
        "notify" if text("title").is_empty() => text("message").to_owned(),
        "notify" => format!("{} {}", with_colon(text("title")), text("message")),
        "open_modal" => locale_language::say(&message!(
            "Opens the modal \"{modal}\".",
            modal = text("modal_id")
        )),
        "close_modal" => locale_language::say(&message!("Closes the modal.")),
        "refresh" => locale_language::say(&message!("Reads the module anew.")),
        _ => result.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_given_twice_makes_a_list() {
        let fields = ["a=1", "b=x=y", "a=", "a=3"].map(|text| pair(text).expect("a pair"));
        assert_eq!(
            Value::Object(form(&fields)),
            json!({"a": ["1", "", "3"], "b": "x=y"})
        );
        assert!(pair("a").is_err() && pair("=a").is_err());
    }

    #[test]
    fn results_are_told_in_words() {
        let check = |result: Value, expected: &str| assert_eq!(sentence(&result), expected);
        check(json!({"type": "notify", "message": "Saved."}), "Saved.");
        check(
            json!({"type": "notify", "message": "No.", "title": "scan error", "variant": "error"}),
            "scan error: No.",
        );
        check(
            json!({"type": "open_modal", "modal_id": "edit"}),
            "Opens the modal \"edit\".",
        );
        check(json!({"type": "later"}), r#"{"type":"later"}"#);
    }
}
