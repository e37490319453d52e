//! Measures the difference of two trees: how long it takes, parsing of both included, and how large it is. Prints a list of
//! `{size, case, bytes, whole_bytes, samples_us}` as JSON, which `cargo xtask bench stream` reads; `--quick` takes few
//! samples.
//!
//! The trees are those of `python/tools/bench/trees.py`, in the place that the stream gives them.
#![allow(clippy::expect_used, reason = "the samples are written here")]

use std::hint::black_box;
use std::time::Instant;

use contara_ui_tree::Tree;
use contara_ui_tree::patch::{Difference, diff};
use serde_json::{Value, json};

/// What a tree is, and what happens to it.
type Case = (&'static str, &'static str, Value, Value);

/// Draws a tree.
type Draw = fn(&State) -> Value;

fn main() {
    let samples = match std::env::args().any(|argument| argument == "--quick") {
        true => 200,
        false => 5000,
    };
    let measured: Vec<Value> = cases().iter().map(|case| measure(case, samples)).collect();
    println!("{}", json!(measured));
}

fn measure((size, case, before, after): &Case, samples: usize) -> Value {
    let [before, after] = [before, after].map(|tree| Tree::from_value(tree).expect("a tree"));
    let sample = |_| {
        let start = Instant::now();
        black_box(diff(black_box(&before), black_box(&after)));
        start.elapsed().as_secs_f64() * 1e6
    };
    let samples_us: Vec<f64> = (0..samples).map(sample).collect();
    let whole_bytes = after.as_msgpack().len();
    let bytes = match diff(&before, &after) {
        Difference::Nothing => 0,
        Difference::Patch(patch) => patch.size(),
        Difference::Whole => whole_bytes,
    };
    json!({"size": size, "case": case, "bytes": bytes, "whole_bytes": whole_bytes, "samples_us": samples_us})
}

fn cases() -> Vec<Case> {
    let sizes: [(&str, Draw); 3] = [("S", small), ("M", medium), ("L", large)];
    let start = State::default();
    let changes: [(&str, &str, State); 5] = [
        ("SML", "nothing changed", start),
        ("SML", "one stat changed", State { stat: 1, ..start }),
        ("M", "chart shifted", State { chart: 1, ..start }),
        ("L", "row on top of 100", State { rows: 1, ..start }),
        (
            "SML",
            "all numbers changed",
            State {
                stat: 1,
                chart: 7,
                all: 1,
                ..start
            },
        ),
    ];
    let of = |(size, tree): (&'static str, Draw)| {
        let fitting = changes
            .into_iter()
            .filter(move |(sizes, ..)| sizes.contains(size));
        fitting.map(move |(_, case, state)| (size, case, tree(&start), tree(&state)))
    };
    sizes.into_iter().flat_map(of).collect()
}

/// What the trees show.
#[derive(Clone, Copy, Default)]
struct State {
    /// Added to the second figure.
    stat: u32,
    /// Points that the chart has moved on by.
    chart: u32,
    /// Rows that came on top.
    rows: u32,
    /// Added to every number.
    all: u32,
}

impl State {
    fn number(&self, number: f64) -> f64 {
        number + f64::from(self.all) * 0.5
    }

    fn stats(&self, count: u32) -> Vec<Value> {
        let stat = |index: u32| {
            let changed = if index == 1 {
                f64::from(self.stat)
            } else {
                0.0
            };
            json!({"type": "stat", "label": format!("Stat {index}"), "value": self.number(f64::from(index) * 1.5) + changed})
        };
        (0..count).map(stat).collect()
    }
}

fn module(tile: &Value) -> Value {
    json!({"tile": tile, "modals": []})
}

fn button(label: &str) -> Value {
    json!({"type": "button", "label": label, "variant": "primary", "size": "default", "disabled": false, "icon": "RefreshCw"})
}

fn text(content: &str) -> Value {
    json!({"type": "text", "content": content, "variant": "body", "size": "md"})
}

fn progress(value: f64) -> Value {
    json!({"type": "progress", "value": value, "max": 100, "label": format!("{value:.1} %"), "color": "default"})
}

fn stack(children: &[Value]) -> Value {
    json!({"type": "stack", "direction": "vertical", "gap": "4", "children": children})
}

fn small(state: &State) -> Value {
    module(&json!({
        "type": "tile", "icon": "HardDrive", "title": "Disks", "colspan": 1, "rowspan": 1,
        "badge": {"type": "badge", "text": "ok", "variant": "success"},
        "stats": state.stats(3),
        "content": [stack(&[text("Healthy"), progress(state.number(30.5))])],
        "actions": [button("Scan"), button("Eject")],
    }))
}

fn medium(state: &State) -> Value {
    let point = |index: u32| state.number(f64::from(index * 7919 % 101) * 0.29 + 40.0);
    let chart: Vec<f64> = (state.chart..state.chart + 60).map(point).collect();
    let core = |core: u32| {
        let value = format!("{}%", core * 3 + state.all);
        json!({"type": "stat_small", "label": format!("Core {core}"), "value": value})
    };
    let bar = |disk: u32| {
        stack(&[
            text(&format!("/dev/sd{disk}")),
            progress(state.number(f64::from(disk) * 9.7)),
        ])
    };
    module(&json!({
        "type": "tile", "icon": "Activity", "title": "System", "colspan": 2, "rowspan": 1,
        "stats": state.stats(6),
        "content": [
            {"type": "line_chart", "data": chart, "max": 100, "min": 0, "height": 80, "color": "primary", "fill": true,
             "label": "CPU", "unit": "%"},
            {"type": "grid", "columns": 4, "gap": "4", "children": (0..16).map(core).collect::<Vec<_>>()},
            stack(&(0..12).map(bar).collect::<Vec<_>>()),
        ],
        "actions": [button("Refresh")],
    }))
}

fn large(state: &State) -> Value {
    let tab = |number: u32| {
        let cards: Vec<Value> = (0..7)
            .map(|card| self::card(state, number * 7 + card))
            .collect();
        json!({"type": "tab", "id": format!("tab{number}"), "label": format!("Tab {number}"), "children": cards})
    };
    let column = |key: &str| json!({"type": "table_column", "key": key, "label": key, "align": "left", "render": "text"});
    let columns = ["pid", "name", "cpu", "mem", "ok"].map(column);
    let rows: Vec<Value> = (100 - state.rows..200).map(|id| row(state, id)).collect();
    module(&json!({
        "type": "tile", "icon": "List", "title": "Everything", "colspan": 3, "rowspan": 3,
        "stats": state.stats(30),
        "content": [
            {"type": "table", "columns": columns, "data": rows, "row_key": "pid",
             "sortable": true, "empty_message": "No data"},
            {"type": "tabs", "tabs": (0..6).map(tab).collect::<Vec<_>>()},
        ],
    }))
}

fn card(state: &State, number: u32) -> Value {
    let figure = f64::from(number);
    json!({"type": "card", "title": format!("Card {number}"), "icon": "Box", "children": [
        stack(&[text(&format!("Text {number}")), json!({"type": "badge", "text": "on", "variant": "info"})]),
        {"type": "stat_card", "label": "Rate", "value": state.number(figure * 0.37), "icon": "Gauge"},
        progress(state.number(figure * 2.3)),
        {"type": "stat", "label": "Count", "value": number + state.all},
        button("Open"),
    ]})
}

fn row(state: &State, id: u32) -> Value {
    json!({"pid": 900 + id, "name": "nfsd", "cpu": (id * 7 + state.all) % 100, "mem": 150 + id % 90 + state.all, "ok": true})
}
