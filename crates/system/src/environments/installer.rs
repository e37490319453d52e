//! The two programs that can find and install packages, and how each is asked: `uv`, which is quick, or else the
//! interpreter's `pip`. Requirements go to them in files, never as arguments.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;
use tokio::process::Command;

use super::facts::Facts;
use super::program::{Output, run};
use super::steps::Steps;
use super::variables::Variables;
use super::words::{Kind, explanation, kind};
use super::{Doing, EnvironmentError};
use crate::worker_process::is_executable;

/// A program that installs packages for an interpreter.
#[derive(Debug, Clone)]
pub(super) struct Installer {
    program: Program,
    python: PathBuf,
    /// Where it keeps downloads.
    cache: PathBuf,
    variables: Variables,
}

#[derive(Debug, Clone)]
enum Program {
    Uv(PathBuf),
    Pip,
}

/// Whether the package index may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    Online,
    /// What was downloaded before has to do, however old.
    Offline,
}

/// A package and its version, as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pin {
    pub(super) name: String,
    pub(super) version: String,
}

/// What versions have to be found for.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// An empty folder for files.
    pub(super) folder: &'a Path,
    /// What is required.
    pub(super) requirements: &'a [String],
    /// What versions packages must have if they are needed.
    pub(super) constraints: &'a [String],
    /// What versions are taken if they fit (`name==version`). pip has no such thing and takes the newest.
    pub(super) preferences: &'a [String],
    pub(super) network: Network,
}

impl std::fmt::Display for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}=={}", self.name, self.version)
    }
}

/// Where uv and pip keep downloads.
pub(super) fn caches(cache: &Path) -> [PathBuf; 2] {
    ["uv", "pip"].map(|name| cache.join(name))
}

impl Installer {
    /// The one there is: `uv` beside the interpreter, among the programs of its packages, or on `PATH`; else pip.
    pub(super) fn find(
        python: &Path,
        facts: &Facts,
        cache: &Path,
        variables: &Variables,
    ) -> Result<Self, EnvironmentError> {
        let [of_uv, of_pip] = caches(cache);
        let (program, cache) = match uv(python, facts, variables) {
            Some(uv) => (Program::Uv(uv), of_uv),
            None if facts.pip => (Program::Pip, of_pip),
            None => {
                let python = python.to_owned();
                return Err(EnvironmentError::NoInstaller { python });
            }
        };
        Ok(Self {
            program,
            python: python.to_owned(),
            cache,
            variables: variables.clone(),
        })
    }

    /// What people call it.
    pub(super) fn name(&self) -> &'static str {
        match self.program {
            Program::Uv(_) => "uv",
            Program::Pip => "pip",
        }
    }

    /// Whether it can do with what it downloaded before.
    pub(super) fn knows_offline(&self) -> bool {
        matches!(self.program, Program::Uv(_))
    }

    /// Finds versions, of everything that is needed directly and indirectly.
    pub(super) async fn resolve(
        &self,
        question: &Question<'_>,
        steps: &Steps<'_>,
    ) -> Result<Vec<Pin>, EnvironmentError> {
        const DOING: Doing = Doing::Finding;
        let answer = question.folder.join("answer");
        let requirements = write(question, "requirements.in", question.requirements)?;
        let constraints = write(question, "constraints.in", question.constraints)?;
        let command = match &self.program {
            Program::Uv(uv) => {
                write(question, "answer", question.preferences)?;
                self.uv_compile(uv, &requirements, &constraints, &answer, question.network)
            }
            Program::Pip => self.pip_report(&requirements, &constraints, &answer),
        };
        succeeded(&run(command, DOING, &|line| steps.line(line)).await?, DOING)?;
        let text = std::fs::read_to_string(&answer).map_err(EnvironmentError::folder(&answer))?;
        let pins = match self.program {
            Program::Uv(_) => read_lock(&text),
            Program::Pip => read_report(&text),
        };
        pins.ok_or_else(|| EnvironmentError::Failed {
            doing: DOING,
            words: format!("{} gave an answer that can't be read.", self.name()),
        })
    }

    /// Installs exactly these into a folder.
    pub(super) async fn install(
        &self,
        list: &Path,
        site: &Path,
        network: Network,
        steps: &Steps<'_>,
    ) -> Result<(), EnvironmentError> {
        const DOING: Doing = Doing::Installing;
        let command = match &self.program {
            Program::Uv(uv) => self.uv_install(uv, list, site, network),
            Program::Pip => self.pip_install(list, site),
        };
        succeeded(&run(command, DOING, &|line| steps.line(line)).await?, DOING)
    }

    fn uv_compile(
        &self,
        uv: &Path,
        requirements: &Path,
        constraints: &Path,
        answer: &Path,
        network: Network,
    ) -> Command {
        let mut command = self.uv(uv, "compile", network);
        command
            .args(["--no-header", "--no-annotate", "-c"])
            .arg(constraints)
            .arg("--output-file")
            .arg(answer)
            .arg(requirements)
            // It prints the answer too.
            .stdout(Stdio::null());
        command
    }

    fn uv_install(&self, uv: &Path, list: &Path, site: &Path, network: Network) -> Command {
        let mut command = self.uv(uv, "install", network);
        command
            .args(["--no-deps", "--target"])
            .arg(site)
            .arg("-r")
            .arg(list);
        command
    }

    fn uv(&self, uv: &Path, act: &str, network: Network) -> Command {
        let mut command = self.command(uv);
        command
            .env("UV_CACHE_DIR", &self.cache)
            // Another Python than the one that runs the module would be of no use.
            .env("UV_PYTHON_DOWNLOADS", "never")
            .args(["pip", act, "--color", "never", "--python"])
            .arg(&self.python);
        if network == Network::Offline {
            command.arg("--offline");
        }
        command
    }

    fn pip_report(&self, requirements: &Path, constraints: &Path, answer: &Path) -> Command {
        let mut command = self.pip();
        command
            .args(["--dry-run", "--ignore-installed", "--report"])
            .arg(answer)
            .arg("-c")
            .arg(constraints)
            .arg("-r")
            .arg(requirements);
        command
    }

    fn pip_install(&self, list: &Path, site: &Path) -> Command {
        let mut command = self.pip();
        command
            .args(["--no-deps", "--no-compile", "--target"])
            .arg(site)
            .arg("-r")
            .arg(list);
        command
    }

    fn pip(&self) -> Command {
        let mut command = self.command(&self.python);
        command
            .env("PIP_CACHE_DIR", &self.cache)
            // A pip.conf that says otherwise would clash with --target.
            .env("PIP_USER", "0")
            // The worker's switch; pip itself needs no folder of ours, but must not write into the interpreter's.
            .args(["-P", "-B", "-m", "pip", "install", "--no-input"])
            .args(["--disable-pip-version-check", "--no-color", "--progress-bar", "off"])
            .stdout(Stdio::piped());
        command
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.variables.iter());
        command
    }
}

