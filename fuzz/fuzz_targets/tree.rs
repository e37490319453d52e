//! Any bytes are refused or become a tree that can be told as JSON.
#![no_main]

use bytes::Bytes;
use contara_ui_tree::{Fields, Limits, Tree};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let bytes = Bytes::copy_from_slice(bytes);
    if let Ok(tree) = Tree::from_msgpack(bytes.clone(), Limits::default()) {
        serde_json::to_string(&tree).expect("a tree is JSON");
    }
    if let Ok(fields) = Fields::of(bytes, Limits::default()) {
        let tree = fields.ui_tree("tile").unwrap_or_else(Tree::nil);
        Tree::from_msgpack(tree.as_msgpack().clone(), Limits::default())
            .expect("what is left is a tree");
    }
});
