//! A future that goes on when nobody waits for it any more.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio_util::task::TaskTracker;

/// Runs where it is awaited, which costs no task. If whoever awaits it goes away before it is over, such as a browser that was
/// closed, a task takes it over.
pub(crate) struct ToTheEnd<T: Send + 'static> {
    work: Option<BoxFuture<'static, T>>,
    /// Where that task is counted, so that it can be waited for.
    tasks: TaskTracker,
}

impl<T: Send + 'static> ToTheEnd<T> {
    pub(crate) fn new(tasks: &TaskTracker, work: impl Future<Output = T> + Send + 'static) -> Self {
        Self {
            work: Some(work.boxed()),
            tasks: tasks.clone(),
        }
    }
}

impl<T: Send + 'static> Future for ToTheEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // Taken out meanwhile: what panics is over.
        let Some(mut work) = self.work.take() else {
            return Poll::Pending;
        };
        let poll = work.poll_unpin(context);
        if poll.is_pending() {
            self.work = Some(work);
        }
        poll
    }
}

impl<T: Send + 'static> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        // Without a runtime the daemon has ended, and with it what is waited for.
        if let (Some(work), Ok(runtime)) = (self.work.take(), tokio::runtime::Handle::try_current())
        {
            self.tasks.spawn_on(work, &runtime);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn it_goes_on_though_nobody_waits() {
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let (done, mut is_done) = oneshot::channel();
        let tasks = TaskTracker::new();
        let mut work = ToTheEnd::new(&tasks, async move {
            may_go_on.await.unwrap();
            done.send("done").unwrap();
        });
        assert!((&mut work).now_or_never().is_none());
        drop(work);
        go_on.send(()).unwrap();
        tasks.close();
        tasks.wait().await;
        assert_eq!(is_done.try_recv(), Ok("done"));
    }

    #[tokio::test]
    async fn what_panics_is_not_begun_again() {
        let tasks = TaskTracker::new();
        let work = ToTheEnd::new(&tasks, async { panic!("on purpose") });
        let panicked = std::panic::AssertUnwindSafe(work).catch_unwind().await;
        assert!(panicked.is_err());
        assert_eq!(tasks.len(), 0);
    }

    #[tokio::test]
    async fn it_gives_what_it_led_to() {
        assert_eq!(ToTheEnd::new(&TaskTracker::new(), async { 7 }).await, 7);
    }
}
