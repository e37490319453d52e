//! A client of the stream (a WebSocket) that looks at bytes only: what it waits for is a text that a module drew.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::client_frames::{PONG, Version, action, opening};
use super::http::find;
use super::incoming::{Frame, Incoming, Received};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(60);
const BUFFER: usize = 64 * 1024;

/// What ends the beginning, in the first frame with modules.
const FULL_STATE: &[u8] = b"\xaafull_state";
const SNAPSHOT: &[u8] = b"\xa8snapshot";
const RESULT: &[u8] = b"\xa6result";

/// An open stream.
pub(crate) struct Stream {
    socket: TcpStream,
    incoming: Incoming,
    buffer: Box<[u8]>,
}

impl Stream {
    /// Signs in and reads until all modules are there.
    pub(crate) fn open(address: &str, token: &str, version: Version) -> Result<Self> {
        let mut socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.write_all(&opening(address, token, version))?;
        let mut this = Self {
            socket,
            incoming: Incoming::default(),
            buffer: vec![0; BUFFER].into_boxed_slice(),
        };
        this.until(beginning(version))?;
        Ok(this)
    }

    /// Reads on until a frame holds these bytes, and gives how many that frame takes on the socket.
    pub(crate) fn until(&mut self, bytes: &[u8]) -> Result<usize> {
        loop {
            let frame = self.next_frame()?;
            if find(self.incoming.content(&frame), bytes).is_some() {
                return Ok(frame.size);
            }
        }
    }

    /// Runs an action to its end. With v2 only.
    pub(crate) fn act(&mut self, id: u32, module: &str, name: &str) -> Result<()> {
        self.socket.write_all(&action(id, module, name))?;
        self.until(RESULT).map(drop)
    }

    /// The next frame's content.
    pub(crate) fn next(&mut self) -> Result<&[u8]> {
        let frame = self.next_frame()?;
        Ok(self.incoming.content(&frame))
    }

    fn next_frame(&mut self) -> Result<Frame> {
        loop {
            match self.incoming.next()? {
                Some(Received::Binary(frame)) => return Ok(frame),
                Some(Received::Ping) => self.socket.write_all(&PONG)?,
                Some(Received::Other) => {}
                None => self.read()?,
            }
        }
    }

    fn read(&mut self) -> Result<()> {
        let read = self.socket.read(&mut self.buffer);
        let count = read.context("no frame from the daemon")?;
        ensure!(count > 0, "the daemon ended the connection");
        self.incoming.add(&self.buffer[..count]);
        Ok(())
    }
}

/// What the first frame with all modules holds.
pub(crate) fn beginning(version: Version) -> &'static [u8] {
    match version {
        Version::V1 => FULL_STATE,
        Version::V2 => SNAPSHOT,
    }
}
