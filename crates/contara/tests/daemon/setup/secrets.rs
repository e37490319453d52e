//! A secret is answered, and then searched for everywhere it mustn't be.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, one, setup_folder, write_setup};
use crate::support::eventually;

const SECRET: &str = "Qz7wX'canary $word\"";
/// Also a piece of it is too much: what a script prints in two parts is shown in two parts.
const PIECES: [&str; 2] = ["Qz7wX", "canary"];

fn has_piece(bytes: &[u8]) -> bool {
    PIECES.iter().any(|piece| {
        bytes
            .windows(piece.len())
            .any(|window| window == piece.as_bytes())
    })
}

#[track_caller]
pub(super) fn assert_clean(what: &str, bytes: &[u8]) {
    assert!(
        !has_piece(bytes),
        "{what}: {}",
        String::from_utf8_lossy(bytes)
    );
}

/// The arguments and the environment of all processes.
pub(super) fn assert_processes_are_clean() {
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        for file in ["cmdline", "environ"] {
            let path = entry.path().join(file);
            // A process that has ended meanwhile has neither.
            let bytes = fs::read(&path).unwrap_or_default();
            assert_clean(path.to_str().unwrap(), &bytes);
        }
    }
}

/// All files of the data folder: the journal and what lies beside it.
pub(super) fn assert_files_are_clean(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            assert_files_are_clean(&path);
        } else if let Ok(bytes) = fs::read(&path) {
            assert_clean(path.to_str().unwrap(), &bytes);
        }
    }
}

async fn assert_answers_are_clean(machine: &Machine, id: u64, slug: &str) {
    for path in [
        String::new(),
        format!("/modules/{slug}"),
        "/transactions".to_owned(),
        format!("/transactions/{id}"),
        format!("/transactions/{id}/form"),
        format!("/transactions/{id}/log"),
        format!("/transactions/{id}/log.txt"),
        format!("/transactions/{id}/summary"),
        format!("/transactions/{id}/changes"),
    ] {
        let path = format!("/api/setup{path}");
        let response = machine.api.send(reqwest::Method::GET, &path).await;
        // A transaction that waits has no summary yet, and one that doesn't wait has no form.
        assert_ne!(response.status(), 404, "{path}");
        assert_clean(&path, &response.bytes().await.unwrap());
    }
}

fn answers(secret: &str, second: &str) -> Value {
    json!({"echoes_secret": {"who": "me", "echopasswd": secret, "echopasswd2": second}})
}

#[tokio::test]
async fn a_secret_is_nowhere_but_in_the_script() {
    let machine = Machine::start(&["echoes_secret"]).await;
    machine.allow("echoes_secret.fail");
    let mut stream = machine.api.stream().await;
    let id = machine.begin(&["echoes_secret"]).await;
    let watch = super::stream::watch(&json!({"transaction": id, "after": 0}));
    stream.send(watch).await;
    machine.until(id, "waiting").await;
    let (status, body) = machine.try_answer(id, answers(SECRET, "another")).await;
    assert_eq!(status, 422);
    assert_clean("the refusal", body.to_string().as_bytes());
    assert_answers_are_clean(&machine, id, "echoes_secret").await;
    let (_, body) = machine.try_answer(id, answers(SECRET, SECRET)).await;
    assert_clean("the answer", body.to_string().as_bytes());

    eventually("the script to have it", || async {
        assert_processes_are_clean();
        let length = machine.probe("echoes_secret.length");
        (!length.is_empty()).then_some(length)
    })
    .await;
    assert_eq!(
        machine.probe("echoes_secret.length").trim(),
        SECRET.chars().count().to_string(),
        "the script has the whole of it"
    );
    assert_processes_are_clean();
    assert_files_are_clean(machine.data());
    assert_answers_are_clean(&machine, id, "echoes_secret").await;

    machine.allow("echoes_secret.end");
    machine.until(id, "failed").await;
    let log = machine.log_text(id).await;
    assert!(log.contains("The password is ••••••."), "{log}");
    assert!(log.contains("in pieces: ••••••"), "{log}");
    assert!(log.contains("A child got something."), "{log}");
    loop {
        let frame = stream.next_of("setup_lines").await;
        assert_clean("the stream", frame.to_string().as_bytes());
        if frame.to_string().contains("exit")
            || frame["more"] == false && frame["next"].as_u64() >= Some(6)
        {
            break;
        }
    }

    // Retry shows the form again, without it.
    machine.order(id, "retry").await;
    machine.until(id, "waiting").await;
    let form = &machine.forms(id).await[0];
    assert_eq!(one(&form["fields"], "name", "echopasswd")["value"], "");
    assert_eq!(one(&form["fields"], "name", "who")["value"], "me");
    assert_answers_are_clean(&machine, id, "echoes_secret").await;
    assert_files_are_clean(machine.data());
    let (_, log, data) = machine.daemon.stop();
    assert_clean("the daemon's log", log.as_bytes());
    assert_files_are_clean(data.path());
}

