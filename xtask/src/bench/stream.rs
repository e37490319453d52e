//! A client of stream v1 (a WebSocket) that looks at bytes only: what it waits for is a text that a module drew.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::http::find;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(60);

const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// An open stream.
pub(crate) struct Stream {
    reader: BufReader<TcpStream>,
    frame: Vec<u8>,
}

impl Stream {
    /// Signs in and reads the first frame, `full_state`.
    pub(crate) fn open(address: &str, token: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // The key is any 16 bytes: this client trusts the server that it has started.
        write!(
            stream,
            "GET /ws?token={token} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )?;
        let mut this = Self {
            reader: BufReader::new(stream),
            frame: Vec::new(),
        };
        this.skip_head()?;
        this.next()?;
        Ok(this)
    }

    /// Reads on until a frame holds this text.
    pub(crate) fn until(&mut self, text: &str) -> Result<()> {
        while find(self.next()?, text.as_bytes()).is_none() {}
        Ok(())
    }

    /// The next frame's content.
    pub(crate) fn next(&mut self) -> Result<&[u8]> {
        loop {
            match self.read_frame()? {
                BINARY => return Ok(&self.frame),
                PING => self.pong()?,
                CLOSE => bail!("the daemon closed the stream"),
                _ => {}
            }
        }
    }

    fn skip_head(&mut self) -> Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.reader.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        ensure!(
            head.starts_with(b"HTTP/1.1 101 "),
            "no stream: {}",
            String::from_utf8_lossy(&head)
        );
        Ok(())
    }

    /// Reads one frame and gives its opcode. The server never masks and doesn't split.
    fn read_frame(&mut self) -> Result<u8> {
        let [first, length] = self.read_bytes::<2>().context("no frame from the daemon")?;
        let length = match length & 0x7f {
            126 => u64::from(u16::from_be_bytes(self.read_bytes()?)),
            127 => u64::from_be_bytes(self.read_bytes()?),
            short => u64::from(short),
        };
        self.frame.resize(usize::try_from(length)?, 0);
        self.reader.read_exact(&mut self.frame)?;
        Ok(first & 0x0f)
    }

    fn read_bytes<const COUNT: usize>(&mut self) -> std::io::Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Masked with zeros, as a client must mask. Without content: the server only wants to hear something.
    fn pong(&mut self) -> Result<()> {
        Ok(self.reader.get_mut().write_all(&[0x8a, 0x80, 0, 0, 0, 0])?)
    }
}
