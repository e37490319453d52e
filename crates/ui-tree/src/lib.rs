//! The UI tree that a module describes: checked once when it arrives, then kept and passed on as MessagePack.
//!
//! Owns what a tree may hold, how it turns into JSON, and what leads from one tree to the next ([`patch`]). It does not know components (their vocabulary belongs to the SDK
//! and the web client), and it does no IO. The host never decodes a tree into generic values: reading a field or writing
//! JSON walks the bytes.

mod encode;
mod fields;
mod nils;
pub mod patch;
mod scan;
mod tree;

pub use fields::{FieldError, Fields};
pub use scan::{Limits, TreeError};
pub use tree::Tree;
