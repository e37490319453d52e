//! Why a module's Python packages can't be had, in sentences for people. The installer's own words are kept: it knows best
//! what doesn't fit.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

/// Why packages could not be prepared. `Display` is the whole story: a sentence and, after a line end, the installer's words;
/// [`sentence`](Self::sentence) and [`words`](Self::words) are its two parts. All of them can be tried again.
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
        /// What was being done, such as "installing packages".
        doing: &'static str,
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

impl EnvironmentError {
    /// What is wrong and what to do, in one or two sentences.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Unresolvable { sdk, .. } => unresolvable(sdk),
            Self::NoNetwork { .. } => "The Python packages that this module needs could not be fetched: the package \
                 index can't be reached. Check the network, or name a proxy or a mirror, and try again."
                .to_owned(),
            Self::NoInstaller { python } => format!(
                "This module needs Python packages, and there is nothing to install them with: neither uv nor pip was \
                 found for {}. Install one of them and try again.",
                python.display()
            ),
            Self::TooLong(limit) => format!(
                "The Python packages that this module needs were not there within {} minutes. What was downloaded is \
                 kept, so trying again goes on from there.",
                limit.as_secs().div_ceil(60)
            ),
            Self::Failed { doing, .. } => format!(
                "The Python packages that this module needs can't be installed: {doing} failed. The details say why; try \
                 again once that has changed."
            ),
            Self::Folder { path, source } => format!(
                "The Python packages that this module needs can't be kept in {}: {source}. Make room or give the \
                 daemon's user the right to write there, and try again.",
                path.display()
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

fn unresolvable(sdk: &[String]) -> String {
    let sentence = "The Python packages that this module needs can't be installed together.";
    if sdk.is_empty() {
        return sentence.to_owned();
    }
    format!("{sentence} Contara itself needs {}.", sdk.join(", "))
}

fn told(error: &EnvironmentError) -> String {
    match error.words() {
        "" => error.sentence(),
        words => format!("{}\n{words}", error.sentence()),
    }
}
