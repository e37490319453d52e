//! The desc.json reference, statement by statement: what each key means, in its new and its old spelling, and what is
//! said about every way to get it wrong.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::path::{Path, PathBuf};

use contara_manifest::{
    FieldKind, FieldSpec, Folder, PackageFamily, Port, ReadFailure, SetupManifest, Severity,
    read_sections, read_setup,
};
use serde_json::{Value, json};

fn folder(manifest: impl Into<Vec<u8>>) -> Folder {
    Folder {
        path: PathBuf::from("dns"),
        name: "dns".to_owned(),
        manifest: Ok(manifest.into()),
        has_init: true,
    }
}

fn read(json: impl Into<Vec<u8>>) -> (Option<SetupManifest>, Vec<String>) {
    let (manifest, problems) = read_setup(&folder(json));
    let has_error = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    assert_eq!(manifest.is_none(), has_error);
    (manifest, problems.iter().map(ToString::to_string).collect())
}

/// The manifest of `{"slug": "dns", …}` with these keys, which has these problems, the file's name left out.
#[track_caller]
fn with(keys: &Value, problems: &[&str]) -> SetupManifest {
    let mut object = keys.clone();
    object["slug"] = json!("dns");
    let (manifest, found) = read(object.to_string());
    let found: Vec<_> = found.iter().map(|line| without_place(line)).collect();
    assert_eq!(found, problems, "{object}");
    manifest.unwrap()
}

fn without_place(line: &str) -> &str {
    let level = ["warning: ", "error: "];
    let start = level.iter().filter_map(|level| line.find(level)).min();
    &line[start.unwrap_or_default()..]
}

#[track_caller]
fn field(keys: &Value, problems: &[&str]) -> FieldSpec {
    let manifest = with(&json!({"config": [keys]}), problems);
    manifest.config.unwrap().remove(0)
}

#[test]
fn a_slug_is_all_that_is_needed() {
    let manifest = with(&json!({}), &[]);
    assert_eq!(
        (manifest.slug.as_str(), manifest.name.as_str()),
        ("dns", "dns")
    );
    assert!(manifest.is_standalone && !manifest.reboot);
    assert_eq!(manifest.section, "other");
    assert_eq!(
        (
            manifest.category.slug.as_str(),
            manifest.category.name.as_str()
        ),
        ("other", "Other")
    );
    assert_eq!(manifest.config, None);
    assert_eq!(manifest.url, None);
}

#[test]
fn every_key_is_read() {
    let manifest = with(
        &json!({
            "name": "DNS", "description": "Names *and* numbers.", "standalone": false,
            "categories": [{"slug": "net", "name": "Network", "icon": "x"}, {"slug": "b", "name": "B"}],
            "actions": [{"type": "link", "name": "Open", "value": "https://@HOSTNAME@/dns"}],
            "packages": [{"name": "all", "rpms": ["bind", "bind"], "debs": ["bind9"]},
                         {"name": "i686", "apks": ["bind"], "pacman": ["bind"]}],
            "repositories": [{"slug": "one", "name": "One", "url": "https://example.org/@ARCH@/", "options": "-k",
                              "restricted": true, "required": "no", "clean": "yes", "key": "keys/one.asc"}, {"slug": "two", "url": "u"}],
            "config": [{"type": "text", "name": "domain"}],
            "module": {"section": "core", "dependencies": ["a", "b"], "conflicts": ["c"], "reboot": "yes",
                       "path": "p", "file": "f", "file_sha1": "s"},
            "url": "https://example.org", "services": ["named.service"], "ports": [8080, "53/udp"],
            "files": ["/etc/named.conf"], "min_disk": "500 MB",
            "price": 0, "purshased": false, "can_download": true, "downloaded": true, "$schema": "s",
        }),
        &[],
    );
    assert_eq!(
        (manifest.name.as_str(), manifest.description.as_str()),
        ("DNS", "Names *and* numbers.")
    );
    assert!(!manifest.is_standalone && manifest.reboot);
    assert_eq!(
        (manifest.section.as_str(), manifest.category.name.as_str()),
        ("core", "Network")
    );
    assert_eq!(manifest.links[0].value, "https://@HOSTNAME@/dns");
    let packages: Vec<_> = manifest
        .packages
        .iter()
        .map(|set| (set.architecture.as_str(), set.family, set.names.len()))
        .collect();
    assert_eq!(
        packages,
        [
            ("all", PackageFamily::Rpm, 2),
            ("all", PackageFamily::Deb, 1),
            ("i686", PackageFamily::Apk, 1),
            ("i686", PackageFamily::Pacman, 1),
        ]
    );
    let [one, two] = &manifest.repositories[..] else {
        unreachable!()
    };
    assert!(one.is_restricted && one.clean && !two.is_restricted && !two.clean);
    assert_eq!((one.options.as_str(), two.name.as_str()), ("-k", "two"));
    assert_eq!(
        (one.key.as_deref(), &two.key),
        (Some("keys/one.asc"), &None)
    );
    assert_eq!(
        (manifest.dependencies, manifest.conflicts),
        (vec!["a".into(), "b".into()], vec!["c".into()])
    );
    assert_eq!(manifest.url.as_deref(), Some("https://example.org"));
    assert_eq!(
        manifest.ports,
        [
            Port {
                number: 8080,
                is_udp: false
            },
            Port {
                number: 53,
                is_udp: true
            }
        ]
    );
    assert_eq!(
        (manifest.services, manifest.files),
        (vec!["named.service".into()], vec!["/etc/named.conf".into()])
    );
    assert_eq!(manifest.min_disk, Some(500_000_000));
}

