//! The actions of one module that its worker is running: who waits for each, since when, and until when.
//!
//! Pure: the time is given. It neither talks to the worker nor publishes; it says when there is something to say.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use contara_protocol::Tree;
use contara_protocol::link::Progress;
use tokio::sync::{oneshot, watch};

use crate::errors::ActionError;
use crate::view::Running;

/// Actions that somebody may wait for at a time; the worker runs most of them one after the other.
const MOST_AWAITED: usize = 64;
/// Actions that may be unanswered in all, those that were given up included.
const MOST: usize = 256;
/// Quicker actions show nobody that they ran: it would only cost every client a frame.
const SHOWN_AFTER: Duration = Duration::from_millis(200);

/// Parameters in bytes that clients are shown with a running action. What is bound to a button is a name or a number; more
/// would go to everybody with each of the module's frames.
const MOST_SHOWN_PARAMS: usize = 4 * 1024;

/// Who waits for an action's results.
pub(crate) type Answer = oneshot::Sender<Result<Tree, ActionError>>;

/// What whoever asked for an action can know of it before it ends.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// The number by which it can be cancelled, as soon as the worker is asked to run it.
    pub call: Option<u64>,
    /// How far it is, if it says so.
    pub progress: Option<Progress>,
}

#[derive(Debug)]
struct Call {
    action: String,
    params: Tree,
    since: Instant,
    deadline: Option<(Instant, Duration)>,
    progress: Option<Progress>,
    shown: bool,
    follow: watch::Sender<Followed>,
    /// Gone once the deadline has passed; the action may still be running.
    answer: Option<Answer>,
}

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Calls(BTreeMap<u64, Call>);

/// An action that has come to its end.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) action: String,
    pub(crate) answer: Option<Answer>,
    /// Whether clients saw it running.
    pub(crate) shown: bool,
}

/// What the passing of time led to.
#[derive(Debug, Default)]
pub(crate) struct Due {
    /// Whether what clients see has changed.
    pub(crate) news: bool,
    /// Calls to be given up, and after how long; whoever waited has been told.
    pub(crate) overdue: Vec<u64>,
}

impl Calls {
    pub(crate) fn is_full(&self) -> bool {
        let awaited = self.0.values().filter(|call| call.is_awaited()).count();
        awaited >= MOST_AWAITED || self.0.len() >= MOST
    }

    /// A call that may take `limit`, or as long as it likes.
    pub(crate) fn begin(
        &mut self,
        id: u64,
        action: String,
        params: Option<Tree>,
        limit: Option<Duration>,
        answer: Answer,
        now: Instant,
    ) {
        let call = Call {
            action,
            params: params.filter(is_small).unwrap_or_else(Tree::empty_map),
            since: now,
            // The limit is a module's word: one beyond all time is none.
            deadline: limit.and_then(|limit| Some((now.checked_add(limit)?, limit))),
            progress: None,
            shown: false,
            follow: watch::Sender::default(),
            answer: Some(answer),
        };
        self.0.insert(id, call);
    }

    /// From now on this one hears of a call.
    pub(crate) fn follow(&mut self, id: u64, follow: watch::Sender<Followed>) {
        if let Some(call) = self.0.get_mut(&id) {
            follow.send_modify(|followed| followed.call = Some(id));
            call.follow = follow;
        }
    }

    pub(crate) fn has(&self, id: u64) -> bool {
        self.0.contains_key(&id)
    }

    pub(crate) fn finish(&mut self, id: u64) -> Option<Finished> {
        let call = self.0.remove(&id)?;
        Some(Finished {
            action: call.action,
            answer: call.answer,
            shown: call.shown,
        })
    }

    /// The worker is gone, and with it all that it ran; whoever waits hears that.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Notes how far a call is; says whether clients see a change.
    pub(crate) fn progress(&mut self, id: u64, progress: Progress) -> bool {
        let Some(call) = self.0.get_mut(&id) else {
            return false;
        };
        let progress = Some(progress);
        if call.progress == progress {
            return false;
        }
        call.progress.clone_from(&progress);
        call.follow
            .send_modify(|followed| followed.progress = progress);
        call.shown
    }

    /// When to call [`Self::keep_time`] next.
    pub(crate) fn wake(&self) -> Option<Instant> {
        let shown = self
            .0
            .values()
            .filter(|call| !call.shown)
            .map(|call| call.since + SHOWN_AFTER);
        let deadlines = self.0.values().filter_map(|call| {
            let (deadline, _) = call.deadline?;
            call.answer.as_ref().map(|_| deadline)
        });
        shown.chain(deadlines).min()
    }

    pub(crate) fn keep_time(&mut self, now: Instant) -> Due {
        let mut due = Due::default();
        for (id, call) in &mut self.0 {
            if !call.shown && call.since + SHOWN_AFTER <= now {
                call.shown = true;
                due.news = true;
            }
            if let Some((_, limit)) = call.deadline.filter(|(deadline, _)| *deadline <= now)
                && let Some(answer) = call.answer.take()
            {
                // Whoever asked may have gone; then nobody minds.
                let _ = answer.send(Err(ActionError::TimedOut(limit)));
                due.overdue.push(*id);
            }
        }
        due
    }

