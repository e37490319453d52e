//! The laws of patches, over random trees and random edits of trees like those of modules.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use contara_ui_tree::Tree;
use contara_ui_tree::patch::{ApplyError, Difference, Patch, Refusal, apply, diff};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

fn tree(value: &Value) -> Tree {
    Tree::from_value(value).unwrap()
}

fn json(tree: &Tree) -> Value {
    serde_json::to_value(tree).unwrap()
}

/// The patch between two values, which is known to be smaller than the second, after it was tried.
#[track_caller]
fn patch(before: &Value, after: &Value) -> Patch {
    match check(before, after) {
        Difference::Patch(patch) => patch,
        other => panic!("expected a patch, got {other:?}"),
    }
}

/// Finds the difference and checks what is true of any.
#[track_caller]
fn check(before: &Value, after: &Value) -> Difference {
    let difference = diff(&tree(before), &tree(after));
    match &difference {
        Difference::Nothing => assert_eq!(before, after),
        Difference::Patch(patch) => {
            let applied = apply(&tree(before), patch.at(), patch.ops());
            let applied = applied.unwrap_or_else(|error| panic!("{error}: {patch:?}"));
            assert_eq!(json(&applied), *after, "{patch:?}");
            let whole = tree(after).as_msgpack().len();
            assert!(patch.size() < whole, "{} of {whole} bytes", patch.size());
        }
        Difference::Whole => assert_ne!(before, after),
    }
    difference
}

/// The operations with whole paths.
#[track_caller]
fn ops(before: &Value, after: &Value) -> Vec<Value> {
    let patch = patch(before, after);
    let Value::Array(mut ops) = json(patch.ops()) else {
        panic!("no list: {patch:?}");
    };
    for op in &mut ops {
        for field in ["from", "path"] {
            if let Some(path) = op.get_mut(field) {
                *path = format!("{}{}", patch.at(), path.as_str().unwrap()).into();
            }
        }
    }
    ops
}

fn rows(ids: impl IntoIterator<Item = u32>) -> Vec<Value> {
    let row = |id| json!({"pid": id, "name": format!("process {id}"), "user": "root", "cpu": 0.5, "memory": 1_048_576});
    ids.into_iter().map(row).collect()
}

fn table(row_key: &str, rows: &[Value]) -> Value {
    json!({"tile": {"type": "table", "columns": [{"key": "pid"}], "data": rows, "row_key": row_key}})
}

#[test]
fn golden_patches_give_what_they_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/patch.json");
    let samples: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(samples.len() > 80);
    for sample in samples {
        let name = &sample["name"];
        let at = sample["at"].as_str().unwrap();
        let got = apply(&tree(&sample["before"]), at, &tree(&sample["ops"]));
        match (got, sample.get("error")) {
            (Ok(got), None) => assert_eq!(json(&got), sample["after"], "{name}"),
            (Err(ApplyError::Refused { index, reason, .. }), Some(error)) => {
                assert_eq!(
                    json!({"op": index, "reason": word(&reason)}),
                    *error,
                    "{name}"
                );
            }
            (got, _) => panic!("{name}: {got:?}"),
        }
    }
}

/// The golden samples' word for a reason.
fn word(reason: &Refusal) -> &'static str {
    match reason {
        Refusal::NotFound => "not_found",
        Refusal::BadIndex(_) => "bad_index",
        Refusal::NoContainer => "no_container",
        Refusal::BadPointer => "bad_pointer",
        Refusal::TestFailed => "test_failed",
        Refusal::IntoItself => "into_itself",
        Refusal::NoRoot => "no_root",
        Refusal::UnknownOp(_) => "unknown_op",
        Refusal::MissingField(_) => "missing_field",
        other => panic!("no sample is to fail with {other:?}"),
    }
}

#[test]
fn a_refusal_names_the_operation_the_path_and_the_reason() {
    let ops = json!([{"op": "add", "path": "/a", "value": 1}, {"op": "remove", "path": "/b/01"}]);
    let error = apply(&tree(&json!({"x": {"b": [1]}})), "/x", &tree(&ops)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operation 1 on \"/x/b/01\": \"01\" is no index of a list"
    );
    assert_eq!(
        apply(&tree(&json!({})), "", &tree(&json!({}))),
        Err(ApplyError::NotAList)
    );
    let not_a_map = apply(&tree(&json!({})), "", &tree(&json!([1]))).unwrap_err();
    assert!(matches!(
        not_a_map,
        ApplyError::Refused {
            index: 0,
            reason: Refusal::NotAMap,
            ..
        }
    ));
}

