//! What there is of the packages for some requirements, to be told to people. Looking is no use: it keeps nothing alive, and
//! makes nothing.

use std::path::PathBuf;

use super::build::{Workshop, key};
use super::facts::Facts;
use super::requirement::Requirement;
use super::{EnvironmentError, Environments};
use crate::machine::size_on_disk;

/// How the packages for some requirements are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentStatus {
    /// Whether they can be used.
    pub readiness: Readiness,
    /// The interpreter's version, such as `3.11`.
    pub python: String,
    /// The folder that is theirs; `None` while there is none, and if the SDK's own packages will do.
    pub folder: Option<PathBuf>,
    /// By name: what is installed, or which of the SDK's own will do.
    pub packages: Vec<Package>,
    /// What the folder takes on the disk, in bytes.
    pub bytes: u64,
}

/// Whether packages can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// All of them are there.
    Ready,
    /// They are being installed.
    Preparing,
    /// Nobody has needed them yet, or they couldn't be had, or they are gone again.
    Missing,
}

/// An installed package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// As the installer names it.
    pub name: String,
    /// Its version, or nothing if that isn't known.
    pub version: String,
}

impl Environments {
    /// How the packages for these requirements are. Takes as long as the disk needs to look at each of their files.
    ///
    /// # Errors
    /// The interpreter can't be run, or doesn't have the SDK.
    pub async fn status(
        &self,
        requirements: &[String],
    ) -> Result<EnvironmentStatus, EnvironmentError> {
        let requirements = super::distinct(requirements);
        let facts = self.workshop.facts().await?;
        let status = |readiness| EnvironmentStatus {
            readiness,
            python: facts.python.clone(),
            folder: None,
            packages: Vec::new(),
            bytes: 0,
        };
        if requirements.iter().all(|each| facts.meet(each)) {
            return Ok(EnvironmentStatus {
                packages: of_sdk(facts, &requirements),
                ..status(Readiness::Ready)
            });
        }
        if self.is_preparing(&requirements) {
            return Ok(status(Readiness::Preparing));
        }
        let found = look(self.workshop.clone(), key(&requirements, facts)).await;
        Ok(found.map_or_else(
            || status(Readiness::Missing),
            |found| EnvironmentStatus {
                folder: Some(found.folder),
                packages: found.packages,
                bytes: found.bytes,
                ..status(Readiness::Ready)
            },
        ))
    }
}

struct Found {
    folder: PathBuf,
    packages: Vec<Package>,
    bytes: u64,
}

async fn look(workshop: std::sync::Arc<Workshop>, key: String) -> Option<Found> {
    let look = move || {
        let (folder, packages) = workshop.shelf.look(&key)?;
        Some(Found {
            bytes: size_on_disk(&folder),
            packages: packages.iter().map(|pin| Package::of(pin)).collect(),
            folder,
        })
    };
    tokio::task::spawn_blocking(look).await.ok().flatten()
}

fn of_sdk(facts: &Facts, requirements: &[String]) -> Vec<Package> {
    let names = requirements.iter().map(|each| Requirement::read(each).name);
    names
        .filter_map(|name| {
            let version = facts.distributions.get(&name)?.version.clone();
            Some(Package { name, version })
        })
        .collect()
}

impl Package {
    /// Of `name==version`.
    fn of(pin: &str) -> Self {
        let (name, version) = pin.split_once("==").unwrap_or((pin, ""));
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
        }
    }
}
