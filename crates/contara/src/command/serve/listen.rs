//! The two sockets that the daemon listens on.

use std::fs::Permissions;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use contara_i18n::{Message, message};
use contara_system::port_owner;
use tokio::net::{TcpListener, TcpSocket, UnixListener, lookup_host};

use crate::command::machine_name;
use crate::locale_language::say;

/// Connections that may wait to be accepted. After a restart all clients come at once, and each that finds no room tries
/// again a second later.
const WAITING: u32 = 4096;

/// Listens where browsers come.
pub(super) async fn tcp(host: &str, port: u16) -> anyhow::Result<TcpListener> {
    let unusable = || {
        say(&message!(
            "can't listen on {host}: name one of this machine's addresses with --host",
            host = host
        ))
    };
    let number = u64::from(port);
    let address = lookup_host((host, port))
        .await
        .with_context(unusable)?
        .next()
        .with_context(unusable)?;
    match bind(address) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let owner = port_owner::find(address).unwrap_or_else(|| "another process".into());
            bail!(say(&message!(
                "port {port} on {host} is in use by {owner}: stop it, or choose another port with --port (0 takes a free one)",
                port = number,
                host = host,
                owner = Message::phrase(&owner)
            )));
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            bail!(say(&message!(
                "port {port} is for root only: choose one from 1024 up with --port",
                port = number
            )));
        }
        Err(error) => Err(error).with_context(unusable),
    }
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A daemon that starts again finds connections of the one before.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Listens where the admin comes. The data folder is held, so whatever lies at `path` is a left-over.
pub(super) fn admin(path: &Path) -> anyhow::Result<UnixListener> {
    let act = || {
        let path = path.display().to_string();
        say(&message!("can't make the admin socket {path}", path = path))
    };
    if path.exists() {
        std::fs::remove_file(path).with_context(act)?;
    }
    let listener = UnixListener::bind(path).with_context(act)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600)).with_context(act)?;
    Ok(listener)
}

/// Where browsers reach the daemon: for every interface, by the machine's name.
pub(super) fn url(host: &str, address: SocketAddr) -> String {
    let port = address.port();
    match address.ip() {
        ip if ip.is_unspecified() => format!("http://{}:{port}", machine_name()),
        IpAddr::V6(ip) => format!("http://[{ip}]:{port}"),
        IpAddr::V4(_) => format!("http://{host}:{port}"),
    }
}
