//! Secrets of modules, sealed before they reach the database: a copy of the database alone gives nobody a password.
//!
//! The key is a file of its own beside the database, made (mode 0600) when the first secret is stored. Whoever can read
//! both can read the secrets: a module must be given them in clear, so the daemon must be able to.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use thiserror::Error;

const KEY: usize = 32;
const NONCE: usize = 24;

/// Why secrets can be neither sealed nor opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file can't be read or made.
    #[error("can't use the key of the modules' secrets, {}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file isn't a key.
    #[error("the key of the modules' secrets, {}, is not {KEY} bytes long: put the right file back, or \
         remove it and set the secrets again", .path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The kernel gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
}

/// Where the key lies.
#[derive(Debug)]
pub(crate) struct KeyFile(PathBuf);

/// A key in use. Shows nothing of itself.
pub(crate) struct Seal(XChaCha20Poly1305);

impl KeyFile {
    /// The key of the database at `path`.
    pub(crate) fn beside(path: &Path) -> Self {
        Self(path.with_file_name("secrets.key"))
    }

    /// The key, if there is one.
    pub(crate) fn read(&self) -> Result<Option<Seal>, KeyError> {
        match fs::read(&self.0) {
            Ok(bytes) => self.seal(&bytes).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.unusable(source)),
        }
    }

    /// The key; a new one if there is none.
    pub(crate) fn read_or_make(&self) -> Result<Seal, KeyError> {
        if let Some(seal) = self.read()? {
            return Ok(seal);
        }
        let mut key = [0; KEY];
        getrandom::fill(&mut key).map_err(KeyError::Random)?;
        self.write(&key).map_err(|source| self.unusable(source))?;
        self.seal(&key)
    }

    /// Under another name first, so that there is never half a key.
    fn write(&self, key: &[u8]) -> std::io::Result<()> {
        let half = self.0.with_extension("key.new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&half)?;
        file.write_all(key)?;
        file.sync_all()?;
        fs::rename(&half, &self.0)?;
        match self.0.parent() {
            Some(folder) => fs::File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    fn seal(&self, key: &[u8]) -> Result<Seal, KeyError> {
        let key = Key::try_from(key).map_err(|_| KeyError::NoKey {
            path: self.0.clone(),
        })?;
        Ok(Seal(XChaCha20Poly1305::new(&key)))
    }

    fn unusable(&self, source: std::io::Error) -> KeyError {
        KeyError::File {
            path: self.0.clone(),
            source,
        }
    }
}

impl Seal {
    /// A nonce and what `text` became. It opens under the same `place` only, so rows can't be swapped.
    pub(crate) fn close(&self, place: &str, text: &str) -> Result<Vec<u8>, KeyError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(KeyError::Random)?;
        let payload = Payload {
            msg: text.as_bytes(),
            aad: place.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .unwrap_or_else(|_| unreachable!("only texts of 256 GiB can't be sealed"));
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The text; `None` if it was sealed with another key or for another place, or was changed since.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, msg) = sealed.split_at_checked(NONCE)?;
        let payload = Payload {
            msg,
            aad: place.as_bytes(),
        };
        let text = self
            .0
            .decrypt(&XNonce::try_from(nonce).ok()?, payload)
            .ok()?;
        String::from_utf8(text).ok()
    }
}
