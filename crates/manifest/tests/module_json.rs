//! The module.json reference, statement by statement: what its examples mean, and what is said about every way to
//! get it wrong. One test per kind of mistake; the texts are snapshots because they are what users read.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::path::{Path, PathBuf};

use contara_i18n::Message;
use contara_manifest::{
    Capabilities, Colour, Folder, MAX_BYTES, MODULE_API, ModuleManifest, Platform, Problem,
    ReadFailure, Source, read_module, render, shadowed, unreadable,
};

const MINIMAL: &str = include_str!("data/minimal.json");
const COMPLETE: &str = include_str!("data/complete.json");
const QUICK_START: &str = include_str!("data/quick_start.json");

fn folder(name: &str, manifest: impl Into<Vec<u8>>) -> Folder {
    Folder {
        path: PathBuf::from(name),
        name: name.to_owned(),
        manifest: Ok(manifest.into()),
        has_init: true,
    }
}

/// The manifest of a file that has neither errors nor warnings.
#[track_caller]
fn clean(name: &str, json: &str) -> ModuleManifest {
    let (manifest, problems) = read_module(&folder(name, json), Source::Community);
    assert_eq!(render(&problems, Colour::Never, Message::to_string), "");
    manifest.unwrap()
}

/// All problems of a `module.json` in the folder `my_module`, with all their texts.
fn check(json: impl Into<Vec<u8>>) -> String {
    described(&folder("my_module", json))
}

fn described(folder: &Folder) -> String {
    let (manifest, problems) = read_module(folder, Source::Community);
    let has_error = problems
        .iter()
        .any(|problem| problem.severity == contara_manifest::Severity::Error);
    assert_eq!(
        manifest.is_none(),
        has_error,
        "unusable exactly with an error"
    );
    problems.iter().map(describe).collect()
}

fn describe(problem: &Problem) -> String {
    let part =
        |label, part: &Option<Message>| part.as_ref().map(|part| format!("  {label}: {part}\n"));
    let parts = [
        part("found", &problem.found),
        part("expected", &problem.expected),
        part("help", &problem.help),
    ];
    format!(
        "{problem} [{}]\n{}",
        problem.code,
        parts.into_iter().flatten().collect::<String>()
    )
}

/// The minimal example with one piece of its text replaced, which must be there.
#[track_caller]
fn with(piece: &str, replacement: &str) -> String {
    assert_eq!(
        MINIMAL.matches(piece).count(),
        1,
        "{piece} stands once in the minimal example"
    );
    MINIMAL.replacen(piece, replacement, 1)
}

