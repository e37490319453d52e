//! `contara module check`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{checkout, contara, copy, fixture, write_module};

fn check(path: &Path, more: &[&str]) -> (Option<i32>, String) {
    check_at("C.UTF-8", path, more)
}

/// At a terminal with this locale.
fn check_at(locale: &str, path: &Path, more: &[&str]) -> (Option<i32>, String) {
    let arguments = ["module", "check", path.to_str().unwrap()];
    let mut command = contara(arguments.iter().chain(more));
    let output = command.env("LC_ALL", locale).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn the_quick_start_is_fine() {
    let expected = "my_module 1.0.0 can be used: no errors, no warnings.\n";
    let manifest_only = ["--manifest-only"];
    assert_eq!(
        check(&fixture("my_module"), &manifest_only),
        (Some(0), expected.into())
    );
    assert_eq!(
        check(&fixture("my_module").join("module.json"), &manifest_only),
        (Some(0), expected.into())
    );
}

#[test]
fn an_icon_in_what_it_draws_is_found_in_the_code() {
    let (status, text) = check(&fixture("my_module"), &[]);
    assert_eq!(status, Some(0), "{text}");
    for expected in [
        "warning[unknown-icon]",
        "my_module/__init__.py:29:19",
        "icon=\"Counter\"",
        "my_module 1.0.0 can be used: no errors, 1 warning.",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_setup_modules_that_ship_are_fine() {
    for module in ["nfs_server", "postgresql", "samba"] {
        let (status, text) = check(&checkout().join("modules/setup").join(module), &[]);
        assert_eq!(status, Some(0), "{text}");
        assert!(text.ends_with("no errors, no warnings.\n"), "{text}");
    }
}

#[test]
fn a_path_that_is_no_folder_gets_help_that_fits() {
    let (status, text) = check(Path::new("/nowhere/my_module"), &[]);
    assert_eq!(status, Some(1));
    assert!(text.contains("help: Is the path right?"), "{text}");

    let (status, text) = check(&fixture("my_module").join("__init__.py"), &[]);
    assert_eq!(status, Some(1));
    assert!(
        text.contains("help: Name the module's folder instead of a file in it."),
        "{text}"
    );
}

#[test]
fn a_terminal_is_told_in_its_language_and_a_program_in_english() {
    let nowhere = Path::new("/nowhere/my_module");
    let (_, german) = check_at("de_DE.UTF-8", nowhere, &[]);
    for expected in [
        "Fehler[unreadable]",
        "x Nicht lesbar",
        "| in /nowhere/my_module",
        "| gefunden: No such file",
        "  Hilfe: Stimmt der Pfad? Erwartet wird der Ordner eines Moduls.",
        "my_module kann nicht benutzt werden: 1 Fehler, keine Warnungen.",
    ] {
        assert!(german.contains(expected), "{expected}: {german}");
    }
    let (_, french) = check_at("fr_FR.UTF-8", &fixture("my_module"), &["--manifest-only"]);
    let expected =
        "my_module 1.0.0 peut être utilisé\u{202f}: aucune erreur, aucun avertissement.\n";
    assert_eq!(french, expected);
    let (_, json) = check_at("de_DE.UTF-8", nowhere, &["--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["problems"][0]["message"], "Can't be read");
    assert_eq!(
        json["problems"][0]["help"],
        "Is the path right? It takes the folder of a module."
    );
}

/// Checks a module of this code, and gives the report.
fn report(code: &str) -> (Option<i32>, Value) {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("checked");
    write_module(&folder, code);
    let (status, json) = check(&folder, &["--json"]);
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        2,
        "nothing is left in the folder"
    );
    (status, serde_json::from_str(&json).unwrap())
}

#[test]
fn what_the_code_is_comes_with_the_report() {
    let (status, report) = report(
        "
from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module

class Checked(Module):
    @action
    async def add(self, amount: int):
        pass
",
    );
    assert_eq!(status, Some(0), "{report}");
    assert_eq!(report["code"]["class"], "Checked");
    let amount = &report["code"]["actions"]["add"]["params"]["properties"]["amount"];
    assert_eq!(amount["type"], "integer", "{report}");
}

#[test]
fn code_that_fails_makes_the_module_unusable() {
    let (status, report) = report("import no_such_library\n");
    assert_eq!((status, &report["valid"]), (Some(1), &false.into()));
    let problem = &report["problems"][0];
    assert_eq!(
        (&problem["severity"], &problem["code"]),
        (&"error".into(), &"module-code".into())
    );
    let message = problem["message"].as_str().unwrap();
    assert!(message.contains("no_such_library"), "{report}");
    assert!(
        problem["file"]
            .as_str()
            .unwrap()
            .ends_with("checked/__init__.py"),
        "{report}"
    );
    assert_eq!(problem["line"], 1, "{report}");
}

#[test]
fn code_that_ends_python_is_told() {
    let (status, report) = report("import os\nos._exit(3)\n");
    assert_eq!(status, Some(1));
    let problem = &report["problems"][0];
    assert_eq!(problem["code"], "check-failed", "{report}");
    assert_eq!(problem["found"], "Python ended with exit status 3");
}

#[test]
fn a_python_without_the_sdk_is_told() {
    let folder = fixture("my_module");
    let (status, text) = check(&folder, &["--python", "/nowhere/python"]);
    assert_eq!((status, text.as_str()), (Some(1), ""));
    let (status, text) = check(&folder, &["--python", "/bin/false"]);
    assert_eq!(status, Some(1));
    assert!(text.contains("Python ended with exit status 1"), "{text}");
    let (status, _) = check(&folder, &["--python", "/nowhere/python", "--manifest-only"]);
    assert_eq!(status, Some(0));
}

#[test]
fn a_setup_module_is_read() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("dns");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("desc.json"),
        "{\"slug\": \"dhcp\",\n\"config\": [{\"type\": \"txt\", \"name\": \"a\"}]}",
    )
    .unwrap();
    let (status, text) = check(&folder, &[]);
    assert_eq!(status, Some(1));
    for expected in [
        "The slug isn't the folder's name",
        "desc.json:2:21",
        "Did you mean \"text\"?",
        "dns can't be used: 2 errors",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

/// Checks a setup module of this description, code and script, and gives the lines of its problems.
fn setup(description: &str, code: &str, script: &str) -> (Option<i32>, Vec<String>, Value) {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("dns");
    fs::create_dir(&folder).unwrap();
    for (name, content) in [
        ("desc.json", description),
        ("__init__.py", code),
        ("setup.sh", script),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
    let (status, json) = check(&folder, &["--json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    let problem = |problem: &Value| {
        let file = Path::new(problem["file"].as_str().unwrap());
        let file = file.file_name().unwrap().to_str().unwrap();
        let words = ["severity", "message"].map(|key| problem[key].as_str().unwrap());
        format!("{file}:{}: {}: {}", problem["line"], words[0], words[1])
    };
    let problems = report["problems"].as_array().unwrap();
    let problems = problems.iter().map(problem).collect();
    (status, problems, report)
}

const ASKS: &str = r#"{"slug": "dns", "config": [{"type": "text", "name": "domain"}]}"#;
const RUNS: &str = "def get_config_info():\n    return 'setup.sh', ['domain']\n";

#[test]
fn a_good_setup_module_is_fine() {
    let (status, problems, report) = setup(ASKS, RUNS, "echo \"$1\"\n");
    assert_eq!((status, problems), (Some(0), vec![]));
    assert_eq!(report["name"], "dns");
    assert_eq!(report["setup"]["script"], "setup.sh");
    assert_eq!(report["setup"]["parameters"][0], "domain");
    assert_eq!(report["code"], Value::Null);
}

#[test]
fn hooks_and_fields_that_are_not_there_are_found() {
    let description = "{\"slug\": \"dns\", \"config\": [\n{\"type\": \"text\", \"name\": \"a\", \"validation\": \"country_code\"}]}";
    let (status, problems, _) = setup(description, RUNS, "true\n");
    assert_eq!(status, Some(0), "it works all the same");
    assert_eq!(
        problems,
        [
            "desc.json:2: warning: There is no function country_code()",
            "__init__.py:2: warning: There is no field domain",
        ]
    );
    // With fields that a hook makes, nobody knows which there will be.
    let description = r#"{"slug": "dns", "config": [{"type": "custom", "name": "nets"}]}"#;
    let code = format!("{RUNS}def get_nets_config(fields):\n    return fields\n");
    let (_, problems, _) = setup(description, &code, "true\n");
    assert_eq!(problems, [""; 0]);
}

#[test]
fn scripts_are_looked_at() {
    let (status, problems, _) = setup(ASKS, RUNS, "true\nif true\nfi\n");
    assert_eq!(status, Some(1));
    assert!(
        problems[0].starts_with("setup.sh:3: error: syntax error"),
        "{problems:?}"
    );
    let (status, problems, _) = setup(ASKS, &RUNS.replace("setup.sh", "other.sh"), "");
    assert_eq!(status, Some(1));
    assert_eq!(
        problems,
        ["__init__.py:2: error: There is no script other.sh"]
    );
    let (status, problems, _) = setup(ASKS, RUNS, "true\r\nif true; then\r\ntrue\r\nfi\r\n");
    assert_eq!(status, Some(1));
    assert_eq!(
        problems,
        ["setup.sh:1: error: The script's lines end as on Windows"]
    );
}

#[test]
fn a_setup_module_that_can_not_be_imported_is_not_usable() {
    let (status, problems, _) = setup(ASKS, "import no_such_library\n", "");
    assert_eq!(status, Some(1));
    assert!(
        problems[0].starts_with("__init__.py:1: error: "),
        "{problems:?}"
    );
    let old = "def a():\n        if True:\n\t    return 1\n\treturn 2\n";
    let (status, problems, _) = setup(r#"{"slug": "dns"}"#, old, "");
    assert_eq!((status, problems.len()), (Some(0), 1));
    assert!(
        problems[0].contains("mixes tabs and blanks"),
        "{problems:?}"
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
