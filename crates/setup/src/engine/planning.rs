//! What a plan is made of: modules as they are, what this machine has, and what packages would do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use contara_i18n::{Explained, Languages, Message, with_causes};
use contara_manifest::{Problem, SetupManifest};
use contara_system::package_manager;
use contara_system::{machine, port_owner};
use futures_util::{StreamExt, stream};

use super::configured::SetupModule;
use super::types::Choice;
use super::{Engine, SetupError};
use crate::form;
use crate::plan::{
    MachineFacts, ModuleFacts, PackageFacts, Plan, PlanInputs, PlanModule, PortUse, Resolution,
    make, resolve, wanted,
};
use crate::transaction::TransactionId;

/// Modules that are asked for their forms at the same time.
const AT_ONCE: usize = 4;
/// What was changed in the past.
const CLOCK_WITNESSES: [&str; 4] = ["/proc/self/exe", "/etc", "/usr/bin", "/var/lib"];
/// Where package managers put things.
const PACKAGES_FOLDER: &str = "/usr";

impl Engine {
    /// What installing or configuring these would do, said to somebody who reads these languages.
    pub(super) async fn plan(
        &self,
        choice: &Choice,
        languages: &Languages,
    ) -> Result<Plan, SetupError> {
        let modules = self.setup_modules(languages).await?;
        let facts = self.facts(&modules, choice.reconfigure);
        let resolution = resolve(&choice.modules, &facts)?;
        let order = resolution.order.iter();
        let planned: Vec<_> = order
            .filter_map(|resolved| modules.get(&resolved.slug).cloned())
            .collect();
        let planned = stream::iter(planned).map(|module| self.plan_module(module));
        let planned: Vec<_> = planned.buffer_unordered(AT_ONCE).collect().await;
        let by_slug = |module: PlanModule| (module.manifest.slug.clone(), module);
        let modules: BTreeMap<_, _> = planned.into_iter().map(by_slug).collect();
        let machine = self.machine(&modules).await;
        let packages = self.packages(&resolution, &modules, &machine.architecture);
        Ok(make(&PlanInputs {
            packages: packages.await,
            resolution,
            modules,
            machine,
        }))
    }

    /// Usable ones, and those that can't be used with the reason.
    fn facts(
        &self,
        modules: &BTreeMap<String, SetupModule>,
        reconfigure: bool,
    ) -> BTreeMap<String, ModuleFacts> {
        let catalog = self.catalog();
        let unusable = catalog.modules.iter().filter(|found| found.setup.is_none());
        let unusable = unusable.filter(|found| found.folder.join("desc.json").is_file());
        let mut facts: BTreeMap<_, _> = unusable
            .map(|found| {
                let problem = found.problems.first().map(Problem::line);
                let facts = ModuleFacts {
                    can_configure: true,
                    unusable: Some(problem.unwrap_or_else(|| Message::verbatim(""))),
                    ..ModuleFacts::default()
                };
                (found.name.clone(), facts)
            })
            .collect();
        facts.extend(modules.iter().map(|(slug, module)| {
            let is_configured = module.reference.is_configured;
            let facts = ModuleFacts {
                dependencies: module.manifest.dependencies.clone(),
                conflicts: module.manifest.conflicts.clone(),
                is_configured,
                can_configure: reconfigure || module.can_configure(),
                unusable: None,
            };
            (slug.clone(), facts)
        }));
        facts
    }

    async fn plan_module(&self, module: SetupModule) -> PlanModule {
        let mut planned = PlanModule {
            manifest: module.manifest.clone(),
            fingerprint: module.reference.fingerprint,
            is_configured: module.reference.is_configured,
            form: None,
            script: None,
            failure: None,
        };
        match self.hooks.script_of(&module.reference).await {
            Ok(script) => planned.script = script,
            Err(error) => planned.failure = Some(error.explanation()),
        }
        if module.manifest.config.is_some() {
            match self.hooks.hooks_of(&module.reference).await {
                Ok(hooks) => {
                    let form = form::build(&module.manifest, planned.is_configured, &*hooks);
                    planned.form = Some(form.await);
                }
                Err(error) => planned.failure = Some(error.explanation()),
            }
        }
        planned
    }

