//! Answers to forms: from `--answers`, else from somebody at a terminal, else what the form offers.

use std::io;

use contara_i18n::message;
use serde_json::{Map, Value, json};

use super::answers_file::AnswersFile;
use super::terminal::Terminal;
use super::wire::{Field, Form};
use crate::locale_language::{say, with_colon};
use crate::plain::plain;

/// Answers by module, then by field, as the API takes them. They may hold secrets: shown by nothing.
#[derive(Clone, Default)]
pub(super) struct Answers(Map<String, Value>);

impl Answers {
    pub(super) fn as_value(&self) -> Value {
        Value::Object(self.0.clone())
    }

    fn of(&self, slug: &str, field: &Field) -> Option<&Value> {
        self.0.get(slug)?.get(field.name.as_deref()?)
    }

    /// A password counts as repeated as well.
    fn put(&mut self, slug: &str, field: &Field, value: Value) {
        let Some(name) = &field.name else { return };
        let module = self.0.entry(slug).or_insert_with(|| json!({}));
        if field.is_password() && field.confirm {
            module[format!("{name}2")] = value.clone();
        }
        module[name] = value;
    }

    /// The option that is chosen so far, or else offered.
    fn chosen(&self, slug: &str, field: &Field) -> String {
        let chosen = self.of(slug, field).unwrap_or(&field.value);
        chosen.as_str().unwrap_or_default().to_owned()
    }
}

/// Answers without anybody to ask; and the fields that nobody has answered though something is needed, as `module.field`.
pub(super) fn unattended(forms: &[Form], file: &AnswersFile) -> (Answers, Vec<String>) {
    let mut answers = Answers::default();
    let mut missing = Vec::new();
    for form in forms {
        for field in &form.fields {
            let Some(name) = field.asked() else { continue };
            if let Some(value) = file.answer(&form.slug, field) {
                answers.put(&form.slug, field, value);
            } else if !field.is_password() {
                answers.put(&form.slug, field, field.value.clone());
            }
            let answer = answers.of(&form.slug, field);
            if field.required && !field.is_set && answer.is_none_or(is_empty) {
                missing.push((form, name));
            }
        }
    }
    let is_needed = |(form, name): &(&Form, &str)| {
        let off = form.switched_off(|field| answers.chosen(&form.slug, field));
        !off.contains(name)
    };
    let missing = missing.into_iter().filter(is_needed);
    let missing = missing.map(|(form, name)| format!("{}.{name}", form.slug));
    let missing = missing.collect();
    (answers, missing)
}

/// Answers from the file, and for the rest from the person at the terminal.
pub(super) fn attended(
    forms: &[Form],
    file: &AnswersFile,
    terminal: &mut Terminal,
) -> io::Result<Answers> {
    let (mut answers, _) = unattended(forms, file);
    for form in forms {
        introduce(form, terminal)?;
        for field in &form.fields {
            let off = form.switched_off(|field| answers.chosen(&form.slug, field));
            let is_off = field
                .name
                .as_deref()
                .is_some_and(|name| off.contains(&name));
            if field.kind == "subtitle" && !field.hidden && !is_off {
                terminal.tell(&format!("\n  {}", plain(&field.label)))?;
            }
            let is_open = field.asked().is_some() && file.answer(&form.slug, field).is_none();
            if is_open
                && !is_off
                && let Some(value) = ask(field, terminal)?
            {
                answers.put(&form.slug, field, value);
            }
        }
    }
    Ok(answers)
}

/// Asks again what was refused, and nothing else. `errors` has a sentence by module and field. False if none of it can be asked.
pub(super) fn again(
    forms: &[Form],
    errors: &Value,
    answers: &mut Answers,
    terminal: &mut Terminal,
) -> io::Result<bool> {
    let mut has_asked = false;
    for form in forms {
        for field in form.fields.iter().filter(|field| field.asked().is_some()) {
            let name = field.name.as_deref().unwrap_or_default();
            let Some(error) = errors[&form.slug][name].as_str() else {
                continue;
            };
            let label = with_colon(&label(field));
            terminal.tell(&format!("\n{label} {}", plain(error)))?;
            has_asked = true;
            if let Some(value) = ask(field, terminal)? {
                answers.put(&form.slug, field, value);
            }
        }
    }
    Ok(has_asked)
}

fn introduce(form: &Form, terminal: &mut Terminal) -> io::Result<()> {
    if form.fields.iter().any(|field| field.asked().is_some()) {
        terminal.tell(&format!("\n{}", plain(&form.name)))?;
    }
    for problem in &form.problems {
        let warning = message!("Warning: {problem}", problem = plain(problem));
        terminal.tell(&format!("  {}", say(&warning)))?;
    }
    Ok(())
}

