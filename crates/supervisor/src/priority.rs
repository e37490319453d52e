//! Which modules come last when there isn't enough of the processor for all: those that compute without being asked. Pure: the
//! time is given.
//!
//! What the host asks of a module it computes for somebody, which never counts against it.

use std::time::{Duration, Instant};

/// How often it is judged.
const EVERY: Duration = Duration::from_secs(1);
/// Parts of a processor that are much, and that are little. A module that shows how the machine does takes 0.005; beside thirty that
/// compute without end, each gets no more than this of two processors.
const MUCH: f64 = 0.06;
const LITTLE: f64 = 0.03;
/// What a request explains, whatever it was.
const OF_REQUEST: Duration = Duration::from_millis(20);
/// So many judgements of little in a row, and a module is as the others again.
const CALM: u32 = 5;

/// How a module stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Priority {
    #[default]
    Usual,
    /// It gets what others leave.
    Last,
}

/// What a module had used and been asked at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    /// Time of processors that its processes have used.
    pub(crate) ran: Duration,
    /// Requests that it was sent.
    pub(crate) requests: u64,
}

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    priority: Priority,
    calm: u32,
    last: Option<(Account, Instant)>,
}

impl Judgement {
    pub(crate) fn priority(&self) -> Priority {
        self.priority
    }

    /// Whether it is time for another account.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.last.is_none_or(|(_, at)| now >= at + EVERY)
    }

    pub(crate) fn judge(&mut self, account: Account, now: Instant) {
        let Some((before, at)) = self.last.replace((account, now)) else {
            return;
        };
        let seconds = now.saturating_duration_since(at).as_secs_f64().max(0.001);
        let requests = account.requests.saturating_sub(before.requests);
        let explained = OF_REQUEST.saturating_mul(u32::try_from(requests).unwrap_or(u32::MAX));
        // Processes that have ended take their time with them.
        let ran = account.ran.saturating_sub(before.ran);
        let unasked = ran.saturating_sub(explained).as_secs_f64() / seconds;
        if unasked > MUCH {
            (self.priority, self.calm) = (Priority::Last, 0);
        } else if unasked < LITTLE {
            self.calm += 1;
        } else {
            self.calm = 0;
        }
        if self.calm >= CALM {
            self.priority = Priority::Usual;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds it a second each of so many hundredths of a processor and so many requests.
    fn judged(seconds: &[(u64, u64)]) -> Vec<Priority> {
        let (mut judgement, begin) = (Judgement::default(), Instant::now());
        let mut account = Account {
            ran: Duration::ZERO,
            requests: 0,
        };
        judgement.judge(account, begin);
        let judge = |(index, (ran, requests)): (usize, &(u64, u64))| {
            account.ran += Duration::from_millis(ran * 10);
            account.requests += requests;
            let now = begin + EVERY * (u32::try_from(index).unwrap_or(0) + 1);
            assert!(judgement.is_due(now));
            judgement.judge(account, now);
            judgement.priority()
        };
        seconds.iter().enumerate().map(judge).collect()
    }

    #[test]
    fn one_that_computes_unasked_comes_last_until_it_has_been_calm_for_a_while() {
        use Priority::{Last, Usual};
        assert_eq!(judged(&[(5, 0), (100, 0), (5, 0)]), [Usual, Last, Last]);
        let calm = judged(&[(100, 0), (1, 0), (1, 0), (1, 0), (1, 0), (1, 0)]);
        assert_eq!(calm, [Last, Last, Last, Last, Last, Usual]);
    }

    #[test]
    fn one_that_is_asked_much_does_not() {
        assert_eq!(
            judged(&[(100, 4_000), (100, 50), (30, 14)]),
            [Priority::Usual; 3]
        );
        assert_eq!(
            judged(&[(100, 2)]),
            [Priority::Last],
            "a little doesn't explain it"
        );
    }

    #[test]
    fn processes_that_end_are_no_reason() {
        let mut judgement = Judgement::default();
        let now = Instant::now();
        let account = |ran| Account {
            ran: Duration::from_secs(ran),
            requests: 0,
        };
        judgement.judge(account(100), now);
        judgement.judge(account(1), now + EVERY);
        assert_eq!(judgement.priority(), Priority::Usual);
    }
}
