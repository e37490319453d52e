//! The nils of components: noted while bytes are scanned, left out when a tree is taken out of them.
//!
//! A worker sends props as they stand, since leaving out what isn't set costs it more than all the rest. What a component
//! is, is told by its first key, `type`, whose value is text; other maps keep their nils. Nothing is decoded for it.

use std::ops::Range;

use bytes::Bytes;

use crate::encode;

/// What to leave out of a buffer, and the heads of maps that get shorter thereby. Empty for most buffers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nils {
    edits: Vec<Edit>,
}

#[derive(Debug, Clone)]
struct Edit {
    at: Range<usize>,
    with: Replacement,
}

#[derive(Debug, Clone, Copy)]
enum Replacement {
    Nothing,
    MapOf(usize),
}

impl Nils {
    /// Notes an entry, key and nil, to be left out. One that follows another at once makes no edit of its own.
    pub(crate) fn leave_out(&mut self, entry: Range<usize>) {
        match self.edits.last_mut() {
            Some(Edit {
                at,
                with: Replacement::Nothing,
            }) if at.end == entry.start => at.end = entry.end,
            _ => self.edits.push(Edit {
                at: entry,
                with: Replacement::Nothing,
            }),
        }
    }

    /// Notes that a map, whose head is at `head`, will have `count` entries.
    pub(crate) fn shorten(&mut self, head: Range<usize>, count: usize) {
        self.edits.push(Edit {
            at: head,
            with: Replacement::MapOf(count),
        });
    }

    /// To be called once all is noted: heads are noted after what their maps hold.
    pub(crate) fn sorted(mut self) -> Self {
        self.edits.sort_unstable_by_key(|edit| edit.at.start);
        self
    }

