//! `contara module check`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{copy, fixture, run};

fn check(path: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = run(["module", "check", path.to_str().unwrap()]
        .iter()
        .chain(more));
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn the_quick_start_is_fine() {
    let expected = "my_module 1.0.0 can be used: no errors, no warnings.\n";
    assert_eq!(
        check(&fixture("my_module"), &[]),
        (Some(0), expected.into())
    );
    assert_eq!(
        check(&fixture("my_module").join("module.json"), &[]),
        (Some(0), expected.into())
    );
}

#[test]
fn every_problem_is_shown_with_its_place_at_once() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("other_name");
    copy(&fixture("my_module"), &folder);
    fs::remove_file(folder.join("__init__.py")).unwrap();
    let manifest = fs::read_to_string(folder.join("module.json")).unwrap();
    let manifest = manifest
        .replace("\"1.0.0\"", "\"1\"")
        .replace("\"darwin\"", "\"beos\"")
        .replace("author", "auther");
    fs::write(folder.join("module.json"), manifest).unwrap();
    let (status, text) = check(&folder, &[]);
    assert_eq!(status, Some(1));
    for expected in [
        "Module name mismatch",
        "Invalid version format",
        "Unknown platform",
        "Missing required field: author",
        "module.json:4:13",
        "^",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(
        text.contains("did you mean") || text.contains("Did you mean"),
        "{text}"
    );
    assert!(text.contains("__init__.py"), "{text}");
    assert!(
        text.trim_end()
            .ends_with("other_name can't be used: 5 errors, 1 warning."),
        "{text}"
    );

    let (status, json) = check(&folder, &["--format", "json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((status, &report["valid"]), (Some(1), &false.into()));
    let problems = report["problems"].as_array().unwrap();
    let version = problems
        .iter()
        .find(|problem| problem["message"] == "Invalid version format")
        .unwrap();
    assert_eq!(
        (&version["line"], &version["column"], &version["severity"]),
        (&4.into(), &13.into(), &"error".into())
    );
}

#[test]
fn a_folder_that_is_not_there_is_an_error_and_not_a_panic() {
    let (status, text) = check(Path::new("/nowhere/my_module"), &[]);
    assert_eq!(status, Some(1));
    assert!(text.contains("/nowhere/my_module"), "{text}");
}
