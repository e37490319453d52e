//! What the command line reads of the API's answers, beside what it shares with the stream.

use contara_protocol::stream::v1::setup::{SetupLine, SetupTransaction};
use serde::Deserialize;
use serde_json::Value;

/// What one module asks.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Form {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    #[serde(default)]
    pub(super) problems: Vec<String>,
}

/// A field of a form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Field {
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) value: Value,
    pub(super) is_set: bool,
    pub(super) required: bool,
    pub(super) read_only: bool,
    pub(super) hidden: bool,
    pub(super) multi: bool,
    pub(super) confirm: bool,
    pub(super) options: Vec<Choice>,
}

/// Something that can be chosen.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) value: String,
    #[serde(default)]
    pub(super) toggle: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Forms {
    pub(super) forms: Vec<Form>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Transactions {
    pub(super) transactions: Vec<SetupTransaction>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LogPart {
    pub(super) lines: Vec<SetupLine>,
    pub(super) next: u64,
    pub(super) more: bool,
}

/// What scripts did to files, as much of it as is read here.
#[derive(Debug, Deserialize)]
pub(super) struct Changes {
    pub(super) files: Vec<ChangedFile>,
    pub(super) unknown: Vec<String>,
    pub(super) undo: UndoState,
}

#[derive(Debug, Deserialize)]
pub(super) struct ChangedFile {
    pub(super) path: String,
    pub(super) change: String,
    pub(super) before: Option<FileFacts>,
    pub(super) after: Option<FileFacts>,
    pub(super) lost: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct FileFacts {
    pub(super) kind: String,
    pub(super) mode: Option<String>,
    pub(super) owner: u32,
    pub(super) group: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct UndoState {
    pub(super) possible: bool,
    pub(super) began: Option<String>,
    pub(super) undone: Option<UndoneBy>,
    pub(super) leaves: Leaves,
}

#[derive(Debug, Deserialize)]
pub(super) struct UndoneBy {
    pub(super) at: String,
    pub(super) by: String,
}

/// What an undo doesn't touch.
#[derive(Debug, Deserialize)]
pub(super) struct Leaves {
    pub(super) packages: Vec<String>,
    pub(super) services: Vec<String>,
}

/// What became of an undo.
#[derive(Debug, Deserialize)]
pub(super) struct Undone {
    pub(super) put_back: usize,
    pub(super) left: Vec<LeftFile>,
    pub(super) complete: bool,
    pub(super) leaves: Leaves,
    pub(super) modules: Vec<UndoneModule>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LeftFile {
    pub(super) path: String,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct UndoneModule {
    pub(super) slug: String,
    pub(super) configured: bool,
}

/// As much of a plan as is read here; the rest goes through as it is.
#[derive(Debug, Deserialize)]
pub(super) struct Plan {
    pub(super) modules: Vec<PlannedModule>,
    pub(super) packages: Packages,
    #[serde(default)]
    pub(super) steps: Vec<PlannedStep>,
    #[serde(default)]
    pub(super) repositories: Vec<Repository>,
    #[serde(default)]
    pub(super) problems: Vec<Remark>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PlannedStep {
    pub(super) kind: String,
    pub(super) state: String,
}

/// One that would be added.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Repository {
    pub(super) module: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) restricted: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct PlannedModule {
    pub(super) slug: String,
    pub(super) form: Option<Form>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Packages {
    pub(super) install: Vec<String>,
    pub(super) upgrade: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Remark {
    pub(super) message: String,
}

impl Field {
    /// Its name, if it is one that somebody answers.
    pub(super) fn asked(&self) -> Option<&str> {
        let is_asked = !self.hidden && !self.read_only && self.kind != "subtitle";
        self.name.as_deref().filter(|_| is_asked)
    }

    pub(super) fn is_password(&self) -> bool {
        self.kind == "password"
    }
}

impl Form {
    /// Names that no field has to be asked for, since an option that hides them is chosen.
    pub(super) fn switched_off(&self, chosen: impl Fn(&Field) -> String) -> Vec<&str> {
        let mut off = Vec::new();
        for field in self.fields.iter().filter(|field| field.kind == "options") {
            let chosen = chosen(field);
            let shown: Vec<_> = toggled(field, |choice| choice.value == chosen).collect();
            off.extend(toggled(field, |_| true).filter(|name| !shown.contains(name)));
        }
        off
    }
}

fn toggled(field: &Field, which: impl Fn(&Choice) -> bool) -> impl Iterator<Item = &str> {
    let options = field.options.iter().filter(move |choice| which(choice));
    options.flat_map(|choice| choice.toggle.iter().map(String::as_str))
}
