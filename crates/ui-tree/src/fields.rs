//! The fields of one MessagePack map, found without decoding their values.

use std::ops::Range;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::nils::Nils;
use crate::scan::{Head, Limits, Scanner, TreeError};
use crate::tree::Tree;

/// Where each field of a map lies. Of a key that stands twice the last one counts.
#[derive(Debug, Clone)]
pub struct Fields {
    bytes: Bytes,
    places: Vec<(Range<usize>, Range<usize>)>,
    nils: Nils,
}

/// A field is absent or holds something else than was expected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FieldError {
    /// There is no such field.
    #[error("the field `{0}` is missing")]
    Missing(&'static str),
    /// The field has another type.
    #[error("the field `{field}` is not what was expected: {reason}")]
    Wrong {
        /// Its name.
        field: &'static str,
        /// What it was to be, or the decoder's words.
        reason: String,
    },
}

impl Fields {
    /// Checks that `bytes` are one map within `limits` and notes where its fields lie.
    ///
    /// # Errors
    /// Says where the bytes stop being a map that a tree could hold.
    pub fn of(bytes: Bytes, limits: Limits) -> Result<Self, TreeError> {
        let mut scanner = Scanner::new(&bytes, limits);
        let Head::Map(count) = scanner.head()? else {
            return Err(TreeError::WrongKind { expected: "a map" });
        };
        let mut places = Vec::with_capacity(count.min(16));
        for _ in 0..count {
            let key = scanner.key()?;
            let key_end = scanner.at();
            scanner.skip()?;
            places.push((key_end - key.len()..key_end, key_end..scanner.at()));
        }
        let at = scanner.at();
        if at < bytes.len() {
            return Err(TreeError::Trailing {
                at,
                extra: bytes.len() - at,
            });
        }
        let nils = scanner.into_nils();
        Ok(Self {
            bytes,
            places,
            nils,
        })
    }

    /// The raw value of a field.
    #[must_use]
    pub fn raw(&self, field: &str) -> Option<Bytes> {
        Some(self.bytes.slice(self.place(field)?))
    }

    pub(crate) fn place(&self, field: &str) -> Option<Range<usize>> {
        let (_, value) = self
            .places
            .iter()
            .rev()
            .find(|(key, _)| &self.bytes[key.clone()] == field.as_bytes())?;
        Some(value.clone())
    }

    /// A field's value as a tree of its own; nil and absence give `None`.
    #[must_use]
    pub fn tree(&self, field: &str) -> Option<Tree> {
        self.raw(field)
            .map(Tree::from_checked)
            .filter(|tree| !tree.is_nil())
    }

    /// A field's value as a UI tree, in which the components (maps that begin with a `type` of text) have lost their
    /// nils; nil and absence give `None`. It is copied only if there was any.
    #[must_use]
    pub fn ui_tree(&self, field: &str) -> Option<Tree> {
        let bytes = self.nils.applied(&self.bytes, self.place(field)?);
        Some(Tree::from_checked(bytes)).filter(|tree| !tree.is_nil())
    }

    /// A field's value, decoded.
    ///
    /// # Errors
    /// The field is missing or of another type.
    pub fn get<T: DeserializeOwned>(&self, field: &'static str) -> Result<T, FieldError> {
        let raw = self.raw(field).ok_or(FieldError::Missing(field))?;
        rmp_serde::from_slice(&raw).map_err(|error| FieldError::Wrong {
            field,
            reason: error.to_string(),
        })
    }

    /// A field's value, decoded; absent gives the type's default, as new fields of the protocols do.
    ///
    /// # Errors
    /// The field is there but of another type.
    pub fn get_or_default<T: DeserializeOwned + Default>(
        &self,
        field: &'static str,
    ) -> Result<T, FieldError> {
        match self.get(field) {
            Err(FieldError::Missing(_)) => Ok(T::default()),
            found => found,
        }
    }
}
