//! One client's socket: what comes, what goes, how long it may be silent, and how it ends. Both versions of the stream speak
//! through it.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite;
use tokio_util::sync::CancellationToken;

use crate::auth::clients::Client;
use crate::stream::requests::Requests;

/// How often the client is asked whether it lives ...
const HEARTBEAT: Duration = Duration::from_secs(10);
/// ... and how long it may say nothing at all, or take to make room for a frame.
const SILENCE: Duration = Duration::from_secs(25);
/// How long a client may take to answer a goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// What a close frame has room for, in bytes (RFC 6455, 5.5).
const MOST_REASON: usize = 123;

const GOING_AWAY: u16 = 1001;
pub(super) const POLICY: u16 = 1008;
const TOO_LARGE: u16 = 1009;
const SIGNED_OUT: u16 = 4401;

/// Why a connection is over.
#[derive(Debug)]
pub(super) enum Ending {
    /// The client is gone, or there is nothing to be said to it.
    Gone,
    /// It is told why: a close code of RFC 6455, and a reason.
    Told(u16, Cow<'static, str>),
}

impl Ending {
    pub(super) fn told(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Told(code, reason.into())
    }
}

/// What a client has said.
#[derive(Debug)]
pub(super) enum Heard {
    Frame(Bytes),
    Text,
}

/// See the file's first lines.
#[derive(Debug)]
pub(super) struct Connection {
    socket: WebSocket,
    stopping: CancellationToken,
    signed_out: CancellationToken,
    heartbeat: Interval,
    last_heard: Instant,
    requests: Requests,
}

impl Connection {
    /// `client` is who has signed in; `None` is the machine's own administrator.
    pub(super) fn new(
        socket: WebSocket,
        client: Option<&Arc<Client>>,
        stopping: CancellationToken,
    ) -> Self {
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            socket,
            stopping,
            signed_out: client
                .map_or_else(CancellationToken::new, |client| client.signed_out.clone()),
            heartbeat,
            last_heard: Instant::now(),
            requests: Requests::default(),
        }
    }

    /// Waits for what the client says next, and asks meanwhile whether it lives. Nothing is lost if this is given up.
    pub(super) async fn heard(&mut self) -> Result<Heard, Ending> {
        loop {
            let message = tokio::select! {
                biased;
                () = self.stopping.cancelled() => return Err(stopping()),
                () = self.signed_out.cancelled() => return Err(Ending::told(SIGNED_OUT, "signed out")),
                message = self.socket.recv() => message,
                () = sleep_until(self.last_heard + SILENCE) => return Err(Ending::Gone),
                _ = self.heartbeat.tick() => {
                    self.send_message(Message::Ping(Bytes::new())).await?;
                    continue;
                }
            };
            self.last_heard = Instant::now();
            if !self.requests.may_have_one_more(self.last_heard) {
                return Err(Ending::told(
                    POLICY,
                    "more than 1,000 messages within a second",
                ));
            }
            match message {
                Some(Ok(Message::Binary(frame))) => return Ok(Heard::Frame(frame)),
                Some(Ok(Message::Text(_))) => return Ok(Heard::Text),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Err(error)) => return Err(unreadable(error)),
                Some(Ok(Message::Close(_))) | None => return Err(Ending::Gone),
            }
        }
    }

    /// Sends, unless the client makes no room in time or the daemon stops first.
    pub(super) async fn send(&mut self, frame: Bytes) -> Result<(), Ending> {
        self.send_message(Message::Binary(frame)).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), Ending> {
        tokio::select! {
            sent = timeout(SILENCE, self.socket.send(message)) => match sent {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(Ending::Gone),
            },
            () = self.stopping.cancelled() => Err(stopping()),
        }
    }

    /// Says goodbye, if there is something to be said, and waits for the client's: closing with something unread would reset the
    /// connection, and the client might never see why it ended.
    pub(super) async fn close(mut self, ending: Ending) {
        let Ending::Told(code, reason) = ending else {
            return;
        };
        let reason = shortened(&reason, MOST_REASON).into();
        let goodbye = async {
            let frame = Message::Close(Some(CloseFrame { code, reason }));
            if self.socket.send(frame).await.is_err() {
                return;
            }
            while let Some(Ok(heard)) = self.socket.recv().await {
                if matches!(heard, Message::Close(_)) {
                    return;
                }
            }
            if code == TOO_LARGE {
                // Nothing more can be read: the client has the time to read this.
                std::future::pending::<()>().await;
            }
        };
        // A client that is already gone, or doesn't read, needs none.
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

fn stopping() -> Ending {
    Ending::told(GOING_AWAY, "Contara is stopping")
}

/// A client that sends too much is told so; a connection that broke can't be.
fn unreadable(error: axum::Error) -> Ending {
    match error.into_inner().downcast_ref() {
        Some(tungstenite::Error::Capacity(_)) => {
            Ending::told(TOO_LARGE, "the message is over 64 KiB")
        }
        _ => Ending::Gone,
    }
}

/// The beginning of a text that may have so many bytes.
pub(super) fn shortened(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
