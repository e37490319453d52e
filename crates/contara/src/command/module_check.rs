//! `contara module check PATH`: everything that is wrong with or doubtful about a module's manifest.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contara_manifest::{Colour, Platform, Problem, Severity, Source, render, unreadable};
use contara_system::catalog::{Found, read_module_folder};
use serde::Serialize;

#[derive(Debug, Args)]
pub(crate) struct ModuleCheck {
    /// The module's folder, or its module.json
    path: PathBuf,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the place marked
    Text,
    /// One JSON object
    Json,
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Report<'a> {
    path: String,
    valid: bool,
    name: Option<&'a str>,
    version: Option<String>,
    /// Why a valid module can't run on this machine.
    blocked: Vec<String>,
    problems: &'a [Problem],
}

impl ModuleCheck {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let found = read(&self.path);
        match self.format {
            Format::Text => print_text(&found),
            Format::Json => println!("{}", serde_json::to_string_pretty(&report(&found))?),
        }
        let is_valid = found.manifest.is_some();
        Ok(if is_valid {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn read(path: &Path) -> Found {
    let is_manifest = path.file_name().is_some_and(|name| name == "module.json");
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
        Ok(folder) => read_module_folder(&folder, Source::Community),
        Err(error) => Found {
            folder: folder.to_owned(),
            name: folder.display().to_string(),
            source: Source::Community,
            manifest: None,
            problems: vec![unreadable(folder, &error.to_string())],
            fingerprint: 0,
        },
    }
}

fn blocked(found: &Found) -> Vec<String> {
    let blocked = found
        .manifest
        .as_ref()
        .map(|manifest| manifest.blocked(Platform::current()))
        .unwrap_or_default();
    blocked.iter().map(ToString::to_string).collect()
}

fn report(found: &Found) -> Report<'_> {
    let manifest = found.manifest.as_deref();
    Report {
        path: found.folder.display().to_string(),
        valid: manifest.is_some(),
        name: manifest.map(|manifest| manifest.name.as_str()),
        version: manifest.map(|manifest| manifest.version.to_string()),
        blocked: blocked(found),
        problems: &found.problems,
    }
}

fn print_text(found: &Found) {
    let wants_colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let colour = if wants_colour {
        Colour::Always
    } else {
        Colour::Never
    };
    if !found.problems.is_empty() {
        println!("{}", render(&found.problems, colour).trim_end());
        println!();
    }
    for why in blocked(found) {
        println!("note: {why}");
    }
    println!("{}", summary(found));
}

fn summary(found: &Found) -> String {
    let count = |severity| {
        found
            .problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    };
    let errors = plural(count(Severity::Error), "error");
    let warnings = plural(count(Severity::Warning), "warning");
    match &found.manifest {
        Some(manifest) => format!(
            "{} {} can be used: no errors, {warnings}.",
            manifest.name, manifest.version
        ),
        None => format!("{} can't be used: {errors}, {warnings}.", found.name),
    }
}

fn plural(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}
