//! The supervisor with real Python workers, and little patience.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use contara_protocol::link::{Capabilities, ErrorKind, ModuleSource};
use contara_store::Store;
use contara_supervisor::{
    ActionError, Arguments, EnableError, Failure, Life, ModuleSpec, ModuleView, Step, Supervisor,
    Timing, Wanted,
};
use contara_system::environments::Environments;
use contara_system::limits::Limits;
use contara_system::spawner::{Spawner, StartWay};
use contara_system::worker_process::Interpreter;
use tempfile::TempDir;
use tokio::time::timeout;

/// The same tests for both ways in which workers are started.
macro_rules! in_both_ways {
    ($($test:ident)*) => {
        mod fork {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::StartWay::Fork).await;
            })*
        }
        mod exec {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::StartWay::Exec).await;
            })*
        }
    };
}

in_both_ways! {
    a_start_that_never_answers_is_given_up_and_after_five_times_left_alone
    a_module_that_exits_at_import_says_with_which_status
    a_loop_that_is_blocked_while_running_is_noticed_and_replaced
    an_action_that_takes_too_long_is_given_up_but_its_module_lives_on
    what_is_written_to_the_link_behind_the_sdks_back_costs_only_this_worker
    nothing_that_a_module_started_survives_its_worker
    python_that_cannot_be_run_is_named
    python_without_the_sdk_says_so
    a_page_is_drawn_only_while_somebody_watches_it
    what_is_being_worked_on_keeps_its_state_over_a_change_and_no_longer
}

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn impatient() -> Timing {
    Timing {
        start: Duration::from_secs(3),
        stop: Duration::from_secs(2),
        ping_every: Duration::from_millis(100),
        ping: Duration::from_secs(1),
        action: Duration::from_secs(3),
        backoff_first: Duration::from_millis(50),
        backoff_max: Duration::from_millis(100),
        ..Timing::default()
    }
}

struct House {
    supervisor: Supervisor,
    folder: TempDir,
}

impl House {
    fn new(way: StartWay, timing: Timing) -> Self {
        let python = std::env::var_os("CONTARA_PYTHON").map(PathBuf::from);
        let folder = tempfile::tempdir().unwrap();
        let interpreter = Interpreter {
            python: python.unwrap_or_else(|| checkout().join("python/.venv/bin/python")),
            bytecode_cache: folder.path().join("cache"),
            module_data: folder.path().join("data"),
            module_cache: folder.path().join("module-cache"),
        };
        Self {
            supervisor: supervisor(interpreter, way, timing, &folder),
            folder,
        }
    }

    fn fixture(name: &str) -> ModuleSpec {
        spec(name, checkout().join("tests/fixtures/modules").join(name))
    }

    fn module(&self, name: &str, body: &str) -> ModuleSpec {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("__init__.py"), format!("{HEAD}{body}")).unwrap();
        spec(name, folder)
    }

    async fn add(&self, specs: Vec<ModuleSpec>) {
        self.supervisor
            .apply(specs.into_iter().map(|spec| (spec, Wanted::No)).collect())
            .await;
    }

    async fn wait_for(&self, name: &str, is_so: impl Fn(&ModuleView) -> bool) -> Arc<ModuleView> {
        let mut changes = self.supervisor.board().subscribe();
        let wait = async {
            loop {
                if let Some(view) = self.supervisor.board().get(name).filter(|view| is_so(view)) {
                    return view;
                }
                changes.changed().await;
            }
        };
        timeout(Duration::from_secs(30), wait)
            .await
            .expect("in time")
    }
}

fn supervisor(
    interpreter: Interpreter,
    way: StartWay,
    timing: Timing,
    folder: &TempDir,
) -> Supervisor {
    let environments = Environments::new(&interpreter, &folder.path().join("cache"));
    Supervisor::new(
        Spawner::new(interpreter, way),
        environments,
        timing,
        store(folder),
    )
}

fn store(folder: &TempDir) -> Store {
    Store::open(&folder.path().join("contara.db")).unwrap()
}

fn spec(name: &str, folder: PathBuf) -> ModuleSpec {
    ModuleSpec {
        name: name.into(),
        display_name: name.into(),
        icon: "box".into(),
        folder,
        source: ModuleSource::Community,
        capabilities: Capabilities {
            websocket: true,
            dashboard: true,
            detail_page: false,
            settings: false,
        },
        requirements: Vec::new(),
        system_dependencies: Vec::new(),
        limits: Limits::default(),
        keep_state: false,
        fingerprint: 0,
    }
}

const HEAD: &str = "
import asyncio, os, subprocess, sys, time
from pathlib import Path
from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Stat, Tile

class It(Module):
    async def initialize(self): ...
    async def start_monitoring(self): ...
    async def stop_monitoring(self): ...
    def get_tile(self):
        return Tile(icon='box', title='It')
";

fn failure(error: EnableError) -> Failure {
    match error {
        EnableError::Failed(failure) => failure,
        other => panic!("{other}"),
    }
}

