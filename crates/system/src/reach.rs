//! Whether somebody answers where something is to be fetched from: a connection is made and closed, or it is looked whether a folder is
//! there. Nothing is sent, so what answers may still be something else.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Where something can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A machine's name or address, and its port.
    Host(String, u16),
    /// A file or a folder of this machine.
    Path(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host, port) if host.contains(':') => write!(out, "[{host}]:{port}"),
            Self::Host(host, port) => write!(out, "{host}:{port}"),
            Self::Path(path) => write!(out, "{}", path.display()),
        }
    }
}

impl Place {
    /// Of an address (`http`, `https`, `ftp` or `file`); `None` if it is of another sort, or has variables where the name should be.
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once(':')?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme == "file" {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            return path
                .starts_with('/')
                .then(|| Self::Path(PathBuf::from(path)));
        }
        let usual_port = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            "ftp" => 21,
            _ => return None,
        };
        let authority = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
        let host = authority.rsplit('@').next()?;
        let (host, port) = split_port(host)?;
        let is_name = !host.is_empty() && !host.contains(['$', '%', ' ']);
        let port = match port {
            "" => usual_port,
            port => port.parse().ok()?,
        };
        is_name.then(|| Self::Host(host.to_owned(), port))
    }

    async fn answers(&self) -> bool {
        match self {
            Self::Host(host, port) => connect(host, *port).await.is_ok(),
            Self::Path(path) => tokio::fs::metadata(path).await.is_ok(),
        }
    }
}

/// `[::1]:80`, `mirror.example:80` or one of them without a port.
fn split_port(host: &str) -> Option<(&str, &str)> {
    if let Some(rest) = host.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        return Some((host, port.strip_prefix(':').unwrap_or(port)));
    }
    Some(host.split_once(':').unwrap_or((host, "")))
}

/// All addresses of a name at once: one of a kind that leads nowhere must not hold the others up.
async fn connect(host: &str, port: u16) -> io::Result<()> {
    let addresses = lookup_host((host, port)).await?;
    let mut tries: FuturesUnordered<_> = addresses.map(TcpStream::connect).collect();
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    while let Some(connected) = tries.next().await {
        match connected {
            Ok(_) => return Ok(()),
            Err(error) => outcome = Err(error),
        }
    }
    outcome
}

/// Those where nobody has answered after this time at the latest.
pub async fn silent(places: BTreeSet<Place>, limit: Duration) -> BTreeSet<Place> {
    let asked = places.into_iter().map(|place| async move {
        let answers = timeout(limit, place.answers()).await.unwrap_or(false);
        (!answers).then_some(place)
    });
    let asked: FuturesUnordered<_> = asked.collect();
    asked.filter_map(std::future::ready).collect().await
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_who_has_to_answer() {
        for (url, expected) in [
            ("http://mirror.example/debian", "mirror.example:80"),
            ("https://me:secret@mirror.example/", "mirror.example:443"),
            ("HTTP://mirror.example:8080?x", "mirror.example:8080"),
            ("ftp://mirror.example", "mirror.example:21"),
            ("http://[::1]/x", "[::1]:80"),
            ("http://[::1]:8080/x", "[::1]:8080"),
            ("file:/srv/packages", "/srv/packages"),
            ("file:///srv/packages", "/srv/packages"),
        ] {
            assert_eq!(Place::of(url).unwrap().to_string(), expected);
        }
        for url in [
            "",
            "mirror.example",
            "cdrom:[Debian]/",
            "http://$mirror/x",
            "http:///x",
            "http://a:b/",
        ] {
            assert_eq!(Place::of(url), None, "{url}");
        }
    }

    #[tokio::test]
    async fn those_who_dont_answer_are_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let host = |listener: &std::net::TcpListener| {
            Place::Host("127.0.0.1".into(), listener.local_addr().unwrap().port())
        };
        let there = [host(&listener), Place::Path(folder.path().to_owned())];
        let gone = [host(&closed), Place::Path(folder.path().join("gone"))];
        drop(closed);
        let all = there.into_iter().chain(gone.clone()).collect();
        assert_eq!(silent(all, Duration::from_secs(20)).await, gone.into());
    }
}
