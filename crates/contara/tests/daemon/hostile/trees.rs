//! Modules that draw too much, too often, or not always, and that have more faults and states than can be shown and stored.

use std::time::{Duration, Instant};

use super::{Culprit, MIB};
use crate::support::count;

#[tokio::test]
async fn a_tile_of_50_000_nodes_is_refused_and_its_size_named() {
    let culprit = Culprit::enabled("draws_a_huge_tree").await;
    culprit.is_named("tile", "too large").await;
    let taken = culprit.memory_taken();
    assert!(taken < 64 * MIB, "{taken} bytes");
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_draws_only_sometimes_keeps_the_tile_that_it_drew() {
    let culprit = Culprit::enabled("draws_sometimes").await;
    culprit.is_named("tile", "an odd tick").await;
    let snapshot = culprit.api.snapshot(culprit.name).await;
    assert_eq!(snapshot["life"], "running");
    culprit.harmed_nobody().await;
}

/// How many updates of a module that commits all the time reach a client in two seconds.
async fn updates_in_two_seconds(name: &'static str) -> usize {
    let culprit = Culprit::enabled(name).await;
    let mut stream = culprit.api.stream().await;
    let mut last = 0;
    while last < 20_000 {
        last = count(&stream.next_of("module_ui").await["ui"]);
    }
    let start = Instant::now();
    let mut updates = 0;
    while start.elapsed() < Duration::from_secs(2) {
        let now = count(&stream.next_of("module_ui").await["ui"]);
        assert!(now > last, "the latest state, and only that");
        last = now;
        updates += 1;
    }
    let taken = culprit.memory_taken();
    assert!(taken < 32 * MIB, "{taken} bytes");
    culprit.harmed_nobody().await;
    updates
}

#[tokio::test]
async fn ten_thousand_commits_a_second_are_a_few_updates() {
    for name in ["commits_in_its_loop", "commits_in_a_thread"] {
        let updates = updates_in_two_seconds(name).await;
        println!("{name}: {updates} updates in two seconds");
        assert!((2..=36).contains(&updates), "{updates} updates");
    }
}

#[tokio::test]
async fn a_storm_of_faults_is_one_problem_and_a_short_log() {
    let culprit = Culprit::enabled("faults_without_end").await;
    culprit.is_named("task", "RuntimeError: fault").await;
    culprit.is_named("thread", "RuntimeError: fault").await;
    let (log, taken) = (culprit.daemon.log().len(), culprit.memory_taken());
    println!("{log} bytes of log, {taken} bytes of memory");
    assert!(taken < 48 * MIB, "{taken} bytes");
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn a_huge_state_that_is_committed_over_and_over_costs_one_write_at_a_time() {
    let culprit = Culprit::enabled("stores_without_end").await;
    let mut stream = culprit.api.stream().await;
    while count(&stream.next_of("module_ui").await["ui"]) < 20 {}
    let taken = culprit.memory_taken();
    assert!(taken < 160 * MIB, "{taken} bytes");
    culprit.harmed_nobody().await;
}
