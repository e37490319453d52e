//! The host's ear at one worker: frames become messages, no faster than a worker may talk.
//!
//! Of trees that come faster than they may be shown only the latest is kept, undecoded; all other messages are slowed by reading
//! less, until the worker waits at its socket. A large frame is checked on a thread of its own, so that nobody else waits for
//! it. What a message means isn't known here.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use contara_i18n::{Message, message};
use contara_protocol::link::{BadMessage, FromWorker, MAX_FRAME};
use futures_util::StreamExt;
use tokio::io::AsyncRead;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::codec::{FramedRead, LengthDelimitedCodec};

use crate::link_budget::LinkBudget;
use crate::worker::{INBOX, WorkerEvent};

/// Checking so much takes some 50 µs; more would be felt by whoever else the thread serves.
const LARGE: usize = 64 * 1024;
/// Shorter waits are left to come together: timers are no finer.
const SHORTEST_WAIT: Duration = Duration::from_millis(5);

/// How much has gone over a worker's link.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traffic(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicUsize,
    /// So many of them the reader knows of.
    known: AtomicUsize,
    trees: AtomicUsize,
}

impl Traffic {
    pub(crate) fn count_request(&self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn count_tree(&self) {
        self.0.trees.fetch_add(1, Ordering::Relaxed);
    }

    /// To the worker.
    pub(crate) fn requests(&self) -> usize {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// From the worker, shown or not.
    pub(crate) fn trees(&self) -> usize {
        self.0.trees.load(Ordering::Relaxed)
    }

    /// Requests since the last call.
    fn take_requests(&self) -> usize {
        let requests = self.requests();
        requests - self.0.known.swap(requests, Ordering::Relaxed)
    }
}

/// How the stream is cut into frames.
fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder()
        .max_frame_length(MAX_FRAME)
        .new_codec()
}

/// See the file's first lines.
pub(crate) struct LinkReader<R> {
    frames: FramedRead<R, LengthDelimitedCodec>,
    events: mpsc::Sender<WorkerEvent>,
    traffic: Traffic,
    budget: LinkBudget,
    /// The latest tree, which came too early.
    pending: Option<Bytes>,
}

/// Why there are no more messages.
struct Ended(Message);

/// What of a frame matters before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tree,
    /// Has nothing to do with trees, and may come before one that was sent earlier.
    Beside,
    /// Must find the trees that were sent before it.
    After,
}

impl<R: AsyncRead + Unpin> LinkReader<R> {
    pub(crate) fn new(
        link: R,
        events: mpsc::Sender<WorkerEvent>,
        traffic: Traffic,
        frames_per_second: u32,
    ) -> Self {
        Self {
            frames: FramedRead::new(link, codec()),
            events,
            traffic,
            budget: LinkBudget::new(frames_per_second, Instant::now()),
            pending: None,
        }
    }

    /// Reads until the link ends or breaks, and says why.
    pub(crate) async fn run(mut self) -> Message {
        loop {
            if let Err(Ended(reason)) = self.turn().await {
                return reason;
            }
        }
    }

    async fn turn(&mut self) -> Result<(), Ended> {
        let now = Instant::now();
        let frame = tokio::select! {
            frame = self.frames.next() => frame,
            () = sleep(self.budget.until_tree(now)), if self.pending.is_some() => {
                self.budget.take_tree(Instant::now());
                return self.show_pending().await;
            }
        };
        match frame {
            Some(Ok(frame)) => self.take(frame.freeze()).await,
            Some(Err(error)) if error.kind() == ErrorKind::InvalidData => Err(Ended(message!(
                "the worker sent a message of more than {most} MiB, or none at all",
                most = MAX_FRAME >> 20
            ))),
            Some(Err(error)) => Err(Ended(Message::verbatim(error.to_string()))),
            None => {
                self.show_pending().await?;
                Err(Ended(message!("the worker closed it")))
            }
        }
    }

    async fn take(&mut self, frame: Bytes) -> Result<(), Ended> {
        let now = Instant::now();
        self.budget.asked(self.traffic.take_requests());
        let wait = self.budget.charge(frame.len(), now);
        let kind = kind_of(&frame);
        if kind == Kind::Tree {
            self.traffic.count_tree();
        }
        match kind {
            Kind::Tree if self.budget.take_tree(now) => {
                self.pending = None;
                self.pass_on(frame).await?;
            }
            Kind::Tree => self.pending = Some(frame),
            Kind::Beside => self.pass_on(frame).await?,
            Kind::After => {
                self.show_pending().await?;
                self.pass_on(frame).await?;
            }
        }
        if wait >= SHORTEST_WAIT {
            sleep(wait).await;
        }
        Ok(())
    }

