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

/// What a stream has told of one transaction so far.
struct Watcher {
    stream: Stream,
    id: u64,
    states: Vec<String>,
    /// The texts of finished lines.
    texts: Vec<String>,
}

impl Watcher {
    async fn of(machine: &Machine, id: u64, message: &Value) -> Self {
        let mut stream = machine.api.stream().await;
        stream.send(watch(message)).await;
        Self {
            stream,
            id,
            states: Vec::new(),
            texts: Vec::new(),
        }
    }

    async fn ask(&mut self, message: &Value) {
        self.stream.send(watch(message)).await;
    }

    async fn read(&mut self) {
        let frame = self.stream.next().await.unwrap();
        if frame["type"] == "setup" && frame["transaction"]["id"] == self.id {
            self.states.push(text(&frame["transaction"]["state"]));
        }
        if frame["type"] == "setup_lines" {
            assert_eq!(frame["transaction"], self.id);
            let lines = frame["lines"].as_array().unwrap();
            let finished = lines.iter().filter(|line| line["open"] == false);
            self.texts.extend(finished.map(|line| text(&line["text"])));
        }
    }

    /// Reads on until the transaction was in this state.
    async fn until(&mut self, state: &str) {
        while !self.states.iter().any(|seen| seen == state) {
            self.read().await;
        }
    }

    /// Reads on until a line had this text.
    async fn until_line(&mut self, line: &str) {
        while !self.texts.iter().any(|seen| seen == line) {
            self.read().await;
        }
    }
}

#[tokio::test]
async fn a_second_browser_sees_what_the_first_one_does() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    let mut other = Watcher::of(&machine, id, &json!({"transaction": null})).await;
    other.until("waiting").await;
    machine.answer(id, json!({"slow": {"word": "x"}})).await;
    other.until("running").await;
    other.ask(&json!({"transaction": id, "after": 0})).await;
    other.until_line("Waiting.").await;
    // A browser that comes later gets the lines from where it says it is.
    let all = machine.log(id).await;
    let waiting = all.iter().find(|line| line["text"] == "Waiting.").unwrap();
    let before = waiting["number"].as_u64().unwrap() - 1;
    let message = json!({"transaction": id, "after": before});
    let mut late = Watcher::of(&machine, id, &message).await;
    machine.allow("slow.end");
    other.until_line("Waited long enough.").await;
    late.until_line("Waited long enough.").await;
    assert_eq!(late.texts[0], "Waiting.", "{:?}", late.texts);
    other.texts.sort();
    let all = other.texts.len();
    other.texts.dedup();
    assert_eq!(other.texts.len(), all, "nothing comes twice");
    other.until("done").await;
    late.until("done").await;
}

#[tokio::test]
async fn a_closed_browser_changes_nothing() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    let message = json!({"transaction": id, "after": 0});
    let mut browser = Watcher::of(&machine, id, &message).await;
    machine.answer(id, json!({"slow": {"word": "x"}})).await;
    browser.until_line("Waiting.").await;
    drop(browser);
    machine.allow("slow.end");
    machine.until(id, "done").await;
    let output = machine.output(id).await;
    assert!(output.contains(&"Waited long enough.".to_owned()));
}

#[tokio::test]
async fn who_does_not_ask_is_told_nothing() {
    let machine = Machine::start(&["talker", "slow"]).await;
    machine.allow("slow.end");
    let mut silent = machine.api.stream().await;
    silent.next_of("full_state").await;
    let id = machine.run(&["talker"], Value::Null).await;
    let mut stopped = Watcher::of(&machine, id, &json!({"transaction": null})).await;
    stopped.until("done").await;
    let mut stopped = stopped.stream;
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