async fn a_start_that_never_answers_is_given_up_and_after_five_times_left_alone(way: StartWay) {
    let house = House::new(
        way,
        Timing {
            start: Duration::from_secs(1),
            ..impatient()
        },
    );
    house.add(vec![House::fixture("never_answers")]).await;
    let error = failure(house.supervisor.enable("never_answers").await.unwrap_err());
    assert_eq!(
        error,
        Failure::NoAnswer {
            step: Step::Initialize,
            after: Duration::from_secs(1)
        }
    );
    let view = house
        .wait_for("never_answers", |view| view.life == Life::Failed)
        .await;
    assert!(
        view.trouble
            .as_ref()
            .unwrap()
            .detail
            .to_string()
            .contains("initialize() was running")
    );
    house.supervisor.shut_down().await;
}

async fn a_module_that_exits_at_import_says_with_which_status(way: StartWay) {
    let house = House::new(way, impatient());
    house.add(vec![House::fixture("exits_at_import")]).await;
    let error = failure(
        house
            .supervisor
            .enable("exits_at_import")
            .await
            .unwrap_err(),
    )
    .to_string();
    assert!(
        error.contains("the worker ended by itself") || error.contains("SystemExit"),
        "{error}"
    );
    house
        .wait_for("exits_at_import", |view| view.life == Life::Failed)
        .await;
}

async fn a_loop_that_is_blocked_while_running_is_noticed_and_replaced(way: StartWay) {
    let house = House::new(way, impatient());
    let block = "
    @action
    async def block(self):
        time.sleep(1000)
";
    house.add(vec![house.module("blocker", block)]).await;
    house.supervisor.enable("blocker").await.unwrap();
    assert_eq!(
        house
            .supervisor
            .act("blocker", "block", Arguments::default())
            .await,
        Err(ActionError::WorkerEnded)
    );
    let view = house
        .wait_for("blocker", |view| {
            matches!(view.life, Life::Backoff { .. } | Life::Starting)
        })
        .await;
    assert!(
        view.trouble
            .as_ref()
            .is_none_or(|trouble| trouble.detail.to_string().contains("the module blocks it"))
    );
    house
        .wait_for("blocker", |view| view.life == Life::Running)
        .await;
    house.supervisor.shut_down().await;
}

async fn an_action_that_takes_too_long_is_given_up_but_its_module_lives_on(way: StartWay) {
    let house = House::new(way, impatient());
    let slow = "
    @action(timeout=0.3)
    async def dawdle(self):
        await asyncio.sleep(1000)
";
    house.add(vec![house.module("slow", slow)]).await;
    house.supervisor.enable("slow").await.unwrap();
    let error = house
        .supervisor
        .act("slow", "dawdle", Arguments::default())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ActionError::Failed(error) if error.kind == ErrorKind::Timeout),
        "{error}"
    );
    assert_eq!(
        house.supervisor.board().get("slow").unwrap().life,
        Life::Running
    );
    house.supervisor.shut_down().await;
}

async fn what_is_written_to_the_link_behind_the_sdks_back_costs_only_this_worker(way: StartWay) {
    let house = House::new(way, impatient());
    let garbage = "
    @action
    async def spoil(self):
        for fd in range(3, 20):
            try:
                if os.readlink(f'/proc/self/fd/{fd}').startswith('socket:'):
                    os.write(fd, b'\\xff' * 64)
            except OSError:
                pass
        await asyncio.sleep(1000)
";
    house
        .add(vec![
            house.module("spoiler", garbage),
            House::fixture("my_module"),
        ])
        .await;
    house.supervisor.enable("spoiler").await.unwrap();
    house.supervisor.enable("my_module").await.unwrap();
    assert_eq!(
        house
            .supervisor
            .act("spoiler", "spoil", Arguments::default())
            .await,
        Err(ActionError::WorkerEnded)
    );
    house
        .wait_for("spoiler", |view| view.life == Life::Running)
        .await;
    house
        .supervisor
        .act("my_module", "increment", Arguments::default())
        .await
        .unwrap();
    house.supervisor.shut_down().await;
}

async fn nothing_that_a_module_started_survives_its_worker(way: StartWay) {
    let house = House::new(way, impatient());
    let parent = "
    @action
    async def spawn(self):
        child = subprocess.Popen(['sleep', '1000'])
        Path(__file__).with_name('child').write_text(str(child.pid))
    @action
    async def crash(self):
        os._exit(7)
";
    let spec = house.module("parent", parent);
    let note = spec.folder.join("child");
    house.add(vec![spec]).await;
    house.supervisor.enable("parent").await.unwrap();
    house
        .supervisor
        .act("parent", "spawn", Arguments::default())
        .await
        .unwrap();
    let child: u32 = std::fs::read_to_string(note).unwrap().parse().unwrap();
    assert!(Path::new(&format!("/proc/{child}")).exists());
    assert_eq!(
        house
            .supervisor
            .act("parent", "crash", Arguments::default())
            .await,
        Err(ActionError::WorkerEnded)
    );
    house
        .wait_for("parent", |view| matches!(view.life, Life::Running))
        .await;
    let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "{state}");
    house.supervisor.shut_down().await;
}

