//! A daemon that isn't root: everything can be read, nothing can be changed, and it says why.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{As, CONFIGURATION, Machine, setup_folder, text};

#[tokio::test]
async fn who_is_not_root_shows_and_does_not_do() {
    let data = setup_folder(&["greeting", "talker"]);
    // What root has done stays to be seen.
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.run(&["talker"], Value::Null).await;
    let data = machine.daemon.kill();
    let machine = Machine::start_as(data, CONFIGURATION, As::Nobody, &[]).await;
    let overview = machine.overview().await;
    assert!(text(&overview["read_only"]).contains("root"), "{overview}");
    let plan = machine.plan(&["greeting"]).await;
    assert!(plan["problems"].to_string().contains("not_root"), "{plan}");
    assert!(plan["modules"][0]["form"].is_object(), "{plan}");
    assert_eq!(machine.transaction(id).await["state"], "done");
    assert!(machine.log_text(id).await.contains("an important one"));
    let (status, body) = machine.try_begin(&["greeting"]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
    assert!(text(&body["detail"]).contains("root"), "{body}");
    for what in ["retry", "cancel", "reboot", "undo"] {
        let (status, body) = machine.ask(id, what).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{what}: {body}");
    }
    let (status, _) = machine.try_answer(id, json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let listed = machine.contara(&["list"]);
    assert!(listed.text().contains("root"), "{}", listed.text());
    let install = machine.contara(&["install", "greeting", "--yes"]);
    assert_eq!(install.code(), Some(1), "{}", install.text());
    assert!(install.text().contains("root"), "{}", install.text());
}
