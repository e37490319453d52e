//! What installing or configuring setup modules would do.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{self, RawBody};
use crate::auth::principal::Principal;
use crate::language::{AcceptLanguage, InLanguages, Speaking};
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::setup::answers;
use crate::setup::plan::SetupPlan;

/// Which modules are chosen. What they need comes along by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"modules": ["dns", "mail"]}))]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for the place of each mistake"
)]
pub(crate) struct SetupChoice {
    /// Slugs.
    modules: Vec<String>,
    /// Whether those that are configured already are configured again; not if it isn't given.
    reconfigure: Option<bool>,
}

/// What installing or configuring these modules would do. Nothing is changed.
#[utoipa::path(post, path = "/api/setup/plans", tag = "setup", params(AcceptLanguage), request_body = SetupChoice,
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = SetupPlan),
    (status = 401, body = ProblemDetails),
    (status = 422, description = "there is no plan for this choice: see `kind` and `modules`; or it isn't the body that was expected", body = ProblemDetails),
))]
pub(crate) async fn plan(
    _: Principal,
    Speaking(setup): Speaking,
    reader: Reader,
    body: RawBody,
) -> Result<InLanguages<SetupPlan>, Refusal> {
    let choice = answers::choice(&body::object(body)?)?;
    let plan = setup.plan(&choice).await;
    let plan = plan.map_err(|error| reader.refuse(error))?;
    let planned: Vec<_> = plan.modules.iter().map(|one| one.slug.as_str()).collect();
    let spoken = setup.spoken(&planned).await;
    Ok(InLanguages(spoken, SetupPlan::of(plan, &reader)))
}
