//! The stream of version 2: what changes comes as patches, and each client is right at every moment.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::mirror::Mirror;
use crate::support::{Api, Daemon, Following, checkout, copy, count, data_folder, fixture, python};

async fn running(daemon: &Daemon, modules: &[&str]) -> Api {
    let api = daemon.pair().await;
    for module in modules {
        api.enable(module).await;
    }
    api
}

/// What REST says of a module, as the stream has it.
async fn told_by_rest(api: &Api, module: &str) -> (Value, Value) {
    let mut info = api.snapshot(module).await;
    let fields = info.as_object_mut().unwrap();
    fields.remove("name");
    let ui = fields.remove("ui").unwrap();
    (info, ui)
}

async fn is_right(api: &Api, client: &Mirror, module: &str) {
    let (info, ui) = told_by_rest(api, module).await;
    assert_eq!(client.info(module), &info);
    assert_eq!(client.ui(module), ui);
}

#[tokio::test]
async fn a_client_gets_each_module_whole_and_then_what_changes() {
    let daemon = Daemon::start(&["my_module", "ticker"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut client = Mirror::connect(&api, "").await;
    assert_eq!(client.hello["protocol"], 2);
    assert_eq!(client.hello["version"], env!("CARGO_PKG_VERSION"));
    assert!(client.hello["session"].is_u64() && client.hello["node"].is_string());
    is_right(&api, &client, "my_module").await;
    assert_eq!(client.ui("ticker"), Value::Null);
    api.post("/api/modules/my_module/action/increment").await;
    let frame = client.next_of("patch").await;
    let ops = json!([{"op": "replace", "path": "/tile/stats/0/value", "value": 1}]);
    assert_eq!(frame["ops"], ops);
    is_right(&api, &client, "my_module").await;
    assert!(
        client.sizes.iter().last().unwrap() <= &120,
        "{:?}",
        client.sizes
    );
}

#[tokio::test]
async fn an_action_s_patch_comes_before_its_result() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut client = Mirror::connect(&api, "").await;
    for number in 1..=200 {
        client
            .act(number, "my_module", "increment", Value::Null)
            .await;
        let result = client.next_of("result").await;
        assert_eq!(
            result,
            json!({"type": "result", "id": number, "results": []})
        );
        assert_eq!(
            count(&client.ui("my_module")),
            i64::try_from(number).unwrap()
        );
    }
}

#[tokio::test]
async fn forms_failures_and_refusals_are_told_as_rest_tells_them() {
    let daemon = Daemon::start(&["workbench", "ticker"]);
    let api = running(&daemon, &["workbench"]).await;
    let mut client = Mirror::connect(&api, "").await;
    let form =
        |name: &str, port: &str| json!({"__form__": {"name": name, "port": port, "token": null}});
    client.act(1, "workbench", "save", form("nas", "x")).await;
    let refused = client.next_of("result").await;
    let rest = api
        .http
        .post(format!("{}/api/modules/workbench/action/save", api.url))
        .bearer_auth(&api.token)
        .json(&form("nas", "x"));
    let rest: Value =
        serde_json::from_str(&rest.send().await.unwrap().text().await.unwrap()).unwrap();
    for field in ["status", "detail", "errors"] {
        assert_eq!(refused["error"][field], rest[field], "{field}");
    }
    client.act(2, "workbench", "save", form("nas", "81")).await;
    assert_eq!(client.next_of("result").await["results"], json!([]));
    assert!(client.ui("workbench").to_string().contains("Saved nas:81"));
    client.act(3, "workbench", "save", Value::Null).await;
    assert_eq!(
        client.next_of("result").await["results"][0]["type"],
        "notify"
    );
    for (id, module, action, status) in [
        (4, "nowhere", "save", 404),
        (5, "workbench", "fly", 400),
        (6, "ticker", "tick", 400),
    ] {
        client.act(id, module, action, Value::Null).await;
        let result = client.next_of("result").await;
        assert_eq!(
            (&result["id"], &result["error"]["status"]),
            (&id.into(), &status.into()),
            "{result}"
        );
    }
    client
        .act(7, "workbench", "save", json!({"__form__": 1}))
        .await;
    let refused = client.next_of("result").await;
    let detail = "body.__form__: Input should be a valid dictionary";
    assert_eq!(refused["error"], json!({"status": 422, "detail": detail}));
}

#[tokio::test]
async fn a_long_action_says_how_far_it_is_and_can_be_cancelled() {
    let daemon = Daemon::start(&["workbench"]);
    let api = running(&daemon, &["workbench"]).await;
    let mut client = Mirror::connect(&api, "").await;
    client.act(1, "workbench", "count", Value::Null).await;
    let progress = client.next_of("progress").await;
    assert_eq!(progress["id"], 1);
    client.act(1, "workbench", "wipe", Value::Null).await;
    assert_eq!(client.next_of("result").await["error"]["status"], 409);
    client.say(&json!({"type": "cancel", "id": 1})).await;
    let result = client.next_of("result").await;
    assert_eq!(result["id"], 1);
    assert_eq!(result["results"][0]["variant"], "info", "{result}");
    client.say(&json!({"type": "cancel", "id": 1})).await;
    assert_eq!(client.next_of("notice").await["kind"], "unknown_action");
}

#[tokio::test]
async fn thirty_two_actions_at_a_time_are_enough() {
    let daemon = Daemon::start(&["workbench"]);
    let api = running(&daemon, &["workbench"]).await;
    let mut client = Mirror::connect(&api, "").await;
    for id in 1..=33 {
        client.act(id, "workbench", "count", Value::Null).await;
    }
    let result = client.next_of("result").await;
    assert_eq!(
        (&result["id"], &result["error"]["status"]),
        (&33.into(), &429.into())
    );
}

#[tokio::test]
async fn resuming_costs_only_what_is_behind() {
    let daemon = Daemon::start(&["my_module", "workbench"]);
    let api = running(&daemon, &["my_module", "workbench"]).await;
    let client = Mirror::connect(&api, "").await;
    let known = client.known();
    api.post("/api/modules/my_module/action/increment").await;

    let mut back = client.back(&api, &known).await;
    let entries = back.snapshot["modules"].as_array().unwrap().clone();
    assert!(
        entries.iter().all(|entry| entry.get("ui").is_none()),
        "{entries:?}"
    );
    back.until(|mirror| count(&mirror.ui("my_module")) == 1)
        .await;
    for module in ["my_module", "workbench"] {
        is_right(&api, &back, module).await;
    }
    assert!(back.sizes.iter().sum::<usize>() < 500, "{:?}", back.sizes);

    // Of another run, of the future, of long ago: nothing that a patch could follow.
    let mut other_run = known.clone();
    other_run.run = "00000000-en".into();
    let mut future = back.known();
    future.revisions.insert("my_module".into(), u64::MAX);
    for number in 0..20 {
        let (status, body) = api.post("/api/modules/my_module/action/increment").await;
        assert_eq!(status, 200, "{number}: {body}");
        back.until(|mirror| count(&mirror.ui("my_module")) == number + 2)
            .await;
    }
    for known in [other_run, future, known] {
        back = back.back(&api, &known).await;
        assert!(back.snapshot.to_string().contains("\"ui\":{"), "{known:?}");
        is_right(&api, &back, "my_module").await;
        is_right(&api, &back, "workbench").await;
    }
}

#[tokio::test]
async fn a_client_that_lost_its_way_begins_anew_on_the_same_socket() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut client = Mirror::connect(&api, "").await;
    let known = client.known();
    // Whatever it names, all comes whole: something that follows it may be on its way.
    let named = json!({"type": "resume", "run": known.run, "modules": known.revisions});
    for resume in [json!({"type": "resume"}), named] {
        client.say(&resume).await;
        let snapshot = client.next_of("snapshot").await;
        assert_eq!(count(&snapshot["modules"][0]["ui"]), 0);
    }
    is_right(&api, &client, "my_module").await;
}

