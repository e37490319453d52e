//! The whole of setup from outside: real modules, real Python, real scripts, a real journal.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod after;
mod begin;
mod files;
mod house;
mod languages;
mod output;
mod races;
mod recovery;
mod running;
mod standing;
