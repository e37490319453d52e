//! What the difference of two trees costs and how large it is, measured by the example `diff` of `crates/ui-tree` in a
//! release build, so that this program needn't contain that crate.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Extent;
use super::report::{Report, Target};
use crate::checkout::Checkout;
use crate::process;

/// What a frame of v2 has around `at` and the operations, for the module `bench` and a revision of five bytes.
const FRAME_BYTES: f64 = 43.0;

/// The cases whose frames are to be small.
const SMALL: [&str; 3] = ["one stat changed", "chart shifted", "row on top of 100"];

pub(crate) fn measure(checkout: &Checkout, extent: Extent, report: &mut Report) -> Result<()> {
    let mut example = process::cargo(checkout);
    example.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "contara-ui-tree",
    ]);
    example.args(["--example", "diff", "--"]);
    if extent == Extent::Quick {
        example.arg("--quick");
    }
    let printed = process::output(&mut example)?;
    let cases: Vec<Value> = serde_json::from_str(&printed).context("figures that aren't JSON")?;
    for case in &cases {
        add(report, case).context("a figure lacks a field")?;
    }
    Ok(())
}

fn add(report: &mut Report, case: &Value) -> Option<()> {
    let size = case["size"].as_str()?;
    let name = case["case"].as_str()?;
    let key = format!("diff.{}.{}", size.to_lowercase(), name.replace(' ', "_"));
    let samples = case["samples_us"]
        .as_array()?
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    report.add(
        format!("{key}.time"),
        format!("diff of {size}, {name}"),
        "µs",
        samples,
        time_targets(size, name),
    );
    let whole = case["whole_bytes"].as_f64()?;
    let bytes = match case["bytes"].as_f64()? {
        // No frame is sent.
        0.0 => 0.0,
        patch => patch + FRAME_BYTES,
    };
    let what = format!("frame of {size}, {name} (the whole tree: {whole})");
    report.add(
        format!("{key}.bytes"),
        what,
        "bytes",
        vec![bytes],
        size_targets(name),
    );
    Some(())
}

fn time_targets(size: &str, name: &str) -> &'static [Target] {
    match size {
        "M" if SMALL.contains(&name) => &[Target::MedianAtMost(10.0)],
        "L" if SMALL.contains(&name) => &[Target::MedianAtMost(60.0)],
        _ => &[],
    }
}

fn size_targets(name: &str) -> &'static [Target] {
    match SMALL.contains(&name) {
        true => &[Target::MedianAtMost(120.0)],
        false => &[],
    }
}
