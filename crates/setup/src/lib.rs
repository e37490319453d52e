//! Setup modules: what they ask, what installing them would do, and doing it, step by step, with a journal that survives
//! everything.
//!
//! `form` says what is asked and checks answers; `plan` says what would be done; `engine` does it. What it
//! says to people are messages (`contara_i18n`). It knows nothing of HTTP and nothing of live modules.

pub mod engine;
mod file_diff;
pub mod form;
pub mod hooks;
pub mod output;
pub mod plan;
pub mod transaction;
