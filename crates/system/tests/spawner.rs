//! The spawner with a real Python: workers in both ways, when the process is there, and how it is given up.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use contara_system::limits::Limits;
use contara_system::spawner::{Spawner, SpawnerTimes, StartWay, WorkerOrder};
use contara_system::worker_process::{Interpreter, StartWorkerError, WorkerProcess};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::time::{interval, timeout};

/// Longer than anything here takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

struct House {
    spawner: Spawner,
    folder: TempDir,
}

impl House {
    fn new(way: StartWay, times: SpawnerTimes) -> Self {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = std::env::var_os("CONTARA_PYTHON").map(PathBuf::from);
        let python = python.unwrap_or_else(|| checkout.join("python/.venv/bin/python"));
        Self::with_python(&python, way, times)
    }

    fn with_python(python: &Path, way: StartWay, times: SpawnerTimes) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let interpreter = Interpreter {
            python: python.to_owned(),
            bytecode_cache: folder.path().join("cache"),
            module_data: folder.path().join("data"),
            module_cache: folder.path().join("module-cache"),
        };
        Self {
            spawner: Spawner::with_times(interpreter, way, times),
            folder,
        }
    }

    async fn start(&self) -> Result<WorkerProcess, StartWorkerError> {
        let order = WorkerOrder {
            module: "it".into(),
            packages: None,
            limits: Limits::default(),
        };
        timeout(PATIENCE, self.spawner.start(order))
            .await
            .expect("in time")
    }

    /// The process that was started here, rather than by it.
    fn process(&self) -> Option<Pid> {
        let folder = self.folder.path().to_str().unwrap();
        let ids = std::fs::read_dir("/proc").unwrap().flatten();
        ids.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .find(|id| {
                let read = |name: &str| {
                    let bytes = std::fs::read(format!("/proc/{id}/{name}")).unwrap_or_default();
                    String::from_utf8_lossy(&bytes).into_owned()
                };
                let stat = read("stat");
                let parent = stat
                    .rsplit_once(") ")
                    .and_then(|(_, rest)| rest.split(' ').nth(1));
                parent == Some(&std::process::id().to_string()) && read("cmdline").contains(folder)
            })
            .and_then(Pid::from_raw)
    }

    async fn wait_for_process(&self) -> Pid {
        eventually("a spawner", || async { self.process() }).await
    }

    async fn wait_for_no_process(&self) {
        eventually("the spawner to be gone", || async {
            self.process().is_none().then_some(())
        })
        .await;
    }
}

async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut probe: impl FnMut() -> F,
) -> T {
    let start = Instant::now();
    let mut pause = interval(Duration::from_millis(10));
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        pause.tick().await;
    }
}

/// The content of the first frame that a worker sends.
async fn first_frame(worker: &mut WorkerProcess) -> String {
    let length = timeout(PATIENCE, worker.link.read_u32()).await;
    let mut frame = vec![0; length.expect("in time").unwrap() as usize];
    worker.link.read_exact(&mut frame).await.unwrap();
    String::from_utf8_lossy(&frame).into_owned()
}

