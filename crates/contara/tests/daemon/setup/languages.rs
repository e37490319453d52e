//! Translations: of manifests, of checks, and of scripts.

use std::fs;

use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, one, setup_folder};

async fn french() -> Machine {
    let configuration = format!("{CONFIGURATION}language = \"fr_FR\"\n");
    Machine::start_on(setup_folder(&["translated"]), &configuration).await
}

#[tokio::test]
async fn manifest_checks_and_script_speak_the_language() {
    let machine = french().await;
    let module = machine.module("translated").await;
    assert_eq!(module["name"], "Traduit");
    assert_eq!(
        module["description"],
        "Parle français si on le lui demande."
    );
    assert_eq!(module["category"]["name"], "Langues");
    let id = machine.begin(&["translated"]).await;
    machine.until(id, "waiting").await;
    let form = &machine.forms(id).await[0];
    let city = one(&form["fields"], "name", "city");
    assert_eq!(
        (&city["label"], &city["help"]),
        (&"Ville".into(), &"Où vous habitez".into())
    );
    let size = one(&form["fields"], "name", "size");
    assert_eq!(size["options"][1]["name"], "Grande");
    let untold = one(&form["fields"], "name", "untold");
    assert_eq!(untold["label"], "Without translation");
    assert_eq!(untold["help"], "", "no header of a catalogue");
    let errors = machine
        .errors(id, json!({"translated": {"city": "Atlantis", "size": "s"}}))
        .await;
    assert_eq!(errors["translated"]["city"], "Cette ville n'existe pas");
    machine
        .answer(id, json!({"translated": {"city": "Besançon", "size": "s"}}))
        .await;
    machine.until(id, "done").await;
    assert_eq!(
        machine.output(id).await,
        [
            "Bonjour du script",
            "Vous habitez à Besançon",
            "Nobody has translated this"
        ]
    );
    assert_eq!(
        machine.module("translated").await["links"][0]["name"],
        "Regarder"
    );
    let folder = machine
        .daemon
        .modules()
        .join("translated/locale/fr_FR/LC_MESSAGES");
    let files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|file| file.file_name())
        .collect();
    assert_eq!(
        files,
        ["translated.po"],
        "catalogues are compiled elsewhere"
    );
}

#[tokio::test]
async fn without_a_language_texts_are_as_written() {
    let machine = Machine::start(&["translated"]).await;
    assert_eq!(machine.module("translated").await["name"], "Translated");
    let id = machine
        .run(
            &["translated"],
            json!({"translated": {"city": "Lyon", "size": "s"}}),
        )
        .await;
    assert_eq!(
        machine.output(id).await,
        [
            "Hello from the script",
            "You live in Lyon",
            "Nobody has translated this"
        ]
    );
    assert_eq!(machine.transaction(id).await["failure"], Value::Null);
}
