//! Settings: read, refused, stored, handed over, and secrets that never come back.

use std::fs;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Api, Daemon, data_folder, eventually, rewrite, write_module};

const PATH: &str = "/api/modules/adjustable/settings";

async fn put(api: &Api, body: &Value) -> (StatusCode, Value) {
    api.put(PATH, body).await
}

/// The values of the tile's stats: interval, length of the key, changes.
async fn stats(api: &Api) -> Vec<f64> {
    let snapshot = api.wait_for_life("adjustable", "running").await;
    let stats = snapshot["ui"]["tile"]["stats"].as_array().unwrap().clone();
    stats
        .iter()
        .map(|stat| stat["value"].as_f64().unwrap())
        .collect()
}

#[tokio::test]
async fn settings_are_shown_changed_and_kept_also_of_a_module_that_is_off() {
    let daemon = Daemon::start(&["adjustable"]);
    let api = daemon.pair().await;
    let (status, answer) = api.get(PATH).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["values"], json!({"interval": 2.0, "colour": "red"}));
    assert_eq!(answer["secrets"], json!({"api_key": false}));
    let interval = &answer["schema"]["properties"]["interval"];
    assert_eq!(
        (&interval["title"], &interval["description"]),
        (&"Interval".into(), &"Seconds between looks".into())
    );
    assert_eq!(api.snapshot("adjustable").await["life"], "stopped");

    let (status, answer) = put(&api, &json!({"interval": 5, "api_key": "geheim"})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["values"], json!({"interval": 5.0, "colour": "red"}));
    assert_eq!(answer["secrets"], json!({"api_key": true}));
    api.enable("adjustable").await;
    assert_eq!(stats(&api).await, [5.0, 6.0, 0.0]);

    put(&api, &json!({"interval": 6})).await;
    assert_eq!(stats(&api).await, [6.0, 6.0, 1.0], "the secret stays");
    put(&api, &json!({"interval": 6})).await;
    assert_eq!(stats(&api).await, [6.0, 6.0, 1.0], "nothing changed");
    let (_, answer) = put(&api, &json!({"api_key": null})).await;
    assert_eq!(answer["secrets"], json!({"api_key": false}));
    assert_eq!(
        stats(&api).await,
        [2.0, 0.0, 2.0],
        "what is left out gets its default"
    );

    put(&api, &json!({"interval": 7, "api_key": "geheim"})).await;
    let daemon = Daemon::start_on(daemon.kill(), &[]);
    let api = daemon.pair().await;
    assert_eq!(stats(&api).await, [7.0, 6.0, 0.0]);
}

#[tokio::test]
async fn secrets_stand_in_no_answer_no_log_and_no_database() {
    let daemon = Daemon::start(&["adjustable"]);
    let api = daemon.pair().await;
    api.enable("adjustable").await;
    let answers = [
        put(&api, &json!({"api_key": "geheim-1234"})).await,
        put(&api, &json!({"api_key": "geheim-1234", "interval": 0})).await,
        put(&api, &json!({"api_key": {"geheim-1234": 1}})).await,
        put(&api, &json!({"api_key": "geheim-1234", "interval": 13})).await,
        api.get(PATH).await,
        api.get("/api/state").await,
        api.get("/api/modules").await,
    ];
    for (_, answer) in answers {
        assert!(!answer.to_string().contains("geheim"), "{answer}");
    }
    let (_, log, data) = daemon.stop();
    assert!(!log.contains("geheim"), "{log}");
    for file in fs::read_dir(data.path()).unwrap().flatten() {
        if file.path().is_file() {
            let bytes = fs::read(file.path()).unwrap();
            let has_secret = bytes.windows(6).any(|window| window == b"geheim");
            assert!(!has_secret, "{:?}", file.path());
        }
    }
}

