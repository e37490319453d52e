//! A timer for a task that asks at every turn of its loop when to wake next.
//!
//! Setting a timer takes a lock that the whole runtime shares, and most turns only move the time further away: so it stays
//! set at the earlier time, and whoever waits is not told of a ring that came too early.

use std::pin::Pin;
use std::time::Instant;

use tokio::time::{Sleep, sleep_until};

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Alarm {
    sleep: Option<Pin<Box<Sleep>>>,
    /// When it rings; `None` once it has.
    set: Option<Instant>,
}

impl Alarm {
    /// Returns at `wake`, or never. May be dropped and called again with another time.
    pub(crate) async fn wait_until(&mut self, wake: Option<Instant>) {
        let Some(wake) = wake else {
            return std::future::pending().await;
        };
        loop {
            let is_early_enough = self.set.is_some_and(|set| set <= wake);
            if !is_early_enough {
                self.set_to(wake);
            }
            if let Some(sleep) = &mut self.sleep {
                sleep.as_mut().await;
            }
            self.set = None;
            if Instant::now() >= wake {
                return;
            }
        }
    }

    fn set_to(&mut self, wake: Instant) {
        self.set = Some(wake);
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().reset(wake.into()),
            None => self.sleep = Some(Box::pin(sleep_until(wake.into()))),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);
    const SHORT: Duration = Duration::from_millis(30);

    async fn rings(alarm: &mut Alarm, after: Duration) -> bool {
        let wake = Some(Instant::now() + after);
        timeout(10 * SHORT, alarm.wait_until(wake)).await.is_ok()
    }

    #[tokio::test]
    async fn it_rings_at_the_time_and_not_before() {
        let mut alarm = Alarm::default();
        let wake = Instant::now() + SHORT;
        alarm.wait_until(Some(wake)).await;
        assert!(Instant::now() >= wake);
        assert!(timeout(SHORT, alarm.wait_until(None)).await.is_err());
    }

    #[tokio::test]
    async fn the_last_time_that_was_asked_for_counts() {
        let mut alarm = Alarm::default();
        assert!(!rings(&mut alarm, LONG).await);
        assert!(rings(&mut alarm, SHORT).await, "an earlier one");
        let soon = Some(Instant::now() + SHORT);
        assert!(timeout(SHORT / 3, alarm.wait_until(soon)).await.is_err());
        assert!(!rings(&mut alarm, LONG).await, "a later one");
        let past = Some(Instant::now());
        timeout(SHORT, alarm.wait_until(past)).await.unwrap();
    }
}
