//! Why setup refuses something, as an answer: the status, the text, and members that programs go by.

use axum::http::StatusCode;
use contara_setup::engine::SetupError;
use contara_setup::plan::Refused;
use serde_json::json;

use super::plan::SetupPlan;
use crate::refusal::{Members, Refusal};

impl From<SetupError> for Refusal {
    fn from(error: SetupError) -> Self {
        let text = error.to_string();
        match error {
            SetupError::Refused(Refused(remark)) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, text).members(Members {
                    kind: Some(remark.kind),
                    modules: Some(remark.modules),
                    help: remark.help,
                    ..Members::default()
                })
            }
            SetupError::PlanChanged(plan) => conflict(text).members(Members {
                plan: Some(SetupPlan::of(*plan)),
                ..Members::kind("plan_changed")
            }),
            SetupError::Busy {
                module,
                transaction,
                ..
            } => conflict(text).members(Members {
                modules: Some(vec![module]),
                transaction: Some(transaction),
                help: Some(format!(
                    "Go on with transaction {transaction} or cancel it, then begin this one again."
                )),
                ..Members::kind("busy")
            }),
            SetupError::NotRoot => {
                Self::new(StatusCode::FORBIDDEN, text).members(Members::kind("not_root"))
            }
            SetupError::ChangedSince(paths) => conflict(text).members(Members {
                paths: Some(
                    paths
                        .iter()
                        .map(|path| path.to_string_lossy().into_owned())
                        .collect(),
                ),
                ..Members::kind("changed_since")
            }),
            SetupError::NoTransaction(_) | SetupError::NoModule(_) | SetupError::NoChange(..) => {
                Self::new(StatusCode::NOT_FOUND, text)
            }
            SetupError::WrongState(_) => conflict(text).members(Members::kind("wrong_state")),
            SetupError::Answers(errors) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
                .members(Members {
                    errors: Some(json!(errors)),
                    ..Members::kind("answers")
                }),
            SetupError::Store(_) => {
                let help = "Is the disk of the data folder full or read-only? The daemon's log has the cause.";
                Self::internal(&error)
                    .detail(
                        "The journal can't be read or written, so nothing was begun or changed.",
                    )
                    .members(Members {
                        help: Some(help.to_owned()),
                        ..Members::default()
                    })
            }
            error => Self::internal(&error),
        }
    }
}

fn conflict(text: String) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, text)
}
