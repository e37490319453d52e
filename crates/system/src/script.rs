//! A module's setup script: bash, in the module's folder, with parameters that nobody can look up in the list of processes.
//!
//! bash reads a file of commands before the script, `BASH_ENV` (bash(1)). Here that is standard input, in memory that has no name:
//! it sets the parameters, forgets the variable and closes itself, so that the script and all that it starts have neither.

mod functions;

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

use crate::command_run::{CommandOrder, RunningCommand, StartCommandError};
use crate::gettext;
use crate::locale;
use crate::run_name::RunName;

pub use functions::{Functions, ensure_functions};

/// A script to be run.
#[derive(Clone)]
pub struct ScriptOrder {
    /// The module's slug, which is also the name of its catalogue.
    pub slug: String,
    /// The module's folder, in which the script runs.
    pub folder: PathBuf,
    /// The script, relative to the folder. It needn't be executable.
    pub script: PathBuf,
    /// `$1` to `$n`; secrets may be among them.
    pub parameters: Vec<String>,
    /// Such as `fr_FR`.
    pub language: String,
    /// Where compiled catalogues of all modules are kept.
    pub catalogues: PathBuf,
    /// What it is recognised by after a restart of the daemon.
    pub run: RunName,
}

impl std::fmt::Debug for ScriptOrder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ScriptOrder")
            .field("slug", &self.slug)
            .field("script", &self.path())
            .field("parameters", &self.parameters.len())
            .finish_non_exhaustive()
    }
}

impl ScriptOrder {
    /// Starts it, with its translations compiled and the shared functions beside its folder. Must be called where tokio runs.
    pub async fn start(&self) -> Result<RunningCommand, StartCommandError> {
        let path = self.path();
        if !path.is_file() {
            return Err(StartCommandError::NoScript {
                module: self.slug.clone(),
                path,
            });
        }
        let nul = |parameter: &String| parameter.contains('\0');
        if let Some(index) = self.parameters.iter().position(nul) {
            return Err(StartCommandError::Nul { number: index + 1 });
        }
        let parameters = sealed(&prologue(&self.parameters)).map_err(|source| {
            let program = path.clone();
            StartCommandError::Start { program, source }
        })?;
        let translations = self.prepare().await;
        let locale = locale::variables(&self.language).await;
        let order = self.command(&path, translations, locale);
        order.start_with_input(Stdio::from(parameters))
    }

    /// What it finds when it runs. Returns where its translations are. A script can do without what can't be made.
    async fn prepare(&self) -> PathBuf {
        let (folder, slug, cache) = (
            self.folder.clone(),
            self.slug.clone(),
            self.catalogues.clone(),
        );
        let made = tokio::task::spawn_blocking(move || {
            if let Some(Err(error)) = folder.parent().map(ensure_functions) {
                let folder = folder.display();
                tracing::warn!(%error, "can't write functions.sh beside {folder}");
            }
            let catalogues = gettext::compile(&folder, &slug, &cache);
            for problem in &catalogues.problems {
                tracing::warn!(module = slug, "{problem}");
            }
            catalogues.root
        });
        // It doesn't panic; and it isn't cancelled, but with tokio.
        made.await.unwrap_or_default()
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.script)
    }

    fn command(
        &self,
        path: &Path,
        translations: PathBuf,
        locale: Vec<(String, OsString)>,
    ) -> CommandOrder {
        let mut order = CommandOrder::new("bash", [OsString::from("--"), path.into()])
            .with("BASH_ENV", "/proc/self/fd/0")
            .with(RunName::VARIABLE, self.run.mark())
            .with("TEXTDOMAIN", &self.slug)
            .with("TEXTDOMAINDIR", translations);
        order.folder.clone_from(&self.folder);
        order.environment.extend(locale);
        order
    }
}

/// What bash does before the script.
fn prologue(parameters: &[String]) -> String {
    let mut text = String::from("unset BASH_ENV\nset --");
    for parameter in parameters {
        // In single quotes every character means itself.
        text.push_str(" '");
        text.push_str(&parameter.replace('\'', r"'\''"));
        text.push('\'');
    }
    text.push_str("\nexec </dev/null\n");
    text
}

/// A text in memory that has no name and can't be changed any more.
fn sealed(text: &str) -> std::io::Result<File> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = File::from(memfd_create("parameters", flags)?);
    file.write_all(text.as_bytes())?;
    let all = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    fcntl_add_seals(&file, all)?;
    Ok(file)
}
