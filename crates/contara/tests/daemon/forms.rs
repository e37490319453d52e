//! Actions: forms, errors at fields, long ones that are seen and cancelled.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Api, Daemon, count, eventually, ping};

async fn notebook(daemon: &Daemon) -> Api {
    let api = daemon.pair().await;
    api.enable("notebook").await;
    api
}

async fn act(api: &Api, action: &str, body: &Value) -> (StatusCode, Value) {
    let path = format!("/api/modules/notebook/action/{action}");
    api.post_text(&path, &body.to_string()).await
}

async fn notes(api: &Api) -> i64 {
    count(&api.snapshot("notebook").await["ui"])
}

#[tokio::test]
async fn the_fields_of_a_form_become_what_the_action_takes() {
    let daemon = Daemon::start(&["notebook"]);
    let api = notebook(&daemon).await;
    let body = json!({"times": 1, "__form__": {"text": "milk", "times": "7", "ink": "red", "unrelated": true}});
    let (status, answer) = act(&api, "write", &body).await;
    assert_eq!(
        (status, &answer["results"][0]["message"]),
        (StatusCode::OK, &"1 in red".into()),
        "what is bound wins"
    );
    let (_, answer) = act(
        &api,
        "write",
        &json!({"__form__": {"text": "milk", "times": "2"}}),
    )
    .await;
    assert_eq!(answer["results"][0]["message"], "2 in blue");
    let (_, answer) = act(&api, "write", &json!({"text": "milk", "times": "3"})).await;
    assert_eq!(
        answer["results"][0]["message"], "3 in blue",
        "without a form too"
    );
    assert_eq!(notes(&api).await, 6);
}

#[tokio::test]
async fn what_cannot_be_coerced_or_is_missing_is_said_at_the_field_and_nothing_runs() {
    let daemon = Daemon::start(&["notebook"]);
    let api = notebook(&daemon).await;
    let form = json!({"__form__": {"times": "many", "ink": "green"}});
    let (status, answer) = act(&api, "write", &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let mut fields: Vec<_> = answer["errors"].as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["ink", "text", "times"], "{answer}");
    for text in answer["errors"].as_object().unwrap().values() {
        assert!(text.as_str().unwrap().len() > 5, "{answer}");
    }
    let (status, answer) = act(&api, "write", &json!({"times": "many"})).await;
    assert_eq!(
        (status, &answer["results"][0]["type"]),
        (StatusCode::OK, &"notify".into()),
        "as v1 has it when there is no form"
    );
    let (status, answer) = act(&api, "write", &json!({"__form__": "text=milk"})).await;
    assert_eq!(
        (status, &answer["detail"][0]["loc"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!(["body", "__form__"])
        )
    );
    let bound = json!({"no_such": 1, "__form__": {"text": "a"}});
    let (_, answer) = act(&api, "write", &bound).await;
    assert!(answer.to_string().contains("no_such"), "{answer}");
    assert_eq!(notes(&api).await, 0);
}

#[tokio::test]
async fn an_action_that_raises_or_takes_too_long_is_a_notification() {
    let daemon = Daemon::start(&["notebook"]);
    let api = notebook(&daemon).await;
    for (action, why) in [("fail", "no such page"), ("dawdle", "0.3")] {
        let (status, answer) = act(&api, action, &json!({"__form__": {}})).await;
        let notice = &answer["results"][0];
        assert_eq!(
            (status, &notice["variant"]),
            (StatusCode::OK, &"error".into())
        );
        assert!(
            notice["message"].as_str().unwrap().contains(why),
            "{notice}"
        );
    }
    assert_eq!(api.snapshot("notebook").await["life"], "running");
}

#[tokio::test]
async fn schemas_say_what_actions_take() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    let (_, answer) = api.get("/api/modules/notebook/actions").await;
    let schema = &answer["schemas"]["write"];
    assert_eq!(schema["params"]["properties"]["times"]["type"], "integer");
    assert_eq!(answer["schemas"]["dawdle"]["timeout"], 0.3);
    let names = answer["actions"].as_array().unwrap();
    assert!(names.contains(&"copy".into()) && !names.contains(&"get_tile".into()));
}

#[tokio::test]
async fn a_long_action_is_seen_by_all_says_how_far_it_is_and_can_be_cancelled() {
    let daemon = Daemon::start(&["notebook"]);
    let api = notebook(&daemon).await;
    let mut other = api.stream().await;
    other.next_of("full_state").await;
    let caller = api.clone();
    let body = json!({"disk": "sda", "__form__": {"password": "geheim"}});
    let call = tokio::spawn(async move { act(&caller, "copy", &body).await });
    let running = loop {
        let frame = other.next_of("module_ui").await;
        if let Some(running) = frame["running"].get(0) {
            break running.clone();
        }
    };
    assert_eq!(
        (&running["action"], &running["params"]),
        (&"copy".into(), &json!({"disk": "sda"}))
    );
    let progress = json!({"done": 1, "total": 4, "text": "Copying sda safely"});
    assert_eq!(running["progress"], progress);
    let cancel = format!("/api/modules/notebook/calls/{}/cancel", running["call"]);
    assert_eq!(api.post(&cancel).await.1, json!({"success": true}));
    let (status, answer) = call.await.unwrap();
    let notice = &answer["results"][0];
    assert_eq!(
        (
            status,
            &notice["type"],
            &notice["variant"],
            &notice["message"]
        ),
        (
            StatusCode::OK,
            &"notify".into(),
            &"info".into(),
            &"copy was cancelled".into()
        )
    );
    assert_eq!(api.snapshot("notebook").await["running"], json!([]));
    assert_eq!(api.post(&cancel).await.1, json!({"success": false}));
    let (_, answer) = api.post("/api/modules/notebook/calls/x/cancel").await;
    assert_eq!(answer, json!({"success": false}));
    let (status, _) = api.post("/api/modules/nobody/calls/1/cancel").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn quick_actions_cost_no_frame_beside_the_one_of_their_ui() {
    let daemon = Daemon::start(&["notebook"]);
    let api = notebook(&daemon).await;
    let mut stream = api.stream().await;
    stream.next_of("full_state").await;
    for expected in 1..=3 {
        act(&api, "write", &json!({"text": "milk"})).await;
        let frame = stream.next().await.unwrap();
        assert_eq!(
            (count(&frame["ui"]), &frame["running"]),
            (expected, &json!([]))
        );
    }
    stream.send(ping()).await;
    assert_eq!(stream.next().await.unwrap()["type"], "pong");
}

#[tokio::test]
async fn what_was_running_ends_with_its_worker() {
    let daemon = Daemon::start(&["notebook"]);
    let api = notebook(&daemon).await;
    let caller = api.clone();
    let call = tokio::spawn(async move { act(&caller, "copy", &json!({"disk": "sda"})).await });
    eventually("the action to be seen", || async {
        let snapshot = api.snapshot("notebook").await;
        snapshot["running"].get(0).cloned()
    })
    .await;
    crate::support::signal(daemon.workers()[0], "KILL");
    let (_, answer) = call.await.unwrap();
    assert_eq!(answer["results"][0]["variant"], "error");
    assert_eq!(api.snapshot("notebook").await["running"], json!([]));
}
