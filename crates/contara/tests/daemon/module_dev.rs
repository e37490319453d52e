//! `contara module dev`: a folder that is a module meanwhile, reloaded at every save.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Api, Daemon, Following, contara, count, eventually, run, signal, stderr, write_module,
};

/// A save must be on the dashboard within this time.
const RELOAD: Duration = Duration::from_secs(1);

fn code(title: &str) -> String {
    format!(
        "
from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Stat, Tile

class Counter(Module):
    class State(ModuleState):
        count: int = 0

    def get_tile(self):
        return Tile(icon='wrench', title='{title}', stats=[Stat(label='Count', value=self.typed_state.count)])

    @action
    async def increment(self):
        self.typed_state.count += 1
"
    )
}

/// A folder `counter` with a module in it.
struct Work {
    temp: TempDir,
}

impl Work {
    fn new() -> Self {
        let work = Self {
            temp: tempfile::tempdir().unwrap(),
        };
        write_module(&work.folder(), &code("First"));
        work
    }

    fn folder(&self) -> PathBuf {
        self.temp.path().canonicalize().unwrap().join("counter")
    }

    /// As editors do: all at once, by a new file in the old one's place.
    fn save(&self, name: &str, content: &str) {
        let new = self.temp.path().join("saved");
        fs::write(&new, content).unwrap();
        fs::rename(new, self.folder().join(name)).unwrap();
    }
}

/// `contara module dev --json`, and what it tells.
struct Dev(Following);

impl Dev {
    fn start(daemon: &Daemon, folder: &Path) -> Self {
        let data = daemon.data.path().to_str().unwrap();
        let folder = folder.to_str().unwrap();
        let arguments = ["module", "dev", folder, "--json", "--data-dir", data];
        Self(Following::start(&mut contara(arguments)))
    }

    /// The next event of this type whose text holds all of these.
    fn until(&mut self, kind: &str, texts: &[&str]) -> Value {
        loop {
            let line = self.0.until(&format!("{{\"type\":\"{kind}\""));
            if texts.iter().all(|text| line.contains(text)) {
                return serde_json::from_str(&line).unwrap();
            }
        }
    }

    fn until_running(&mut self) {
        self.until("life", &["\"running\""]);
    }

    /// Ctrl-C.
    fn stop(self) {
        signal(self.0.pid(), "INT");
        assert!(self.0.wait().success());
    }
}

async fn tile_titled(api: &Api, title: &str) -> Value {
    eventually(&format!("a tile {title}"), || async {
        let snapshot = api.snapshot("counter").await;
        (snapshot["ui"]["tile"]["title"] == title).then_some(snapshot)
    })
    .await
}

async fn gone(api: &Api) {
    eventually("the module to be gone", || async {
        api.module("counter").await.is_none().then_some(())
    })
    .await;
}

async fn workers(daemon: &Daemon, count: usize) {
    eventually(&format!("{count} workers"), || async {
        (daemon.workers().len() == count).then_some(())
    })
    .await;
}

async fn increment(api: &Api) {
    let (status, body) = api.post("/api/modules/counter/action/increment").await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

#[tokio::test]
async fn a_save_is_on_the_dashboard_within_a_second_and_keeps_the_state() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let work = Work::new();
    let mut dev = Dev::start(&daemon, &work.folder());
    let started = dev.until("started", &[]);
    assert_eq!(started["module"], "counter");
    assert_eq!(started["url"], format!("{}/m/counter", daemon.url));
    dev.until_running();
    increment(&api).await;

    let mut fastest = Duration::MAX;
    for title in ["Second", "Third", "Fourth", "Fifth", "Sixth"] {
        // Between two saves of a person there is time to make the next worker ready.
        workers(&daemon, 2).await;
        let saved = Instant::now();
        work.save("__init__.py", &code(title));
        let snapshot = tile_titled(&api, title).await;
        fastest = fastest.min(saved.elapsed());
        assert_eq!(count(&snapshot["ui"]), 1, "the state is kept");
    }
    assert!(fastest < RELOAD, "from a save to its tile: {fastest:?}");
    dev.stop();
    gone(&api).await;
    workers(&daemon, 0).await;
}

#[tokio::test]
async fn a_syntax_error_shows_where_it_is_and_the_next_good_save_recovers() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let work = Work::new();
    let mut dev = Dev::start(&daemon, &work.folder());
    dev.until_running();
    increment(&api).await;

    work.save("__init__.py", &(code("Second") + "\ndef broken(:\n"));
    let told = dev.until("log", &["SyntaxError", "counter/__init__.py", "line 17"]);
    assert_eq!(
        (&told["source"], &told["level"]),
        (&"host".into(), &"error".into())
    );
    let broken = api.wait_for_life("counter", "backoff").await;
    assert_eq!(broken["ui"]["tile"]["content"][0]["type"], "alert");
    assert!(
        broken["problem"]["traceback"]
            .as_str()
            .unwrap()
            .contains("line 17")
    );

    work.save("__init__.py", &code("Third"));
    tile_titled(&api, "Third").await;
    // The first tile comes just before the module runs.
    let snapshot = api.wait_for_life("counter", "running").await;
    assert_eq!(
        count(&snapshot["ui"]),
        1,
        "the state is kept over the error"
    );
    dev.until_running();
}

