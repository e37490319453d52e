//! Keeps the supervisor's modules in step with the folders and with what the user wants.

use std::collections::BTreeSet;
use std::sync::Arc;

use contara_manifest::{ModuleManifest, Platform, Source};
use contara_protocol::link::{Capabilities, ModuleSource};
use contara_store::Store;
use contara_supervisor::{ModuleSpec, Supervisor, Wanted};
use contara_system::catalog::{Catalog, Found};
use contara_system::limits::Limits;
use tokio::sync::watch;
use tracing::{error, warn};

use crate::configuration::Configuration;

/// Modules that ship and are enabled when a data folder is used for the first time.
const ON_AT_FIRST: [&str; 1] = ["sys_monitor"];

/// Keeps the supervisor in step, and says which catalog it is in step with.
pub(super) struct Follower {
    found: watch::Receiver<Arc<Catalog>>,
    applied: watch::Sender<Arc<Catalog>>,
    store: Store,
    supervisor: Supervisor,
    configuration: Configuration,
}

impl Follower {
    /// Applies what was found so far. The receiver gives each catalog once the supervisor has its modules, so that nobody
    /// is offered a module that can't be asked yet.
    pub(super) async fn start(
        mut found: watch::Receiver<Arc<Catalog>>,
        store: Store,
        supervisor: Supervisor,
        configuration: Configuration,
    ) -> (Self, watch::Receiver<Arc<Catalog>>) {
        let first = Arc::clone(&found.borrow_and_update());
        enable_on_first_start(&first, &store).await;
        report_strangers(&first, &configuration);
        let (applied, catalog) = watch::channel(Arc::clone(&first));
        let follower = Self {
            found,
            applied,
            store,
            supervisor,
            configuration,
        };
        follower.apply(&first).await;
        (follower, catalog)
    }

    /// Applies every further change.
    pub(super) async fn run(mut self) {
        while self.found.changed().await.is_ok() {
            let latest = Arc::clone(&self.found.borrow_and_update());
            self.apply(&latest).await;
            self.applied.send_if_modified(|applied| {
                let is_news = !applied.looks_like(&latest);
                *applied = latest;
                is_news
            });
        }
    }

    async fn apply(&self, catalog: &Catalog) {
        report_unreadable(catalog);
        match self.store.run(Store::enabled_modules).await {
            Ok(enabled) => {
                let specs = specs(catalog, &enabled, &self.configuration);
                self.supervisor.apply(specs).await;
            }
            Err(why) => error!(
                "can't tell which modules are enabled: {:#}",
                anyhow::Error::from(why)
            ),
        }
    }
}

/// A newcomer sees a living dashboard at once; whoever switches it off isn't overruled.
async fn enable_on_first_start(catalog: &Catalog, store: &Store) {
    let ships = |name: &&str| {
        let found = catalog.find(name);
        found.is_some_and(|found| found.source == Source::Builtin)
    };
    let names: Vec<_> = ON_AT_FIRST.into_iter().filter(ships).collect();
    let enabled = store.run(move |store| store.enable_on_first_start(&names));
    if let Err(why) = enabled.await {
        error!(
            "can't note that this was the first start: {:#}",
            anyhow::Error::from(why)
        );
    }
}

fn specs(
    catalog: &Catalog,
    enabled: &BTreeSet<String>,
    configuration: &Configuration,
) -> Vec<(ModuleSpec, Wanted)> {
    let usable = catalog
        .modules
        .iter()
        .filter_map(|found| Some((found, found.manifest.as_deref()?)));
    let runnable = usable.filter(|(_, manifest)| manifest.blocked(Platform::current()).is_empty());
    runnable
        .map(|(found, manifest)| {
            (
                spec(found, manifest, configuration.limits_of(&manifest.name)),
                wanted(found.in_development || enabled.contains(&manifest.name)),
            )
        })
        .collect()
}

fn spec(found: &Found, manifest: &ModuleManifest, limits: Limits) -> ModuleSpec {
    ModuleSpec {
        name: manifest.name.clone(),
        display_name: manifest.display_name.clone(),
        icon: manifest.icon.clone(),
        folder: found.folder.clone(),
        source: match found.source {
            Source::Builtin => ModuleSource::Builtin,
            Source::Community => ModuleSource::Community,
        },
        capabilities: Capabilities {
            websocket: manifest.capabilities.websocket,
            dashboard: manifest.capabilities.dashboard,
            detail_page: manifest.capabilities.detail_page,
            settings: manifest.capabilities.settings,
        },
        requirements: manifest
            .python_requirements(Platform::current())
            .map(ToString::to_string)
            .collect(),
        system_dependencies: manifest.dependencies.system.clone(),
        limits,
        fingerprint: found.fingerprint,
        keep_state: found.in_development,
    }
}

fn wanted(enabled: bool) -> Wanted {
    if enabled { Wanted::Yes } else { Wanted::No }
}

fn report_strangers(catalog: &Catalog, configuration: &Configuration) {
    let known = catalog.modules.iter().map(|found| found.name.as_str());
    for sentence in configuration.strangers(&known.collect()) {
        warn!("{sentence}");
    }
}

fn report_unreadable(catalog: &Catalog) {
    for (folder, why) in &catalog.unreadable {
        warn!("can't read the module folder {}: {why}", folder.display());
    }
    for problem in &catalog.section_problems {
        warn!("{problem}");
    }
}
