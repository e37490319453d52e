//! `contara module new`: what it makes is right, and what it refuses it explains.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{python, run, stderr};

fn make(parent: &Path, more: &[&str]) -> std::process::Output {
    let parent = parent.to_str().unwrap();
    run(["module", "new", "--in", parent].iter().chain(more))
}

/// Makes a module, checks it without a single finding, and runs its tests.
#[track_caller]
fn round_trip(kind: &str, expected_files: &[&str]) -> TempDir {
    let temp = tempfile::tempdir().unwrap();
    let made = make(temp.path(), &["disk_health", "--kind", kind, "--json"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(made["files"], Value::from(expected_files));
    let folder = temp.path().join("disk_health");
    assert_eq!(made["path"], folder.to_str().unwrap());

    let checked = run(["module", "check", folder.to_str().unwrap(), "--json"]);
    let report: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(
        (&report["valid"], &report["problems"]),
        (&true.into(), &Value::Array(Vec::new())),
        "{report}"
    );

    let tests = Command::new(python())
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .arg(&folder)
        .current_dir(temp.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&tests.stdout);
    assert!(tests.status.success() && text.contains(" passed"), "{text}");
    temp
}

#[test]
fn a_live_module_is_complete() {
    let temp = round_trip(
        "live",
        &["module.json", "__init__.py", "tests/test_disk_health.py"],
    );
    let code = fs::read_to_string(temp.path().join("disk_health/__init__.py")).unwrap();
    assert!(code.contains("class DiskHealth(Module):"), "{code}");
    for left_over in ["my_module", "MyModule", "My Module"] {
        assert!(!code.contains(left_over), "{left_over}: {code}");
    }
}

#[test]
fn a_setup_module_is_complete() {
    let temp = round_trip(
        "setup",
        &[
            "desc.json",
            "setup-disk_health.sh",
            "tests/test_setup.py",
            "__init__.py",
        ],
    );
    let script = temp.path().join("disk_health/setup-disk_health.sh");
    let mode = std::os::unix::fs::MetadataExt::mode(&script.metadata().unwrap());
    assert_eq!(mode & 0o111, 0o111, "the script can be run");
}

#[test]
fn both_fit_into_one_folder() {
    round_trip(
        "both",
        &[
            "module.json",
            "__init__.py",
            "tests/test_disk_health.py",
            "desc.json",
            "setup-disk_health.sh",
            "tests/test_setup.py",
        ],
    );
}

#[test]
fn texts_may_hold_quotes() {
    let temp = tempfile::tempdir().unwrap();
    let made = make(
        temp.path(),
        &[
            "a",
            "--kind",
            "both",
            "--display-name",
            "\"A\" \\ Your Name",
            "--author",
            "Ö \"x\"",
        ],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    let text = String::from_utf8(made.stdout).unwrap();
    assert!(text.contains("contara module dev"), "{text}");
    let manifest = fs::read(temp.path().join("a/module.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["displayName"], "\"A\" \\ Your Name");
    assert_eq!(manifest["author"], "Ö \"x\"");
}

#[test]
fn what_cannot_be_made_is_refused_and_nothing_is_left() {
    let temp = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], expected: &str| {
        let output = make(temp.path(), arguments);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(expected), "{expected}: {text}");
    };
    refused(&["Disk-Health"], "\"disk_health\" would do");
    refused(&["2fast"], "choose one like \"my_module\"");
    refused(&["../evil"], "can't be a module's name");
    refused(&["class"], "choose one like \"my_class\"");
    refused(&["a", "--author", " "], "--author takes one line");
    refused(
        &["a", "--display-name", "a\nb"],
        "--display-name takes one line",
    );
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);

    fs::write(temp.path().join("a"), "mine").unwrap();
    refused(&["a"], "there is something at");
    assert_eq!(fs::read_to_string(temp.path().join("a")).unwrap(), "mine");
    let output = make(Path::new("/nowhere"), &["a"]);
    assert!(stderr(&output).contains("there is no folder /nowhere"));
    let output = make(temp.path(), &["b", "--kind", "dead"]);
    assert!(stderr(&output).contains("possible values: live, setup, both"));
}

/// A folder that must be quoted, and a name that would hide a part of Python from whoever runs in the folder above.
#[test]
fn the_command_for_its_tests_works_as_it_is_printed() {
    let temp = tempfile::tempdir().unwrap();
    let parent = temp.path().join("Ada's modules");
    fs::create_dir(&parent).unwrap();
    let made = make(&parent, &["email"]);
    let text = String::from_utf8(made.stdout).unwrap();
    let line = text
        .lines()
        .find(|line| line.ends_with("run its tests"))
        .unwrap();
    let command = line.strip_suffix("run its tests").unwrap();

    let search = format!(
        "{}:{}",
        python().parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let tests = Command::new("sh")
        .args(["-c", command])
        .env("PATH", search)
        .current_dir(&parent)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&tests.stdout);
    assert!(
        tests.status.success() && text.contains(" passed"),
        "{command}: {text}{}",
        stderr(&tests)
    );
}
