//! Laws of reading a module: nothing panics, what counts as JSON is what a strict parser accepts, a manifest is there
//! exactly when nothing is an error, and a valid one says what was written.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::path::PathBuf;

use contara_i18n::Message;
use contara_manifest::{
    Code, Colour, Folder, ModuleManifest, Problem, PythonRequirement, Severity, Source,
    read_module, render,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

const COMPLETE: &str = include_str!("data/complete.json");

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> (Option<ModuleManifest>, Vec<Problem>) {
    let folder = Folder {
        path: PathBuf::from(name),
        name: name.to_owned(),
        manifest: Ok(bytes.into()),
        has_init: true,
    };
    read_module(&folder, Source::Community)
}

/// Reads, renders, and holds the result to what is promised of every one.
fn check_promises(bytes: &[u8]) {
    let (manifest, problems) = read("steam", bytes);
    let has_error = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    assert_eq!(manifest.is_none(), has_error);
    assert!(!render(&problems, Colour::Never, Message::to_string).contains('\u{1b}'));
    render(&problems, Colour::Always, Message::to_string);
    // A lone carriage return ends a line too; of a pair, each is counted, which is too many and good enough.
    let line_ends = bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    for problem in &problems {
        assert!(
            problem
                .line
                .is_none_or(|line| (1..=line_ends + 1).contains(&line)),
            "{problem}"
        );
        assert!(problem.column.is_none_or(|column| column >= 1), "{problem}");
    }
}

/// Short texts of JSON's tokens and of what is nearly one. Exponents are negative: serde_json refuses a
/// number too large for a float, which is a matter of floats and not of JSON.
fn token_soup() -> impl Strategy<Value = String> {
    let tokens = vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\"",
        r#""\u00e9""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\x""#,
        "\"é\"",
        "\"",
        "'a'",
        "a",
        "1",
        "-0",
        "01",
        "1e-5",
        "1.",
        ".5",
        "+1",
        "-",
        "0x1",
        "NaN",
        "true",
        "tru",
        "null",
        "// c\n",
        "/* c */",
        "/*",
        " ",
        "\n",
        "\r",
        "\t",
        "\u{b}",
        "\u{a0}",
        "\u{feff}",
        "\"\n\"",
        "\"\t\"",
    ];
    prop::collection::vec(select(tokens), 0..9).prop_map(|tokens| tokens.concat())
}

fn says_not_json(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::Syntax
            | Code::Comment
            | Code::TrailingComma
            | Code::InvisibleCharacter
            | Code::TooDeep
    )
}

fn specifier() -> impl Strategy<Value = String> {
    let operator = select(vec!["^", "~", ">=", "<=", "==", "!=", "~=", "<", ">"]);
    let clause = (operator, 0..20u64, 0..20u64)
        .prop_map(|(operator, major, minor)| format!("{operator}{major}.{minor}"));
    prop::collection::vec(clause, 0..3).prop_map(|clauses| clauses.join(","))
}

fn dependencies() -> impl Strategy<Value = Value> {
    let package = "[A-Za-z]([A-Za-z0-9._-]{0,6}[a-z0-9])?";
    let python = prop::collection::hash_map(package, specifier(), 0..3);
    let requirement = (package, specifier()).prop_map(|(package, specifier)| package + &specifier);
    let requirements = prop::collection::vec(requirement, 0..3);
    let platforms = select(vec!["linux", "windows", "darwin"]);
    let python_platform = prop::collection::hash_map(platforms, requirements, 0..3);
    let system = prop::collection::vec(".*", 0..3);
    (python, python_platform, system).prop_map(|(python, python_platform, system)| {
        json!({"python": python, "python_platform": python_platform, "system": system})
    })
}

