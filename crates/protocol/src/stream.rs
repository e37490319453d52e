//! What browsers and other stream readers get. Version 1 is the protocol of clients that exist already.

pub mod v1;
pub mod v2;
