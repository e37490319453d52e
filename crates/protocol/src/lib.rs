//! Messages, and nothing else: the worker link, the spawner's, and the browser stream.
//!
//! Owns the types, what they look like on the wire and how bytes become them. It does no IO and keeps no state; a wire type
//! here is never a domain type of an engine.

pub mod link;
pub mod spawner;
pub mod stream;

pub use contara_ui_tree::Tree;