fn manifest() -> impl Strategy<Value = Value> {
    let texts = (
        ".*[a-z].*",
        ".*[a-z].*",
        ".*[a-z].*",
        select(vec!["Wrench", "gamepad-2", "HardDrive"]),
    );
    let version = select(vec!["0.0.0", "1.2.3", "10.20.30-rc.1+build.5"]);
    let engine = select(vec!["^0.1.0", ">=0.1 <3", "1.x || 2.x"]);
    let platforms = subsequence(vec!["linux", "windows", "darwin"], 1..=3).prop_shuffle();
    let links = prop::option::of("https?://[a-z]{1,9}(/[a-z]{0,9})?");
    let extras = (
        prop::option::of(".*"),
        prop::collection::vec(".*", 0..3),
        links,
        any::<[bool; 5]>(),
    );
    ("[a-z][a-z0-9_]{0,9}", texts, version, engine, platforms, dependencies(), extras).prop_map(
        |(name, (display, author, description, icon), version, engine, platforms, dependencies, extras)| {
            let (category, tags, link, [websocket, dashboard, detail_page, settings, network]) = extras;
            json!({
                "name": name, "displayName": display, "version": version, "author": author,
                "description": description, "icon": icon, "engine": {"contaranas": engine},
                "platforms": platforms, "dependencies": dependencies,
                "capabilities": {"websocket": websocket, "dashboard": dashboard, "detailPage": detail_page,
                                 "settings": settings},
                "category": category, "tags": tags, "homepage": link, "repository": link,
                "source": "community", "requires_network": network,
            })
        },
    )
}

/// The manifest written down again, with nothing left to defaults.
fn written(manifest: &ModuleManifest) -> Value {
    let pair = |it: &PythonRequirement| (it.name.clone(), Value::from(it.written.clone()));
    let python: serde_json::Map<_, _> = manifest.dependencies.python.iter().map(pair).collect();
    let text = |it: &PythonRequirement| format!("{}{}", it.name, it.written);
    let own = manifest.dependencies.python_platform.iter();
    let python_platform: serde_json::Map<_, _> = own
        .map(|(platform, list)| (platform.to_string(), list.iter().map(text).collect()))
        .collect();
    json!({
        "name": manifest.name, "displayName": manifest.display_name, "version": manifest.version.to_string(),
        "author": manifest.author, "description": manifest.description, "icon": manifest.icon,
        "engine": {"contaranas": manifest.engine.to_string()}, "platforms": manifest.platforms,
        "dependencies": {"python": python, "python_platform": python_platform,
                         "system": manifest.dependencies.system},
        "capabilities": {
            "websocket": manifest.capabilities.websocket, "dashboard": manifest.capabilities.dashboard,
            "detailPage": manifest.capabilities.detail_page, "settings": manifest.capabilities.settings,
        },
        "category": manifest.category, "tags": manifest.tags, "homepage": manifest.homepage,
        "repository": manifest.repository, "source": manifest.source,
        "requires_network": manifest.requires_network,
    })
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        check_promises(&bytes);
    }

    #[test]
    fn any_text(text in "\\PC{0,64}") {
        check_promises(text.as_bytes());
    }

    /// A good manifest with a piece cut out and something put in its place.
    #[test]
    fn any_damage(start in 0..COMPLETE.len(), length in 0..40usize, piece in prop::collection::vec(any::<u8>(), 0..8)) {
        let mut bytes = COMPLETE.as_bytes().to_vec();
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece);
        check_promises(&bytes);
    }

    /// Strict JSON is what serde_json takes; a byte order mark, which is skipped with a warning, aside.
    #[test]
    fn json_is_json(text in token_soup()) {
        check_promises(text.as_bytes());
        let ours = !read("steam", text.clone()).1.iter().any(says_not_json);
        let strict = serde_json::from_str::<Value>(text.strip_prefix('\u{feff}').unwrap_or(&text)).is_ok();
        prop_assert_eq!(ours, strict);
    }

    #[test]
    fn a_valid_manifest_says_what_was_written(value in manifest()) {
        let name = value["name"].as_str().unwrap();
        let (manifest, problems) = read(name, serde_json::to_string_pretty(&value).unwrap());
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!(written(&manifest.unwrap()), value);
    }
}
