//! Starts setup: what the configuration says of it, and where it may keep things.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use contara_i18n::message;
use contara_setup::engine::{Parts, Settings, Setup};
use contara_store::Store;
use contara_system::catalog::Catalog;
use contara_system::data_folder::{DataFolder, own_uid};
use contara_system::file_record::FileRecorder;
use contara_system::spawner::Spawner;
use tokio::sync::watch;
use tracing::info;

use crate::configuration::SetupOptions;
use crate::locale_language::say;

/// Transactions that were under way when the daemon ended are interrupted from here on.
pub(super) async fn start(
    store: &Store,
    spawner: &Spawner,
    catalog: &watch::Receiver<Arc<Catalog>>,
    options: SetupOptions,
    data: &DataFolder,
) -> anyhow::Result<Setup> {
    let is_root = own_uid() == 0;
    if !is_root {
        info!(
            "not started as root: setup modules can be looked at, but not installed or configured"
        );
    }
    let settings = Settings {
        package_manager: options.package_manager,
        package_patience: Duration::from_secs(options.package_wait_seconds),
        language: options.language,
        hook_limit: Duration::from_secs(options.hook_seconds),
        is_root,
        catalogues: data.folder("cache/catalogues")?,
        reboot_delay: Duration::from_secs(options.reboot_seconds),
        reboot_command: options.reboot_command,
        files: FileRecorder::new(
            data.folder("files")?,
            options.recorded_folders,
            data.path().to_owned(),
        ),
    };
    let parts = Parts {
        store: store.clone(),
        spawner: spawner.clone(),
        catalog: catalog.clone(),
        settings,
    };
    Setup::start(parts)
        .await
        .with_context(|| say(&message!("setup can't be started")))
}
