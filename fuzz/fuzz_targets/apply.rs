//! Any tree and any operations: refused, or carried out with a tree as the result.
#![no_main]

use bytes::Bytes;
use contara_ui_tree::patch::apply;
use contara_ui_tree::{Limits, Tree};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &str, &[u8])| {
    let (tree, at, ops) = input;
    let [tree, ops] = [tree, ops]
        .map(|bytes| Tree::from_msgpack(Bytes::copy_from_slice(bytes), Limits::default()));
    if let (Ok(tree), Ok(ops)) = (tree, ops)
        && let Ok(result) = apply(&tree, at, &ops)
    {
        Tree::from_msgpack(result.as_msgpack().clone(), Limits::default())
            .expect("the result is a tree");
    }
});
