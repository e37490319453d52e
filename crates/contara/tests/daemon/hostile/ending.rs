//! Modules that end their process.

use super::Culprit;

#[tokio::test]
async fn one_that_exits_says_with_which_status() {
    let culprit = Culprit::enabled("exits").await;
    culprit
        .is_named("exit", "ended by itself (exit status 7)")
        .await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_exits_at_import_says_that_it_was_being_imported() {
    let culprit = Culprit::enabled("exits_at_import").await;
    let words = "ended by itself (exit status 3) while the module was being imported";
    culprit.is_named("exit", words).await;
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_reads_wild_memory_says_by_which_signal_it_was_killed() {
    let culprit = Culprit::enabled("segfaults").await;
    let words = "ended by itself (killed by signal 11 (SIGSEGV))";
    culprit.is_named("exit", words).await;
    culprit.harmed_nobody().await;
}
