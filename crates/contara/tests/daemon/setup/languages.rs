//! Translations: of manifests, of checks, of Python and of scripts, for each client in its own language.

use std::collections::BTreeSet;
use std::fs;

use reqwest::header::{CONTENT_LANGUAGE, VARY};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::sentences::reading;
use super::{CONFIGURATION, Machine, one, send, setup_folder};
use crate::support::{Api, json as json_of};

/// Whoever says no language is told in French.
async fn french(modules: &[&str]) -> Machine {
    let configuration = format!("{CONFIGURATION}language = \"fr_FR\"\n");
    Machine::start_on(setup_folder(modules), &configuration).await
}

#[tokio::test]
async fn manifest_checks_and_script_speak_the_language() {
    let machine = french(&["translated"]).await;
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
    let greeting = one(&form["fields"], "name", "greeting");
    assert_eq!(greeting["value"], "Bonne journée", "said in Python");
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

async fn begin(reader: &Api) -> u64 {
    let body = json!({"modules": ["translated"]});
    let (status, begun) = json_of(send(reader, "transactions", &body).await).await;
    assert_eq!(status, StatusCode::CREATED, "{begun}");
    begun["id"].as_u64().unwrap()
}

/// The header's values, and the name, category, city's label, size's second option and greeting of the module `translated`.
async fn told(reader: &Api, id: u64) -> [String; 7] {
    let shown = reader
        .send(Method::GET, "/api/setup/modules/translated")
        .await;
    let header = |name| shown.headers()[name].to_str().unwrap().to_owned();
    let (language, vary) = (header(CONTENT_LANGUAGE), header(VARY));
    let (_, module) = json_of(shown).await;
    let path = format!("/api/setup/transactions/{id}/form");
    let (_, forms) = reader.get(&path).await;
    let fields = &forms["forms"][0]["fields"];
    let field = |name| one(fields, "name", name);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    [
        language,
        vary,
        text(&module["name"]),
        text(&module["category"]["name"]),
        text(&field("city")["label"]),
        text(&field("size")["options"][1]["name"]),
        text(&field("greeting")["value"]),
    ]
}

#[tokio::test]
async fn each_client_is_told_in_its_own_language_at_the_same_time() {
    let machine = Machine::start(&["translated"]).await;
    let french = reading(&machine, "it;q=0.1, fr-CA, en;q=0.5");
    let german = reading(&machine, "de-AT,de;q=0.9,fr;q=0.8");
    let other = reading(&machine, "it");
    let id = begin(&french).await;
    machine.until(id, "waiting").await;
    for _ in 0..5 {
        let (french, german, other, silent) = tokio::join!(
            told(&french, id),
            told(&german, id),
            told(&other, id),
            told(&machine.api, id)
        );
        let written = ["Translated", "Languages", "City", "Large", "Good day"];
        let expected = ["Traduit", "Langues", "Ville", "Grande", "Bonne journée"];
        assert_eq!(french[..2], ["fr-FR", "Accept-Language"]);
        assert_eq!(french[2..], expected);
        assert_eq!(german[..2], ["de", "Accept-Language"]);
        let expected = ["Übersetzt", "Sprachen", "Stadt", "Groß", "Guten Tag"];
        assert_eq!(german[2..], expected);
        for as_written in [other, silent] {
            assert_eq!(as_written[..2], ["en", "Accept-Language"]);
            assert_eq!(as_written[2..], written);
        }
    }
    let (_, overview) = german.get("/api/setup").await;
    assert_eq!(overview["languages"], json!(["de", "fr-FR"]));
    assert_eq!(
        one(&overview["sections"], "slug", "other")["name"],
        "Weitere"
    );
    let body = json!({"modules": ["translated"]});
    let plan = send(&german, "plans", &body).await;
    assert_eq!(plan.headers()[CONTENT_LANGUAGE], "de");
    let (_, plan) = json_of(plan).await;
    assert_eq!(plan["modules"][0]["name"], "Übersetzt");
    assert_eq!(
        plan["digest"],
        machine.plan(&["translated"]).await["digest"]
    );
}

#[tokio::test]
async fn a_run_goes_on_in_the_language_that_it_was_begun_in() {
    let machine = Machine::start(&["translated"]).await;
    let id = begin(&reading(&machine, "fr")).await;
    machine.until(id, "waiting").await;
    let machine = machine.kill_and_start().await;
    let german = reading(&machine, "de");
    let path = format!("transactions/{id}/answers");
    let wrong = json!({"answers": {"translated": {"city": "Atlantis", "size": "xl"}}});
    let (_, refused) = json_of(send(&german, &path, &wrong).await).await;
    let errors = &refused["errors"]["translated"];
    assert_eq!(errors["city"], "Diese Stadt gibt es nicht");
    assert_eq!(errors["size"], "Das steht nicht zur Auswahl.");
    let right = json!({"answers": {"translated": {"city": "Besançon", "size": "l"}}});
    let (status, answered) = json_of(send(&german, &path, &right).await).await;
    assert_eq!(status, StatusCode::OK, "{answered}");
    let done = machine.until(id, "done").await;
    let printed = machine.output(id).await;
    assert_eq!(
        printed[..2],
        ["Bonjour du script", "Vous habitez à Besançon"]
    );
    let (_, shown) = german.get(&format!("/api/setup/transactions/{id}")).await;
    for whoever in [&shown, &done] {
        let module = &whoever["modules"][0];
        assert_eq!(module["name"], "Traduit");
        assert_eq!(module["links"][0]["name"], "Regarder");
    }
    let (_, module) = german.get("/api/setup/modules/translated").await;
    assert_eq!(module["links"][0]["name"], "Ansehen");
}

#[tokio::test]
async fn a_choice_is_the_same_whatever_it_was_called() {
    let configuration = format!("{CONFIGURATION}language = \"fr_FR\"\n");
    let data = setup_folder(&["translated"]);
    let desc = data.path().join("modules/translated/desc.json");
    let again = fs::read_to_string(&desc).unwrap();
    // Of this section modules can be configured again and again.
    let again = again.replace("\"section\": \"other\"", "\"section\": \"management\"");
    fs::write(&desc, again).unwrap();
    let machine = Machine::start_on(data, &configuration).await;
    for (reader, city) in [("en", "Lyon"), ("*", "Lyon"), ("de", "Ulm")] {
        let reader = reading(&machine, reader);
        let id = begin(&reader).await;
        machine.until(id, "waiting").await;
        let answers = json!({"answers": {"translated": {"city": city, "size": "l", "untold": ""}}});
        let path = format!("transactions/{id}/answers");
        assert_eq!(
            send(&reader, &path, &answers).await.status(),
            StatusCode::OK
        );
        machine.until(id, "done").await;
    }
    let runs = machine.module("translated").await["runs"].clone();
    let of = |run: usize| (&runs[run]["answers"]["size"], &runs[run]["changed"]);
    assert_eq!(of(2), (&json!("Large"), &json!([])));
    assert_eq!(of(1), (&json!("Grande"), &json!([])));
    assert_eq!(of(0), (&json!("Groß"), &json!(["city"])));
}

#[tokio::test]
async fn headers_that_make_no_sense_are_as_if_they_were_not_there() {
    let machine = french(&["translated"]).await;
    for nonsense in [";;;,,,", "fr;q=", "../../etc", "*", "x", "de;q=0", "\u{e9}"] {
        let reader = reading(&machine, nonsense);
        let (status, module) = reader.get("/api/setup/modules/translated").await;
        assert_eq!(status, StatusCode::OK, "{nonsense}");
        assert_eq!(module["name"], "Traduit", "{nonsense}");
    }
    let english = reading(&machine, "en-GB, fr;q=0.9");
    let (_, module) = english.get("/api/setup/modules/translated").await;
    assert_eq!(module["name"], "Translated");
}

#[tokio::test]
async fn the_command_line_speaks_the_language_of_its_environment() {
    let machine = Machine::start(&["translated"]).await;
    let german = [("LANG", "de_DE.UTF-8"), ("LC_MESSAGES", "")];
    let listed = machine.contara_with(&german, &["list"]).ends(0).stdout();
    assert!(listed.contains("Übersetzt"), "{listed}");
    let french = [("LANG", "de_DE.UTF-8"), ("LC_ALL", "fr_FR")];
    let listed = machine.contara_with(&french, &["list"]).ends(0).stdout();
    assert!(listed.contains("Traduit"), "{listed}");
    let listed = machine.contara(&["list"]).ends(0).stdout();
    assert!(listed.contains("Translated"), "{listed}");
}

/// What Contara itself says on a screen: neither a log, whose lines begin with the time, nor links.
fn own_lines(screen: &str) -> BTreeSet<&str> {
    let is_own = |line: &&str| {
        let is_log = line.starts_with(|first: char| first.is_ascii_digit() && line.contains(':'));
        !line.is_empty() && !is_log && !line.contains("http")
    };
    screen.lines().filter(is_own).collect()
}

#[tokio::test]
async fn a_screen_of_the_command_line_has_one_language() {
    // What nobody says is French here, so the command has to ask for English.
    let machine = french(&["greeting"]).await;
    let answers = json!({"greeting": {"whom": "Ada", "passwd": "geheim"}});
    machine.write("answers.json", &answers.to_string());
    let screens: [&[&str]; 9] = [
        &["plan", "greeting", "--reconfigure"],
        &[
            "configure",
            "greeting",
            "--yes",
            "--answers",
            "answers.json",
        ],
        &["configure", "greeting", "--yes"],
        &["list"],
        &["status"],
        &["status", "1"],
        &["undo", "1"],
        &["cancel"],
        &["plan", "nowhere"],
    ];
    let languages: [&[(&str, &str)]; 3] = [
        &[("LC_ALL", "C")],
        &[("LANG", "de_DE.UTF-8")],
        &[("LC_ALL", "fr_FR.UTF-8")],
    ];
    let [english, german, french] = languages
        .map(|variables| screens.map(|screen| machine.contara_with(variables, screen).text()));
    for (index, screen) in screens.iter().enumerate() {
        let english = own_lines(&english[index]);
        assert!(!english.is_empty(), "{screen:?}");
        for other in [&german, &french] {
            let same: Vec<_> = own_lines(&other[index])
                .intersection(&english)
                .copied()
                .collect();
            assert!(same.is_empty(), "{screen:?}: {same:?}");
        }
    }
    for (screens, heading, outcome) in [
        (english, "Modules:\n", "\nDone: greeting.\n"),
        (german, "Module:\n", "\nFertig: greeting.\n"),
        (
            french,
            "Modules\u{202f}:\n",
            "\nTerminé\u{202f}: greeting.\n",
        ),
    ] {
        assert!(screens[0].starts_with(heading), "{}", screens[0]);
        assert!(screens[1].starts_with(heading), "{}", screens[1]);
        assert!(screens[1].contains(outcome), "{}", screens[1]);
    }
}

#[tokio::test]
async fn who_is_asked_says_yes_and_no_in_their_own_language() {
    let machine = Machine::start(&["no_script"]).await;
    let install = ["install", "no_script"];
    let french = [("LC_ALL", "fr_FR.UTF-8")];
    let answers = [("Continuer\u{202f}? [o/N] ", "j"), ("[o/N] ", "non")];
    let refused = machine.contara_at_terminal_with(&french, &install, &answers);
    let told = refused.ends(1).text();
    assert!(told.contains("Répondez par o ou n."), "{told}");
    assert!(told.contains("Rien n’a été fait."), "{told}");
    let german = [("LANG", "de_DE.UTF-8")];
    let answers = [("Weitermachen? [j/N] ", "j")];
    let done = machine.contara_at_terminal_with(&german, &install, &answers);
    let told = done.ends(0).text();
    assert!(told.contains("Fertig: no_script."), "{told}");
}
