//! Stream v2 against the golden samples, which the Python and the TypeScript client read too; and what is no frame.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod samples;

use std::collections::BTreeMap;

use contara_protocol::Tree;
use contara_protocol::stream::v1::{Life, Preparing, Problem, ProblemKind, Progress, Running};
use contara_protocol::stream::v2::{
    ActionError, ClientFrame, FEATURES, Info, NoticeKind, ServerFrame, SetupWatch, removed,
    snapshot, unchanged,
};
use samples::{bytes, hex, samples};
use serde_json::{Value, json};

const RUN: &str = "0a1b2c3d-en";

/// A tree with the keys in the order of the sample: a JSON object has none.
fn part(name: &str, keys: &[&str]) -> Tree {
    let samples = samples("stream-v2.json");
    let sample = samples.iter().find(|sample| sample.name == name).unwrap();
    keys.iter().fold(
        Tree::from_msgpack(
            bytes(&sample.msgpack).into(),
            contara_ui_tree::Limits::default(),
        )
        .unwrap(),
        |tree, key| {
            contara_ui_tree::Fields::of(
                tree.as_msgpack().clone(),
                contara_ui_tree::Limits::default(),
            )
            .unwrap()
            .tree(key)
            .unwrap()
        },
    )
}

fn running() -> Info {
    Info {
        display_name: "My Module".into(),
        enabled: true,
        initialized: true,
        life: Life::Running,
        problem: None,
        preparing: None,
        running: Vec::new(),
        dashboard: true,
        has_page: false,
        live: true,
        settings: 0,
    }
}

fn metadata(revision: u64, info: Info) -> ServerFrame {
    ServerFrame::Module {
        module: "my_module".into(),
        revision,
        info,
        ui: None,
    }
}

fn whole(revision: u64, info: Info, ui: Tree) -> ServerFrame {
    ServerFrame::Module {
        module: "my_module".into(),
        revision,
        info,
        ui: Some(ui),
    }
}

fn failed() -> Info {
    let problem = Problem {
        kind: ProblemKind::Exit,
        title: "This module ended by itself".into(),
        detail: "exit status 7".into(),
        traceback: None,
        retry_in_ms: Some(1500),
    };
    Info {
        initialized: false,
        life: Life::Backoff,
        problem: Some(problem),
        ..running()
    }
}

fn number(number: u8) -> Option<Tree> {
    Some(Tree::from_value(&number).unwrap())
}

fn busy() -> Info {
    let call = Running {
        call: 12,
        action: "copy".into(),
        params: Tree::from_value(&json!({"disk": "sda"})).unwrap(),
        progress: Some(Progress {
            done: number(1),
            total: number(4),
            text: Some("half of it".into()),
        }),
    };
    Info {
        running: vec![call],
        ..running()
    }
}

fn patch(revision: u64, at: &str, sample: &str) -> ServerFrame {
    ServerFrame::Patch {
        module: "my_module".into(),
        revision,
        at: at.into(),
        ops: part(sample, &["ops"]),
    }
}

fn refused(id: u64, status: u16, detail: &str, errors: &[(&str, &str)]) -> ServerFrame {
    let errors = errors
        .iter()
        .map(|(field, why)| ((*field).into(), (*why).into()));
    ServerFrame::Result {
        id,
        results: None,
        error: Some(ActionError {
            status,
            detail: detail.into(),
            errors: errors.collect(),
        }),
    }
}

fn notice(kind: NoticeKind, text: &str, module: Option<&str>) -> ServerFrame {
    ServerFrame::Notice {
        kind,
        text: text.into(),
        module: module.map(Into::into),
    }
}