#[tokio::test]
async fn a_bad_manifest_is_told_with_its_place_and_mended_by_the_next_save() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let work = Work::new();
    let mut dev = Dev::start(&daemon, &work.folder());
    dev.until_running();
    let good = fs::read_to_string(work.folder().join("module.json")).unwrap();
    work.save("module.json", &good.replace("\"1.0.0\"", "\"1\""));
    let told = dev.until("problems", &["Invalid version format"]);
    let problem = &told["problems"][0];
    assert_eq!(
        (&problem["line"], &problem["column"]),
        (&4.into(), &13.into())
    );
    work.save("module.json", &good);
    let told = dev.until("problems", &[]);
    assert_eq!(told["problems"], json!([]));
    dev.until_running();
    tile_titled(&api, "First").await;
}

#[tokio::test]
async fn it_wins_over_an_installed_module_which_returns_as_it_was() {
    for enabled in [true, false] {
        let data = crate::support::data_folder(&[]);
        write_module(&data.path().join("modules/counter"), &code("Installed"));
        let daemon = Daemon::start_on(data, &[]);
        let api = daemon.pair().await;
        if enabled {
            api.enable("counter").await;
        }
        let work = Work::new();
        let dev = Dev::start(&daemon, &work.folder());
        tile_titled(&api, "First").await;
        let module = api.module("counter").await.unwrap();
        assert_eq!(module["in_development"], true);

        // However its author leaves.
        signal(dev.0.pid(), "KILL");
        let life = if enabled { "running" } else { "stopped" };
        eventually("the installed one to be back", || async {
            let module = api.module("counter").await?;
            (module["in_development"] == false && module["life"] == life).then_some(())
        })
        .await;
        if enabled {
            tile_titled(&api, "Installed").await;
        }
    }
}

#[tokio::test]
async fn an_installed_module_can_be_worked_on_in_its_place() {
    let data = crate::support::data_folder(&[]);
    let folder = data.path().join("modules/counter");
    write_module(&folder, &code("Installed"));
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    let mut dev = Dev::start(&daemon, &folder);
    dev.until_running();
    let (_, body) = api.get("/api/modules").await;
    assert_eq!(body["modules"].as_array().unwrap().len(), 1);
    fs::write(folder.join("__init__.py"), code("Changed")).unwrap();
    tile_titled(&api, "Changed").await;
    dev.stop();
    api.wait_for_life("counter", "stopped").await;
}

#[tokio::test]
async fn people_read_what_happens() {
    let daemon = Daemon::start(&[]);
    let work = Work::new();
    let folder = work.folder();
    let data = daemon.data.path().to_str().unwrap();
    let mut dev = Following::start(&mut contara([
        "module",
        "dev",
        folder.join("module.json").to_str().unwrap(),
        "--data-dir",
        data,
    ]));
    dev.until(&format!(
        "counter is in development: {}/m/counter",
        daemon.url
    ));
    dev.until("contara  running");
    work.save("__init__.py", &code("Second"));
    dev.until("contara  its folder has changed");
    dev.until("Reloaded in ");
    daemon.stop();
    assert_eq!(
        dev.wait().code(),
        Some(1),
        "the daemon has ended, which is no success"
    );
}

#[tokio::test]
async fn a_setup_module_is_offered_meanwhile_and_its_problems_are_told() {
    let daemon = Daemon::start(&[]);
    let work = Work::new();
    fs::remove_file(work.folder().join("module.json")).unwrap();
    work.save("__init__.py", "");
    work.save("desc.json", r#"{"slug": "numbers"}"#);
    let mut dev = Dev::start(&daemon, &work.folder());
    let started = dev.until("started", &[]);
    let url = started["url"].as_str().unwrap();
    assert!(url.ends_with("/setup/modules/numbers"), "{url}");
    dev.until("problems", &["The slug isn't the folder's name"]);
    work.save("desc.json", r#"{"slug": "counter"}"#);
    let told = dev.until("problems", &[]);
    assert_eq!(told["problems"], json!([]));
    let api = daemon.pair().await;
    assert!(
        api.module("counter").await.is_none(),
        "it is none of the dashboard's"
    );
    dev.stop();
}

#[tokio::test]
async fn what_cannot_be_developed_is_refused() {
    let daemon = Daemon::start(&[]);
    let work = Work::new();
    let data = daemon.data.path().to_str().unwrap();
    let refused = |folder: &Path, expected: &str| {
        let folder = folder.to_str().unwrap();
        let output = run(["module", "dev", folder, "--data-dir", data]);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(expected), "{expected}: {text}");
    };
    refused(Path::new("/nowhere/at_all"), "can't use /nowhere/at_all");
    refused(
        work.temp.path(),
        "make a new module with `contara module new NAME`",
    );
    let mut dev = Dev::start(&daemon, &work.folder());
    dev.until("started", &[]);
    refused(&work.folder(), "is in development already");

    let api = daemon.pair().await;
    let body = json!({"path": work.folder()}).to_string();
    let (status, _) = api.post_text("/api/admin/dev-modules", &body).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "only on the machine itself");
}
