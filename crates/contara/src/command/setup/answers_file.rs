//! `--answers FILE`: values by module and field, with secrets from files and from the environment.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use contara_i18n::{Message, message};
use contara_manifest::closest;
use serde_json::{Map, Value, json};

use super::wire::{Field, Form, Repository};
use crate::locale_language::say;

/// What a file answers: everything in it is read, and nothing checked against forms yet. It shows no value.
#[derive(Default)]
pub(super) struct AnswersFile {
    /// Whether everybody may read it.
    is_open: bool,
    /// By module, then by field.
    modules: BTreeMap<String, BTreeMap<String, Given>>,
    logins: Logins,
}

/// By module and repository.
type Logins = BTreeMap<(String, String), Login>;

/// What to sign in to a repository with.
struct Login {
    name: String,
    password: String,
    /// Whether the password stands in the file itself.
    is_plain: bool,
}

/// Answers, and secrets in files of their own, are short: what is longer was named by mistake, and may have no end.
const LARGEST: u64 = 1024 * 1024;

/// One answer.
struct Given {
    value: Value,
    /// Whether it stands in the file itself.
    is_plain: bool,
}

impl AnswersFile {
    /// Reads a file, and whatever secrets it names. What doesn't end in `.json` is TOML.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let act = || {
            say(&message!(
                "can't read the answers in {path}",
                path = path.display().to_string()
            ))
        };
        let text = short_text(path).with_context(act)?;
        let mode = std::fs::metadata(path).with_context(act)?;
        let is_json = path
            .extension()
            .is_some_and(|extension| extension == "json");
        let values = parse(&text, is_json).with_context(act)?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let (logins, values) = logins(values, &folder).with_context(act)?;
        let modules = modules(&values, &folder).with_context(act)?;
        Ok(Self {
            is_open: mode.permissions().mode() & 0o004 != 0,
            modules,
            logins,
        })
    }

    /// Login and password of a repository.
    pub(super) fn login(&self, module: &str, repository: &str) -> Option<(&str, &str)> {
        let key = (module.to_owned(), repository.to_owned());
        let login = self.logins.get(&key)?;
        Some((&login.name, &login.password))
    }

    /// A warning if there is a login that none of these repositories asks for. It may have been added since, so that isn't refused.
    pub(super) fn unused_login(&self, repositories: &[Repository]) -> Option<String> {
        let key = |one: &Repository| (one.module.clone(), one.slug.clone());
        let asked: Vec<_> = repositories.iter().map(key).collect();
        let unused = |key: &&(String, String)| !asked.contains(key);
        let (module, name) = self.logins.keys().find(unused)?;
        let asked = asked.iter().filter(|(asking, _)| asking == module);
        let asked: Vec<_> = asked.map(|(_, name)| name.as_str()).collect();
        let hint = match asked.is_empty() {
            true => message!("none of its repositories asks for one"),
            false => hint(name, &asked),
        };
        Some(say(&message!(
            "--answers has a login for \"{repository}\", which nobody asks for now: {hint}",
            repository = format!("{module}.{name}"),
            hint = hint
        )))
    }

    /// A warning if passwords of repositories stand in a file that everybody may read.
    pub(super) fn login_warning(&self) -> Option<String> {
        let mut logins = self.logins.iter();
        let plain = logins.find(|(_, login)| login.is_plain);
        let ((module, repository), _) = plain.filter(|_| self.is_open)?;
        Some(everybody_reads(&format!("{module}.{repository}")))
    }

    /// What it answers to a field, fit to be sent.
    pub(super) fn answer(&self, slug: &str, field: &Field) -> Option<Value> {
        let given = self.modules.get(slug)?.get(field.name.as_deref()?)?;
        Some(fitted(&given.value, field))
    }

    /// Refuses answers for modules that aren't among these.
    pub(super) fn check_modules(&self, known: &[&str]) -> anyhow::Result<()> {
        match self
            .modules
            .keys()
            .find(|slug| !known.contains(&slug.as_str()))
        {
            None => Ok(()),
            Some(slug) => bail!(say(&message!(
                "--answers has answers for \"{module}\", which isn't among these modules: {hint}",
                module = slug,
                hint = hint(slug, known)
            ))),
        }
    }

    /// Refuses answers for fields that these forms don't have.
    pub(super) fn check_fields(&self, forms: &[Form]) -> anyhow::Result<()> {
        for form in forms {
            let known: Vec<_> = form.fields.iter().filter_map(Field::asked).collect();
            let given = self.modules.get(&form.slug).into_iter().flatten();
            for (name, _) in given {
                if !known.contains(&name.as_str()) {
                    bail!(say(&message!(
                        "--answers has \"{field}\" for {module}, which doesn't ask that: {hint}",
                        field = name,
                        module = &form.slug,
                        hint = hint(name, &known)
                    )));
                }
            }
        }
        Ok(())
    }

    /// A warning if passwords stand in a file that everybody may read.
    pub(super) fn warning(&self, forms: &[Form]) -> Option<String> {
        let has_plain = |form: &Form, field: &Field| {
            let given = self.modules.get(&form.slug);
            let given = given.and_then(|given| given.get(field.name.as_deref()?));
            field.is_password() && given.is_some_and(|given| given.is_plain)
        };
        let named = forms.iter().find_map(|form| {
            let field = form.fields.iter().find(|field| has_plain(form, field))?;
            Some(format!("{}.{}", form.slug, field.name.as_deref()?))
        });
        named
            .filter(|_| self.is_open)
            .map(|named| everybody_reads(&named))
    }
}