#[tokio::test]
async fn a_secret_is_gone_also_after_a_kill() {
    let machine = Machine::start(&["echoes_secret"]).await;
    let id = machine.begin(&["echoes_secret"]).await;
    machine.until(id, "waiting").await;
    machine.answer(id, answers(SECRET, SECRET)).await;
    eventually("the script to have it", || async {
        (!machine.probe("echoes_secret.length").is_empty()).then_some(())
    })
    .await;
    let machine = machine.kill_and_start().await;
    machine.until(id, "interrupted").await;
    assert_files_are_clean(machine.data());
    assert_answers_are_clean(&machine, id, "echoes_secret").await;
    assert_clean("the daemon's log", machine.daemon.log().as_bytes());
}

/// A script may write its password where everybody can read it; nobody sees it there through Contara.
#[tokio::test]
async fn a_secret_in_a_changed_file_is_shown_to_nobody() {
    let data = setup_folder(&[]);
    let field = json!({"type": "password", "name": "word", "require": "yes", "confirm": "no"});
    let script = "umask 022; cd ../../etc || exit 1\nprintf 'password=%s\\n' \"$1\" >told\n\
        sed \"s/^/quoted /; s/[ ']/\\\\\\\\&/g\" told >quoted\nln -s \"to $1\" link\necho x >\"named $1\"\necho fine >plain\n";
    let python = "def get_config_info():\n    return ('run.sh', ['word'])\n";
    let more = json!({"config": [field]});
    write_setup(data.path(), "tells", &more, python, script);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine
        .run(&["tells"], json!({"tells": {"word": SECRET}}))
        .await;
    let told = fs::read_to_string(machine.data().join("etc/told")).unwrap();
    assert!(told.contains(SECRET), "{told}");
    let changes = machine.read(&format!("transactions/{id}/changes")).await;
    let files = changes["files"].as_array().unwrap();
    assert_eq!(files.len(), 4, "{changes:#}");
    for file in files {
        let path = format!("/api/setup/transactions/{id}/changes/{}", file["number"]);
        let response = machine.api.send(reqwest::Method::GET, &path).await;
        let bytes = response.bytes().await.unwrap();
        assert_clean(&path, &bytes);
        let is_plain = file["path"].as_str().unwrap().ends_with("plain");
        let diff: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(diff["diff"].is_string(), is_plain, "{diff}");
    }
    assert_answers_are_clean(&machine, id, "tells").await;
    let status = machine.contara(&["status", &id.to_string()]);
    assert_clean("the command line", status.text().as_bytes());
    let log = machine.log_text(id).await;
    assert!(
        log.contains("1 of the files that the script changed has a secret"),
        "{log}"
    );
    let (_, log, data) = machine.daemon.stop();
    assert_clean("the daemon's log", log.as_bytes());
    fs::remove_dir_all(data.path().join("etc")).unwrap();
    assert_files_are_clean(data.path());
}

/// What the module of the next test does with what it has in its configuration, at each occasion.
const KNOWS: &str = r#"
import logging, subprocess, sys, threading
from pathlib import Path

DATA = Path(__file__).parents[2]

def secret():
    word = (DATA / "word").read_text()
    print(word)
    print(word, file=sys.stderr)
    logging.error(word)
    subprocess.run(["echo", word])
    thread = threading.Thread(target=fail, args=[word])
    thread.start()
    thread.join()
    return word

def fail(word):
    raise ValueError(f"{word} isn't what it should be")

def check_configured():
    if (DATA / "probe/check").exists():
        fail(secret())
    return True

def get_current_config():
    if (DATA / "probe/current").exists():
        fail(secret())
    return {"word": secret()}

def get_more_config(fields):
    if (DATA / "probe/more").exists():
        fail(secret())
    return fields

def is_new(word):
    if (DATA / "probe/new").exists():
        fail(secret())
    return f"not {word}, and not {secret()}" if word == "old" else ""

def get_config_info():
    return ("run.sh", ["word"])
"#;

