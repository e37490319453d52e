//! Modules that write to the link behind the back of the SDK.

use super::{Culprit, MIB};

#[tokio::test]
async fn random_bytes_end_that_worker() {
    let culprit = Culprit::enabled("writes_garbage_to_link").await;
    culprit
        .is_named("link", "The link to the worker broke")
        .await;
    assert!(culprit.memory_taken() < 64 * MIB);
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn a_frame_of_100_mb_is_refused_before_it_is_read() {
    let culprit = Culprit::enabled("writes_a_giant_frame").await;
    culprit
        .is_named("link", "a message of more than 16 MiB")
        .await;
    let taken = culprit.memory_taken();
    assert!(taken < 32 * MIB, "{taken} bytes");
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn a_frame_of_ten_million_arrays_in_each_other_is_refused() {
    let culprit = Culprit::enabled("writes_a_deep_frame").await;
    culprit
        .is_named("link", "The link to the worker broke")
        .await;
    let taken = culprit.memory_taken();
    assert!(taken < 128 * MIB, "{taken} bytes");
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_whose_frame_never_comes_to_an_end_does_not_answer() {
    let culprit = Culprit::enabled("writes_half_a_frame").await;
    culprit
        .is_named("timeout", "has not answered for 10 s")
        .await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn a_hundred_megabytes_of_good_frames_cost_the_daemon_little_memory() {
    let culprit = Culprit::enabled("floods_the_link").await;
    culprit.says("the flood is over").await;
    let taken = culprit.memory_taken();
    assert!(taken < 64 * MIB, "{taken} bytes");
    culprit.harmed_nobody().await;
}
