//! Modules that print and log.

use super::{Culprit, MIB};
use crate::support::eventually;

/// What a module may add to the daemon's log in a burst, and what half a minute then adds to it.
const MOST_LOG: usize = 16 * 1024 * 1024;

impl Culprit {
    /// The log of the daemon, its memory, and what it keeps of the module are small.
    fn is_kept_short(&self) {
        let (log, taken) = (self.daemon.log().len(), self.memory_taken());
        println!("{log} bytes of log, {taken} bytes of memory");
        assert!(log < MOST_LOG, "{log} bytes of log");
        assert!(taken < 48 * MIB, "{taken} bytes of memory");
    }

    /// Waits until the daemon says that it has dropped some of what the module said.
    async fn is_told_of_what_is_dropped(&self) {
        eventually("the daemon to say that lines were dropped", || async {
            let log = self.daemon.log();
            let said = log
                .lines()
                .any(|line| line.contains("dropped") && line.contains(self.name));
            said.then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn of_a_hundred_megabytes_printed_a_little_is_kept_and_the_rest_counted() {
    let culprit = Culprit::enabled("prints_100_mb").await;
    culprit.is_told_of_what_is_dropped().await;
    culprit.is_kept_short();
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_prints_without_end_is_slowed_down_and_its_lines_counted() {
    let culprit = Culprit::enabled("prints_without_end").await;
    culprit.is_told_of_what_is_dropped().await;
    culprit.is_kept_short();
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn a_line_that_never_ends_is_cut_and_costs_no_memory() {
    let culprit = Culprit::enabled("prints_one_line").await;
    let start = "x".repeat(64);
    eventually("its beginning", || async {
        culprit.daemon.log().contains(&start).then_some(())
    })
    .await;
    culprit.is_kept_short();
    culprit.harmed_nobody().await;
}

#[tokio::test]
async fn one_that_logs_without_end_is_slowed_down_and_its_records_counted() {
    let culprit = Culprit::enabled("logs_without_end").await;
    culprit.is_told_of_what_is_dropped().await;
    culprit.is_kept_short();
    culprit.harmed_nobody().await;
}
