//! What Contara itself says of setup, to each client in its own language: today, and of what is over also after a restart.

use reqwest::Method;
use serde_json::{Value, json};

use super::stream::watch;
use super::{Machine, one, send, text};
use crate::support::{Api, json as json_of};

const LANGUAGES: [&str; 3] = ["en", "de-AT,de;q=0.9", "fr"];

/// The same client, but it says that it reads these languages.
pub(super) fn reading(machine: &Machine, languages: &str) -> Api {
    machine.api.reading(languages)
}

async fn answer(reader: &Api, path: &str, body: &Value) -> Value {
    json_of(send(reader, path, body).await).await.1
}

async fn read(reader: &Api, path: &str) -> Value {
    reader.get(&format!("/api/setup/{path}")).await.1
}

/// What each of them is told at a path: what `of` finds in the answer.
async fn told(machine: &Machine, path: &str, of: impl Fn(&Value) -> String) -> [String; 3] {
    let mut all = Vec::new();
    for languages in LANGUAGES {
        all.push(of(&read(&reading(machine, languages), path).await));
    }
    all.try_into().unwrap()
}

fn step_text(answer: &Value, kind: &str) -> String {
    text(&one(&answer["steps"], "kind", kind)["text"])
}

/// The texts of what Contara says in a log.
fn notes(log: &Value) -> Vec<String> {
    let lines = log["lines"].as_array().unwrap().iter();
    let notes = lines.filter(|line| line["kind"] == "note");
    notes.map(|line| text(&line["text"])).collect()
}

#[tokio::test]
async fn a_plan_is_the_same_in_each_language() {
    let machine = Machine::start(&["wants_packages"]).await;
    let mut digests = Vec::new();
    let mut steps = Vec::new();
    let mut warnings = Vec::new();
    for languages in LANGUAGES {
        let reader = reading(&machine, languages);
        let plan = answer(
            &reader,
            "plans",
            &json!({"modules": ["wants_packages", "ghost"]}),
        )
        .await;
        digests.push(text(&plan["digest"]));
        steps.push(step_text(&plan, "packages"));
        let missing = one(&plan["warnings"], "kind", "not_there");
        warnings.push([text(&missing["message"]), text(&missing["help"])]);
    }
    assert!(digests.iter().all(|digest| *digest == digests[0]));
    assert_eq!(
        steps,
        [
            "Packages are left alone: no package manager is used here.",
            "Pakete bleiben, wie sie sind: Hier wird keine Paketverwaltung benutzt.",
            "Les paquets restent tels quels\u{202f}: aucun gestionnaire de paquets n’est utilisé ici.",
        ]
    );
    assert_eq!(
        warnings[1],
        [
            "Auf diesem Rechner gibt es kein Modul ghost, es wird ausgelassen.",
            "Ein Modul dieses Namens installieren oder prüfen, ob der Name stimmt.",
        ]
    );
}

#[tokio::test]
async fn a_refusal_is_told_in_the_language_of_whoever_is_refused() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    let german = reading(&machine, "de");
    let busy = answer(&german, "transactions", &json!({"modules": ["slow"]})).await;
    let detail = text(&busy["detail"]);
    assert!(
        detail.starts_with(&format!("slow gehört zu Lauf {id}, den ")),
        "{detail}"
    );
    assert_eq!(
        busy["help"],
        format!("Mit Lauf {id} weitermachen oder ihn abbrechen, dann diesen noch einmal beginnen.")
    );
    let nothing = answer(&german, "plans", &json!({"modules": []})).await;
    assert_eq!(nothing["detail"], "Es wurde kein Modul gewählt.");
    let unknown = read(&german, "transactions/99").await;
    assert_eq!(unknown["detail"], "Es gibt keinen Lauf 99");
    let changes = format!("transactions/{id}/changes");
    let undo = told(&machine, &changes, |changes| {
        text(&changes["undo"]["reason"])
    });
    assert_eq!(
        undo.await,
        [
            format!("slow is part of transaction {id}, which isn't finished"),
            format!("slow gehört zu Lauf {id}, der nicht zu Ende ist"),
            format!("slow fait partie de l’exécution {id}, qui n’est pas terminée"),
        ]
    );
}

/// What readers are told of a transaction that a failing script ended.
async fn check_failed(machine: &Machine, id: u64) {
    let path = format!("transactions/{id}");
    let configure = told(machine, &path, |found| step_text(found, "configure"));
    assert_eq!(
        configure.await,
        ["Runs 1 script.", "Führt 1 Skript aus.", "Exécute 1 script."]
    );
    let failures = told(machine, &path, |found| text(&found["failure"]["message"]));
    let failed = [
        "The script of failing failed: exit status 3",
        "Das Skript von failing ist fehlgeschlagen: Exit-Status 3",
        "Le script de failing a échoué\u{202f}: code de sortie 3",
    ];
    assert_eq!(failures.await, failed);
    let last = |log: &Value| notes(log).pop().unwrap();
    let log_path = format!("{path}/log");
    let log = told(machine, &log_path, last);
    assert_eq!(log.await, failed);
    for (languages, failed) in LANGUAGES.iter().zip(failed) {
        let reader = reading(machine, languages);
        let file = format!("/api/setup/{path}/log.txt");
        let whole = reader.send(Method::GET, &file).await.text().await.unwrap();
        assert!(whole.contains(&format!("[failing] {failed}\n")), "{whole}");
    }
}

#[tokio::test]
async fn a_run_that_is_over_is_read_in_each_language_also_after_a_restart() {
    let machine = Machine::start(&["failing"]).await;
    let id = machine.begin(&["failing"]).await;
    machine.until(id, "failed").await;
    check_failed(&machine, id).await;
    let machine = machine.kill_and_start().await;
    check_failed(&machine, id).await;
}

#[tokio::test]
async fn the_stream_speaks_the_language_that_is_asked_for() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    for (language, expected) in [
        (
            "de",
            "Fragt, was die Module wissen müssen, und führt 1 Skript aus.",
        ),
        (
            "fr-CA",
            "Demande ce que les modules ont besoin de savoir, puis exécute 1 script.",
        ),
        (
            "../..",
            "Asks what the modules need to know, and runs 1 script.",
        ),
    ] {
        let query = format!("&language={language}");
        let mut stream = machine.api.stream_by(&query).await;
        stream
            .send(watch(&json!({"transaction": id, "after": 0})))
            .await;
        let lines = stream.next_of("setup_lines").await;
        assert_eq!(lines["transaction"], id);
        assert!(is_in(&notes(&lines)[0], language), "{lines}");
        let shown = stream.next_of("setup").await;
        assert_eq!(step_text(&shown["transaction"], "configure"), expected);
    }
}

/// Whether the first note of a log is in this language.
fn is_in(note: &str, language: &str) -> bool {
    match language {
        "de" => note.contains("hat das begonnen"),
        "fr-CA" => note.contains("a commencé ceci"),
        _ => note.contains("began this"),
    }
}
