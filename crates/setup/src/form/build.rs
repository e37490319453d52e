//! From a manifest's `config` to a form: hooks are asked for defaults, current values and generated fields.
//!
//! A hook that fails costs what it should have given and becomes a problem of the form; all else goes on.

use std::collections::BTreeSet;

use contara_i18n::{Explained, Message, message};
use contara_manifest::{FieldKind, FieldSpec, SetupManifest};
use serde_json::{Map, Value as Json};

use super::values::{literal, text_of, value_of};
use super::{Form, FormField, Secret};
use crate::hooks::{HookError, Hooks, is_truthy};
use crate::output::Mask;

/// The form of a module as it is now.
pub async fn build(manifest: &SetupManifest, is_configured: bool, hooks: &dyn Hooks) -> Form {
    let mut builder = Builder {
        slug: &manifest.slug,
        is_configured,
        hooks,
        current: Map::new(),
        entries: Vec::new(),
        problems: Vec::new(),
        secrets: Vec::new(),
    };
    let config = manifest.config.as_deref().unwrap_or_default();
    if !config.is_empty() {
        builder.ask_current(config).await;
    }
    for spec in config {
        builder.add(spec).await;
    }
    let mask = Mask::new(builder.secrets.iter().map(|secret| secret.0.clone()));
    let mut fields: Vec<_> = builder.entries.into_iter().map(Entry::finish).collect();
    keep_repetitions_apart(&mut fields);
    Form {
        slug: manifest.slug.clone(),
        name: manifest.name.clone(),
        fields,
        problems: builder
            .problems
            .into_iter()
            .map(|problem| problem.with_texts(&|text| mask.line(text)))
            .collect(),
        secrets: builder.secrets,
    }
}

/// What is typed a second time is posted as `<name>2`. Where that is another field, the password is typed once.
fn keep_repetitions_apart(fields: &mut [FormField]) {
    let names = fields.iter().filter_map(|field| field.spec.name.clone());
    let names: BTreeSet<_> = names.collect();
    for field in fields {
        let name = field.spec.name.as_deref().unwrap_or_default();
        if names.contains(&format!("{name}2")) {
            field.spec.confirm = false;
        }
    }
}

struct Builder<'b> {
    slug: &'b str,
    is_configured: bool,
    hooks: &'b dyn Hooks,
    /// What the machine has now.
    current: Map<String, Json>,
    entries: Vec<Entry>,
    problems: Vec<Message>,
    /// All passwords that hooks and the manifest told.
    secrets: Vec<Secret>,
}

/// A field, and the dict that hooks are given for it.
#[derive(Clone)]
struct Entry {
    field: FormField,
    raw: Map<String, Json>,
}

