//! What the interpreter is and which packages the SDK brings, as the SDK's program `contara_worker.distributions` tells.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::process::Command;

use super::program::run;
use super::requirement::{Requirement, normalised};
use super::variables::Variables;
use super::{Doing, EnvironmentError};
use crate::worker_process::Interpreter;

/// What packages must fit.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Facts {
    /// Such as `3.11`.
    pub(super) python: String,
    /// Such as `cpython-311-x86_64-linux-gnu`.
    pub(super) abi: String,
    /// Such as `linux-x86_64`.
    pub(super) platform: String,
    /// The folder of programs that packages of this interpreter bring.
    pub(super) scripts: PathBuf,
    /// Whether it has pip.
    pub(super) pip: bool,
    /// What the SDK itself requires.
    pub(super) sdk: Vec<String>,
    /// What the SDK needs, directly and indirectly, by normalised name.
    pub(super) distributions: BTreeMap<String, Distribution>,
}

/// An installed package.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Distribution {
    pub(super) version: String,
    pub(super) requires: Vec<String>,
}

/// Python starts and reads some metadata files in a tenth of a second; a disk that has to spin up first, or a machine
/// under load, takes longer.
const LIMIT: Duration = Duration::from_secs(60);

const DOING: Doing = Doing::Asking;

impl Facts {
    /// Asks the interpreter.
    pub(super) async fn ask(
        interpreter: &Interpreter,
        variables: &Variables,
    ) -> Result<Self, EnvironmentError> {
        let mut command = Command::new(&interpreter.python);
        let cache = format!("pycache_prefix={}", interpreter.bytecode_cache.display());
        command
            .args(["-P", "-X", &cache, "-m", "contara_worker.distributions"])
            .env_clear()
            .envs(variables.iter())
            .stdout(Stdio::piped());
        let output = tokio::time::timeout(LIMIT, run(command, DOING, &|_| ()));
        let output = output
            .await
            .map_err(|_| EnvironmentError::TooLong(LIMIT))??;
        let answer = output.lines.last().map_or("", String::as_str);
        match serde_json::from_str(answer) {
            Ok(facts) if output.succeeded => Ok(facts),
            _ => Err(EnvironmentError::Failed {
                doing: DOING,
                words: output.lines.join("\n"),
            }),
        }
    }

    /// Whether the SDK's own packages are all that is required.
    pub(super) fn meet(&self, requirement: &str) -> bool {
        let requirement = Requirement::read(requirement);
        self.distributions
            .get(&requirement.name)
            .is_some_and(|installed| requirement.is_met_by(&installed.version))
    }

    /// Whether the SDK has this package in this version.
    pub(super) fn has(&self, name: &str, version: &str) -> bool {
        self.distributions
            .get(&normalised(name))
            .is_some_and(|installed| installed.version == version)
    }

    /// The SDK's packages in their versions, as requirements.
    pub(super) fn pins(&self) -> Vec<String> {
        let pin =
            |(name, installed): (&String, &Distribution)| format!("{name}=={}", installed.version);
        self.distributions.iter().map(pin).collect()
    }
}
