//! What a plan is made of: modules as they are, what this machine has, and what packages would do.

use std::collections::{BTreeMap, BTreeSet};

use contara_manifest::SetupManifest;
use contara_system::package_manager;

use super::{Engine, SetupError};
use crate::plan::Plan;
use crate::transaction::TransactionId;

impl Engine {
    /// The names of all packages that there are; `None` if nobody can tell.
    pub(super) async fn installed(&self) -> Option<BTreeSet<String>> {
        self.manager.family()?;
        match package_manager::installed(&*self.manager).await {
            Ok(installed) => Some(installed),
            Err(error) => {
                tracing::warn!("{}", super::steps::chain(&error));
                None
            }
        }
    }

    /// Whether all packages of a module are among these.
    pub(super) fn has_all(&self, manifest: &SetupManifest, installed: &BTreeSet<String>) -> bool {
        let mut wanted = self.wanted(manifest).into_iter();
        wanted.all(|package| installed.contains(&package))
    }

    /// The packages that a module wants on this machine.
    fn wanted(&self, manifest: &SetupManifest) -> Vec<String> {
        let Some(family) = self.manager.family() else {
            return Vec::new();
        };
        let architecture = std::env::consts::ARCH;
        let sets = manifest.packages.iter();
        let sets = sets.filter(|set| set.family == family && set.is_for(architecture));
        sets.flat_map(|set| set.names.iter().cloned()).collect()
    }

    /// The packages that a transaction's modules want and the machine hasn't; or why nobody can tell.
    pub(super) async fn missing_packages(
        &self,
        id: TransactionId,
    ) -> Result<Result<Vec<String>, String>, SetupError> {
        let slugs: Vec<_> = {
            let live = self.live.lock().await;
            let entry = live.entries.get(&id).ok_or(SetupError::NoTransaction(id))?;
            let modules = entry.shown().modules.iter();
            modules.map(|module| module.slug.clone()).collect()
        };
        let installed = match package_manager::installed(&*self.manager).await {
            Ok(installed) => installed,
            Err(error) => return Ok(Err(super::steps::chain(&error))),
        };
        let catalog = self.catalog();
        let manifests = slugs.iter().filter_map(|slug| catalog.setup(slug));
        let wanted = manifests.flat_map(|(_, manifest)| self.wanted(manifest));
        let mut seen = BTreeSet::new();
        let is_new = |package: &String| seen.insert(package.clone());
        let missing = wanted.filter(|package| !installed.contains(package));
        Ok(Ok(missing.filter(is_new).collect()))
    }

    /// What installing or configuring these would do.
    pub(super) async fn plan(&self, chosen: &[String]) -> Result<Plan, SetupError> {
        use crate::plan::{PlannedModule, PlannedPackages, PlannedStep};
        use crate::transaction::{StepKind, StepState};
        let all = self.setup_modules().await?;
        let mut modules = Vec::new();
        for slug in chosen {
            let module = all
                .get(slug)
                .ok_or_else(|| SetupError::NoModule(slug.clone()))?;
            let script = self.hooks.script_of(&module.reference).await;
            let form = match module.manifest.config {
                Some(_) => Some(
                    crate::form::build(
                        &module.manifest,
                        module.reference.is_configured,
                        &*self.hooks.hooks_of(&module.reference).await.unwrap(),
                    )
                    .await,
                ),
                None => None,
            };
            modules.push(PlannedModule {
                slug: slug.clone(),
                name: module.manifest.name.clone(),
                description: String::new(),
                is_dependency: false,
                needed_by: Vec::new(),
                is_configured: module.reference.is_configured,
                script: script.ok().flatten().map(|s| s.path),
                form,
                reboot: module.manifest.reboot,
            });
        }
        let reboot = modules.iter().any(|m| m.reboot);
        let step = |kind, is| PlannedStep {
            kind,
            state: if is {
                StepState::Todo
            } else {
                StepState::Disabled
            },
            text: format!("{kind:?}."),
        };
        Ok(Plan {
            steps: vec![
                step(StepKind::Download, false),
                step(StepKind::SignIn, false),
                step(StepKind::Repositories, false),
                step(StepKind::Packages, self.manager.family().is_some()),
                step(StepKind::Configure, true),
                step(StepKind::End, true),
            ],
            digest: chosen.join(","),
            modules,
            packages: PlannedPackages {
                manager: self.manager.name().into(),
                wanted: BTreeMap::new(),
                ..PlannedPackages::default()
            },
            repositories: Vec::new(),
            services: Vec::new(),
            ports: Vec::new(),
            reboot,
            already_configured: Vec::new(),
            warnings: Vec::new(),
            problems: Vec::new(),
        })
    }
}
