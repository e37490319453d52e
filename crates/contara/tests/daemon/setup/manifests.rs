//! What modules say of themselves, as the overview has it.

use std::fs;

use serde_json::{Value, json};

use super::{Machine, each, one, setup_folder, write_setup};
use crate::support::{copy, fixture};

#[tokio::test]
async fn modules_stand_in_their_sections_and_categories() {
    let machine = Machine::start(&["greeting", "resolver", "lan", "talker", "no_script"]).await;
    let overview = machine.overview().await;
    let sections = &overview["sections"];
    assert_eq!(each(sections, "slug"), ["core", "other", "management"]);
    assert_eq!(each(sections, "name"), ["Core", "Other", "Management"]);
    let modules = &overview["modules"];
    let of = |slug| one(modules, "slug", slug);
    assert_eq!(of("greeting")["name"], "Greeting");
    assert_eq!(of("greeting")["section"], "core");
    assert_eq!(
        of("greeting")["category"],
        json!({"slug": "words", "name": "Words"})
    );
    assert_eq!(of("greeting")["url"], "https://example.org/greeting");
    assert!(
        of("greeting")["description"]
            .as_str()
            .unwrap()
            .starts_with("Prints a greeting.\n")
    );
    assert_eq!(
        of("resolver")["category"]["slug"],
        "names",
        "only the first counts"
    );
    assert_eq!(of("lan")["section"], "management");
    assert_eq!(of("lan")["reboot"], true);
    assert_eq!(
        of("talker")["category"],
        json!({"slug": "other", "name": "Other"})
    );
    assert_eq!(of("no_script")["standalone"], false);
    assert_eq!(of("no_script")["section"], "other");
    assert_eq!(of("no_script")["has_form"], false);
    assert_eq!(
        machine.plan(&["greeting"]).await["modules"][0]["script"],
        "setup-greeting.sh"
    );
    assert_eq!(
        machine.plan(&["no_script"]).await["modules"][0]["script"],
        Value::Null
    );
    assert_eq!(of("greeting")["has_form"], true);
    for module in modules.as_array().unwrap() {
        assert_eq!(module["problems"], json!([]), "{module}");
        assert_eq!(module["usable"], true, "{module}");
        assert_eq!(module["configured"], false, "{module}");
        assert_eq!(module["can_configure"], true, "{module}");
        assert_eq!(
            module["links"],
            json!([]),
            "links are of configured modules: {module}"
        );
    }
}

#[tokio::test]
async fn deprecated_spellings_win() {
    let machine = Machine::start(&["old_spellings"]).await;
    let module = machine.module("old_spellings").await;
    assert_eq!(module["description"], "The deprecated description wins.");
    assert_eq!(module["standalone"], true);
    assert_eq!(module["dependencies"], json!(["greeting"]));
    assert_eq!(
        module["conflicts"],
        json!(["resolver"]),
        "`conflict` means nothing"
    );
    assert_eq!(module["reboot"], true);
    assert_eq!(module["section"], "nowhere_listed");
    let sections = &machine.overview().await["sections"];
    assert_eq!(
        one(sections, "slug", "nowhere_listed")["name"],
        "nowhere_listed"
    );
    machine.run(&["old_spellings"], Value::Null).await;
    let links = &machine.module("old_spellings").await["links"];
    assert_eq!(each(links, "name"), ["Shown"], "only links are known");
}

#[tokio::test]
async fn without_a_list_of_sections_there_are_three() {
    let data = setup_folder(&["greeting"]);
    fs::remove_file(data.path().join("modules/sections.json")).unwrap();
    let machine = Machine::start_on(data, super::CONFIGURATION).await;
    let sections = &machine.overview().await["sections"];
    assert_eq!(each(sections, "slug"), ["core", "other", "management"]);
}

#[tokio::test]
async fn a_bad_manifest_is_said_and_harms_no_other() {
    let data = setup_folder(&["greeting"]);
    for (slug, text) in [
        ("torn", "{\"slug\": \"torn\", "),
        ("listed", "[]"),
        ("nameless", "{}"),
    ] {
        write_setup(data.path(), slug, &json!({}), "", "");
        fs::write(data.path().join(format!("modules/{slug}/desc.json")), text).unwrap();
    }
    write_setup(data.path(), "marked", &json!({}), "", "");
    let manifest = data.path().join("modules/marked/desc.json");
    fs::write(&manifest, "\u{feff}{\"slug\": \"marked\", \"name\": \"M\"}").unwrap();
    write_setup(data.path(), "folder", &json!({"slug": "another"}), "", "");
    let machine = Machine::start_on(data, super::CONFIGURATION).await;
    let modules = &machine.overview().await["modules"];
    assert_eq!(one(modules, "slug", "greeting")["problems"], json!([]));
    assert_eq!(
        one(modules, "slug", "marked")["name"],
        "M",
        "a mark at the beginning is no mistake"
    );
    let another = one(modules, "slug", "another");
    assert_eq!(another["usable"], true, "{another}");
    assert!(
        another["problems"].to_string().contains("folder"),
        "{another}"
    );
    for slug in ["torn", "listed", "nameless"] {
        let module = one(modules, "slug", slug);
        assert_eq!(module["usable"], false, "{module}");
        assert!(
            module["problems"].to_string().contains("desc.json"),
            "{module}"
        );
    }
}

#[tokio::test]
async fn a_folder_with_both_manifests_is_one_module() {
    let data = setup_folder(&[]);
    copy(
        &fixture("my_module"),
        &data.path().join("modules/my_module"),
    );
    let manifest = data.path().join("modules/my_module/desc.json");
    fs::write(&manifest, r#"{"slug": "my_module", "name": "Mine"}"#).unwrap();
    let machine = Machine::start_on(data, super::CONFIGURATION).await;
    assert_eq!(machine.module("my_module").await["usable"], true);
    machine.api.enable("my_module").await;
    machine.api.wait_for_life("my_module", "running").await;
    machine.run(&["my_module"], Value::Null).await;
    assert_eq!(machine.module("my_module").await["configured"], true);
}

#[tokio::test]
async fn links_come_with_the_configuration_and_lead_to_this_machine() {
    let machine = Machine::start(&["mailer", "resolver"]).await;
    let answers = json!({"resolver": {"zone": "example.com"}, "mailer": {"protocols": "imaps imap", "inside": "on"}});
    machine.run(&["mailer"], answers).await;
    let module = machine.module("mailer").await;
    let expected = json!([
        {"name": "Webmail", "href": "http://127.0.0.1/mail/"},
        {"name": "Administration", "href": "https://127.0.0.1:8443/admin"},
    ]);
    assert_eq!(module["links"], expected, "the daemon's own port is cut");
}