#[test]
fn a_few_operations_cannot_fill_the_memory() {
    let nested = |levels: usize| (0..levels).fold(json!("x"), |inner, _| json!([inner]));
    let add = |path: usize, levels: usize| json!([{"op": "add", "path": "/0".repeat(path), "value": nested(levels)}]);
    let added = |ops: &Value| apply(&tree(&nested(60)), "", &tree(ops));
    assert!(added(&add(60, 4)).is_ok());
    let deeper = added(&add(60, 5)).unwrap_err();
    assert!(
        matches!(
            deeper,
            ApplyError::Refused {
                reason: Refusal::TooDeep { limit: 64 },
                ..
            }
        ),
        "{deeper:?}"
    );
    let double = json!([
        {"op": "copy", "from": "/a", "path": "/b/-"},
        {"op": "copy", "from": "/a", "path": "/b/-"},
        {"op": "move", "from": "/b", "path": "/a"},
        {"op": "add", "path": "/b", "value": []},
    ]);
    let doubled: Vec<Value> = (0..30)
        .flat_map(|_| double.as_array().unwrap().clone())
        .collect();
    let larger = apply(
        &tree(&json!({"a": "x".repeat(1000), "b": []})),
        "",
        &tree(&json!(doubled)),
    )
    .unwrap_err();
    assert!(
        matches!(
            larger,
            ApplyError::Refused {
                reason: Refusal::TooLarge { .. },
                ..
            }
        ),
        "{larger:?}"
    );
}

#[test]
fn one_value_is_one_replacement() {
    let page = |value: u32| json!({"tile": {"stats": [{"label": "CPU", "value": 1}, {"label": "RAM", "value": value}]}});
    assert_eq!(
        ops(&page(1), &page(2)),
        [json!({"op": "replace", "path": "/tile/stats/1/value", "value": 2})]
    );
}

#[test]
fn the_fields_of_an_operation_stand_in_their_order() {
    let patch = patch(
        &json!({"a": 1, "b": "x".repeat(60)}),
        &json!({"a": 2, "b": "x".repeat(60)}),
    );
    let text = serde_json::to_string(patch.ops()).unwrap();
    assert_eq!(text, r#"[{"op":"replace","path":"/a","value":2}]"#);
}

#[test]
fn keys_come_and_go_with_their_escapes() {
    let before = json!({"a/b": {"~": 1, "": 2, "é": "a text that is much longer than the operations and is not sent again, since it stays what it was"}, "gone": 1});
    let after = json!({"a/b": {"~": 5, "": 6, "é": "a text that is much longer than the operations and is not sent again, since it stays what it was"}, "new": 1});
    let mut found = ops(&before, &after);
    found.sort_by_key(|op| op["path"].to_string());
    assert_eq!(
        found,
        [
            json!({"op": "replace", "path": "/a~1b/", "value": 6}),
            json!({"op": "replace", "path": "/a~1b/~0", "value": 5}),
            json!({"op": "remove", "path": "/gone"}),
            json!({"op": "add", "path": "/new", "value": 1}),
        ]
    );
}

#[test]
fn a_row_on_top_of_a_hundred_is_one_operation() {
    for row_key in ["pid", "no such key"] {
        let before = table(row_key, &rows(1..101));
        let after = table(row_key, &rows(0..101));
        let found = ops(&before, &after);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&found[0]["op"], &found[0]["path"]),
            (&json!("add"), &json!("/tile/data/0"))
        );
        assert_eq!(
            ops(&after, &before),
            [json!({"op": "remove", "path": "/tile/data/0"})]
        );
    }
}