#[tokio::test]
async fn modules_come_and_go_and_change_their_metadata() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut client = Mirror::connect(&api, "").await;
    copy(&fixture("ticker"), &daemon.modules().join("ticker"));
    client.until(|mirror| mirror.has("ticker")).await;
    copy(&fixture("workbench"), &daemon.modules().join("workbench"));
    client.until(|mirror| mirror.has("workbench")).await;
    let entries = client.last["modules"].as_array().unwrap();
    assert_eq!(
        (&client.last["type"], entries.len()),
        (&"snapshot".into(), 3)
    );
    api.enable("ticker").await;
    client
        .until(|mirror| mirror.info("ticker")["life"] == "running")
        .await;
    client.until(|mirror| count(&mirror.ui("ticker")) > 3).await;
    let manifest = daemon.modules().join("ticker/module.json");
    let renamed = std::fs::read_to_string(&manifest).unwrap();
    let renamed = renamed.replace("\"Ticker\"", "\"Metronome\"");
    std::fs::write(&manifest, renamed).unwrap();
    client
        .until(|mirror| mirror.info("ticker")["display_name"] == "Metronome")
        .await;
    std::fs::remove_dir_all(daemon.modules().join("ticker")).unwrap();
    client.until(|mirror| !mirror.has("ticker")).await;
    api.post("/api/modules/my_module/disable").await;
    client
        .until(|mirror| mirror.info("my_module")["life"] == "stopped")
        .await;
    assert_eq!(client.ui("my_module"), Value::Null);
}

