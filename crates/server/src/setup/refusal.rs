//! Why setup refuses something, as an answer: the status, the text, and members that programs go by.

use axum::http::StatusCode;
use contara_i18n::{Message, message};
use contara_setup::engine::SetupError;
use contara_setup::plan::Refused;
use serde_json::json;

use super::plan::SetupPlan;
use crate::reader::Reader;
use crate::refusal::{Members, Refusal};

impl Reader {
    /// In their language.
    pub(crate) fn refuse(&self, error: SetupError) -> Refusal {
        let text = error.message();
        match error {
            SetupError::Refused(Refused(remark)) => {
                Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, text).members(Members {
                    kind: Some(remark.kind),
                    modules: Some(remark.modules),
                    help: remark.help.map(|help| self.say(&help)),
                    ..Members::default()
                })
            }
            SetupError::PlanChanged(plan) => conflict(text).members(Members {
                plan: Some(SetupPlan::of(*plan, self)),
                ..Members::kind("plan_changed")
            }),
            SetupError::Busy {
                module,
                transaction,
                ..
            } => conflict(text).members(Members {
                modules: Some(vec![module]),
                transaction: Some(transaction),
                help: Some(self.say(&message!(
                    "Go on with transaction {transaction} or cancel it, then begin this one again.",
                    transaction = transaction
                ))),
                ..Members::kind("busy")
            }),
            SetupError::NotRoot => {
                Refusal::new(StatusCode::FORBIDDEN, text).members(Members::kind("not_root"))
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
                Refusal::new(StatusCode::NOT_FOUND, text)
            }
            SetupError::WrongState(_) => conflict(text).members(Members::kind("wrong_state")),
            SetupError::Login(_) => conflict(text).members(Members::kind("login")),
            SetupError::Answers(errors) => Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, text)
                .members(Members {
                    errors: Some(json!(errors)),
                    ..Members::kind("answers")
                }),
            SetupError::Store(_) => {
                let detail = message!(
                    "The journal can't be read or written, so nothing was begun or changed."
                );
                let help = message!(
                    "Is the disk of the data folder full or read-only? The daemon's log has the cause."
                );
                Refusal::internal(&error).detail(detail).members(Members {
                    help: Some(self.say(&help)),
                    ..Members::kind("journal")
                })
            }
            error => Refusal::internal(&error),
        }
    }
}

fn conflict(text: Message) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, text)
}
