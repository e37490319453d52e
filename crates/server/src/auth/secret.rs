//! Random secrets and their hashes. Secrets themselves are shown once and never kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// SHA-256; enough for secrets of 48 random bits and more that are limited in tries or long.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// 86 characters that hold 512 random bits.
pub(crate) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 64];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// 12 hexadecimal digits in upper case: 48 random bits.
pub(crate) fn code() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02X}")).collect())
}
