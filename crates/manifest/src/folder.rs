//! What a caller read from disk, and the problems that concern a folder as a whole.

use std::path::{Path, PathBuf};

use contara_i18n::{Message, message};

use crate::module::Source;
use crate::problem::{Code, Problem};
use crate::source_text::quoted;

/// The largest `module.json` that is read: a thousand times what a real one needs.
pub const MAX_BYTES: u64 = 1024 * 1024;

/// A module's folder as the caller found it; this crate does no IO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Where it is, as problems shall show it.
    pub path: PathBuf,
    /// The directory's own name, which the module's name must equal.
    pub name: String,
    /// The bytes of `module.json`, or of `desc.json` where that is read, or why there are none.
    pub manifest: Result<Vec<u8>, ReadFailure>,
    /// Whether there is an `__init__.py`.
    pub has_init: bool,
}

/// Why `module.json` wasn't read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFailure {
    /// There is none.
    NotFound,
    /// It is larger than [`MAX_BYTES`].
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// The operating system's error, as it words it.
    Other(String),
}

impl Folder {
    pub(crate) fn manifest_path(&self) -> PathBuf {
        self.path.join("module.json")
    }

    pub(crate) fn read_failure(&self, failure: &ReadFailure) -> Problem {
        match failure {
            ReadFailure::NotFound => self.missing_manifest(),
            ReadFailure::TooLarge { bytes } => too_large(&self.manifest_path(), *bytes),
            ReadFailure::Other(cause) => unreadable(&self.manifest_path(), cause),
        }
    }

    fn missing_manifest(&self) -> Problem {
        Problem {
            expected: Some(message!("a file module.json in this folder")),
            help: Some(message!(
                "Add a module.json, or a desc.json if it sets something up, or move the folder elsewhere if it isn't a module."
            )),
            ..Problem::about(
                &self.path,
                Code::MissingManifest,
                message!("Missing module.json"),
            )
        }
    }

    pub(crate) fn setup_read_failure(&self, failure: &ReadFailure) -> Problem {
        let file = self.path.join("desc.json");
        match failure {
            ReadFailure::NotFound => Problem {
                expected: Some(message!("a file desc.json in this folder")),
                ..Problem::about(
                    &self.path,
                    Code::MissingManifest,
                    message!("Missing desc.json"),
                )
            },
            ReadFailure::TooLarge { bytes } => too_large(&file, *bytes),
            ReadFailure::Other(cause) => unreadable(&file, cause),
        }
    }

    pub(crate) fn missing_setup_init(&self) -> Problem {
        Problem {
            help: Some(message!(
                "Add an __init__.py; an empty one will do if there are no hooks."
            )),
            ..self.missing_init()
        }
    }

    pub(crate) fn missing_init(&self) -> Problem {
        Problem {
            expected: Some(message!("a file __init__.py in this folder")),
            help: Some(message!("Add an __init__.py with the Module class.")),
            ..Problem::about(
                &self.path,
                Code::MissingInit,
                message!("Missing __init__.py"),
            )
        }
    }
}

pub(crate) fn too_large(file: &Path, bytes: u64) -> Problem {
    Problem {
        found: Some(message!("{count} bytes", count = bytes)),
        expected: Some(message!("at most {count} bytes (1 MiB)", count = MAX_BYTES)),
        help: Some(message!(
            "A manifest describes a module; keep data in files beside it."
        )),
        ..Problem::about(file, Code::TooLarge, message!("The file is too large"))
    }
}

/// The problem of a folder or file that can't be read. `cause` is the operating system's error as text.
pub fn unreadable(path: &Path, cause: &str) -> Problem {
    Problem {
        found: Some(Message::verbatim(cause)),
        help: Some(message!(
            "Give the user that Contara runs as the right to read it."
        )),
        ..Problem::about(path, Code::Unreadable, message!("Can't be read"))
    }
}

/// The problem that `folder` shows when the module at `by` has the same name and is the one that is loaded.
pub fn shadowed(folder: &Folder, by: &Path, by_source: Source) -> Problem {
    let message = message!(
        "Another module is named {name}",
        name = quoted(&folder.name)
    );
    let by = by.display().to_string();
    let (found, instead) = match by_source {
        Source::Builtin => (
            message!(
                "the builtin module in {folder}, which is loaded",
                folder = &by
            ),
            message!(
                "The builtin module in {folder} is loaded instead.",
                folder = &by
            ),
        ),
        Source::Community => (
            message!(
                "the community module in {folder}, which is loaded",
                folder = &by
            ),
            message!(
                "The community module in {folder} is loaded instead.",
                folder = &by
            ),
        ),
    };
    let rename =
        message!("Rename this folder and the name in its module.json, or remove one of the two.");
    Problem {
        found: Some(found),
        expected: Some(message!("a name that no other module has")),
        help: Some(Message::sentences(vec![instead, rename])),
        ..Problem::about(&folder.path, Code::ShadowedModule, message)
    }
}

/// The problem that `folder` shows when the setup module at `by` has the same slug and is the one that is offered.
pub fn shadowed_slug(folder: &Path, slug: &str, by: &Path) -> Problem {
    let message = message!(
        "Another setup module has the slug {slug}",
        slug = quoted(slug)
    );
    let by = by.display().to_string();
    Problem {
        found: Some(message!(
            "the module in {folder}, which is offered",
            folder = &by
        )),
        expected: Some(message!("a slug that no other module has")),
        help: Some(message!(
            "The module in {folder} is offered instead. Change the slug in this folder's desc.json, or remove one of the two.",
            folder = by
        )),
        ..Problem::about(folder, Code::ShadowedModule, message)
    }
}
