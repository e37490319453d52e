//! A value that was checked and is passed on as it is.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::encode;
use crate::fields::Fields;
use crate::scan::{Limits, Scanner, TreeError};

/// A UI tree, or a part of one: exactly one MessagePack value made of maps with text keys, lists, text, finite numbers,
/// truth values and nil. Cheap to clone; serialises to JSON or MessagePack without becoming generic values in between.
#[derive(Clone, PartialEq, Eq)]
pub struct Tree(Bytes);

impl Tree {
    /// Checks `bytes` and keeps them.
    ///
    /// # Errors
    /// Says at which byte and why they are no tree.
    pub fn from_msgpack(bytes: Bytes, limits: Limits) -> Result<Self, TreeError> {
        let mut scanner = Scanner::new(&bytes, limits);
        scanner.skip()?;
        let at = scanner.at();
        if at < bytes.len() {
            return Err(TreeError::Trailing {
                at,
                extra: bytes.len() - at,
            });
        }
        Ok(Self(bytes))
    }

    /// Encodes a value of the host's own, such as the tile of a module that failed.
    ///
    /// # Errors
    /// The value holds something that a tree can't, such as NaN.
    pub fn from_value(value: &impl Serialize) -> Result<Self, TreeError> {
        let bytes = rmp_serde::to_vec_named(value).map_err(|_| TreeError::WrongKind {
            expected: "a value that MessagePack can hold",
        })?;
        Self::from_msgpack(bytes.into(), Limits::default())
    }

    /// The value nil.
    #[must_use]
    pub fn nil() -> Self {
        Self(Bytes::from_static(&[0xc0]))
    }

    /// A list without items.
    #[must_use]
    pub fn empty_list() -> Self {
        Self(Bytes::from_static(&[0x90]))
    }

    /// A map with these entries, whose values are copied as they are. No key may stand twice.
    #[must_use]
    pub fn map_of(entries: &[(&str, &Tree)]) -> Self {
        let size = |(key, value): &(&str, &Tree)| key.len() + value.0.len() + 5;
        let mut out = Vec::with_capacity(5 + entries.iter().map(size).sum::<usize>());
        encode::put_map(&mut out, entries.len());
        for (key, value) in entries {
            encode::put_text(&mut out, key.as_bytes());
            out.extend_from_slice(&value.0);
        }
        Self(out.into())
    }

    pub(crate) fn from_checked(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// A copy of its own, if it is the smaller part of the `size` bytes that it came in and would otherwise keep in memory.
    #[must_use]
    pub fn without_ballast(self, size: usize) -> Self {
        if self.0.len() < size / 2 {
            Self(Bytes::copy_from_slice(&self.0))
        } else {
            self
        }
    }

    /// The MessagePack bytes.
    #[must_use]
    pub fn as_msgpack(&self) -> &Bytes {
        &self.0
    }

    /// Whether this is nil.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.as_ref() == [0xc0]
    }

