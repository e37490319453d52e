//! Runs the setup script of one module.

use contara_system::run_name::RunName;
use contara_system::script::ScriptOrder;

use super::program::{Orphan, Ran, Stage};
use super::{Engine, SetupError};
use crate::form;
use crate::hooks::{HookError, Script};
use crate::transaction::machine::Event;
use crate::transaction::{Failure, StepKind, TransactionId};
use contara_i18n::{Explained, Message, message, with_causes};

impl Engine {
    /// Runs it to its end, and says how it went.
    pub(super) async fn run_script(
        &self,
        id: TransactionId,
        slug: &str,
    ) -> Result<Event, SetupError> {
        let stage = self.stage(id).await?;
        let (order, script) = match self.script_order(id, slug).await? {
            Ok(order) => order,
            Err(message) => return Ok(Event::Failed(configure_failure(slug, message))),
        };
        let recording = self.record_files(&stage, slug).await?;
        let event = self.run_order(&stage, slug, order, &script).await;
        if let Err(error) = self.compare_files(&stage, slug, recording).await {
            tracing::error!(
                id,
                slug,
                "what the script did to files isn't known: {}",
                with_causes(&error)
            );
        }
        event
    }

    async fn run_order(
        &self,
        stage: &Stage,
        slug: &str,
        order: ScriptOrder,
        script: &Script,
    ) -> Result<Event, SetupError> {
        // It was ended while the module's code was asked: nothing of the script may run then.
        if stage.stop.is_cancelled() {
            return Ok(Event::Stopped);
        }
        let command = stage.mask.line(&command(script));
        stage.log.command(Some(slug), &command).await?;
        let start = async |run: &RunName| {
            let run = run.clone();
            ScriptOrder { run, ..order }.start().await
        };
        let ran = self.run_program(stage, Some(slug), Orphan::Ended, None, start);
        let ran = match ran.await? {
            Ok(ran) => ran,
            Err(error) => {
                return Ok(Event::Failed(Failure {
                    command: Some(command),
                    ..configure_failure(slug, error.explanation())
                }));
            }
        };
        script_ended(stage, slug, command, ran).await
    }

    /// What is to be run; or why it can't be.
    async fn script_order(
        &self,
        id: TransactionId,
        slug: &str,
    ) -> Result<Result<(ScriptOrder, Script), Message>, SetupError> {
        let (languages, answered) = {
            let live = self.live.lock().await;
            let entry = live.entries.get(&id).ok_or(SetupError::NoTransaction(id))?;
            let answered = entry.answered.get(slug).cloned();
            (entry.shown().languages.clone(), answered)
        };
        let Some(module) = self.setup_module(slug, &languages).await? else {
            return Ok(Err(no_longer_there(slug)));
        };
        // A script that ran before may have changed what the code says.
        self.hooks.forget(slug);
        let script = match self.hooks.script_of(&module.reference).await {
            Ok(Some(script)) => script,
            Ok(None) => {
                return Ok(Err(message!(
                    "{module} no longer names a script",
                    module = slug
                )));
            }
            Err(error) => return Ok(Err(not_configured(slug, &error))),
        };
        let parameters = answered
            .map(|answered| form::arguments(&script.params, &answered.form, &answered.answers));
        let order = ScriptOrder {
            slug: slug.to_owned(),
            folder: module.reference.folder.clone(),
            script: script.path.clone().into(),
            parameters: parameters.unwrap_or_default(),
            language: module.reference.language.clone(),
            catalogues: self.settings.catalogues.clone(),
            run: RunName::new(),
        };
        Ok(Ok((order, script)))
    }
}

/// What follows from how it went.
async fn script_ended(
    stage: &Stage,
    slug: &str,
    command: String,
    ran: Ran,
) -> Result<Event, SetupError> {
    if ran.end.is_success {
        return Ok(Event::ScriptDone {
            exit: ran.end.status,
        });
    }
    if ran.was_stopped {
        let text = message!(
            "The script was ended, with what it had started; services that it started run on."
        );
        stage.log.note(Some(slug), text).await?;
        return Ok(Event::Stopped);
    }
    let message = message!(
        "The script of {module} failed: {status}",
        module = slug,
        status = Message::phrase(&ran.end.status)
    );
    stage.log.note(Some(slug), message.clone()).await?;
    Ok(Event::Failed(Failure {
        command: Some(command),
        exit: Some(ran.end.status),
        last_lines: ran.last_lines,
        ..configure_failure(slug, message)
    }))
}

/// It was when the transaction was begun.
pub(super) fn no_longer_there(slug: &str) -> Message {
    message!("The module {module} is no longer there", module = slug)
}

/// Its code says so, or fails.
pub(super) fn not_configured(slug: &str, error: &HookError) -> Message {
    message!(
        "{module} can't be configured: {reason}",
        module = slug,
        reason = error.explanation()
    )
}

/// As people are told of it: without the parameters' values.
fn command(script: &Script) -> String {
    match script.params.is_empty() {
        true => format!("bash {}", script.path),
        false => format!("bash {} (with {})", script.path, script.params.join(", ")),
    }
}

/// A module can't be configured.
pub(super) fn configure_failure(slug: &str, message: Message) -> Failure {
    Failure {
        step: StepKind::Configure,
        module: Some(slug.to_owned()),
        message,
        command: None,
        exit: None,
        last_lines: Vec::new(),
        unapproved: None,
    }
}
