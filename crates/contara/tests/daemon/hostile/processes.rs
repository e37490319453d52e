//! Modules that start processes and threads, and open files.

use super::Culprit;
use crate::observe::niceness;
use crate::support::{eventually, signal};

#[tokio::test]
async fn a_fork_bomb_is_ended_whole_and_named() {
    let culprit = Culprit::enabled("forks_without_end").await;
    culprit
        .is_named("limit", "64 are allowed (processes)")
        .await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn what_moved_into_a_session_of_its_own_ends_with_the_worker_that_started_it() {
    let culprit = Culprit::enabled("leaves_a_daemon").await;
    culprit.says("left behind").await;
    culprit.is_named("exit", "exit status 5").await;
    // It is started again after a pause of a second, and leaves another one.
    culprit.is_gone().await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn children_that_compute_without_end_come_last_and_end_with_the_worker_that_started_them() {
    let culprit = Culprit::enabled("spins_in_children").await;
    let all = eventually("its children", || async {
        let found = culprit.processes();
        (found.len() == 9).then_some(found)
    })
    .await;
    eventually("them to stand back", || async {
        all.iter().all(|pid| niceness(*pid) == 19).then_some(())
    })
    .await;
    culprit.says("it has kept a processor busy for 5 s").await;
    signal(*all.iter().min().unwrap(), "KILL");
    culprit
        .is_named("exit", "killed by signal 9 (SIGKILL)")
        .await;
    eventually("the first ones to be gone", || async {
        let now = culprit.processes();
        (!all.iter().any(|pid| now.contains(pid))).then_some(())
    })
    .await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_opens_files_without_end_is_refused_them_and_lives_on() {
    let culprit = Culprit::enabled("opens_files").await;
    culprit.is_named("task", "Too many open files").await;
    assert_eq!(culprit.api.snapshot(culprit.name).await["life"], "running");
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_starts_threads_without_end_is_refused_them_and_lives_on() {
    let culprit = Culprit::enabled("starts_threads").await;
    culprit.is_named("task", "can't start new thread").await;
    assert_eq!(culprit.api.snapshot(culprit.name).await["life"], "running");
    culprit.harmed_nobody().await;
}
