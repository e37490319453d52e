//! How much of something may be had in a time: a bucket that fills at a steady rate up to a bound. Pure: the time is given.
//!
//! It can be asked whether there is enough ([`Budget::take`]), or charged in any case, with the wait that evens it out
//! ([`Budget::charge`]).

use std::time::{Duration, Instant};

/// See the file's first lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    per_second: f64,
    most: f64,
    /// Below zero: owed.
    left: f64,
    at: Instant,
}

impl Budget {
    /// A full one. `most` is what may be had at once after a pause.
    pub(crate) fn new(per_second: u32, most: u32, now: Instant) -> Self {
        let most = f64::from(most);
        Self {
            per_second: f64::from(per_second),
            most,
            left: most,
            at: now,
        }
    }

    /// Takes `amount`, if so much is left.
    pub(crate) fn take(&mut self, amount: usize, now: Instant) -> bool {
        self.fill(now);
        let amount = as_float(amount);
        let is_enough = amount <= self.left;
        if is_enough {
            self.left -= amount;
        }
        is_enough
    }

    /// Takes `amount`, owed or not, and says how long to wait until nothing is owed.
    pub(crate) fn charge(&mut self, amount: usize, now: Instant) -> Duration {
        self.fill(now);
        self.left -= as_float(amount);
        self.wait()
    }

    /// Adds to it, up to its bound.
    pub(crate) fn give(&mut self, amount: usize) {
        self.left = self.most.min(self.left + as_float(amount));
    }

    /// How long until `amount` is there, which must not be more than ever is.
    pub(crate) fn until(&mut self, amount: usize, now: Instant) -> Duration {
        self.fill(now);
        self.time_for(as_float(amount) - self.left)
    }

    fn wait(&self) -> Duration {
        self.time_for(-self.left)
    }

    fn time_for(&self, missing: f64) -> Duration {
        Duration::from_secs_f64((missing / self.per_second).max(0.0))
    }

    fn fill(&mut self, now: Instant) {
        // Two tasks that share one may read the clock in either order.
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = self.at.max(now);
        self.left = self.most.min(self.left + passed * self.per_second);
    }
}

/// Exact up to 2^53, far beyond any amount.
#[allow(clippy::cast_precision_loss, reason = "see above")]
fn as_float(amount: usize) -> f64 {
    amount as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_is_had_at_once_and_then_only_what_time_brings() {
        let now = Instant::now();
        let mut budget = Budget::new(200, 2_000, now);
        assert!((0..2_000).all(|_| budget.take(1, now)));
        assert!(!budget.take(1, now));
        assert!((0..200).all(|_| budget.take(1, now + SECOND)));
        assert!(!budget.take(1, now + SECOND));
        assert!(budget.take(2_000, now + 60 * SECOND), "it is full again");
        assert!(!budget.take(1, now + 60 * SECOND), "and holds no more");
    }

    #[test]
    fn what_is_owed_takes_time() {
        let now = Instant::now();
        let mut budget = Budget::new(100, 100, now);
        assert_eq!(budget.charge(100, now), Duration::ZERO);
        assert_eq!(budget.charge(50, now), SECOND / 2);
        assert_eq!(budget.charge(0, now + SECOND / 2), Duration::ZERO);
        assert_eq!(budget.charge(1_000, now + SECOND / 2), 10 * SECOND);
        assert!(!budget.take(1, now + SECOND));
    }

    #[test]
    fn what_is_given_counts_up_to_the_bound() {
        let now = Instant::now();
        let mut budget = Budget::new(1, 10, now);
        assert!(budget.take(10, now));
        budget.give(3);
        assert!(budget.take(3, now) && !budget.take(1, now));
        assert_eq!(budget.until(1, now), SECOND);
        budget.give(1_000);
        assert!(budget.take(10, now) && !budget.take(1, now));
    }

    #[test]
    fn time_does_not_go_back() {
        let now = Instant::now();
        let mut budget = Budget::new(10, 10, now);
        assert!(budget.take(10, now + SECOND));
        assert!(!budget.take(1, now), "an earlier now gives nothing");
        assert!(!budget.take(1, now + SECOND));
    }

    proptest! {
        /// Whatever is asked and when: never more than the burst and what the time has brought.
        #[test]
        fn no_more_is_had_than_the_rate_allows(asks in prop::collection::vec((0_u64..500, 1_usize..40), 1..200)) {
            let begin = Instant::now();
            let mut budget = Budget::new(50, 100, begin);
            let (mut now, mut had) = (begin, 0);
            for (pause, amount) in asks {
                now += Duration::from_millis(pause);
                had += if budget.take(amount, now) { amount } else { 0 };
                let allowed = 100.0 + 50.0 * now.duration_since(begin).as_secs_f64();
                prop_assert!(as_float(had) <= allowed + 0.001);
            }
        }
    }
}
