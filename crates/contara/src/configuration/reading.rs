//! From the text of the configuration to its values, with every problem in its place.

use std::ops::Range;
use std::path::Path;

use contara_i18n::{Message, message};
use contara_manifest::{Code, Problem, closest, did_you_mean, in_configuration, is_module_name};
use contara_system::spawner::StartWay;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Configuration;
use super::amount::{UNLIMITED, Unit, bytes_of};
use super::limit_fields::{LIMITS, LimitField, limit_field};

type Value<'t> = Spanned<DeValue<'t>>;
type Limits = Vec<(&'static LimitField, u64)>;

/// Sections at the top.
const SECTIONS: [&str; 5] = ["workers", "limits", "modules", "packages", "setup"];

/// What a text says, and everything that is wrong with it. With problems the values are incomplete.
pub(super) fn read(path: &Path, text: &str) -> (Configuration, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        path,
        text,
        configuration: Configuration::default(),
        problems: Vec::new(),
        is_broken: !errors.is_empty(),
    };
    for error in &errors {
        reader.syntax(error);
    }
    reader.top(table.get_ref());
    let mut problems = reader.problems;
    problems.sort_by_key(|problem| (problem.line, problem.column));
    (reader.configuration, problems)
}

/// A configuration that is being read.
pub(super) struct Reader<'t> {
    path: &'t Path,
    text: &'t str,
    pub(super) configuration: Configuration,
    problems: Vec<Problem>,
    /// Something is no TOML.
    is_broken: bool,
}

