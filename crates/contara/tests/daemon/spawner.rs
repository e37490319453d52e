//! The process that starts workers: when it is there, what its end costs, and that nothing survives the daemon's.

use crate::support::{Api, Daemon, eventually, lives, signal, spawner_of};

/// What lives and has this folder in its command line, as copies of the spawner have, and their copies.
fn processes_of(folder: &str) -> Vec<u32> {
    let ids = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| {
        let command = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(folder) && lives(*id)
    })
    .collect()
}

async fn spawner(daemon: &Daemon) -> u32 {
    eventually("a spawner", || async { spawner_of(daemon.pid()) }).await
}

/// Enables a module that blocks itself for good as soon as it runs, and gives its worker.
async fn enable_blocked(daemon: &Daemon, api: &Api, module: &str) -> u32 {
    api.enable(module).await;
    let workers = daemon.workers();
    eventually(&format!("{module} to hold the interpreter"), || async {
        daemon.log().contains("about to hold it").then_some(())
    })
    .await;
    workers[0]
}

#[tokio::test]
async fn nothing_outlives_a_daemon_that_was_killed_not_even_what_holds_the_interpreter() {
    let daemon = Daemon::start(&["holds_the_gil", "leaves_a_daemon", "my_module"]);
    let api = daemon.pair().await;
    let blocked = enable_blocked(&daemon, &api, "holds_the_gil").await;
    api.enable("leaves_a_daemon").await;
    api.enable("my_module").await;
    assert_eq!(daemon.workers().len(), 3);
    let spawner = spawner(&daemon).await;
    let folder = daemon.data.path().to_str().unwrap().to_owned();
    assert!(processes_of(&folder).contains(&blocked));
    let _data = daemon.kill();
    eventually("all processes to be gone", || async {
        (processes_of(&folder).is_empty() && !lives(spawner)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_spawner_comes_when_somebody_looks() {
    let daemon = Daemon::start(&["my_module"]);
    assert_eq!(spawner_of(daemon.pid()), None, "nobody needs it yet");
    let api = daemon.pair().await;
    api.get("/api/modules").await;
    spawner(&daemon).await;

    let daemon = Daemon::start(&["my_module"]);
    let _stream = daemon.pair().await.stream().await;
    spawner(&daemon).await;
}

#[tokio::test]
async fn workers_go_with_a_spawner_that_is_killed_and_come_back_from_another() {
    let daemon = Daemon::start(&["my_module"]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    let (worker, first) = (daemon.workers()[0], spawner(&daemon).await);
    signal(first, "KILL");
    eventually("another worker", || async {
        daemon.workers().into_iter().find(|id| *id != worker)
    })
    .await;
    api.wait_for_life("my_module", "running").await;
    assert!(!lives(worker));
    assert_ne!(spawner(&daemon).await, first);
    let log = daemon.log();
    let reason = "killed with the spawner, which ended: killed by signal 9 (SIGKILL)";
    assert!(log.contains(reason), "{log}");
}

#[tokio::test]
async fn the_spawner_ends_with_the_daemon() {
    let daemon = Daemon::start(&["my_module"]);
    daemon.pair().await.enable("my_module").await;
    let (pid, spawner) = (daemon.pid(), spawner(&daemon).await);
    let (status, log, _data) = daemon.stop();
    assert_eq!(status.code(), Some(0));
    assert!(!lives(spawner) && !lives(pid));
    assert!(!log.contains("the spawner had to be killed"), "{log}");
}
