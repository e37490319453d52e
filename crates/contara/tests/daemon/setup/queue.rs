//! Two browsers at once: one wins, others wait, and all of them know.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Machine, text};
use crate::support::eventually;

#[tokio::test]
async fn of_two_that_begin_with_the_same_module_one_wins() {
    let machine = Machine::start(&["slow", "talker"]).await;
    let (one, other) = tokio::join!(
        machine.try_begin(&["slow"]),
        machine.try_begin(&["slow", "talker"])
    );
    let (won, lost) = if one.0 == StatusCode::CREATED {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!(won.0, StatusCode::CREATED, "{won:?}");
    assert_eq!(lost.0, StatusCode::CONFLICT, "{lost:?}");
    assert_eq!(lost.1["kind"], "busy");
    assert_eq!(lost.1["transaction"], won.1["id"]);
    assert!(text(&lost.1["detail"]).contains("slow"), "{lost:?}");
}

#[tokio::test]
async fn others_wait_for_their_turn_and_say_for_whom() {
    let machine = Machine::start(&["slow", "talker", "failing"]).await;
    let first = machine.begin(&["slow"]).await;
    machine.until(first, "waiting").await;
    // One that waits for answers holds nobody up.
    machine.run(&["talker"], Value::Null).await;
    machine.answer(first, json!({"slow": {"word": "x"}})).await;
    machine.wait_for_pid("slow.pid").await;
    let second = machine.begin(&["failing"]).await;
    let queued = machine.transaction(second).await;
    assert_eq!(queued["state"], "queued", "{queued}");
    assert_eq!(queued["behind"], first);
    machine.allow("slow.end");
    machine.until(first, "done").await;
    let done = machine.until(second, "failed").await;
    assert_eq!(done["behind"], Value::Null);
}

#[tokio::test]
async fn a_queued_one_can_be_cancelled() {
    let machine = Machine::start(&["slow", "talker"]).await;
    let first = machine.begin(&["slow"]).await;
    machine.until(first, "waiting").await;
    machine.answer(first, json!({"slow": {}})).await;
    machine.wait_for_pid("slow.pid").await;
    let second = machine.begin(&["talker"]).await;
    machine.order(second, "cancel").await;
    machine.until(second, "cancelled").await;
    machine.allow("slow.end");
    machine.until(first, "done").await;
    assert!(machine.output(second).await.is_empty());
}

#[tokio::test]
async fn two_answers_to_the_same_form_start_it_once() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    let (one, other) = tokio::join!(
        machine.try_answer(id, json!({"slow": {"word": "one"}})),
        machine.try_answer(id, json!({"slow": {"word": "other"}}))
    );
    let statuses = [one.0, other.0];
    assert!(statuses.contains(&StatusCode::OK), "{one:?} {other:?}");
    assert!(
        statuses.contains(&StatusCode::CONFLICT),
        "{one:?} {other:?}"
    );
    machine.wait_for_pid("slow.pid").await;
    machine.allow("slow.end");
    machine.until(id, "done").await;
    let output = machine.output(id).await;
    let started = output
        .iter()
        .filter(|line| line.starts_with("Got "))
        .count();
    assert_eq!(started, 1, "{output:?}");
}

#[tokio::test]
async fn what_can_not_be_done_now_is_refused() {
    let machine = Machine::start(&["talker", "greeting"]).await;
    let id = machine.run(&["talker"], Value::Null).await;
    for what in ["retry", "cancel", "reboot"] {
        let (status, body) = machine.ask(id, what).await;
        assert_eq!(status, StatusCode::CONFLICT, "{what}: {body}");
        assert!(!text(&body["detail"]).is_empty(), "{body}");
    }
    let (status, _) = machine.try_answer(id, json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (status, _) = machine
        .api
        .get(&format!("/api/setup/transactions/{id}/form"))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    for path in ["transactions/999", "transactions/999/log", "modules/nobody"] {
        let (status, body) = machine.api.get(&format!("/api/setup/{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {body}");
    }
    let waiting = machine.begin(&["greeting"]).await;
    machine.until(waiting, "waiting").await;
    machine.order(waiting, "cancel").await;
    machine.until(waiting, "cancelled").await;
    // A module of a cancelled one is free again.
    let id = machine.begin(&["greeting"]).await;
    eventually("the new one to wait", || async {
        (machine.transaction(id).await["state"] == "waiting").then_some(())
    })
    .await;
}
