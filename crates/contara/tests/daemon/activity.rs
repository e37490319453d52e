//! What happened and who did it: told, kept, bounded, and without secrets.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::mirror::Mirror;
use crate::setup::Machine;
use crate::support::{Api, Daemon, eventually};

async fn part(api: &Api, query: &str) -> Value {
    let (status, body) = api.get(&format!("/api/activity{query}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// These members of each entry, the oldest first.
async fn told(api: &Api, query: &str, members: &[&str]) -> Vec<Value> {
    let body = part(api, query).await;
    let entries = body["entries"].as_array().unwrap().iter().rev();
    let entry = |entry: &Value| members.iter().map(|name| entry[*name].clone()).collect();
    entries.map(entry).collect()
}

#[tokio::test]
async fn what_clients_do_with_modules_is_told_with_who_and_how_it_ended() {
    let daemon = Daemon::start(&["workbench"]);
    let api = daemon.pair().await;
    let other = daemon.pair_by(&daemon.fresh_code()).await;
    api.enable("workbench").await;
    let act = "/api/modules/workbench/action";
    other.post(&format!("{act}/wipe")).await;
    other.post(&format!("{act}/wipe")).await;
    api.post(&format!("{act}/wipe")).await;
    api.post_text(&format!("{act}/use"), r#"{"name": ""}"#)
        .await;
    api.put("/api/modules/workbench/settings", &json!({"interval": 9}))
        .await;
    // None of these gets as far as being done.
    api.post(&format!("{act}/nothing")).await;
    api.post("/api/modules/nobody/enable").await;
    api.put("/api/modules/workbench/settings", &json!({"interval": 99}))
        .await;
    api.post("/api/modules/workbench/disable").await;
    api.post(&format!("{act}/wipe")).await;
    let members = ["kind", "event", "action", "outcome", "times"];
    assert_eq!(
        told(&api, "", &members).await,
        [
            json!(["sign_in", "paired", null, "done", 1]),
            json!(["sign_in", "paired", null, "done", 1]),
            json!(["module", "enabled", null, "done", 1]),
            json!(["action", "ran", "wipe", "done", 2]),
            json!(["action", "ran", "wipe", "done", 1]),
            json!(["action", "ran", "use", "failed", 1]),
            json!(["settings", "changed", null, "done", 1]),
            json!(["module", "disabled", null, "done", 1]),
        ]
    );
    let who = told(&api, "?kind=action", &["by", "module"]).await;
    let name = |client| json!([{"client": client, "name": "API client"}, "workbench"]);
    assert_eq!(who, [name(2), name(1), name(1)]);
    let entry = &part(&api, "?kind=action&limit=1").await["entries"][0];
    assert!(entry["longest_ms"].is_u64(), "{entry}");
    let at = entry["at"].as_str().unwrap();
    assert!(at.starts_with("20") && at.ends_with('Z'), "{at}");
}

#[tokio::test]
async fn sign_ins_are_told_and_guesses_of_codes_do_not_flood() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let other = daemon.pair_by(&daemon.fresh_code()).await;
    let third = daemon.pair_by(&daemon.fresh_code()).await;
    for _ in 0..40 {
        let body = json!({"pairing_code": "0000-0000-0000"});
        daemon
            .post("/api/auth/pair")
            .json(&body)
            .send()
            .await
            .unwrap();
    }
    api.send(Method::DELETE, "/api/clients/2").await;
    third.send(Method::DELETE, "/api/auth/session").await;
    let members = ["event", "outcome", "about", "times"];
    let told = told(&api, "?kind=sign_in", &members).await;
    let here = "127.0.0.1";
    assert_eq!(
        told[3..],
        [
            json!(["wrong_code", "refused", here, 5]),
            json!(["locked_out", "refused", null, 35]),
            json!(["revoked", "done", "API client", 1]),
            json!(["signed_out", "done", null, 1]),
        ]
    );
    assert_eq!(told[0], json!(["paired", "done", here, 1]));
    let refused = &part(&api, "?kind=sign_in").await["entries"][3];
    assert_eq!(refused["by"], Value::Null, "nobody knows who it was");
    assert_eq!(other.get("/api/activity").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_action_is_told_though_its_client_has_gone() {
    let daemon = Daemon::start(&["workbench"]);
    let api = daemon.pair().await;
    api.enable("workbench").await;
    let mut client = Mirror::connect(&api, "").await;
    client.act(1, "workbench", "count", Value::Null).await;
    let call = eventually("the action to run", || async {
        let snapshot = api.snapshot("workbench").await;
        snapshot["running"][0]["call"].as_u64()
    })
    .await;
    drop(client);
    // Its socket is gone for the daemon as well.
    eventually("its socket to be gone", || async {
        let (_, body) = api.get("/api/clients").await;
        (body["clients"][0]["connected"] == false).then_some(())
    })
    .await;
    api.post(&format!("/api/modules/workbench/calls/{call}/cancel"))
        .await;
    let told = eventually("the action to be told", || async {
        let told = told(&api, "?kind=action", &["action", "outcome"]).await;
        (!told.is_empty()).then_some(told)
    })
    .await;
    assert_eq!(told, [json!(["count", "cancelled"])]);
}

#[tokio::test]
async fn it_is_read_in_parts_and_bad_questions_are_refused() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    for _ in 0..2 {
        api.enable("my_module").await;
        api.post("/api/modules/my_module/disable").await;
    }
    let members = ["id", "event"];
    let all = told(&api, "", &members).await;
    assert_eq!(
        all,
        [
            json!([1, "paired"]),
            json!([2, "enabled"]),
            json!([3, "disabled"])
        ]
    );
    let first = part(&api, "?limit=2").await;
    assert_eq!(
        (&first["entries"][0]["id"], &first["next"]),
        (&json!(3), &json!(2))
    );
    let rest = part(&api, "?limit=2&before=2").await;
    assert_eq!(
        (&rest["entries"][0]["id"], &rest["next"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(part(&api, "?limit=3").await["next"], Value::Null);
    assert_eq!(part(&api, "?before=1").await["entries"], json!([]));
    for bad in ["?kind=everything", "?before=x", "?limit=-1"] {
        let (status, _) = api.get(&format!("/api/activity{bad}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[tokio::test]
async fn it_is_written_by_itself_and_at_the_end_and_holds_no_secret() {
    let daemon = Daemon::start(&["workbench"]);
    let api = daemon.pair().await;
    let act = "/api/modules/workbench/action/use";
    api.enable("workbench").await;
    api.post_text(act, r#"{"name": "geheimnis"}"#).await;
    let token = json!({"token": "geheimnis"});
    api.put("/api/modules/workbench/settings", &token).await;
    // Nobody asks for it, and it comes to the disk.
    let path = daemon.data.path().to_owned();
    let kept = || {
        let files = ["contara.db", "contara.db-wal"];
        let files = files.map(|name| std::fs::read(path.join(name)).unwrap_or_default());
        String::from_utf8_lossy(&files.concat()).into_owned()
    };
    eventually("it to be written", || async {
        kept().contains("settingschanged").then_some(())
    })
    .await;
    assert!(!part(&api, "").await.to_string().contains("geheimnis"));
    api.post("/api/modules/workbench/disable").await;
    let port = daemon.port().to_owned();
    let (_, log, data) = daemon.stop();
    assert!(!log.contains("isn't written down"), "{log}");
    let daemon = Daemon::start_on(data, &["--port", &port]);
    let events = told(&api, "", &["event"]).await;
    let expected = ["paired", "enabled", "ran", "changed", "disabled"];
    assert_eq!(events, expected.map(|event| json!([event])));
    drop(daemon);
}

#[tokio::test]
async fn transactions_of_setup_are_told_as_they_stand_now() {
    let machine = Machine::start(&["failing"]).await;
    let id = machine.begin(&["failing"]).await;
    machine.until(id, "failed").await;
    machine.order(id, "retry").await;
    machine.until(id, "failed").await;
    let members = ["event", "transaction", "by"];
    let told = told(&machine.api, "?kind=setup", &members).await;
    let name = machine.module("failing").await["name"].clone();
    let transaction = json!({"id": id, "state": "failed", "modules": [name]});
    let by = json!({"client": 1, "name": "API client"});
    assert_eq!(
        told,
        [
            json!(["begun", transaction, by]),
            json!(["retried", transaction, by])
        ]
    );
}
