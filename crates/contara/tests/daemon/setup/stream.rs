//! Other browsers: what the stream tells of transactions, and to whom.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{Machine, text};
use crate::support::Stream;

/// Asks for transactions, and for the lines of one.
pub(crate) fn watch(more: &Value) -> Message {
    let mut message = json!({"type": "watch_setup"});
    let fields = more.as_object().unwrap().clone();
    message.as_object_mut().unwrap().extend(fields);
    Message::Binary(rmp_serde::to_vec_named(&message).unwrap().into())
}

/// Reads on until the transaction is in this state; gives the states seen.
async fn until(stream: &mut Stream, id: u64, state: &str) -> Vec<String> {
    let mut states = Vec::new();
    while states.last().is_none_or(|last| last != state) {
        let frame = stream.next_of("setup").await;
        if frame["transaction"]["id"] == id {
            states.push(text(&frame["transaction"]["state"]));
        }
    }
    states
}

/// Reads lines until one has this text; gives the texts of all finished ones.
async fn lines_until(stream: &mut Stream, id: u64, last: &str) -> Vec<String> {
    let mut texts = Vec::new();
    while !texts.iter().any(|text| text == last) {
        let frame = stream.next_of("setup_lines").await;
        assert_eq!(frame["transaction"], id);
        let lines = frame["lines"].as_array().unwrap();
        let finished = lines.iter().filter(|line| line["open"] == false);
        texts.extend(finished.map(|line| text(&line["text"])));
    }
    texts
}

#[tokio::test]
async fn a_second_browser_sees_what_the_first_one_does() {
    let machine = Machine::start(&["slow"]).await;
    let mut other = machine.api.stream().await;
    other.send(watch(&json!({"transaction": null}))).await;
    let id = machine.begin(&["slow"]).await;
    until(&mut other, id, "waiting").await;
    machine.answer(id, json!({"slow": {"word": "x"}})).await;
    until(&mut other, id, "running").await;
    other
        .send(watch(&json!({"transaction": id, "after": 0})))
        .await;
    lines_until(&mut other, id, "Waiting.").await;
    // A browser that comes later gets the lines from where it says it is.
    let mut late = machine.api.stream().await;
    let all = machine.log(id).await;
    let last_but_one = all[all.len() - 2]["number"].as_u64().unwrap();
    late.send(watch(&json!({"transaction": id, "after": last_but_one})))
        .await;
    machine.allow("slow.end");
    for stream in [&mut other, &mut late] {
        let texts = lines_until(stream, id, "Waited long enough.").await;
        assert!(
            !texts.iter().any(|text| text.starts_with("Got ")),
            "nothing comes twice: {texts:?}"
        );
    }
    until(&mut other, id, "done").await;
}

#[tokio::test]
async fn a_closed_browser_changes_nothing() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    let mut stream = machine.api.stream().await;
    stream
        .send(watch(&json!({"transaction": id, "after": 0})))
        .await;
    machine.answer(id, json!({"slow": {"word": "x"}})).await;
    lines_until(&mut stream, id, "Waiting.").await;
    drop(stream);
    machine.allow("slow.end");
    machine.until(id, "done").await;
    assert!(
        machine
            .output(id)
            .await
            .contains(&"Waited long enough.".to_owned())
    );
}

#[tokio::test]
async fn who_does_not_ask_is_told_nothing() {
    let machine = Machine::start(&["talker", "slow"]).await;
    machine.allow("slow.end");
    let mut silent = machine.api.stream().await;
    silent.next_of("full_state").await;
    let mut stopped = machine.api.stream().await;
    stopped.send(watch(&json!({"transaction": null}))).await;
    let id = machine.run(&["talker"], Value::Null).await;
    until(&mut stopped, id, "done").await;
    stopped.send(watch(&json!({"stop": true}))).await;
    for stream in [&mut silent, &mut stopped] {
        // The answer to a ping comes after whatever was sent before.
        stream.send(crate::support::ping()).await;
        stream.next_of("pong").await;
    }
    machine.run(&["slow"], json!({"slow": {"word": "y"}})).await;
    for stream in [&mut silent, &mut stopped] {
        stream.send(crate::support::ping()).await;
        let frame = stream.next().await.unwrap();
        assert_eq!(frame["type"], "pong", "{frame}");
    }
}
