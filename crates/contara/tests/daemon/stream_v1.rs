//! The stream that existing clients read.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Api, Daemon, Stream, copy, count, data_folder, fixture, ping, write_module};

async fn running(daemon: &Daemon) -> Api {
    let api = daemon.pair().await;
    api.enable("my_module").await;
    api
}

async fn increment(api: &Api) {
    let (status, body) = api.post("/api/modules/my_module/action/increment").await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn the_first_frame_is_the_full_state_and_each_change_a_module_ui() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon).await;
    let (mut one, mut other) = (api.stream().await, api.stream().await);
    for stream in [&mut one, &mut other] {
        let frame = stream.next().await.unwrap();
        assert_eq!(
            (&frame["type"], &frame["active_modal"]),
            (&"full_state".into(), &Value::Null)
        );
        let module = &frame["modules"][0];
        assert_eq!(
            (&module["name"], &module["enabled"], count(&module["ui"])),
            (&"my_module".into(), &true.into(), 0)
        );
        let timestamp = frame["timestamp"].as_str().unwrap();
        assert_eq!(timestamp.len(), 26, "{timestamp}");
    }
    increment(&api).await;
    for stream in [&mut one, &mut other] {
        let frame = stream.next().await.unwrap();
        assert_eq!(
            (&frame["type"], &frame["module"]),
            (&"module_ui".into(), &"my_module".into())
        );
        assert_eq!(
            (&frame["display_name"], &frame["initialized"]),
            (&"My Module".into(), &true.into())
        );
        assert_eq!(count(&frame["ui"]), 1);
    }
}

#[tokio::test]
async fn rest_and_stream_give_the_same_tree() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon).await;
    let frame = api.stream().await.next().await.unwrap();
    assert_eq!(
        frame["modules"][0]["ui"],
        api.snapshot("my_module").await["ui"]
    );
    assert!(
        !frame["modules"][0]["ui"].to_string().contains("null"),
        "props that are null are left out"
    );
}

/// When a frame was made, by its own timestamp: how long it then took to get here doesn't matter.
fn second_of_the_day(frame: &Value) -> f64 {
    let timestamp = frame["timestamp"].as_str().unwrap();
    let clock = timestamp.split_once('T').unwrap().1.split(':');
    clock.fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().unwrap())
}

#[tokio::test]
async fn bursts_are_coalesced_and_the_last_state_always_arrives() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon).await;
    let mut stream = api.stream().await;
    stream.next_of("full_state").await;
    let burst = tokio::spawn(async move {
        for _ in 0..200 {
            increment(&api).await;
        }
    });
    let mut sent = Vec::new();
    loop {
        let frame = stream.next_of("module_ui").await;
        sent.push(second_of_the_day(&frame));
        if count(&frame["ui"]) == 200 {
            break;
        }
    }
    burst.await.unwrap();
    assert!((2..200).contains(&sent.len()), "{} frames", sent.len());
    for pair in sent.windows(2) {
        let gap = (pair[1] - pair[0]).rem_euclid(86_400.0);
        assert!(gap >= 0.059, "{gap} s");
    }
}

#[tokio::test]
async fn the_first_tile_of_a_module_that_was_enabled_waits_for_nothing() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon).await;
    let mut stream = api.stream().await;
    stream.next_of("full_state").await;
    // A start that takes longer than the pause between two frames proves nothing: then it is done again.
    for _ in 0..50 {
        api.post("/api/modules/my_module/disable").await;
        let mut stopped = stream.next_of("module_ui").await;
        while stopped["life"] != "stopped" {
            stopped = stream.next_of("module_ui").await;
        }
        pause_is_over(&mut stream, &stopped).await;
        api.enable("my_module").await;
        if gap_before_first_tile(&mut stream).await < 0.055 {
            return;
        }
    }
    panic!("no first tile came less than 60 ms after the frame before it");
}

/// Waits until the daemon's clock says that the next frame may come at once.
async fn pause_is_over(stream: &mut Stream, last: &Value) {
    let mut now = last.clone();
    while second_of_the_day(&now) - second_of_the_day(last) < 0.065 {
        stream.send(ping()).await;
        now = stream.next_of("pong").await;
    }
}

/// Seconds; endless if there was no frame before it, since the start was over before it could be told.
async fn gap_before_first_tile(stream: &mut Stream) -> f64 {
    let mut last = f64::NEG_INFINITY;
    loop {
        let frame = stream.next_of("module_ui").await;
        let now = second_of_the_day(&frame);
        if frame["life"] == "running" {
            return now - last;
        }
        last = now;
    }
}