#[tokio::test]
async fn what_is_not_right_is_said_at_its_field_and_nothing_changes() {
    let daemon = Daemon::start(&["adjustable"]);
    let api = daemon.pair().await;
    api.enable("adjustable").await;
    put(&api, &json!({"interval": 5, "api_key": "geheim"})).await;
    let before = stats(&api).await;
    let check = async |body: Value, expected: Value| {
        let (status, answer) = put(&api, &body).await;
        assert_eq!(
            (status, &answer["errors"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &expected),
            "{body}: {answer}"
        );
    };
    check(
        json!({"interval": 0.1, "colour": "blue", "size": 1}),
        json!({"interval": "Must be at least 0.5.", "colour": "Must be one of red, green.", "size": "There is no such setting."}),
    )
    .await;
    check(
        json!({"interval": "often"}),
        json!({"interval": "Must be a number."}),
    )
    .await;
    // Only the module knows this one.
    let (status, answer) = put(&api, &json!({"interval": 0.7, "colour": "green"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert!(
        answer["errors"].to_string().contains("green needs"),
        "{answer}"
    );
    let (status, answer) = put(&api, &json!([1])).await;
    assert_eq!(
        (status, &answer["detail"][0]["type"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"dict_type".into())
    );
    assert_eq!(stats(&api).await, before);
    let (_, answer) = api.get(PATH).await;
    assert_eq!(
        (&answer["values"]["interval"], &answer["secrets"]["api_key"]),
        (&5.0.into(), &true.into())
    );
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen_and_every_client_hears_of_a_change() {
    let daemon = Daemon::start(&["adjustable"]);
    let api = daemon.pair().await;
    api.enable("adjustable").await;
    let versioned = async |version: &Value, body: Value| {
        let path = format!("{PATH}?version={version}");
        api.put(&path, &body).await
    };
    let (_, seen) = api.get(PATH).await;
    assert_eq!(seen["version"], 0);
    let told = api.snapshot("adjustable").await["settings"].clone();
    let (status, first) = versioned(&seen["version"], json!({"interval": 5})).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    assert_ne!(api.snapshot("adjustable").await["settings"], told);

    let (status, answer) = versioned(&seen["version"], json!({"interval": 6})).await;
    assert_eq!(
        (status, &answer["kind"], &answer["detail"]),
        (
            StatusCode::CONFLICT,
            &"settings_changed".into(),
            &"These settings were changed meanwhile".into()
        )
    );
    assert_eq!(stats(&api).await[0], 5.0);
    assert_eq!(api.get(PATH).await.1["version"], first["version"]);
    let (status, answer) = versioned(&"new".into(), json!({})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");

    let (status, answer) = versioned(&first["version"], json!({"interval": 6})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(put(&api, &json!({"interval": 7})).await.0, StatusCode::OK);
    assert_eq!(stats(&api).await[0], 7.0, "who names no version wins");
}

#[tokio::test]
async fn settings_that_the_module_fails_to_take_are_taken_back() {
    let daemon = Daemon::start(&["adjustable"]);
    let api = daemon.pair().await;
    api.enable("adjustable").await;
    put(&api, &json!({"interval": 5})).await;
    let (status, answer) = put(&api, &json!({"interval": 13})).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        answer["detail"].as_str().unwrap().contains("thirteen"),
        "{answer}"
    );
    assert_eq!(api.get(PATH).await.1["values"]["interval"], 5.0);
    assert_eq!(stats(&api).await[0], 5.0);
    let daemon = Daemon::start_on(daemon.kill(), &[]);
    assert_eq!(stats(&daemon.pair().await).await[0], 5.0);
}

#[tokio::test]
async fn settings_that_no_longer_fit_give_the_defaults_and_say_why() {
    let daemon = Daemon::start(&["adjustable"]);
    let api = daemon.pair().await;
    api.enable("adjustable").await;
    put(&api, &json!({"interval": 50})).await;
    rewrite(&daemon.modules().join("adjustable"), "le=60", "le=40.0");
    let answer = eventually("the module to have its defaults", || async {
        let (_, answer) = api.get(PATH).await;
        (!answer["problem"].is_null()).then_some(answer)
    })
    .await;
    assert!(
        answer["problem"].as_str().unwrap().contains("interval"),
        "{answer}"
    );
    assert_eq!(stats(&api).await[0], 2.0);
    let module = api.module("adjustable").await.unwrap();
    assert!(
        module["problems"].to_string().contains("interval"),
        "{module}"
    );
    let (status, answer) = put(&api, &json!({"interval": 30})).await;
    assert_eq!((status, &answer["problem"]), (StatusCode::OK, &Value::Null));
    assert_eq!(stats(&api).await[0], 30.0);
    assert_eq!(api.get(PATH).await.1["problem"], Value::Null);
    let module = api.module("adjustable").await.unwrap();
    assert_eq!(module["problems"], json!([]));
}

const BRANCHES: &str = "
from pydantic import BaseModel
from ContaraNAS.core.module import Module

class Branches(Module):
    class Settings(BaseModel):
        tree: list = []
    async def initialize(self):
        if self.settings.tree != [1]:
            raise ValueError('only [1] will do')
    async def start_monitoring(self): ...
    async def stop_monitoring(self): ...
";

#[tokio::test]
async fn settings_that_no_module_can_take_are_refused_as_a_whole() {
    let daemon = branches();
    let api = daemon.pair().await;
    let path = "/api/modules/branches/settings";
    let (status, answer) = api.put(path, &json!({"tree": [2]})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let deep = (0..100).fold(json!([]), |inner, _| json!([inner]));
    let (status, answer) = api.put(path, &json!({"tree": deep})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(api.get(path).await.1["values"], json!({"tree": [2]}));
}

#[tokio::test]
async fn a_module_that_fails_can_be_set_to_do_better() {
    let daemon = branches();
    let api = daemon.pair().await;
    let (status, _) = api.post("/api/modules/branches/enable").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    api.wait_for_life("branches", "failed").await;
    let path = "/api/modules/branches/settings";
    let (status, answer) = api.put(path, &json!({"tree": [1]})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let (_, log) = api.get("/api/modules/branches/logs").await;
    let lines = log["lines"].as_array().unwrap();
    let failures = lines
        .iter()
        .filter(|line| line["message"].as_str().unwrap().contains("will do"));
    assert_eq!(failures.count(), 5, "each is said: {log}");
    let (status, answer) = api.post("/api/modules/branches/enable").await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

fn branches() -> Daemon {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/branches"), BRANCHES);
    let manifest = data.path().join("modules/branches/module.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut manifest_value: Value = serde_json::from_str(&text).unwrap();
    manifest_value["capabilities"]["settings"] = true.into();
    fs::write(manifest, manifest_value.to_string()).unwrap();
    Daemon::start_on(data, &[])
}

#[tokio::test]
async fn secrets_whose_key_is_missing_are_there_again_with_it() {
    let daemon = Daemon::start(&["adjustable"]);
    let api = daemon.pair().await;
    put(&api, &json!({"interval": 5, "api_key": "geheim"})).await;
    let data = daemon.kill();
    let key = data.path().join("secrets.key");
    let kept = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();

    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for _ in 0..2 {
        put(&api, &json!({"interval": 6})).await;
        let (_, answer) = api.get(PATH).await;
        let problem = answer["problem"].as_str().unwrap();
        assert!(problem.ends_with("Set again: api_key."), "{answer}");
    }
    fs::write(&key, kept).unwrap();
    let daemon = Daemon::start_on(daemon.kill(), &[]);
    let api = daemon.pair().await;
    api.enable("adjustable").await;
    assert_eq!(stats(&api).await, [6.0, 6.0, 0.0]);
}

#[tokio::test]
async fn a_module_without_settings_says_so() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    for (path, detail) in [
        (
            "/api/modules/my_module/settings",
            "Module 'my_module' has no settings",
        ),
        ("/api/modules/x/settings", "Module 'x' not found"),
    ] {
        for (status, answer) in [api.get(path).await, api.put(path, &json!({})).await] {
            assert_eq!(
                (status, &answer["detail"]),
                (StatusCode::NOT_FOUND, &detail.into())
            );
        }
    }
}
