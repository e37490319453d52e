//! Whether a module has the processor to itself if it is let. Pure: the time, and what was used, are given.
//!
//! One that computes or draws without a pause isn't forbidden to; it only goes behind those who want little. One that is asked much
//! by the host does so for somebody, and stays as the others are.

use std::time::{Duration, Instant};

/// A module is busy that has wanted so much of one core from one look to the next: one of its threads always had something to do.
/// What it got says little: on a machine that has too much to do that is little too.
const BUSY: f64 = 0.95;
/// It is no longer so when it has wanted less than this of one core ...
const CALM: f64 = 0.3;
/// ... for so long.
const CALM_FOR: Duration = Duration::from_secs(5);
/// A person is told of one that has been at it for so long: it may be a loop without a pause.
pub(crate) const LONG: Duration = Duration::from_secs(5);
/// Requests a second that explain whatever it wants.
const ASKED_MUCH: f64 = 50.0;
/// Trees a second that nobody has asked for, more than anybody could read ...
const DRAWN_MUCH: f64 = 20.0;
/// ... for so long: a start, or progress, may well draw some.
const DRAWN_LONG: Duration = Duration::from_secs(1);
/// Looks closer to each other say little, as waiting counts when it is over.
const SHORTEST: Duration = Duration::from_millis(150);

/// What a module has wanted and was asked until some time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    /// Processor time that its processes have used or waited for.
    pub(crate) wanted: Duration,
    /// Requests that it was sent.
    pub(crate) requests: usize,
    /// Trees that it has drawn.
    pub(crate) trees: usize,
}

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Busyness {
    is_busy: bool,
    /// The account at the last look, and when that was.
    last: Option<(Account, Instant)>,
    calm_since: Option<Instant>,
    /// How long one of its threads has always had something to do since it became busy.
    at_it: Duration,
    is_told: bool,
    /// How long it has drawn much without being asked to.
    drawing: Duration,
}

impl Busyness {
    pub(crate) fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// Whether a person should be told now; once from becoming busy to being calm.
    pub(crate) fn is_to_be_told(&mut self) -> bool {
        let is_long = self.is_busy && self.at_it >= LONG;
        is_long && !std::mem::replace(&mut self.is_told, is_long)
    }

    /// It has done nothing since the last look.
    pub(crate) fn rest(&mut self) {
        self.last = None;
        self.drawing = Duration::ZERO;
    }

    /// Returns whether it has just become busy, or calm.
    pub(crate) fn note(&mut self, account: Account, now: Instant) -> bool {
        let Some((before, then)) = self.last else {
            self.last = Some((account, now));
            return false;
        };
        let passed = now.saturating_duration_since(then);
        if passed < SHORTEST {
            return false;
        }
        self.last = Some((account, now));
        let share = unasked(before, account, passed);
        if share > BUSY {
            self.at_it += passed;
        }
        self.drawing = match draws_much(before, account, passed) {
            true => self.drawing + passed,
            false => Duration::ZERO,
        };
        let changes = if self.is_busy {
            self.is_calm(share, now)
        } else {
            share > BUSY || self.drawing >= DRAWN_LONG
        };
        if changes {
            self.is_busy = !self.is_busy;
            self.calm_since = None;
            if !self.is_busy {
                (self.at_it, self.is_told) = (Duration::ZERO, false);
            }
        }
        changes
    }

    fn is_calm(&mut self, share: f64, now: Instant) -> bool {
        if share >= CALM || !self.drawing.is_zero() {
            self.calm_since = None;
            return false;
        }
        let since = *self.calm_since.get_or_insert(now);
        now.saturating_duration_since(since) >= CALM_FOR
    }
}

/// The share of one core that it has wanted without being asked much.
fn unasked(before: Account, after: Account, passed: Duration) -> f64 {
    let requests = after.requests.saturating_sub(before.requests);
    let requests = u32::try_from(requests).unwrap_or(u32::MAX);
    if f64::from(requests) > ASKED_MUCH * passed.as_secs_f64() {
        return 0.0;
    }
    // Less than before, if some of its processes have ended.
    let wanted = after.wanted.saturating_sub(before.wanted);
    wanted.div_duration_f64(passed)
}