fn uv(python: &Path, facts: &Facts, variables: &Variables) -> Option<PathBuf> {
    let beside = python.parent().map(Path::to_owned);
    let path = variables.get("PATH").unwrap_or_default();
    beside
        .into_iter()
        .chain([facts.scripts.clone()])
        .chain(std::env::split_paths(path))
        .map(|folder| folder.join("uv"))
        .find(|candidate| candidate.is_absolute() && is_executable(candidate))
}

fn write(
    question: &Question<'_>,
    name: &str,
    lines: &[String],
) -> Result<PathBuf, EnvironmentError> {
    let path = question.folder.join(name);
    let text: String = lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect();
    std::fs::write(&path, text).map_err(EnvironmentError::folder(&path))?;
    Ok(path)
}

fn succeeded(output: &Output, doing: Doing) -> Result<(), EnvironmentError> {
    if output.succeeded {
        return Ok(());
    }
    let words = explanation(&output.lines);
    Err(match kind(&output.lines) {
        Kind::NoNetwork => EnvironmentError::NoNetwork { words },
        Kind::Unresolvable => EnvironmentError::Unresolvable {
            words,
            sdk: Vec::new(),
        },
        Kind::Other => EnvironmentError::Failed { doing, words },
    })
}

/// uv's answer: `name==version` in each line.
fn read_lock(text: &str) -> Option<Vec<Pin>> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, version) = line.split_once("==")?;
            let (name, version) = (name.trim().to_owned(), version.trim().to_owned());
            Some(Pin { name, version })
        })
        .collect()
}

/// pip's answer: the installation report, version 1.
fn read_report(text: &str) -> Option<Vec<Pin>> {
    #[derive(Deserialize)]
    struct Report {
        install: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        name: String,
        version: String,
    }
    let report: Report = serde_json::from_str(text).ok()?;
    let pins = report.install.into_iter().map(|item| Pin {
        name: item.metadata.name,
        version: item.metadata.version,
    });
    Some(pins.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_installer_that_is_said() {
        let facts = |pip: bool| {
            let facts = serde_json::json!({
                "python": "3.11", "abi": "a", "platform": "l", "scripts": "/nowhere", "pip": pip, "sdk": [],
                "distributions": {},
            });
            serde_json::from_value::<Facts>(facts).expect("as the SDK gives them")
        };
        let variables = Variables::chosen(std::iter::empty());
        let find = |pip: bool| {
            let python = Path::new("/nowhere/python3");
            Installer::find(python, &facts(pip), Path::new("/nowhere"), &variables)
        };
        let found = find(true).expect("pip will do");
        assert_eq!((found.name(), found.knows_offline()), ("pip", false));
        let error = find(false).expect_err("there is none").to_string();
        assert!(
            error.contains("neither uv nor pip was found for /nowhere/python3"),
            "{error}"
        );
    }

    #[test]
    fn answers_are_read() {
        let read = |pins: Option<Vec<Pin>>| {
            pins.map(|pins| pins.iter().map(Pin::to_string).collect::<Vec<_>>())
        };
        let expected = Some(vec!["a==1".to_owned(), "b-c==2.0+local".to_owned()]);
        assert_eq!(read(read_lock("# x\na==1\n\nb-c==2.0+local\n")), expected);
        assert_eq!(read(read_lock("")), Some(Vec::new()));
        assert_eq!(read(read_lock("a @ file:///a.whl")), None);
        let report = r#"{"version": "1", "install": [
            {"metadata": {"name": "a", "version": "1"}}, {"metadata": {"name": "b-c", "version": "2.0+local"}}]}"#;
        assert_eq!(read(read_report(report)), expected);
        assert_eq!(read(read_report("{}")), None);
    }
}
