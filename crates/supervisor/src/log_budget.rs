//! How many lines of one module are kept: what is over is counted, and said once a second. Pure: the time is given.
//!
//! One for all ways in which a module writes lines: printing, logging, and faults with their tracebacks.

use std::time::{Duration, Instant};

use crate::budget::Budget;

/// Lines a second that are kept, and as many as may come at once: a stack of tracebacks, a verbose start.
const LINES: u32 = 200;
const LINES_AT_ONCE: u32 = 2_000;
/// Bytes likewise: 11 GB of log a day from a module at its worst, as long as it is left running.
const BYTES: u32 = 128 * 1024;
const BYTES_AT_ONCE: u32 = 1024 * 1024;
/// How long drops are counted before they are said.
pub(crate) const REPORT_AFTER: Duration = Duration::from_secs(1);

/// See the file's first lines.
#[derive(Debug)]
pub(crate) struct LogBudget {
    lines: Budget,
    bytes: Budget,
    dropped: u64,
    /// Which of the two has run out last.
    reason: &'static str,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    Drop,
    /// The first that is dropped since the last report: another one is due in [`REPORT_AFTER`].
    DropAndReport,
}

impl LogBudget {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            lines: Budget::new(LINES, LINES_AT_ONCE, now),
            bytes: Budget::new(BYTES, BYTES_AT_ONCE, now),
            dropped: 0,
            reason: "",
        }
    }

    /// Whether a line of so many bytes is kept.
    pub(crate) fn admit(&mut self, bytes: usize, now: Instant) -> Verdict {
        self.reason = match () {
            () if !self.bytes.take(bytes, now) => "128 KiB",
            () if !self.lines.take(1, now) => "200 lines",
            () => return Verdict::Keep,
        };
        self.dropped += 1;
        if self.dropped == 1 {
            Verdict::DropAndReport
        } else {
            Verdict::Drop
        }
    }

    /// What to say about the lines that were dropped since the last time.
    pub(crate) fn report(&mut self) -> String {
        let count = std::mem::take(&mut self.dropped);
        let lines = if count == 1 { "line was" } else { "lines were" };
        format!(
            "{} {lines} dropped: the module prints and logs more than {} a second",
            with_commas(count),
            self.reason
        )
    }
}

/// `12,345`
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_lines_is_counted_and_said_once() {
        let now = Instant::now();
        let mut budget = LogBudget::new(now);
        let mut kept = 0;
        let mut reports = 0;
        for _ in 0..14_345 {
            match budget.admit(10, now) {
                Verdict::Keep => kept += 1,
                Verdict::Drop => {}
                Verdict::DropAndReport => reports += 1,
            }
        }
        assert_eq!((kept, reports), (2_000, 1));
        assert_eq!(
            budget.report(),
            "12,345 lines were dropped: the module prints and logs more than 200 lines a second"
        );
        assert_eq!(budget.admit(10, now), Verdict::DropAndReport);
        assert_eq!(
            budget.report(),
            "1 line was dropped: the module prints and logs more than 200 lines a second"
        );
        assert_eq!(budget.admit(10, now + REPORT_AFTER), Verdict::Keep);
    }

    #[test]
    fn long_lines_run_out_of_bytes_first() {
        let now = Instant::now();
        let mut budget = LogBudget::new(now);
        let kept = (0..1_000)
            .filter(|_| budget.admit(8 * 1024, now) == Verdict::Keep)
            .count();
        assert_eq!(kept, 128);
        assert_eq!(
            budget.report(),
            "872 lines were dropped: the module prints and logs more than 128 KiB a second"
        );
    }

    #[test]
    fn numbers_are_readable() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(with_commas(number), expected);
        }
    }
}
