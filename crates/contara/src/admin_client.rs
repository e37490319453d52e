//! Talking to a daemon that runs: the REST API over its admin socket.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::time::timeout;

/// A daemon that is well answers within milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Posts to `path` without a body and reads the answer.
///
/// # Errors
/// No daemon listens on the socket, or it refuses.
pub(crate) async fn post<T: DeserializeOwned>(socket: &Path, path: &str) -> anyhow::Result<T> {
    let answer = timeout(PATIENCE, request(socket, path)).await;
    answer.with_context(|| format!("the daemon at {} doesn't answer", socket.display()))?
}

async fn request<T: DeserializeOwned>(socket: &Path, path: &str) -> anyhow::Result<T> {
    let stream = UnixStream::connect(socket)
        .await
        .map_err(|error| explain(socket, &error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", "localhost");
    let response = sender
        .send_request(request.body(Empty::<Bytes>::new())?)
        .await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        bail!("the daemon refused: {}", detail(&body));
    }
    serde_json::from_slice(&body)
        .context("the daemon's answer can't be read; is it of another version?")
}

fn explain(socket: &Path, error: &std::io::Error) -> anyhow::Error {
    let folder = socket.parent().unwrap_or(socket).display();
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::ConnectionRefused => anyhow::anyhow!(
            "no Contara is running on the data folder {folder}. Start it with `contara serve --data-dir {folder}`, \
             or name the folder of the one that runs with --data-dir"
        ),
        std::io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "{} is for root and the user that Contara runs as: use that account, for instance with sudo",
            socket.display()
        ),
        _ => anyhow::anyhow!("can't reach the daemon at {}: {error}", socket.display()),
    }
}

fn detail(body: &[u8]) -> String {
    let problem: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    problem["detail"].as_str().map_or_else(
        || String::from_utf8_lossy(body).into_owned(),
        ToOwned::to_owned,
    )
}
