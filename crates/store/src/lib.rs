//! SQLite: what must survive a power cut. The only place with SQL.
//!
//! Owns the database file, its migrations, and one file per table. It does not know what the values mean. The file is in
//! WAL mode with `synchronous=FULL`: what a call has returned from is on the disk.

mod activity;
mod clients;
mod database;
mod health;
mod layouts;
mod module_settings;
mod module_states;
mod modules;
mod seal;
mod settings;
mod setup_changes;
mod setup_configured;
mod setup_lines;
mod setup_modules;
mod setup_options;
mod setup_runs;
mod setup_sessions;
mod setup_steps;
mod setup_transactions;
mod setup_undo;

pub use activity::{ActivityDeed, ActivityRow};
pub use clients::ClientRow;
pub use database::{OpenError, Store, StoreError};
pub use layouts::LayoutRow;
pub use module_settings::ModuleSettings;
pub use setup_changes::{SetupChangeRow, SetupRecordedRow, SetupRunFiles};
pub use setup_lines::SetupLineRow;
pub use setup_modules::SetupModuleRow;
pub use setup_runs::SetupRunRow;
pub use setup_sessions::SetupSessionRow;
pub use setup_steps::SetupStepRow;
pub use setup_transactions::{SetupConsequences, SetupRecord, SetupTransactionRow};
pub use setup_undo::SetupUndoRow;
