//! `/ws`: who may connect, and which protocol the connection speaks.

mod frame_cache;
#[cfg(test)]
mod samples;
mod setup_feed;
mod v1;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contara_i18n::message;

use crate::app::App;
use crate::auth::clients::Client;
use crate::auth::principal::{Principal, query, query_token};
use crate::reader::Reader;
use crate::refusal::Refusal;

pub(crate) use frame_cache::FrameCache;

/// Clients send pings and little else.
const LONGEST_MESSAGE: usize = 64 * 1024;
/// A client sends little, and each one's buffer is kept: 4 KiB instead of tungstenite's 128.
const READ_BUFFER: usize = 4096;

/// Upgrades a request to a stream. As v1 has it, a bad token is refused before the upgrade, with 403.
pub(crate) async fn connect(State(app): State<Arc<App>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let client = match query_token(&parts.uri) {
        Some(token) => app.clients.find(&token).map(Some),
        None => Principal::from_request_parts(&mut parts, &app)
            .await
            .ok()
            .map(client_of),
    };
    let Some(client) = client else {
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
            .on_upgrade(move |socket| {
                app.sessions
                    .clone()
                    .track_future(v1::run(app, client, reader, socket))
            }),
    }
}

fn client_of(principal: Principal) -> Option<Arc<Client>> {
    match principal {
        Principal::Client(client) => Some(client),
        Principal::Admin => None,
    }
}
