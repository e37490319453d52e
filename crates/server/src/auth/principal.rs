//! Who a request comes from: a paired client, or the admin at the Unix socket.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::serve::IncomingStream;
use contara_i18n::message;
use cookie::Cookie;
use tokio::net::UnixListener;

use super::clients::Client;
use crate::app::App;
use crate::refusal::Refusal;
use crate::serve::{PromptListener, V1_ORIGINS};

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Over TCP; has to show a token.
    Network(SocketAddr),
    /// Over the admin socket.
    Local {
        /// The peer's user id, as the kernel says; `None` if it won't say.
        uid: Option<u32>,
    },
}

impl Peer {
    /// The address that wrong pairing codes are counted against.
    pub(crate) fn address(self) -> IpAddr {
        match self {
            Self::Network(address) => address.ip(),
            Self::Local { .. } => IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }
}

impl Connected<IncomingStream<'_, PromptListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, PromptListener>) -> Self {
        Self::Network(*stream.remote_addr())
    }
}

impl Connected<IncomingStream<'_, UnixListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        let uid = stream
            .io()
            .peer_cred()
            .ok()
            .map(|credentials| credentials.uid());
        Self::Local { uid }
    }
}

/// What the admin is called, and no client may be.
pub(crate) const ADMIN: &str = "root";

/// Who may ask.
#[derive(Debug, Clone)]
pub(crate) enum Principal {
    /// A paired client.
    Client(Arc<Client>),
    /// Root, or the user that the daemon runs as.
    Admin,
}

impl Principal {
    /// Who it is, as the journal of setup and the activity have it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Client(client) => client.name(),
            Self::Admin => ADMIN.to_owned(),
        }
    }

    /// The client, unless it is the admin.
    pub(crate) fn client(&self) -> Option<&Arc<Client>> {
        match self {
            Self::Client(client) => Some(client),
            Self::Admin => None,
        }
    }
}

impl FromRequestParts<Arc<App>> for Principal {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        if let Some(ConnectInfo(Peer::Local { uid })) = parts.extensions.get() {
            return admin(*uid, app.settings.uid);
        }
        if let Some(token) = bearer(&parts.headers) {
            return client(app, token);
        }
        let Some(token) = session(&parts.headers, &app.cookie_name) else {
            return Err(Refusal::unauthorized(message!(
                "Missing authorization header"
            )));
        };
        if !is_same_origin(&parts.headers, &parts.uri) {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                message!("This request comes from another site"),
            ));
        }
        client(app, &token)
    }
}

/// v1's way for sockets, which can't send a header: `?token=`.
pub(crate) fn query_token(uri: &Uri) -> Option<String> {
    let token = query(uri, "token")?;
    // A token is base64url; nothing in it is ever escaped but by over-careful clients, and then only as `%2D` or `%5F`.
    Some(
        token
            .replace("%2D", "-")
            .replace("%2d", "-")
            .replace("%5F", "_")
            .replace("%5f", "_"),
    )
}

/// The first value of a name in a query, as it stands there.
pub(crate) fn query<'u>(uri: &'u Uri, name: &str) -> Option<&'u str> {
    let pairs = uri.query()?.split('&');
    let mut values = pairs.filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    values.next()
}

fn client(app: &App, token: &str) -> Result<Principal, Refusal> {
    let found = app.clients.find(token).map(Principal::Client);
    found.ok_or_else(|| Refusal::unauthorized(message!("Invalid or expired token")))
}

fn admin(peer: Option<u32>, own: u32) -> Result<Principal, Refusal> {
    match peer {
        Some(uid) if uid == 0 || uid == own => Ok(Principal::Admin),
        _ => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            message!("Only root and the user that Contara runs as may use this socket"),
        )),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn session(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).flatten();
    cookies
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// `SameSite=Strict` keeps other sites out, but to a browser all ports of one host are one site.
fn is_same_origin(headers: &HeaderMap, uri: &Uri) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(Authority::as_str));
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, authority)| authority);
    origin.is_some() && origin == host
}

/// Whether a page may spend tries at pairing: one of ours, or one that may call the API. A program sends no origin.
pub(crate) fn may_pair(headers: &HeaderMap, uri: &Uri, allowed: &[String]) -> bool {
    let origin = headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok());
    let is_allowed =
        |origin: &str| V1_ORIGINS.contains(&origin) || allowed.iter().any(|known| known == origin);
    is_same_origin(headers, uri) || origin.is_some_and(is_allowed)
}

/// A client's name for people, from what its browser says of itself.
pub(crate) fn client_name(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let known = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // Every browser also claims to be its ancestors, so the youngest come first.
    let browser = known(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chromium"),
        ("Safari/", "Safari"),
    ]);
    let system = known(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => "API client".to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_bearer_token_is_found_in_any_case_of_its_scheme() {
        assert_eq!(
            bearer(&headers(&[("authorization", "bEaReR abc")])),
            Some("abc")
        );
        assert_eq!(bearer(&headers(&[("authorization", "Basic abc")])), None);
        assert_eq!(bearer(&headers(&[("authorization", "Bearer ")])), None);
    }

    #[test]
    fn the_admin_socket_is_for_root_and_the_daemons_user() {
        assert!(admin(Some(0), 1000).is_ok());
        assert!(admin(Some(1000), 1000).is_ok());
        assert!(admin(Some(1001), 1000).is_err());
        assert!(admin(None, 1000).is_err());
    }

    #[test]
    fn only_our_own_cookie_counts() {
        let found = session(
            &headers(&[("cookie", "a=1; contara_x=secret; b=2")]),
            "contara_x",
        );
        assert_eq!(found.as_deref(), Some("secret"));
        assert_eq!(
            session(&headers(&[("cookie", "contara_y=secret")]), "contara_x"),
            None
        );
    }

    #[test]
    fn another_port_of_the_same_host_is_another_origin() {
        let check = |origin: &str| {
            is_same_origin(
                &headers(&[("host", "nas:8000"), ("origin", origin)]),
                &Uri::from_static("/"),
            )
        };
        assert!(check("http://nas:8000"));
        assert!(!check("http://nas:9000"));
        assert!(!check("http://evil.example"));
        assert!(!check("null"));
    }

    #[test]
    fn clients_are_named_for_people() {
        let chromium =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36";
        assert_eq!(
            client_name(&headers(&[("user-agent", chromium)])),
            "Chromium on Linux"
        );
        assert_eq!(
            client_name(&headers(&[("user-agent", "curl/8")])),
            "API client"
        );
    }

    #[test]
    fn a_token_in_the_query_is_read_as_v1_clients_send_it() {
        assert_eq!(
            query_token(&Uri::from_static("/ws?a=b&token=x%2Dy_z")).as_deref(),
            Some("x-y_z")
        );
        assert_eq!(query_token(&Uri::from_static("/ws")), None);
    }
}
