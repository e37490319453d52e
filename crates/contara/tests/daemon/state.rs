//! States that survive: a crash of the worker, a switch off, a restart, a `kill -9` of the daemon, and an upgrade.

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Api, Daemon, count, data_folder, eventually, rewrite, signal, write_module};

async fn write(api: &Api, text: &str) {
    let body = json!({"text": text}).to_string();
    let (status, answer) = api
        .post_text("/api/modules/notebook/action/write", &body)
        .await;
    assert_eq!(status, 200, "{answer}");
}

async fn notes(api: &Api) -> i64 {
    count(&api.wait_for_life("notebook", "running").await["ui"])
}

fn query<T: rusqlite::types::FromSql>(data: &Path, select: &str) -> Option<T> {
    let connection = Connection::open(data.join("contara.db")).unwrap();
    connection.query_row(select, [], |row| row.get(0)).ok()
}

fn stored(data: &Path) -> Option<Value> {
    let select = "SELECT value FROM module_states WHERE module = 'notebook'";
    let bytes: Vec<u8> = query(data, select)?;
    Some(rmp_serde::from_slice(&bytes).unwrap())
}

#[tokio::test]
async fn a_state_survives_a_crash_of_the_worker_and_a_switch_off() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    write(&api, "one").await;
    let worker = daemon.workers()[0];
    signal(worker, "KILL");
    eventually("another worker", || async {
        let workers = daemon.workers();
        workers.iter().any(|pid| *pid != worker).then_some(())
    })
    .await;
    assert_eq!(notes(&api).await, 1);
    write(&api, "two").await;
    api.post("/api/modules/notebook/disable").await;
    signal(daemon.workers()[0], "KILL");
    // If the daemon hasn't noticed yet, this start fails and the next one succeeds.
    api.post("/api/modules/notebook/enable").await;
    assert_eq!(notes(&api).await, 2);
}

#[tokio::test]
async fn a_state_survives_the_end_of_the_daemon_in_order_and_by_force() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    write(&api, "one").await;
    let (_, _, data) = daemon.stop();
    assert_eq!(
        stored(data.path()).unwrap()["notes"],
        json!(["one"]),
        "what was committed last is stored before the end"
    );
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    assert_eq!(notes(&api).await, 1);
    write(&api, "two").await;
    let daemon = Daemon::start_on(daemon.kill(), &[]);
    let api = daemon.pair().await;
    assert_eq!(notes(&api).await, 2);
}

#[tokio::test]
async fn an_action_is_answered_once_the_state_that_it_led_to_is_stored() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    let database = Connection::open(daemon.data.path().join("contara.db")).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut answer = Box::pin(write(&api, "one"));
    let shown = eventually("the tile with the note", || async {
        (count(&api.snapshot("notebook").await["ui"]) == 1).then_some(())
    });
    tokio::select! {
        () = &mut answer => panic!("answered before anything can have been stored"),
        () = shown => {}
    }
    database.execute_batch("COMMIT").unwrap();
    answer.await;
    assert_eq!(stored(daemon.data.path()).unwrap()["notes"], json!(["one"]));

    // As when the disk is full.
    let refuse =
        "CREATE TRIGGER full BEFORE INSERT ON module_states BEGIN SELECT RAISE(FAIL, 'full'); END";
    database.execute_batch(refuse).unwrap();
    let not_stored = "could not be stored";
    let message = written(&api, r#"{"text": "two"}"#).await;
    assert!(message.contains(not_stored), "{message}");

    // Nothing is committed any more, but what was is written again: in vain, and then with room on the disk.
    let nothing = r#"{"text": "", "times": 0}"#;
    let message = written(&api, nothing).await;
    assert!(message.contains(not_stored), "{message}");
    database.execute_batch("DROP TRIGGER full").unwrap();
    let message = written(&api, nothing).await;
    assert!(!message.contains(not_stored), "{message}");
    let kept = stored(daemon.data.path()).unwrap();
    assert_eq!(kept["notes"], json!(["one", "two"]));
}