fn is_there(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

#[tokio::test]
async fn workers_say_hello_and_can_be_killed_in_both_ways() {
    for way in [StartWay::Fork, StartWay::Exec] {
        let house = House::new(way, SpawnerTimes::default());
        for _ in 0..2 {
            let mut worker = house.start().await.unwrap();
            assert!(first_frame(&mut worker).await.contains("hello"));
            worker.life.kill();
            let status = timeout(PATIENCE, worker.life.wait())
                .await
                .expect("in time");
            assert_eq!(status, "killed by signal 9 (SIGKILL)");
            assert_eq!(worker.life.wait().await, status, "it can be asked again");
            assert!(!is_there(worker.pid), "it has been reaped by its parent");
        }
        house.spawner.shut_down().await;
        assert_eq!(house.process(), None);
        let error = house.start().await.unwrap_err();
        assert_eq!(error.to_string(), "Contara is stopping");
    }
}

#[tokio::test]
async fn whoever_forgets_a_worker_or_gives_its_start_up_kills_it() {
    let house = House::new(StartWay::Fork, SpawnerTimes::default());
    let mut worker = house.start().await.unwrap();
    first_frame(&mut worker).await;
    let pid = worker.pid;
    drop(worker);
    eventually("a forgotten worker to end", || async {
        (!is_there(pid)).then_some(())
    })
    .await;

    let given_up = timeout(Duration::ZERO, house.start()).await;
    assert!(given_up.is_err(), "it can't be that quick");
    let kept = house.start().await.unwrap();
    eventually("no other worker", || async {
        // Of the spawner's children one is the worker, the other may be a spare.
        let children = format!("/proc/{0}/task/{0}/children", house.process()?);
        let children = std::fs::read_to_string(children).ok()?;
        let mut children = children
            .split_whitespace()
            .map(|id| id.parse::<u32>().unwrap());
        (children.clone().count() <= 2 && children.any(|id| id == kept.pid)).then_some(())
    })
    .await;
    house.spawner.shut_down().await;
}

#[tokio::test]
async fn it_is_let_go_when_nobody_needs_it_and_comes_back() {
    let times = SpawnerTimes {
        idle: Duration::ZERO,
        end: PATIENCE,
        ..SpawnerTimes::default()
    };
    let house = House::new(StartWay::Fork, times);
    let run = async || {
        let mut worker = house.start().await.unwrap();
        first_frame(&mut worker).await;
        let spawner = house.process();
        worker.life.kill();
        worker.life.wait().await;
        spawner
    };
    assert!(run().await.is_some());
    house.wait_for_no_process().await;

    let warmth = house.spawner.keep_warm();
    let spawner = Some(house.wait_for_process().await);
    assert_eq!([run().await, run().await], [spawner, spawner]);
    drop(warmth);
    house.wait_for_no_process().await;
}

#[tokio::test]
async fn a_worker_hears_that_it_went_with_the_spawner() {
    let house = House::new(StartWay::Fork, SpawnerTimes::default());
    let mut worker = house.start().await.unwrap();
    kill_process(house.wait_for_process().await, Signal::KILL).unwrap();
    assert_eq!(
        timeout(PATIENCE, worker.life.wait())
            .await
            .expect("in time"),
        "killed with the spawner, which ended: killed by signal 9 (SIGKILL)"
    );
    let mut next = house.start().await.unwrap();
    assert!(first_frame(&mut next).await.contains("hello"));
}

#[tokio::test]
async fn one_that_does_not_answer_is_given_up() {
    let times = SpawnerTimes {
        silence: Duration::from_secs(8),
        ..SpawnerTimes::default()
    };
    let house = House::new(StartWay::Fork, times);
    let mut worker = house.start().await.unwrap();
    first_frame(&mut worker).await;
    kill_process(house.wait_for_process().await, Signal::STOP).unwrap();
    let error = house.start().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the spawner, which starts modules' workers, ended (killed after 8 s without an answer)"
    );
    let status = timeout(PATIENCE, worker.life.wait())
        .await
        .expect("in time");
    assert!(status.starts_with("killed with the spawner"), "{status}");
}

#[tokio::test]
async fn an_sdk_of_another_time_is_told_so() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/newer_spawner.sh");
    let house = House::with_python(&python, StartWay::Fork, SpawnerTimes::default());
    let error = house.start().await.unwrap_err().to_string();
    assert!(
        error.contains("speaks version 2 of the spawner's protocol, this daemon version 1"),
        "{error}"
    );
}

#[tokio::test]
async fn a_python_that_fails_is_tried_for_a_start_but_not_for_every_hint() {
    let folder = tempfile::tempdir().unwrap();
    let tries = folder.path().join("tries");
    let python = folder.path().join("python");
    let script = format!(
        "#!/bin/sh\necho try >> {}\necho 'no SDK here' >&2\nexit 1\n",
        tries.display()
    );
    std::fs::write(&python, script).unwrap();
    rustix::fs::chmod(&python, rustix::fs::Mode::from_raw_mode(0o755)).unwrap();
    let house = House::with_python(&python, StartWay::Fork, SpawnerTimes::default());
    for tried in [1, 2] {
        let error = house.start().await.unwrap_err();
        assert_eq!(error.last_words(), Some("no SDK here"));
        let reason = error.to_string();
        assert!(
            reason.contains("is the Contara SDK installed in"),
            "{reason}"
        );
        house.spawner.expect_work();
        // On this thread: what was hinted has been heard after that.
        tokio::task::yield_now().await;
        house.wait_for_no_process().await;
        let lines = std::fs::read_to_string(&tries).unwrap().lines().count();
        assert_eq!(lines, tried);
    }
}
