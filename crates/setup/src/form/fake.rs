//! For tests: hooks that return what they are told to and note all calls, fields, and what is posted for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use contara_manifest::{FieldKind, FieldOption, FieldSpec, SetupManifest};
use futures_util::future::BoxFuture;
use serde_json::Value as Json;

use super::{Posted, Value};
use crate::hooks::{HookError, Hooks};

type Function = Box<dyn Fn(&[Json]) -> Result<Json, String> + Send + Sync>;

/// See the file's first lines.
#[derive(Default)]
pub(crate) struct Fake {
    names: BTreeSet<String>,
    functions: BTreeMap<String, Function>,
    /// Name, arguments, and whether the module was offered.
    pub(crate) calls: Mutex<Vec<(String, Vec<Json>, bool)>>,
}

impl Fake {
    pub(crate) fn with(
        mut self,
        name: &str,
        function: impl Fn(&[Json]) -> Result<Json, String> + Send + Sync + 'static,
    ) -> Self {
        self.names.insert(name.into());
        self.functions.insert(name.into(), Box::new(function));
        self
    }

    /// One that always returns the same.
    pub(crate) fn returning(self, name: &str, value: Json) -> Self {
        self.with(name, move |_| Ok(value.clone()))
    }

    /// One that raises.
    pub(crate) fn raising(self, name: &str) -> Self {
        self.with(name, |_| Err("KeyError: 'x'".into()))
    }
}

impl Hooks for Fake {
    fn functions(&self) -> &BTreeSet<String> {
        &self.names
    }

    fn call<'a>(
        &'a self,
        function: &'a str,
        arguments: Vec<Json>,
        with_module: bool,
    ) -> BoxFuture<'a, Result<Json, HookError>> {
        let answer = match self.functions.get(function) {
            Some(body) => body(&arguments).map_err(|message| HookError::Raised {
                function: function.to_owned(),
                message,
            }),
            None => Err(HookError::Missing(function.to_owned())),
        };
        if let Ok(mut calls) = self.calls.lock() {
            calls.push((function.to_owned(), arguments, with_module));
        }
        Box::pin(async move { answer })
    }
}

/// A field as the manifest has it.
pub(crate) fn spec(kind: FieldKind, name: &str) -> FieldSpec {
    let mut raw = serde_json::Map::new();
    raw.insert("name".into(), name.into());
    FieldSpec {
        raw,
        kind,
        name: Some(name.into()),
        confirm: true,
        ..FieldSpec::default()
    }
}

/// A field with a default.
pub(crate) fn with_default(kind: FieldKind, name: &str, default: Json) -> FieldSpec {
    let mut spec = spec(kind, name);
    spec.raw.insert("default".into(), default.clone());
    FieldSpec {
        default: Some(default),
        ..spec
    }
}

/// A module that asks for these.
pub(crate) fn manifest(config: Vec<FieldSpec>) -> SetupManifest {
    SetupManifest {
        slug: "it".into(),
        name: "It".into(),
        config: Some(config),
        ..SetupManifest::default()
    }
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(crate) fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|&text| text.to_owned()).collect())
}

pub(crate) fn networks(pairs: &[(&str, &str)]) -> Value {
    let pair = |(ip, mask): &(&str, &str)| ((*ip).to_owned(), (*mask).to_owned());
    Value::Networks(pairs.iter().map(pair).collect())
}

pub(crate) fn posted(values: &[(&str, Value)]) -> Posted {
    let value = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
    values.iter().map(value).collect()
}

pub(crate) fn options(name: &str, values: &[(&str, &[&str])]) -> FieldSpec {
    let option = |(value, toggle): &(&str, &[&str])| FieldOption {
        name: value.to_uppercase(),
        value: (*value).into(),
        toggle: toggle.iter().map(|&name| name.to_owned()).collect(),
    };
    FieldSpec {
        options: values.iter().map(option).collect(),
        ..spec(FieldKind::Options, name)
    }
}

pub(crate) fn required(spec: FieldSpec) -> FieldSpec {
    FieldSpec {
        require: true,
        ..spec
    }
}

pub(crate) fn valid(spec: FieldSpec, validation: &str) -> FieldSpec {
    FieldSpec {
        validation: Some(validation.into()),
        ..spec
    }
}

pub(crate) fn multi(name: &str) -> FieldSpec {
    FieldSpec {
        is_multi: true,
        ..spec(FieldKind::Text, name)
    }
}