fn everybody_reads(named: &str) -> String {
    say(&message!(
        "everybody on this machine can read the file of --answers, and {named} is a password: take the right to read away (chmod 600), or name a file with {file} or a variable with {variable}",
        named = named,
        file = "{ file = \"…\" }",
        variable = "{ env = \"…\" }"
    ))
}

fn hint(written: &str, known: &[&str]) -> Message {
    match closest(written, known.iter().copied()) {
        Some(close) => message!("did you mean \"{close}\"?", close = close),
        None if known.is_empty() => message!("there are none"),
        None => message!("there are {names}", names = known.join(", ")),
    }
}

/// The text of a file as JSON. The errors name lines, never what stands in them: it may be a secret.
fn parse(text: &str, is_json: bool) -> anyhow::Result<Value> {
    if is_json {
        let parsed = serde_json::from_str(text);
        return parsed.map_err(|error: serde_json::Error| {
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or_default();
            let what = what.replace("EOF", "the file ended");
            anyhow!(say(&message!(
                "it isn't JSON: line {line}, column {column}: {reason}",
                line = error.line(),
                column = error.column(),
                reason = what
            )))
        });
    }
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let before = error.span().map_or(0, |span| span.start);
        let line = text.get(..before).unwrap_or(text).matches('\n').count() + 1;
        anyhow!(say(&message!(
            "it isn't TOML: line {line}: {reason}",
            line = line,
            reason = error.message()
        )))
    })
}

