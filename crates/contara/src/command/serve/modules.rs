//! Keeps the supervisor's modules in step with the folders and with what the user wants.

use std::collections::BTreeSet;
use std::sync::Arc;

use contara_manifest::{ModuleManifest, Platform, Source};
use contara_protocol::link::ModuleSource;
use contara_store::Store;
use contara_supervisor::{ModuleSpec, Supervisor, Wanted};
use contara_system::catalog::{Catalog, Found};
use tokio::sync::watch;
use tracing::{error, warn};

/// Applies the catalog now, and again whenever it changes.
pub(super) async fn follow(
    mut catalog: watch::Receiver<Arc<Catalog>>,
    store: Store,
    supervisor: Supervisor,
) {
    loop {
        let latest = Arc::clone(&catalog.borrow_and_update());
        report_unreadable(&latest);
        match store.run(Store::enabled_modules).await {
            Ok(enabled) => supervisor.apply(specs(&latest, &enabled)).await,
            Err(why) => error!("can't tell which modules are enabled: {why}"),
        }
        if catalog.changed().await.is_err() {
            return;
        }
    }
}

fn specs(catalog: &Catalog, enabled: &BTreeSet<String>) -> Vec<(ModuleSpec, Wanted)> {
    let usable = catalog
        .modules
        .iter()
        .filter_map(|found| Some((found, found.manifest.as_deref()?)));
    let runnable = usable.filter(|(_, manifest)| manifest.blocked(Platform::current()).is_empty());
    runnable
        .map(|(found, manifest)| {
            (
                spec(found, manifest),
                wanted(enabled.contains(&manifest.name)),
            )
        })
        .collect()
}

fn spec(found: &Found, manifest: &ModuleManifest) -> ModuleSpec {
    ModuleSpec {
        name: manifest.name.clone(),
        display_name: manifest.display_name.clone(),
        icon: manifest.icon.clone(),
        folder: found.folder.clone(),
        source: match found.source {
            Source::Builtin => ModuleSource::Builtin,
            Source::Community => ModuleSource::Community,
        },
        fingerprint: found.fingerprint,
    }
}

fn wanted(enabled: bool) -> Wanted {
    if enabled { Wanted::Yes } else { Wanted::No }
}

fn report_unreadable(catalog: &Catalog) {
    for (folder, why) in &catalog.unreadable {
        warn!("can't read the module folder {}: {why}", folder.display());
    }
}
