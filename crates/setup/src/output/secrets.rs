//! Whether secrets are in something that a script has written: as they are, quoted or spread, or in Base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memmem;

/// Letters and digits of fewer are in any file.
const FEW: usize = 4;

/// Looks for these secrets. Debug output doesn't show them.
#[derive(Clone, Default)]
pub struct Secrets {
    /// To be found as they are.
    exact: Vec<Vec<u8>>,
    /// To be found when nothing but letters and digits is left.
    folded: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Secrets({})", self.exact.len())
    }
}

impl Secrets {
    /// Looks for these; empty ones are none.
    pub fn new<T: AsRef<str>>(secrets: &[T]) -> Self {
        let mut found = Self::default();
        for secret in secrets.iter().map(|secret| secret.as_ref().as_bytes()) {
            if secret.is_empty() {
                continue;
            }
            found.exact.push(secret.to_owned());
            found
                .exact
                .extend(in_base64(secret).into_iter().map(String::into_bytes));
            found
                .folded
                .extend(Some(fold(secret)).filter(|folded| folded.len() >= FEW));
        }
        found
    }

    /// Whether one of them is in it.
    #[must_use]
    pub fn are_in(&self, bytes: &[u8]) -> bool {
        let has = |bytes: &[u8], secret: &Vec<u8>| memmem::find(bytes, secret).is_some();
        if self.exact.iter().any(|secret| has(bytes, secret)) {
            return true;
        }
        if self.folded.is_empty() {
            return false;
        }
        let folded = fold(bytes);
        self.folded.iter().any(|secret| has(&folded, secret))
    }
}

fn fold(bytes: &[u8]) -> Vec<u8> {
    let counts = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    bytes.iter().copied().filter(counts).collect()
}

/// What is sure to be there if something was encoded that the secret is part of, wherever it begins.
pub(super) fn in_base64(secret: &[u8]) -> Vec<String> {
    let at = |offset: usize| {
        let mut bytes = vec![0; offset];
        bytes.extend_from_slice(secret);
        let bits = bytes.len() * 8;
        let text = STANDARD_NO_PAD.encode(&bytes);
        let from = (offset * 8).div_ceil(6);
        let part = text.get(from..bits / 6).unwrap_or_default();
        (part.len() >= FEW).then(|| part.to_owned())
    };
    (0..3).filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Qz7w'can$ary";

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let secrets = Secrets::new(&["", SECRET, "ab"]);
        assert_eq!(secrets.are_in(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn a_secret_is_found_however_it_was_written() {
        check("password = Qz7w'can$ary\n", true);
        check(r"password = 'Qz7w'\''can\$ary'", true);
        check("Qz7w'\ncan$ary", true);
        for before in ["", "u", "us", "me:"] {
            let text =
                base64::engine::general_purpose::STANDARD.encode(format!("{before}{SECRET}:more"));
            check(&text, true);
        }
        check("crab", true);
        check("password = other", false);
        check("a-b", false);
        check("", false);
        assert!(!Secrets::default().are_in(b"anything"));
        assert!(!format!("{:?}", Secrets::new(&[SECRET])).contains("Qz7"));
    }
}
