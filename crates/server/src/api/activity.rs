//! What happened and who did it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use contara_protocol::stream::v1::setup::SetupState;
use contara_store::ActivityRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::activity::Kind;
use crate::app::App;
use crate::auth::principal::Principal;
use crate::clock;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::transaction;

/// As many as an answer has if nobody says how many.
const USUAL: usize = 50;
/// As many as an answer has at most.
const MOST: usize = 500;

/// Which.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivityQuery {
    /// Only what is older than the entry of this id.
    before: Option<i64>,
    /// As many at most; 50 if it isn't given, never more than 500.
    limit: Option<usize>,
    /// Only this kind.
    kind: Option<Kind>,
}

/// A part of what happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActivityPart {
    /// The latest first.
    entries: Vec<ActivityEntry>,
    /// What to give as `before` to get what is older; null if nothing is.
    next: Option<i64>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActivityEntry {
    id: i64,
    /// When it was over, RFC 3339 in UTC.
    at: String,
    /// The same of the last one, where the same was done several times within a minute.
    last: String,
    /// How often it was done within that minute.
    times: i64,
    /// `sign_in`, `module`, `action`, `settings` or `setup`.
    kind: String,
    /// What was done. `sign_in`: `paired`, `wrong_code`, `locked_out`, `signed_out`, `revoked`; `module`: `enabled`, `disabled`;
    /// `action`: `ran`; `settings`: `changed`; `setup`: `begun`, `retried`, `cancelled`, `reboot_ordered`, `undone`.
    event: String,
    /// `done`, `failed`, `cancelled` or `refused`.
    outcome: String,
    /// Null for somebody who isn't paired.
    by: Option<ActivityBy>,
    module: Option<String>,
    action: Option<String>,
    /// The address that somebody paired from or tried to, or the name of the client that was signed out.
    about: Option<String>,
    /// How long the longest took, of what takes its time.
    longest_ms: Option<i64>,
    transaction: Option<ActivityTransaction>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActivityBy {
    /// As in `GET /api/clients`, where it may be gone; null for the admin, and for runs from before there was this list.
    client: Option<i64>,
    /// What it was called then.
    name: String,
}

/// A transaction of setup as it stands now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ActivityTransaction {
    id: u64,
    state: SetupState,
    /// The names of the modules that were chosen.
    modules: Vec<String>,
}

/// What happened and who did it, the latest first. The last 10,000 entries are kept. Parameters, values and codes are none of it.
#[utoipa::path(get, path = "/api/activity", tag = "activity", params(ActivityQuery),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ActivityPart),
    (status = 401, body = ProblemDetails),
    (status = 422, description = "a number isn't one, or there is no such kind", body = ProblemDetails),
))]
pub(crate) async fn activity(
    State(app): State<Arc<App>>,
    _: Principal,
    query: Result<Query<ActivityQuery>, QueryRejection>,
) -> Result<Json<ActivityPart>, Refusal> {
    let Query(query) = query.map_err(|error| Refusal::query(&error))?;
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    // One more than is shown tells whether there are more.
    let mut rows = app
        .activity
        .latest(query.before, query.kind, limit + 1)
        .await?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().map(|row| row.id).filter(|_| has_more);
    let transactions = transactions(&app, &rows).await;
    let entries = rows.into_iter();
    let entries = entries.map(|row| ActivityEntry::of(row, &transactions));
    Ok(Json(ActivityPart {
        entries: entries.collect(),
        next,
    }))
}

/// By number, those that are still known.
async fn transactions(app: &App, rows: &[ActivityRow]) -> HashMap<i64, ActivityTransaction> {
    let mut found = HashMap::new();
    for number in rows.iter().filter_map(|row| row.deed.transaction) {
        if found.contains_key(&number) {
            continue;
        }
        let id = u64::try_from(number).unwrap_or_default();
        if let Ok(one) = app.setup.transaction(id).await {
            let chosen = one.modules.iter().filter(|module| !module.is_dependency);
            let transaction = ActivityTransaction {
                id,
                state: transaction::state(one.state),
                modules: chosen.map(|module| module.name.clone()).collect(),
            };
            found.insert(number, transaction);
        }
    }
    found
}

impl ActivityEntry {
    fn of(row: ActivityRow, transactions: &HashMap<i64, ActivityTransaction>) -> Self {
        let deed = row.deed;
        Self {
            id: row.id,
            at: time(row.at),
            last: time(row.last),
            times: row.times,
            kind: deed.kind.into_owned(),
            event: deed.event.into_owned(),
            outcome: deed.outcome.into_owned(),
            by: deed.by.map(|name| ActivityBy {
                client: deed.client,
                name,
            }),
            module: deed.module,
            action: deed.action,
            about: deed.about,
            longest_ms: row.longest,
            transaction: deed
                .transaction
                .and_then(|number| transactions.get(&number).cloned()),
        }
    }
}

fn time(unix_ms: i64) -> String {
    let since = Duration::from_millis(u64::try_from(unix_ms).unwrap_or_default());
    clock::precise(SystemTime::UNIX_EPOCH + since)
}
