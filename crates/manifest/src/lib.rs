//! Module manifests: `module.json` becomes a typed [`ModuleManifest`], `desc.json` a [`SetupManifest`], and everything
//! wrong or doubtful about them becomes a [`Problem`] with file, line and column, all of them at once.
//!
//! This crate does no IO: the caller reads the folder and hands over a [`Folder`]. It also decides nothing about
//! the machine: whether a good manifest can run here is a fact to ask for ([`ModuleManifest::blocked`]).

mod amounts;
mod code;
mod engine;
mod fields;
mod finding;
mod folder;
mod hook_names;
pub mod icon;
mod json;
mod module;
mod object_file;
mod plain;
mod platform;
mod problem;
mod python_requirement;
mod read_field;
mod read_module;
mod read_packages;
mod read_sections;
mod read_setup;
mod render;
mod setup;
mod source_text;
mod spelling;
mod syntax;
mod translated;
mod wanted;
mod yes_no;

pub use code::{in_code, in_configuration, unknown_icon};
pub use engine::{EngineRange, MODULE_API};
pub use folder::{Folder, MAX_BYTES, ReadFailure, shadowed, shadowed_slug, unreadable};
pub use hook_names::missing_hooks;
pub use module::{Blocked, Capabilities, Dependencies, ModuleManifest, Source};
pub use platform::Platform;
pub use problem::{Code, Problem, Severity};
pub use python_requirement::PythonRequirement;
pub use read_module::{is_module_name, read_module};
pub use read_sections::read_sections;
pub use read_setup::read_setup;
pub use render::{Colour, render};
pub use setup::{
    FieldKind, FieldOption, FieldSpec, Link, PackageFamily, PackageSet, Port, Repository, Section,
    SetupManifest,
};
pub use spelling::{closest, did_you_mean};
