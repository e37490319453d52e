//! Detail pages, modules without a tile, and modules that draw only when asked.

use std::fs;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{
    Api, Daemon, PATIENCE, Stream, count, data_folder, eventually, ping, signal, write_module,
};

fn watch(module: Option<&str>) -> Message {
    let frame = json!({"type": "watch", "page": module});
    Message::Binary(rmp_serde::to_vec_named(&frame).unwrap().into())
}

async fn act(api: &Api, path: &str) {
    let (status, answer) = api.post(&format!("/api/modules/{path}")).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

/// The first line of the page in the next frames that have one.
async fn first_line(stream: &mut Stream) -> String {
    loop {
        let frame = stream.next_of("module_ui").await;
        if let Some(line) = frame["ui"]["page"]["children"][0]["content"].as_str() {
            return line.to_owned();
        }
    }
}

#[tokio::test]
async fn a_page_goes_to_those_who_watch_it_and_costs_the_others_no_frame() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    let (mut watcher, mut other) = (api.stream().await, api.stream().await);
    for stream in [&mut watcher, &mut other] {
        let module = &stream.next().await.unwrap()["modules"][0];
        assert_eq!(
            (&module["has_page"], module["ui"].get("page")),
            (&true.into(), None)
        );
    }
    watcher.send(watch(Some("notebook"))).await;
    assert_eq!(first_line(&mut watcher).await, "hidden 0");
    act(&api, "notebook/action/hide").await;
    assert_eq!(first_line(&mut watcher).await, "hidden 1");
    // A late watcher gets the page that is there already.
    let mut late = api.stream().await;
    late.next_of("full_state").await;
    late.send(watch(Some("notebook"))).await;
    assert_eq!(first_line(&mut late).await, "hidden 1");
    late.send(watch(None)).await;
    late.send(ping()).await;
    late.next_of("pong").await;
    act(&api, "notebook/action/hide").await;
    assert_eq!(first_line(&mut watcher).await, "hidden 2");
    late.send(ping()).await;
    assert_eq!(
        late.next().await.unwrap()["type"],
        "pong",
        "watches no more"
    );

    other.send(ping()).await;
    assert_eq!(other.next().await.unwrap()["type"], "pong", "no frame yet");
    let body = json!({"text": "milk"}).to_string();
    api.post_text("/api/modules/notebook/action/write", &body)
        .await;
    let frame = other.next().await.unwrap();
    assert_eq!(
        (count(&frame["ui"]), frame["ui"].get("page")),
        (1, None),
        "what concerns the tile comes without the page"
    );
}

#[tokio::test]
async fn watching_survives_the_worker() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    let mut watcher = api.stream().await;
    watcher.send(watch(Some("notebook"))).await;
    assert_eq!(first_line(&mut watcher).await, "hidden 0");
    signal(daemon.workers()[0], "KILL");
    loop {
        let frame = watcher.next_of("module_ui").await;
        if frame["life"] == "backoff" {
            break;
        }
    }
    assert_eq!(first_line(&mut watcher).await, "hidden 0");
}

const SLEEPER: &str = "
import time
from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Stack, Text, Tile

class Sleeper(Module):
    class State(ModuleState):
        turns: int = 0
    def get_tile(self):
        return Tile(icon='box', title='Sleeper')
    def get_page(self):
        return Stack(children=[Text(content=f'turned {self.typed_state.turns}')])
    @action
    async def turn(self):
        self.typed_state.turns += 1
    @action
    async def block(self):
        print('asleep', flush=True)
        time.sleep(6)
";

#[tokio::test]
async fn clients_that_come_and_go_while_a_module_blocks_get_its_page_in_the_end() {
    let daemon = Daemon::start_on(data_folder(&[]), &[]);
    let folder = daemon.modules().join("sleeper");
    write_module(&folder, SLEEPER);
    let manifest = fs::read_to_string(folder.join("module.json")).unwrap();
    let mut manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["capabilities"]["detailPage"] = true.into();
    fs::write(folder.join("module.json"), manifest.to_string()).unwrap();
    let api = daemon.pair().await;
    eventually("the module", || async { api.module("sleeper").await }).await;
    api.enable("sleeper").await;
    let mut client = api.stream().await;
    client.next_of("full_state").await;
    let blocked = act(&api, "sleeper/action/block");
    let asleep = eventually("the module to block", || async {
        let (_, log) = api.get("/api/modules/sleeper/logs").await;
        log.to_string().contains("asleep").then_some(())
    });
    let coming_and_going = come_and_go(&mut client, asleep);
    tokio::join!(blocked, coming_and_going);
    act(&api, "sleeper/action/turn").await;
    let page = async { while first_line(&mut client).await != "turned 1" {} };
    timeout(PATIENCE, page).await.expect("the page as it is");
}

