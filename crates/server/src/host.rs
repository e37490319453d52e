//! The name under which a client reaches this machine, and what takes its place in links.

use std::convert::Infallible;
use std::net::Ipv6Addr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use contara_protocol::stream::v1::setup::SetupLink;

/// Longer names have no place in the domain name system.
const LONGEST_NAME: usize = 253;
/// Stands for the machine's name in what modules write.
const HOSTNAME: &str = "@HOSTNAME@";

/// A name or address of this machine that is safe to be shown: that of the request, without its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host(String);

impl Host {
    /// The host of a request; `localhost` if it names none that could be one.
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let header = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let named = header.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str));
        let host = named.and_then(without_port).unwrap_or("localhost");
        Self(host.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Links as clients get them: with the host filled in, and only those that lead to a web page.
    pub(crate) fn links(&self, links: &[(String, String)]) -> Vec<SetupLink> {
        let links = links.iter().map(|(name, address)| SetupLink {
            name: name.clone(),
            href: address.replace(HOSTNAME, &self.0),
        });
        links.filter(|link| is_web_address(&link.href)).collect()
    }
}

impl<S: Sync> FromRequestParts<S> for Host {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.uri))
    }
}

/// The host in `host:port`; an IPv6 address keeps its brackets. `None` for what could be no host.
fn without_port(authority: &str) -> Option<&str> {
    if authority.starts_with('[') {
        let end = authority.find(']')?;
        let address: Ipv6Addr = authority[1..end].parse().ok()?;
        let is_address = !address.is_unspecified() && is_port(&authority[end + 1..]);
        return is_address.then_some(&authority[..=end]);
    }
    let end = authority.find(':').unwrap_or(authority.len());
    let (host, port) = authority.split_at(end);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let is_host = !host.is_empty() && host.len() <= LONGEST_NAME && host.bytes().all(plain);
    (is_host && is_port(port)).then_some(host)
}

/// Nothing, or a colon and a number.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_web_address(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_no_port_and_nothing_strange() {
        let check = |authority: &str, expected: Option<&str>| {
            assert_eq!(without_port(authority), expected, "{authority}");
        };
        check("nas:8000", Some("nas"));
        check("nas.example.com", Some("nas.example.com"));
        check("192.0.2.7:80", Some("192.0.2.7"));
        check("[2001:db8::1]:8000", Some("[2001:db8::1]"));
        check("[2001:db8::1]", Some("[2001:db8::1]"));
        for bad in [
            "",
            ":80",
            "a b",
            "nas:80:90",
            "nas/x",
            "<b>",
            "[nas]:80",
            "[::1",
            "[::1]x",
            "user@nas",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn links_get_the_host_and_lead_to_web_pages_only() {
        let host = Host("nas".into());
        let link = |name: &str, address: &str| (name.to_owned(), address.to_owned());
        let links = host.links(&[
            link("Mail", "https://@HOSTNAME@/mail"),
            link("Script", "javascript:alert(1)"),
        ]);
        let links: Vec<_> = links.iter().map(|link| link.href.as_str()).collect();
        assert_eq!(links, ["https://nas/mail"]);
    }
}
