//! Whether a module has the processor to itself if it is let. Pure: the time, and what was used, are given.
//!
//! One that computes without a pause isn't forbidden to; it only goes behind those who want little.

use std::time::{Duration, Instant};

/// A module is busy that has wanted so much of one core from one look to the next: one of its threads always had something to do.
/// What it got says little: on a machine that has too much to do that is little too.
const BUSY: f64 = 0.95;
/// It is no longer so when it has wanted less than this of one core ...
const CALM: f64 = 0.3;
/// ... for so long.
const CALM_FOR: Duration = Duration::from_secs(5);
/// Looks closer to each other say little, as waiting counts when it is over.
const SHORTEST: Duration = Duration::from_millis(150);

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Busyness {
    is_busy: bool,
    /// The sum at the last look, and when that was.
    last: Option<(Duration, Instant)>,
    calm_since: Option<Instant>,
}

impl Busyness {
    pub(crate) fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// It has done nothing since the last look.
    pub(crate) fn rest(&mut self) {
        self.last = None;
    }

    /// Takes the processor time that it has used or waited for so far. Returns whether it has just become busy, or calm.
    pub(crate) fn note(&mut self, sum: Duration, now: Instant) -> bool {
        let Some((before, then)) = self.last else {
            self.last = Some((sum, now));
            return false;
        };
        let passed = now.saturating_duration_since(then);
        if passed < SHORTEST {
            return false;
        }
        self.last = Some((sum, now));
        // Less than before, if some of its processes have ended.
        let share = sum.saturating_sub(before).div_duration_f64(passed);
        let changes = if self.is_busy {
            self.is_calm(share, now)
        } else {
            share > BUSY
        };
        if changes {
            self.is_busy = !self.is_busy;
            self.calm_since = None;
        }
        changes
    }

    fn is_calm(&mut self, share: f64, now: Instant) -> bool {
        if share >= CALM {
            self.calm_since = None;
            return false;
        }
        let since = *self.calm_since.get_or_insert(now);
        now.saturating_duration_since(since) >= CALM_FOR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_millis(250);

    /// A look each quarter of a second, before which so many milliseconds were wanted; says after which ones something changed.
    fn check(wanted: &[u64], expected: &[usize]) {
        let mut busyness = Busyness::default();
        let (mut sum, mut now) = (Duration::ZERO, Instant::now());
        busyness.note(sum, now);
        let mut changes = Vec::new();
        for (look, wanted) in wanted.iter().enumerate() {
            now += LOOK;
            sum += Duration::from_millis(*wanted);
            let before = busyness.is_busy();
            if busyness.note(sum, now) {
                changes.push(look);
                assert_ne!(busyness.is_busy(), before);
            }
        }
        assert_eq!(changes, expected);
    }

    #[test]
    fn one_that_always_has_something_to_do_is_busy_at_the_first_look() {
        check(&[250, 250, 250], &[0]);
        check(&[1000, 1000], &[0]);
        check(&[200, 10, 200], &[]);
    }

    #[test]
    fn it_is_calm_after_a_while_only() {
        let mut wanted = vec![250];
        wanted.extend([10; 22]);
        check(&wanted, &[0, 21]);
        wanted[15] = 100;
        check(&wanted, &[0]);
    }

    #[test]
    fn sums_that_shrink_and_looks_close_to_each_other_say_nothing() {
        let mut busyness = Busyness::default();
        let now = Instant::now();
        busyness.note(Duration::from_secs(5), now);
        assert!(!busyness.note(Duration::from_secs(6), now + SHORTEST / 2));
        assert!(!busyness.note(Duration::from_secs(1), now + LOOK));
        busyness.rest();
        assert!(!busyness.note(Duration::from_secs(9), now + LOOK * 2));
        assert!(!busyness.is_busy());
    }
}