    /// The bytes of `part`, a whole value, as they are or in a new buffer without what is to be left out.
    pub(crate) fn applied(&self, bytes: &Bytes, part: Range<usize>) -> Bytes {
        let first = self
            .edits
            .partition_point(|edit| edit.at.start < part.start);
        let last = self.edits.partition_point(|edit| edit.at.start < part.end);
        if first == last {
            return bytes.slice(part);
        }
        let mut out = Vec::with_capacity(part.len());
        let mut copied = part.start;
        for edit in &self.edits[first..last] {
            out.extend_from_slice(&bytes[copied..edit.at.start]);
            if let Replacement::MapOf(count) = edit.with {
                encode::put_map(&mut out, count);
            }
            copied = edit.at.end;
        }
        out.extend_from_slice(&bytes[copied..part.end]);
        out.into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use proptest::prelude::*;
    use serde::Serialize;
    use serde::ser::{SerializeMap, Serializer};
    use serde_json::json;

    use crate::{Fields, Limits, Tree, TreeError};
    use bytes::Bytes;

    /// A value whose maps have an order, unlike those of `serde_json`.
    #[derive(Debug, Clone)]
    enum Node {
        Nil,
        Flag(bool),
        Number(i64),
        Text(String),
        List(Vec<Node>),
        Map(Vec<(String, Node)>),
    }

    impl Serialize for Node {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Node::Nil => serializer.serialize_unit(),
                Node::Flag(flag) => flag.serialize(serializer),
                Node::Number(number) => number.serialize(serializer),
                Node::Text(text) => text.serialize(serializer),
                Node::List(items) => items.serialize(serializer),
                Node::Map(entries) => {
                    let mut map = serializer.serialize_map(Some(entries.len()))?;
                    for (key, value) in entries {
                        map.serialize_entry(key, value)?;
                    }
                    map.end()
                }
            }
        }
    }

    impl Node {
        fn is_component(&self) -> bool {
            matches!(self, Node::Map(entries)
                if matches!(entries.first(), Some((key, Node::Text(_))) if key == "type"))
        }

        /// The law, said the slow way.
        fn without_nils(&self) -> Node {
            let drops = self.is_component();
            match self {
                Node::List(items) => Node::List(items.iter().map(Node::without_nils).collect()),
                Node::Map(entries) => Node::Map(
                    entries
                        .iter()
                        .filter(|(_, value)| !(drops && matches!(value, Node::Nil)))
                        .map(|(key, value)| (key.clone(), value.without_nils()))
                        .collect(),
                ),
                scalar => scalar.clone(),
            }
        }
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            3 => Just(Node::Nil),
            1 => any::<bool>().prop_map(Node::Flag),
            1 => any::<i64>().prop_map(Node::Number),
            1 => ".{0,40}".prop_map(Node::Text),
        ];
        leaf.prop_recursive(5, 128, 20, |inner| {
            let entries = prop::collection::vec(("[a-z_]{0,8}|type", inner.clone()), 0..20);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Node::List),
                entries.clone().prop_map(Node::Map),
                (entries, "[a-z]{1,6}").prop_map(|(mut entries, kind)| {
                    entries.insert(0, ("type".into(), Node::Text(kind)));
                    Node::Map(entries)
                }),
            ]
        })
    }

    fn message(fields: &impl Serialize) -> Fields {
        let bytes = rmp_serde::to_vec_named(fields).unwrap();
        Fields::of(bytes.into(), Limits::default()).unwrap()
    }

    fn sent(tree: &Node) -> Option<Tree> {
        let fields = Node::Map(vec![
            ("type".into(), Node::Text("ui".into())),
            ("before".into(), Node::Nil),
            ("tile".into(), tree.clone()),
            ("page".into(), Node::Nil),
        ]);
        message(&fields).ui_tree("tile")
    }

    #[test]
    fn components_lose_their_nils_and_the_authors_maps_keep_them() {
        let tile = r#"{"type":"tile","a":null,"b":null,"rows":[{"x":null,"type":"t"},{"type":null}],"on":{"type":"x","p":null},"z":null}"#;
        let text = |text: &str| Node::Text(text.into());
        let entry = |key: &str, value: Node| (key.to_owned(), value);
        let node = Node::Map(vec![
            entry("type", text("tile")),
            entry("a", Node::Nil),
            entry("b", Node::Nil),
            entry(
                "rows",
                Node::List(vec![
                    Node::Map(vec![entry("x", Node::Nil), entry("type", text("t"))]),
                    Node::Map(vec![entry("type", Node::Nil)]),
                ]),
            ),
            entry(
                "on",
                Node::Map(vec![entry("type", text("x")), entry("p", Node::Nil)]),
            ),
            entry("z", Node::Nil),
        ]);
        assert_eq!(serde_json::to_string(&node).unwrap(), tile);
        assert_eq!(
            serde_json::to_value(sent(&node).unwrap()).unwrap(),
            json!({"type": "tile", "rows": [{"x": null, "type": "t"}, {"type": null}], "on": {"type": "x"}})
        );
    }

    #[test]
    fn a_tree_without_nils_stays_in_its_buffer() {
        let fields = message(&json!({"tile": {"type": "tile", "icon": "x"}}));
        let raw = fields.raw("tile").unwrap();
        let tree = fields.ui_tree("tile").unwrap();
        assert_eq!(tree.as_msgpack().as_ptr(), raw.as_ptr());
    }

    #[test]
    fn a_map_with_a_long_head_gets_the_head_that_it_needs() {
        let many = |count: usize, value: Node| {
            let rest = (0..count).map(|index| (format!("k{index}"), value.clone()));
            let kind = ("type".to_owned(), Node::Text("t".into()));
            let last = ("last".to_owned(), Node::Nil);
            Node::Map([kind].into_iter().chain(rest).chain([last]).collect())
        };
        for count in [14, 15, 16, 65_534, 65_535, 65_536] {
            for value in [Node::Nil, Node::Number(1)] {
                let node = many(count, value);
                let expected = Tree::from_value(&node.without_nils()).unwrap();
                assert!(sent(&node).unwrap() == expected, "{count}");
            }
        }
    }

    #[test]
    fn nils_that_are_left_out_count_as_values_nevertheless() {
        let tile = json!({"a": {"type": "t", "x": null, "y": null}});
        let bytes = Bytes::from(rmp_serde::to_vec_named(&tile).unwrap());
        let limits = |values| Limits { depth: 4, values };
        assert!(Fields::of(bytes.clone(), limits(9)).is_ok());
        assert_eq!(
            Fields::of(bytes, limits(8)).unwrap_err(),
            TreeError::TooLarge { limit: 8 }
        );
    }

    proptest! {
        #[test]
        fn any_tree_is_as_if_it_had_been_sent_without_them(node in any_node()) {
            let expected = Tree::from_value(&node.without_nils()).unwrap();
            prop_assert_eq!(sent(&node).unwrap_or_else(Tree::nil), expected);
        }

        #[test]
        fn any_bytes_are_refused_or_become_a_tree(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let frame = [&[0x81, 0xa1, b't'], bytes.as_slice()].concat();
            if let Ok(fields) = Fields::of(frame.into(), Limits::default()) {
                let tree = fields.ui_tree("t").unwrap_or_else(Tree::nil);
                prop_assert!(Tree::from_msgpack(tree.as_msgpack().clone(), Limits::default()).is_ok());
            }
        }

        #[test]
        fn a_changed_byte_is_refused_or_gives_a_tree(
            node in any_node(),
            place in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let mut bytes = rmp_serde::to_vec_named(&Node::Map(vec![("t".into(), node)])).unwrap();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if let Ok(fields) = Fields::of(bytes.into(), Limits::default()) {
                let tree = fields.ui_tree("t").unwrap_or_else(Tree::nil);
                prop_assert!(Tree::from_msgpack(tree.as_msgpack().clone(), Limits::default()).is_ok());
            }
        }
    }
}