/// Each server frame as this server makes it, by the name of its sample.
fn server_frames() -> Vec<(&'static str, bytes::Bytes)> {
    let whole_module = whole(43, running(), part("a module whole", &["ui"]));
    let in_snapshot = whole(42, running(), part("a module whole", &["ui"]));
    let hello = ServerFrame::Hello {
        protocol: 2,
        version: "0.1.0".into(),
        node: "nas".into(),
        session: 7,
        run: RUN.into(),
        features: FEATURES.map(Into::into).to_vec(),
    };
    let stopped = Info {
        enabled: false,
        initialized: false,
        life: Life::Stopped,
        ..running()
    };
    let preparing = Info {
        initialized: false,
        life: Life::Preparing,
        preparing: Some(Preparing {
            text: "Installing".into(),
            done: Some(1),
            total: Some(3),
        }),
        ..running()
    };
    let saved = ServerFrame::Result {
        id: 5,
        results: Some(part("the result of an action", &["results"])),
        error: None,
    };
    let progress = |done, total, text: &str| ServerFrame::Progress {
        id: 5,
        done,
        total,
        text: Some(text.into()),
    };
    vec![
        ("hello", hello.encode()),
        ("a snapshot of nothing", snapshot(RUN, &[])),
        (
            "a snapshot of a module that the client has and one that it hasn't",
            snapshot(RUN, &[unchanged("disks", 41), in_snapshot.encode()]),
        ),
        ("a module whole", whole_module.encode()),
        (
            "a module without a UI",
            whole(44, stopped, Tree::nil()).encode(),
        ),
        (
            "metadata alone, with a problem",
            metadata(45, failed()).encode(),
        ),
        (
            "metadata alone, with an action that runs",
            metadata(46, busy()).encode(),
        ),
        (
            "metadata alone, while packages are installed",
            metadata(47, preparing).encode(),
        ),
        ("a module that is gone", removed("my_module")),
        (
            "a patch of one operation",
            patch(48, "", "a patch of one operation").encode(),
        ),
        (
            "a patch at a place",
            patch(70_000, "/tile/content/0/data", "a patch at a place").encode(),
        ),
        ("the result of an action", saved.encode()),
        (
            "an action that is refused",
            refused(6, 404, "Module 'x' not found", &[]).encode(),
        ),
        (
            "an action whose fields aren't right",
            refused(
                7,
                422,
                "Check the fields",
                &[("port", "a number from 1 to 65535")],
            )
            .encode(),
        ),
        (
            "progress",
            progress(number(1), number(4), "half of it").encode(),
        ),
        (
            "progress that says nothing but words",
            progress(None, None, "copying").encode(),
        ),
        (
            "a notice",
            notice(
                NoticeKind::UnknownType,
                "A frame of the type “dance” isn't known",
                None,
            )
            .encode(),
        ),
        (
            "a notice about a module",
            notice(NoticeKind::UnknownModule, "Module 'x' not found", Some("x")).encode(),
        ),
        ("pong", ServerFrame::Pong.encode()),
    ]
}

#[test]
fn the_server_says_what_the_samples_say() {
    let samples = samples("stream-v2.json");
    let samples: Vec<_> = samples
        .iter()
        .filter(|sample| sample.direction == "from_server")
        .collect();
    let (setup, samples): (Vec<_>, Vec<_>) = samples.into_iter().partition(|sample| {
        sample.message["type"]
            .as_str()
            .unwrap()
            .starts_with("setup")
    });
    let frames = server_frames();
    assert_eq!(samples.len(), frames.len());
    for (sample, (name, frame)) in std::iter::zip(samples, frames) {
        assert_eq!(sample.name, name);
        assert_eq!(sample.msgpack, hex(&frame), "{name}");
        let value: Value = rmp_serde::from_slice(&frame).unwrap();
        assert_eq!(sample.message, value, "{name}");
    }
    // What is told of setup is the same in both versions.
    let first = crate::samples::samples("stream-v1.json");
    for sample in setup {
        let same = first
            .iter()
            .find(|other| other.name == sample.name)
            .unwrap();
        assert_eq!(sample.msgpack, same.msgpack, "{}", sample.name);
    }
}

