//! How many frames a client may send.

use std::time::Duration;

use tokio::time::Instant;

/// Within a second. A person doesn't come near it, and a program that does is broken.
const MOST: u32 = 200;
const WINDOW: Duration = Duration::from_secs(1);

/// A client's frames within the present second.
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
    fn two_hundred_a_second_are_fine_and_no_more() {
        let mut requests = Requests::default();
        let start = Instant::now();
        for second in 0..3 {
            let now = start + WINDOW * second;
            assert!((0..MOST).all(|_| requests.may_have_one_more(now)));
            assert!(!requests.may_have_one_more(now));
        }
    }
}
