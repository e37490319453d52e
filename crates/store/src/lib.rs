//! SQLite: what must survive a power cut. The only place with SQL.
//!
//! Owns the database file, its migrations, and one file per table. It does not know what the values mean. The file is in
//! WAL mode with `synchronous=FULL`: what a call has returned from is on the disk.

mod clients;
mod database;
mod module_settings;
mod module_states;
mod modules;
mod seal;
mod settings;

pub use clients::ClientRow;
pub use database::{OpenError, Store, StoreError};
pub use module_settings::ModuleSettings;