/// Each request pays for a tree.
fn draws_much(before: Account, after: Account, passed: Duration) -> bool {
    let requests = after.requests.saturating_sub(before.requests);
    let unasked = (after.trees - before.trees).saturating_sub(requests);
    unasked as f64 >= DRAWN_MUCH * passed.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_millis(250);

    fn account(milliseconds: u64, requests: usize) -> Account {
        Account {
            wanted: Duration::from_millis(milliseconds),
            requests,
            trees: 0,
        }
    }

    /// A look each quarter of a second, before which so many milliseconds were wanted and so many requests sent; says after
    /// which ones something changed.
    fn check(looks: &[(u64, usize)], expected: &[usize]) {
        let mut busyness = Busyness::default();
        let (mut wanted, mut requests, mut now) = (0, 0, Instant::now());
        busyness.note(account(0, 0), now);
        let mut changes = Vec::new();
        for (look, (milliseconds, asked)) in looks.iter().enumerate() {
            now += LOOK;
            (wanted, requests) = (wanted + milliseconds, requests + asked);
            let before = busyness.is_busy();
            if busyness.note(account(wanted, requests), now) {
                changes.push(look);
                assert_ne!(busyness.is_busy(), before);
            }
        }
        assert_eq!(changes, expected);
    }

    #[test]
    fn one_that_always_has_something_to_do_is_busy_at_the_first_look() {
        check(&[(250, 0), (250, 0), (250, 0)], &[0]);
        check(&[(1000, 12), (1000, 0)], &[0]);
        check(&[(200, 0), (10, 0), (200, 0)], &[]);
    }

    #[test]
    fn one_that_is_asked_much_is_not() {
        check(&[(250, 1000), (250, 13), (1000, 13)], &[]);
    }

    #[test]
    fn it_is_calm_after_a_while_only() {
        let mut looks = vec![(250, 0)];
        looks.extend([(10, 0); 22]);
        check(&looks, &[0, 21]);
        looks[15] = (100, 0);
        check(&looks, &[0]);
    }

    #[test]
    fn a_person_is_told_once_of_one_that_is_long_at_it() {
        let mut busyness = Busyness::default();
        let (mut account, mut now) = (account(0, 0), Instant::now());
        busyness.note(account, now);
        let mut told_after = |milliseconds, looks| {
            let mut told = Vec::new();
            for look in 1..=looks {
                now += LOOK;
                account.wanted += Duration::from_millis(milliseconds);
                busyness.note(account, now);
                told.extend(busyness.is_to_be_told().then_some(look));
            }
            told
        };
        assert_eq!(told_after(250, 19), [0; 0]);
        assert_eq!(told_after(100, 8), [0; 0], "a pause doesn't count");
        assert_eq!(told_after(250, 40), [1]);
        assert_eq!(told_after(10, 40), [0; 0], "it is calm");
        assert_eq!(told_after(250, 40), [20], "and then so again");
    }

    #[test]
    fn one_that_draws_without_a_pause_is_busy_after_a_second_but_nothing_to_be_told_of() {
        let mut busyness = Busyness::default();
        let (mut account, mut now) = (account(0, 0), Instant::now());
        busyness.note(account, now);
        let mut changes = |requests, trees, looks| {
            let mut changes = Vec::new();
            for look in 1..=looks {
                now += LOOK;
                account.requests += requests;
                account.trees += trees;
                changes.extend(busyness.note(account, now).then_some(look));
                assert!(!busyness.is_to_be_told());
            }
            changes
        };
        assert_eq!(changes(0, 7, 3), [0; 0]);
        assert_eq!(changes(0, 4, 1), [0; 0], "a pause");
        assert_eq!(changes(7, 14, 8), [4], "half of them was asked for");
        assert_eq!(changes(0, 7, 40), [0; 0]);
        assert_eq!(changes(0, 1, 40), [21], "it is calm");
        assert_eq!(changes(7, 7, 40), [0; 0], "all of them were asked for");
    }

    #[test]
    fn sums_that_shrink_and_looks_close_to_each_other_say_nothing() {
        let mut busyness = Busyness::default();
        let now = Instant::now();
        busyness.note(account(5_000, 0), now);
        assert!(!busyness.note(account(6_000, 0), now + SHORTEST / 2));
        assert!(!busyness.note(account(1_000, 0), now + LOOK));
        busyness.rest();
        assert!(!busyness.note(account(9_000, 0), now + LOOK * 2));
        assert!(!busyness.is_busy());
    }
}
