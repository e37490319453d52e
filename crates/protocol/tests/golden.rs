//! Golden samples, which the Python and the TypeScript tests read too: each language must see the same bytes.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod samples;

use contara_protocol::Tree;
use contara_protocol::link::{FromWorker, Loaded, ModuleSource, Private, SetupModule, ToWorker};
use contara_protocol::spawner::{Environment, FromSpawner, ProcessLimits, ToSpawner};
use contara_protocol::stream::v1::setup::{
    SetupFailure, SetupLine, SetupLineKind, SetupLink, SetupModuleRun, SetupNeed, SetupPhase,
    SetupProgress, SetupReboot, SetupRebootState, SetupSpan, SetupState, SetupStep, SetupStepKind,
    SetupStepState, SetupTransaction,
};
use contara_protocol::stream::v1::{
    ClientFrame, Life, Preparing, Problem, ProblemKind, Progress, Running, ServerFrame, Snapshot,
    Ui,
};
use contara_ui_tree::{Fields, Limits};
use samples::{Sample, bytes, hex, samples};
use serde_json::{Value, json};

/// The typed message that a sample describes. Arguments are taken as bytes, since a JSON object has no order.
fn to_worker(sample: &Sample) -> ToWorker {
    let message = &sample.message;
    let text = |key: &str| message[key].as_str().unwrap().to_owned();
    let tree = |key: &str| {
        let bytes = bytes(&sample.msgpack).into();
        Fields::of(bytes, Limits::default()).unwrap().tree(key)
    };
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
            capabilities: serde_json::from_value(message["capabilities"].clone()).unwrap(),
            settings: tree("settings").map(Private),
            state: tree("state"),
            keep_state: message["keep_state"].as_bool().unwrap(),
            limits: serde_json::from_value(message["limits"].clone()).unwrap(),
        },
        "load_setup" => ToWorker::LoadSetup {
            id,
            name: text("name"),
            path: text("path"),
            catalogues: text("catalogues"),
            language: text("language"),
            discreet: message["discreet"] == true,
        },
        "call" => ToWorker::Call {
            id,
            function: text("function"),
            arguments: Private(tree("arguments").unwrap()),
            module: setup_module(&message["module"]),
            language: text("language"),
        },
        "initialize" => ToWorker::Initialize { id },
        "start" => ToWorker::Start { id },
        "stop" => ToWorker::Stop { id },
        "action" => ToWorker::Action {
            id,
            action: text("action"),
            params: tree("params").map(Private),
            form: tree("form").map(Private),
        },
        "cancel" => ToWorker::Cancel {
            id,
            action_id: message["action_id"].as_u64().unwrap(),
        },
        "render" => ToWorker::Render { id },
        "watch" => ToWorker::Watch {
            id,
            page: message["page"].as_bool().unwrap(),
        },
        "check_settings" => ToWorker::CheckSettings {
            id,
            settings: Private(tree("settings").unwrap()),
        },
        "configure" => ToWorker::Configure {
            id,
            settings: Private(tree("settings").unwrap()),
        },
        "ping" => ToWorker::Ping { id },
        "shutdown" => ToWorker::Shutdown { id },
        other => panic!("no such message: {other}"),
    }
}

fn setup_module(module: &Value) -> Option<SetupModule> {
    let text = |key: &str| module[key].as_str().map(str::to_owned);
    Some(SetupModule {
        slug: text("slug")?,
        name: text("name")?,
        path: text("path")?,
        configured: module["configured"].as_bool()?,
    })
}

#[test]
fn the_link_says_what_the_samples_say() {
    let samples = samples("worker-link.json");
    assert!(samples.len() >= 40, "a sample for every message");
    for sample in samples {
        let name = &sample.name;
        match sample.direction.as_str() {
            "to_worker" => assert_eq!(hex(&to_worker(&sample).encode()), sample.msgpack, "{name}"),
            "from_worker" => {
                let decoded = FromWorker::decode(bytes(&sample.msgpack).into()).unwrap();
                assert!(!matches!(decoded, FromWorker::Unknown { .. }), "{name}");
                assert_eq!(
                    &serde_json::to_value(&decoded).unwrap(),
                    sample.received.as_ref().unwrap_or(&sample.message),
                    "{name}"
                );
            }
            other => panic!("{name}: no such direction: {other}"),
        }
    }
}

/// The typed message that a sample describes; `None` for what only a newer host says.
fn to_spawner(message: &Value) -> Option<ToSpawner> {
    let text = |key: &str| message[key].as_str().map(str::to_owned);
    let id = message["id"].as_u64().unwrap_or_default();
    let variable = |name: &str| {
        let value = message["environment"][name].as_str().unwrap().to_owned();
        (name.to_owned(), value)
    };
    Some(match message["type"].as_str().unwrap() {
        "hello" => ToSpawner::Hello {
            protocol: u32::try_from(message["protocol"].as_u64().unwrap()).unwrap(),
            host: text("host").unwrap(),
        },
        "start" => ToSpawner::Start {
            id,
            module: text("module").unwrap(),
            way: serde_json::from_value(message["way"].clone()).unwrap(),
            python: text("python").unwrap(),
            pycache_prefix: text("pycache_prefix").unwrap(),
            packages: text("packages"),
            // A JSON object has no order.
            environment: Environment(
                ["HOME", "PATH", "CONTARA_DATA_DIR", "CONTARA_CACHE_DIR"]
                    .map(variable)
                    .into(),
            ),
            limits: ProcessLimits {
                address_space: message["limits"]["address_space"].as_u64(),
                open_files: message["limits"]["open_files"].as_u64(),
            },
        },
        "kill" => ToSpawner::Kill { id },
        _ => return None,
    })
}