#[tokio::test]
async fn a_detail_page_is_patched_for_those_who_look_at_it() {
    let data = data_folder(&["workbench"]);
    let second = data.path().join("modules/second");
    copy(&fixture("workbench"), &second);
    let manifest = std::fs::read_to_string(second.join("module.json")).unwrap();
    let renamed = manifest.replace("\"workbench\"", "\"second\"");
    std::fs::write(second.join("module.json"), renamed).unwrap();
    let daemon = Daemon::start_on(data, &[]);
    let api = running(&daemon, &["workbench", "second"]).await;
    let (mut looks, mut other) = (
        Mirror::connect(&api, "").await,
        Mirror::connect(&api, "").await,
    );
    looks
        .say(&json!({"type": "subscribe", "page": "workbench"}))
        .await;
    looks
        .until(|mirror| mirror.ui("workbench").get("page").is_some())
        .await;
    let name = |mirror: &Mirror| mirror.ui("workbench")["page"].to_string();
    api.post_text("/api/modules/workbench/action/use", r#"{"name": "Nas"}"#)
        .await;
    looks
        .until(|mirror| name(mirror).contains("The name is Nas"))
        .await;
    assert_eq!(looks.last["type"], "patch");
    looks.say(&json!({"type": "subscribe", "page": null})).await;
    looks
        .until(|mirror| mirror.ui("workbench").get("page").is_none())
        .await;
    is_right(&api, &looks, "workbench").await;
    other
        .until(|mirror| mirror.ui("workbench") == looks.ui("workbench"))
        .await;

    // From one page straight to another's: only that one has it.
    for wanted in ["workbench", "second"] {
        looks
            .say(&json!({"type": "subscribe", "page": wanted}))
            .await;
        looks
            .until(|mirror| mirror.ui(wanted).get("page").is_some())
            .await;
    }
    looks
        .until(|mirror| mirror.ui("workbench").get("page").is_none())
        .await;
    is_right(&api, &looks, "workbench").await;

    looks
        .say(&json!({"type": "subscribe", "page": "nowhere"}))
        .await;
    let notice = looks.next_of("notice").await;
    assert_eq!(
        (&notice["kind"], &notice["module"]),
        (&"unknown_module".into(), &"nowhere".into())
    );
}

#[tokio::test]
async fn words_of_contaras_own_are_in_the_language_of_each_client() {
    let daemon = Daemon::start(&["exits_at_import", "my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut german = Mirror::connect(&api, "&language=de").await;
    let mut english = Mirror::connect(&api, "").await;
    assert_ne!(german.hello["run"], english.hello["run"]);
    api.post("/api/modules/exits_at_import/enable").await;
    for (client, language) in [(&mut german, "de"), (&mut english, "en")] {
        client
            .until(|mirror| mirror.info("exits_at_import")["problem"].is_object())
            .await;
        let (info, ui) = told_by_rest(&api.reading(language), "exits_at_import").await;
        let title = |info: &Value| info["problem"]["title"].clone();
        assert_eq!(title(client.info("exits_at_import")), title(&info));
        client
            .until(|mirror| mirror.ui("exits_at_import") == ui)
            .await;
    }
    german.say(&json!({"type": "dance"})).await;
    let notice = german.next_of("notice").await;
    assert_eq!(notice["kind"], "unknown_type");
    assert!(
        notice["text"].as_str().unwrap().contains("nicht"),
        "{notice}"
    );
}

#[tokio::test]
async fn a_storm_is_sixty_frames_a_second_at_most_and_delays_nobody() {
    let data = data_folder(&["ticker", "commits_in_its_loop"]);
    let daemon = Daemon::start_on(data, &[]);
    let api = running(&daemon, &["ticker", "commits_in_its_loop"]).await;
    let mut client = Mirror::connect(&api, "").await;
    let (start, mut stormy, mut ticks) = (Instant::now(), 0, Vec::new());
    while start.elapsed() < Duration::from_secs(3) {
        match client.next().await["module"].as_str() {
            Some("commits_in_its_loop") => stormy += 1,
            Some("ticker") => ticks.push(Instant::now()),
            _ => {}
        }
    }
    assert!((6..=190).contains(&stormy), "{stormy} frames in 3 s");
    assert!(ticks.len() > 10, "{} ticks", ticks.len());
    api.post("/api/modules/commits_in_its_loop/disable").await;
    client
        .until(|mirror| mirror.info("commits_in_its_loop")["life"] == "stopped")
        .await;
}

/// What clients do doesn't make another one's dashboard draw faster than it can.
#[tokio::test]
async fn the_actions_of_others_are_sixty_frames_a_second_at_most() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let (mut busy, mut looks_on) = (
        Mirror::connect(&api, "").await,
        Mirror::connect(&api, "").await,
    );
    let acting = async {
        let (start, mut acted) = (Instant::now(), 0);
        while start.elapsed() < Duration::from_secs(2) {
            acted += 1;
            busy.act(acted, "my_module", "increment", Value::Null).await;
            busy.next_of("result").await;
        }
        (i64::try_from(acted).unwrap(), start.elapsed())
    };
    let looking_on = async {
        looks_on
            .until(|mirror| count(&mirror.ui("my_module")) > 0)
            .await;
        let beat = Duration::from_secs(1);
        let mut frames = 0;
        while tokio::time::timeout(beat, looks_on.next()).await.is_ok() {
            frames += 1;
        }
        frames
    };
    let ((acted, took), frames) = tokio::join!(acting, looking_on);
    let most = took.as_secs_f64() * 60.0 + 2.0;
    assert!(f64::from(frames) <= most, "{frames} frames in {took:?}");
    assert!(
        acted > i64::from(frames) && frames > 10,
        "{acted}, {frames}"
    );
    assert_eq!(count(&looks_on.ui("my_module")), acted);
}

#[tokio::test]
async fn a_client_that_reads_late_gets_the_last_state_in_few_frames() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut late = Mirror::connect(&api, "").await;
    let mut client = Mirror::connect(&api, "").await;
    for number in 1..=300 {
        client
            .act(number, "my_module", "increment", Value::Null)
            .await;
        client.next_of("result").await;
    }
    late.until(|mirror| count(&mirror.ui("my_module")) == 300)
        .await;
    is_right(&api, &late, "my_module").await;
}

#[tokio::test]
async fn clients_of_both_versions_see_the_same() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut first = api.stream().await;
    first.next_of("full_state").await;
    let mut second = Mirror::connect(&api, "").await;
    second.act(1, "my_module", "increment", Value::Null).await;
    second.next_of("result").await;
    assert_eq!(count(&first.next_of("module_ui").await["ui"]), 1);
}

