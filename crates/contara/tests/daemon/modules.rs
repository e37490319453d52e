//! Modules from folder to tile, and what becomes of bad ones.

use std::fs;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{
    Daemon, copy, count, data_folder, eventually, fixture, json, signal, write_module,
};

#[tokio::test]
async fn the_quick_start_runs_from_folder_to_tile_and_back() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    let listed = api.module("my_module").await.unwrap();
    assert_eq!(
        (&listed["display_name"], &listed["enabled"]),
        (&"My Module".into(), &false.into())
    );
    assert_eq!(
        (&listed["source"], &listed["removable"]),
        (&"community".into(), &true.into())
    );

    let (status, body) = api.post("/api/modules/my_module/enable").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&body["success"], &body["module"], &body["enabled"]),
        (&true.into(), &"my_module".into(), &true.into())
    );
    assert_eq!(count(&api.snapshot("my_module").await["ui"]), 0);

    for (body, expected) in [("", 1), ("null", 2), ("{}", 3)] {
        let (status, answer) = api
            .post_text("/api/modules/my_module/action/increment", body)
            .await;
        assert_eq!(
            (status, &answer["results"]),
            (StatusCode::OK, &Value::Array(vec![]))
        );
        let (_, tile) = api.get("/api/modules/my_module/tile").await;
        assert_eq!(count(&tile), expected);
    }
    let (_, actions) = api.get("/api/modules/my_module/actions").await;
    assert_eq!(actions["actions"], serde_json::json!(["increment"]));

    let (status, _) = api.post("/api/modules/my_module/disable").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(api.snapshot("my_module").await["ui"], Value::Null);
    let (status, body) = api.get("/api/modules/my_module/ui").await;
    assert_eq!(
        (status, &body["detail"]),
        (
            StatusCode::BAD_REQUEST,
            &"Module 'my_module' is not enabled".into()
        )
    );
}

#[tokio::test]
async fn an_icon_that_does_not_exist_is_a_warning_for_the_author() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    let module = api.module("my_module").await.unwrap();
    let warning = &module["problems"][0];
    assert_eq!(
        (
            &warning["severity"],
            module["problems"].as_array().unwrap().len()
        ),
        (&"warning".into(), 1)
    );
    assert!(
        warning["message"]
            .as_str()
            .unwrap()
            .starts_with("The tile's icon \"Counter\" is no Lucide icon")
    );
}

