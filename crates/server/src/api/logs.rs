//! A module's log: the latest lines, and whatever comes while the client waits.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use contara_protocol::link::LogLevel;
use contara_supervisor::{LogLine, LogPart, LogRing, LogSource};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::principal::Principal;
use crate::refusal::{ProblemDetails, Refusal};
use crate::{clock, modules};

/// The longest wait: proxies give up on requests that take a minute.
const LONGEST_WAIT: u64 = 30;
/// As many lines as are kept.
const MOST_LINES: usize = 1_000;

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogQuery {
    /// Lines after this number, the first ones first. Without it the latest ones.
    after: Option<u64>,
    /// If there are none, wait for so many seconds for one; 30 at most.
    #[serde(default)]
    wait: u64,
    /// As many lines at most; 1,000 are kept.
    limit: Option<usize>,
}

/// A part of a module's log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Log {
    lines: Vec<Line>,
    /// What to give as `after` to get what follows.
    next: u64,
}

/// One line of a module's log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    /// Its number, from 1. A gap means that lines were dropped before they could be read.
    seq: u64,
    /// RFC 3339, in UTC.
    time: String,
    /// `log` (the module's logger), `stdout`, `stderr`, or `host` (Contara about the module).
    source: &'static str,
    /// `debug`, `info`, `warning` or `error`.
    #[schema(value_type = String)]
    level: LogLevel,
    /// The logger's name; empty for what was printed.
    logger: String,
    message: String,
    /// In many lines.
    traceback: Option<String>,
}

/// The latest lines of a module's log. They are kept as long as the daemon knows the module, 1,000 lines or 512 KiB.
#[utoipa::path(get, path = "/api/modules/{name}/logs", tag = "modules", params(("name" = String, Path,), LogQuery),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Log),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
    (status = 409, description = "it can't run here, so it has no log", body = ProblemDetails),
    (status = 422, description = "a number isn't one", body = ProblemDetails),
))]
pub(crate) async fn logs(
    State(app): State<Arc<App>>,
    _: Principal,
    Path(name): Path<String>,
    query: Result<Query<LogQuery>, QueryRejection>,
) -> Result<Json<Log>, Refusal> {
    let Query(query) = query.map_err(|error| Refusal::query(&error))?;
    let ring = modules::log(&app, &name).await?;
    let limit = query.limit.unwrap_or(MOST_LINES);
    if let Some(after) = query.after {
        wait_for_news(&app, &ring, after, query.wait).await;
    }
    Ok(Json(Log::of(&ring.read(query.after, limit))))
}

async fn wait_for_news(app: &App, ring: &LogRing, after: u64, seconds: u64) {
    let limit = Duration::from_secs(seconds.min(LONGEST_WAIT));
    tokio::select! {
        // In time or not: what there is then is the answer.
        _ = timeout(limit, ring.newer_than(after)) => {}
        () = app.stopping.cancelled() => {}
    }
}

impl Log {
    fn of(part: &LogPart) -> Self {
        Self {
            lines: part.lines.iter().map(|line| Line::of(line)).collect(),
            next: part.next,
        }
    }
}

impl Line {
    pub(crate) fn of(line: &LogLine) -> Self {
        Self {
            seq: line.seq,
            time: clock::precise(line.time),
            source: match line.source {
                LogSource::Log => "log",
                LogSource::Stdout => "stdout",
                LogSource::Stderr => "stderr",
                LogSource::Host => "host",
            },
            level: line.level,
            logger: line.logger.clone(),
            message: line.message.clone(),
            traceback: line.traceback.clone(),
        }
    }
}