    /// Whether this is a map, as every component is.
    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self.0.first(), Some(0x80..=0x8f | 0xde | 0xdf))
    }

    /// Whether this is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.0.first(), Some(0x90..=0x9f | 0xdc | 0xdd))
    }

    /// Whether this is a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(
            self.0.first(),
            Some(0x00..=0x7f | 0xca..=0xd3 | 0xe0..=0xff)
        )
    }

    /// The map without entries.
    #[must_use]
    pub fn empty_map() -> Self {
        Self(Bytes::from_static(&[0x80]))
    }

    /// Decodes into a type of the host's own.
    ///
    /// # Errors
    /// The tree has another shape.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, rmp_serde::decode::Error> {
        rmp_serde::from_slice(&self.0)
    }

    /// The text in the field `key` of a map; `None` if this is no map or the field is no text.
    #[must_use]
    pub fn text(&self, key: &'static str) -> Option<String> {
        Fields::of(self.0.clone(), Limits::default())
            .ok()?
            .get(key)
            .ok()
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match serde_json::to_string(self) {
            Ok(json) => out.write_str(&json),
            Err(_) => write!(out, "Tree({} bytes)", self.0.len()),
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut decoder = rmp_serde::Deserializer::from_read_ref(&self.0);
        serde_transcode::transcode(&mut decoder, serializer)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn tree(value: &Value) -> Tree {
        Tree::from_value(value).unwrap()
    }

    fn refused(bytes: &[u8]) -> TreeError {
        Tree::from_msgpack(Bytes::copy_from_slice(bytes), Limits::default()).unwrap_err()
    }

    #[test]
    fn a_tile_survives_as_json() {
        let tile = json!({"type": "tile", "stats": [{"label": "Count", "value": 0}], "on": true, "x": 1.5, "n": null});
        assert_eq!(serde_json::to_value(tree(&tile)).unwrap(), tile);
    }

    #[test]
    fn fields_are_read_without_decoding_the_rest() {
        let tile = tree(&json!({"type": "tile", "icon": "Counter", "stats": []}));
        assert_eq!(tile.text("icon").as_deref(), Some("Counter"));
        assert_eq!(tile.text("stats"), None);
        assert_eq!(tile.text("absent"), None);
        assert!(tile.is_map() && !tile.is_list() && !tile.is_nil());
    }

    #[test]
    fn numbers_are_told_from_the_rest() {
        for number in [
            json!(0),
            json!(-1),
            json!(-40_000),
            json!(1.5),
            json!(u64::MAX),
        ] {
            assert!(tree(&number).is_number(), "{number}");
        }
        for other in [json!(null), json!(true), json!("1"), json!([1]), json!({})] {
            assert!(!tree(&other).is_number(), "{other}");
        }
        assert_eq!(Tree::empty_map(), tree(&json!({})));
    }

    #[test]
    fn a_map_is_made_of_trees_as_they_are() {
        let tile = tree(&json!({"type": "tile", "stats": [1, 2.5]}));
        let map = Tree::map_of(&[("tile", &tile), ("page", &Tree::nil())]);
        let bytes = map.as_msgpack().clone();
        assert_eq!(Tree::from_msgpack(bytes, Limits::default()).unwrap(), map);
        assert_eq!(
            serde_json::to_value(&map).unwrap(),
            json!({"tile": {"type": "tile", "stats": [1, 2.5]}, "page": null})
        );
        assert_eq!(Tree::map_of(&[]), Tree::empty_map());
    }

    #[test]
    fn what_json_cannot_carry_is_refused_with_its_place() {
        let nan = [[0x91, 0xcb].as_slice(), &f64::NAN.to_be_bytes()].concat();
        assert_eq!(
            refused(&nan).to_string(),
            "a number that is not finite at byte 1 can't be part of a UI tree"
        );
        assert_eq!(
            refused(&[0xc4, 1, 0]).to_string(),
            "binary data at byte 0 can't be part of a UI tree"
        );
        assert_eq!(
            refused(&[0xd6, 0xff, 0, 0, 0, 0]).to_string(),
            "a MessagePack extension at byte 0 can't be part of a UI tree"
        );
        assert_eq!(refused(&[0x81, 1, 2]), TreeError::KeyNotText { at: 1 });
        let proto = [&[0x81, 0xa9], b"__proto__".as_slice(), &[0xc0]].concat();
        assert_eq!(
            refused(&proto).to_string(),
            "the key `__proto__` at byte 1 can't be part of a UI tree"
        );
        assert_eq!(refused(&[0xa1, 0xff]), TreeError::NotUtf8 { at: 0 });
        assert_eq!(
            refused(&[0xc0, 0xc0]),
            TreeError::Trailing { at: 1, extra: 1 }
        );
        assert_eq!(
            refused(&[0xdd, 0xff, 0xff, 0xff, 0xff]),
            TreeError::Truncated { at: 5 }
        );
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert_eq!(refused(&[0x91; 100_000]), TreeError::TooDeep { limit: 64 });
        let limits = Limits {
            depth: 4,
            values: 3,
        };
        let list = Tree::from_msgpack(Bytes::from_static(&[0x93, 1, 2, 3]), limits);
        assert_eq!(list.unwrap_err(), TreeError::TooLarge { limit: 3 });
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_counts() {
        let bytes = Bytes::from_static(&[0x82, 0xa1, b'a', 1, 0xa1, b'a', 2]);
        let fields = Fields::of(bytes, Limits::default()).unwrap();
        assert_eq!(fields.get::<u8>("a").unwrap(), 2);
        assert_eq!(
            fields.get::<u8>("b").unwrap_err().to_string(),
            "the field `b` is missing"
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>()
                .prop_filter("finite", |x| x.is_finite())
                .prop_map(Value::from),
            ".{0,40}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[a-z_]{0,8}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_comes_back_as_it_went(value in any_json()) {
            prop_assert_eq!(serde_json::to_value(tree(&value)).unwrap(), value);
        }

        #[test]
        fn any_bytes_are_refused_or_readable(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(tree) = Tree::from_msgpack(bytes.into(), Limits::default()) {
                prop_assert!(serde_json::to_string(&tree).is_ok());
            }
        }
    }
}
