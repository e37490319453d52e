//! Something that takes long to find out: found out beside everything else while somebody asks, and kept for a while.

use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// What was found last, what is being found, and when each was begun.
#[derive(Debug)]
pub(super) struct Slot<T> {
    latest: Option<(Instant, T)>,
    under_way: Option<(Instant, JoinHandle<T>)>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            latest: None,
            under_way: None,
        }
    }
}

impl<T: Clone> Slot<T> {
    /// The latest; if it is older than it is `kept`, or there is none, a newer one is begun, for who asks next.
    pub(super) fn latest(
        &mut self,
        kept: impl FnOnce(&T) -> Duration,
        begin: impl FnOnce() -> JoinHandle<T>,
    ) -> Option<T> {
        if let Some((begun, task)) = &mut self.under_way
            && let Some(end) = task.now_or_never()
        {
            // One that broke is begun anew.
            self.latest = end.ok().map(|found| (*begun, found)).or(self.latest.take());
            self.under_way = None;
        }
        let latest = self.latest.as_ref();
        let is_old = latest.is_none_or(|(begun, found)| begun.elapsed() >= kept(found));
        if is_old && self.under_way.is_none() {
            self.under_way = Some((Instant::now(), begin()));
        }
        latest.map(|(_, found)| found.clone())
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;
    use tokio::time::advance;

    use super::*;

    const KEPT: Duration = Duration::from_secs(60);

    fn latest(slot: &mut Slot<u32>, next: u32) -> Option<u32> {
        slot.latest(|_| KEPT, || tokio::spawn(async move { next }))
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_found_again_when_it_is_old_and_the_last_one_is_told_meanwhile() {
        let mut slot = Slot::default();
        assert_eq!(latest(&mut slot, 1), None);
        yield_now().await;
        assert_eq!(latest(&mut slot, 2), Some(1));
        advance(KEPT).await;
        assert_eq!(latest(&mut slot, 3), Some(1));
        assert_eq!(latest(&mut slot, 4), Some(1));
        yield_now().await;
        assert_eq!(latest(&mut slot, 5), Some(3));
    }

    #[tokio::test]
    async fn one_that_broke_is_begun_anew() {
        let mut slot = Slot::default();
        let broken = || tokio::spawn(async { panic!("broken") });
        assert_eq!(slot.latest(|_: &u32| KEPT, broken), None);
        yield_now().await;
        assert_eq!(latest(&mut slot, 7), None);
        yield_now().await;
        assert_eq!(latest(&mut slot, 8), Some(7));
    }
}