    async fn show_pending(&mut self) -> Result<(), Ended> {
        match self.pending.take() {
            Some(frame) => self.pass_on(frame).await,
            None => Ok(()),
        }
    }

    async fn pass_on(&mut self, frame: Bytes) -> Result<(), Ended> {
        let is_large = frame.len() > LARGE;
        let message = if is_large {
            self.shrink();
            decode_aside(frame).await?
        } else {
            FromWorker::decode(frame)
        };
        let message = message.map_err(|error| Ended(no_message(&error)))?;
        let gone = |_| Ended(message!("the module is gone"));
        let sent = self.events.send(WorkerEvent::Message(message)).await;
        sent.map_err(|_| Ended(message!("the module is gone")))?;
        if is_large {
            // Only one may wait, or a worker could have sixteen megabytes in every place of the queue.
            drop(self.events.reserve_many(INBOX).await.map_err(gone)?);
        }
        Ok(())
    }

    /// Gives up the room that a large frame needed: the buffer would keep it for as long as the worker lives.
    fn shrink(&mut self) {
        let rest = BytesMut::from(&self.frames.read_buffer()[..]);
        *self.frames.read_buffer_mut() = rest;
    }
}

async fn decode_aside(frame: Bytes) -> Result<Result<FromWorker, BadMessage>, Ended> {
    let size = frame.len();
    let decode = move || FromWorker::decode(frame).map(|message| message.without_ballast(size));
    let decoded = tokio::task::spawn_blocking(decode).await;
    decoded.map_err(|error| Ended(Message::verbatim(error.to_string())))
}

/// Told by the first bytes alone, as every worker writes them: the map's head and its first key, `type`. What is written in another
/// way is decoded in its turn.
fn kind_of(frame: &[u8]) -> Kind {
    let kind = frame
        .get(1..)
        .and_then(|rest| rest.strip_prefix(b"\xa4type"));
    match kind {
        Some([0xa2, b'u', b'i', ..]) => Kind::Tree,
        Some(kind) => {
            let beside = [
                b"\xa3log".as_slice(),
                b"\xa5state",
                b"\xa5fault",
                b"\xa8progress",
            ];
            let is_beside = beside.iter().any(|beside| kind.starts_with(beside));
            if is_beside { Kind::Beside } else { Kind::After }
        }
        None => Kind::After,
    }
}

