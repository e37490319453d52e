//! Sign-in: pairing codes, paired clients, and who a request comes from.

pub(crate) mod clients;
pub(crate) mod pairing;
pub(crate) mod principal;
mod secret;
