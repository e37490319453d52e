//! The only place that touches the operating system: processes, folders, the file watch, and what the kernel knows.
//!
//! Owns how things are done on this machine; it decides nothing about modules' lives and keeps no state of its own.

pub mod catalog;
pub mod command_run;
pub mod data_folder;
pub mod environment;
pub mod environments;
pub mod file_record;
pub mod gettext;
pub mod journal;
pub mod limits;
pub mod lint;
mod locale;
pub mod machine;
pub mod module_check;
pub mod package_manager;
pub mod port_owner;
pub mod priority;
pub mod process_family;
mod process_stat;
pub mod reach;
pub mod reboot;
pub mod run_name;
pub mod script;
pub mod session;
pub mod spawner;
pub mod system_dependencies;
pub mod worker_process;