    /// What clients see, oldest first.
    pub(crate) fn running(&self) -> Vec<Running> {
        let shown = self.0.iter().filter(|(_, call)| call.shown);
        shown
            .map(|(id, call)| Running {
                call: *id,
                action: call.action.clone(),
                params: call.params.clone(),
                progress: call.progress.clone(),
            })
            .collect()
    }
}

impl Call {
    fn is_awaited(&self) -> bool {
        self.answer
            .as_ref()
            .is_some_and(|answer| !answer.is_closed())
    }
}

fn is_small(params: &Tree) -> bool {
    params.as_msgpack().len() <= MOST_SHOWN_PARAMS
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    type Receiver = oneshot::Receiver<Result<Tree, ActionError>>;

    fn begin(calls: &mut Calls, id: u64, limit: Option<u64>, now: Instant) -> Receiver {
        let (answer, receiver) = oneshot::channel();
        let limit = limit.map(Duration::from_secs);
        calls.begin(id, "copy".into(), None, limit, answer, now);
        receiver
    }

    fn half() -> Progress {
        Progress {
            done: None,
            total: None,
            text: Some("half".into()),
        }
    }

    #[test]
    fn a_quick_action_is_never_seen() {
        let (mut calls, now) = (Calls::default(), Instant::now());
        let _receiver = begin(&mut calls, 1, Some(60), now);
        assert_eq!(calls.wake(), Some(now + SHOWN_AFTER));
        assert!(!calls.keep_time(now + Duration::from_millis(199)).news);
        assert!(!calls.progress(1, half()));
        assert_eq!(calls.running(), []);
        assert!(!calls.finish(1).unwrap().shown);
        assert_eq!(calls.wake(), None);
    }

    #[test]
    fn huge_parameters_are_not_shown_to_everybody() {
        let (mut calls, now) = (Calls::default(), Instant::now());
        for (id, length) in [(1, 10), (2, MOST_SHOWN_PARAMS)] {
            let params = Tree::from_value(&BTreeMap::from([("text", "x".repeat(length))])).unwrap();
            let (answer, _) = oneshot::channel();
            calls.begin(id, "copy".into(), Some(params), None, answer, now);
        }
        calls.keep_time(now + SHOWN_AFTER);
        let shown = calls.running();
        assert_eq!(shown[0].params.text("text"), Some("x".repeat(10)));
        assert_eq!(shown[1].params, Tree::empty_map());
    }

    #[test]
    fn a_long_one_is_seen_once_with_what_it_says_of_itself() {
        let (mut calls, now) = (Calls::default(), Instant::now());
        let _receiver = begin(&mut calls, 1, None, now);
        assert!(calls.keep_time(now + SHOWN_AFTER).news);
        assert!(!calls.keep_time(now + SHOWN_AFTER).news);
        assert!(calls.progress(1, half()));
        assert!(!calls.progress(1, half()), "nothing new");
        assert!(!calls.progress(2, half()), "no such call");
        assert_eq!(calls.running()[0].progress, Some(half()));
        assert_eq!(calls.wake(), None, "it may take as long as it likes");
        assert!(calls.finish(1).unwrap().shown);
    }

    #[test]
    fn whoever_follows_hears_the_number_and_how_far_it_is_also_before_others_do() {
        let (mut calls, now) = (Calls::default(), Instant::now());
        let _answer = begin(&mut calls, 7, None, now);
        let (follow, followed) = watch::channel(Followed::default());
        calls.follow(7, follow);
        assert_eq!(followed.borrow().call, Some(7));
        assert!(!calls.progress(7, half()));
        assert_eq!(followed.borrow().progress, Some(half()));
        calls.finish(7);
        assert!(followed.has_changed().is_err());
    }

    #[test]
    fn after_its_deadline_it_is_answered_but_still_shown_as_running() {
        let (mut calls, now) = (Calls::default(), Instant::now());
        let mut receiver = begin(&mut calls, 1, Some(2), now);
        let due = calls.keep_time(now + Duration::from_secs(2));
        assert_eq!(due.overdue, [1]);
        let limit = Duration::from_secs(2);
        assert_eq!(
            receiver.try_recv().unwrap(),
            Err(ActionError::TimedOut(limit))
        );
        assert_eq!(calls.running().len(), 1);
        assert_eq!(calls.wake(), None);
        assert!(calls.keep_time(now + 2 * limit).overdue.is_empty());
        assert!(calls.finish(1).unwrap().answer.is_none());
    }

    #[test]
    fn a_limit_beyond_all_time_is_none() {
        let (mut calls, now) = (Calls::default(), Instant::now());
        let _receiver = begin(&mut calls, 1, Some(u64::MAX), now);
        calls.keep_time(now + SHOWN_AFTER);
        assert_eq!(calls.wake(), None);
    }

    #[test]
    fn those_that_were_given_up_make_room_but_not_without_end() {
        let (mut calls, now) = (Calls::default(), Instant::now());
        let waiting: Vec<_> = (0..64).map(|id| begin(&mut calls, id, None, now)).collect();
        assert!(calls.is_full());
        drop(waiting);
        assert!(!calls.is_full());
        for id in 64..256 {
            drop(begin(&mut calls, id, None, now));
        }
        assert!(calls.is_full());
    }
}
