//! Golden samples, which the Python and the TypeScript tests read too: each language must see the same bytes.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use contara_protocol::Tree;
use contara_protocol::link::{FromWorker, ModuleSource, ToWorker};
use contara_protocol::stream::v1::{ClientFrame, Life, Problem, ServerFrame, Snapshot, Ui};
use contara_ui_tree::{Fields, Limits};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Sample {
    name: String,
    direction: String,
    message: Value,
    msgpack: String,
}

fn samples(file: &str) -> Vec<Sample> {
    let path = format!("{}/../../tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The typed message that a sample describes. Arguments are taken as bytes, since a JSON object has no order.
fn to_worker(sample: &Sample) -> ToWorker {
    let message = &sample.message;
    let text = |key: &str| message[key].as_str().unwrap().to_owned();
    let id = message["id"].as_u64().unwrap_or_default();
    match message["type"].as_str().unwrap() {
        "hello" => ToWorker::Hello {
            protocol: u32::try_from(message["protocol"].as_u64().unwrap()).unwrap(),
            host: text("host"),
            features: serde_json::from_value(message["features"].clone()).unwrap(),
        },
        "load" => ToWorker::Load {
            id,
            name: text("name"),
            path: text("path"),
            source: serde_json::from_value::<ModuleSource>(message["source"].clone()).unwrap(),
            display_name: text("display_name"),
        },
        "initialize" => ToWorker::Initialize { id },
        "start" => ToWorker::Start { id },
        "stop" => ToWorker::Stop { id },
        "action" => ToWorker::Action {
            id,
            action: text("action"),
            params: Fields::of(bytes(&sample.msgpack).into(), Limits::default())
                .unwrap()
                .tree("params"),
        },
        "ping" => ToWorker::Ping { id },
        "shutdown" => ToWorker::Shutdown { id },
        other => panic!("no such message: {other}"),
    }
}

#[test]
fn the_link_says_what_the_samples_say() {
    let samples = samples("worker-link.json");
    assert!(samples.len() >= 14, "a sample for every message");
    for sample in samples {
        let name = &sample.name;
        match sample.direction.as_str() {
            "to_worker" => assert_eq!(hex(&to_worker(&sample).encode()), sample.msgpack, "{name}"),
            "from_worker" => {
                let decoded = FromWorker::decode(bytes(&sample.msgpack).into()).unwrap();
                assert!(!matches!(decoded, FromWorker::Unknown { .. }), "{name}");
                assert_eq!(
                    serde_json::to_value(&decoded).unwrap(),
                    sample.message,
                    "{name}"
                );
            }
            other => panic!("{name}: no such direction: {other}"),
        }
    }
}

#[test]
fn what_is_new_is_tolerated_and_what_is_malformed_is_named() {
    let decode = |message: Value| {
        FromWorker::decode(Tree::from_value(&message).unwrap().as_msgpack().clone())
    };
    let unknown = decode(json!({"type": "telepathy", "thought": 1})).unwrap();
    assert_eq!(
        unknown,
        FromWorker::Unknown {
            kind: "telepathy".into()
        }
    );
    assert!(decode(json!({"type": "answer", "id": 1, "value": null, "mood": "good"})).is_ok());
    let check = |message: Value, expected: &str| {
        assert_eq!(decode(message).unwrap_err().to_string(), expected);
    };
    check(
        json!([]),
        "a frame from the worker is not a message: expected a map",
    );
    check(
        json!({}),
        "a `?` message from the worker is malformed: the field `type` is missing",
    );
    check(
        json!({"type": "answer"}),
        "a `answer` message from the worker is malformed: the field `id` is missing",
    );
    check(
        json!({"type": "ui", "revision": 1, "tile": "no component"}),
        "a `ui` message from the worker is malformed: the field `tile` is not what was expected: expected a component (a map) or nil",
    );
}

fn snapshot() -> Snapshot {
    let tile = json!({"type": "tile", "icon": "box", "title": "A", "stats": [{"type": "stat", "label": "Count", "value": 1}]});
    Snapshot {
        name: "a".into(),
        display_name: "A".into(),
        enabled: true,
        initialized: true,
        ui: Some(Ui {
            tile: Some(Tree::from_value(&tile).unwrap()),
            modals: Tree::empty_list(),
        }),
        life: Life::Running,
        problem: None,
    }
}

fn failed() -> Snapshot {
    Snapshot {
        name: "b".into(),
        initialized: false,
        ui: None,
        life: Life::Backoff,
        problem: Some(Problem {
            title: "The module's worker ended".into(),
            detail: "exit status 3".into(),
            traceback: Some("line 1\nline 2".into()),
            retry_in_ms: Some(1000),
        }),
        ..snapshot()
    }
}

#[test]
fn stream_v1_says_what_the_samples_say() {
    let timestamp = || "2026-01-31T12:00:00.000000".to_owned();
    let frames = [
        ServerFrame::FullState {
            modules: vec![snapshot(), failed()],
            active_modal: None,
            timestamp: timestamp(),
        },
        ServerFrame::module_ui(snapshot(), timestamp()),
        ServerFrame::module_ui(failed(), timestamp()),
        ServerFrame::Pong {
            timestamp: timestamp(),
        },
    ];
    let samples = samples("stream-v1.json");
    let (from_server, from_client): (Vec<_>, Vec<_>) = samples
        .into_iter()
        .partition(|sample| sample.direction == "from_server");
    assert_eq!(from_server.len(), frames.len());
    for (frame, sample) in frames.iter().zip(from_server) {
        assert_eq!(
            serde_json::to_value(frame).unwrap(),
            sample.message,
            "{}",
            sample.name
        );
        assert_eq!(hex(&frame.encode()), sample.msgpack, "{}", sample.name);
    }
    let [ping] = from_client.as_slice() else {
        panic!("one frame of a client")
    };
    assert_eq!(
        ClientFrame::decode(&bytes(&ping.msgpack)).unwrap(),
        ClientFrame::Ping
    );
}

#[test]
fn a_client_may_say_what_v1_does_not_know() {
    let newer = rmp_serde::to_vec_named(&json!({"type": "subscribe", "to": ["a"]})).unwrap();
    assert_eq!(ClientFrame::decode(&newer).unwrap(), ClientFrame::Unknown);
    assert!(ClientFrame::decode(&[0xc1]).is_err());
}
