//! The only place that touches the operating system: processes, folders, the file watch, and what the kernel knows.
//!
//! Owns how things are done on this machine; it decides nothing about modules' lives and keeps no state of its own.

pub mod catalog;
pub mod data_folder;
pub mod environments;
pub mod journal;
pub mod limits;
pub mod module_check;
pub mod port_owner;
pub mod priority;
pub mod process_family;
pub mod spawner;
pub mod system_dependencies;
pub mod worker_process;