#[test]
fn rows_that_change_while_others_come_and_go_are_told_apart_by_their_key() {
    let cooler = |mut rows: Vec<Value>| {
        for row in rows
            .iter_mut()
            .filter(|row| [5, 91, 99].map(Value::from).contains(&row["pid"]))
        {
            row["cpu"] = json!(0.25);
        }
        rows
    };
    let before = table("pid", &rows([90].into_iter().chain(1..=30).chain([99])));
    let later = (1..=30).filter(|id| *id != 3);
    let after = table(
        "pid",
        &cooler(rows([91].into_iter().chain(later).chain([50, 99]))),
    );
    let found = ops(&before, &after);
    let short = |op: &Value| {
        format!(
            "{} {}",
            op["op"].as_str().unwrap(),
            op["path"].as_str().unwrap()
        )
    };
    let found: Vec<String> = found.iter().map(short).collect();
    assert_eq!(
        found,
        [
            "remove /tile/data/3",
            "add /tile/data/30",
            "replace /tile/data/0",
            "replace /tile/data/4/cpu",
            "replace /tile/data/31/cpu",
        ]
    );
}

#[test]
fn rows_in_another_order_are_moved() {
    let before = table("pid", &rows(0..20));
    let mut order: Vec<u32> = (0..20).collect();
    order.swap(3, 12);
    order.rotate_left(1);
    let found = ops(&before, &table("pid", &rows(order)));
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|op| op["op"] == "move"));
}

#[test]
fn a_chart_that_moves_on_is_two_operations_a_point() {
    let chart = |from: u32| {
        let points: Vec<f64> = (from..from + 60)
            .map(|point| f64::from(point * 7919 % 101))
            .collect();
        json!({"tile": {"content": [{"type": "line_chart", "data": points}]}})
    };
    let one = patch(&chart(0), &chart(1));
    assert_eq!(one.at(), "/tile/content/0/data");
    assert_eq!(
        json(one.ops()),
        json!([{"op": "remove", "path": "/0"}, {"op": "add", "path": "/-", "value": 60 * 7919 % 101}])
            .as_array()
            .map(|ops| json!([ops[0], {"op": "add", "path": "/-", "value": f64::from(60 * 7919 % 101)}]))
            .unwrap()
    );
    assert_eq!(ops(&chart(0), &chart(5)).len(), 10);
    assert_eq!(ops(&chart(5), &chart(0)).len(), 10);
}

#[test]
fn equal_trees_have_no_difference_whatever_the_order_of_their_keys() {
    let bytes = |text: &'static [u8]| {
        Tree::from_msgpack(
            bytes::Bytes::from_static(text),
            contara_ui_tree::Limits::default(),
        )
        .unwrap()
    };
    let one = bytes(b"\x82\xa1a\x01\xa1b\x02");
    let other = bytes(b"\x82\xa1b\x02\xa1a\x01");
    assert_eq!(diff(&one, &other), Difference::Nothing);
    assert_eq!(diff(&one, &one), Difference::Nothing);
}

#[test]
fn a_key_that_stands_twice_is_answered_with_the_whole() {
    let twice = |first: u8, last: u8, more: u8| {
        let text = [
            b"\x83\xa1a".as_slice(),
            &[first],
            b"\xa1a",
            &[last],
            b"\xa1b\xd9\x40",
            &[b'x'; 63],
            &[more],
        ]
        .concat();
        Tree::from_msgpack(text.into(), contara_ui_tree::Limits::default()).unwrap()
    };
    assert_eq!(
        diff(&twice(1, 2, b'x'), &twice(3, 2, b'x')),
        Difference::Whole
    );
    assert_eq!(
        diff(&twice(1, 2, b'x'), &twice(1, 3, b'x')),
        Difference::Whole
    );
    // What stands the same on both sides does no harm.
    let Difference::Patch(patch) = diff(
        &Tree::map_of(&[("m", &twice(1, 2, b'x')), ("n", &tree(&json!(1)))]),
        &Tree::map_of(&[("m", &twice(1, 2, b'x')), ("n", &tree(&json!(2)))]),
    ) else {
        panic!("a patch was possible");
    };
    assert_eq!(patch.at(), "");
}

