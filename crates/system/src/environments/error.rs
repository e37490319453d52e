//! Why a module's Python packages can't be had, in sentences for people. The installer's own words are kept: it knows best
//! what doesn't fit.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use contara_i18n::{Message, message};
use thiserror::Error;

/// Why packages could not be prepared. `Display` is the whole story: a sentence and, after a line end, the installer's words;
/// [`message`](Self::message) and [`words`](Self::words) are its two parts. All of them can be tried again.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// No versions fit together, or there is no such package.
    #[error("{}", told(self))]
    Unresolvable {
        /// What the resolver said, without noise; at most some 20 lines.
        words: String,
        /// What Contara itself needs of the packages in question, such as `pydantic<3,>=2.11`; empty when it has no say.
        sdk: Vec<String>,
    },
    /// The package index can't be reached.
    #[error("{}", told(self))]
    NoNetwork {
        /// What the installer said.
        words: String,
    },
    /// There is neither `uv` nor `pip`.
    #[error("{}", told(self))]
    NoInstaller {
        /// The interpreter without them.
        python: PathBuf,
    },
    /// The installer was not through in time.
    #[error("{}", told(self))]
    TooLong(Duration),
    /// The installer or the interpreter failed otherwise: a package that can't be built, a full disk.
    #[error("{}", told(self))]
    Failed {
        /// What was being done.
        doing: Doing,
        /// What the program said.
        words: String,
    },
    /// The folder of the packages can't be used.
    #[error("{}", told(self))]
    Folder {
        /// The folder or the file in it.
        path: PathBuf,
        /// The system's reason.
        source: Arc<std::io::Error>,
    },
}

/// What is done on the way to packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Asking Python what it has.
    Asking,
    /// Finding versions that fit.
    Finding,
    /// Installing them.
    Installing,
    /// Compiling them.
    Compiling,
}

impl EnvironmentError {
    /// What is wrong and what to do, in one or two sentences.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unresolvable { sdk, .. } => unresolvable(sdk),
            Self::NoNetwork { .. } => message!(
                "The Python packages that this module needs could not be fetched: the package index can't be reached. Check the network, or name a proxy or a mirror, and try again."
            ),
            Self::NoInstaller { python } => message!(
                "This module needs Python packages, and there is nothing to install them with: neither uv nor pip was found for {python}. Install one of them and try again.",
                python = python.display().to_string()
            ),
            Self::TooLong(limit) => message!(
                "The Python packages that this module needs were not there within {minutes} minutes. What was downloaded is kept, so trying again goes on from there.",
                minutes = limit.as_secs().div_ceil(60)
            ),
            Self::Failed { doing, .. } => doing.failed(),
            Self::Folder { path, source } => message!(
                "The Python packages that this module needs can't be kept in {folder}: {reason}. Make room or give the daemon's user the right to write there, and try again.",
                folder = path.display().to_string(),
                reason = source.to_string()
            ),
        }
    }

    /// What the installer said, without its noise; empty if nothing of it matters.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Unresolvable { words, .. }
            | Self::NoNetwork { words }
            | Self::Failed { words, .. } => words,
            Self::NoInstaller { .. } | Self::TooLong(_) | Self::Folder { .. } => "",
        }
    }

    pub(crate) fn folder(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Folder {
            path,
            source: Arc::new(source),
        }
    }
}

impl Doing {
    fn failed(self) -> Message {
        match self {
            Self::Asking => message!(
                "The Python packages that this module needs can't be installed: asking Python what it has failed. The details say why; try again once that has changed."
            ),
            Self::Finding => message!(
                "The Python packages that this module needs can't be installed: finding versions that fit failed. The details say why; try again once that has changed."
            ),
            Self::Compiling => message!(
                "The Python packages that this module needs can't be installed: compiling packages failed. The details say why; try again once that has changed."
            ),
            Self::Installing => message!(
                "The Python packages that this module needs can't be installed: installing packages failed. The details say why; try again once that has changed."
            ),
        }
    }
}

fn unresolvable(sdk: &[String]) -> Message {
    let sentence =
        message!("The Python packages that this module needs can't be installed together.");
    if sdk.is_empty() {
        return sentence;
    }
    Message::sentences(vec![sentence, needs_of_contara(sdk)])
}

/// What Contara itself needs of the packages in question.
#[must_use]
pub fn needs_of_contara(sdk: &[String]) -> Message {
    message!(
        "Contara itself needs {packages}.",
        packages = sdk.join(", ")
    )
}

fn told(error: &EnvironmentError) -> String {
    let message = error.message();
    match error.words() {
        "" => message.to_string(),
        words => format!("{message}\n{words}"),
    }
}
