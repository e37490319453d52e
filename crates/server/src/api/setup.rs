//! Setup modules: which there are, plans, transactions and their logs. Handlers are thin: `crate::setup` has the wire's forms.

mod answers;
mod changes;
mod files;
mod log;
mod modules;
mod plans;
mod transactions;

use std::sync::Arc;

use axum::http::StatusCode;
use contara_i18n::message;
use contara_setup::engine::SetupError;
use contara_setup::transaction::TransactionId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::activity::{Deed, Outcome, SetupOrder, What};
use crate::app::App;
use crate::auth::principal::Principal;
use crate::refusal::Refusal;
use crate::to_the_end::ToTheEnd;

/// All of `/api/setup`.
pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(modules::overview))
        .routes(routes!(modules::module))
        .routes(routes!(plans::plan))
        .routes(routes!(transactions::list, transactions::begin))
        .routes(routes!(transactions::transaction))
        .routes(routes!(answers::form))
        .routes(routes!(answers::answer))
        .routes(routes!(answers::sign_in))
        .routes(routes!(changes::retry))
        .routes(routes!(changes::cancel))
        .routes(routes!(changes::reboot))
        .routes(routes!(files::changes))
        .routes(routes!(files::diff))
        .routes(routes!(files::undo))
        .routes(routes!(log::lines))
        .routes(routes!(log::text))
        .routes(routes!(log::summary))
}

/// The number in a path; what is no number is no transaction.
fn transaction_id(text: &str) -> Result<TransactionId, Refusal> {
    text.parse().map_err(|_| {
        let message = message!("there is no transaction {transaction}", transaction = text);
        Refusal::new(StatusCode::NOT_FOUND, message)
    })
}

/// Has setup carry an order out and notes it, also if nobody waits for that.
fn ordered<T: Send + 'static>(
    app: &Arc<App>,
    by: &Principal,
    transaction: TransactionId,
    order: SetupOrder,
    work: impl Future<Output = Result<T, SetupError>> + Send + 'static,
) -> ToTheEnd<Result<T, SetupError>> {
    let (activity, by) = (Arc::clone(&app.activity), by.clone());
    app.activity.to_the_end(async move {
        let done = work.await;
        if let Some(outcome) = outcome(&done) {
            let what = What::Setup { transaction, order };
            activity.record(Deed::ended(&by, what, outcome));
        }
        done
    })
}

/// `None`: it was refused, and nothing has happened.
fn outcome<T>(done: &Result<T, SetupError>) -> Option<Outcome> {
    match done {
        Ok(_) => Some(Outcome::Done),
        Err(SetupError::Files(_) | SetupError::Broken(_) | SetupError::Store(_)) => {
            Some(Outcome::Failed)
        }
        Err(_) => None,
    }
}