#[test]
fn the_spawner_is_told_and_says_what_the_samples_say() {
    let samples = samples("spawner.json");
    let mut newer = 0;
    for sample in &samples {
        let name = &sample.name;
        if sample.direction == "to_spawner" {
            match to_spawner(&sample.message) {
                Some(message) => assert_eq!(hex(&message.encode()), sample.msgpack, "{name}"),
                None => newer += 1,
            }
            continue;
        }
        match FromSpawner::decode(&bytes(&sample.msgpack)).unwrap() {
            FromSpawner::Unknown => newer += 1,
            message => assert_eq!(
                serde_json::to_value(&message).unwrap(),
                sample.message,
                "{name}"
            ),
        }
    }
    assert_eq!(
        (samples.len(), newer),
        (11, 2),
        "each side tolerates one of a newer"
    );
    assert!(FromSpawner::decode(&[0xc1]).is_err());
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
        "a `ui` message from the worker is malformed: the field `tile` is not what was expected: expected a map or nil",
    );
}

#[test]
fn what_a_module_is_comes_from_the_answer_to_load() {
    let answer = |name: &str| {
        let sample = samples("worker-link.json")
            .into_iter()
            .find(|sample| sample.name == name)
            .unwrap();
        let Ok(FromWorker::Answer { value, .. }) =
            FromWorker::decode(bytes(&sample.msgpack).into())
        else {
            panic!("{name}: no answer")
        };
        Loaded::of(&value).unwrap()
    };
    let plain = answer("answer to load");
    assert_eq!(plain.actions, ["increment"]);
    assert_eq!(plain.times["increment"].timeout, Some(60.0));
    assert!(plain.settings.is_none() && !plain.persist);
    let full = answer("answer to load with settings");
    assert_eq!(full.times["rename"].timeout, None);
    assert!(full.settings.is_some() && full.persist);
    assert!(full.state_problem.unwrap().starts_with("counter: "));
    let older = Tree::from_value(&json!({"class": "It", "actions": ["a"]})).unwrap();
    let older = Loaded::of(&older).unwrap();
    assert_eq!((older.actions.len(), older.times.len()), (1, 0));
    assert!(Loaded::of(&Tree::nil()).is_err());
}

#[test]
fn what_may_hold_secrets_is_never_shown() {
    let settings = Private(Tree::from_value(&json!({"key": "geheim"})).unwrap());
    let message = ToWorker::Configure { id: 1, settings };
    assert!(!format!("{message:?}").contains("geheim"));
    let call = ToWorker::Call {
        id: 2,
        function: "valid_password".into(),
        arguments: Private(Tree::from_value(&json!(["geheim"])).unwrap()),
        module: None,
        language: "fr_FR".into(),
    };
    assert!(!format!("{call:?}").contains("geheim"));
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
            page: None,
        }),
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

/// Watched, faulty, and busy.
fn watched() -> Snapshot {
    let number = |value: Value| Some(Tree::from_value(&value).unwrap());
    let page = Tree::from_value(&json!({"type": "stack", "children": []})).unwrap();
    let plain = snapshot();
    Snapshot {
        ui: plain.ui.map(|ui| Ui {
            page: Some(page),
            ..ui
        }),
        problem: Some(Problem {
            kind: ProblemKind::Task,
            title: "A background task of the module failed".into(),
            detail: "ValueError: no such disk".into(),
            traceback: None,
            retry_in_ms: None,
        }),
        running: vec![
            Running {
                call: 7,
                action: "copy".into(),
                params: Tree::from_value(&json!({"disk": "sda"})).unwrap(),
                progress: Some(Progress {
                    done: number(json!(2.5)),
                    total: number(json!(10)),
                    text: Some("Copying".into()),
                }),
            },
            Running {
                call: 8,
                action: "scan".into(),
                params: Tree::empty_map(),
                progress: None,
            },
        ],
        dashboard: false,
        has_page: true,
        live: false,
        settings: 0,
        ..plain
    }
}

fn failed() -> Snapshot {
    Snapshot {
        name: "b".into(),
        initialized: false,
        ui: None,
        life: Life::Backoff,
        problem: Some(Problem {
            kind: ProblemKind::Exit,
            title: "The module's worker ended".into(),
            detail: "exit status 3".into(),
            traceback: Some("line 1\nline 2".into()),
            retry_in_ms: Some(1000),
        }),
        ..snapshot()
    }
}

fn preparing() -> Snapshot {
    Snapshot {
        name: "c".into(),
        initialized: false,
        ui: None,
        life: Life::Preparing,
        preparing: Some(Preparing {
            text: "Installing packages".into(),
            done: Some(3),
            total: Some(7),
        }),
        ..snapshot()
    }
}

