//! What the commands ask of the daemon, each with words of its own for what can be helped.

use anyhow::anyhow;
use contara_i18n::Message;
use contara_protocol::stream::v1::setup::{SetupState, SetupTransaction};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::wire::{Form, Forms, LogPart, Transactions};
use crate::admin_client::{AdminClient, Refused, Wait};
use crate::locale_language::say;

/// What is to be installed and configured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice<'c> {
    /// The modules' slugs.
    pub(super) modules: &'c [String],
    /// Whether what is configured already is configured again.
    pub(super) reconfigure: bool,
}

/// Setup of the daemon that runs on a data folder.
#[derive(Debug)]
pub(super) struct SetupApi(AdminClient);

impl SetupApi {
    pub(super) fn new(client: AdminClient) -> Self {
        Self(client)
    }

    /// All modules, and the transactions that matter now.
    pub(super) async fn overview(&self) -> anyhow::Result<Value> {
        self.get("").await
    }

    /// A plan as the API has it.
    pub(super) async fn plan(&self, choice: Choice<'_>) -> anyhow::Result<Value> {
        let body = json!({"modules": choice.modules, "reconfigure": choice.reconfigure});
        self.post("/plans", &body).await
    }

    pub(super) async fn begin(
        &self,
        choice: Choice<'_>,
        digest: &Value,
    ) -> anyhow::Result<SetupTransaction> {
        let (modules, reconfigure) = (choice.modules, choice.reconfigure);
        let body = json!({"modules": modules, "reconfigure": reconfigure, "digest": digest});
        self.post("/transactions", &body).await
    }

    pub(super) async fn transactions(&self) -> anyhow::Result<Vec<SetupTransaction>> {
        let all: Transactions = self.get("/transactions").await?;
        Ok(all.transactions)
    }

    pub(super) async fn transaction(&self, id: u64) -> anyhow::Result<SetupTransaction> {
        self.get(&format!("/transactions/{id}")).await
    }

    /// The one of this number, or the one that `matters`: of several the latest. `none` says that there is none.
    pub(super) async fn named_or(
        &self,
        id: Option<u64>,
        matters: impl Fn(&SetupTransaction) -> bool,
        none: &Message,
    ) -> anyhow::Result<SetupTransaction> {
        if let Some(id) = id {
            return self.transaction(id).await;
        }
        let all = self.transactions().await?;
        let found = all.into_iter().find(matters);
        found.ok_or_else(|| anyhow!(say(none)))
    }

    pub(super) async fn forms(&self, id: u64) -> anyhow::Result<Vec<Form>> {
        let forms: Forms = self.get(&format!("/transactions/{id}/form")).await?;
        Ok(forms.forms)
    }

    /// Retries, cancels, and so on.
    pub(super) async fn change(&self, id: u64, what: &str) -> anyhow::Result<SetupTransaction> {
        self.post(&format!("/transactions/{id}/{what}"), &json!({}))
            .await
    }

    pub(super) async fn answer(&self, id: u64, answers: &Value) -> anyhow::Result<Value> {
        let body = json!({"answers": answers});
        self.post(&format!("/transactions/{id}/answers"), &body)
            .await
    }

    pub(super) async fn sign_in(&self, id: u64, logins: &Value) -> anyhow::Result<Value> {
        self.post(&format!("/transactions/{id}/sign-in"), logins)
            .await
    }

    /// What the scripts did to files, as the API has it.
    pub(super) async fn changes(&self, id: u64) -> anyhow::Result<Value> {
        self.get(&format!("/transactions/{id}/changes")).await
    }

    /// What became of it, as the API has it.
    pub(super) async fn undo(&self, id: u64, overwrite: bool) -> anyhow::Result<Value> {
        let body = json!({"overwrite": overwrite});
        self.post(&format!("/transactions/{id}/undo"), &body).await
    }

    pub(super) async fn log(&self, id: u64, after: u64) -> anyhow::Result<LogPart> {
        self.get(&format!("/transactions/{id}/log?after={after}"))
            .await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        // Hooks are asked, and have a limit of their own.
        let path = format!("/api/setup{path}");
        self.0.get(&path, Wait::AsLongAsItTakes).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> anyhow::Result<T> {
        let path = format!("/api/setup{path}");
        self.0.post(&path, Some(body), Wait::AsLongAsItTakes).await
    }
}

/// What is wrong with answers, by module and field, if that is what the daemon said.
pub(super) fn wrong_answers(error: &anyhow::Error) -> Option<Value> {
    let refused = error.downcast_ref::<Refused>()?;
    let is_about_answers = refused.problem["kind"] == "answers";
    is_about_answers.then(|| refused.problem["errors"].clone())
}

/// The files that were changed since, if that is why an undo was refused.
pub(super) fn changed_since(error: &anyhow::Error) -> Option<Vec<String>> {
    let refused = error.downcast_ref::<Refused>()?;
    let paths = refused.problem["paths"].as_array()?.iter();
    let is_about_them = refused.problem["kind"] == "changed_since";
    is_about_them.then(|| paths.filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Whether the daemon said no; else it can't be reached.
pub(super) fn is_refusal(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refused>().is_some()
}

/// Whether the daemon said that a login or a password can't be used.
pub(super) fn is_about_login(error: &anyhow::Error) -> bool {
    let refused = error.downcast_ref::<Refused>();
    refused.is_some_and(|refused| refused.problem["kind"] == "login")
}

pub(super) fn is_unfinished(transaction: &SetupTransaction) -> bool {
    matches!(
        transaction.state,
        SetupState::Queued | SetupState::Running | SetupState::Waiting
    )
}