#[tokio::test]
async fn what_v2_does_not_speak_ends_only_that_connection_with_a_reason() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut stays = Mirror::connect(&api, "").await;
    let pack = |value: Value| Message::Binary(rmp_serde::to_vec_named(&value).unwrap().into());
    let deep = [[0x91; 70].as_slice(), &[0xc0]].concat();
    for (bad, code, words) in [
        (Message::text("hello"), 1003, "frames are binary"),
        (Message::Binary(vec![0xc1].into()), 1007, "can't be read"),
        (Message::Binary(deep.into()), 1007, "can't be read"),
        (
            pack(json!({"type": "resume", "modules": 1})),
            1007,
            "`modules`",
        ),
        (pack(json!({"module": "x"})), 1007, "`type` is missing"),
        (pack(json!({"type": "action", "id": "x"})), 1007, "`id`"),
        (
            Message::Binary(vec![0; 100_000].into()),
            1009,
            "over 64 KiB",
        ),
    ] {
        let mut client = Mirror::connect(&api, "").await;
        client.send(bad).await;
        let (closed, reason) = client.closed().await;
        assert_eq!(closed, code, "{reason}");
        assert!(reason.contains(words), "{reason}");
    }
    let mut hasty = Mirror::unready(&api, "").await;
    hasty.act(1, "my_module", "increment", Value::Null).await;
    let (code, reason) = hasty.closed().await;
    assert_eq!(
        (code, reason.as_str()),
        (1008, "the first frame has to be `resume`")
    );
    for ping in [
        pack(json!({"type": "ping"})),
        Message::Ping(Vec::new().into()),
    ] {
        let mut flood = Mirror::connect(&api, "").await;
        for _ in 0..1_100 {
            flood.send(ping.clone()).await;
        }
        assert_eq!(flood.closed().await.0, 1008);
    }
    stays.act(1, "my_module", "increment", Value::Null).await;
    stays.next_of("result").await;
    assert_eq!(count(&stays.ui("my_module")), 1);
}

