//! Talking to a daemon that runs: the REST API over its admin socket.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow};
use contara_i18n::message;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::locale_language::say;
use crate::plain::plain;

/// A daemon that is well answers within milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// The daemon knows it at once.
    Short,
    /// A module has to do something, for which the daemon has its own deadlines.
    AsLongAsItTakes,
}

/// A daemon, found by its socket. Each request has a connection of its own.
#[derive(Debug)]
pub(crate) struct AdminClient {
    socket: PathBuf,
    /// This machine's name, for links in answers.
    host: String,
    /// What whoever runs this reads, as `Accept-Language` has it.
    language: String,
}

/// The daemon's answer is no.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    /// RFC 9457 problem details, or null if it sent something else.
    pub(crate) problem: Value,
    detail: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.detail.lines().map(plain).collect();
        let refused = message!("the daemon refused: {reason}", reason = lines.join("\n"));
        f.write_str(&say(&refused))?;
        match self.problem["help"].as_str() {
            Some(help) => write!(
                f,
                "\n  {}",
                say(&message!("help: {help}", help = plain(help)))
            ),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refused {}

impl AdminClient {
    pub(crate) fn new(socket: PathBuf, host: String, language: String) -> Self {
        Self {
            socket,
            host,
            language,
        }
    }

    /// # Errors
    /// No daemon listens on the socket, it doesn't answer, or it refuses ([`Refused`]).
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        wait: Wait,
    ) -> anyhow::Result<T> {
        self.ask(Method::GET, path, None, wait).await
    }

    /// Like [`Self::get`], with a body if there is one.
    ///
    /// # Errors
    /// See [`Self::get`].
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Option<&Value>,
        wait: Wait,
    ) -> anyhow::Result<T> {
        self.ask(Method::POST, path, body, wait).await
    }

    /// Posts, and reads the lines of an answer that goes on for as long as the daemon has something to say.
    ///
    /// # Errors
    /// See [`Self::get`].
    pub(crate) async fn post_for_lines(&self, path: &str, body: &Value) -> anyhow::Result<Lines> {
        let response = self
            .in_time(self.send(Method::POST, path, Some(body)))
            .await?;
        Ok(Lines {
            body: refuse_unless_success(response).await?.into_body(),
            pending: Vec::new(),
        })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        wait: Wait,
    ) -> anyhow::Result<T> {
        let answer = async {
            let response = self.send(method, path, body).await?;
            let response = refuse_unless_success(response).await?;
            Ok(response.into_body().collect().await?.to_bytes())
        };
        let body = match wait {
            Wait::Short => self.in_time(answer).await?,
            Wait::AsLongAsItTakes => answer.await?,
        };
        serde_json::from_slice(&body).with_context(|| {
            say(&message!(
                "the daemon's answer can't be read; is it of another version?"
            ))
        })
    }

    async fn in_time<T>(
        &self,
        answer: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let answer = timeout(PATIENCE, answer).await;
        answer.with_context(|| {
            say(&message!(
                "the daemon at {socket} doesn't answer",
                socket = self.socket.display().to_string()
            ))
        })?
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Response<Incoming>> {
        let stream = UnixStream::connect(&self.socket)
            .await
            .map_err(|error| explain(&self.socket, &error))?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header("content-type", "application/json")
            .header("accept-language", &self.language)
            .body(Full::new(body))?;
        let answered = sender.send_request(request).await;
        answered.with_context(|| say(&message!("the daemon ended before it answered")))
    }
}

/// The lines of an answer that goes on.
#[derive(Debug)]
pub(crate) struct Lines {
    body: Incoming,
    pending: Vec<u8>,
}

impl Lines {
    /// The next line, without its end; `None` once the daemon has ended it.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.pending.drain(..=end).collect();
                return Some(String::from_utf8_lossy(&line[..end]).into_owned());
            }
            // A daemon that was killed breaks off in the middle, which is an end too.
            let frame = self.body.frame().await?.ok()?;
            if let Some(data) = frame.data_ref() {
                self.pending.extend_from_slice(data);
            }
        }
    }
}

async fn refuse_unless_success(response: Response<Incoming>) -> anyhow::Result<Response<Incoming>> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.into_body().collect().await?.to_bytes();
    let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
    let detail = detail(&problem["detail"]);
    let detail = detail.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned());
    Err(Refused {
        status,
        problem,
        detail,
    }
    .into())
}

/// A text, or a list of what is wrong with the body, as for people.
fn detail(detail: &Value) -> Option<String> {
    let Some(mistakes) = detail.as_array() else {
        return detail.as_str().map(str::to_owned);
    };
    let mistake = |mistake: &Value| {
        let path = mistake["loc"].as_array()?.iter().skip(1);
        let path: Option<Vec<_>> = path.map(Value::as_str).collect();
        Some(format!("{}: {}", path?.join("."), mistake["msg"].as_str()?))
    };
    let mistakes: Option<Vec<_>> = mistakes.iter().map(mistake).collect();
    mistakes.map(|mistakes| mistakes.join("; "))
}

fn explain(socket: &Path, error: &std::io::Error) -> anyhow::Error {
    let folder = socket.parent().unwrap_or(socket).display().to_string();
    let socket = socket.display().to_string();
    let message = match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::ConnectionRefused => message!(
            "no Contara is running on the data folder {folder}. Start it with `contara serve --data-dir {folder}`, or name the folder of the one that runs with --data-dir",
            folder = folder
        ),
        std::io::ErrorKind::PermissionDenied => message!(
            "{socket} is for root and the user that Contara runs as: use that account, for instance with sudo",
            socket = socket
        ),
        _ => message!(
            "can't reach the daemon at {socket}: {reason}",
            socket = socket,
            reason = error.to_string()
        ),
    };
    anyhow!(say(&message))
}
