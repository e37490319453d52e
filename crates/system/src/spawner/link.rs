//! The socket to the spawner: frames both ways, and descriptors beside those that carry some.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use contara_protocol::spawner::{FromSpawner, MAX_FRAME, ToSpawner};
use futures_util::StreamExt;
use rustix::cmsg_space;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio_util::codec::{FramedRead, LengthDelimitedCodec};

/// Frames that wait for the spawner before it gets no more starts; each holds descriptors.
const ROOM: usize = 16;

/// The host's end.
#[derive(Debug)]
pub(super) struct SpawnerLink {
    reading: FramedRead<OwnedReadHalf, LengthDelimitedCodec>,
    writing: OwnedWriteHalf,
    queue: VecDeque<Frame>,
}

/// What is left to be sent of a frame.
#[derive(Debug)]
struct Frame {
    bytes: Bytes,
    /// They go with the first byte.
    descriptors: Vec<OwnedFd>,
}

impl SpawnerLink {
    pub(super) fn new(socket: UnixStream) -> Self {
        let (reading, writing) = socket.into_split();
        let codec = LengthDelimitedCodec::builder()
            .max_frame_length(MAX_FRAME)
            .new_codec();
        Self {
            reading: FramedRead::new(reading, codec),
            writing,
            queue: VecDeque::new(),
        }
    }

    /// Queues a message. Its descriptors are closed here once they are on their way.
    pub(super) fn send(&mut self, message: &ToSpawner, descriptors: Vec<OwnedFd>) -> Result<()> {
        let content = message.encode();
        let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
        if content.len() > MAX_FRAME {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("a message of {length} bytes is more than {MAX_FRAME}"),
            ));
        }
        let mut bytes = BytesMut::with_capacity(4 + content.len());
        bytes.put_u32(length);
        bytes.extend_from_slice(&content);
        self.queue.push_back(Frame {
            bytes: bytes.freeze(),
            descriptors,
        });
        Ok(())
    }

    /// Whether another start may be queued.
    pub(super) fn has_room(&self) -> bool {
        self.queue.len() < ROOM
    }

    /// Waits for the next message, and sends what is queued meanwhile; `None` at the end. May be given up at any point.
    pub(super) async fn next(&mut self) -> Result<Option<FromSpawner>> {
        loop {
            tokio::select! {
                frame = self.reading.next() => return frame.transpose()?.map(|frame| decode(&frame)).transpose(),
                sent = send_first(&self.writing, &mut self.queue), if !self.queue.is_empty() => sent?,
            }
        }
    }
}

fn decode(frame: &[u8]) -> Result<FromSpawner> {
    FromSpawner::decode(frame).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}

/// Sends as much of the first frame as the socket takes.
async fn send_first(writing: &OwnedWriteHalf, queue: &mut VecDeque<Frame>) -> Result<()> {
    writing.writable().await?;
    let Some(frame) = queue.front_mut() else {
        return Ok(());
    };
    let socket = writing.as_ref();
    match socket.try_io(Interest::WRITABLE, || send_part(socket.as_fd(), frame)) {
        Ok(count) => frame.bytes.advance(count),
        Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
        Err(error) => return Err(error),
    }
    frame.descriptors.clear();
    if frame.bytes.is_empty() {
        queue.pop_front();
    }
    Ok(())
}

/// Sends what the socket takes at once, the descriptors with the first byte of it (unix(7)).
fn send_part(socket: BorrowedFd<'_>, frame: &Frame) -> Result<usize> {
    let descriptors: Vec<_> = frame.descriptors.iter().map(AsFd::as_fd).collect();
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(3))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !beside.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "more descriptors than a start has",
        ));
    }
    let bytes = [IoSlice::new(&frame.bytes)];
    Ok(sendmsg(socket, &bytes, &mut beside, SendFlags::NOSIGNAL)?)
}