/// A socket whose upgrade is asked for, and no more.
async fn raw_socket(daemon: &Daemon, api: &Api) -> TcpStream {
    let address = ("127.0.0.1", daemon.port().parse().unwrap());
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: contara.v2\r\nAuthorization: Bearer {}\r\n\r\n",
        api.token
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

#[tokio::test]
async fn a_frame_that_is_too_large_is_refused_by_its_head() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let mut socket = raw_socket(&daemon, &api).await;
    // A binary frame of 15 MiB, masked with zeros (RFC 6455, 5.2), of which nothing follows.
    let length = (15_u64 << 20).to_be_bytes();
    let head = [&[0x82, 0xff][..], &length, &[0; 4]].concat();
    socket.write_all(&head).await.unwrap();
    let mut all = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(10), socket.read_to_end(&mut all));
    let _ = end.await.unwrap();
    let too_large = 1009_u16.to_be_bytes();
    let has_code = all.windows(2).any(|bytes| bytes == too_large);
    assert!(has_code, "{}", String::from_utf8_lossy(&all));
}

#[tokio::test]
async fn who_says_nothing_is_closed_within_thirty_seconds() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    // One that never says what it has, and one that answers no ping.
    let mut mute = Mirror::unready(&api, "").await;
    let mut silent = raw_socket(&daemon, &api).await;
    let start = Instant::now();
    // An empty `resume`, masked with zeros (RFC 6455, 5.3), and not a byte more.
    let resume = rmp_serde::to_vec_named(&json!({"type": "resume"})).unwrap();
    let head = [0x82, 0x80 | u8::try_from(resume.len()).unwrap(), 0, 0, 0, 0];
    silent
        .write_all(&[&head[..], &resume].concat())
        .await
        .unwrap();
    let (code, reason) = mute.closed().await;
    assert_eq!((code, reason.as_str()), (1008, "no `resume` within 10 s"));
    let mut all = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(40), silent.read_to_end(&mut all));
    // A reset is an end, too.
    let _ = end.await.unwrap();
    let took = start.elapsed();
    assert!((20..=30).contains(&took.as_secs()), "{took:?}");
    assert!(all.starts_with(b"HTTP/1.1 101"));
}

#[tokio::test]
async fn signing_out_and_a_stop_are_said() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let other = daemon.pair_by(&daemon.fresh_code()).await;
    let mut signed_out = Mirror::connect(&api, "").await;
    let mut stays = Mirror::connect(&other, "").await;
    api.post("/api/auth/unpair").await;
    assert_eq!(signed_out.closed().await.0, 4401);
    let stopped = tokio::task::spawn_blocking(move || daemon.stop().0);
    assert_eq!(stays.closed().await.0, 1001);
    assert_eq!(stopped.await.unwrap().code(), Some(0));
}

#[tokio::test]
async fn the_python_client_follows_through_a_kill_of_the_daemon() {
    let daemon = Daemon::start(&["my_module"]);
    let api = running(&daemon, &["my_module"]).await;
    let mut command = std::process::Command::new(python());
    command
        .arg(checkout().join("tests/fixtures/stream_client.py"))
        .env("CONTARA_URL", &api.url)
        .env("CONTARA_TOKEN", &api.token);
    let mut client = Following::start(&mut command);
    let shown = |count: i64| format!(r#""label":"Count","value":{count}"#);
    client.until(&shown(1));
    api.post("/api/modules/my_module/action/increment").await;
    client.until(&shown(2));
    let port = daemon.port().to_owned();
    let daemon = Daemon::start_on(daemon.kill(), &["--port", &port]);
    client.until(r#""event":"Connected""#);
    client.until(r#""life":"running""#);
    api.post("/api/modules/my_module/action/increment").await;
    client.until(&shown(1));
    drop(daemon);
}