impl Reader<'_> {
    fn syntax(&mut self, error: &toml::de::Error) {
        let at = error.span().unwrap_or_default();
        let problem = self.problem(
            Code::Syntax,
            at,
            message!("Not TOML: {reason}", reason = error.message()),
        );
        problem.help = Some(message!("docs/configuration.md has a whole example."));
    }

    fn top(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "workers" => self.workers(value),
                "limits" => self.configuration.limits = self.limits("limits", value),
                "modules" => self.modules(value),
                "packages" => self.packages(value),
                "setup" => self.setup(value),
                // What follows a header that can't be read lands here, and says nothing of what was meant.
                _ if self.is_broken => {}
                other => self.unknown(other, key.span(), "", &SECTIONS),
            }
        }
    }

    fn workers(&mut self, value: &Value<'_>) {
        let Some(table) = self.table("workers", value) else {
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "start" => self.start(value),
                other => self.unknown(other, key.span(), "workers", &["start"]),
            }
        }
    }

    fn start(&mut self, value: &Value<'_>) {
        self.configuration.start = match value.get_ref().as_str() {
            Some("fork") => StartWay::Fork,
            Some("exec") => StartWay::Exec,
            written => {
                let close = written.and_then(|written| closest(written, ["fork", "exec"]));
                let found = self.written(value);
                let message = message!("`workers.start` is no way to start workers");
                let problem = self.problem(Code::InvalidAmount, value.span(), message);
                problem.found = Some(found);
                problem.expected = Some(message!("\"fork\" or \"exec\""));
                problem.help = Some(close.map_or_else(
                    || message!("\"fork\" copies a Python that is ready, \"exec\" starts a new one for each module."),
                    did_you_mean,
                ));
                return;
            }
        };
    }

    fn modules(&mut self, value: &Value<'_>) {
        let Some(table) = self.table("modules", value) else {
            return;
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if is_module_name(name) {
                let limits = self.module(name, value);
                self.configuration.modules.insert(name.to_owned(), limits);
            } else {
                let problem = self.problem(
                    Code::InvalidName,
                    key.span(),
                    message!("No module can have this name"),
                );
                problem.found = Some(Message::verbatim(format!("{name:?}")));
                problem.expected = Some(message!("the `name` of a module's module.json"));
                problem.help = Some(message!("`contara module list` shows the names."));
            }
        }
    }

    fn module(&mut self, name: &str, value: &Value<'_>) -> Limits {
        let path = format!("modules.{name}");
        let mut limits = Vec::new();
        for (key, value) in self.table(&path, value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "limits" => limits = self.limits(&format!("{path}.limits"), value),
                other => self.unknown(other, key.span(), &path, &["limits"]),
            }
        }
        limits
    }

    fn limits(&mut self, path: &str, value: &Value<'_>) -> Limits {
        let mut limits = Vec::new();
        for (key, value) in self.table(path, value).into_iter().flatten() {
            let name = key.get_ref().as_ref();
            match limit_field(name) {
                Some(field) => {
                    let amount = self.amount(&format!("{path}.{name}"), field, value);
                    limits.extend(amount.map(|amount| (field, amount)));
                }
                None => {
                    let known = LIMITS.each_ref().map(|field| field.name);
                    self.unknown(name, key.span(), path, &known);
                }
            }
        }
        limits
    }

    fn amount(&mut self, path: &str, field: &LimitField, value: &Value<'_>) -> Option<u64> {
        if value.get_ref().as_str() == Some(UNLIMITED) {
            return Some(u64::MAX);
        }
        match amount_of(field.unit, value.get_ref()) {
            Some(amount) if amount < field.least => self.too_small(path, field, value),
            Some(amount) if amount > field.most => self.too_large(path, field, value),
            Some(amount) => return Some(amount),
            None => self.no_amount(path, field, value),
        }
        None
    }

    fn too_small(&mut self, path: &str, field: &LimitField, value: &Value<'_>) {
        let message = message!("`{name}` is too small", name = path);
        let expected = message!("at least {amount}", amount = field.unit.shown(field.least));
        self.bad_amount(message, value, expected, (field.why)());
    }

    fn too_large(&mut self, path: &str, field: &LimitField, value: &Value<'_>) {
        let message = message!("`{name}` is too large", name = path);
        let expected = message!(
            "at most {amount}, or \"unlimited\"",
            amount = field.unit.shown(field.most)
        );
        self.bad_amount(message, value, expected, (field.why)());
    }

    fn no_amount(&mut self, path: &str, field: &LimitField, value: &Value<'_>) {
        let (expected, help) = match field.unit {
            Unit::Bytes => (
                message!(
                    "bytes: a text with a unit, such as \"512MiB\", a whole number, or \"unlimited\""
                ),
                message!(
                    "The units are KiB, MiB, GiB, TiB (of 1024) and kB, MB, GB, TB (of 1000)."
                ),
            ),
            Unit::Count => (
                message!("a whole number, or \"unlimited\""),
                message!("Write it without quotes and without a unit."),
            ),
        };
        let message = message!("`{name}` is no amount", name = path);
        self.bad_amount(message, value, expected, help);
    }

    /// An amount or a choice that can't be used.
    pub(super) fn bad_amount(
        &mut self,
        message: Message,
        value: &Value<'_>,
        expected: Message,
        help: Message,
    ) {
        let found = self.written(value);
        let problem = self.problem(Code::InvalidAmount, value.span(), message);
        problem.found = Some(found);
        problem.expected = Some(expected);
        problem.help = Some(help);
    }

    pub(super) fn table<'v, 't>(
        &mut self,
        path: &str,
        value: &'v Value<'t>,
    ) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            // TOML's own word for what it is.
            let found = format!("{} {}", value.get_ref().type_str(), self.written(value));
            let message = message!("`{name}` is not a section", name = path);
            let problem = self.problem(Code::WrongType, value.span(), message);
            problem.found = Some(Message::verbatim(found));
            problem.expected = Some(message!("a section [{name}]", name = path));
        }
        table
    }

    pub(super) fn unknown(&mut self, name: &str, at: Range<usize>, section: &str, known: &[&str]) {
        let message = match section {
            "" => message!(
                "Nothing is called `{name}` at the top of the configuration",
                name = name
            ),
            section => message!(
                "Nothing is called `{name}` in [{section}]",
                name = name,
                section = section
            ),
        };
        let problem = self.problem(Code::UnknownField, at, message);
        problem.expected = Some(message!("one of {names}", names = known.join(", ")));
        problem.help = match limit_field(name).filter(|_| known.contains(&"limits")) {
            Some(_) => Some(message!(
                "Put it into [{section}].",
                section = inside(section, "limits")
            )),
            None => closest(name, known.iter().copied()).map(did_you_mean),
        };
    }

    /// A value as it is written, cut to what fits a sentence.
    pub(super) fn written(&self, value: &Value<'_>) -> Message {
        const LONGEST: usize = 60;
        let written = self.text.get(value.span()).unwrap_or_default();
        let line = written.lines().next().unwrap_or_default();
        Message::verbatim(match line.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}…", &line[..cut]),
            None => line.to_owned(),
        })
    }

    pub(super) fn problem(
        &mut self,
        code: Code,
        at: Range<usize>,
        message: Message,
    ) -> &mut Problem {
        let problem = in_configuration(code, message, self.path, self.text, at);
        self.problems.push_mut(problem)
    }
}

fn amount_of(unit: Unit, value: &DeValue<'_>) -> Option<u64> {
    match value {
        DeValue::Integer(integer) => {
            u64::from_str_radix(integer.as_str().trim_start_matches('+'), integer.radix()).ok()
        }
        DeValue::String(text) if unit == Unit::Bytes => bytes_of(text),
        _ => None,
    }
}

/// The name of a section in another one; `""` is the top.
fn inside(section: &str, name: &str) -> String {
    match section {
        "" => name.to_owned(),
        section => format!("{section}.{name}"),
    }
}
