//! A problem as every surface shows it: the API serialises it, the CLI renders it. How problems are found and placed
//! is `finding.rs`; how they look in a terminal is `render.rs`.

use std::fmt;
use std::path::Path;

use contara_i18n::{Message, message};
use serde::{Serialize, Serializer};

use crate::source_text::{Snippet, printable};

/// Whether a module with this problem can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The module can't be used until this is put right.
    Error,
    /// The module works; something about it is likely not what its author meant.
    Warning,
}

impl Severity {
    /// One word.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Severity::Error => message!("error"),
            Severity::Warning => message!("warning"),
        }
    }
}

/// In English.
impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

/// What kind of problem it is; stable, for tests and for clients that want to group or to link to help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The folder has no `module.json`.
    MissingManifest,
    /// The folder has no `__init__.py`.
    MissingInit,
    /// The operating system refused to give the folder or the file.
    Unreadable,
    /// The file is over [`MAX_BYTES`](crate::MAX_BYTES).
    TooLarge,
    /// The file isn't UTF-8.
    NotUtf8,
    /// The file starts with a byte order mark.
    ByteOrderMark,
    /// The file isn't JSON.
    Syntax,
    /// A comment, which JSON doesn't have.
    Comment,
    /// A comma after the last member, which JSON doesn't allow.
    TrailingComma,
    /// A control character inside a string, or an invisible one between values.
    InvisibleCharacter,
    /// Arrays and objects inside each other beyond all need.
    TooDeep,
    /// A key stands twice in one object.
    DuplicateKey,
    /// A value of another JSON type than the field's.
    WrongType,
    /// A required field isn't there.
    MissingField,
    /// A field nothing reads.
    UnknownField,
    /// An old spelling of a field.
    Deprecated,
    /// A text that should say something is empty.
    EmptyField,
    /// `name` breaks the rules for names.
    InvalidName,
    /// `name` isn't the folder's name.
    NameMismatch,
    /// `version` isn't a semantic version.
    InvalidVersion,
    /// `engine.contaranas` isn't an npm range.
    InvalidEngineRange,
    /// A platform other than linux, windows, darwin.
    UnknownPlatform,
    /// `platforms` is empty: the module runs nowhere.
    NoPlatform,
    /// A Python package's name or version specifier can't be understood.
    InvalidRequirement,
    /// `icon` isn't a Lucide icon.
    UnknownIcon,
    /// A link that isn't http or https.
    InvalidLink,
    /// A sort of field that setup modules don't have.
    UnknownFieldType,
    /// An amount or a choice of the configuration that can't be used.
    InvalidAmount,
    /// A function that `desc.json` names and the module doesn't have.
    MissingHook,
    /// Something about the module's Python.
    ModuleCode,
    /// Something about a setup module's script.
    Script,
    /// A catalogue of translated texts that can't be used.
    Catalogue,
    /// The module's Python could not be looked at.
    CheckFailed,
    /// Another folder already holds a module of this name.
    ShadowedModule,
    /// There are more problems than are listed.
    MoreProblems,
}

impl fmt::Display for Code {
    /// The code as it is serialised, e.g. `missing-field`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Serialize::serialize(self, f)
    }
}

/// One thing that is wrong with or doubtful about a module.
///
/// `Display` gives [`Self::line`] in English, safe to print. It is serialised in English, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether the module can be used all the same.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// What is wrong, in one short sentence without a full stop; the first thing to read.
    #[serde(serialize_with = "in_english")]
    pub message: Message,
    /// The file it is in, or the folder when it is about the folder.
    pub file: String,
    /// Line from 1.
    pub line: Option<usize>,
    /// Column from 1, counted in Unicode characters, as editors show it.
    pub column: Option<usize>,
    /// What stands there.
    #[serde(serialize_with = "in_english_if_any")]
    pub found: Option<Message>,
    /// What should stand there.
    #[serde(serialize_with = "in_english_if_any")]
    pub expected: Option<Message>,
    /// What to do.
    #[serde(serialize_with = "in_english_if_any")]
    pub help: Option<Message>,
    /// The text around the place, for [`render`](crate::render).
    #[serde(skip)]
    pub(crate) snippet: Option<Snippet>,
}

impl Problem {
    /// An error about a whole file or folder.
    pub(crate) fn about(path: &Path, code: Code, message: Message) -> Self {
        Problem {
            severity: Severity::Error,
            code,
            message,
            file: path.display().to_string(),
            line: None,
            column: None,
            found: None,
            expected: None,
            help: None,
            snippet: None,
        }
    }

    /// `file`, `file:line` or `file:line:column`, as much as is known.
    pub(crate) fn place(&self) -> String {
        let mut place = self.file.clone();
        for number in [self.line, self.column].into_iter().flatten() {
            place.push_str(&format!(":{number}"));
        }
        place
    }

    /// The one-line form: `file:line:column: error: message`.
    #[must_use]
    pub fn line(&self) -> Message {
        message!(
            "{place}: {severity}: {message}",
            place = self.place(),
            severity = self.severity.message(),
            message = self.message.clone()
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.line().to_string()))
    }
}

fn in_english<S: Serializer>(message: &Message, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(message)
}

fn in_english_if_any<S: Serializer>(
    message: &Option<Message>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match message {
        Some(message) => serializer.collect_str(message),
        None => serializer.serialize_none(),
    }
}
