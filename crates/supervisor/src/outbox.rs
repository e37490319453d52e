//! What is on its way to a worker.
//!
//! A worker nearly always takes a frame at once: it is then written where it was made, since handing it to another task
//! costs more than the write. What finds no room in the socket waits in a short queue, behind which everything lines up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use contara_protocol::link::ToWorker;
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// Messages that wait for a worker that doesn't read. Each is small: a click, or one of the host's own requests.
const WAITING: usize = 64;

/// The worker doesn't take what it is sent.
#[derive(Debug)]
pub(crate) struct Clogged;

/// Where frames are put. There is one owner, so that nothing can overtake.
#[derive(Debug)]
pub(crate) struct Outbox {
    queue: mpsc::Sender<Bytes>,
    link: Arc<Link>,
}

/// Where frames leave once there is a link.
#[derive(Debug)]
pub(crate) struct Outgoing {
    queue: mpsc::Receiver<Bytes>,
    link: Arc<Link>,
}

#[derive(Debug, Default)]
struct Link {
    half: OnceLock<OwnedWriteHalf>,
    /// Frames in the queue, and the one being written.
    waiting: AtomicUsize,
}

/// Both ends. Frames may be put in before there is a link.
pub(crate) fn outbox() -> (Outbox, Outgoing) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let link = Arc::<Link>::default();
    let outbox = Outbox {
        queue: sender,
        link: Arc::clone(&link),
    };
    (
        outbox,
        Outgoing {
            queue: receiver,
            link,
        },
    )
}

impl Outbox {
    /// Writes a message, or queues what of it the socket doesn't take.
    pub(crate) fn send(&self, message: &ToWorker) -> Result<(), Clogged> {
        let rest = self.link.write_now(frame(message));
        if rest.is_empty() {
            return Ok(());
        }
        self.link.waiting.fetch_add(1, Ordering::AcqRel);
        match self.queue.try_send(rest) {
            // Closed: the worker is gone, and why is about to be told.
            Ok(()) | Err(TrySendError::Closed(_)) => Ok(()),
            Err(TrySendError::Full(_)) => {
                self.link.waiting.fetch_sub(1, Ordering::AcqRel);
                Err(Clogged)
            }
        }
    }
}

impl Outgoing {
    /// Writes what had to wait, until the link or the outbox is gone.
    pub(crate) async fn run(mut self, half: OwnedWriteHalf) {
        if self.link.half.set(half).is_err() {
            unreachable!("there is one link, and this consumes what it is given to");
        }
        while let Some(rest) = self.queue.recv().await {
            if self.link.write(rest).await.is_err() {
                // The reader notices the same end and reports it.
                return;
            }
            self.link.waiting.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Link {
    /// Gives what is left to be written.
    fn write_now(&self, mut frame: Bytes) -> Bytes {
        if self.waiting.load(Ordering::Acquire) > 0 {
            return frame;
        }
        let written = self.half.get().map(|half| half.try_write(&frame));
        if let Some(Ok(count)) = written {
            return frame.split_off(count);
        }
        // No room, no link yet, or none any more: the queue's end sorts that out.
        frame
    }

    async fn write(&self, mut rest: Bytes) -> std::io::Result<()> {
        while let Some(half) = self.half.get().filter(|_| !rest.is_empty()) {
            half.writable().await?;
            match half.try_write(&rest) {
                Ok(count) => rest = rest.split_off(count),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The message with its length in front, as the link has it.
fn frame(message: &ToWorker) -> Bytes {
    let content = message.encode();
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(4 + content.len());
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&content);
    frame.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::UnixStream;

    use super::*;

    fn cancel(id: u64) -> ToWorker {
        ToWorker::Cancel { id, action_id: id }
    }

    async fn expect(link: &mut UnixStream, id: u64) {
        let expected = frame(&cancel(id));
        let mut found = vec![0; expected.len()];
        link.read_exact(&mut found).await.unwrap();
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn what_was_sent_before_there_was_a_link_comes_first() {
        let (outbox, outgoing) = outbox();
        outbox.send(&cancel(1)).unwrap();
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        tokio::spawn(outgoing.run(ours.into_split().1));
        outbox.send(&cancel(2)).unwrap();
        expect(&mut theirs, 1).await;
        expect(&mut theirs, 2).await;
        outbox.send(&cancel(3)).unwrap();
        expect(&mut theirs, 3).await;
    }

    #[tokio::test]
    async fn a_reader_that_stops_clogs_it_and_loses_nothing() {
        let (outbox, outgoing) = outbox();
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        tokio::spawn(outgoing.run(ours.into_split().1));
        let mut sent = 0;
        while outbox.send(&cancel(sent)).is_ok() {
            sent += 1;
            tokio::task::yield_now().await;
        }
        for id in 0..sent {
            expect(&mut theirs, id).await;
        }
    }

    #[tokio::test]
    async fn what_comes_too_late_is_dropped() {
        let (outbox, outgoing) = outbox();
        drop(outgoing);
        outbox.send(&cancel(1)).unwrap();
    }
}
