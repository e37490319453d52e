//! The golden samples of `tests/golden`.

#![allow(dead_code, reason = "each test uses a part")]

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) direction: String,
    pub(crate) message: Value,
    pub(crate) msgpack: String,
    /// What the host keeps of it, if that isn't the same: components have lost their nils.
    pub(crate) received: Option<Value>,
}

pub(crate) fn samples(file: &str) -> Vec<Sample> {
    let path = format!("{}/../../tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
