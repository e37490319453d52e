//! How much a worker may say unasked. Pure: the time is given.
//!
//! Whoever answers must not be slowed: each of the host's own requests pays for what it leads to, so that thousands of actions a
//! second, each with a tree and an answer, cost nothing here, and answers that nobody asked for are no way around.

use std::time::{Duration, Instant};

use crate::budget::Budget;

/// Messages a second, and at once. Each costs the host some 5 µs: half a hundredth of a core at the worst.
const MESSAGES: u32 = 1_000;
const MESSAGES_AT_ONCE: u32 = 2_000;
/// What a request pays for: its answer, a tree, a state and a bit of progress.
const MESSAGES_OF_REQUEST: usize = 4;
/// Bytes a second, and at once: the largest frame passes in any case, and checking so much takes some hundredths of a core.
const BYTES: u32 = 16 * 1024 * 1024;
const BYTES_AT_ONCE: u32 = 2 * BYTES;
/// What a request pays for; a tree of 380 nodes takes 30 kB.
const BYTES_OF_REQUEST: usize = 128 * 1024;

/// See the file's first lines.
#[derive(Debug)]
pub(crate) struct LinkBudget {
    messages: Budget,
    bytes: Budget,
    trees: Budget,
}

impl LinkBudget {
    /// With so many unasked trees a second, and those of two seconds at once.
    pub(crate) fn new(frames_per_second: u32, now: Instant) -> Self {
        Self {
            messages: Budget::new(MESSAGES, MESSAGES_AT_ONCE, now),
            bytes: Budget::new(BYTES, BYTES_AT_ONCE, now),
            trees: Budget::new(frames_per_second, frames_per_second.saturating_mul(2), now),
        }
    }

    /// The worker was asked so many things.
    pub(crate) fn asked(&mut self, requests: usize) {
        self.messages.give(requests * MESSAGES_OF_REQUEST);
        self.bytes.give(requests * BYTES_OF_REQUEST);
        self.trees.give(requests);
    }

    /// Charges a message of so many bytes, and says how long to wait until the next one is read.
    pub(crate) fn charge(&mut self, bytes: usize, now: Instant) -> Duration {
        self.messages
            .charge(1, now)
            .max(self.bytes.charge(bytes, now))
    }

    /// Whether a tree may be shown now.
    pub(crate) fn take_tree(&mut self, now: Instant) -> bool {
        self.trees.take(1, now)
    }

    /// How long until the next tree may be shown.
    pub(crate) fn until_tree(&mut self, now: Instant) -> Duration {
        self.trees.until(1, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn answers_are_never_slowed() {
        let now = Instant::now();
        let mut budget = LinkBudget::new(30, now);
        for _ in 0..10_000 {
            budget.asked(1);
            assert!(budget.take_tree(now));
            assert_eq!(budget.charge(30_000, now), Duration::ZERO);
            assert_eq!(budget.charge(200, now), Duration::ZERO);
        }
    }

    #[test]
    fn what_nobody_asked_for_is() {
        let now = Instant::now();
        let mut budget = LinkBudget::new(30, now);
        assert_eq!((0..1_000).filter(|_| budget.take_tree(now)).count(), 60);
        assert_eq!(budget.until_tree(now), SECOND / 30);
        let waits: Vec<_> = (0..3_000).map(|_| budget.charge(10, now)).collect();
        assert_eq!(waits[1_999], Duration::ZERO);
        assert_eq!(waits[2_999], SECOND);
    }

    #[test]
    fn a_hundred_megabytes_take_their_time() {
        let now = Instant::now();
        let mut budget = LinkBudget::new(30, now);
        let waits: Vec<_> = (0..6).map(|_| budget.charge(1 << 24, now)).collect();
        assert_eq!(waits[1], Duration::ZERO);
        assert_eq!(waits[5], 4 * SECOND);
    }

    #[test]
    fn requests_do_not_save_up() {
        let now = Instant::now();
        let mut budget = LinkBudget::new(30, now);
        budget.asked(1_000_000);
        assert_eq!((0..1_000).filter(|_| budget.take_tree(now)).count(), 60);
    }
}
