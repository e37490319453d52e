//! What goes wrong in a module's life: each sort has its name, and *Try again* helps.

use std::fs;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{
    Daemon, copy, count, data_folder, eventually, fixture, rewrite, signal, write_module,
};

const HEAD: &str = "
from ContaraNAS.core.module import Module
from ContaraNAS.core.ui import Stat, Tile

class It(Module):
    async def initialize(self): ...
    async def start_monitoring(self): ...
    async def stop_monitoring(self): ...
    def get_tile(self): return Tile(icon='box', title='It')
";

fn with(method: &str) -> String {
    format!("{HEAD}    {method}\n")
}

#[tokio::test]
async fn each_failure_says_of_which_sort_it_is() {
    let data = data_folder(&["exits_at_import"]);
    let cases = [
        ("import", "import no_such_thing".to_owned()),
        ("no_module_class", "VALUE = 1".to_owned()),
        (
            "initialize",
            with("def initialize(self): raise ValueError('no')"),
        ),
        (
            "start",
            with("async def start_monitoring(self): raise ValueError('no')"),
        ),
        ("tile", with("def get_tile(self): raise ValueError('no')")),
        (
            "exit",
            format!("{HEAD}import os\nIt.start_monitoring = lambda self: os._exit(3)\n"),
        ),
        (
            "load",
            with("def __init__(self, *args, **kwargs): raise ValueError('no')"),
        ),
    ];
    for (kind, code) in &cases {
        write_module(&data.path().join(format!("modules/bad_{kind}")), code);
    }
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for (kind, _) in &cases {
        let name = format!("bad_{kind}");
        api.post(&format!("/api/modules/{name}/enable")).await;
        let snapshot = eventually(kind, || async {
            let snapshot = api.snapshot(&name).await;
            snapshot["problem"].is_object().then_some(snapshot)
        })
        .await;
        assert_eq!(snapshot["problem"]["kind"], *kind, "{snapshot}");
        assert_eq!(snapshot["ui"]["tile"]["content"][0]["type"], "alert");
    }
    let tile = api.snapshot("bad_tile").await;
    assert_eq!(tile["life"], "running");
    assert!(
        tile["problem"]["traceback"]
            .as_str()
            .unwrap()
            .contains("get_tile"),
        "{tile}"
    );
}

#[tokio::test]
async fn a_stop_that_fails_is_a_problem_of_a_module_that_is_off() {
    let data = data_folder(&[]);
    let code = with("async def stop_monitoring(self): raise ValueError('stuck')");
    write_module(&data.path().join("modules/sticky"), &code);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    api.enable("sticky").await;
    let (status, _) = api.post("/api/modules/sticky/disable").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let snapshot = api.snapshot("sticky").await;
    assert_eq!(
        (
            &snapshot["life"],
            &snapshot["problem"]["kind"],
            &snapshot["ui"]
        ),
        (&"stopped".into(), &"stop".into(), &Value::Null)
    );
    api.enable("sticky").await;
    assert_eq!(api.snapshot("sticky").await["problem"], Value::Null);
}

#[tokio::test]
async fn a_background_that_ends_is_a_problem_beside_the_tile_and_try_again_starts_anew() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    for (action, kind, text) in [
        ("fail_in_task", "task", "poll: ValueError: no such disk"),
        ("fail_in_thread", "thread", "watcher: OSError: gone"),
    ] {
        let worker = daemon.workers();
        api.post(&format!("/api/modules/notebook/action/{action}"))
            .await;
        let snapshot = eventually(kind, || async {
            let snapshot = api.snapshot("notebook").await;
            snapshot["problem"].is_object().then_some(snapshot)
        })
        .await;
        let problem = &snapshot["problem"];
        assert_eq!(
            (&problem["kind"], &problem["detail"]),
            (&kind.into(), &text.into())
        );
        assert!(problem["traceback"].is_string());
        assert_eq!(
            (&snapshot["life"], count(&snapshot["ui"])),
            (&"running".into(), 0),
            "the module's own tile"
        );
        api.enable("notebook").await;
        assert_ne!(daemon.workers(), worker);
        let snapshot = api.snapshot("notebook").await;
        assert_eq!(
            (&snapshot["life"], &snapshot["problem"]),
            (&"running".into(), &Value::Null)
        );
    }
}

#[tokio::test]
async fn a_module_that_is_well_is_not_started_again_by_enabling_it() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    let worker = daemon.workers();
    api.enable("notebook").await;
    assert_eq!(daemon.workers(), worker);
}

#[tokio::test]
async fn sys_monitor_is_on_at_the_first_start_and_nobody_is_overruled() {
    let builtin = tempfile::tempdir().unwrap();
    for name in ["sys_monitor", "other"] {
        let folder = builtin.path().join(name);
        write_module(&folder, HEAD);
    }
    let folder = builtin.path().to_str().unwrap().to_owned();
    let daemon = Daemon::start_on(data_folder(&[]), &["--builtin-modules", &folder]);
    let api = daemon.pair().await;
    api.wait_for_life("sys_monitor", "running").await;
    assert_eq!(api.snapshot("other").await["enabled"], false);
    api.post("/api/modules/sys_monitor/disable").await;
    let (_, _, data) = daemon.stop();
    let daemon = Daemon::start_on(data, &["--builtin-modules", &folder]);
    let api = daemon.pair().await;
    assert_eq!(api.snapshot("sys_monitor").await["enabled"], false);
}

#[tokio::test]
async fn a_users_module_of_that_name_is_not_switched_on() {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/sys_monitor"), HEAD);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    assert_eq!(api.snapshot("sys_monitor").await["enabled"], false);
}

#[tokio::test]
async fn one_modules_troubles_cost_another_nothing() {
    let daemon = Daemon::start(&["notebook", "my_module"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    api.enable("my_module").await;
    rewrite(
        &daemon.modules().join("notebook"),
        "return Tile(",
        "raise RuntimeError(",
    );
    eventually("the tile to fail", || async {
        let snapshot = api.snapshot("notebook").await;
        (snapshot["problem"]["kind"] == "tile").then_some(())
    })
    .await;
    api.post("/api/modules/my_module/action/increment").await;
    assert_eq!(count(&api.snapshot("my_module").await["ui"]), 1);
    copy(&fixture("notebook"), &daemon.modules().join("notebook"));
    eventually("the tile to be back", || async {
        let snapshot = api.snapshot("notebook").await;
        (snapshot["problem"].is_null() && count(&snapshot["ui"]) == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_killed_worker_is_an_exit() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    let mut stream = api.stream().await;
    signal(daemon.workers()[0], "KILL");
    loop {
        let frame = stream.next_of("module_ui").await;
        if frame["life"] == "backoff" {
            assert_eq!(frame["problem"]["kind"], "exit");
            return;
        }
    }
}

#[tokio::test]
async fn each_module_has_folders_of_its_own_to_write_into() {
    let data = data_folder(&[]);
    let code = "from ContaraNAS.core import settings
from ContaraNAS.core.module import Module


class Writer(Module):
    async def initialize(self) -> None:
        (settings.data_dir / 'kept').write_text(self.name)
        (settings.cache_dir / 'cached').write_text(self.name)
";
    for name in ["one", "other"] {
        write_module(&data.path().join("modules").join(name), code);
    }
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for name in ["one", "other"] {
        api.enable(name).await;
        let read = |place: &str| fs::read_to_string(daemon.data.path().join(place)).unwrap();
        assert_eq!(read(&format!("module-data/{name}/kept")), name);
        assert_eq!(read(&format!("cache/modules/{name}/cached")), name);
    }
}