async fn python_that_cannot_be_run_is_named(way: StartWay) {
    let folder = tempfile::tempdir().unwrap();
    let interpreter = Interpreter {
        python: "/nowhere/python".into(),
        bytecode_cache: folder.path().into(),
        module_data: folder.path().into(),
        module_cache: folder.path().into(),
    };
    let supervisor = supervisor(interpreter, way, impatient(), &folder);
    supervisor
        .apply(vec![(House::fixture("my_module"), Wanted::No)])
        .await;
    let error = failure(supervisor.enable("my_module").await.unwrap_err()).to_string();
    assert!(
        error.starts_with("Python could not be started: can't run /nowhere/python"),
        "{error}"
    );
}

async fn python_without_the_sdk_says_so(way: StartWay) {
    let folder = tempfile::tempdir().unwrap();
    let bare = ["/usr/bin/python3", "/usr/local/bin/python3"]
        .into_iter()
        .find(|path| Path::new(path).exists());
    let python = contara_system::worker_process::python_on_path()
        .or(bare.map(PathBuf::from))
        .unwrap();
    let interpreter = Interpreter {
        python,
        bytecode_cache: folder.path().into(),
        module_data: folder.path().into(),
        module_cache: folder.path().into(),
    };
    let supervisor = supervisor(interpreter, way, impatient(), &folder);
    supervisor
        .apply(vec![(House::fixture("my_module"), Wanted::No)])
        .await;
    supervisor.enable("my_module").await.unwrap_err();
    let view = supervisor.board().get("my_module").unwrap();
    let words = view.trouble.as_ref().unwrap().traceback.clone().unwrap();
    assert!(
        words.contains("No module named 'contara_worker'"),
        "{words}"
    );
    supervisor.shut_down().await;
}

async fn a_page_is_drawn_only_while_somebody_watches_it(way: StartWay) {
    let house = House::new(way, impatient());
    let paged = "
    count = 0
    def get_page(self):
        return Tile(icon='box', title=f'page {self.count}')
    def get_tile(self):
        return Tile(icon='box', title=f'tile {self.count}')
    @action
    async def change(self):
        self.count += 1
";
    let mut spec = house.module("paged", paged);
    spec.capabilities.detail_page = true;
    house.add(vec![spec]).await;
    house.supervisor.enable("paged").await.unwrap();
    let has_page = |view: &ModuleView| view.ui.as_ref().is_some_and(|ui| ui.page.is_some());
    let view = house.supervisor.board().get("paged").unwrap();
    assert!(!has_page(&view));
    let watches = [(); 2].map(|()| house.supervisor.watch_page("paged"));
    house.wait_for("paged", has_page).await;
    let change = || {
        house
            .supervisor
            .act("paged", "change", Arguments::default())
    };
    let [one, other] = watches;
    drop(one);
    change().await.unwrap();
    let view = house.supervisor.board().get("paged").unwrap();
    assert!(has_page(&view), "one still watches");
    drop(other);
    // The worker is told in its own time; from then on trees have no page.
    while has_page(&house.supervisor.board().get("paged").unwrap()) {
        change().await.unwrap();
    }
    let ui = house.supervisor.render("paged").await.unwrap();
    assert!(ui.page.is_some(), "unless somebody asks");
    house.supervisor.shut_down().await;
}

async fn what_is_being_worked_on_keeps_its_state_over_a_change_and_no_longer(way: StartWay) {
    let house = House::new(way, impatient());
    let counter = "
    class State(ModuleState):
        count: int = 0
    def get_tile(self):
        return Tile(icon='box', title=f'count {self._typed_state.count}')
    @action
    async def change(self):
        self._typed_state.count += 1
";
    let mut spec = house.module("dev", counter);
    spec.keep_state = true;
    house
        .supervisor
        .apply(vec![(spec.clone(), Wanted::Yes)])
        .await;
    house.supervisor.enable("dev").await.unwrap();
    house
        .supervisor
        .act("dev", "change", Arguments::default())
        .await
        .unwrap();
    let title = |view: &ModuleView| {
        let tile = view.ui.as_ref()?.tile.as_ref()?.drawn()?;
        tile.text("title").filter(|_| view.life == Life::Running)
    };
    for (keep_state, expected) in [(true, "count 1"), (false, "count 0")] {
        spec.fingerprint += 1;
        spec.keep_state = keep_state;
        house
            .supervisor
            .apply(vec![(spec.clone(), Wanted::Yes)])
            .await;
        house.supervisor.enable("dev").await.unwrap();
        let view = house.supervisor.board().get("dev").unwrap();
        assert_eq!(title(&view).as_deref(), Some(expected));
    }
    house.supervisor.shut_down().await;
}
