//! How many messages a client may send.

use std::time::Duration;

use tokio::time::Instant;

/// Within a second. Whoever waits for results before they ask for more doesn't come near it.
const MOST: u32 = 1_000;
const WINDOW: Duration = Duration::from_secs(1);

/// A client's messages within the present second.
#[derive(Debug, Default)]
pub(super) struct Requests {
    since: Option<Instant>,
    count: u32,
}

impl Requests {
    /// Counts one more; says whether that is still within the limit.
    pub(super) fn may_have_one_more(&mut self, now: Instant) -> bool {
        if self.since.is_none_or(|since| now - since >= WINDOW) {
            self.since = Some(now);
            self.count = 0;
        }
        self.count += 1;
        self.count <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_a_second_are_fine_and_no_more() {
        let mut requests = Requests::default();
        let start = Instant::now();
        for second in 0..3 {
            let now = start + WINDOW * second;
            assert!((0..MOST).all(|_| requests.may_have_one_more(now)));
            assert!(!requests.may_have_one_more(now));
        }
    }
}
