//! `contara module logs`, and the log behind it.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Api, Daemon, Following, contara, data_folder, run, write_module};

const TALKER: &str = "
import sys
from ContaraNAS.core import get_logger
from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module

class Talker(Module):
    @action
    async def say(self, text: str):
        print(text, flush=True)

    @action
    async def complain(self):
        print('complaint', file=sys.stderr, flush=True)
        try:
            1 / 0
        except ZeroDivisionError:
            get_logger('talker').exception('oh no')

    @action
    async def fail(self):
        raise ValueError('no luck')

    @action
    async def refuse(self, count: int):
        raise AssertionError('never called')
";

async fn talker() -> (Daemon, Api) {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/talker"), TALKER);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    api.enable("talker").await;
    (daemon, api)
}

async fn say(api: &Api, text: &str) {
    let body = serde_json::json!({"text": text}).to_string();
    let (status, _) = api.post_text("/api/modules/talker/action/say", &body).await;
    assert_eq!(status, StatusCode::OK);
}

/// Waits until the log has a line of this message, and gives it.
async fn line(api: &Api, message: &str) -> Value {
    let mut next = 0;
    loop {
        let path = format!("/api/modules/talker/logs?after={next}&wait=30");
        let (status, part) = api.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{part}");
        let lines = part["lines"].as_array().unwrap();
        assert!(!lines.is_empty(), "waited in vain for {message}");
        if let Some(line) = lines.iter().find(|line| line["message"] == message) {
            return line.clone();
        }
        next = part["next"].as_u64().unwrap();
    }
}

fn logs(daemon: &Daemon, more: &[&str]) -> Vec<String> {
    let data = ["--data-dir", daemon.data.path().to_str().unwrap()];
    let output = run(["module", "logs", "talker"].iter().chain(&data).chain(more));
    assert!(
        output.status.success(),
        "{}",
        crate::support::stderr(&output)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn all_that_a_module_says_is_in_its_log() {
    let (daemon, api) = talker().await;
    say(&api, "hello").await;
    let printed = line(&api, "hello").await;
    assert_eq!(
        (&printed["source"], &printed["level"]),
        (&"stdout".into(), &"info".into())
    );
    let time = printed["time"].as_str().unwrap();
    assert!(
        time.ends_with('Z') && time.len() == "2026-01-31T12:00:00.000Z".len(),
        "{time}"
    );

    api.post("/api/modules/talker/action/complain").await;
    let complained = line(&api, "complaint").await;
    assert_eq!(complained["source"], "stderr");
    let logged = line(&api, "oh no").await;
    assert_eq!(
        (&logged["source"], &logged["level"]),
        (&"log".into(), &"error".into())
    );
    let traceback = logged["traceback"].as_str().unwrap();
    assert!(traceback.contains("ZeroDivisionError"), "{traceback}");
    assert_eq!(line(&api, "running").await["source"], "host");

    let text = logs(&daemon, &[]).join("\n");
    for expected in [
        "stdout   hello",
        "stderr   complaint",
        "error    ",
        "oh no",
        "    ZeroDivisionError",
        "contara  running",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[tokio::test]
async fn an_action_that_raises_leaves_its_traceback() {
    let (daemon, api) = talker().await;
    api.post("/api/modules/talker/action/refuse").await;
    api.post("/api/modules/talker/action/fail").await;
    let failed = line(&api, "the action fail failed: ValueError: no luck").await;
    assert_eq!(failed["level"], "error");
    let traceback = failed["traceback"].as_str().unwrap();
    assert!(traceback.contains("in fail"), "{traceback}");
    let text = logs(&daemon, &[]).join("\n");
    assert!(
        !text.contains("refuse"),
        "bad arguments are no failure: {text}"
    );
}

#[tokio::test]
async fn the_latest_lines_are_shown_and_can_be_read_by_programs() {
    let (daemon, api) = talker().await;
    for number in 0..5 {
        say(&api, &format!("line {number}")).await;
    }
    line(&api, "line 4").await;
    let text = logs(&daemon, &["-n", "2"]);
    assert_eq!(text.len(), 2);
    assert!(text[1].ends_with("stdout   line 4"), "{text:?}");
    let json: Value = serde_json::from_str(&logs(&daemon, &["-n", "1", "--json"])[0]).unwrap();
    assert_eq!(json["message"], "line 4");
}

#[tokio::test]
async fn it_is_followed_line_by_line() {
    let (daemon, api) = talker().await;
    say(&api, "before").await;
    line(&api, "before").await;
    let data = daemon.data.path().to_str().unwrap();
    let mut following = Following::start(&mut contara([
        "module",
        "logs",
        "talker",
        "-f",
        "-n",
        "1",
        "--data-dir",
        data,
    ]));
    following.until("before");
    for text in ["after", "much later"] {
        say(&api, text).await;
        following.until(text);
    }
    daemon.stop();
    assert_eq!(following.wait().code(), Some(1));
}

#[tokio::test]
async fn a_thousand_lines_are_kept_and_the_rest_is_gone_with_the_module() {
    let (daemon, api) = talker().await;
    let many: Vec<_> = (0..1100).map(|number| number.to_string()).collect();
    say(&api, &many.join("\n")).await;
    line(&api, "1099").await;
    let (_, part) = api.get("/api/modules/talker/logs?after=0").await;
    let lines = part["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 1000);
    assert!(lines[0]["seq"].as_u64().unwrap() > 1);
    let (_, part) = api.get("/api/modules/talker/logs?limit=3").await;
    assert_eq!(part["lines"].as_array().unwrap().len(), 3);

    std::fs::remove_dir_all(daemon.modules().join("talker")).unwrap();
    crate::support::eventually("the module to be gone", || async {
        let (status, _) = api.get("/api/modules/talker/logs").await;
        (status == StatusCode::NOT_FOUND).then_some(())
    })
    .await;
}

#[tokio::test]
async fn bad_questions_are_refused() {
    let (daemon, api) = talker().await;
    for query in ["after=x", "wait=-1", "limit=many"] {
        let (status, _) = api.get(&format!("/api/modules/talker/logs?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
    let (status, _) = api.get("/api/modules/nobody/logs").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let stranger = daemon.get("/api/modules/talker/logs").send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
    // A number of an earlier daemon: all lines are news.
    let (_, part) = api
        .get("/api/modules/talker/logs?after=999999&wait=30")
        .await;
    assert!(!part["lines"].as_array().unwrap().is_empty());
}
