//! Logins and passwords of repositories: from `--answers`, else from somebody at a terminal. They are sent once and shown by nothing.

use std::io;

use contara_i18n::{Message, message};
use serde_json::{Value, json};

use super::answers_file::AnswersFile;
use super::terminal::Terminal;
use super::wire::{Plan, Repository};
use crate::locale_language::{say, with_colon};
use crate::plain::plain;

/// As the API takes them.
#[derive(Clone)]
pub(super) struct Logins(Vec<Value>);

impl Logins {
    pub(super) fn as_value(&self) -> Value {
        json!({"repositories": self.0})
    }

    fn put(&mut self, repository: &Repository, login: &str, password: &str) {
        self.0.push(json!({
            "module": repository.module,
            "repository": repository.slug,
            "login": login,
            "password": password,
        }));
    }
}

/// Those that a plan adds and that ask for a login.
pub(super) fn restricted(plan: &Plan) -> Vec<Repository> {
    let asks = |step: &super::wire::PlannedStep| step.kind == "sign_in" && step.state == "todo";
    let repositories = plan.repositories.iter();
    let repositories =
        repositories.filter(|repository| repository.restricted && plan.steps.iter().any(asks));
    repositories.cloned().collect()
}

/// Logins without anybody to ask; and the repositories that the file has none for, as `module.repository`.
pub(super) fn unattended(
    repositories: &[Repository],
    file: &AnswersFile,
) -> (Logins, Vec<Message>) {
    let mut logins = Logins(Vec::new());
    let mut missing = Vec::new();
    for repository in repositories {
        match file.login(&repository.module, &repository.slug) {
            Some((login, password)) => logins.put(repository, login, password),
            None => missing.push(message!(
                "{repository} (a login and a password)",
                repository = format!("{}.{}", repository.module, repository.slug)
            )),
        }
    }
    (logins, missing)
}

/// Logins from the file, and for the rest from the person at the terminal.
pub(super) fn attended(
    repositories: &[Repository],
    file: &AnswersFile,
    terminal: &mut Terminal,
) -> io::Result<Logins> {
    let (mut logins, _) = unattended(repositories, file);
    let is_open = |one: &&Repository| file.login(&one.module, &one.slug).is_none();
    for repository in repositories.iter().filter(is_open) {
        let (name, url) = (plain(&repository.name), plain(&repository.url));
        let asks = message!("{name} ({url}) asks who you are", name = name, url = url);
        terminal.tell(&format!("\n{}", say(&asks)))?;
        let question = |what: Message| format!("  {} ", with_colon(&say(&what)));
        let login = question(message!("Login"));
        let login = until_given(|| terminal.ask(&login))?;
        let password = question(message!("Password"));
        let password = until_given(|| terminal.ask_secret(&password))?;
        logins.put(repository, &login, &password);
    }
    Ok(logins)
}

fn until_given(mut ask: impl FnMut() -> io::Result<String>) -> io::Result<String> {
    loop {
        let answer = ask()?;
        if !answer.is_empty() {
            return Ok(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> Repository {
        Repository {
            module: "mail".into(),
            slug: "closed".into(),
            name: "Closed".into(),
            url: "http://mirror.example/".into(),
            restricted: true,
        }
    }

    #[test]
    fn somebody_is_asked_until_there_is_an_answer() {
        let mut terminal = Terminal::typed("\nme\n\nsecret \n", io::sink());
        let logins = attended(&[repository()], &AnswersFile::default(), &mut terminal);
        let expected = json!({"repositories": [
            {"module": "mail", "repository": "closed", "login": "me", "password": "secret "}
        ]});
        assert_eq!(logins.ok().map(|logins| logins.as_value()), Some(expected));
        let (_, missing) = unattended(&[repository()], &AnswersFile::default());
        let missing: Vec<_> = missing.iter().map(Message::to_string).collect();
        assert_eq!(missing, ["mail.closed (a login and a password)"]);
    }
}
