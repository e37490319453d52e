//! Modules that don't let their loop run.

use super::Culprit;
use crate::observe::processes_of;
use crate::support::{copy, eventually, fixture};

const WAYS: [&str; 3] = ["blocks_its_loop", "sleeps_in_its_loop", "holds_the_gil"];

#[tokio::test]
async fn one_that_blocks_its_loop_is_ended_and_named_whichever_way_it_does() {
    let culprit = Culprit::installed("blocks_its_loop").await;
    for name in WAYS {
        copy(&fixture(name), &culprit.daemon.modules().join(name));
        eventually("it to be listed", || culprit.api.module(name)).await;
        culprit.enable(name);
    }
    for name in WAYS {
        let words = "loop has not answered for 10 s: the module blocks it";
        culprit.names(name, "timeout", words).await;
    }
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_holds_the_interpreter_does_not_outlive_a_daemon_that_is_killed() {
    let culprit = Culprit::enabled("holds_the_gil").await;
    culprit.says("about to hold it").await;
    let data = culprit.daemon.kill();
    eventually("its worker to be gone", || async {
        processes_of(data.path()).is_empty().then_some(())
    })
    .await;
}