#[test]
fn large_trees_in_which_all_changes_take_no_time_that_grows_with_their_square() {
    const COUNT: u32 = 100_000;
    let map = |prefix: &str, value: u32| {
        Value::from_iter((0..COUNT).map(|key| (format!("{prefix}{key}"), json!(value))))
    };
    let keyed =
        |value: u32| -> Vec<Value> { (0..COUNT).map(|id| json!({"id": id, "v": value})).collect() };
    let reversed = |value: u32| keyed(value).into_iter().rev().collect::<Vec<_>>();
    let between = |value: u32| {
        keyed(value)
            .into_iter()
            .skip(1)
            .step_by(2)
            .collect::<Vec<_>>()
    };
    let plain = |value: u32| {
        (0..COUNT)
            .map(|item| json!([item, value]))
            .collect::<Vec<_>>()
    };
    let cases = [
        (map("k", 1), map("k", 2)),
        (map("k", 1), map("l", 2)),
        (json!(keyed(1)), json!(keyed(2))),
        (json!(keyed(1)), json!(reversed(2))),
        (json!(between(1)), json!(keyed(1))),
        (json!(keyed(1)), json!(between(1))),
        (json!(plain(1)), json!(plain(2))),
    ];
    for (case, (before, after)) in cases.iter().enumerate() {
        let (before, after) = (tree(before), tree(after));
        let begun = std::time::Instant::now();
        assert_ne!(diff(&before, &after), Difference::Nothing);
        // Far more than it takes; what grows with the square takes minutes.
        assert!(
            begun.elapsed().as_secs() < 10,
            "case {case}: {:?}",
            begun.elapsed()
        );
    }
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-d]",
        1 => "[~/]{0,3}|é|0|-",
        1 => Just("id".to_owned()),
        1 => Just("name".to_owned()),
    ]
}

fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_i64).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |x| x.is_finite())
            .prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    any_leaf().prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec(0..3_i64, 0..20).prop_map(Value::from),
            prop::collection::vec((any_key(), inner), 0..6)
                .prop_map(|entries| Value::Object(Map::from_iter(entries))),
        ]
    })
}

/// A tree like those of modules: figures, a chart, a table.
fn any_page() -> impl Strategy<Value = Value> {
    let stat = ("[a-c]", any_leaf())
        .prop_map(|(label, value)| json!({"type": "stat", "label": label, "value": value}));
    let chart = prop::collection::vec(0..5_u8, 0..30);
    (
        prop::collection::vec(stat, 0..6),
        chart,
        prop::collection::vec(0..30_u32, 0..20),
        "pid|name|cpu",
        any_json(),
    )
        .prop_map(|(stats, chart, ids, row_key, rest)| {
            json!({"tile": {"type": "tile", "stats": stats, "content": [
                {"type": "line_chart", "data": chart},
                {"type": "table", "row_key": row_key, "data": rows(ids)},
            ]}, "rest": rest})
        })
}

/// One thing that happens to a tree: where, what, and something to put there.
type Edit = (Vec<Index>, u8, Index, Value);

fn any_edit() -> impl Strategy<Value = Edit> {
    (
        prop::collection::vec(any::<Index>(), 0..6),
        0..10_u8,
        any::<Index>(),
        any_json(),
    )
}

/// Goes down as far as it can, and changes what it finds.
fn edited(value: &mut Value, (way, kind, other, new): &Edit) {
    if let Some((step, rest)) = way.split_first() {
        let rest = (rest.to_vec(), *kind, *other, new.clone());
        match value {
            Value::Array(items) if !items.is_empty() => return edited(step.get_mut(items), &rest),
            Value::Object(entries) if !entries.is_empty() => {
                let place = step.index(entries.len());
                return edited(entries.values_mut().nth(place).unwrap(), &rest);
            }
            _ => {}
        }
    }
    match value {
        Value::Array(items) if !items.is_empty() => edit_list(items, *kind, *other, new),
        Value::Object(entries) if !entries.is_empty() => edit_map(entries, *kind, *other, new),
        scalar => *scalar = new.clone(),
    }
}

fn edit_list(items: &mut Vec<Value>, kind: u8, other: Index, new: &Value) {
    let place = other.index(items.len());
    match kind {
        0 => items.insert(0, new.clone()),
        1 => items.insert(place, new.clone()),
        2 => drop(items.remove(place)),
        3 => {
            items.remove(0);
            items.push(new.clone());
        }
        4 => {
            items.pop();
            items.insert(0, new.clone());
        }
        5 => items.swap(0, place),
        6 => items.rotate_left(place),
        7 => items.push(items[place].clone()),
        8 => items.truncate(place),
        _ => items[place] = new.clone(),
    }
}

