//! What a WebSocket has received and nobody has taken yet: the answer to the upgrade, then frames. Pure.

use std::ops::Range;

use anyhow::{Result, bail, ensure};

use super::http::find;

const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// See the file's first lines. Frames are those of a server, which never masks; ours doesn't split either.
#[derive(Default)]
pub(crate) struct Incoming {
    bytes: Vec<u8>,
    taken: usize,
    is_open: bool,
}

/// What the server has sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Received {
    Binary(Frame),
    Ping,
    Other,
}

/// Where a frame's content is until more comes, and how many bytes it took on the socket, its head with it.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame {
    content: Range<usize>,
    pub(crate) size: usize,
}

impl Incoming {
    /// Adds what was read. Frames that were taken before are gone.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame, if it is there whole. Fails once the server refuses the upgrade or closes.
    pub(crate) fn next(&mut self) -> Result<Option<Received>> {
        if !self.is_open && !self.open()? {
            return Ok(None);
        }
        let Some((kind, frame)) = frame(&self.bytes, self.taken) else {
            return Ok(None);
        };
        self.taken = frame.content.end;
        Ok(Some(match kind {
            BINARY => Received::Binary(frame),
            PING => Received::Ping,
            CLOSE => bail!("the daemon closed the stream"),
            _ => Received::Other,
        }))
    }

    pub(crate) fn content(&self, frame: &Frame) -> &[u8] {
        &self.bytes[frame.content.clone()]
    }

    /// Takes the answer to the upgrade, if it is there whole.
    fn open(&mut self) -> Result<bool> {
        let Some(end) = find(&self.bytes, b"\r\n\r\n") else {
            return Ok(false);
        };
        let head = &self.bytes[..end];
        ensure!(
            head.starts_with(b"HTTP/1.1 101 "),
            "no stream: {}",
            String::from_utf8_lossy(head)
        );
        self.taken = end + 4;
        self.is_open = true;
        Ok(true)
    }
}

/// The kind of the frame that begins there, and the frame.
fn frame(bytes: &[u8], begin: usize) -> Option<(u8, Frame)> {
    let bytes = &bytes[begin..];
    let (length, head) = match *bytes.get(1)? & 0x7f {
        126 => (u16::from_be_bytes(array(bytes, 2)?).into(), 4),
        127 => (
            usize::try_from(u64::from_be_bytes(array(bytes, 2)?)).ok()?,
            10,
        ),
        short => (short.into(), 2),
    };
    let size = head + length;
    let frame = Frame {
        content: begin + head..begin + size,
        size,
    };
    (bytes.len() >= size).then_some((bytes[0] & 0x0f, frame))
}

fn array<const COUNT: usize>(bytes: &[u8], from: usize) -> Option<[u8; COUNT]> {
    bytes.get(from..from + COUNT)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n";

    /// All frames' contents and sizes after bytes that come in such pieces.
    fn frames(bytes: &[u8], piece: usize) -> Vec<(Vec<u8>, usize)> {
        let mut incoming = Incoming::default();
        let mut frames = Vec::new();
        for piece in bytes.chunks(piece) {
            incoming.add(piece);
            while let Some(received) = incoming.next().expect("frames") {
                if let Received::Binary(frame) = received {
                    frames.push((incoming.content(&frame).to_vec(), frame.size));
                }
            }
        }
        frames
    }

    #[test]
    fn frames_are_found_however_they_come() {
        let long = [7; 300];
        let bytes = [
            HEAD,
            b"\x82\x02ab",
            b"\x89\x00",
            b"\x82\x7e\x01\x2c",
            &long,
            b"\x82\x00",
        ];
        let bytes = bytes.concat();
        let expected = vec![(b"ab".to_vec(), 4), (long.to_vec(), 304), (Vec::new(), 2)];
        for piece in [1, 7, bytes.len()] {
            assert_eq!(frames(&bytes, piece), expected);
        }
    }

    #[test]
    fn a_refusal_and_a_close_are_errors() {
        for bytes in [
            b"HTTP/1.1 403 Forbidden\r\n\r\n".as_slice(),
            &[HEAD, b"\x88\x02\x03\xe9"].concat(),
        ] {
            let mut incoming = Incoming::default();
            incoming.add(bytes);
            assert!(incoming.next().is_err());
        }
    }
}