/// The minimal example with further fields at its end.
fn and(fields: &str) -> String {
    with(r#""darwin"]"#, &format!("\"darwin\"],\n{fields}"))
}

#[test]
fn minimal_example() {
    let manifest = clean("my_module", MINIMAL);
    assert_eq!(manifest.name, "my_module");
    assert_eq!(manifest.display_name, "My Module");
    assert_eq!(manifest.version, semver::Version::new(1, 0, 0));
    assert_eq!(manifest.author, "Your Name");
    assert_eq!(
        manifest.description,
        "A brief description of what your module does"
    );
    assert_eq!(manifest.icon, "Wrench");
    assert_eq!(manifest.engine.to_string(), "^0.1.0");
    assert_eq!(manifest.platforms, Platform::ALL);
    assert_eq!(
        manifest.dependencies,
        contara_manifest::Dependencies::default()
    );
    assert_eq!(
        manifest.capabilities,
        Capabilities {
            websocket: true,
            dashboard: true,
            detail_page: false,
            settings: false
        }
    );
    assert_eq!(
        (manifest.category, manifest.homepage, manifest.repository),
        (None, None, None)
    );
    assert_eq!(manifest.tags, [""; 0]);
    assert!(!manifest.requires_network);
}

#[test]
fn complete_example() {
    let manifest = clean("steam", COMPLETE);
    let needs = |platform| -> Vec<String> {
        manifest
            .python_requirements(platform)
            .map(ToString::to_string)
            .collect()
    };
    let everywhere = ["vdf>=3.4,<4", "watchdog>=6.0.0", "aiohttp>=3.13.2"];
    assert_eq!(needs(Platform::Linux), everywhere);
    assert_eq!(
        needs(Platform::Windows)[3..],
        ["wmi>=1.5.1", "pywin32>=311"]
    );
    assert_eq!(manifest.dependencies.python[0].written, "^3.4");
    assert_eq!(manifest.dependencies.system, ["steam"]);
    assert_eq!(manifest.category.as_deref(), Some("gaming"));
    assert_eq!(manifest.tags, ["steam", "games", "library"]);
    assert_eq!(
        manifest.homepage.as_deref(),
        Some("https://github.com/example/my-module")
    );
    assert_eq!(manifest.repository, manifest.homepage);
    assert!(manifest.requires_network);
}

#[test]
fn quick_start_has_a_tile() {
    let manifest = clean("my_module", QUICK_START);
    assert!(manifest.capabilities.dashboard);
    assert_eq!(manifest.icon, "wrench");
}

#[test]
fn quick_start_pasted_with_its_comment() {
    insta::assert_snapshot!(check(format!("// my_module/module.json\n{QUICK_START}")), @r#"
    my_module/module.json:1:1: error: JSON allows no comments [comment]
      found: a comment
      expected: JSON only
      help: Delete the comment. If it came with the documentation's example: that line only names the file.
    "#);
}

#[test]
fn source_is_the_loaders_whatever_the_file_says() {
    assert_eq!(clean("steam", COMPLETE).source, Source::Community);
    let odd = and(r#""source": 7"#);
    let (manifest, problems) = read_module(&folder("my_module", odd), Source::Builtin);
    assert_eq!(
        (manifest.unwrap().source, problems),
        (Source::Builtin, vec![])
    );
}

#[test]
fn capabilities_are_read_one_by_one() {
    let written = r#""capabilities": {"websocket": false, "dashboard": false, "detailPage": true, "settings": true}"#;
    let expected = Capabilities {
        websocket: false,
        dashboard: false,
        detail_page: true,
        settings: true,
    };
    assert_eq!(clean("my_module", &and(written)).capabilities, expected);
    let settings = clean("my_module", &and(r#""capabilities": {"settings": true}"#)).capabilities;
    assert_eq!(
        settings,
        Capabilities {
            settings: true,
            ..Capabilities::default()
        }
    );
}

#[test]
fn null_is_as_good_as_leaving_out() {
    let manifest = clean(
        "my_module",
        &and(r#""category": null, "tags": null, "dependencies": {"python": null}"#),
    );
    assert_eq!(manifest, clean("my_module", MINIMAL));
}

#[test]
fn blocked_by_platform_and_engine() {
    let elsewhere = with(
        r#"["linux", "windows", "darwin"]"#,
        r#"["windows", "darwin"]"#,
    );
    let both = clean("my_module", &elsewhere.replace("^0.1.0", ">=2"));
    let reasons = |manifest: &ModuleManifest, platform| -> Vec<String> {
        manifest
            .blocked(platform)
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(
        reasons(&both, Platform::Linux),
        [
            "This module runs on windows and darwin only, and this machine runs linux.".to_owned(),
            format!("This module needs ContaraNAS >=2, and this host implements {MODULE_API}."),
        ]
    );
    assert_eq!(reasons(&both, Platform::Darwin).len(), 1);
    assert_eq!(
        reasons(&clean("my_module", MINIMAL), Platform::current()),
        [""; 0]
    );
}

#[test]
fn missing_fields_are_all_reported_at_the_object() {
    insta::assert_snapshot!(check("\n  {\"engine\": {}}"), @r#"
    my_module/module.json:2:3: error: Missing required field: name [missing-field]
      found: an object without name
      expected: the field name
      help: Add name to this object.
    my_module/module.json:2:3: error: Missing required field: displayName [missing-field]
      found: an object without displayName
      expected: the field displayName
      help: Add displayName to this object.
    my_module/module.json:2:3: error: Missing required field: version [missing-field]
      found: an object without version
      expected: the field version
      help: Add version to this object.
    my_module/module.json:2:3: error: Missing required field: author [missing-field]
      found: an object without author
      expected: the field author
      help: Add author to this object.
    my_module/module.json:2:3: error: Missing required field: description [missing-field]
      found: an object without description
      expected: the field description
      help: Add description to this object.
    my_module/module.json:2:3: error: Missing required field: icon [missing-field]
      found: an object without icon
      expected: the field icon
      help: Add icon to this object.
    my_module/module.json:2:3: error: Missing required field: platforms [missing-field]
      found: an object without platforms
      expected: the field platforms
      help: Add platforms to this object.
    my_module/module.json:2:14: error: Missing required field: engine.contaranas [missing-field]
      found: an object without contaranas
      expected: the field contaranas
      help: Add contaranas to this object.
    "#);
}

#[test]
fn each_required_field_is_required() {
    let complete: serde_json::Value = serde_json::from_str(MINIMAL).unwrap();
    for field in complete.as_object().unwrap().keys() {
        let mut without = complete.clone();
        without.as_object_mut().unwrap().remove(field);
        let (_, problems) =
            read_module(&folder("my_module", without.to_string()), Source::Community);
        let path = if field == "engine" {
            "engine.contaranas"
        } else {
            field
        };
        let messages: Vec<_> = problems
            .iter()
            .map(|problem| problem.message.to_string())
            .collect();
        assert_eq!(messages, [format!("Missing required field: {path}")]);
    }
}

#[test]
fn missing_engine_names_the_field_inside() {
    insta::assert_snapshot!(check(with("\"engine\": {\n    \"contaranas\": \"^0.1.0\"\n  },\n", "")), @r#"
    my_module/module.json:1:1: error: Missing required field: engine.contaranas [missing-field]
      found: an object without engine.contaranas
      expected: the field engine.contaranas
      help: Add engine.contaranas to this object.
    "#);
}

#[test]
fn problems_of_every_kind_at_once() {
    let json = r#"{
  "name": "steam",
  "displayName": 1,
  "version": "v1.0",
  "author": "",
  "description": true,
  "icon": "Gamepad3",
  "engine": {"contaranas": "latest", "node": "20"},
  "platforms": ["linux", "macos", 3],
  "capabilities": {"dashboard": "true", "websockets": true}, // yes
  "tags": "games",
}
"#;
    insta::assert_snapshot!(check(json), @r#"
    my_module/module.json:2:11: error: Module name mismatch [name-mismatch]
      found: "steam"
      expected: "my_module", as the folder is named
      help: Write "my_module" here, or rename the folder to "steam".
    my_module/module.json:3:18: error: Wrong type: displayName [wrong-type]
      found: a number
      expected: a string
      help: Put it in double quotes.
    my_module/module.json:4:14: error: Invalid version format [invalid-version]
      found: "v1.0"
      expected: a semantic version such as "1.0.0"
      help: Did you mean "1.0.0"?
    my_module/module.json:5:13: warning: Empty field: author [empty-field]
      found: an empty text
      expected: something to read
      help: Fill in author; people see it in the list of modules.
    my_module/module.json:6:18: error: Wrong type: description [wrong-type]
      found: a boolean
      expected: a string
      help: Put it in double quotes.
    my_module/module.json:7:11: warning: Unknown icon [unknown-icon]
      found: "Gamepad3"
      expected: the name of a Lucide icon
      help: Did you mean "gamepad"? Until then a neutral fallback icon will be shown.
    my_module/module.json:8:28: error: Invalid version range [invalid-engine-range]
      found: "latest"
      expected: an npm-style range such as "^0.1.0"
      help: This host implements 0.1.0; "^0.1.0" asks for it.
    my_module/module.json:8:38: warning: Unknown field: engine.node [unknown-field]
      help: Nothing reads it. Delete it.
    my_module/module.json:9:26: error: Unknown platform [unknown-platform]
      found: "macos"
      expected: linux, windows or darwin
      help: Did you mean "darwin"?
    my_module/module.json:9:35: error: Wrong type: platforms[2] [wrong-type]
      found: a number
      expected: a string
      help: Put it in double quotes.
    my_module/module.json:10:33: error: Wrong type: capabilities.dashboard [wrong-type]
      found: a string
      expected: true or false
      help: Remove the quotes.
    my_module/module.json:10:41: warning: Unknown field: capabilities.websockets [unknown-field]
      help: Did you mean "websocket"?
    my_module/module.json:10:62: error: JSON allows no comments [comment]
      found: a comment
      expected: JSON only
      help: Delete the comment. If it came with the documentation's example: that line only names the file.
    my_module/module.json:11:11: error: Wrong type: tags [wrong-type]
      found: a string
      expected: an array of strings
      help: Put it in square brackets.
    my_module/module.json:11:18: error: JSON allows no comma after the last entry [trailing-comma]
      found: a comma with nothing after it
      expected: "}" right after the last entry
      help: Delete this comma.
    "#);
}

#[test]
fn wrong_types() {
    insta::assert_snapshot!(check(with("\"1.0.0\"", "1.0")), @r#"
    my_module/module.json:4:14: error: Wrong type: version [wrong-type]
      found: a number
      expected: a string
      help: Put it in double quotes.
    "#);
    insta::assert_snapshot!(check(with("\"My Module\"", "null")), @r#"
    my_module/module.json:3:18: error: Wrong type: displayName [wrong-type]
      found: null
      expected: a string
      help: Write a string instead.
    "#);
    insta::assert_snapshot!(check(and(r#""dependencies": ["requests"], "capabilities": [], "requires_network": 1"#)), @r#"
    my_module/module.json:12:17: error: Wrong type: dependencies [wrong-type]
      found: an array
      expected: an object
      help: Write an object instead.
    my_module/module.json:12:47: error: Wrong type: capabilities [wrong-type]
      found: an array
      expected: an object
      help: Write an object instead.
    my_module/module.json:12:71: error: Wrong type: requires_network [wrong-type]
      found: a number
      expected: true or false
      help: Write true or false instead.
    "#);
    insta::assert_snapshot!(check(and(r#""dependencies": {"python": {"vdf": 3}, "python_platform": {"linux": "wmi"}, "system": [{}]}"#)), @r#"
    my_module/module.json:12:36: error: Wrong type: dependencies.python.vdf [wrong-type]
      found: a number
      expected: a string
      help: Put it in double quotes.
    my_module/module.json:12:69: error: Wrong type: dependencies.python_platform.linux [wrong-type]
      found: a string
      expected: an array of strings
      help: Put it in square brackets.
    my_module/module.json:12:88: error: Wrong type: dependencies.system[0] [wrong-type]
      found: an object
      expected: a string
      help: Write a string instead.
    "#);
    insta::assert_snapshot!(check("[1]"), @r#"
    my_module/module.json:1:1: error: A manifest is an object [wrong-type]
      found: an array
      expected: an object: { … }
      help: Start from the minimal example of its reference.
    "#);
}

#[test]
fn names() {
    insta::assert_snapshot!(check(with("\"my_module\"", "\"My-Module\"")), @r#"
    my_module/module.json:2:11: error: Invalid module name [invalid-name]
      found: "My-Module"
      expected: lowercase letters, digits and underscores, starting with a letter
      help: Write "my_module", as the folder is named.
    "#);
    insta::assert_snapshot!(check(with("\"my_module\"", "\"other\"")), @r#"
    my_module/module.json:2:11: error: Module name mismatch [name-mismatch]
      found: "other"
      expected: "my_module", as the folder is named
      help: Write "my_module" here, or rename the folder to "other".
    "#);
    insta::assert_snapshot!(described(&folder("my-module", MINIMAL)), @r#"
    my-module/module.json:2:11: error: Module name mismatch [name-mismatch]
      found: "my_module"
      expected: "my-module", as the folder is named
      help: Rename the folder to "my_module".
    "#);
    insta::assert_snapshot!(described(&folder("2fast", MINIMAL.replace("my_module", "2fast"))), @r#"
    2fast/module.json:2:11: error: Invalid module name [invalid-name]
      found: "2fast"
      expected: lowercase letters, digits and underscores, starting with a letter
      help: Choose a name like "my_module", and name the folder so too; it is named "2fast".
    "#);
    assert_ne!(check(with("\"my_module\"", "\"\"")), "");
    assert_eq!(
        described(&folder("a1_", MINIMAL.replace("my_module", "a1_"))),
        ""
    );
}

#[test]
fn versions() {
    insta::assert_snapshot!(check(with("\"1.0.0\"", "\"v1.2\"")), @r#"
    my_module/module.json:4:14: error: Invalid version format [invalid-version]
      found: "v1.2"
      expected: a semantic version such as "1.0.0"
      help: Did you mean "1.2.0"?
    "#);
    insta::assert_snapshot!(check(with("\"1.0.0\"", "\"soon\"")), @r#"
    my_module/module.json:4:14: error: Invalid version format [invalid-version]
      found: "soon"
      expected: a semantic version such as "1.0.0"
      help: Write three numbers with dots: "1.0.0".
    "#);
    for good in ["0.0.1", "1.0.0-rc.1", "1.0.0+build"] {
        assert_eq!(check(with("1.0.0", good)), "", "{good}");
    }
    for bad in ["", "1", "01.0.0", "1.0.0.0", " 1.0.0"] {
        assert!(
            check(with("1.0.0", bad)).contains("error: Invalid version format"),
            "{bad}"
        );
    }
}

#[test]
fn platforms() {
    insta::assert_snapshot!(check(with("\"windows\"", "\"Windows\"")), @r#"
    my_module/module.json:11:26: error: Unknown platform [unknown-platform]
      found: "Windows"
      expected: linux, windows or darwin
      help: Did you mean "windows"?
    "#);
    insta::assert_snapshot!(check(with("\"windows\"", "\"beos\"")), @r#"
    my_module/module.json:11:26: error: Unknown platform [unknown-platform]
      found: "beos"
      expected: linux, windows or darwin
      help: Use linux, windows or darwin (macOS).
    "#);
    insta::assert_snapshot!(check(with(r#"["linux", "windows", "darwin"]"#, "[]")), @r#"
    my_module/module.json:11:16: warning: No platform [no-platform]
      found: an empty array
      expected: at least one of linux, windows, darwin
      help: List the platforms you have tested; without any, the module runs nowhere.
    "#);
    let repeated = clean("my_module", &with("\"windows\"", "\"linux\""));
    assert_eq!(repeated.platforms, [Platform::Linux, Platform::Darwin]);
}

#[test]
fn python_requirements() {
    insta::assert_snapshot!(check(and(r#""dependencies": {"python": {"vdf": "3.4", "not a name": ">=1"},
  "python_platform": {"windows": ["wmi>=", "-r x"], "macos": []}}"#)), @r#"
    my_module/module.json:12:36: error: Invalid version specifier [invalid-requirement]
      found: "3.4", which isn't a version specifier
      expected: a specifier such as ">=2.28.0", "^6.0", "~3.4" or "==1.2.3"
      help: Use >=, ^, ~ or ==; join several with commas: ">=1.2.3,<2.0".
    my_module/module.json:12:43: error: Invalid Python requirement [invalid-requirement]
      found: no valid package name at the start
      expected: a package name and a specifier, such as "requests" and ">=2.28.0"
      help: Write the package's name as PyPI has it.
    my_module/module.json:13:35: error: Invalid version specifier [invalid-requirement]
      found: ">=", which isn't a version specifier
      expected: a specifier such as ">=2.28.0", "^6.0", "~3.4" or "==1.2.3"
      help: Use >=, ^, ~ or ==; join several with commas: ">=1.2.3,<2.0".
    my_module/module.json:13:44: error: Invalid Python requirement [invalid-requirement]
      found: no valid package name at the start
      expected: a package name and a specifier, such as "requests" and ">=2.28.0"
      help: Write the package's name as PyPI has it.
    my_module/module.json:13:53: error: Unknown platform [unknown-platform]
      found: "macos"
      expected: linux, windows or darwin
      help: Did you mean "darwin"?
    "#);
}

#[test]
fn unknown_fields_at_every_level() {
    insta::assert_snapshot!(check(and(r#""display_name": "x", "dependencies": {"phyton": {}, "npm": {}},
  "capabilities": {"detail_page": true}, "requiresNetwork": true, "zzz": 0"#)), @r#"
    my_module/module.json:12:1: warning: Unknown field: display_name [unknown-field]
      help: Did you mean "displayName"?
    my_module/module.json:12:39: warning: Unknown field: dependencies.phyton [unknown-field]
      help: Did you mean "python"?
    my_module/module.json:12:53: warning: Unknown field: dependencies.npm [unknown-field]
      help: Nothing reads it. Delete it.
    my_module/module.json:13:20: warning: Unknown field: capabilities.detail_page [unknown-field]
      help: Did you mean "detailPage"?
    my_module/module.json:13:42: warning: Unknown field: requiresNetwork [unknown-field]
      help: Did you mean "requires_network"?
    my_module/module.json:13:67: warning: Unknown field: zzz [unknown-field]
      help: Nothing reads it. Delete it.
    "#);
    assert_eq!(
        check(and(
            r#""$schema": "https://example.org/module.schema.json""#
        )),
        ""
    );
}

#[test]
fn links() {
    insta::assert_snapshot!(check(and(r#""homepage": "javascript:alert(1)", "repository": "github.com/x/y""#)), @r#"
    my_module/module.json:12:13: warning: Invalid link: homepage [invalid-link]
      found: "javascript:alert(1)"
      expected: a link that starts with https:// or http://
      help: Write the whole link. Until then it isn't shown.
    my_module/module.json:12:50: warning: Invalid link: repository [invalid-link]
      found: "github.com/x/y"
      expected: a link that starts with https:// or http://
      help: Write the whole link. Until then it isn't shown.
    "#);
    let (manifest, _) = read_module(
        &folder("my_module", and(r#""homepage": "javascript:alert(1)""#)),
        Source::Community,
    );
    assert_eq!(manifest.unwrap().homepage, None);
    for bad in ["https://", "https:///x", "https://x y", "ftp://x"] {
        assert!(
            check(and(&format!(r#""homepage": "{bad}""#))).contains("Invalid link: homepage"),
            "{bad}"
        );
    }
    assert_eq!(check(and(r#""homepage": "HTTP://example.org""#)), "");
}

#[test]
fn icons() {
    insta::assert_snapshot!(check(with("Wrench", "Wrenhc")), @r#"
    my_module/module.json:7:11: warning: Unknown icon [unknown-icon]
      found: "Wrenhc"
      expected: the name of a Lucide icon
      help: Did you mean "wrench"? Until then a neutral fallback icon will be shown.
    "#);
    insta::assert_snapshot!(check(with("Wrench", "no such icon at all")), @r#"
    my_module/module.json:7:11: warning: Unknown icon [unknown-icon]
      found: "no such icon at all"
      expected: the name of a Lucide icon
      help: The names are listed at lucide.dev/icons. Until then a neutral fallback icon will be shown.
    "#);
}

#[test]
fn duplicate_keys() {
    insta::assert_snapshot!(check(and(r#""name": "x", "capabilities": {"settings": true, "settings": false}"#)), @r#"
    my_module/module.json:12:1: error: The key "name" stands twice [duplicate-key]
      found: a second one; the first one is on line 2, column 3
      expected: each key once in an object
      help: Delete one of the two.
    my_module/module.json:12:49: error: The key "settings" stands twice [duplicate-key]
      found: a second one; the first one is on line 12, column 31
      expected: each key once in an object
      help: Delete one of the two.
    "#);
}

#[test]
fn trailing_commas_and_comments() {
    insta::assert_snapshot!(check(with(r#""darwin"]"#, "\"darwin\", /* all */],")), @r#"
    my_module/module.json:11:45: error: JSON allows no comma after the last entry [trailing-comma]
      found: a comma with nothing after it
      expected: "]" right after the last entry
      help: Delete this comma.
    my_module/module.json:11:47: error: JSON allows no comments [comment]
      found: a comment
      expected: JSON only
      help: Delete the comment. If it came with the documentation's example: that line only names the file.
    my_module/module.json:11:57: error: JSON allows no comma after the last entry [trailing-comma]
      found: a comma with nothing after it
      expected: "}" right after the last entry
      help: Delete this comma.
    "#);
}

#[test]
fn text_that_is_not_json() {
    insta::assert_snapshot!(check(""), @r#"
    my_module/module.json:1:1: error: The file holds no JSON [syntax]
      found: the end of the file
      expected: an object: { … }
      help: Start from the minimal example of its reference.
    "#);
    insta::assert_snapshot!(check("  \n"), @r#"
    my_module/module.json:2:1: error: The file holds no JSON [syntax]
      found: the end of the file
      expected: an object: { … }
      help: Start from the minimal example of its reference.
    "#);
    insta::assert_snapshot!(check("{\n  \"name\": \"x\"\n"), @r#"
    my_module/module.json:1:1: error: An object is never closed [syntax]
      found: a { without its }
      expected: }
      help: Add the missing }.
    "#);
    insta::assert_snapshot!(check("{\"a\": 1\n \"b\": 2}"), @r#"
    my_module/module.json:1:8: error: A comma is missing [syntax]
      found: the start of another text
      expected: a comma between two entries
      help: Add a comma after the entry before this place.
    "#);
    insta::assert_snapshot!(check("{\"a\" 1}"), @r#"
    my_module/module.json:1:6: error: A colon is missing [syntax]
      found: "1"
      expected: a colon between a key and its value
      help: Write "key": value.
    "#);
    insta::assert_snapshot!(check("{\"a\":}"), @r#"
    my_module/module.json:1:6: error: A closing bracket in the wrong place [syntax]
      found: "}"
      expected: a value, or the bracket that closes what was opened last
      help: Look before this place for a missing value or a missing bracket.
    "#);
    insta::assert_snapshot!(check("{a: 1}"), @r#"
    my_module/module.json:1:2: error: Not a key [syntax]
      found: "a"
      expected: a key in double quotes, or }
      help: Keys stand in double quotes: "key": value.
    "#);
    insta::assert_snapshot!(check("{'a': 1}"), @r#"
    my_module/module.json:1:2: error: Single quotes [syntax]
      found: "'"
      expected: double quotes
      help: JSON puts keys and texts in double quotes: "text".
    "#);
    insta::assert_snapshot!(check("{\"a\": yes}"), @r#"
    my_module/module.json:1:7: error: Not a JSON value [syntax]
      found: "yes"
      expected: a text in double quotes, a number, true, false, null, an array or an object
      help: Put texts in double quotes, and look for a comma or bracket too many.
    "#);
    insta::assert_snapshot!(check("{\"a\": 0x10}"), @r#"
    my_module/module.json:1:7: error: Not a JSON number [syntax]
      found: "0"
      expected: a number such as 1, -2 or 0.5
      help: Correct the number, or put it in double quotes if it is a text such as a version.
    "#);
    insta::assert_snapshot!(check("{\"a\": \"C:\\dir\"}"), @r#"
    my_module/module.json:1:10: error: Not an escape JSON knows [syntax]
      found: "\\d"
      expected: one of \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits
      help: Write \\ for a backslash, as in Windows paths.
    "#);
    insta::assert_snapshot!(check("{\n  \"a\": \"x,\n  \"b\": 1\n}"), @r#"
    my_module/module.json:2:8: error: A string that isn't closed on its line [syntax]
      found: a line end inside a string
      expected: a closing double quote before the end of the line
      help: Add the missing quote, or write \n for a line end that is meant.
    "#);
    insta::assert_snapshot!(check("{\"a\": \"x}"), @r#"
    my_module/module.json:1:7: error: A string is never closed [syntax]
      found: a double quote without its partner
      expected: a closing double quote
      help: Add the missing quote.
    "#);
    insta::assert_snapshot!(check("{} {}"), @r#"
    my_module/module.json:1:4: error: Something follows the end of the JSON [syntax]
      found: "{"
      expected: the end of the file
      help: Delete what follows, or look for a } too many before this place.
    "#);
    insta::assert_snapshot!(check("{\"a\": [1"), @r#"
    my_module/module.json:1:7: error: An array is never closed [syntax]
      found: a [ without its ]
      expected: ]
      help: Add the missing ].
    "#);
    insta::assert_snapshot!(check("{\"a\": [1}"), @r#"
    my_module/module.json:1:9: error: A closing bracket in the wrong place [syntax]
      found: "}"
      expected: a value, or the bracket that closes what was opened last
      help: Look before this place for a missing value or a missing bracket.
    "#);
}

#[test]
fn invisible_characters() {
    insta::assert_snapshot!(check(with("\"My Module\"", "\u{a0}\"My\tModule\u{1}\"")), @r#"
    my_module/module.json:3:18: error: An invisible character that JSON doesn't allow [invisible-character]
      found: U+00A0
      expected: spaces, tabs and line ends only
      help: Delete it and type a plain space; such characters come from copying out of web pages and documents.
    my_module/module.json:3:22: error: A control character inside a string [invisible-character]
      found: U+0009
      expected: the escape \t
      help: Write \t, or delete it if it isn't meant.
    my_module/module.json:3:29: error: A control character inside a string [invisible-character]
      found: U+0001
      expected: the escape \u0001
      help: Write \u0001, or delete it if it isn't meant.
    "#);
}

#[test]
fn invisible_characters_after_the_end() {
    assert!(check(format!("{MINIMAL}\u{a0}")).contains("[invisible-character]"));
}

#[test]
fn deep_nesting_ends_well() {
    insta::assert_snapshot!(check("[".repeat(1_000_000)), @r#"
    my_module/module.json:1:33: error: Nested too deeply [too-deep]
      found: 33 arrays and objects inside each other
      expected: at most 32; a manifest needs four
      help: Look for brackets that are opened by mistake.
    "#);
    assert!(
        check(and(&format!("\"x\": {}{}", "[".repeat(31), "]".repeat(31))))
            .contains("Unknown field: x")
    );
    assert!(
        check(and(&format!("\"x\": {}{}", "[".repeat(32), "]".repeat(32))))
            .contains("Nested too deeply")
    );
}

#[test]
fn byte_order_mark_is_skipped_with_a_warning() {
    insta::assert_snapshot!(check(format!("\u{feff}{MINIMAL}")), @r#"
    my_module/module.json:1:1: warning: The file starts with a byte order mark [byte-order-mark]
      found: the invisible bytes EF BB BF before this character
      expected: UTF-8 without a byte order mark
      help: It was skipped. Save the file as "UTF-8" instead of "UTF-8 with BOM".
    "#);
}

#[test]
fn not_utf8() {
    insta::assert_snapshot!(check(b"{\n  \"author\": \"Andr\xe9\"\n}"), @r#"
    my_module/module.json:2:18: error: The file isn't UTF-8 [not-utf8]
      found: byte 0xE9 at offset 19
      expected: UTF-8
      help: Save the file as UTF-8.
    "#);
    insta::assert_snapshot!(check(b"\xff\xfe{\0}\0"), @r#"
    my_module/module.json:1:1: error: The file isn't UTF-8 [not-utf8]
      found: byte 0xFF at offset 0
      expected: UTF-8
      help: This looks like UTF-16. Save the file as UTF-8.
    "#);
}

#[test]
fn files_and_folders_that_are_not_there() {
    let unread = |failure| Folder {
        manifest: Err(failure),
        ..folder("my_module", "")
    };
    insta::assert_snapshot!(described(&Folder { has_init: false, ..unread(ReadFailure::NotFound) }), @r#"
    my_module: error: Missing module.json [missing-manifest]
      expected: a file module.json in this folder
      help: Add a module.json, or a desc.json if it sets something up, or move the folder elsewhere if it isn't a module.
    my_module: error: Missing __init__.py [missing-init]
      expected: a file __init__.py in this folder
      help: Add an __init__.py with the Module class.
    "#);
    let without_init = described(&Folder {
        has_init: false,
        ..folder("my_module", MINIMAL)
    });
    assert!(without_init.starts_with("my_module: error: Missing __init__.py"));
    insta::assert_snapshot!(described(&unread(ReadFailure::TooLarge { bytes: 1 << 21 })), @r#"
    my_module/module.json: error: The file is too large [too-large]
      found: 2097152 bytes
      expected: at most 1048576 bytes (1 MiB)
      help: A manifest describes a module; keep data in files beside it.
    "#);
    insta::assert_snapshot!(described(&unread(ReadFailure::Other("Permission denied (os error 13)".into()))), @r#"
    my_module/module.json: error: Can't be read [unreadable]
      found: Permission denied (os error 13)
      help: Give the user that Contara runs as the right to read it.
    "#);
    insta::assert_snapshot!(describe(&unreadable(Path::new("my_module"), "Permission denied (os error 13)")), @r#"
    my_module: error: Can't be read [unreadable]
      found: Permission denied (os error 13)
      help: Give the user that Contara runs as the right to read it.
    "#);
    let limit = usize::try_from(MAX_BYTES).unwrap();
    let padded = |size: usize| format!("{MINIMAL}{}", " ".repeat(size - MINIMAL.len()));
    assert_eq!(check(padded(limit)), "");
    assert!(check(padded(limit + 1)).contains("The file is too large"));
}

#[test]
fn another_module_of_the_same_name() {
    let other = folder("community/steam", COMPLETE);
    let problem = shadowed(
        &Folder {
            name: "steam".into(),
            ..other
        },
        Path::new("builtin/steam"),
        Source::Builtin,
    );
    insta::assert_snapshot!(describe(&problem), @r#"
    community/steam: error: Another module is named "steam" [shadowed-module]
      found: the builtin module in builtin/steam, which is loaded
      expected: a name that no other module has
      help: The builtin module in builtin/steam is loaded instead. Rename this folder and the name in its module.json, or remove one of the two.
    "#);
}

#[test]
fn a_flood_of_problems_is_cut_short() {
    let many: Vec<_> = (0..500).map(|n| format!("\"zz{n}\": 0")).collect();
    let (manifest, problems) = read_module(
        &folder("my_module", and(&many.join(","))),
        Source::Community,
    );
    assert!(manifest.is_some());
    assert_eq!(problems.len(), 101);
    insta::assert_snapshot!(describe(&problems[100]), @r#"
    my_module/module.json: warning: 400 more problems are not listed [more-problems]
      help: Put the listed ones right first; the rest is likely to follow from them.
    "#);
    let found_late = format!("\"capabilities\": {{{}}}, \"tags\": 7", many.join(","));
    assert!(check(and(&found_late)).contains("error: Wrong type: tags"));
}

#[test]
fn long_texts_are_cut() {
    let long = "x".repeat(10_000);
    let json = format!(
        r#"{{"name": "{long}", "version": "{long}", "icon": "{long}", "engine": {{"contaranas": "{long}"}},
            "platforms": ["{long}"], "{long}": 1, "{long}": 2, "homepage": "{long}",
            "dependencies": {{"python": {{"{long}": 1, "a": "^{long}"}}, "python_platform": {{"{long}": [1]}}}}}}"#
    );
    let (_, problems) = read_module(&folder("my_module", json), Source::Community);
    assert_eq!(problems.len(), 16);
    for problem in problems {
        assert!(describe(&problem).len() < 500, "{problem}");
    }
}

#[test]
fn problems_as_json() {
    let (_, problems) = read_module(
        &Folder {
            has_init: false,
            ..folder("my_module", with("1.0.0", "1"))
        },
        Source::Community,
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&problems).unwrap(), @r#"
    [
      {
        "severity": "error",
        "code": "invalid-version",
        "message": "Invalid version format",
        "file": "my_module/module.json",
        "line": 4,
        "column": 14,
        "found": "\"1\"",
        "expected": "a semantic version such as \"1.0.0\"",
        "help": "Did you mean \"1.0.0\"?"
      },
      {
        "severity": "error",
        "code": "missing-init",
        "message": "Missing __init__.py",
        "file": "my_module",
        "line": null,
        "column": null,
        "found": null,
        "expected": "a file __init__.py in this folder",
        "help": "Add an __init__.py with the Module class."
      }
    ]
    "#);
}

fn rendered(json: impl Into<Vec<u8>>) -> String {
    let (_, problems) = read_module(&folder("my_module", json), Source::Community);
    render(&problems, Colour::Never, Message::to_string)
}

#[test]
fn rendering() {
    insta::assert_snapshot!(rendered(with("\"1.0.0\"", "1.0").replace("Wrench", "Wrenhc")), @r#"
    error[wrong-type]

      x Wrong type: version
       ,-[my_module/module.json:4:14]
     3 |   "displayName": "My Module",
     4 |   "version": 1.0,
       :              ^^^
       :               `-- found a number, expected a string
     5 |   "author": "Your Name",
       `----
      help: Put it in double quotes.

    warning[unknown-icon]

      ! Unknown icon
       ,-[my_module/module.json:7:11]
     6 |   "description": "A brief description of what your module does",
     7 |   "icon": "Wrenhc",
       :           ^^^^^^^^
       :               `-- found "Wrenhc", expected the name of a Lucide icon
     8 |   "engine": {
       `----
      help: Did you mean "wrench"? Until then a neutral fallback icon will be shown.
    "#);
    insta::assert_snapshot!(render(&[unreadable(Path::new("my_module"), "Permission denied")], Colour::Never, Message::to_string), @r#"
    error[unreadable]

      x Can't be read
      | in my_module
      | found Permission denied
      help: Give the user that Contara runs as the right to read it.
    "#);
}

#[test]
fn rendering_tabs_wide_characters_and_control_characters() {
    let json = "{\n\t\"author\": \"漢字\",\t\"tags\": 7,\n  \"homepage\": \"\u{1b}[31m\u{202e}\"}";
    let (_, problems) = read_module(&folder("my_module", json), Source::Community);
    let about = |part: &str| -> Vec<_> {
        let about = problems
            .iter()
            .filter(|problem| problem.message.to_string().contains(part));
        about.cloned().collect()
    };
    insta::assert_snapshot!(render(&about("tags"), Colour::Never, Message::to_string), @r#"
    error[wrong-type]

      x Wrong type: tags
       ,-[my_module/module.json:2:26]
     1 | {
     2 |     "author": "漢字",   "tags": 7,
       :                                 ^
       :                                 `-- found a number, expected an array of strings
     3 |   "homepage": "?[31m�"}
       `----
      help: Write an array of strings instead.
    "#);
    insta::assert_snapshot!(render(&about("homepage"), Colour::Never, Message::to_string), @r#"
    warning[invalid-link]

      ! Invalid link: homepage
       ,-[my_module/module.json:3:15]
     2 |     "author": "漢字",   "tags": 7,
     3 |   "homepage": "?[31m�"}
       :               ^^^^^^^^
       :                   `-- found "\u{1b}[31m\u{202e}", expected a link that starts with https:// or http://
       `----
      help: Write the whole link. Until then it isn't shown.
    "#);
    let report = render(&problems, Colour::Never, Message::to_string);
    assert!(
        !report.contains(['\u{1b}', '\u{202e}']),
        "nothing that drives a terminal"
    );
}

#[test]
fn rendering_a_place_at_a_line_end() {
    insta::assert_snapshot!(rendered("{\"a\": 1\r\n \"b\": 2}"), @r#"
    error[syntax]

      x A comma is missing
       ,-[my_module/module.json:1:8]
     1 | {"a": 1
       :        ^
       :        `-- found the start of another text, expected a comma between two entries
     2 |  "b": 2}
       `----
      help: Add a comma after the entry before this place.
    "#);
    insta::assert_snapshot!(rendered("{\"a\":\n"), @r#"
    error[syntax]

      x A value is missing
      | in my_module/module.json:2:1
      | found the end of the file, expected a value after the colon
      help: Write the value, or delete the key.
    "#);
}

#[test]
fn rendering_a_line_too_long_to_show() {
    let json = MINIMAL
        .replace('\n', " ")
        .replace("Your Name", &"x".repeat(300))
        .replace("\"Wrench\"", "1");
    insta::assert_snapshot!(rendered(json), @r#"
    error[wrong-type]

      x Wrong type: icon
      | in my_module/module.json:1:469
      | found a number, expected a string
      help: Put it in double quotes.
    "#);
}

#[test]
fn rendering_an_empty_file() {
    insta::assert_snapshot!(rendered(""), @r#"
    error[syntax]

      x The file holds no JSON
      | in my_module/module.json:1:1
      | found the end of the file, expected an object: { … }
      help: Start from the minimal example of its reference.
    "#);
}

#[test]
fn colours_on_request() {
    let (_, problems) = read_module(&folder("my_module", "{"), Source::Community);
    assert!(render(&problems, Colour::Always, Message::to_string).contains('\u{1b}'));
    assert!(!render(&problems, Colour::Never, Message::to_string).contains('\u{1b}'));
}
