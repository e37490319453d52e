//! Many clients of the stream in one thread, as cheap as can be: they share the machine with what they measure.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::client_frames::{PONG, Version, opening};
use super::daemon::Client;
use super::http::find;
use super::incoming::{Incoming, Received};
use super::stream::beginning;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(60);
const BUFFER: usize = 64 * 1024;
const EVENTS: usize = 512;
/// So many connect before any is read, so that none has to wait for its pong.
const AT_ONCE: usize = 1000;

/// See the file's first lines.
pub(crate) struct Crowd {
    epoll: OwnedFd,
    members: Vec<Member>,
    buffer: Box<[u8]>,
}

struct Member {
    socket: TcpStream,
    incoming: Incoming,
    /// Whether it has what all are waiting for.
    is_done: bool,
}

/// What was received, with the frames' heads.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    pub(crate) frames: usize,
    pub(crate) bytes: usize,
}

impl Crowd {
    /// So many clients with the same sign-in, once all of them have all modules.
    pub(crate) fn open(client: &Client, version: Version, count: usize) -> Result<Self> {
        let mut crowd = Self {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            members: Vec::new(),
            buffer: vec![0; BUFFER].into_boxed_slice(),
        };
        crowd.grow(client, version, count)?;
        Ok(crowd)
    }

    /// So many more.
    pub(crate) fn grow(&mut self, client: &Client, version: Version, count: usize) -> Result<()> {
        let opening = opening(client.address(), client.token(), version);
        let mut missing = count;
        while missing > 0 {
            let some = missing.min(AT_ONCE);
            for _ in 0..some {
                self.add(client.address(), &opening)?;
            }
            self.read_until(beginning(version), some, |_| ())?;
            missing -= some;
        }
        Ok(())
    }

    /// Reads until each client has a frame that holds these bytes; says of each frame that does what it is.
    pub(crate) fn until_all(&mut self, bytes: &[u8], seen: impl FnMut(&[u8])) -> Result<()> {
        for member in &mut self.members {
            member.is_done = false;
        }
        self.read_until(bytes, self.members.len(), seen)
    }

    /// Reads for so long.
    pub(crate) fn read_for(&mut self, time: Duration) -> Result<Traffic> {
        let end = Instant::now() + time;
        let mut traffic = Traffic::default();
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            for index in self.wait(left)? {
                self.members[index].read(&mut self.buffer, |_, size| {
                    traffic.frames += 1;
                    traffic.bytes += size;
                })?;
            }
        }
        Ok(traffic)
    }

    /// Until so many of those who aren't done have such a frame.
    fn read_until(
        &mut self,
        bytes: &[u8],
        count: usize,
        mut seen: impl FnMut(&[u8]),
    ) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        let mut missing = count;
        while missing > 0 {
            let left = end.checked_duration_since(Instant::now());
            let left = left.with_context(|| format!("{missing} clients wait in vain"))?;
            for index in self.wait(left)? {
                let member = &mut self.members[index];
                let mut is_there = false;
                member.read(&mut self.buffer, |frame, _| {
                    if find(frame, bytes).is_some() {
                        is_there = true;
                        seen(frame);
                    }
                })?;
                if is_there && !member.is_done {
                    member.is_done = true;
                    missing -= 1;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, address: &str, opening: &[u8]) -> Result<()> {
        let mut socket = TcpStream::connect(address)
            .with_context(|| format!("couldn't connect client {}", self.members.len()))?;
        socket.write_all(opening)?;
        socket.set_nonblocking(true)?;
        let index = epoll::EventData::new_u64(self.members.len() as u64);
        epoll::add(&self.epoll, &socket, index, epoll::EventFlags::IN)?;
        self.members.push(Member {
            socket,
            incoming: Incoming::default(),
            is_done: false,
        });
        Ok(())
    }

    /// Which members have something to read; after so long, none.
    fn wait(&self, longest: Duration) -> Result<Vec<usize>> {
        let longest = Timespec::try_from(longest)?;
        let mut events = Vec::with_capacity(EVENTS);
        epoll::wait(&self.epoll, spare_capacity(&mut events), Some(&longest))?;
        let indices = events.iter();
        Ok(indices.map(|event| event.data.u64() as usize).collect())
    }
}

impl Member {
    /// Reads what is there and gives each frame's content and size.
    fn read(&mut self, buffer: &mut [u8], mut each: impl FnMut(&[u8], usize)) -> Result<()> {
        let count = match self.socket.read(buffer) {
            Ok(0) => bail!("the daemon ended a connection"),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error).context("couldn't read"),
        };
        self.incoming.add(&buffer[..count]);
        while let Some(received) = self.incoming.next()? {
            match received {
                Received::Binary(frame) => each(self.incoming.content(&frame), frame.size),
                Received::Ping => self.socket.write_all(&PONG)?,
                Received::Other => {}
            }
        }
        Ok(())
    }
}

/// Lets this process, and the daemons that it starts, have so many clients at once, if the system allows it.
pub(crate) fn allow(clients: usize) -> Result<()> {
    /// For all else that is open.
    const OTHERS: u64 = 200;
    let limit = getrlimit(Resource::Nofile);
    let wanted = clients as u64 + OTHERS;
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    ensure!(
        limit.maximum.is_none_or(|maximum| maximum >= wanted),
        "the system allows no {wanted} open files here: `ulimit -Hn`"
    );
    let current = Some(wanted);
    Ok(setrlimit(Resource::Nofile, Rlimit { current, ..limit })?)
}
