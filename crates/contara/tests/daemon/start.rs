//! How the daemon starts, refuses to start, and stops.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::{
    Daemon, contara, data_folder, eventually, json, lives, run, stderr, write_module,
};
use reqwest::StatusCode;

#[tokio::test]
async fn the_first_line_says_where_it_listens_and_it_is_healthy() {
    let daemon = Daemon::start(&[]);
    let (status, health) = json(daemon.get("/api/health").send().await.unwrap()).await;
    assert_eq!(
        (status, health["status"].as_str()),
        (StatusCode::OK, Some("ok"))
    );
    let (_, info) = json(daemon.get("/api/info").send().await.unwrap()).await;
    assert_eq!(
        (&info["name"], &info["version"]),
        (&"Contara".into(), &"0.1.0".into())
    );
    let (_, api) = json(daemon.get("/api/openapi.json").send().await.unwrap()).await;
    assert_eq!(api["openapi"], "3.1.0");
    assert!(api["paths"]["/api/modules/{name}/action/{action}"]["post"].is_object());
    let page = daemon.get("/modules").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    for directive in [
        "script-src 'self';",
        "img-src 'self' data:;",
        "object-src 'none';",
    ] {
        assert!(policy.contains(directive), "{directive}: {policy}");
    }
}

#[test]
fn a_bad_configuration_is_shown_with_its_place_and_nothing_is_started() {
    let folder = data_folder(&[]);
    let data = folder.path().join("data");
    let file = folder.path().join("contara.toml");
    std::fs::write(&file, "[limits]\nopen_file = 64\nmemory = \"1MiB\"\n").unwrap();
    let mut command = contara(["serve", "--port", "0", "--data-dir"]);
    let output = command
        .arg(&data)
        .env("CONTARA_CONFIG", &file)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    for expected in [
        "the configuration can't be used; nothing was started",
        "contara.toml:2:1",
        "Did you mean \"open_files\"?",
        "contara.toml:3:10",
        "expected at least 32MiB",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(!data.exists());
}

#[tokio::test]
async fn what_is_private_can_be_read_by_its_owner_only() {
    let daemon = Daemon::start(&[]);
    for name in ["contara.db", "admin.sock", "lock"] {
        let mode = daemon
            .data
            .path()
            .join(name)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
    }
}

#[test]
fn a_second_daemon_on_the_same_data_is_told_who_holds_it() {
    let daemon = Daemon::start(&[]);
    let folder = daemon.data.path().to_str().unwrap();
    let second = run(["serve", "--data-dir", folder, "--port", "0"]);
    assert_eq!(second.status.code(), Some(1));
    let text = stderr(&second);
    assert!(
        text.contains(&format!("is in use by process {} (contara)", daemon.pid())),
        "{text}"
    );
    assert!(text.contains("--data-dir"), "{text}");
}

#[test]
fn a_port_in_use_names_its_process() {
    let daemon = Daemon::start(&[]);
    let other = data_folder(&[]);
    let second = run([
        "serve",
        "--data-dir",
        other.path().to_str().unwrap(),
        "--port",
        daemon.port(),
    ]);
    assert_eq!(second.status.code(), Some(1));
    let text = stderr(&second);
    let expected = format!(
        "port {} on 127.0.0.1 is in use by process {} (contara)",
        daemon.port(),
        daemon.pid()
    );
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn a_newer_database_is_refused_and_stays_as_it_is() {
    let data = data_folder(&[]);
    let path = data.path().join("contara.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch("CREATE TABLE future (x); PRAGMA user_version = 1000;")
        .unwrap();
    drop(database);
    let before = std::fs::read(&path).unwrap();
    let refused = run([
        "serve",
        "--data-dir",
        data.path().to_str().unwrap(),
        "--port",
        "0",
    ]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains("it was last used by a newer Contara"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn flags_that_lead_nowhere_are_named() {
    let check = |arguments: &[&str], expected: &str| {
        let data = data_folder(&[]);
        let folder = data.path().to_str().unwrap();
        let refused = run(["serve", "--data-dir", folder, "--port", "0"]
            .iter()
            .chain(arguments));
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&refused).contains(expected), "{}", stderr(&refused));
    };
    check(
        &["--modules", "/nowhere"],
        "can't use the module folder /nowhere",
    );
    check(
        &["--python", "/nowhere/python"],
        "there is no Python at /nowhere/python: name one with --python",
    );
    check(&["--host", "192.0.2.1"], "can't listen on 192.0.2.1");
}

#[test]
fn pair_without_a_daemon_says_how_to_start_one() {
    let data = data_folder(&[]);
    let refused = run(["pair", "--data-dir", data.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains("no Contara is running on the data folder"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn the_code_is_shown_to_a_person_but_not_to_the_journal() {
    let data = data_folder(&[]);
    let shown = |journal: bool| {
        let file = tempfile::NamedTempFile::new().unwrap();
        let metadata = file.as_file().metadata().unwrap();
        let stream = std::os::unix::fs::MetadataExt::dev(&metadata).to_string()
            + ":"
            + &std::os::unix::fs::MetadataExt::ino(&metadata).to_string();
        let mut command = contara([
            "serve",
            "--port",
            "0",
            "--data-dir",
            data.path().to_str().unwrap(),
        ]);
        command
            .env_remove("JOURNAL_STREAM")
            .stdout(file.reopen().unwrap())
            .stderr(Stdio::null());
        if journal {
            command.env("JOURNAL_STREAM", stream);
        }
        let mut child = command.spawn().unwrap();
        let start = std::time::Instant::now();
        let done = |text: &str| text.contains("Stop it with") || text.contains("To sign in, run");
        let text = loop {
            let text = std::fs::read_to_string(file.path()).unwrap();
            if done(&text) {
                break text;
            }
            assert!(
                start.elapsed() < crate::support::PATIENCE,
                "never ready: {text}"
            );
            std::thread::yield_now();
        };
        child.kill().unwrap();
        child.wait().unwrap();
        text
    };
    let seen = shown(false);
    assert!(
        seen.contains("/#pair=") && seen.contains("Pairing code:"),
        "{seen}"
    );
    let logged = shown(true);
    assert!(
        !logged.contains("pair=") && logged.contains("contara pair --data-dir"),
        "{logged}"
    );
}

const LAST_WILL: &str = "
import asyncio
from pathlib import Path
from ContaraNAS.core.module import Module
from ContaraNAS.core.ui import Tile

class LastWill(Module):
    async def initialize(self): ...
    async def start_monitoring(self): ...
    async def stop_monitoring(self):
        await asyncio.sleep(0)
        Path(__file__).with_name('stopped').write_text('in order')
    def get_tile(self):
        return Tile(icon='box', title='Last will')
";

#[tokio::test]
async fn a_graceful_stop_runs_every_modules_stop_monitoring() {
    let data = data_folder(&[]);
    let names = ["last_will", "last_will_too"];
    for name in names {
        write_module(&data.path().join("modules").join(name), LAST_WILL);
    }
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for name in names {
        api.enable(name).await;
    }
    let workers = daemon.workers();
    assert_eq!(workers.len(), 2);
    let (status, _, data) = daemon.stop();
    assert_eq!(status.code(), Some(0));
    for name in names {
        let will = data.path().join("modules").join(name).join("stopped");
        assert_eq!(std::fs::read_to_string(will).unwrap(), "in order");
    }
    for worker in workers {
        assert!(!lives(worker));
    }
}

#[tokio::test]
async fn workers_do_not_outlive_a_daemon_that_was_killed() {
    let daemon = Daemon::start(&["my_module"]);
    daemon.pair().await.enable("my_module").await;
    let workers = daemon.workers();
    assert_eq!(workers.len(), 1);
    drop(daemon.kill());
    eventually("the orphaned worker to end", || async {
        (!lives(workers[0])).then_some(())
    })
    .await;
}

const FLOOD: &str = "
import asyncio
from ContaraNAS.core.module import Module
from ContaraNAS.core.ui import Tile

class Flood(Module):
    async def initialize(self): ...
    async def start_monitoring(self):
        for line in range(20000):
            print('x' * 100)
    async def stop_monitoring(self): ...
    def get_tile(self):
        return Tile(icon='box', title='Flood')
";

#[tokio::test]
async fn a_log_that_nobody_reads_does_not_stop_the_daemon() {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/flood"), FLOOD);
    let mut command = contara([
        "serve",
        "--ready-json",
        "--port",
        "0",
        "--data-dir",
        data.path().to_str().unwrap(),
    ]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    let (url, code) = (ready["url"].as_str().unwrap(), &ready["pairing_code"]);
    let http = reqwest::Client::builder()
        .timeout(crate::support::PATIENCE)
        .build()
        .unwrap();
    let pair = http
        .post(format!("{url}/api/auth/pair"))
        .json(&serde_json::json!({"pairing_code": code}));
    let (_, paired) = json(pair.send().await.unwrap()).await;
    let token = paired["api_token"].as_str().unwrap();
    let enable = http
        .post(format!("{url}/api/modules/flood/enable"))
        .bearer_auth(token);
    assert_eq!(enable.send().await.unwrap().status(), StatusCode::OK);
    for _ in 0..20 {
        assert_eq!(
            http.get(format!("{url}/api/health"))
                .send()
                .await
                .unwrap()
                .status(),
            StatusCode::OK
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_data_folder_whose_path_is_too_long_for_a_socket_is_refused_by_every_command() {
    let data = data_folder(&[]);
    let long = data.path().join("x".repeat(120));
    for command in [&["serve", "--port", "0"][..], &["pair"]] {
        let refused = run(command
            .iter()
            .chain(&["--data-dir", long.to_str().unwrap()]));
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            stderr(&refused).contains("choose one of at most 96 bytes"),
            "{}",
            stderr(&refused)
        );
    }
}