/// The answer to one field; `None` leaves a password as it is.
fn ask(field: &Field, terminal: &mut Terminal) -> io::Result<Option<Value>> {
    if !field.help.trim().is_empty() {
        terminal.tell(&format!("  ({})", plain(&field.help)))?;
    }
    loop {
        let answer = match field.kind.as_str() {
            "password" => ask_password(field, terminal)?,
            "check" => Some(ask_check(field, terminal)?),
            "options" => Some(ask_option(field, terminal)?),
            "network" => Some(ask_networks(field, terminal)?),
            _ if field.multi => Some(ask_list(field, terminal)?),
            _ => Some(ask_text(field, terminal)?),
        };
        if !field.required || field.is_set || !answer.as_ref().is_none_or(is_empty) {
            return Ok(answer);
        }
        let empty = message!("This field can't be empty.");
        terminal.tell(&format!("  {}", say(&empty)))?;
    }
}

fn ask_text(field: &Field, terminal: &mut Terminal) -> io::Result<Value> {
    let offered = field.value.as_str().unwrap_or_default();
    let answer = terminal.ask(&question(&format!("{}{}", label(field), offer(offered))))?;
    Ok(match answer.as_str() {
        "" => offered.into(),
        EMPTY => "".into(),
        text => text.into(),
    })
}

/// What is typed to take away what is offered.
const EMPTY: &str = "\"\"";

fn ask_password(field: &Field, terminal: &mut Terminal) -> io::Result<Option<Value>> {
    let mut what = label(field);
    if field.is_set {
        let keep = say(&message!("Enter keeps the one that is set"));
        what += &format!(" [{keep}]");
    }
    loop {
        let secret = terminal.ask_secret(&question(&what))?;
        if secret.is_empty() {
            return Ok(None);
        }
        let again = question(&say(&message!("Once more")));
        if !field.confirm || terminal.ask_secret(&again)? == secret {
            return Ok(Some(secret.into()));
        }
        let mismatch = message!("Password mismatch.");
        terminal.tell(&format!("  {}", say(&mismatch)))?;
    }
}

fn ask_check(field: &Field, terminal: &mut Terminal) -> io::Result<Value> {
    let is_on = terminal.ask_whether(&format!("  {}", label(field)), field.value == "on")?;
    Ok(is_on.into())
}

fn ask_option(field: &Field, terminal: &mut Terminal) -> io::Result<Value> {
    terminal.tell(&format!("  {}", with_colon(&label(field))))?;
    for (index, option) in field.options.iter().enumerate() {
        terminal.tell(&format!("    {}) {}", index + 1, plain(&option.name)))?;
    }
    let mut offered = field.options.iter();
    let offered = offered
        .position(|option| field.value == *option.value)
        .unwrap_or(0);
    loop {
        let number = say(&message!("Number"));
        let answer = terminal.ask(&question(&format!("{number} [{}]", offered + 1)))?;
        let index = match answer.parse::<usize>() {
            _ if answer.is_empty() => Some(offered),
            Ok(number) => number.checked_sub(1),
            Err(_) => None,
        };
        match index.and_then(|index| field.options.get(index)) {
            Some(option) => return Ok(option.value.as_str().into()),
            None if field.options.is_empty() => return Ok("".into()),
            None => {
                let count = field.options.len();
                let range = message!("Please give a number from 1 to {count}.", count = count);
                terminal.tell(&format!("  {}", say(&range)))?;
            }
        }
    }
}

fn ask_list(field: &Field, terminal: &mut Terminal) -> io::Result<Value> {
    let offered = field.value.as_array().cloned().unwrap_or_default();
    let shown: Vec<_> = offered.iter().filter_map(Value::as_str).collect();
    let lines = ask_lines(field, &shown.join(", "), terminal)?;
    Ok(lines.map_or(Value::Array(offered), |lines| json!(lines)))
}

fn ask_networks(field: &Field, terminal: &mut Terminal) -> io::Result<Value> {
    let offered = field.value.as_array().cloned().unwrap_or_default();
    let part = |network: &Value, name: &str| network[name].as_str().unwrap_or_default().to_owned();
    let shown: Vec<_> = offered
        .iter()
        .map(|network| format!("{}/{}", part(network, "ip"), part(network, "mask")))
        .collect();
    let lines = ask_lines(field, &shown.join(", "), terminal)?;
    let network = |line: String| {
        let (ip, mask) = line.split_once('/').unwrap_or((&line, ""));
        json!({"ip": ip.trim(), "mask": mask.trim()})
    };
    Ok(match lines {
        None => Value::Array(offered),
        Some(lines) => lines.into_iter().map(network).collect(),
    })
}