#[tokio::test]
async fn switching_on_and_off_is_told_and_so_is_a_new_module() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon).await;
    let mut stream = api.stream().await;
    stream.next_of("full_state").await;
    api.post("/api/modules/my_module/disable").await;
    loop {
        let frame = stream.next_of("module_ui").await;
        if frame["enabled"] == false && frame["life"] == "stopped" {
            assert_eq!(frame["ui"], Value::Null);
            break;
        }
    }
    copy(
        &fixture("exits_at_import"),
        &daemon.modules().join("exits_at_import"),
    );
    loop {
        let frame = stream.next_of("full_state").await;
        if frame["modules"].as_array().unwrap().len() == 2 {
            break;
        }
    }
}

#[tokio::test]
async fn a_ping_gets_a_pong_and_unknown_types_are_ignored() {
    let daemon = Daemon::start(&[]);
    let mut stream = daemon.pair().await.stream().await;
    stream.next_of("full_state").await;
    let unknown =
        rmp_serde::to_vec_named(&json!({"type": "from_the_future", "x": [1, 2]})).unwrap();
    stream.send(Message::Binary(unknown.into())).await;
    stream.send(ping()).await;
    let pong = stream.next().await.unwrap();
    assert_eq!(
        (&pong["type"], pong["timestamp"].is_string()),
        (&"pong".into(), true)
    );
}

#[tokio::test]
async fn what_v1_does_not_speak_ends_only_that_connection() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let mut stays = api.stream().await;
    stays.next_of("full_state").await;
    let too_large = Message::Binary(vec![0; 100_000].into());
    for bad in [
        Message::text("hello"),
        Message::Binary(vec![0xc1].into()),
        Message::Binary(vec![1].into()),
        too_large,
    ] {
        let mut stream = api.stream().await;
        stream.next_of("full_state").await;
        stream.send(bad).await;
        assert!(stream.next().await.is_err());
    }
    stays.send(ping()).await;
    stays.next_of("pong").await;
}

#[tokio::test]
async fn a_stop_closes_sockets_so_that_clients_come_back() {
    let daemon = Daemon::start(&[]);
    let mut stream = daemon.pair().await.stream().await;
    stream.next_of("full_state").await;
    let stopped = tokio::task::spawn_blocking(move || daemon.stop().0);
    assert_eq!(stream.next().await, Err(Some(1001)));
    assert_eq!(stopped.await.unwrap().code(), Some(0));
}

const BAD_UI: &str = "
from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Stat, Tile

class BadUi(Module):
    class State(ModuleState):
        value: float = 1.0
    async def initialize(self): ...
    async def start_monitoring(self): ...
    async def stop_monitoring(self): ...
    def get_tile(self):
        return Tile(icon='box', title='Bad UI', stats=[Stat(label='Value', value=self._typed_state.value)])
    @action
    async def spoil(self):
        self._typed_state.value = float('nan')
        self._typed_state.commit()
    @action
    async def mend(self):
        self._typed_state.value = 2.0
        self._typed_state.commit()
";

#[tokio::test]
async fn one_module_with_a_bad_ui_never_breaks_the_state_of_the_others() {
    let data = data_folder(&["my_module"]);
    write_module(&data.path().join("modules/bad_ui"), BAD_UI);
    let daemon = Daemon::start_on(data, &[]);
    let api = running(&daemon).await;
    api.enable("bad_ui").await;
    api.post("/api/modules/bad_ui/action/spoil").await;
    let (status, state) = api.get("/api/state").await;
    assert_eq!(
        (status.as_u16(), count(&state["modules"][1]["ui"])),
        (200, 0)
    );
    let spoiled = api.snapshot("bad_ui").await;
    assert_eq!(
        (&spoiled["life"], &spoiled["problem"]["title"]),
        (&"running".into(), &"This module can't draw its tile".into())
    );
    let mut stream: Stream = api.stream().await;
    assert_eq!(
        stream.next().await.unwrap()["modules"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    api.post("/api/modules/bad_ui/action/mend").await;
    let mended = api.snapshot("bad_ui").await;
    assert_eq!(
        (
            &mended["problem"],
            &mended["ui"]["tile"]["stats"][0]["value"]
        ),
        (&Value::Null, &2.0.into())
    );
}