#[tokio::test]
async fn what_cannot_be_asked_is_answered_as_v1_does() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    let check = async |path: &str, body: &str, status: u16, detail: &str| {
        let (found, answer) = api.post_text(path, body).await;
        assert_eq!(
            (found.as_u16(), answer["detail"].as_str()),
            (status, Some(detail)),
            "{path}"
        );
    };
    check("/api/modules/x/enable", "", 404, "Module 'x' not found").await;
    check("/api/modules/x/disable", "", 404, "Module 'x' not found").await;
    check("/api/modules/x/action/y", "", 404, "Module 'x' not found").await;
    check(
        "/api/modules/my_module/action/increment",
        "",
        400,
        "Module 'my_module' is not enabled",
    )
    .await;
    api.enable("my_module").await;
    let unknown = "Action 'initialize' failed: Action 'initialize' not found on module 'my_module'";
    check("/api/modules/my_module/action/initialize", "", 400, unknown).await;
    let (status, answer) = api
        .post_text("/api/modules/my_module/action/increment", "[1]")
        .await;
    assert_eq!(
        (status, &answer["detail"][0]["type"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"dict_type".into())
    );
    let (status, answer) = api
        .post_text("/api/modules/my_module/action/increment", r#"{"by": 2}"#)
        .await;
    let notice = &answer["results"][0];
    assert_eq!(
        (status, &notice["type"], &notice["variant"]),
        (StatusCode::OK, &"notify".into(), &"error".into())
    );
    assert_eq!(notice["title"], "increment error");
    assert!(
        notice["message"]
            .as_str()
            .unwrap()
            .starts_with("Action failed: "),
        "{notice}"
    );
    let large = format!("{{\"x\": \"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let (status, _) = api
        .post_text("/api/modules/my_module/action/increment", &large)
        .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        json(daemon.get("/api/nothing").send().await.unwrap())
            .await
            .0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn asking_a_disabled_module_for_its_actions_does_not_run_it() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    let (_, actions) = api.get("/api/modules/my_module/actions").await;
    assert_eq!(actions["actions"], serde_json::json!(["increment"]));
    let snapshot = api.snapshot("my_module").await;
    assert_eq!(
        (&snapshot["life"], &snapshot["initialized"]),
        (&"stopped".into(), &false.into())
    );
}

#[tokio::test]
async fn after_kill_9_of_the_daemon_the_module_is_enabled_again() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    let port = daemon.port().to_owned();
    let daemon = Daemon::start_on(daemon.kill(), &["--port", &port]);
    let snapshot = api.wait_for_life("my_module", "running").await;
    assert_eq!(
        (&snapshot["enabled"], count(&snapshot["ui"])),
        (&true.into(), 0)
    );
    drop(daemon);
}

#[tokio::test]
async fn after_kill_9_of_a_worker_the_tile_says_so_and_it_comes_back() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    let worker = daemon.workers()[0];
    signal(worker, "KILL");
    let snapshot = api.wait_for_life("my_module", "backoff").await;
    let alert = &snapshot["ui"]["tile"]["content"][0];
    assert_eq!(
        alert["message"],
        "The worker ended by itself (killed by signal 9 (SIGKILL))"
    );
    assert!(snapshot["problem"]["retry_in_ms"].as_u64().unwrap() <= 1000);
    let (_, refused) = api.post("/api/modules/my_module/action/increment").await;
    assert_eq!(refused["status"], 503);
    let back = api.wait_for_life("my_module", "running").await;
    assert_eq!(back["problem"], Value::Null);
    assert_ne!(daemon.workers(), [worker]);
    assert_eq!(
        api.post("/api/modules/my_module/action/increment").await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_module_that_exits_at_import_harms_only_itself() {
    let daemon = Daemon::start(&["my_module", "exits_at_import"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    let (status, body) = api.post("/api/modules/exits_at_import/enable").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let detail = body["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("Failed to initialize module 'exits_at_import': "),
        "{detail}"
    );
    for _ in 0..3 {
        assert_eq!(
            api.post("/api/modules/my_module/action/increment").await.0,
            StatusCode::OK
        );
    }
    let failed = api.snapshot("exits_at_import").await;
    assert_eq!(
        (&failed["enabled"], &failed["life"]),
        (&true.into(), &"backoff".into())
    );
    assert!(failed["ui"]["tile"]["content"][0]["message"].is_string());
    let (_, health) = json(daemon.get("/api/health").send().await.unwrap()).await;
    assert_eq!(
        (&health["status"], &health["checks"]["modules"]),
        (&"degraded".into(), &"1 failed".into())
    );
    assert_eq!(
        api.post("/api/modules/exits_at_import/disable").await.0,
        StatusCode::OK
    );
    assert_eq!(api.snapshot("exits_at_import").await["life"], "stopped");
}

#[tokio::test]
async fn a_module_that_never_answers_can_still_be_switched_off() {
    let daemon = Daemon::start(&["my_module", "never_answers"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    let hanging = tokio::spawn({
        let api = api.clone();
        async move { api.post("/api/modules/never_answers/enable").await }
    });
    eventually("it to block", || async {
        daemon.log().contains("blocking from now on").then_some(())
    })
    .await;
    assert_eq!(
        api.post("/api/modules/my_module/action/increment").await.0,
        StatusCode::OK
    );
    assert_eq!(
        api.post("/api/modules/never_answers/disable").await.0,
        StatusCode::OK
    );
    assert_eq!(api.snapshot("never_answers").await["life"], "stopped");
    assert_eq!(hanging.await.unwrap().0, StatusCode::INTERNAL_SERVER_ERROR);
    eventually("its worker to be gone", || async {
        (daemon.workers().len() == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn new_changed_and_removed_folders_show_up_without_a_restart() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let folder = daemon.modules().join("my_module");
    copy(&fixture("my_module"), &folder);
    eventually("the new module", || api.module("my_module")).await;
    api.enable("my_module").await;

    let code = fs::read_to_string(folder.join("__init__.py")).unwrap();
    fs::write(
        folder.join("__init__.py"),
        code.replace("counter: int = 0", "counter: int = 41"),
    )
    .unwrap();
    eventually("the new code", || async {
        let snapshot = api.snapshot("my_module").await;
        (count(&snapshot["ui"]) == 41 && snapshot["life"] == "running").then_some(())
    })
    .await;

    let manifest = fs::read_to_string(folder.join("module.json")).unwrap();
    fs::write(
        folder.join("module.json"),
        manifest.replace("\"1.0.0\"", "\"one\""),
    )
    .unwrap();
    let broken = eventually("the broken manifest", || async {
        api.module("my_module")
            .await
            .filter(|module| module["valid"] == false)
    })
    .await;
    let problem = &broken["problems"][0];
    assert_eq!(
        (&problem["message"], &problem["line"]),
        (&"Invalid version format".into(), &4.into())
    );
    let (status, body) = api.post("/api/modules/my_module/enable").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        body["detail"]
            .as_str()
            .unwrap()
            .contains("module.json:4:13: error: Invalid version format"),
        "{body}"
    );

    fs::write(folder.join("module.json"), manifest).unwrap();
    api.wait_for_life("my_module", "running").await;
    fs::remove_dir_all(&folder).unwrap();
    eventually("the module to be gone", || async {
        api.module("my_module").await.is_none().then_some(())
    })
    .await;
    eventually("its tile to be gone", || async {
        api.snapshot("my_module").await.is_null().then_some(())
    })
    .await;
}

#[tokio::test]
async fn of_two_folders_with_one_name_builtin_wins_and_the_other_says_so() {
    let builtin = tempfile::tempdir().unwrap();
    let more = tempfile::tempdir().unwrap();
    for root in [&builtin, &more] {
        copy(&fixture("my_module"), &root.path().join("my_module"));
    }
    let flags = [
        "--builtin-modules",
        builtin.path().to_str().unwrap(),
        "--modules",
        more.path().to_str().unwrap(),
    ];
    let daemon = Daemon::start_on(data_folder(&["my_module"]), &flags);
    let api = daemon.pair().await;
    let (_, body) = api.get("/api/modules").await;
    let modules = body["modules"].as_array().unwrap();
    assert_eq!(modules.len(), 3);
    assert_eq!(
        (&modules[0]["source"], &modules[0]["valid"]),
        (&"builtin".into(), &true.into())
    );
    for shadowed in &modules[1..] {
        assert_eq!(
            (&shadowed["source"], &shadowed["valid"]),
            (&"community".into(), &false.into())
        );
        let message = shadowed["problems"].to_string();
        assert!(
            message.contains(builtin.path().to_str().unwrap()),
            "{message}"
        );
    }
    api.enable("my_module").await;
    let (_, body) = api.get("/api/modules").await;
    let enabled: Vec<_> = body["modules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|module| &module["enabled"])
        .collect();
    assert_eq!(enabled, [true, false, false]);
}

#[tokio::test]
async fn what_is_wrong_with_a_module_is_told_in_the_language_of_the_client() {
    let data = data_folder(&["my_module"]);
    let path = data.path().join("modules/my_module/module.json");
    let manifest = fs::read_to_string(&path).unwrap();
    let bad = manifest.replace("\"1.0.0\"", "1.0");
    fs::write(&path, bad).unwrap();
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for (languages, expected) in [
        (
            "it, en;q=0.5",
            [
                "Wrong type: version",
                "a number",
                "a string",
                "Put it in double quotes.",
            ],
        ),
        (
            "de-AT, de;q=0.9",
            [
                "Falscher Typ: version",
                "eine Zahl",
                "eine Zeichenkette",
                "In doppelte Anführungszeichen setzen.",
            ],
        ),
        (
            "fr",
            [
                "Mauvais type\u{202f}: version",
                "un nombre",
                "une chaîne",
                "Mettez-le entre guillemets doubles.",
            ],
        ),
    ] {
        let module = api.reading(languages).module("my_module").await.unwrap();
        let problem = &module["problems"][0];
        let told = ["message", "found", "expected", "help"].map(|part| &problem[part]);
        assert_eq!(told, expected, "{languages}");
    }

    fs::write(&path, manifest.replace("^0.1.0", "^9.0.0")).unwrap();
    let unfit = eventually("a module for another version", || async {
        let module = api.reading("de").module("my_module").await.unwrap();
        let problems = module["problems"].as_array().unwrap().clone();
        problems
            .into_iter()
            .find(|problem| problem["file"].is_null())
    })
    .await;
    assert_eq!(
        unfit["message"],
        "Dieses Modul braucht ContaraNAS ^9.0.0, und dieses Contara bietet 0.1.0."
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_setup_module_is_told_in_the_language_of_the_client() {
    let data = data_folder(&[]);
    let folder = data.path().join("modules/dns");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("__init__.py"), "").unwrap();
    fs::write(folder.join("desc.json"), "{\"slug\": 3}").unwrap();
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for (languages, expected) in [
        ("en", "desc.json:1:10: error: Wrong type: slug"),
        ("de", "desc.json:1:10: Fehler: Falscher Typ: slug"),
        (
            "fr",
            "desc.json:1:10: erreur\u{202f}: Mauvais type\u{202f}: slug",
        ),
    ] {
        let (_, overview) = api.reading(languages).get("/api/setup").await;
        let modules = overview["modules"].as_array().unwrap();
        let bad = modules.iter().find(|module| module["slug"] == "dns");
        let problem = bad.unwrap()["problems"][0].as_str().unwrap();
        assert!(problem.ends_with(expected), "{languages}: {problem}");
    }
}

#[tokio::test]
async fn a_module_for_another_platform_or_version_says_why_it_cannot_run() {
    let data = data_folder(&["my_module"]);
    let path = data.path().join("modules/my_module/module.json");
    let manifest = fs::read_to_string(&path).unwrap();
    fs::write(&path, manifest.replace("^0.1.0", "^9.0.0")).unwrap();
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    assert_eq!(api.module("my_module").await.unwrap()["valid"], false);
    let (status, body) = api.post("/api/modules/my_module/enable").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        body["detail"].as_str().unwrap().contains("^9.0.0"),
        "{body}"
    );
}

const CHATTERBOX: &str = "
import logging
import sys
from ContaraNAS.core.module import Module
from ContaraNAS.core.ui import Tile

class Chatterbox(Module):
    async def initialize(self):
        print('printed \\x1b[2J')
        print('complained', file=sys.stderr)
        logging.getLogger('chatter').warning('logged')
        sys.stdout.buffer.write(b'\\xff\\xfe\\n')
    async def start_monitoring(self): ...
    async def stop_monitoring(self): ...
    def get_tile(self):
        return Tile(icon='box', title='Chatterbox')
";

#[tokio::test]
async fn what_a_module_prints_and_logs_is_in_the_log_under_its_name() {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/chatterbox"), CHATTERBOX);
    let daemon = Daemon::start_on(data, &[]);
    daemon.pair().await.enable("chatterbox").await;
    let (_, log, _) = daemon.stop();
    for expected in ["printed \\u{1b}[2J", "complained", "logged"] {
        let line = log.lines().find(|line| line.contains(expected));
        assert!(
            line.is_some_and(|line| line.contains("module=\"chatterbox\"")),
            "{expected}: {log}"
        );
    }
    assert!(!log.contains('\u{1b}'), "{log}");
}

const BAD_STOP: &str = "
from ContaraNAS.core.module import Module
from ContaraNAS.core.ui import Tile

class BadStop(Module):
    async def initialize(self): ...
    async def start_monitoring(self): ...
    async def stop_monitoring(self):
        raise ValueError('the pump is stuck')
    def get_tile(self):
        return Tile(icon='box', title='Bad stop')
";

#[tokio::test]
async fn a_stop_that_raises_is_told_and_the_module_is_off_all_the_same() {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/bad_stop"), BAD_STOP);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    api.enable("bad_stop").await;
    let (status, body) = api.post("/api/modules/bad_stop/disable").await;
    assert_eq!(
        (status, &body["detail"]),
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            &"ValueError: the pump is stuck".into()
        )
    );
    assert_eq!(api.snapshot("bad_stop").await["life"], "stopped");
    api.enable("bad_stop").await;
}

const SLOW_STOP: &str = "
import asyncio
from pathlib import Path
from ContaraNAS.core.module import Module
from ContaraNAS.core.ui import Tile

class SlowStop(Module):
    async def initialize(self): ...
    async def start_monitoring(self): ...
    async def stop_monitoring(self):
        while not Path(__file__).parents[2].joinpath('go').exists():
            await asyncio.sleep(0.5)
        print('stopped in order', flush=True)
    def get_tile(self):
        return Tile(icon='box', title='Slow stop')
";

#[tokio::test]
async fn a_removed_module_that_is_slow_to_stop_holds_nobody_up_and_is_waited_for_at_the_end() {
    let data = data_folder(&[]);
    let folder = data.path().join("modules/slow_stop");
    write_module(&folder, SLOW_STOP);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    api.enable("slow_stop").await;
    fs::remove_dir_all(&folder).unwrap();
    copy(&fixture("my_module"), &daemon.modules().join("my_module"));
    eventually("the new module", || api.module("my_module")).await;
    api.enable("my_module").await;
    assert_eq!(api.snapshot("slow_stop").await, Value::Null);
    assert!(
        !daemon.log().contains("stopped in order"),
        "it was waited for"
    );
    fs::write(daemon.data.path().join("go"), "").unwrap();
    let (status, log, _) = daemon.stop();
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("stopped in order"), "{log}");
}

#[tokio::test]
async fn what_only_looks_like_a_module_does_not_keep_the_daemon_from_starting() {
    let data = data_folder(&["my_module"]);
    let modules = data.path().join("modules");
    fs::create_dir_all(modules.join("a_pipe")).unwrap();
    let pipe = modules.join("a_pipe/module.json");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    fs::create_dir_all(modules.join("circles")).unwrap();
    for name in ["a", "b", "c", "d"] {
        std::os::unix::fs::symlink(".", modules.join("circles").join(name)).unwrap();
    }
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for name in ["a_pipe", "circles"] {
        assert_eq!(api.module(name).await.unwrap()["valid"], false, "{name}");
    }
    api.enable("my_module").await;
}

#[tokio::test]
async fn whoever_switches_last_is_obeyed_and_remembered() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    let mut switches = Vec::new();
    for round in 0..20 {
        let (api, power) = (
            api.clone(),
            if round % 2 == 0 { "enable" } else { "disable" },
        );
        switches.push(tokio::spawn(async move {
            api.post(&format!("/api/modules/my_module/{power}")).await
        }));
    }
    for switch in switches {
        switch.await.unwrap();
    }
    let enabled = api.snapshot("my_module").await["enabled"].clone();
    let port = daemon.port().to_owned();
    let daemon = Daemon::start_on(daemon.kill(), &["--port", &port]);
    assert_eq!(api.snapshot("my_module").await["enabled"], enabled);
    drop(daemon);
}
