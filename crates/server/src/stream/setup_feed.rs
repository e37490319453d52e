//! What one session gets of setup: transactions as they change, and the lines of the one that it looks at.
//!
//! A feed is a task beside its session, with room for a single frame between them: it looks at what is new only once the socket
//! has taken the frame before. So a slow client gets the latest instead of a queue, and a long log holds up no module's frame.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contara_protocol::stream::v1::ServerFrame;
use contara_protocol::stream::v1::setup::SetupTransaction;
use contara_setup::engine::{LogPart, Setup, SetupError};
use contara_setup::transaction::{LogLine, Progress, Transaction, TransactionId, TransactionState};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;
use tracing::warn;

use crate::app::App;
use crate::reader::Reader;
use crate::setup::{MOST_LINES, transaction};

/// Between two looks at what is new.
const GAP: Duration = Duration::from_millis(100);
/// So many of the last are sent, over or not; of older ones those that aren't over, and the one that is watched.
const LATEST: usize = 10;
/// How far back an unfinished one is looked for, once.
const OLDEST: usize = 1_000;
/// A frame of lines holds about as many bytes at most, so that what comes after it doesn't wait for long.
const MOST_BYTES: usize = 128 * 1024;

/// A session's feed; dropping it ends it.
#[derive(Debug)]
pub(super) struct SetupFeed {
    frames: mpsc::Receiver<Bytes>,
    _task: AbortOnDropHandle<()>,
}

impl SetupFeed {
    /// Starts one. `watched` is the transaction whose lines are wanted, and the last line that the client has.
    pub(super) fn start(
        app: &Arc<App>,
        reader: Reader,
        watched: Option<(TransactionId, u64)>,
    ) -> Self {
        // One on its way is enough: the next is made of what is there by then.
        let (sender, frames) = mpsc::channel(1);
        let task = Task {
            changes: app.setup.changes(),
            setup: app.setup.clone(),
            reader,
            sender,
            sent: BTreeMap::new(),
            unfinished: Vec::new(),
            watched: watched.map(Watched::new),
            held: None,
        };
        let run = async {
            // The session may be gone, or the daemon about to stop.
            if let Err(FeedEnd::Broken(error)) = task.run().await {
                warn!("a client's view of setup ended: {error}");
            }
        };
        Self {
            frames,
            _task: AbortOnDropHandle::new(tokio::spawn(run)),
        }
    }

    /// The next frame; waits for ever once there are no more.
    pub(super) async fn next(feed: &mut Option<Self>) -> Bytes {
        let frame = match feed {
            Some(feed) => feed.frames.recv().await,
            None => None,
        };
        match frame {
            Some(frame) => frame,
            None => std::future::pending().await,
        }
    }
}

/// Why a feed is over.
enum FeedEnd {
    /// Nobody wants any more, or nothing changes any more.
    Gone,
    Broken(SetupError),
}

impl From<SetupError> for FeedEnd {
    fn from(error: SetupError) -> Self {
        Self::Broken(error)
    }
}

struct Task {
    setup: Setup,
    reader: Reader,
    changes: watch::Receiver<u64>,
    sender: mpsc::Sender<Bytes>,
    /// By transaction: what the client has of it.
    sent: BTreeMap<TransactionId, Version>,
    /// Those that weren't over when they were last looked at.
    unfinished: Vec<TransactionId>,
    watched: Option<Watched>,
    /// A change that comes after lines which are on their way.
    held: Option<SetupTransaction>,
}

/// What tells a transaction as it stands from itself before.
#[derive(PartialEq)]
struct Version {
    revision: u64,
    progress: Option<Progress>,
}

impl Version {
    fn of(transaction: &Transaction) -> Self {
        let progress = transaction
            .steps
            .iter()
            .find_map(|step| step.progress.clone());
        Self {
            revision: transaction.revision,
            progress,
        }
    }
}

/// The transaction whose lines are wanted.
struct Watched {
    id: TransactionId,
    /// The number of the last line that the client has whole.
    after: u64,
    /// The line that wasn't finished yet, as the client has it.
    open: Option<LogLine>,
}

impl Task {
    async fn run(mut self) -> Result<(), FeedEnd> {
        self.unfinished = unfinished(&self.setup.transactions(OLDEST).await?);
        self.forget_unknown().await?;
        let mut next_look = Instant::now();
        loop {
            let sender = self.sender.clone();
            // Whatever is sent next is looked at only when the socket can take it.
            let room = sender.reserve().await.map_err(|_| FeedEnd::Gone)?;
            self.changes.borrow_and_update();
            if let Some(frame) = self.next_frame().await? {
                room.send(frame.encode().into());
                continue;
            }
            drop(room);
            tokio::select! {
                changed = self.changes.changed() => changed.map_err(|_| FeedEnd::Gone)?,
                () = sender.closed() => return Err(FeedEnd::Gone),
            }
            sleep_until(next_look).await;
            next_look = Instant::now() + GAP;
        }
    }

    /// A link may lead to a transaction that never was.
    async fn forget_unknown(&mut self) -> Result<(), FeedEnd> {
        let Some(watched) = &self.watched else {
            return Ok(());
        };
        match self.setup.transaction(watched.id).await {
            Err(SetupError::NoTransaction(_)) => self.watched = None,
            found => drop(found?),
        }
        Ok(())
    }

