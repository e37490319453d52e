//! The layout of the dashboard: saved for each client, seen by those that have none, refused when it is stale.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Api, Daemon};

const PATH: &str = "/api/dashboard";

async fn layout(api: &Api) -> Value {
    let (status, body) = api.get(PATH).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

async fn save(api: &Api, version: &Value, tiles: Value) -> (StatusCode, Value) {
    api.put(PATH, &json!({"version": version, "tiles": tiles}))
        .await
}

#[tokio::test]
async fn a_layout_is_kept_for_its_client_and_the_latest_is_everybody_elses() {
    let daemon = Daemon::start(&[]);
    let first = daemon.pair().await;
    let second = daemon.pair_by(&daemon.fresh_code()).await;
    let nothing = json!({"version": 0, "own": false, "tiles": []});
    assert_eq!(layout(&first).await, nothing);

    let tiles = json!([
        {"module": "long_gone", "size": null, "hidden": true},
        {"module": "my_module", "size": {"columns": 2, "rows": 3}, "hidden": false},
    ]);
    let (status, saved) = save(&first, &json!(0), tiles.clone()).await;
    assert_eq!(
        (status, &saved["tiles"]),
        (StatusCode::OK, &tiles),
        "{saved}"
    );
    assert_eq!(layout(&first).await, saved);
    let seen = layout(&second).await;
    assert_eq!((&seen["own"], &seen["tiles"]), (&json!(false), &tiles));

    let own = json!([{"module": "my_module"}]);
    let (status, answer) = save(&second, &seen["version"], own).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let defaults = json!([{"module": "my_module", "size": null, "hidden": false}]);
    assert_eq!(answer["tiles"], defaults);
    assert_eq!(layout(&first).await, saved, "it has its own");

    let daemon = Daemon::start_on(daemon.kill(), &[]);
    let third = daemon.pair().await;
    let seen = layout(&third).await;
    assert_eq!((&seen["own"], &seen["tiles"]), (&json!(false), &defaults));
}

#[tokio::test]
async fn a_stale_page_is_told_and_changes_nothing() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let (_, first) = save(&api, &json!(0), json!([{"module": "a"}])).await;
    let (status, refused) = save(&api, &json!(0), json!([])).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(refused["kind"], "layout_changed");
    assert_eq!(layout(&api).await, first);
    let (status, _) = save(&api, &first["version"], json!([])).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_layout_is_refused_by_field_in_the_readers_language() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let wide = json!([{"module": "a", "size": {"columns": 7, "rows": 1}}]);
    let (status, answer) = save(&api, &json!(0), wide).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer["detail"], "This is no layout of a dashboard");
    let errors = json!({"tiles": "1 → size → columns: Must be at most 6."});
    assert_eq!(answer["errors"], errors);
    let (status, _) = save(&api, &json!(0.0), json!([])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let german = api.reading("de");
    let twice = json!([{"module": "a"}, {"module": "a"}]);
    let (_, answer) = save(&german, &json!(0), twice).await;
    let errors = json!({"tiles": "Das Modul „a“ darf nicht zweimal vorkommen."});
    assert_eq!(answer["errors"], errors);
    assert_eq!(layout(&api).await["version"], 0);
    let unknown = daemon.get(PATH).send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::UNAUTHORIZED);
}