/// The logins, and what is left: a table with the keys `login` and `password` is one.
fn logins(mut values: Value, folder: &Path) -> anyhow::Result<(Logins, Value)> {
    let mut found = Logins::new();
    let modules = values.as_object_mut().into_iter().flatten();
    for (slug, fields) in modules {
        let Some(fields) = fields.as_object_mut() else {
            continue;
        };
        let is_login = |value: &Value| value.get("login").is_some();
        let names: Vec<_> = fields
            .iter()
            .filter(|(_, value)| is_login(value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let value = fields.remove(&name).unwrap_or_default();
            let login = login(&value, folder).with_context(|| format!("{slug}.{name}"))?;
            found.insert((slug.clone(), name), login);
        }
    }
    Ok((found, values))
}

fn login(value: &Value, folder: &Path) -> anyhow::Result<Login> {
    let form = || {
        message!(
            "a login of a repository is {form}",
            form = "{ login = \"me\", password = { file = \"path\" } }"
        )
    };
    let is_more = |name: &&String| !["login", "password"].contains(&name.as_str());
    if let Some(more) = value.as_object().and_then(|keys| keys.keys().find(is_more)) {
        bail!(say(&message!(
            "\"{key}\" is no part of a login: {form}",
            key = more,
            form = form()
        )));
    }
    let part = |name: &str| value.get(name).with_context(|| say(&form()));
    let name = given(part("login")?, folder).context("login")?;
    let password = given(part("password")?, folder).context("password")?;
    let text = |given: &Given, what: &str| {
        let text = given.value.as_str().with_context(|| say(&form()))?;
        if text.is_empty() {
            bail!(say(&message!(
                "{key} is empty: {form}",
                key = what,
                form = form()
            )));
        }
        Ok(text.to_owned())
    };
    Ok(Login {
        name: text(&name, "login")?,
        is_plain: password.is_plain,
        password: text(&password, "password")?,
    })
}

fn modules(
    values: &Value,
    folder: &Path,
) -> anyhow::Result<BTreeMap<String, BTreeMap<String, Given>>> {
    let modules = values.as_object().with_context(|| {
        say(&message!(
            "it has to be an object of modules: {example}",
            example = "{\"dns\": {\"port\": 53}}"
        ))
    })?;
    let read = modules.iter().map(|(slug, fields)| {
        let fields = fields.as_object().with_context(|| {
            say(&message!(
                "\"{module}\" has to be a module with its fields and their values: {toml} in TOML, {json} in JSON",
                module = slug,
                toml = "[dns]",
                json = "{\"dns\": {…}}"
            ))
        })?;
        let given = fields.iter().map(|(name, value)| {
            let given = given(value, folder).with_context(|| format!("{slug}.{name}"))?;
            Ok((name.clone(), given))
        });
        Ok((slug.clone(), given.collect::<anyhow::Result<_>>()?))
    });
    read.collect()
}

fn given(value: &Value, folder: &Path) -> anyhow::Result<Given> {
    let Some(source) = value.as_object() else {
        if !is_answer(value) {
            bail!(say(&message!(
                "an answer is a text, a number, true or false, or a list of texts or of networks"
            )));
        }
        return Ok(Given {
            value: value.clone(),
            is_plain: true,
        });
    };
    let value = match one_text(source) {
        Some(("file", path)) => from_file(&folder.join(path))?,
        Some(("env", name)) => std::env::var(name).map_err(|_| {
            anyhow!(say(&message!(
                "the variable {name} isn't set, or isn't text",
                name = name
            )))
        })?,
        _ => bail!(say(&message!(
            "a table is for secrets only: {file} or {variable}; a text stands in quotation marks",
            file = "{ file = \"path\" }",
            variable = "{ env = \"NAME\" }"
        ))),
    };
    Ok(Given {
        value: value.into(),
        is_plain: false,
    })
}

/// Whether it can be sent. `null` leaves the field out.
fn is_answer(value: &Value) -> bool {
    let is_item = |item: &Value| match item {
        Value::Object(network) => network.values().all(Value::is_string),
        item => !item.is_array() && !item.is_null(),
    };
    value
        .as_array()
        .is_none_or(|items| items.iter().all(is_item))
}

fn one_text(source: &Map<String, Value>) -> Option<(&str, &str)> {
    let (key, value) = source.iter().next()?;
    (source.len() == 1).then_some((key.as_str(), value.as_str()?))
}

/// The text of a file without the line break at its end, which editors add.
fn from_file(path: &Path) -> anyhow::Result<String> {
    let text = short_text(path).with_context(|| {
        say(&message!(
            "can't read the file {path}",
            path = path.display().to_string()
        ))
    })?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

fn short_text(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        bail!(say(&message!(
            "it is larger than 1 MiB: is it the right file?"
        )));
    }
    String::from_utf8(bytes).map_err(|_| anyhow!(say(&message!("it isn't UTF-8 text"))))
}

/// A value in the shape that the field has.
fn fitted(value: &Value, field: &Field) -> Value {
    match (field.kind.as_str(), value) {
        ("network", Value::String(_) | Value::Object(_)) => json!([network(value)]),
        ("network", Value::Array(items)) => items.iter().map(network).collect(),
        ("check", Value::Bool(_)) => value.clone(),
        (_, Value::Array(items)) => items.iter().map(text).collect(),
        _ if field.multi => json!([text(value)]),
        _ => text(value),
    }
}

/// `192.0.2.0/24` as an address and a mask.
fn network(value: &Value) -> Value {
    match text(value) {
        Value::String(text) => {
            let (ip, mask) = text.split_once('/').unwrap_or((&text, ""));
            json!({"ip": ip.trim(), "mask": mask.trim()})
        }
        pair => pair,
    }
}

/// Numbers and truth values as scripts get them.
fn text(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.to_string().into(),
        Value::Bool(true) => "on".into(),
        Value::Bool(false) => "off".into(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str, mode: u32) -> anyhow::Result<AnswersFile> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("secret"), "geheim\n").expect("written");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
        AnswersFile::read(&path)
    }

    fn field(name: &str, kind: &str, multi: bool) -> Field {
        Field {
            name: Some(name.into()),
            kind: kind.into(),
            multi,
            ..Field::default()
        }
    }

    fn form(fields: Vec<Field>) -> Form {
        Form {
            slug: "dns".into(),
            name: "DNS".into(),
            fields,
            problems: Vec::new(),
        }
    }

    #[test]
    fn values_get_the_shape_of_their_fields() {
        let text = "[dns]\nport = 53\non = true\nmany = [\"a\", 2]\none = \"x\"\n\
                    nets = [\"192.0.2.0/24\", { ip = \"192.0.2.1\", mask = \"32\" }]\npw = { file = \"secret\" }\n";
        let answers = file("a.toml", text, 0o600).expect("it is good");
        let check = |field: Field, expected: Value| {
            assert_eq!(answers.answer("dns", &field), Some(expected));
        };
        check(field("port", "text", false), json!("53"));
        check(field("on", "check", false), json!(true));
        check(field("many", "text", true), json!(["a", "2"]));
        check(field("one", "text", true), json!(["x"]));
        check(field("pw", "password", false), json!("geheim"));
        let nets = json!([{"ip": "192.0.2.0", "mask": "24"}, {"ip": "192.0.2.1", "mask": "32"}]);
        check(field("nets", "network", false), nets);
        assert_eq!(answers.answer("dns", &field("other", "text", false)), None);
    }

    #[test]
    fn what_is_no_network_is_still_sent_as_one() {
        let answers = file("a.toml", "[dns]\nnets = [5]\n", 0o600).expect("it is good");
        let sent = answers.answer("dns", &field("nets", "network", false));
        assert_eq!(sent, Some(json!([{"ip": "5", "mask": ""}])));
    }

    #[test]
    fn what_nobody_asks_is_refused_with_what_was_meant() {
        let answers = file("a.json", r#"{"dns": {"forwarder": "x"}}"#, 0o600).expect("it is good");
        let error = answers.check_modules(&["dnss"]).expect_err("unknown");
        assert!(
            error.to_string().contains("did you mean \"dnss\"?"),
            "{error}"
        );
        assert!(answers.check_modules(&["dns"]).is_ok());
        let forms = [form(vec![field("forwarders", "text", true)])];
        let error = answers.check_fields(&forms).expect_err("unknown");
        assert!(
            error.to_string().contains("did you mean \"forwarders\"?"),
            "{error}"
        );
    }

    #[test]
    fn a_login_has_two_parts_and_is_for_a_repository_that_asks() {
        let refused = |login: &str| {
            let error = file("a.toml", &format!("[mail]\nclosd = {login}\n"), 0o600);
            format!("{:#}", error.err().expect("it is no login"))
        };
        let more = r#"{ login = "me", password = "geheim", extra = 5 }"#;
        assert!(refused(more).contains("\"extra\" is no part of a login"));
        let empty = r#"{ login = "", password = "geheim" }"#;
        assert!(refused(empty).contains("login is empty"));
        let text = "[mail]\nclosd = { login = \"me\", password = { file = \"secret\" } }\n";
        let answers = file("a.toml", text, 0o600).expect("it is good");
        let repository = |slug: &str| Repository {
            module: "mail".into(),
            slug: slug.into(),
            name: "Closed".into(),
            url: "http://mirror.example/".into(),
            restricted: true,
        };
        assert_eq!(answers.unused_login(&[repository("closd")]), None);
        let warning = answers.unused_login(&[repository("closed")]);
        let warning = warning.expect("nobody asks for it");
        assert!(warning.contains("did you mean \"closed\"?"), "{warning}");
        let warning = answers.unused_login(&[]).expect("nobody asks for it");
        assert!(warning.contains("mail.closd"), "{warning}");
    }

    #[test]
    fn a_password_that_everybody_can_read_is_warned_of() {
        let forms = [form(vec![field("pw", "password", false)])];
        let check = |text: &str, mode: u32, expected: bool| {
            let answers = file("a.json", text, mode).expect("it is good");
            assert_eq!(
                answers.warning(&forms).is_some(),
                expected,
                "{text} {mode:o}"
            );
        };
        check(r#"{"dns": {"pw": "geheim"}}"#, 0o644, true);
        check(r#"{"dns": {"pw": "geheim"}}"#, 0o640, false);
        check(r#"{"dns": {"pw": {"file": "secret"}}}"#, 0o644, false);
    }

    #[test]
    fn logins_of_repositories_are_told_from_fields() {
        let text =
            "[dns]\nport = 53\nmirror = { login = \"me\", password = { file = \"secret\" } }\n";
        let answers = file("a.toml", text, 0o644).expect("it is good");
        assert_eq!(answers.login("dns", "mirror"), Some(("me", "geheim")));
        assert_eq!(answers.login("dns", "port"), None);
        assert!(answers.login_warning().is_none());
        let forms = [form(vec![field("port", "text", false)])];
        assert!(answers.check_fields(&forms).is_ok());
        let plain = r#"{"dns": {"mirror": {"login": "me", "password": "geheim"}}}"#;
        let answers = file("a.json", plain, 0o644).expect("it is good");
        assert!(answers.login_warning().is_some());
    }

    #[test]
    fn mistakes_are_named_and_secrets_are_not() {
        let check = |name: &str, text: &str, expected: &str| {
            let Err(error) = file(name, text, 0o600) else {
                panic!("{text}: it was read");
            };
            let said = format!("{error:#}");
            assert!(
                said.contains(expected) && !said.contains("geheim"),
                "{said}"
            );
        };
        check("a.toml", "[dns]\npw = geheim\n", "line 2");
        check("a.json", "{\"dns\": geheim}", "line 1");
        check("a.json", "{", "the file ended");
        check("a.json", r#"{"dns": "geheim"}"#, "\"dns\"");
        check(
            "a.json",
            r#"{"dns": {"pw": {"env": "NO_SUCH_VARIABLE"}}}"#,
            "NO_SUCH_VARIABLE",
        );
        check("a.json", r#"{"dns": {"pw": {"fiel": "x"}}}"#, "dns.pw");
        check(
            "a.json",
            r#"{"dns": {"mirror": {"login": "geheim"}}}"#,
            "dns.mirror",
        );
        check(
            "a.json",
            r#"{"dns": {"pw": {"file": "nowhere"}}}"#,
            "nowhere",
        );
        check(
            "a.json",
            r#"{"dns": {"many": ["geheim", ["x"]]}}"#,
            "dns.many",
        );
        check(
            "a.json",
            r#"{"dns": {"pw": {"file": "/dev/zero"}}}"#,
            "larger than 1 MiB",
        );
    }
}
