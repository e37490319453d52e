//! Two trees: what leads from one to the other does, and is smaller than the other.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use contara_ui_tree::Tree;
use contara_ui_tree::patch::{Difference, apply, diff};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// Few different keys and scalars, so that trees have much in common.
const KEYS: [&str; 10] = [
    "id", "key", "name", "data", "row_key", "type", "a/b", "~", "", "é",
];

#[derive(Debug)]
struct Pair {
    before: Value,
    after: Value,
}

impl<'a> Arbitrary<'a> for Pair {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let before = value(bytes, 5)?;
        let mut after = before.clone();
        for _ in 0..bytes.int_in_range(0..=5)? {
            edit(bytes, &mut after)?;
        }
        Ok(Self { before, after })
    }
}

fn value(bytes: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(
        match bytes.int_in_range(0..=if depth == 0 { 4 } else { 8 })? {
            0 => Value::Null,
            1 => json!(bytes.int_in_range(0..=3)?),
            2 => json!(bytes.arbitrary::<i64>()?),
            3 => json!(bytes.arbitrary::<&str>()?),
            4 => json!(bytes.choose(&KEYS)?),
            5 | 6 => {
                let count = bytes.int_in_range(0..=12)?;
                (0..count)
                    .map(|_| value(bytes, depth - 1))
                    .collect::<Result<Vec<_>>>()?
                    .into()
            }
            _ => {
                let count = bytes.int_in_range(0..=5)?;
                let entry = |_| Ok(((*bytes.choose(&KEYS)?).to_owned(), value(bytes, depth - 1)?));
                Value::Object((0..count).map(entry).collect::<Result<_>>()?)
            }
        },
    )
}

/// Goes down for a while, then changes what is there.
fn edit(bytes: &mut Unstructured<'_>, place: &mut Value) -> Result<()> {
    let goes_on = bytes.ratio(3, 4)?;
    match place {
        Value::Array(items) if !items.is_empty() => {
            let index = bytes.choose_index(items.len())?;
            if goes_on {
                return edit(bytes, &mut items[index]);
            }
            match bytes.int_in_range(0..=4)? {
                0 => items.insert(index, value(bytes, 2)?),
                1 => drop(items.remove(index)),
                2 => items.rotate_left(index),
                3 => items.swap(0, index),
                _ => items[index] = value(bytes, 2)?,
            }
        }
        Value::Object(entries) if !entries.is_empty() => {
            let index = bytes.choose_index(entries.len())?;
            let key = entries.keys().nth(index).cloned().unwrap_or_default();
            if goes_on && let Some(inner) = entries.get_mut(&key) {
                return edit(bytes, inner);
            }
            if bytes.arbitrary()? {
                entries.remove(&key);
            } else {
                entries.insert((*bytes.choose(&KEYS)?).to_owned(), value(bytes, 2)?);
            }
        }
        other => *other = value(bytes, 2)?,
    }
    Ok(())
}

fuzz_target!(|pair: Pair| {
    let [before, after] =
        [&pair.before, &pair.after].map(|value| Tree::from_value(value).expect("a tree"));
    match diff(&before, &after) {
        Difference::Nothing => assert_eq!(pair.before, pair.after),
        Difference::Whole => assert_ne!(pair.before, pair.after),
        Difference::Patch(patch) => {
            assert!(patch.size() < after.as_msgpack().len());
            let applied = apply(&before, patch.at(), patch.ops()).expect("a patch fits");
            assert_eq!(serde_json::to_value(&applied).expect("JSON"), pair.after);
        }
    }
});