async fn come_and_go(client: &mut Stream, asleep: impl Future<Output = ()>) {
    asleep.await;
    for _ in 0..40 {
        for page in [Some("sleeper"), None] {
            client.send(watch(page)).await;
            // So that each is noticed.
            client.send(ping()).await;
            client.next_of("pong").await;
        }
    }
    client.send(watch(Some("sleeper"))).await;
}

#[tokio::test]
async fn a_page_can_be_asked_for_and_is_drawn_then() {
    let daemon = Daemon::start(&["notebook", "my_module"]);
    let api = daemon.pair().await;
    let (status, _) = api.get("/api/modules/notebook/page").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "not enabled");
    api.enable("notebook").await;
    act(&api, "notebook/action/hide").await;
    let (_, answer) = api.get("/api/modules/notebook/page").await;
    assert_eq!(answer["page"]["children"][0]["content"], "hidden 1");
    assert_eq!(
        api.snapshot("notebook").await["ui"].get("page"),
        None,
        "nowhere else"
    );
    api.enable("my_module").await;
    let (status, answer) = api.get("/api/modules/my_module/page").await;
    assert_eq!(
        (status, &answer["detail"]),
        (
            StatusCode::NOT_FOUND,
            &"Module 'my_module' has no page".into()
        )
    );
}

fn modal(ui: &Value) -> &Value {
    &ui["modals"][0]["title"]
}

#[tokio::test]
async fn a_module_that_does_not_push_is_drawn_when_somebody_asks() {
    let daemon = Daemon::start(&["reserved"]);
    let api = daemon.pair().await;
    api.enable("reserved").await;
    let mut stream = api.stream().await;
    let first = stream.next().await.unwrap();
    assert_eq!(
        (
            modal(&first["modules"][0]["ui"]),
            &first["modules"][0]["live"]
        ),
        (&"looks 0".into(), &false.into())
    );
    let look = "/api/modules/reserved/action/look_later";
    let seen = async |path: &str, expected: &str, place: fn(&Value) -> Value| {
        api.post(look).await;
        eventually(expected, || async {
            let (_, answer) = api.get(path).await;
            (place(&answer) == expected).then_some(())
        })
        .await;
    };
    let of_ui = |answer: &Value| modal(&answer["ui"]).clone();
    seen("/api/modules/reserved/ui", "looks 1", of_ui).await;
    let of_state = |answer: &Value| modal(&answer["modules"][0]["ui"]).clone();
    seen("/api/state", "looks 2", of_state).await;
    let of_modals = |answer: &Value| answer["modals"][0]["title"].clone();
    seen("/api/modules/reserved/modals", "looks 3", of_modals).await;
    let of_page = |answer: &Value| answer["page"]["children"][0]["content"].clone();
    seen("/api/modules/reserved/page", "looks 4", of_page).await;
    api.post(look).await;
    eventually("a new stream to show it", || async {
        let first = api.stream().await.next().await.unwrap();
        (modal(&first["modules"][0]["ui"]) == "looks 5").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_module_without_a_tile_has_one_of_the_hosts() {
    let daemon = Daemon::start(&["reserved"]);
    let api = daemon.pair().await;
    api.enable("reserved").await;
    let snapshot = api.snapshot("reserved").await;
    let tile = &snapshot["ui"]["tile"];
    assert_eq!(
        (&snapshot["dashboard"], &tile["icon"], &tile["title"]),
        (&false.into(), &"notebook".into(), &"Reserved".into())
    );
    assert_eq!(tile["content"][0]["content"], "This module has no tile.");
}

#[tokio::test]
async fn the_modules_page_gets_all_that_the_manifest_says() {
    let daemon = Daemon::start(&["adjustable"]);
    let module = daemon.pair().await.module("adjustable").await.unwrap();
    for (field, expected) in [
        ("category", json!("test")),
        ("tags", json!(["test", "adjustable"])),
        ("homepage", json!("https://example.org/adjustable")),
        ("repository", Value::Null),
        ("requires_network", json!(false)),
        ("platforms", json!(["linux"])),
        ("python_deps", json!(["pydantic>=2"])),
        (
            "capabilities",
            json!({"websocket": true, "dashboard": true, "detail_page": false, "settings": true}),
        ),
    ] {
        assert_eq!(module[field], expected, "{field}");
    }
}
