//! Sign-in for browsers: the token lives in a cookie that no script can read.

use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, Uri, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{PairRequest, admit, leave};
use super::body::RawBody;
use crate::app::App;
use crate::auth::clients::Client;
use crate::auth::principal::{Peer, Principal};
use crate::clock;
use crate::refusal::{ProblemDetails, Refusal};

/// The longest that browsers keep a cookie.
const COOKIE_DAYS: i64 = 400;

/// A paired client, as it may know itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientInfo {
    id: i64,
    /// Such as "Firefox on Linux".
    name: String,
    /// RFC 3339, UTC.
    created_at: String,
}

/// A client that has just signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedIn {
    success: bool,
    client: ClientInfo,
}

/// Who asks; `client` is null for the admin socket.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    client: Option<ClientInfo>,
}

/// A session that is no more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedOut {
    success: bool,
}

type WithCookie<T> = ([(HeaderName, String); 1], Json<T>);

/// Exchange a pairing code for a session cookie.
#[utoipa::path(post, path = "/api/auth/session", tag = "sign-in", request_body = PairRequest, responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "wrong, used or expired code", body = ProblemDetails),
    (status = 422, description = "not the body that was expected", body = ProblemDetails),
    (status = 429, description = "too many wrong codes", body = ProblemDetails),
))]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<WithCookie<SignedIn>, Refusal> {
    let (client, token) = admit(&app, peer, &uri, &headers, body).await?;
    let cookie = session_cookie(&app, token, Duration::days(COOKIE_DAYS));
    Ok((
        cookie,
        Json(SignedIn {
            success: true,
            client: ClientInfo::of(&client),
        }),
    ))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/auth/session", tag = "sign-in", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Session),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn session(principal: Principal) -> Json<Session> {
    let client = principal.client();
    Json(Session {
        client: client.map(|client| ClientInfo::of(client)),
    })
}

/// Sign out: forget this client and end its sockets.
#[utoipa::path(delete, path = "/api/auth/session", tag = "sign-in", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SignedOut),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    principal: Principal,
) -> Result<WithCookie<SignedOut>, Refusal> {
    leave(&app, &principal).await?;
    let cookie = session_cookie(&app, String::new(), Duration::ZERO);
    Ok((cookie, Json(SignedOut { success: true })))
}

fn session_cookie(app: &App, token: String, max_age: Duration) -> [(HeaderName, String); 1] {
    let cookie = Cookie::build((app.cookie_name.clone(), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(max_age);
    [(header::SET_COOKIE, cookie.to_string())]
}

impl ClientInfo {
    fn of(client: &Client) -> Self {
        Self {
            id: client.id,
            name: client.name(),
            created_at: clock::rfc3339(client.created_at),
        }
    }
}
