//! The real daemon with real Python: started, asked, killed.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod activity;
mod clients;
mod dashboard;
mod forms;
mod guide;
mod hostile;
mod languages;
mod lifecycle;
mod mirror;
mod module_check;
mod module_dev;
mod module_logs;
mod module_new;
mod module_talk;
mod modules;
mod observe;
mod packages;
mod pages;
mod settings;
mod setup;
mod sign_in;
mod spawner;
mod start;
mod state;
mod stream_v1;
mod stream_v2;
mod support;
mod system;
