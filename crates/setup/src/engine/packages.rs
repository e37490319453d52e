//! The step that installs packages.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::program::{Orphan, Stage};
use super::steps::chain;
use super::{Engine, SetupError};
use crate::output::Mask;
use crate::transaction::machine::Event;
use crate::transaction::{Failure, StepKind, TransactionId};
use contara_system::command_run::CommandOrder;
use contara_system::package_manager;
use contara_system::run_name::RunName;

/// How long others that change packages are waited for; package managers that wait themselves do so after that.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether they have ended.
const LOOKS: Duration = Duration::from_millis(500);

impl Engine {
    /// Installs what the transaction's modules want and the machine hasn't.
    pub(super) async fn install_packages(&self, id: TransactionId) -> Result<Event, SetupError> {
        let stage = self.stage(id).await?;
        let stage = Stage {
            mask: Mask::default(),
            ..stage
        };
        let wanted = self.missing_packages(id).await?;
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(message) => return Ok(Event::Failed(failure(message))),
        };
        if wanted.is_empty() {
            stage
                .log
                .note(None, "All packages are there already.")
                .await?;
            return Ok(Event::StepDone);
        }
        match self.install_with(&stage, &wanted).await? {
            Some(event) => Ok(event),
            None => Ok(Event::StepDone),
        }
    }

    /// Installs these; what follows if that isn't success.
    async fn install_with(
        &self,
        stage: &Stage,
        wanted: &[String],
    ) -> Result<Option<Event>, SetupError> {
        if let Some(event) = self.wait_for_others(stage).await? {
            return Ok(Some(event));
        }
        if let Some(repair) = self.manager.repair()
            && let Some(event) = self.run_manager(stage, &repair).await?
        {
            return Ok(Some(event));
        }
        if let Some(event) = self.refresh_lists(stage).await? {
            return Ok(Some(event));
        }
        if let Some(event) = self.refuse_other_than_approved(stage, wanted).await? {
            return Ok(Some(event));
        }
        match self.manager.install(wanted) {
            Some(install) => {
                let ended = self.run_manager(stage, &install).await?;
                self.look_at_signatures(stage, ended).await
            }
            None => Ok(None),
        }
    }

    /// With the lists that are there now, more may be done than was approved: then nothing is, until somebody has seen it.
    async fn refuse_other_than_approved(
        &self,
        stage: &Stage,
        wanted: &[String],
    ) -> Result<Option<Event>, SetupError> {
        let approved = {
            let live = self.live.lock().await;
            let entry = live.entries.get(&stage.id);
            entry.and_then(|entry| entry.approved.clone())
        };
        let Some(approved) = approved else {
            return Ok(None);
        };
        let Ok(now) = package_manager::simulate(&*self.manager, wanted).await else {
            // Installing says what is wrong.
            return Ok(None);
        };
        Ok(approved.beyond(&now).map(|beyond| {
            let message = format!(
                "More would be done to packages than was approved: {beyond}. Nothing was installed. Retry approves exactly this."
            );
            Event::Failed(Failure {
                unapproved: Some(beyond),
                ..failure(message)
            })
        }))
    }

    /// Waits until nobody else changes packages, but not for ever: what is tried then says what is wrong.
    pub(super) async fn wait_for_others(&self, stage: &Stage) -> Result<Option<Event>, SetupError> {
        let Some(mut holder) = self.manager.lock_holder() else {
            return Ok(None);
        };
        let mut said = String::new();
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if holder != said {
                let text = format!("Packages are being changed by {holder}: waiting for its end.");
                stage.log.note(None, text).await?;
                said.clone_from(&holder);
            }
            tokio::select! {
                () = stage.stop.cancelled() => return Ok(Some(Event::Stopped)),
                () = sleep(LOOKS) => {}
            }
            match self.manager.lock_holder() {
                Some(other) => holder = other,
                None => return Ok(None),
            }
        }
        let text = format!("Packages are still being changed by {holder}: trying all the same.");
        stage.log.note(None, text).await?;
        Ok(None)
    }

    /// Has the lists of packages updated. If that fails twice, those that are there have to do: what isn't to be had is seen then.
    async fn refresh_lists(&self, stage: &Stage) -> Result<Option<Event>, SetupError> {
        let Some(refresh) = self.manager.refresh() else {
            return Ok(None);
        };
        for what_next in [
            "trying once more.",
            "going on with those that are there. If a package isn't found, look at the network and at the repositories, and retry.",
        ] {
            match self.run_manager(stage, &refresh).await? {
                Some(Event::Failed(_)) => {}
                other => return Ok(other),
            }
            let text = format!("The lists of packages couldn't be updated: {what_next}");
            stage.log.note(None, text).await?;
        }
        Ok(None)
    }

    /// Runs a command of the package manager; what follows if that isn't success.
    pub(super) async fn run_manager(
        &self,
        stage: &Stage,
        order: &CommandOrder,
    ) -> Result<Option<Event>, SetupError> {
        if stage.stop.is_cancelled() {
            return Ok(Some(Event::Stopped));
        }
        let command = command(order);
        stage.log.command(None, &command).await?;
        let start = async |run: &RunName| order.clone().with(RunName::VARIABLE, run.mark()).start();
        let ran = self.run_program(stage, None, Orphan::Left, start).await?;
        let ran = match ran {
            Ok(ran) => ran,
            Err(error) => {
                return Ok(Some(Event::Failed(Failure {
                    command: Some(command),
                    ..failure(chain(&error))
                })));
            }
        };
        if ran.end.is_success {
            return Ok(None);
        }
        if ran.was_stopped {
            let text =
                "The package manager was ended. The next retry repairs what it left half done.";
            stage.log.note(None, text).await?;
            return Ok(Some(Event::Stopped));
        }
        Ok(Some(Event::Failed(Failure {
            command: Some(command),
            exit: Some(ran.end.status.clone()),
            last_lines: ran.last_lines,
            ..failure(format!(
                "The packages can't be installed: {}",
                ran.end.status
            ))
        })))
    }
}

fn command(order: &CommandOrder) -> String {
    let program = order.program.to_string_lossy().into_owned();
    let arguments = order.arguments.iter().map(|text| text.to_string_lossy());
    arguments.fold(program, |line, argument| format!("{line} {argument}"))
}

fn failure(message: String) -> Failure {
    Failure {
        step: StepKind::Packages,
        module: None,
        message,
        command: None,
        exit: None,
        last_lines: Vec::new(),
        unapproved: None,
    }
}
