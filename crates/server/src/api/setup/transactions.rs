//! Transactions: beginning one, and how they stand.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use contara_protocol::stream::v1::setup::SetupTransaction;
use contara_setup::engine::{Begin, Setup};
use contara_setup::transaction::{Transaction, TransactionState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::transaction_id;
use crate::activity::{Deed, SetupOrder, What};
use crate::api::body::{self, RawBody};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::language::{AcceptLanguage, InLanguages, Speaking};
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::{answers, transaction};

/// As many as an answer has if nobody says how many.
const USUAL: usize = 50;
/// As many as an answer has at most.
const MOST: usize = 1_000;
/// As many of those that are over as the overview has.
const LAST: usize = 10;

/// What is to be done.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"modules": ["dns", "mail"], "digest": "5f1c"}))]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for the place of each mistake"
)]
pub(crate) struct SetupBegin {
    /// Slugs of the modules that are chosen.
    modules: Vec<String>,
    /// Whether those that are configured already are configured again; not if it isn't given.
    reconfigure: Option<bool>,
    /// Of the plan that was looked at; without it whatever the plan is now is approved.
    digest: Option<String>,
}

/// Some transactions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupTransactions {
    /// The latest first.
    transactions: Vec<SetupTransaction>,
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TransactionsQuery {
    /// As many at most; 50 if it isn't given, never more than 1,000.
    limit: Option<usize>,
}

/// Transactions, the latest first.
#[utoipa::path(get, path = "/api/setup/transactions", tag = "setup", params(TransactionsQuery, AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupTransactions),
    (status = 401, body = ProblemDetails),
    (status = 422, description = "the limit is no number", body = ProblemDetails),
))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    query: Result<Query<TransactionsQuery>, QueryRejection>,
) -> Result<Json<SetupTransactions>, Refusal> {
    let Query(query) = query.map_err(|error| Refusal::query(&error))?;
    let limit = query.limit.unwrap_or(USUAL).min(MOST);
    let transactions = app.setup.transactions(limit).await;
    let transactions = transactions.map_err(|error| reader.refuse(error))?;
    let transactions = transactions.iter().map(|one| transaction::of(one, &reader));
    Ok(Json(SetupTransactions {
        transactions: transactions.collect(),
    }))
}

/// Begin a transaction: install and configure modules. It is in the journal, and queued, running or waiting, when this answers.
#[utoipa::path(post, path = "/api/setup/transactions", tag = "setup", params(AcceptLanguage), request_body = SetupBegin,
    security(("session" = []), ("bearer" = [])), responses(
    (status = 201, body = SetupTransaction),
    (status = 401, body = ProblemDetails),
    (status = 403, description = "Contara doesn't run as root (`kind` is `not_root`)", body = ProblemDetails),
    (status = 409, description = "one of the modules is part of an unfinished transaction (`busy`: see `transaction`), or the plan has changed since it was looked at (`plan_changed`: see `plan`)", body = ProblemDetails),
    (status = 422, description = "there is no plan for this choice, or it isn't the body that was expected", body = ProblemDetails),
))]
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    principal: Principal,
    Speaking(setup): Speaking,
    reader: Reader,
    body: RawBody,
) -> Result<(StatusCode, InLanguages<SetupTransaction>), Refusal> {
    let body = body::object(body)?;
    let begin = Begin {
        choice: answers::choice(&body)?,
        digest: answers::optional_text(&body, "digest")?,
        by: principal.name(),
    };
    let (beginning, beginner, activity) = (setup.clone(), principal, Arc::clone(&app.activity));
    let begun = app.activity.to_the_end(async move {
        let begun = beginning.begin(begin).await?;
        let (transaction, order) = (begun.id, SetupOrder::Begun);
        activity.record(Deed::done(&beginner, What::Setup { transaction, order }));
        Ok(begun)
    });
    let begun = begun.await.map_err(|error| reader.refuse(error))?;
    Ok((
        StatusCode::CREATED,
        in_its_languages(&setup, &begun, &reader).await,
    ))
}

/// A transaction as it stands.
#[utoipa::path(get, path = "/api/setup/transactions/{id}", tag = "setup", params(("id" = u64, Path,), AcceptLanguage),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupTransaction),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such transaction", body = ProblemDetails),
))]
pub(crate) async fn transaction(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<InLanguages<SetupTransaction>, Refusal> {
    let found = app.setup.transaction(transaction_id(&id)?).await;
    let found = found.map_err(|error| reader.refuse(error))?;
    Ok(in_its_languages(&app.setup, &found, &reader).await)
}

/// A transaction is told in the languages in which it was begun, whoever asks.
async fn in_its_languages(
    setup: &Setup,
    one: &Transaction,
    reader: &Reader,
) -> InLanguages<SetupTransaction> {
    let setup = setup.speaking(one.languages.clone());
    let modules: Vec<_> = one.modules.iter().map(|run| run.slug.as_str()).collect();
    InLanguages(setup.spoken(&modules).await, transaction::of(one, reader))
}

/// Those that matter now: the unfinished ones and the last ones, the latest first.
pub(super) async fn unfinished_and_last(
    app: &App,
    reader: &Reader,
) -> Result<Vec<SetupTransaction>, Refusal> {
    let all = app.setup.transactions(MOST).await;
    let all = all.map_err(|error| reader.refuse(error))?;
    let mattering = all
        .iter()
        .enumerate()
        .filter(|(index, one)| *index < LAST || is_unfinished(one));
    Ok(mattering
        .map(|(_, one)| transaction::of(one, reader))
        .collect())
}

fn is_unfinished(transaction: &Transaction) -> bool {
    matches!(
        transaction.state,
        TransactionState::Queued | TransactionState::Running | TransactionState::Waiting
    )
}
