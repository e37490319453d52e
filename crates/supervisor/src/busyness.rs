//! Whether a module has the processor to itself if it is let. Pure: the time, and what was used, are given.
//!
//! One that computes without a pause isn't forbidden to; it only goes behind those who want little.

use std::time::{Duration, Instant};

/// So much of one core, from one look to the next, and a module is busy.
const BUSY: f64 = 0.5;
/// It is no longer so when it has wanted less than this of one core ...
const CALM: f64 = 0.1;
/// ... for so long.
const CALM_FOR: Duration = Duration::from_secs(5);
/// What is used within less time says little, as it is counted in hundredths of a second.
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

    /// Takes the processor time so far: what was used, or of a busy one what was used or waited for, since it may have to wait
    /// long. Returns whether it has just become busy, or calm.
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
            *self = Self {
                is_busy: !self.is_busy,
                ..Self::default()
            };
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

    /// A look each quarter of a second, at which so many milliseconds were used; says after which ones something changed.
    fn check(used: &[u64], expected: &[usize]) {
        let mut busyness = Busyness::default();
        let (mut sum, mut now) = (Duration::ZERO, Instant::now());
        busyness.note(sum, now);
        let mut changes = Vec::new();
        for (look, used) in used.iter().enumerate() {
            now += LOOK;
            let before = busyness.is_busy();
            sum += Duration::from_millis(*used);
            if busyness.note(sum, now) {
                changes.push(look);
                assert_ne!(busyness.is_busy(), before);
                // The next sum is of another kind.
                sum = Duration::ZERO;
                busyness.note(sum, now);
            }
        }
        assert_eq!(changes, expected);
    }

    #[test]
    fn one_that_computes_all_the_time_is_busy_at_the_first_look() {
        check(&[250, 250, 250], &[0]);
        check(&[120, 10, 120], &[]);
    }

    #[test]
    fn it_is_calm_after_a_while_only() {
        let calm = [0; 22];
        let mut used = vec![250];
        used.extend(calm);
        check(&used, &[0, 21]);
        used[15] = 100;
        check(&used, &[0]);
    }

    #[test]
    fn sums_that_shrink_and_looks_close_to_each_other_say_nothing() {
        let mut busyness = Busyness::default();
        let now = Instant::now();
        busyness.note(Duration::from_secs(5), now);
        assert!(!busyness.note(Duration::from_secs(6), now + SHORTEST / 2));
        assert!(!busyness.note(Duration::from_secs(1), now + LOOK));
        assert!(!busyness.is_busy());
    }
}