    async fn machine(&self, modules: &BTreeMap<String, PlanModule>) -> MachineFacts {
        let ports: BTreeSet<_> = modules
            .values()
            .flat_map(|module| &module.manifest.ports)
            .map(|port| (port.number, port.is_udp))
            .collect();
        let is_root = self.settings.is_root;
        let looked = tokio::task::spawn_blocking(move || MachineFacts {
            architecture: machine::architecture(),
            is_root,
            has_network: Some(machine::has_default_route()),
            free_disk: machine::free_disk(Path::new(PACKAGES_FOLDER)),
            later_than_now: machine::later_than_now(&CLOCK_WITNESSES.map(Path::new)),
            ports: ports.into_iter().filter_map(port_use).collect(),
        });
        // The only reason is that the daemon ends.
        looked.await.unwrap_or_default()
    }

    async fn packages(
        &self,
        resolution: &Resolution,
        modules: &BTreeMap<String, PlanModule>,
        architecture: &str,
    ) -> PackageFacts {
        let mut facts = PackageFacts {
            manager: self.manager.name().to_owned(),
            family: self.manager.family(),
            ..PackageFacts::default()
        };
        match package_manager::installed(&*self.manager).await {
            Ok(installed) => facts.installed = installed,
            Err(error) => facts.failure = Some(error.explanation()),
        }
        let order = resolution.order.iter();
        let manifests = order.filter_map(|resolved| modules.get(&resolved.slug));
        let missing: Vec<_> = manifests
            .flat_map(|module| wanted(&module.manifest, facts.family, architecture))
            .filter(|package| !facts.installed.contains(package))
            .collect();
        if !missing.is_empty() && facts.failure.is_none() {
            match package_manager::simulate(&*self.manager, &missing).await {
                Ok(changes) => facts.changes = changes,
                Err(error) => facts.failure = Some(error.explanation()),
            }
        }
        self.look_at_repositories(modules, architecture, &mut facts)
            .await;
        facts
    }

    /// The names of all packages that there are; `None` if nobody can tell.
    pub(super) async fn installed(&self) -> Option<BTreeSet<String>> {
        self.manager.family()?;
        match package_manager::installed(&*self.manager).await {
            Ok(installed) => Some(installed),
            Err(error) => {
                tracing::warn!("{}", with_causes(&error));
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
    pub(super) fn wanted(&self, manifest: &SetupManifest) -> Vec<String> {
        wanted(manifest, self.manager.family(), &machine::architecture())
    }

    /// The packages that a transaction's modules want and the machine hasn't; or why nobody can tell.
    pub(super) async fn missing_packages(
        &self,
        id: TransactionId,
    ) -> Result<Result<Vec<String>, Message>, SetupError> {
        let slugs: Vec<_> = {
            let live = self.live.lock().await;
            let entry = live.entries.get(&id).ok_or(SetupError::NoTransaction(id))?;
            let modules = entry.shown().modules.iter();
            modules.map(|module| module.slug.clone()).collect()
        };
        let installed = match package_manager::installed(&*self.manager).await {
            Ok(installed) => installed,
            Err(error) => return Ok(Err(error.explanation())),
        };
        let catalog = self.catalog();
        let manifests = slugs.iter().filter_map(|slug| catalog.setup(slug));
        let wanted = manifests.flat_map(|(_, manifest)| self.wanted(manifest));
        let mut seen = BTreeSet::new();
        let is_new = |package: &String| seen.insert(package.clone());
        let missing = wanted.filter(|package| !installed.contains(package));
        Ok(Ok(missing.filter(is_new).collect()))
    }
}

fn port_use((number, is_udp): (u16, bool)) -> Option<PortUse> {
    let transport = match is_udp {
        true => port_owner::Transport::Udp,
        false => port_owner::Transport::Tcp,
    };
    let by = port_owner::user_of(number, transport)?;
    Some(PortUse { number, is_udp, by })
}