#[test]
fn old_spellings_win_with_a_warning() {
    let manifest = with(
        &json!({"desc": "old", "description": "new", "dependencies": ["a", "mds_smb"], "conflicts": [],
                "module": {"dependencies": ["a"], "conflicts": ["b"], "reboot": true}, "postinstall": {}}),
        &[
            "warning: Deprecated spelling: conflicts",
            "warning: Deprecated spelling: dependencies",
            "warning: Deprecated spelling: desc",
        ],
    );
    assert_eq!(manifest.description, "old");
    assert_eq!(manifest.dependencies, ["a", "mds_smb"]);
    assert!(
        manifest.conflicts.is_empty() && !manifest.reboot,
        "postinstall wins without saying anything"
    );
    let manifest = with(
        &json!({"desc": "", "description": "new", "postinstall": {"reboot": "yes"}, "conflict": ["x"]}),
        &[
            "warning: Nothing reads conflict; the key is called conflicts",
            "warning: Deprecated spelling: desc",
            "warning: Deprecated spelling: postinstall.reboot",
        ],
    );
    assert_eq!(manifest.description, "new", "an empty one doesn't win");
    assert!(manifest.reboot && manifest.conflicts.is_empty());
}

#[test]
fn the_new_spelling_is_named() {
    let (_, problems) = read_setup(&folder(r#"{"slug": "dns", "dependencies": ["a"]}"#));
    let help = problems[0].help.as_ref().unwrap().to_string();
    assert_eq!(
        help,
        "Move it to module.dependencies. As long as dependencies is there, it wins over module.dependencies."
    );
    assert_eq!((problems[0].line, problems[0].column), (Some(1), Some(33)));
}

#[test]
fn a_list_that_is_a_text_is_one_package() {
    let manifest = with(
        &json!({"packages": [{"name": "x86_64", "rpms": "lib64 sasl2"}]}),
        &["warning: A text instead of a list: packages[0].rpms"],
    );
    assert_eq!(manifest.packages[0].names, ["lib64 sasl2"]);
}

#[test]
fn the_32_bit_names_are_one_architecture() {
    for name in ["i386", "i586", "i686"] {
        let manifest = with(&json!({"packages": [{"name": name, "rpms": ["a"]}]}), &[]);
        let set = &manifest.packages[0];
        assert_eq!(set.architecture, name, "as written");
        assert!(
            set.is_for("i386") && set.is_for("i586") && set.is_for("i686") && !set.is_for("x86_64"),
            "{name}"
        );
    }
    let manifest = with(
        &json!({"packages": [{"rpms": ["a"]}, {"name": "amd64", "debs": ["a"]}]}),
        &[],
    );
    assert!(manifest.packages[0].is_for("riscv64"));
    assert!(manifest.packages[1].is_for("x86_64") && !manifest.packages[1].is_for("i686"));
}

#[test]
fn fields_keep_what_is_written_for_hooks() {
    let domain = field(
        &json!({"type": "text", "name": "domain", "label": "Domain", "help": "h", "require": "yes", "default": "get_domain",
               "validation": "fqdn", "multi": "yes", "hidden": "no", "show_if_unconfigured": "yes", "store": "yes",
               "edit_if_unconfigured": true, "size": "50"}),
        &[],
    );
    assert_eq!(domain.kind, FieldKind::Text);
    assert!(
        domain.require
            && domain.is_multi
            && domain.show_if_unconfigured
            && domain.store
            && domain.confirm
    );
    assert!(domain.edit_if_unconfigured && !domain.is_hidden);
    assert_eq!(
        (domain.default, domain.size),
        (Some(json!("get_domain")), Some(50))
    );
    assert_eq!(domain.validation.as_deref(), Some("fqdn"));
    assert_eq!(
        (&domain.raw["slug"], &domain.raw["multi"]),
        (&json!("dns"), &json!("yes"))
    );
    let password = field(
        &json!({"type": "password", "name": "p", "confirm": "no"}),
        &[],
    );
    assert!(!password.confirm);
    let network = field(
        &json!({"type": "network", "name": "n", "format": "long"}),
        &[],
    );
    assert!(network.is_long);
    assert!(
        !field(
            &json!({"type": "network", "name": "n", "format": "short"}),
            &[]
        )
        .is_long
    );
    assert_eq!(
        field(&json!({"type": "subtitle", "label": "b"}), &[]).name,
        None
    );
}

#[test]
fn doubtful_fields_are_told_and_used() {
    let network = field(
        &json!({"type": "network", "name": "n", "format": "cidr", "require": "please", "labl": "x", "size": "wide"}),
        &[
            "warning: Unknown format: config[0].format",
            "warning: Unknown field: config[0].labl",
            "warning: Neither yes nor no: config[0].require",
            "warning: Not a width: config[0].size",
        ],
    );
    assert!(network.require && !network.is_long);
    let manifest = with(
        &json!({"config": [{"type": "text", "name": "a"}, {"type": "check", "name": "a"}, {"type": "custom", "name": "a"}]}),
        &["warning: Two fields are called \"a\""],
    );
    assert_eq!(manifest.config.unwrap().len(), 3);
}

#[test]
fn what_can_be_done_without_is_only_told() {
    let manifest = with(
        &json!({
            "name": 3, "categories": "net", "url": "example.org", "services": 1, "ports": [0, 80], "min_disk": "much",
            "actions": [{"type": "button", "name": "a", "value": "http://a"}, {"type": "link", "name": "b", "value": "ftp://b"},
                        {"type": "link", "name": "c", "value": "http://c"}],
            "standalone": "off", "deps": [],
        }),
        &[
            "warning: Unknown type of action",
            "warning: Not a link: actions[1].value",
            "warning: Wrong type: categories",
            "warning: Unknown field: deps",
            "warning: Not a size: min_disk",
            "warning: Wrong type: name",
            "warning: Not a port: ports[0]",
            "warning: Wrong type: services",
            "warning: Not a link: url",
        ],
    );
    assert_eq!(
        (
            manifest.name.as_str(),
            manifest.links.len(),
            manifest.ports.len()
        ),
        ("dns", 1, 1)
    );
    assert!(!manifest.is_standalone && manifest.url.is_none() && manifest.min_disk.is_none());
    assert_eq!(
        with(&json!({"url": false, "module": null, "config": null}), &[]).url,
        None
    );
}

#[test]
fn what_leaves_nothing_sensible_is_an_error() {
    let check = |text: &str, expected: &[&str]| {
        let (manifest, problems) = read(text);
        assert_eq!(manifest, None, "{text}");
        assert_eq!(problems, expected, "{text}");
    };
    check(
        "{",
        &["dns/desc.json:1:1: error: An object is never closed"],
    );
    check("[]", &["dns/desc.json:1:1: error: A manifest is an object"]);
    check(
        "{}",
        &["dns/desc.json:1:1: error: Missing required field: slug"],
    );
    check(
        r#"{"slug": "../dns"}"#,
        &["dns/desc.json:1:10: error: Invalid slug"],
    );
    check(
        "{\"slug\": \"dns\",\n\"config\": [\n{\"type\": \"txt\", \"name\": 1},\n{\"type\": \"text\"}, 3,\n{\"type\": \"options\", \"name\": \"o\"}],\n\"packages\": [{\"debs\": [\"-o\"]}], \"module\": {\"dependencies\": [3]}}",
        &[
            "dns/desc.json:3:10: error: Unknown type of field",
            "dns/desc.json:3:25: error: Wrong type: config[0].name",
            "dns/desc.json:4:1: error: Missing required field: config[1].name",
            "dns/desc.json:4:19: error: Wrong type: config[2]",
            "dns/desc.json:5:1: error: Missing required field: config[3].options",
            "dns/desc.json:6:24: error: Not a package's name: packages[0].debs[0]",
            "dns/desc.json:6:61: error: Wrong type: module.dependencies[0]",
        ],
    );
}

#[test]
fn slips_of_the_finger_are_recognised() {
    let (_, problems) = read_setup(&folder(
        "{\"slug\": \"dns\", \"cofig\": [], \"config\": [{\"type\": \"txt\", \"name\": \"a\"}]}",
    ));
    let helps: Vec<_> = problems
        .iter()
        .filter_map(|problem| problem.help.as_ref().map(ToString::to_string))
        .collect();
    assert_eq!(
        helps,
        ["Did you mean \"config\"?", "Did you mean \"text\"?"]
    );
}

#[test]
fn another_slug_than_the_folder_is_a_warning() {
    let (manifest, problems) = read(r#"{"slug": "dhcp"}"#);
    assert_eq!(
        problems,
        ["dns/desc.json:1:10: warning: The slug isn't the folder's name"]
    );
    assert_eq!(manifest.unwrap().slug, "dhcp");
    let (manifest, problems) = read(r#"{"slug": "My-DNS"}"#);
    assert_eq!(problems[0], "dns/desc.json:1:10: warning: Unusual slug");
    assert!(manifest.is_some());
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    let (manifest, problems) = read("\u{FEFF}{\"slug\": \"dns\"}");
    assert!(manifest.is_some());
    assert_eq!(
        problems,
        ["dns/desc.json:1:1: warning: The file starts with a byte order mark"]
    );
}

#[test]
fn the_folder_has_to_be_whole() {
    let check = |folder: Folder, expected: &str| {
        let (manifest, problems) = read_setup(&folder);
        assert!(manifest.is_none());
        assert_eq!(problems[0].to_string(), expected);
    };
    let good = folder(r#"{"slug": "dns"}"#);
    check(
        Folder {
            has_init: false,
            ..good.clone()
        },
        "dns: error: Missing __init__.py",
    );
    let large = Err(ReadFailure::TooLarge { bytes: 2_000_000 });
    check(
        Folder {
            manifest: large,
            ..good.clone()
        },
        "dns/desc.json: error: The file is too large",
    );
    let locked = Err(ReadFailure::Other("permission denied".into()));
    check(
        Folder {
            manifest: locked,
            ..good
        },
        "dns/desc.json: error: Can't be read",
    );
}

/// The blocks of the reference that hold a manifest or sections.
fn examples(opening: &str) -> Vec<&'static str> {
    const REFERENCE: &str = include_str!("../../../docs/reference/desc.json.md");
    let blocks = REFERENCE.split(opening).skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

#[test]
fn the_examples_of_the_reference_are_fine() {
    let manifests = examples("```json\n");
    assert_eq!(manifests.len(), 2);
    for example in manifests {
        let slug: Value = serde_json::from_str(example).unwrap();
        let named = Folder {
            name: slug["slug"].as_str().unwrap().to_owned(),
            ..folder(example)
        };
        let (manifest, problems) = read_setup(&named);
        assert!(manifest.is_some() && problems.is_empty(), "{problems:?}");
    }
    for example in examples("```json sections.json\n") {
        let (sections, problems) = read_sections(Path::new("sections.json"), example.as_bytes());
        assert!(sections.len() == 3 && problems.is_empty(), "{problems:?}");
    }
}