/// One of two modules is through, the other's script has failed.
fn failed_setup() -> SetupTransaction {
    let time = || "2026-01-31T12:00:00.000Z".to_owned();
    let step = |kind, state, started: Option<String>| SetupStep {
        kind,
        state,
        text: "Something is done".into(),
        started,
        ended: None,
        progress: (kind == SetupStepKind::Packages).then(|| SetupProgress {
            phase: SetupPhase::Configuring,
            package: Some("libpq5".into()),
            number: 3,
            total: Some(12),
            percent: 62,
        }),
    };
    let module = |slug: &str, state, exit: &str, links| SetupModuleRun {
        slug: slug.into(),
        name: slug.to_uppercase(),
        dependency: slug == "dns",
        state,
        exit: Some(exit.into()),
        links,
    };
    let link = SetupLink {
        name: "Administration".into(),
        href: "https://nas/dns".into(),
    };
    SetupTransaction {
        id: 7,
        revision: 12,
        state: SetupState::Failed,
        needs: None,
        behind: None,
        steps: vec![
            step(SetupStepKind::Download, SetupStepState::Disabled, None),
            step(SetupStepKind::Packages, SetupStepState::Done, Some(time())),
            step(
                SetupStepKind::Configure,
                SetupStepState::Failed,
                Some(time()),
            ),
        ],
        modules: vec![
            module("dns", SetupStepState::Done, "exit status 0", vec![link]),
            module("mail", SetupStepState::Failed, "exit status 1", vec![]),
        ],
        failure: Some(SetupFailure {
            step: SetupStepKind::Configure,
            module: Some("mail".into()),
            message: "The script of mail failed".into(),
            command: Some("setup-mail.sh".into()),
            exit: Some("exit status 1".into()),
            last_lines: vec!["no such domain".into()],
        }),
        reboot: SetupReboot {
            state: SetupRebootState::NotNeeded,
            at: None,
        },
        by: "root".into(),
        created: time(),
        ended: Some(time()),
        lines: 2,
    }
}

/// One that waits for answers while a restart of the machine is near, as nothing but a sample can.
fn waiting_setup() -> SetupTransaction {
    SetupTransaction {
        state: SetupState::Waiting,
        needs: Some(SetupNeed::Answers),
        behind: Some(6),
        steps: Vec::new(),
        modules: Vec::new(),
        failure: None,
        reboot: SetupReboot {
            state: SetupRebootState::At,
            at: Some("2026-01-31T12:00:15.000Z".into()),
        },
        ended: None,
        ..failed_setup()
    }
}

fn setup_lines() -> ServerFrame {
    let line = |number, kind, text: &str| SetupLine {
        number,
        at: "2026-01-31T12:00:00.123Z".into(),
        module: Some("mail".into()),
        kind,
        level: None,
        text: text.into(),
        spans: None,
        open: false,
    };
    let spans = vec![
        SetupSpan {
            text: "See ".into(),
            bold: false,
            href: None,
        },
        SetupSpan {
            text: "http://nas/mail".into(),
            bold: true,
            href: Some("http://nas/mail".into()),
        },
    ];
    ServerFrame::SetupLines {
        transaction: 7,
        lines: vec![
            line(1, SetupLineKind::Command, "bash setup-mail.sh"),
            SetupLine {
                level: Some(8),
                spans: Some(spans),
                open: true,
                ..line(2, SetupLineKind::Output, "See http://@HOSTNAME@/mail")
            },
        ],
        next: 1,
        more: false,
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
        ServerFrame::module_ui(watched(), timestamp()),
        ServerFrame::module_ui(preparing(), timestamp()),
        ServerFrame::Pong {
            timestamp: timestamp(),
        },
        ServerFrame::Setup {
            transaction: failed_setup(),
        },
        ServerFrame::Setup {
            transaction: waiting_setup(),
        },
        setup_lines(),
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
    let expected = [
        ClientFrame::Ping,
        ClientFrame::Watch {
            page: Some("a".into()),
        },
        ClientFrame::Watch { page: None },
        ClientFrame::WatchSetup {
            transaction: Some(7),
            after: 2,
            stop: false,
        },
        ClientFrame::WatchSetup {
            transaction: None,
            after: 0,
            stop: false,
        },
        ClientFrame::WatchSetup {
            transaction: None,
            after: 0,
            stop: true,
        },
    ];
    assert_eq!(from_client.len(), expected.len());
    for (sample, expected) in from_client.iter().zip(expected) {
        let frame = ClientFrame::decode(&bytes(&sample.msgpack)).unwrap();
        assert_eq!(frame, expected, "{}", sample.name);
    }
}

#[test]
fn a_client_may_say_what_v1_does_not_know() {
    let newer = rmp_serde::to_vec_named(&json!({"type": "subscribe", "to": ["a"]})).unwrap();
    assert_eq!(ClientFrame::decode(&newer).unwrap(), ClientFrame::Unknown);
    assert!(ClientFrame::decode(&[0xc1]).is_err());
}
