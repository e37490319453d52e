//! `contara module check PATH`: everything that is wrong with or doubtful about a module. First its manifest, which is only
//! read; then its code, which is run in a Python process of its own.

mod catalogues;
mod code;
mod setup;

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contara_i18n::{Message, message};
use contara_manifest::{Blocked, Platform, Problem, Severity, Source, render, unreadable};
use contara_system::catalog::{Found, read_module_folder};
use serde::{Serialize, Serializer};

use self::code::Checked;
use self::setup::CheckedSetup;
use super::{colour, say};
use crate::command::{Python, wait_for};
use crate::locale_language;

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The module's folder, or its module.json or desc.json
    path: PathBuf,
    /// Only read the manifest; don't run the module's Python
    #[arg(long)]
    manifest_only: bool,
    #[command(flatten)]
    python: Python,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print one JSON object; the same as --format json
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the place marked
    Text,
    /// One JSON object
    Json,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Report {
    path: String,
    valid: bool,
    name: Option<String>,
    version: Option<String>,
    /// Why a valid module can't run on this machine, in English.
    #[serde(serialize_with = "in_english")]
    blocked: Vec<Blocked>,
    problems: Vec<Problem>,
    /// What running a live module brought to light; null if it wasn't run.
    code: Option<Checked>,
    /// What asking a setup module's functions brought to light; null if they weren't asked.
    setup: Option<CheckedSetup>,
}

/// What a path leads to.
struct Subject {
    folder: PathBuf,
    /// What its manifests say; `None` if there is no folder.
    found: Option<Found>,
    problems: Vec<Problem>,
}

impl Check {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let report = self.report()?;
        if self.json || self.format == Format::Json {
            say(&serde_json::to_string_pretty(&report)?)?;
        } else {
            print_text(&report)?;
        }
        Ok(ExitCode::from(u8::from(!report.valid)))
    }

    fn report(&self) -> anyhow::Result<Report> {
        let Subject {
            folder,
            found,
            mut problems,
        } = read(&self.path);
        let manifest = found.as_ref().and_then(|found| found.manifest.clone());
        let blocked = manifest
            .as_ref()
            .map(|manifest| manifest.blocked(Platform::current()))
            .unwrap_or_default();
        let mut code = None;
        let mut setup = None;
        if !has_errors(&problems) && blocked.is_empty() && !self.manifest_only {
            let python = self.python.program()?;
            if let Some(manifest) = &manifest {
                let checked = wait_for(async { Ok(code::check(&python, &folder, manifest).await) });
                code = gather(checked?, &mut problems);
            }
            if let Some(manifest) = found.as_ref().and_then(|found| found.setup.as_deref()) {
                let checked =
                    wait_for(async { Ok(setup::check(&python, &folder, manifest).await) });
                setup = gather(checked?, &mut problems);
                problems.extend(catalogues::check(&folder));
            }
        }
        Ok(Report {
            path: folder.display().to_string(),
            valid: !has_errors(&problems),
            name: found.as_ref().and_then(name),
            version: manifest.map(|manifest| manifest.version.to_string()),
            blocked,
            problems,
            code,
            setup,
        })
    }
}

fn in_english<S: Serializer>(blocked: &[Blocked], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(blocked.iter().map(ToString::to_string))
}

fn gather<T>(
    (checked, found): (Option<T>, Vec<Problem>),
    problems: &mut Vec<Problem>,
) -> Option<T> {
    problems.extend(found);
    checked
}

/// The name of a module that can be used, as far as its manifests go.
fn name(found: &Found) -> Option<String> {
    let live = found
        .manifest
        .as_ref()
        .map(|manifest| manifest.name.clone());
    live.or_else(|| found.setup.as_ref().map(|setup| setup.slug.clone()))
}

fn has_errors(problems: &[Problem]) -> bool {
    problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
}

fn read(path: &Path) -> Subject {
    let is_manifest = path
        .file_name()
        .is_some_and(|name| name == "module.json" || name == "desc.json");
    let folder = if is_manifest {
        path.parent().unwrap_or(path)
    } else {
        path
    };
    // `.` and `..` have no name, and the folder's name is what a module's must equal.
    let named = if folder.file_name().is_none() {
        folder.canonicalize()
    } else {
        Ok(folder.to_owned())
    };
    let listing = named.and_then(|folder| folder.read_dir().map(|_| folder));
    match listing {
        Ok(folder) => read_folder(folder),
        Err(error) => Subject {
            folder: folder.to_owned(),
            found: None,
            problems: vec![no_folder(folder, &error)],
        },
    }
}

/// The problem of a path that no module can be read from; most often it is mistyped.
fn no_folder(path: &Path, error: &io::Error) -> Problem {
    let mut problem = unreadable(path, &error.to_string());
    let help = match error.kind() {
        ErrorKind::NotFound => message!("Is the path right? It takes the folder of a module."),
        ErrorKind::NotADirectory => message!("Name the module's folder instead of a file in it."),
        _ => return problem,
    };
    problem.help = Some(help);
    problem
}

fn read_folder(folder: PathBuf) -> Subject {
    let found = read_module_folder(&folder, Source::Community);
    Subject {
        problems: found.problems.clone(),
        found: Some(found),
        folder,
    }
}

fn print_text(report: &Report) -> anyhow::Result<()> {
    if !report.problems.is_empty() {
        let shown = render(&report.problems, colour(), locale_language::say);
        say(shown.trim_end())?;
        say("")?;
    }
    for why in &report.blocked {
        let note = message!("note: {why}", why = why.message());
        say(&locale_language::say(&note))?;
    }
    say(&locale_language::say(&summary(report)))?;
    Ok(())
}

fn summary(report: &Report) -> Message {
    let count = |severity| {
        let problems = report.problems.iter();
        problems
            .filter(|problem| problem.severity == severity)
            .count()
    };
    let errors = match count(Severity::Error) {
        0 => message!("no errors"),
        1 => message!("1 error"),
        count => message!("{count} errors", count = count),
    };
    let warnings = match count(Severity::Warning) {
        0 => message!("no warnings"),
        1 => message!("1 warning"),
        count => message!("{count} warnings", count = count),
    };
    let folder = Path::new(&report.path);
    let folder = folder
        .file_name()
        .unwrap_or(folder.as_os_str())
        .to_string_lossy();
    let name = report.name.as_deref().unwrap_or(&folder);
    match (&report.version, report.valid) {
        (Some(version), true) => message!(
            "{module} can be used: {errors}, {warnings}.",
            module = format!("{name} {version}"),
            errors = errors,
            warnings = warnings
        ),
        (None, true) => message!(
            "{module} can be used: {errors}, {warnings}.",
            module = name,
            errors = errors,
            warnings = warnings
        ),
        (_, false) => message!(
            "{module} can't be used: {errors}, {warnings}.",
            module = name,
            errors = errors,
            warnings = warnings
        ),
    }
}
