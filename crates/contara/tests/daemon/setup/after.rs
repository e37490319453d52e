//! After the last module: the restart of the machine, behind a countdown that can be called off.

use reqwest::StatusCode;
use serde_json::Value;

use super::{CONFIGURATION, Machine, setup_folder, step};
use crate::support::eventually;

const COUNTDOWN: &str = "reboot_seconds = 600";

/// A machine whose restart leaves a file instead, after so long a countdown.
async fn machine(seconds: u32) -> Machine {
    let data = setup_folder(&["rebooting", "talker"]);
    let restarted = data.path().join("probe/restarted");
    let configuration = CONFIGURATION
        .replace("the-machine-was-started-again", restarted.to_str().unwrap())
        .replace(COUNTDOWN, &format!("reboot_seconds = {seconds}"));
    Machine::start_on(data, &configuration).await
}

impl Machine {
    fn was_restarted(&self) -> bool {
        self.data().join("probe/restarted").exists()
    }
}

#[tokio::test]
async fn a_restart_is_offered_confirmed_counted_down_and_ordered() {
    let machine = machine(1).await;
    let id = machine.run(&["rebooting"], Value::Null).await;
    let done = machine.transaction(id).await;
    assert_eq!(done["reboot"]["state"], "needed");
    assert_ne!(step(&done, "end"), "disabled");
    assert!(!machine.was_restarted(), "not before somebody confirms it");
    let counting = machine.order(id, "reboot").await;
    assert_eq!(counting["reboot"]["state"], "at", "{counting}");
    assert!(counting["reboot"]["at"].is_string(), "{counting}");
    eventually("the restart", || async {
        machine.was_restarted().then_some(())
    })
    .await;
    eventually("the transaction to know", || async {
        (machine.transaction(id).await["reboot"]["state"] == "ordered").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_restart_can_be_called_off() {
    let machine = machine(600).await;
    let id = machine.run(&["rebooting"], Value::Null).await;
    machine.order(id, "reboot").await;
    machine.order(id, "cancel").await;
    let transaction = machine.transaction(id).await;
    assert_eq!(transaction["reboot"]["state"], "needed", "{transaction}");
    assert_eq!(transaction["state"], "done", "{transaction}");
    assert!(!machine.was_restarted());
    assert_eq!(machine.module("rebooting").await["configured"], true);
}

#[tokio::test]
async fn who_needs_no_restart_gets_none() {
    let machine = machine(1).await;
    let id = machine.run(&["talker"], Value::Null).await;
    let (status, body) = machine.ask(id, "reboot").await;
    assert_eq!(status, StatusCode::CONFLICT, "{body}");
    let transaction = machine.transaction(id).await;
    assert_eq!(transaction["reboot"]["state"], "not_needed");
}
