//! Failure, cancel, and trying again.

use std::fs;

use serde_json::json;

use super::{
    CONFIGURATION, Machine, each, one, setup_folder, step, text, write_plain, write_setup,
};
use crate::support::{eventually, lives};

#[tokio::test]
async fn a_failure_names_step_command_exit_and_last_lines() {
    let machine = Machine::start(&["failing"]).await;
    let id = machine.begin(&["failing"]).await;
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(
        (&failure["step"], &failure["module"]),
        (&"configure".into(), &"failing".into())
    );
    assert!(text(&failure["command"]).contains("fail.sh"), "{failure}");
    assert!(text(&failure["exit"]).contains('3'), "{failure}");
    assert_eq!(
        failure["last_lines"],
        json!(["Trying", "It can't be done."])
    );
    assert_eq!(step(&failed, "configure"), "failed");
    assert_eq!(failed["modules"][0]["state"], "failed");
    assert_eq!(machine.module("failing").await["configured"], false);
    let summary = machine.summary(id).await;
    assert_eq!(
        each(&summary["modules"][0]["errors"], "text"),
        ["It can't be done."]
    );
}

#[tokio::test]
async fn a_retry_keeps_the_answers_but_for_secrets() {
    let machine = Machine::start(&["fails_once"]).await;
    let id = machine.begin(&["fails_once"]).await;
    machine.until(id, "waiting").await;
    let answers = json!({
        "word": "mine", "oncepasswd": "12345", "oncepasswd2": "12345",
        "nets": [{"ip": "10.0.0.0", "mask": "255.0.0.0"}]
    });
    machine.answer(id, json!({"fails_once": answers})).await;
    machine.until(id, "failed").await;
    machine.order(id, "retry").await;
    machine.until(id, "waiting").await;
    let form = &machine.forms(id).await[0];
    let value = |name: &str| one(&form["fields"], "name", name)["value"].clone();
    assert_eq!(value("word"), "mine");
    assert_eq!(
        value("nets"),
        json!([{"ip": "10.0.0.0", "mask": "255.0.0.0"}])
    );
    assert_eq!(value("oncepasswd"), "");
    assert_eq!(one(&form["fields"], "name", "oncepasswd")["is_set"], false);
    machine.allow("fails_once.may");
    let answers = json!({"word": "mine", "oncepasswd": "123456", "oncepasswd2": "123456"});
    machine.answer(id, json!({"fails_once": answers})).await;
    machine.until(id, "done").await;
    assert_eq!(machine.probe("fails_once"), "mine 5 10.0.0.0/8\nmine 6 \n");
    assert_eq!(machine.module("fails_once").await["configured"], true);
}

#[tokio::test]
async fn after_a_failure_later_modules_do_not_start_and_earlier_ones_are_not_run_again() {
    let data = setup_folder(&[]);
    write_setup(
        data.path(),
        "first",
        &json!({}),
        "",
        "echo ran >>../../probe/first\n",
    );
    let script = "test -e ../../probe/may\n";
    write_setup(
        data.path(),
        "second",
        &json!({"module": {"dependencies": ["first"]}}),
        "",
        script,
    );
    write_plain(data.path(), "third", &["second"]);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["third"]).await;
    let failed = machine.until(id, "failed").await;
    assert_eq!(
        each(&failed["modules"], "slug"),
        ["first", "second", "third"]
    );
    assert_eq!(
        each(&failed["modules"], "state"),
        ["done", "failed", "todo"]
    );
    assert_eq!(machine.module("first").await["configured"], true);
    machine.allow("may");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    assert_eq!(machine.probe("first"), "ran\n");
    assert_eq!(machine.module("third").await["configured"], true);
}

#[tokio::test]
async fn cancel_ends_everything_that_the_script_has_started() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    machine.answer(id, json!({"slow": {"word": "kept"}})).await;
    let script = machine.wait_for_pid("slow.pid").await;
    let child = machine.wait_for_pid("slow.child").await;
    machine.order(id, "cancel").await;
    let cancelled = machine.until(id, "cancelled").await;
    for process in [script, child] {
        eventually("the process to end", || async {
            (!lives(process)).then_some(())
        })
        .await;
    }
    assert_eq!(step(&cancelled, "configure"), "cancelled");
    assert_eq!(machine.module("slow").await["configured"], false);
    for probe in ["slow.pid", "slow.child"] {
        fs::remove_file(machine.data().join("probe").join(probe)).unwrap();
    }
    machine.order(id, "retry").await;
    machine.until(id, "waiting").await;
    let form = &machine.forms(id).await[0];
    assert_eq!(one(&form["fields"], "name", "word")["value"], "kept");
    machine.allow("slow.end");
    machine.answer(id, json!({"slow": {"word": "kept"}})).await;
    machine.until(id, "done").await;
}

#[tokio::test]
async fn a_script_that_does_not_go_when_asked_is_killed() {
    let data = setup_folder(&[]);
    let script = "trap '' TERM\necho $$ >../../probe/stays\nwhile true; do sleep 0.1; done\n";
    write_setup(data.path(), "stays", &json!({}), "", script);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["stays"]).await;
    let process = machine.wait_for_pid("stays").await;
    machine.order(id, "cancel").await;
    machine.until(id, "cancelled").await;
    assert!(!lives(process));
}

#[tokio::test]
async fn what_was_done_before_a_cancel_is_said() {
    let data = setup_folder(&["slow"]);
    write_setup(data.path(), "before", &json!({}), "", "true\n");
    let path = data.path().join("modules/slow/desc.json");
    let manifest = fs::read_to_string(&path).unwrap();
    let depends = manifest.replace("\"section\"", "\"dependencies\": [\"before\"], \"section\"");
    fs::write(&path, depends).unwrap();
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    machine.answer(id, json!({"slow": {"word": "x"}})).await;
    machine.wait_for_pid("slow.child").await;
    machine.order(id, "cancel").await;
    let cancelled = machine.until(id, "cancelled").await;
    assert_eq!(each(&cancelled["modules"], "state"), ["done", "cancelled"]);
    let log = machine.log(id).await;
    let notes: Vec<_> = log
        .iter()
        .filter(|line| line["kind"] == "note")
        .map(|line| text(&line["text"]))
        .collect();
    assert!(notes.iter().any(|note| note.contains("ancel")), "{notes:?}");
}

#[tokio::test]
async fn what_another_one_has_done_since_is_not_overwritten() {
    let data = setup_folder(&[]);
    let field = json!({"type": "text", "name": "host"});
    let python = "def get_config_info():\n    return ('run.sh', ['host'])\n";
    let script = "echo \"$1\" >../../probe/host; test \"$1\" != bad\n";
    write_setup(
        data.path(),
        "it",
        &json!({"config": [field]}),
        python,
        script,
    );
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let first = machine.begin(&["it"]).await;
    machine.until(first, "waiting").await;
    machine.answer(first, json!({"it": {"host": "bad"}})).await;
    machine.until(first, "failed").await;
    let second = machine.run(&["it"], json!({"it": {"host": "good"}})).await;
    let (status, refused) = machine.ask(first, "retry").await;
    assert_eq!(
        (status.as_u16(), &refused["kind"]),
        (422, &"outdated".into())
    );
    let detail = refused["detail"].as_str().unwrap();
    assert!(
        detail.contains(&format!("Transaction {second} has configured it since")),
        "{detail}"
    );
    assert_eq!(machine.probe("host"), "good\n");
}