/// What the notebook says to this.
async fn written(api: &Api, note: &str) -> String {
    let (_, answer) = api
        .post_text("/api/modules/notebook/action/write", note)
        .await;
    let message = answer["results"][0]["message"].as_str();
    message.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test]
async fn a_state_that_no_longer_fits_is_put_aside_and_said() {
    let daemon = Daemon::start(&["notebook"]);
    let api = daemon.pair().await;
    api.enable("notebook").await;
    write(&api, "one").await;
    rewrite(
        &daemon.modules().join("notebook"),
        "notes: list[str] = []",
        "notes: list[int] = [] # longer",
    );
    let warning = eventually("a warning", || async {
        let module = api.module("notebook").await?;
        let problems = module["problems"].as_array()?.clone();
        problems
            .into_iter()
            .find(|problem| problem["message"].as_str().unwrap_or("").contains("aside"))
    })
    .await;
    assert_eq!(warning["severity"], "warning");
    assert!(
        warning["message"].as_str().unwrap().contains("notes"),
        "{warning}"
    );
    assert_eq!(notes(&api).await, 0);
    let data = daemon.data.path();
    // It is told at once, and put aside as soon as the database has its turn.
    let kept = eventually("the old state, put aside", || async {
        query::<Vec<u8>>(data, "SELECT value FROM module_states_aside")
    });
    let kept = kept.await;
    let kept: Value = rmp_serde::from_slice(&kept).unwrap();
    assert_eq!(kept["notes"], json!(["one"]));
    let reason: String = query(data, "SELECT reason FROM module_states_aside").unwrap();
    assert!(reason.contains("notes"), "{reason}");
    assert_eq!(stored(data), None);
}

const COUNTS: &str = "
from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Stat, Tile

class Counts(Module):
    class State(ModuleState, persist=True):
        count: int = 0
        share: float = 0.0
    async def initialize(self): ...
    async def start_monitoring(self): ...
    async def stop_monitoring(self): ...
    def get_tile(self):
        return Tile(icon='box', title='Counts', stats=[Stat(label='Count', value=self.typed_state.count)])
    @action
    async def count(self, share: float = 0.0):
        self.typed_state.count += 1
        self.typed_state.share = share
    @action
    async def spoil(self):
        self.typed_state.share = float('nan')
    @action
    async def rush(self):
        for _ in range(1000):
            self.typed_state.count += 1
            self.typed_state.commit()
";

#[tokio::test]
async fn a_state_that_cannot_be_stored_costs_neither_the_module_nor_the_last_good_one() {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/counts"), COUNTS);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    api.enable("counts").await;
    api.post("/api/modules/counts/action/count").await;
    let worker = daemon.workers();
    api.post("/api/modules/counts/action/spoil").await;
    api.post("/api/modules/counts/action/count").await;
    assert_eq!(daemon.workers(), worker, "the module goes on");
    let snapshot = api.snapshot("counts").await;
    assert_eq!(
        (&snapshot["life"], count(&snapshot["ui"])),
        (&"running".into(), 2)
    );
}

#[tokio::test]
async fn of_a_thousand_commits_the_last_is_stored() {
    let data = data_folder(&[]);
    write_module(&data.path().join("modules/counts"), COUNTS);
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    api.enable("counts").await;
    for _ in 0..20 {
        api.post("/api/modules/counts/action/rush").await;
    }
    let (_, _, data) = daemon.stop();
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    let snapshot = api.wait_for_life("counts", "running").await;
    assert_eq!(count(&snapshot["ui"]), 20_000);
}

#[tokio::test]
async fn a_module_that_keeps_nothing_begins_anew() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    api.post("/api/modules/my_module/action/increment").await;
    let (_, _, data) = daemon.stop();
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    let snapshot = api.wait_for_life("my_module", "running").await;
    assert_eq!(count(&snapshot["ui"]), 0);
}
