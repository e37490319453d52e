//! The real daemon with real Python: started, asked, killed.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod guide;
mod module_check;
mod modules;
mod sign_in;
mod start;
mod stream_v1;
mod support;
