//! Which modules there are: folders on disk, read, checked, and watched for changes.
//!
//! Owns the walk over the folders and the order in which names win. What is right or wrong about a manifest is decided by
//! the manifest crate.

mod development;
mod fingerprint;
mod scan;
mod sections;
mod watch;

pub use development::{DevFolder, DevelopError};
pub use scan::{Catalog, Found, Parts, Root, read_module_folder, scan};
pub use watch::{Watch, WatchError};