/// Lines up to an empty one; `None` takes what is offered.
fn ask_lines(
    field: &Field,
    offered: &str,
    terminal: &mut Terminal,
) -> io::Result<Option<Vec<String>>> {
    let how = if field.kind == "network" {
        message!(
            "one a line, such as {example}; an empty line ends",
            example = "192.0.2.0/255.255.255.0"
        )
    } else {
        message!("one a line; an empty line ends")
    };
    terminal.tell(&format!("  {} ({})", label(field), say(&how)))?;
    let first = terminal.ask(&question(&format!("1{}", offer(offered))))?;
    match first.as_str() {
        "" => return Ok(None),
        EMPTY => return Ok(Some(Vec::new())),
        _ => {}
    }
    let mut lines = vec![first];
    loop {
        let number = lines.len() + 1;
        let line = terminal.ask(&question(&number.to_string()))?;
        if line.is_empty() {
            return Ok(Some(lines));
        }
        lines.push(line);
    }
}

fn question(what: &str) -> String {
    format!("  {} ", with_colon(what))
}

fn label(field: &Field) -> String {
    let name = field.name.as_deref().unwrap_or_default();
    let label = if field.label.trim().is_empty() {
        name
    } else {
        &field.label
    };
    let mark = if field.required { " *" } else { "" };
    format!("{}{mark}", plain(label))
}

fn offer(offered: &str) -> String {
    if offered.is_empty() {
        String::new()
    } else {
        format!(" [{}]", plain(offered))
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms() -> Vec<Form> {
        serde_json::from_value(json!([{"slug": "dns", "name": "DNS", "fields": [
            {"name": "domain", "type": "text", "label": "Domain", "help": "Of the network", "value": "example.com", "required": true},
            {"name": "mode", "type": "options", "label": "Mode", "value": "fixed",
                "options": [{"name": "By itself", "value": "auto", "toggle": []},
                            {"name": "Fixed", "value": "fixed", "toggle": ["address"]}]},
            {"name": "address", "type": "text", "label": "Address", "value": "", "required": true},
            {"name": "fw", "type": "check", "label": "Open the firewall", "value": "on"},
            {"name": "many", "type": "text", "multi": true, "label": "Forwarders", "value": ["a"]},
            {"name": "nets", "type": "network", "label": "Networks", "value": []},
            {"name": "pw", "type": "password", "label": "Password", "value": "", "required": true, "confirm": true},
            {"name": "secret", "type": "text", "label": "Unseen", "value": "kept", "hidden": true}
        ]}]))
        .expect("they are forms")
    }

    fn typed(lines: &[&str]) -> Terminal {
        Terminal::typed(lines.join("\n") + "\n", io::sink())
    }

    #[test]
    fn somebody_is_asked_field_by_field() {
        let lines = [
            "",
            "2",
            "",
            "192.0.2.7",
            "maybe",
            "n",
            "b",
            "c",
            "",
            "192.0.2.0/24",
            "",
            "one",
            "two",
            "one",
            "one",
        ];
        let asked = attended(&forms(), &AnswersFile::default(), &mut typed(&lines));
        let expected = json!({"dns": {
            "domain": "example.com", "mode": "fixed", "address": "192.0.2.7", "fw": false, "many": ["b", "c"],
            "nets": [{"ip": "192.0.2.0", "mask": "24"}], "pw": "one", "pw2": "one"
        }});
        assert_eq!(asked.expect("all is answered").as_value(), expected);
    }

    #[test]
    fn what_an_option_hides_is_not_asked() {
        let lines = ["", "1", "", "", "", "x", "x"];
        let asked = attended(&forms(), &AnswersFile::default(), &mut typed(&lines));
        let answers = asked.expect("all is answered").as_value();
        assert_eq!(answers["dns"]["mode"], "auto");
        assert_eq!(answers["dns"]["pw"], "x");
    }

    #[test]
    fn without_anybody_what_is_needed_is_named() {
        let (answers, missing) = unattended(&forms(), &AnswersFile::default());
        assert_eq!(missing, ["dns.address", "dns.pw"]);
        assert_eq!(answers.as_value()["dns"]["fw"], "on");
        assert!(answers.as_value()["dns"].get("secret").is_none());
    }

    #[test]
    fn only_what_was_refused_is_asked_again() {
        let forms = forms();
        let (mut answers, _) = unattended(&forms, &AnswersFile::default());
        let errors = json!({"dns": {"domain": "Incorrect FQDN."}});
        let has_asked = again(&forms, &errors, &mut answers, &mut typed(&["example.org"]));
        assert!(has_asked.expect("it is answered"));
        assert_eq!(answers.as_value()["dns"]["domain"], "example.org");
        let errors = json!({"dns": {"secret": "No."}});
        let has_asked = again(&forms, &errors, &mut answers, &mut typed(&[]));
        assert!(!has_asked.expect("nothing is asked"));
    }

    #[test]
    fn an_end_of_input_ends_the_questions() {
        let mut nobody = Terminal::typed("", io::sink());
        assert!(attended(&forms(), &AnswersFile::default(), &mut nobody).is_err());
    }
}
