//! REST, stream, sign-in and the embedded web client. Thin handlers over the engines.
//!
//! Owns HTTP: who may ask, what an answer looks like, which socket gets which frame. It decides nothing about modules'
//! lives and keeps only what it needs to recognise clients.
//!
//! Long-lived tasks: axum's, one per open socket (`stream`), and one that writes down what happens (`activity`).

mod activity;
mod api;
mod app;
mod auth;
mod clock;
mod development;
mod environment;
mod host;
mod language;
mod layout;
mod modules;
mod reader;
mod refusal;
mod schema_definitions;
mod serve;
mod settings;
mod settings_schema;
mod setup;
mod snapshot;
mod stream;
mod system;
mod to_the_end;
mod web;

pub use app::{App, Folders, Settings, StartError};
pub use auth::pairing::PairingCode;
pub use serve::{serve_admin, serve_tcp};