fn edit_map(entries: &mut Map<String, Value>, kind: u8, other: Index, new: &Value) {
    let key = entries
        .keys()
        .nth(other.index(entries.len()))
        .unwrap()
        .clone();
    match kind {
        0..=2 => drop(entries.insert(key, new.clone())),
        3..=4 => drop(entries.remove(&key)),
        5..=6 => drop(entries.insert(format!("{key}/~"), new.clone())),
        _ => {
            let value = entries.remove(&key).unwrap();
            entries.insert(format!("{key}2"), value);
        }
    }
}

/// Puts the leaves that there are in place of the value's own.
fn change_leaves<'a>(value: &mut Value, leaves: &mut impl Iterator<Item = &'a Option<Value>>) {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| change_leaves(item, leaves)),
        Value::Object(entries) => entries
            .values_mut()
            .for_each(|value| change_leaves(value, leaves)),
        leaf => {
            if let Some(Some(new)) = leaves.next() {
                *leaf = new.clone();
            }
        }
    }
}

/// An operation that may or may not fit a value.
fn any_operation() -> impl Strategy<Value = Value> {
    let path = prop_oneof![
        8 => prop::collection::vec("[a-d]|id|[0-3]|-", 0..4),
        1 => prop::collection::vec("[a-d]|[0-3]|0[0-3]|-1|", 0..4),
    ];
    let path = path.prop_map(|tokens| {
        tokens
            .iter()
            .map(|token| format!("/{token}"))
            .collect::<String>()
    });
    (
        "add|remove|replace|move|copy|test",
        path.clone(),
        path,
        any_json(),
    )
        .prop_filter(
            "the oracle is wrong about these",
            |(op, path, from, _)| match op.as_str() {
                "move" => path != from,
                "remove" => !path.is_empty(),
                _ => true,
            },
        )
        .prop_map(
            |(op, path, from, value)| json!({"op": op, "path": path, "from": from, "value": value}),
        )
}

/// What the crate `json-patch` makes of it.
fn by_oracle(before: &Value, ops: &[Value]) -> Option<Value> {
    let mut value = before.clone();
    let ops: json_patch::Patch = serde_json::from_value(json!(ops)).unwrap();
    json_patch::patch_unsafe(&mut value, &ops).ok()?;
    Some(value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_patch_leads_from_any_tree_to_any_other(before in any_json(), after in any_json()) {
        check(&before, &after);
    }

    #[test]
    fn a_patch_tells_any_edits(before in any_page(), edits in prop::collection::vec(any_edit(), 1..6)) {
        let mut after = before.clone();
        for edit in &edits {
            edited(&mut after, edit);
        }
        check(&before, &after);
        check(&after, &before);
    }

    #[test]
    fn where_only_values_change_the_bytes_are_the_same(
        before in any_page(),
        leaves in prop::collection::vec(prop::option::weighted(0.1, any_leaf()), 50),
    ) {
        let mut after = before.clone();
        change_leaves(&mut after, &mut leaves.iter().cycle());
        if let Difference::Patch(patch) = check(&before, &after) {
            prop_assert_eq!(apply(&tree(&before), patch.at(), patch.ops()).unwrap(), tree(&after));
        }
    }

    #[test]
    fn any_patch_says_the_same_to_another_implementation(before in any_page(), edit in any_edit()) {
        let mut after = before.clone();
        edited(&mut after, &edit);
        if let Difference::Patch(_) = check(&before, &after) {
            prop_assert_eq!(by_oracle(&before, &ops(&before, &after)), Some(after));
        }
    }

    #[test]
    fn operations_do_what_another_implementation_says(
        before in any_json(),
        operations in prop::collection::vec(any_operation(), 1..4),
    ) {
        let got = apply(&tree(&before), "", &tree(&json!(operations))).ok();
        prop_assert_eq!(got.map(|tree| json(&tree)), by_oracle(&before, &operations));
    }
}

#[test]
fn a_long_key_above_many_changes_is_sent_whole_before_it_fills_the_memory() {
    let key = "k".repeat(100_000);
    let made = |value: u32, changes: u32| {
        let items: Vec<_> = (0..changes).map(|item| json!([item, value])).collect();
        tree(&json!({"rest": "r".repeat(500_000), key.as_str(): items}))
    };
    // Each change has the key in its path, and a patch of all of them would still be smaller than the whole.
    assert!(matches!(
        diff(&made(1, 10), &made(2, 10)),
        Difference::Patch(_)
    ));
    assert_eq!(diff(&made(1, 100), &made(2, 100)), Difference::Whole);
}
