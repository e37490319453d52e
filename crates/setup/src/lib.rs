//! Setup modules: what they ask, what installing them would do, and doing it, step by step, with a journal that survives
//! everything.
//!
//! `form` says what is asked and checks answers; `plan` says what would be done; `engine` does it; `message` is how they say
//! something. It knows nothing of HTTP and nothing of live modules.

pub mod engine;
mod file_diff;
pub mod form;
pub mod hooks;
pub mod message;
pub mod output;
pub mod plan;
pub mod transaction;
