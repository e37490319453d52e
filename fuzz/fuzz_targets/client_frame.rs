//! Any bytes that a client of either version sends are a frame or refused; a refusal fits into a close reason's text.
#![no_main]

use bytes::Bytes;
use contara_protocol::stream::{v1, v2};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Both only have to come back.
    let _ = v1::ClientFrame::decode(bytes);
    if let Err(error) = v2::ClientFrame::decode(Bytes::copy_from_slice(bytes)) {
        assert!(!error.to_string().is_empty());
    }
});
