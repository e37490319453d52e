//! Setup as the API has it, apart from HTTP: the engine's types in the form that the wire has.
//!
//! It decides nothing: what can be done, and when, is the business of `contara-setup`.

pub(crate) mod answers;
pub(crate) mod file;
pub(crate) mod form;
pub(crate) mod log_text;
pub(crate) mod module;
pub(crate) mod plan;
pub(crate) mod refusal;
pub(crate) mod summary;
pub(crate) mod transaction;

/// As many lines as one answer or frame holds.
pub(crate) const MOST_LINES: usize = 1_000;
