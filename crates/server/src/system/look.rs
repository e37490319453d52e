//! What is asked at each request, though a disk that hangs may keep the answer for ever: for a while, and one at a time, so that it
//! takes one thread at most, however often somebody asks.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than a disk that is awake takes, and less than a client waits for the whole.
const PATIENCE: Duration = Duration::from_secs(5);

/// The question that is under way, if one is.
#[derive(Debug)]
pub(super) struct Look<T>(Mutex<Option<JoinHandle<T>>>);

impl<T> Default for Look<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Send + 'static> Look<T> {
    /// What `ask` leads to, or what was asked before and is still under way; `None` if nothing answers in time.
    pub(super) async fn answer(&self, ask: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let answered = timeout(PATIENCE, async {
            let mut under_way = self.0.lock().await;
            let answer = under_way.get_or_insert_with(|| tokio::spawn(ask)).await;
            *under_way = None;
            answer.ok()
        });
        answered.await.ok().flatten()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_hangs_is_not_waited_for_and_not_asked_again() {
        let look = Look::default();
        let (disk, answer) = oneshot::channel();
        assert_eq!(look.answer(answer).await, None);
        disk.send("it turns").unwrap();
        assert_eq!(
            look.answer(async { unreachable!() }).await,
            Some(Ok("it turns"))
        );
        assert_eq!(look.answer(async { Ok("again") }).await, Some(Ok("again")));
    }

    #[tokio::test]
    async fn a_question_that_broke_is_asked_again() {
        let look = Look::default();
        assert_eq!(look.answer(async { panic!("broken") }).await, None);
        assert_eq!(look.answer(async { 7 }).await, Some(7));
    }
}