/// What came from the worker isn't what it should be.
pub(crate) fn no_message(error: &BadMessage) -> Message {
    match error {
        BadMessage::NotAMap(reason) => message!(
            "a frame from the worker is not a message: {reason}",
            reason = reason.to_string()
        ),
        BadMessage::Malformed { kind, reason } => message!(
            "a `{kind}` message from the worker is malformed: {reason}",
            kind = kind,
            reason = reason.to_string()
        ),
        other => Message::verbatim(other.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use contara_protocol::Tree;
    use contara_protocol::link::LogLevel;
    use futures_util::SinkExt;
    use tokio::io::DuplexStream;
    use tokio_util::codec::FramedWrite;

    use super::*;

    struct Talk {
        worker: FramedWrite<DuplexStream, LengthDelimitedCodec>,
        events: mpsc::Receiver<WorkerEvent>,
        traffic: Traffic,
        reader: tokio::task::JoinHandle<Message>,
    }

    impl Talk {
        fn start() -> Self {
            let (ours, theirs) = tokio::io::duplex(64 * 1024 * 1024);
            let (sender, events) = mpsc::channel(INBOX);
            let traffic = Traffic::default();
            let reader = LinkReader::new(ours, sender, traffic.clone(), 30);
            Self {
                worker: FramedWrite::new(theirs, codec()),
                events,
                traffic,
                reader: tokio::spawn(reader.run()),
            }
        }

        async fn say(&mut self, message: &FromWorker) {
            self.worker.send(frame(message)).await.unwrap();
        }

        async fn next(&mut self) -> FromWorker {
            match self.events.recv().await {
                Some(WorkerEvent::Message(message)) => message,
                other => panic!("{other:?}"),
            }
        }
    }

    fn frame(message: &FromWorker) -> Bytes {
        Tree::from_value(message).unwrap().as_msgpack().clone()
    }

    fn ui(revision: u64) -> FromWorker {
        FromWorker::Ui {
            revision,
            tile: None,
            modals: Tree::empty_list(),
            page: None,
        }
    }

    fn answer(id: u64) -> FromWorker {
        FromWorker::Answer {
            id,
            value: Tree::nil(),
        }
    }

    fn log(message: String) -> FromWorker {
        FromWorker::Log {
            level: LogLevel::Info,
            logger: String::new(),
            message,
            traceback: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn of_trees_that_nobody_asked_for_the_latest_is_shown_after_a_burst() {
        let mut talk = Talk::start();
        for revision in 1..=500 {
            talk.say(&ui(revision)).await;
        }
        for revision in 1..=60 {
            assert_eq!(talk.next().await, ui(revision));
        }
        assert_eq!(talk.next().await, ui(500), "and none between");
    }

    #[tokio::test]
    async fn a_tree_is_there_before_the_answer_that_it_belongs_to() {
        let mut talk = Talk::start();
        for revision in 1..=70 {
            talk.say(&ui(revision)).await;
        }
        talk.say(&log("beside".into())).await;
        talk.say(&answer(1)).await;
        for revision in 1..=60 {
            assert_eq!(talk.next().await, ui(revision));
        }
        assert_eq!(talk.next().await, log("beside".into()));
        assert_eq!(talk.next().await, ui(70));
        assert_eq!(talk.next().await, answer(1));
    }

    #[tokio::test]
    async fn trees_that_actions_cause_are_all_shown_at_once() {
        let mut talk = Talk::start();
        let begin = Instant::now();
        for id in 1..=5_000 {
            talk.traffic.count_request();
            talk.say(&ui(id)).await;
            talk.say(&answer(id)).await;
            assert_eq!(talk.next().await, ui(id));
            assert_eq!(talk.next().await, answer(id));
        }
        // With the budgets for what is unasked it would be 160 s of trees and 8 s of messages.
        assert!(begin.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_messages_is_read_slowly() {
        let mut talk = Talk::start();
        for id in 0..4_000 {
            talk.say(&answer(id)).await;
        }
        let begin = tokio::time::Instant::now();
        for id in 0..4_000 {
            assert_eq!(talk.next().await, answer(id));
        }
        assert!(
            begin.elapsed() > Duration::from_secs(1),
            "{:?}",
            begin.elapsed()
        );
    }

    #[tokio::test]
    async fn the_room_for_a_large_frame_is_given_back() {
        let (ours, theirs) = tokio::io::duplex(64 * 1024 * 1024);
        let (sender, mut events) = mpsc::channel(INBOX);
        let mut reader = LinkReader::new(ours, sender, Traffic::default(), 30);
        let mut worker = FramedWrite::new(theirs, codec());
        let large = frame(&log("x".repeat(8 * 1024 * 1024)));
        worker.send(large).await.unwrap();
        worker.send(frame(&answer(1))).await.unwrap();
        let received = tokio::spawn(async move {
            events.recv().await;
            events
        });
        assert!(reader.turn().await.is_ok());
        let mut events = received.await.unwrap();
        assert!(reader.turn().await.is_ok());
        let room = reader.frames.read_buffer().capacity();
        assert!(room < 1024 * 1024, "{room}");
        assert!(matches!(
            events.recv().await,
            Some(WorkerEvent::Message(FromWorker::Answer { id: 1, .. }))
        ));
    }

    #[tokio::test]
    async fn garbage_ends_the_link_with_the_reason() {
        let mut talk = Talk::start();
        talk.worker
            .send(Bytes::from_static(b"garbage"))
            .await
            .unwrap();
        let reason = talk.reader.await.unwrap();
        assert!(reason.to_string().contains("not a message"), "{reason}");
    }

    #[test]
    fn what_a_frame_is_stands_in_its_first_bytes() {
        let kind = |text: &str| {
            let map = std::collections::BTreeMap::from([("type", text)]);
            kind_of(Tree::from_value(&map).unwrap().as_msgpack())
        };
        assert_eq!(kind("ui"), Kind::Tree);
        for beside in ["log", "state", "fault", "progress"] {
            assert_eq!(kind(beside), Kind::Beside);
        }
        for after in ["answer", "error", "ui_failed", "hello", "uix", ""] {
            assert_eq!(kind(after), Kind::After, "{after}");
        }
        assert_eq!(kind_of(b""), Kind::After);
        assert_eq!(kind_of(b"\x81\xa4type"), Kind::After);
    }
}