    /// What the client lacks. A change is sent after the lines that came before it: whoever reads that a transaction is over
    /// has its lines. So it is looked at before them, and held until they are sent.
    async fn next_frame(&mut self) -> Result<Option<ServerFrame>, FeedEnd> {
        if let Some(transaction) = self.held.take() {
            return Ok(Some(ServerFrame::Setup { transaction }));
        }
        let newer = self.newer_transaction().await?;
        let lines = self.further_lines().await?;
        if lines.is_some() {
            self.held = newer;
            return Ok(lines);
        }
        Ok(newer.map(|transaction| ServerFrame::Setup { transaction }))
    }

    async fn newer_transaction(&mut self) -> Result<Option<SetupTransaction>, FeedEnd> {
        let mut looked_at = self.setup.transactions(LATEST).await?;
        let watched = self.watched.as_ref().map(|watched| &watched.id);
        for id in self.unfinished.iter().chain(watched) {
            if looked_at.iter().all(|one| one.id != *id) {
                looked_at.push(self.setup.transaction(*id).await?);
            }
        }
        let newer = looked_at
            .iter()
            .find(|one| self.sent.get(&one.id) != Some(&Version::of(one)));
        let Some(newer) = newer else {
            self.unfinished = unfinished(&looked_at);
            return Ok(None);
        };
        self.sent.insert(newer.id, Version::of(newer));
        Ok(Some(transaction::of(newer, &self.reader)))
    }

    async fn further_lines(&mut self) -> Result<Option<ServerFrame>, FeedEnd> {
        let Some(watched) = &mut self.watched else {
            return Ok(None);
        };
        let part = self.setup.log(watched.id, watched.after, MOST_LINES);
        let part = shortened(part.await?);
        if !watched.lacks(&part) {
            return Ok(None);
        }
        let lines = part.lines.iter();
        let lines = lines.map(|line| transaction::line(line, &self.reader));
        Ok(Some(ServerFrame::SetupLines {
            transaction: watched.id,
            lines: lines.collect(),
            next: part.next,
            more: part.has_more,
        }))
    }
}

impl Watched {
    fn new((id, after): (TransactionId, u64)) -> Self {
        Self {
            id,
            after,
            open: None,
        }
    }

    /// Whether there is something in it that the client doesn't have; from then on it has it.
    fn lacks(&mut self, part: &LogPart) -> bool {
        let open = part.lines.last().filter(|line| line.is_open);
        let is_new = part.next > self.after || open != self.open.as_ref();
        self.after = part.next;
        self.open = open.cloned();
        is_new
    }
}

/// As many lines of a part as one frame holds, one at least.
fn shortened(part: LogPart) -> LogPart {
    let mut bytes = 0;
    let fitting = part.lines.iter().take_while(|line| {
        let fits = bytes < MOST_BYTES;
        bytes += line.text.len();
        fits
    });
    let fitting = fitting.count();
    if fitting == part.lines.len() {
        return part;
    }
    let mut lines = part.lines;
    lines.truncate(fitting);
    LogPart {
        // Only the last line of a log is open, and that isn't among these.
        next: lines.last().map_or(part.next, |line| line.number),
        lines,
        has_more: true,
    }
}

fn unfinished(transactions: &[Transaction]) -> Vec<TransactionId> {
    let unfinished = transactions.iter().filter(|one| {
        matches!(
            one.state,
            TransactionState::Queued | TransactionState::Running | TransactionState::Waiting
        )
    });
    unfinished.map(|one| one.id).collect()
}

#[cfg(test)]
mod tests {
    use contara_setup::transaction::LineKind;
    use jiff::Timestamp;

    use super::*;

    fn line(number: u64, text: &str, is_open: bool) -> LogLine {
        LogLine {
            number,
            at: Timestamp::UNIX_EPOCH,
            module: None,
            kind: LineKind::Output,
            level: None,
            text: text.into(),
            message: None,
            is_open,
        }
    }

    fn part(lines: Vec<LogLine>, next: u64) -> LogPart {
        LogPart {
            lines,
            next,
            has_more: false,
        }
    }

    #[test]
    fn an_open_line_is_sent_again_only_when_it_has_grown() {
        let mut watched = Watched::new((1, 1));
        assert!(!watched.lacks(&part(vec![], 1)));
        assert!(watched.lacks(&part(vec![line(2, "10 %", true)], 1)));
        assert!(!watched.lacks(&part(vec![line(2, "10 %", true)], 1)));
        assert!(watched.lacks(&part(vec![line(2, "20 %", true)], 1)));
        assert!(watched.lacks(&part(vec![line(2, "100 %", false)], 2)));
        assert!(!watched.lacks(&part(vec![], 2)));
    }

    #[test]
    fn a_frame_of_long_lines_is_cut_and_says_that_more_follows() {
        let long = "x".repeat(MOST_BYTES / 2);
        let lines = (1..=5).map(|number| line(number, &long, false));
        let cut = shortened(part(lines.collect(), 5));
        assert_eq!((cut.lines.len(), cut.next, cut.has_more), (2, 2, true));
        let short = part(vec![line(1, "a", false)], 1);
        assert_eq!(shortened(short.clone()), short);
    }
}
