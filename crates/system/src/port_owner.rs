//! Which process listens on a port, as far as this user may see it.

use std::collections::HashSet;
use std::net::SocketAddr;

use procfs::net::{TcpNetEntry, TcpState};
use procfs::process::{FDTarget, Process};

/// Names the process that listens on `address`, such as "process 4711 (nginx)".
///
/// `None` if no listener is found, or it belongs to a user whose processes this one can't look into.
#[must_use]
pub fn find(address: SocketAddr) -> Option<String> {
    owner(&listeners(address))
}

/// How a port is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// By connections.
    Tcp,
    /// By single messages.
    Udp,
}

/// Names who listens on a port, whatever the address: as [`find`], or "another process" if it can't be seen which. `None` if
/// nobody does.
#[must_use]
pub fn user_of(port: u16, transport: Transport) -> Option<String> {
    let inodes = match transport {
        Transport::Tcp => listeners(SocketAddr::from(([0; 4], port))),
        Transport::Udp => receivers(port),
    };
    if inodes.is_empty() {
        return None;
    }
    Some(owner(&inodes).unwrap_or_else(|| "another process".into()))
}

fn owner(inodes: &HashSet<u64>) -> Option<String> {
    let mut processes = procfs::process::all_processes().ok()?.flatten();
    let owner = processes.find(|process| holds(process, inodes))?;
    Some(name_process(owner.pid.cast_unsigned()))
}

/// Sockets that take messages from anybody; those of a conversation have the other end's port.
fn receivers(port: u16) -> HashSet<u64> {
    let tables = [procfs::net::udp(), procfs::net::udp6()];
    let entries = tables.into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.local_address.port() == port && entry.remote_address.port() == 0)
        .map(|entry| entry.inode)
        .collect()
}

/// "process 4711 (nginx)", or without the name if it can't be read.
#[must_use]
pub fn name_process(id: u32) -> String {
    let name = Process::new(id.cast_signed())
        .and_then(|process| process.stat())
        .map(|stat| stat.comm);
    name.map_or_else(
        |_| format!("process {id}"),
        |name| format!("process {id} ({name})"),
    )
}

fn listeners(address: SocketAddr) -> HashSet<u64> {
    let tables = [procfs::net::tcp(), procfs::net::tcp6()];
    let entries = tables.into_iter().flatten().flatten();
    entries
        .filter(|entry| in_the_way(entry, address))
        .map(|entry| entry.inode)
        .collect()
}

/// Whether a listener keeps `address` from being bound: the same port, and the same or every interface on either side.
fn in_the_way(entry: &TcpNetEntry, address: SocketAddr) -> bool {
    let theirs = entry.local_address;
    let same_interface = theirs.ip() == address.ip()
        || theirs.ip().is_unspecified()
        || address.ip().is_unspecified();
    entry.state == TcpState::Listen && theirs.port() == address.port() && same_interface
}

fn holds(process: &Process, inodes: &HashSet<u64>) -> bool {
    let Ok(descriptors) = process.fd() else {
        return false;
    };
    descriptors
        .flatten()
        .any(|fd| matches!(fd.target, FDTarget::Socket(inode) if inodes.contains(&inode)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_listener_of_our_own_is_found_and_gone_after_it_closes() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let owner = find(address).unwrap();
        assert!(
            owner.starts_with(&format!("process {} (", std::process::id())),
            "{owner}"
        );
        let port = address.port();
        assert_eq!(user_of(port, Transport::Tcp), Some(owner));
        drop(listener);
        assert_eq!(find(address), None);
        assert_eq!(user_of(port, Transport::Tcp), None);
    }

    #[test]
    fn a_receiver_of_our_own_is_found_and_gone_after_it_closes() {
        let receiver = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = receiver.local_addr().unwrap().port();
        let user = user_of(port, Transport::Udp).unwrap();
        let own = format!("process {} (", std::process::id());
        assert!(user.starts_with(&own), "{user}");
        drop(receiver);
        assert_eq!(user_of(port, Transport::Udp), None);
    }
}
