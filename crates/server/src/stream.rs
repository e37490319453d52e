//! `/ws`: who may connect, and which protocol the connection speaks.

mod by_module;
mod connection;
mod frame_cache;
mod publisher;
mod requests;
#[cfg(test)]
mod samples;
mod setup_feed;
mod sockets;
mod v1;
mod v2;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::WebSocket;
use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contara_i18n::message;
use contara_protocol::stream::v2::SUBPROTOCOL;
use contara_supervisor::Pinned;
use contara_system::catalog::Catalog;
use tokio::sync::watch;

use crate::app::App;
use crate::auth::clients::Presence;
use crate::auth::principal::{Principal, query, query_token};
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::snapshot::Page;

use connection::Connection;

pub(crate) use frame_cache::FrameCache;
pub(crate) use publisher::Publisher;
pub(crate) use sockets::{Sockets, Version};

/// Clients send pings and little else.
const LONGEST_MESSAGE: usize = 64 * 1024;
/// A client sends little, and each one's buffer is kept: 1 KiB instead of tungstenite's 128.
const READ_BUFFER: usize = 1024;

/// Upgrades a request to a stream. As v1 has it, a bad token is refused before the upgrade, with 403.
pub(crate) async fn connect(State(app): State<Arc<App>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let principal = match query_token(&parts.uri) {
        Some(token) => app.clients.find(&token).map(Principal::Client),
        None => Principal::from_request_parts(&mut parts, &app).await.ok(),
    };
    let Some(principal) = principal else {
        return Refusal::new(StatusCode::FORBIDDEN, message!("Sign in first")).into_response();
    };
    let mut reader = Reader::of(&parts, &app);
    if let Some(language) = query(&parts.uri, "language") {
        reader = reader.preferring(language);
    }
    match WebSocketUpgrade::from_request_parts(&mut parts, &app).await {
        Err(rejection) => rejection.into_response(),
        Ok(upgrade) => upgrade
            .read_buffer_size(READ_BUFFER)
            .max_message_size(LONGEST_MESSAGE)
            .max_frame_size(LONGEST_MESSAGE)
            .protocols([SUBPROTOCOL])
            .on_upgrade(move |socket| {
                let sessions = app.sessions.clone();
                sessions.track_future(serve(app, principal, reader, socket))
            }),
    }
}

async fn serve(app: Arc<App>, principal: Principal, reader: Reader, socket: WebSocket) {
    // Whoever looks at the dashboard may enable something.
    let _warmth = app.supervisor.spawner().keep_warm();
    let version = match socket.protocol() {
        Some(_) => Version::V2,
        None => Version::V1,
    };
    let _counted = app.sockets.count(version);
    let presence = principal.client().cloned().map(Presence::of);
    let connection = Connection::new(socket, principal.client(), app.stopping.clone());
    match version {
        Version::V2 => v2::run(Arc::clone(&app), connection, principal.clone(), reader).await,
        Version::V1 => v1::run(Arc::clone(&app), connection, reader).await,
    }
    drop(presence);
    if let Some(client) = principal.client() {
        app.clients.note_seen(client);
    }
}

/// Waits for a new catalog; for ever, once nobody makes any more because the daemon is about to stop.
async fn catalog_changed(catalog: &mut watch::Receiver<Arc<Catalog>>) {
    if catalog.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The number of a module's state for those who look at its detail page, or for the others.
fn revision(pinned: &Pinned, page: Page) -> u64 {
    match page {
        Page::Shown => pinned.page_change,
        Page::LeftOut => pinned.change,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