/// Each client frame as this server reads it, by the name of its sample.
fn client_frames() -> Vec<(&'static str, ClientFrame)> {
    let action = |id, params: Option<Tree>| ClientFrame::Action {
        id,
        module: "my_module".into(),
        action: "increment".into(),
        params,
    };
    let page = |page: Option<&str>| ClientFrame::Subscribe {
        page: Some(page.map(Into::into)),
        setup: None,
    };
    let setup = |setup| ClientFrame::Subscribe {
        page: None,
        setup: Some(setup),
    };
    let nothing = ClientFrame::Resume {
        run: None,
        modules: BTreeMap::new(),
    };
    let known = ClientFrame::Resume {
        run: Some(RUN.into()),
        modules: BTreeMap::from([("disks".into(), 41), ("my_module".into(), 42)]),
    };
    let watch = |transaction, after| Some(SetupWatch { transaction, after });
    vec![
        ("resume of nothing", nothing),
        ("resume", known),
        ("an action", action(5, Some(part("an action", &["params"])))),
        ("an action without parameters", action(6, None)),
        ("cancel", ClientFrame::Cancel { id: 5 }),
        ("subscribe to a page", page(Some("sys_monitor"))),
        ("subscribe to no page any more", page(None)),
        (
            "subscribe to setup and the lines of one transaction",
            setup(watch(Some(3), 120)),
        ),
        ("subscribe to setup", setup(watch(None, 0))),
        ("subscribe to nothing of setup any more", setup(None)),
        ("ping", ClientFrame::Ping),
        (
            "a type of a later version",
            ClientFrame::Unknown {
                kind: "dance".into(),
            },
        ),
    ]
}

#[test]
fn the_client_s_frames_are_read_as_the_samples_say() {
    let samples = samples("stream-v2.json");
    let samples: Vec<_> = samples
        .iter()
        .filter(|sample| sample.direction == "from_client")
        .collect();
    let frames = client_frames();
    assert_eq!(samples.len(), frames.len());
    for (sample, (name, frame)) in std::iter::zip(samples, frames) {
        assert_eq!(sample.name, name);
        let read = ClientFrame::decode(bytes(&sample.msgpack).into());
        assert_eq!(read.unwrap(), frame, "{name}");
    }
}

#[test]
fn a_snapshot_of_many_modules_has_the_head_that_it_needs() {
    for count in [15, 16, 65_535, 65_536] {
        let frame = snapshot(RUN, &vec![unchanged("m", 1); count]);
        let value: Value = rmp_serde::from_slice(&frame).unwrap();
        assert_eq!(value["modules"].as_array().unwrap().len(), count);
    }
}

#[test]
fn what_is_no_frame_is_named() {
    let refusal = |value: &Value| {
        let frame = rmp_serde::to_vec_named(value).unwrap();
        ClientFrame::decode(frame.into()).unwrap_err().to_string()
    };
    let no_map = "the frame can't be read: expected a map";
    assert_eq!(refusal(&json!([1])), no_map);
    assert_eq!(refusal(&json!({})), "the field `type` is missing");
    let number = "a whole number, not below 0";
    let modules = "a map of modules to revisions, or nil";
    let action = json!({"type": "action", "id": 1, "module": "m", "action": "a", "params": []});
    for (frame, field, expected) in [
        (json!({"type": 1}), "type", "a text"),
        (json!({"type": "resume", "run": 1}), "run", "a text or nil"),
        (
            json!({"type": "resume", "modules": {"a": -1}}),
            "modules",
            modules,
        ),
        (
            json!({"type": "resume", "modules": [1]}),
            "modules",
            modules,
        ),
        (json!({"type": "action", "id": "1"}), "id", number),
        (
            json!({"type": "action", "id": 1, "module": 1}),
            "module",
            "a text",
        ),
        (action, "params", "a map or nil"),
        (json!({"type": "cancel", "id": -1}), "id", number),
        (
            json!({"type": "subscribe", "page": 1}),
            "page",
            "a module's name or nil",
        ),
        (
            json!({"type": "subscribe", "setup": {"after": "1"}}),
            "setup",
            "a map of two numbers, or nil",
        ),
    ] {
        let words = format!("the field `{field}` is not what was expected: {expected}");
        assert_eq!(refusal(&frame), words, "{frame}");
    }
    for garbage in [
        &b""[..],
        &[0xc1],
        &[0x81, 0xa4],
        &[0xdf, 0xff, 0xff, 0xff, 0xff],
    ] {
        let error = ClientFrame::decode(bytes::Bytes::copy_from_slice(garbage)).unwrap_err();
        assert!(
            error.to_string().starts_with("the frame can't be read: "),
            "{error}"
        );
    }
}
