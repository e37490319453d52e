//! `kill -9` of the daemon in every step, and a start after it: what was done is known, what ran is interrupted and ended, and
//! *Retry* goes on there.

use std::fs;

use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, one, setup_folder, step, text, write_setup};
use crate::support::{eventually, lives};

/// The notes of a log.
async fn notes(machine: &Machine, id: u64) -> String {
    let lines = machine.log(id).await;
    let notes = lines.iter().filter(|line| line["kind"] == "note");
    notes.map(|line| text(&line["text"]) + "\n").collect()
}

fn forget(machine: &Machine, probes: &[&str]) {
    for probe in probes {
        fs::remove_file(machine.data().join("probe").join(probe)).unwrap();
    }
}

#[tokio::test]
async fn while_a_script_runs() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    machine
        .answer(
            id,
            json!({"slow": {"word": "kept", "slowpasswd": "secret-word"}}),
        )
        .await;
    let script = machine.wait_for_pid("slow.pid").await;
    let child = machine.wait_for_pid("slow.child").await;
    eventually("its last line", || async {
        machine
            .output(id)
            .await
            .contains(&"Waiting.".to_owned())
            .then_some(())
    })
    .await;
    let before = machine.log(id).await;
    let machine = machine.kill_and_start().await;
    let interrupted = machine.until(id, "interrupted").await;
    assert_eq!(step(&interrupted, "configure"), "interrupted");
    assert_eq!(interrupted["modules"][0]["state"], "interrupted");
    for process in [script, child] {
        eventually("what the script started to end", || async {
            (!lives(process)).then_some(())
        })
        .await;
    }
    let after = machine.log(id).await;
    assert_eq!(after[..before.len()], before, "the log is complete");
    assert!(
        notes(&machine, id)
            .await
            .contains("Contara ended during this step")
    );
    assert_eq!(machine.module("slow").await["configured"], false);

    forget(&machine, &["slow.pid", "slow.child"]);
    machine.order(id, "retry").await;
    machine.until(id, "waiting").await;
    let form = &machine.forms(id).await[0];
    assert_eq!(one(&form["fields"], "name", "word")["value"], "kept");
    machine.answer(id, json!({"slow": {"word": "kept"}})).await;
    machine.wait_for_pid("slow.pid").await;
    machine.allow("slow.end");
    machine.until(id, "done").await;
    assert_eq!(machine.module("slow").await["configured"], true);
}

#[tokio::test]
async fn while_it_waits_for_answers() {
    let machine = Machine::start(&["slow", "talker"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    let machine = machine.kill_and_start().await;
    let waiting = machine.until(id, "waiting").await;
    assert_eq!(waiting["needs"], "answers");
    let (status, body) = machine.try_begin(&["slow"]).await;
    assert_eq!((status.as_u16(), &body["kind"]), (409, &json!("busy")));
    machine.run(&["talker"], Value::Null).await;
    machine.allow("slow.end");
    machine.answer(id, json!({"slow": {"word": "x"}})).await;
    machine.until(id, "done").await;
}

#[tokio::test]
async fn while_one_is_queued() {
    let machine = Machine::start(&["slow", "talker"]).await;
    let running = machine.begin(&["slow"]).await;
    machine.until(running, "waiting").await;
    machine
        .answer(running, json!({"slow": {"word": "x"}}))
        .await;
    machine.wait_for_pid("slow.child").await;
    let queued = machine.begin(&["talker"]).await;
    assert_eq!(machine.transaction(queued).await["state"], "queued");
    let machine = machine.kill_and_start().await;
    machine.until(running, "interrupted").await;
    machine.until(queued, "done").await;
    assert!(
        machine
            .output(queued)
            .await
            .contains(&"no newline at the end".to_owned())
    );
}

#[tokio::test]
async fn between_two_scripts_the_first_one_stays_done() {
    let data = setup_folder(&[]);
    write_setup(
        data.path(),
        "first",
        &json!({}),
        "",
        "echo ran >>../../probe/first\n",
    );
    let script =
        "echo $$ >../../probe/second\nuntil test -e ../../probe/may; do sleep 0.05; done\n";
    write_setup(
        data.path(),
        "second",
        &json!({"module": {"dependencies": ["first"]}}),
        "",
        script,
    );
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["second"]).await;
    machine.wait_for_pid("second").await;
    let machine = machine.kill_and_start().await;
    machine.until(id, "interrupted").await;
    assert_eq!(machine.module("first").await["configured"], true);
    machine.allow("may");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    assert_eq!(machine.probe("first"), "ran\n");
}

#[tokio::test]
async fn while_the_restart_of_the_machine_is_counted_down() {
    let machine = Machine::start(&["rebooting"]).await;
    let id = machine.run(&["rebooting"], Value::Null).await;
    let counting = machine.order(id, "reboot").await;
    assert_eq!(counting["reboot"]["state"], "at");
    let machine = machine.kill_and_start().await;
    let transaction = machine.until(id, "done").await;
    assert_eq!(transaction["reboot"]["state"], "needed", "it is called off");
    let log = machine.log(id).await;
    assert!(
        format!("{log:?}").contains("that was called off"),
        "{log:?}"
    );
    machine.order(id, "reboot").await;
}

#[tokio::test]
async fn after_everything_is_done_nothing_changes() {
    let machine = Machine::start(&["talker"]).await;
    let id = machine.run(&["talker"], Value::Null).await;
    let (before, log) = (machine.transaction(id).await, machine.log(id).await);
    let machine = machine.kill_and_start().await;
    assert_eq!(machine.transaction(id).await, before);
    assert_eq!(machine.log(id).await, log);
    assert_eq!(machine.module("talker").await["configured"], true);
}

/// Whenever it is killed, the lines that were shown are a beginning of the log, without a gap, and a retry ends well.
#[tokio::test]
async fn in_the_midst_of_many_lines() {
    let data = setup_folder(&[]);
    let script = "seq -f 'line %.0f' 1 30000\nuntil test -e ../../probe/may; do sleep 0.05; done\n";
    write_setup(data.path(), "prints", &json!({}), "", script);
    let mut machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["prints"]).await;
    for least in [1, 2_000, 15_000] {
        let shown = eventually("lines", || async {
            let lines = machine.transaction(id).await["lines"].as_u64().unwrap();
            (lines >= least).then_some(lines)
        })
        .await;
        machine = machine.kill_and_start().await;
        machine.until(id, "interrupted").await;
        let lines = machine.log(id).await;
        assert!(lines.len() as u64 > shown, "{} of {shown}", lines.len());
        let numbers = lines.iter().map(|line| line["number"].as_u64().unwrap());
        assert!(numbers.eq(1..=lines.len() as u64), "a gap");
        assert!(lines.iter().all(|line| line["open"] == false));
        machine.order(id, "retry").await;
    }
    machine.allow("may");
    machine.until(id, "done").await;
    let output = machine.output(id).await;
    assert_eq!(output.last().unwrap(), "line 30000");
}

#[tokio::test]
async fn an_orderly_stop_interrupts_too() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    machine.answer(id, json!({"slow": {"word": "x"}})).await;
    let script = machine.wait_for_pid("slow.pid").await;
    let child = machine.wait_for_pid("slow.child").await;
    let (status, log, data) = machine.daemon.stop();
    assert!(status.success(), "{log}");
    for process in [script, child] {
        assert!(!lives(process));
    }
    let machine = Machine::start_on(data, CONFIGURATION).await;
    machine.until(id, "interrupted").await;
}
