//! Any bytes that a worker or the spawner sends are a message or refused with words.
#![no_main]

use bytes::Bytes;
use contara_protocol::link::FromWorker;
use contara_protocol::spawner::FromSpawner;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = FromWorker::decode(Bytes::copy_from_slice(bytes)) {
        assert!(!error.to_string().is_empty());
    }
    if let Err(error) = FromSpawner::decode(bytes) {
        assert!(!error.to_string().is_empty());
    }
});