/// A machine with that module, all of whose functions fail of which `probe` has the name.
async fn machine_that_knows(failing: &[&str]) -> Machine {
    let data = setup_folder(&[]);
    let word = json!({"type": "password", "name": "word", "confirm": "no", "validation": "is_new"});
    let more = json!({
        "module": {"section": "management"},
        "config": [word, {"type": "custom", "name": "more"}],
    });
    let script = "echo \"it is $1\"; sed 's/^/it was /' ../../word\n";
    write_setup(data.path(), "knows", &more, KNOWS, script);
    fs::write(data.path().join("word"), SECRET).unwrap();
    let machine = Machine::start_on(data, CONFIGURATION).await;
    for name in failing {
        machine.allow(name);
    }
    machine
}

/// A secret that the machine has already, and that nobody has answered here.
#[tokio::test]
async fn what_fails_in_a_module_that_knows_a_secret_does_not_tell_it() {
    let machine = machine_that_knows(&["current", "more", "new"]).await;
    let (_, plan) = machine.try_plan(&["knows"]).await;
    assert_clean("the plan", plan.to_string().as_bytes());
    for arguments in [&["list"][..], &["plan", "knows"], &["status"]] {
        let told = machine.contara(arguments).ends(0).text();
        assert_clean(arguments[0], told.as_bytes());
    }
    let id = machine.begin(&["knows"]).await;
    machine.until(id, "waiting").await;
    let form = machine.forms(id).await.remove(0);
    assert_clean("the form", form.to_string().as_bytes());
    let problems = form["problems"].to_string();
    assert!(
        problems.contains("get_more_config() failed: ValueError in __init__.py"),
        "{problems}"
    );
    let errors = machine.errors(id, json!({"knows": {"word": "x"}})).await;
    assert_clean("the refusal", errors.to_string().as_bytes());
    assert!(errors.to_string().contains("is_new() failed: ValueError"));
    machine.allow("check");
    let overview = machine.overview().await;
    assert_clean("the overview", overview.to_string().as_bytes());
    assert!(
        overview
            .to_string()
            .contains("check_configured() failed: ValueError"),
        "{overview:#}"
    );
    machine.order(id, "cancel").await;
    assert_knowing_machine_is_clean(machine, id).await;
}

#[tokio::test]
async fn a_secret_that_was_there_before_is_told_to_the_script_alone() {
    let machine = machine_that_knows(&[]).await;
    let id = machine.begin(&["knows"]).await;
    machine.until(id, "waiting").await;
    let errors = machine
        .errors(id, json!({"knows": {"word": "old"}}))
        .await
        .to_string();
    assert_clean("the refusal", errors.as_bytes());
    assert!(errors.contains("and not ••••••"), "{errors}");
    machine
        .answer(id, json!({"knows": {"word": "new one"}}))
        .await;
    machine.until(id, "done").await;
    let log = machine.log_text(id).await;
    assert!(
        log.contains("it is ••••••") && log.contains("it was ••••••"),
        "{log}"
    );
    assert_knowing_machine_is_clean(machine, id).await;
}

async fn assert_knowing_machine_is_clean(machine: Machine, id: u64) {
    assert_answers_are_clean(&machine, id, "knows").await;
    let (_, log, data) = machine.daemon.stop();
    assert!(
        log.contains("what its functions print isn't logged"),
        "{log}"
    );
    assert_clean("the daemon's log", log.as_bytes());
    fs::remove_file(data.path().join("word")).unwrap();
    assert_files_are_clean(data.path());
}

/// The first of two modules is done when the second one fails and is tried again; what was answered for it is still known.
#[tokio::test]
async fn a_secret_of_a_module_that_is_done_stays_hidden_in_a_retry() {
    let data = setup_folder(&[]);
    let field = json!({"type": "password", "name": "word", "confirm": "no"});
    let first = "umask 077; printf '%s' \"$1\" >../../word\n";
    let python = "def get_config_info():\n    return ('run.sh', ['word'])\n";
    write_setup(
        data.path(),
        "first",
        &json!({"config": [field]}),
        python,
        first,
    );
    let second = "echo \"it is $(cat ../../word)\"; test -e ../../probe/go\n";
    let more = json!({"module": {"dependencies": ["first"]}});
    write_setup(data.path(), "second", &more, "", second);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["second"]).await;
    machine.until(id, "waiting").await;
    machine.answer(id, json!({"first": {"word": SECRET}})).await;
    machine.until(id, "failed").await;
    machine.allow("go");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    let log = machine.log_text(id).await;
    assert_eq!(log.matches("it is ••••••").count(), 2, "{log}");
    assert_answers_are_clean(&machine, id, "second").await;
}