impl Builder<'_> {
    async fn ask_current(&mut self, config: &[FieldSpec]) {
        if !self.hooks.functions().contains("get_current_config") {
            return;
        }
        match self
            .hooks
            .call("get_current_config", Vec::new(), true)
            .await
        {
            Ok(Json::Object(current)) => {
                let current_of = |spec: &FieldSpec| current.get(spec.name.as_ref()?);
                let secrets = config
                    .iter()
                    .filter_map(|spec| secret(spec, current_of(spec)));
                self.secrets.extend(secrets);
                self.current = current;
            }
            Ok(_) => {}
            // Its values aren't used, and before a module's packages are there it often has no way to work.
            Err(HookError::Raised { .. }) if !self.is_configured => {}
            Err(error) => {
                self.problems.push(error.explanation());
                // What can't be seen or changed once it is configured would go back as its default.
                self.is_configured = false;
            }
        }
    }

    fn push(&mut self, spec: FieldSpec, start: Option<Json>) {
        let entry = Entry::new(spec, start, self.is_configured);
        self.secrets.extend(entry.field.secret.clone());
        self.entries.push(entry);
    }

    async fn add(&mut self, spec: &FieldSpec) {
        let mut spec = spec.clone();
        spec.raw.entry("slug").or_insert_with(|| self.slug.into());
        match (spec.kind, spec.name.clone()) {
            (FieldKind::Custom, Some(name)) => self.generate(&name).await,
            (FieldKind::Subtitle, _) | (_, Some(_)) => {
                let start = self.start(&spec).await;
                self.push(spec, start);
            }
            (_, None) => self.problems.push(message!(
                "desc.json has a field without a name in `config`, which is left out: {label}",
                label = format!("{:?}", spec.label)
            )),
        }
    }

    /// What stands in a field at first, as hooks know it; `None` for nothing.
    async fn start(&mut self, spec: &FieldSpec) -> Option<Json> {
        let current = spec.name.as_ref().and_then(|name| self.current.get(name));
        if let Some(current) = current
            && self.is_configured
            && is_truthy(current)
        {
            return Some(current.clone());
        }
        let default = spec.default.as_ref()?;
        match default.as_str() {
            Some(function) if self.hooks.functions().contains(function) => {
                let answer = self.hooks.call(function, Vec::new(), true).await;
                Some(answer.unwrap_or_else(|error| {
                    self.problems.push(error.explanation());
                    "".into()
                }))
            }
            _ => Some(literal(spec, default)),
        }
    }

    /// Lets a hook make fields out of those so far: what it returns replaces them all.
    async fn generate(&mut self, name: &str) {
        let function = format!("get_{name}_config");
        let so_far = self.entries.iter().map(|entry| entry.raw.clone());
        let so_far: Vec<_> = so_far.map(Json::Object).collect();
        let answer = self.hooks.call(&function, vec![so_far.into()], false).await;
        match answer {
            Ok(Json::Array(fields)) => {
                let known = std::mem::take(&mut self.entries);
                for field in fields {
                    self.add_generated(&function, &field, &known);
                }
            }
            Ok(_) => self.problems.push(message!(
                "{function}() didn't return a list of fields, so what it should add is left out",
                function = &function
            )),
            Err(error) => self.problems.push(error.explanation()),
        }
    }

    fn add_generated(&mut self, function: &str, field: &Json, known: &[Entry]) {
        let is_same = |entry: &&Entry| field.as_object() == Some(&entry.raw);
        if let Some(entry) = known.iter().find(is_same) {
            self.entries.push(entry.clone());
            return;
        }
        match generated(self.slug, field) {
            Ok(spec) => {
                let start = spec.default.clone();
                self.push(spec, start);
            }
            Err(reason) => self.problems.push(message!(
                "{function}() returned a field that is left out: {reason}",
                function = function,
                reason = reason
            )),
        }
    }
}

fn generated(slug: &str, field: &Json) -> Result<FieldSpec, Message> {
    let dict = field.as_object();
    let dict = dict.ok_or_else(|| message!("it isn't a dict"))?;
    let spec = FieldSpec::generated(slug, dict)?;
    match spec.kind {
        FieldKind::Custom => Err(message!("it would have to be generated itself")),
        _ => Ok(spec),
    }
}

impl Entry {
    fn new(spec: FieldSpec, start: Option<Json>, is_configured: bool) -> Self {
        let mut raw = spec.raw.clone();
        if let Some(start) = &start {
            raw.insert("default".into(), start.clone());
        }
        let is_text = spec.kind == FieldKind::Text;
        let is_hidden = spec.is_hidden && is_text || spec.show_if_unconfigured && is_configured;
        let is_read_only = spec.edit_if_unconfigured && is_configured;
        if spec.show_if_unconfigured && is_configured {
            raw.remove("require");
        }
        let secret = secret(&spec, start.as_ref());
        let field = FormField {
            value: match start {
                Some(start) if spec.kind != FieldKind::Password => value_of(&spec, &start),
                _ => value_of(&spec, &Json::Null),
            },
            is_set: secret.is_some(),
            secret,
            // Nobody could answer it.
            is_required: spec.require && !is_hidden && !is_read_only,
            is_read_only,
            is_hidden,
            spec,
        };
        Self { field, raw }
    }

    /// The field as others get it: without a password in its dict.
    fn finish(mut self) -> FormField {
        if self.field.spec.kind == FieldKind::Password {
            self.field.spec.default = None;
            self.field.spec.raw.remove("default");
        }
        self.field
    }
}

fn secret(spec: &FieldSpec, start: Option<&Json>) -> Option<Secret> {
    let text = start.map(text_of).unwrap_or_default();
    (spec.kind == FieldKind::Password && !text.is_empty()).then_some(Secret(text))
}
