//! What is known of one file, link or folder, and whether it is still the same.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::bytes::Bytes;

/// SHA-256 of a content, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digest(String);

/// What it is. Nothing else is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A folder.
    Folder,
}

/// What is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// It is a folder.
    Folder,
    /// A file's bytes, or a link's target.
    Known(Digest),
    /// It was too much to be read or kept.
    TooLarge,
    /// It couldn't be read.
    Unreadable,
}

/// One file, link or folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What it is.
    pub kind: Kind,
    /// Its twelve permission bits; of a link they mean nothing.
    pub mode: u32,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// Bytes; of a folder it means nothing.
    pub size: u64,
    /// What is in it.
    pub content: Content,
    /// When its content was last changed: Unix time, seconds and nanoseconds.
    pub(super) modified: (i64, u32),
    /// By name, in order.
    pub(super) attributes: Vec<(Bytes, Bytes)>,
}

impl Digest {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let hex = Sha256::digest(bytes);
        Self(hex.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// One that was written down; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 64 && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// To be written down.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Facts {
    /// Whether nothing of it has changed. When it was changed says so only of a content that isn't known.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.has_same_content(other) && self.has_same_rights(other)
    }

    /// Whether it is of the same kind and has the same in it.
    #[must_use]
    pub fn has_same_content(&self, other: &Self) -> bool {
        let is_known = |facts: &Self| matches!(facts.content, Content::Known(_));
        self.kind == other.kind
            && match self.kind {
                Kind::Folder => true,
                _ if is_known(self) && is_known(other) => self.content == other.content,
                _ => self.size == other.size && self.modified == other.modified,
            }
    }

    /// Whether mode, owner and extended attributes are the same.
    #[must_use]
    pub fn has_same_rights(&self, other: &Self) -> bool {
        let has_mode = self.kind != Kind::Link && other.kind != Kind::Link;
        (!has_mode || self.mode == other.mode)
            && (self.uid, self.gid) == (other.uid, other.gid)
            && self.attributes == other.attributes
    }

    /// Whether everything of it is as in one of these two: it may be on the way from one to the other.
    pub(super) fn is_between(&self, one: &Self, other: &Self) -> bool {
        let both = [one, other];
        both.iter().any(|facts| self.has_same_content(facts))
            && (self.kind == Kind::Link || both.iter().any(|facts| self.mode == facts.mode))
            && both
                .iter()
                .any(|facts| (self.uid, self.gid) == (facts.uid, facts.gid))
            && both.iter().any(|facts| self.attributes == facts.attributes)
    }

    /// The digest of what is in it, if it is known.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        match &self.content {
            Content::Known(digest) => Some(digest),
            _ => None,
        }
    }

    /// All values of extended attributes.
    pub fn attribute_values(&self) -> impl Iterator<Item = &[u8]> {
        self.attributes.iter().map(|(_, value)| value.0.as_slice())
    }

    /// As it is written down.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Nothing of it can fail to be written.
        rmp_serde::to_vec_named(self).unwrap_or_default()
    }

    /// As it was written down; `None` if it wasn't.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        rmp_serde::from_slice(bytes).ok()
    }
}
