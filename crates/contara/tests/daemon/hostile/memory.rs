//! Modules that take memory.

use super::Culprit;

#[tokio::test]
async fn one_that_allocates_without_end_is_ended_and_the_limit_named() {
    let culprit = Culprit::enabled("eats_memory").await;
    culprit.is_named("limit", "(memory)").await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn what_its_children_hold_counts_too_and_they_end_with_it() {
    let culprit = Culprit::enabled("eats_memory_in_children").await;
    culprit.is_named("limit", "(memory)").await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_reserves_addresses_without_end_is_refused_them_and_lives_on() {
    let culprit = Culprit::enabled("reserves_addresses").await;
    culprit.is_named("task", "Cannot allocate memory").await;
    assert_eq!(culprit.api.snapshot(culprit.name).await["life"], "running");
    culprit.harmed_nobody().await;
}
