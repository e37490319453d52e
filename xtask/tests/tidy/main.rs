//! House rules that no compiler checks, run with the other tests. Each rule is a function from what it looks at to the
//! list of its violations, and has an example beside it that violates it.

use std::path::{Path, PathBuf};
use std::process::Command;

mod layers;
mod text;

/// The checkout under test.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the checkout")
        .to_owned()
}

/// All tracked files, relative to the root, and those that aren't tracked yet but aren't ignored either.
fn tracked_files() -> Vec<String> {
    let output = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output()
        .expect("git is needed");
    assert!(output.status.success(), "git ls-files: {}", output.status);
    let list = String::from_utf8(output.stdout).expect("file names are UTF-8");
    list.lines().map(str::to_owned).collect()
}

/// Fails with all violations of a rule.
#[track_caller]
fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}
