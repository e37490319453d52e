//! A client for HTTP/1.1 as cheap as can be: it shares the machine with what it measures. It knows one server, ours.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(60);
/// Larger than the answers that count; others come in pieces.
const BUFFER: usize = 64 * 1024;

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Box<[u8]>,
}

/// A status and a body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// To `host:port`.
    pub(crate) fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .with_context(|| format!("couldn't connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            buffer: vec![0; BUFFER].into_boxed_slice(),
        })
    }

    pub(crate) fn send(&mut self, request: &[u8]) -> Result<()> {
        self.stream
            .write_all(request)
            .context("couldn't send a request")
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.send(request)?;
        self.receive()
    }

    /// Waits for the answer to what was sent.
    pub(crate) fn receive(&mut self) -> Result<Answer> {
        let mut filled = 0;
        let (head, end) = loop {
            filled += self.read(filled)?;
            if let Some(end) = find(&self.buffer[..filled], b"\r\n\r\n") {
                break (Head::of(&self.buffer[..end])?, end + 4);
            }
        };
        let mut body = self.buffer[end..filled].to_vec();
        let missing = head.length.saturating_sub(body.len());
        if missing > 0 {
            let from = body.len();
            body.resize(head.length, 0);
            self.stream.read_exact(&mut body[from..])?;
        }
        Ok(Answer {
            status: head.status,
            body,
        })
    }

    fn read(&mut self, from: usize) -> Result<usize> {
        loop {
            match self.stream.read(&mut self.buffer[from..]) {
                Ok(0) => bail!("the daemon closed the connection"),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("no answer from the daemon"),
            }
        }
    }
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

impl Answer {
    /// Fails unless the status is 200.
    pub(crate) fn ok(self) -> Result<Vec<u8>> {
        ensure!(
            self.status == 200,
            "the daemon answered {}: {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        Ok(self.body)
    }
}

/// The bytes of a request; a body makes it JSON.
pub(crate) fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let authorization = token.map_or_else(String::new, |token| {
        format!("authorization: Bearer {token}\r\n")
    });
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{authorization}content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Where `needle` begins.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

struct Head {
    status: u16,
    length: usize,
}

impl Head {
    fn of(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).context("an answer that isn't HTTP")?;
        let status = text
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let length = text.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        });
        Ok(Self {
            status: status.context("an answer without a status")?,
            length: length.context("an answer without a length")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read() {
        let head = Head::of(b"HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\nvary: origin")
            .expect("a head");
        assert_eq!((head.status, head.length), (404, 12));
        assert!(Head::of(b"HTTP/1.1 200 OK\r\nvary: origin").is_err());
    }

    #[test]
    fn requests_carry_their_token_and_length() {
        let request = request("POST", "/api/x", Some("t"), "{}");
        let text = String::from_utf8(request).expect("text");
        assert!(text.starts_with("POST /api/x HTTP/1.1\r\n"), "{text}");
        assert!(text.contains("\r\nauthorization: Bearer t\r\n"), "{text}");
        assert!(text.ends_with("content-length: 2\r\n\r\n{}"), "{text}");
    }
}
