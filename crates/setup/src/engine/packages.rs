//! The step that installs packages.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::program::{Orphan, Stage};
use super::progress::ProgressReader;
use super::{Engine, SetupError};
use crate::output::Mask;
use crate::transaction::machine::Event;
use crate::transaction::{Failure, StepKind, TransactionId};
use contara_i18n::{Explained, Message, message};
use contara_system::command_run::{CommandEnd, CommandOrder};
use contara_system::package_manager;
use contara_system::run_name::RunName;

/// How often it is looked whether others that change packages have ended.
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
                .note(None, message!("All packages are there already."))
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
        let database = package_manager::database(&*self.manager).await;
        if let Some(repair) = self.manager.repair(database.as_ref())
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
                let progress = self.progress_of(stage).await;
                let ended = self.run_manager_with(stage, &install, progress).await?;
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
            let message = message!(
                "More would be done to packages than was approved. {differences} Nothing was installed. Retry approves exactly this.",
                differences = beyond.said()
            );
            Event::Failed(Failure {
                unapproved: Some(beyond),
                ..failure(message)
            })
        }))
    }

    /// Waits until nobody else changes packages, but not for ever. Package managers wait a while too, for those that come after that.
    pub(super) async fn wait_for_others(&self, stage: &Stage) -> Result<Option<Event>, SetupError> {
        let database = package_manager::database(&*self.manager).await;
        let holder = || self.manager.lock_holder(database.as_ref());
        let Some(mut other) = holder() else {
            return Ok(None);
        };
        let mut said = String::new();
        let patience = self.settings.package_patience;
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if other != said {
                let text = message!(
                    "Packages are being changed by {holder}: waiting for its end.",
                    holder = Message::phrase(&other)
                );
                stage.log.note(None, text).await?;
                said.clone_from(&other);
            }
            tokio::select! {
                () = stage.stop.cancelled() => return Ok(Some(Event::Stopped)),
                () = sleep(LOOKS) => {}
            }
            match holder() {
                Some(holder) => other = holder,
                None => return Ok(None),
            }
        }
        Ok(Some(Event::Failed(failure(message!(
            "After {seconds} s packages are still being changed by {holder}. Nothing was done. Retry when that has ended.",
            seconds = patience.as_secs(),
            holder = Message::phrase(&other)
        )))))
    }

    /// Has the lists of packages updated. If that fails twice, those that are there have to do: what isn't to be had is seen then.
    async fn refresh_lists(&self, stage: &Stage) -> Result<Option<Event>, SetupError> {
        let Some(refresh) = self.manager.refresh() else {
            return Ok(None);
        };
        for text in [
            message!("The lists of packages couldn't be updated: trying once more."),
            message!(
                "The lists of packages couldn't be updated: going on with those that are there. If a package isn't found, look at the network and at the repositories, and retry."
            ),
        ] {
            if let Some(event) = self.wait_for_others(stage).await? {
                return Ok(Some(event));
            }
            match self.run_manager(stage, &refresh).await? {
                Some(Event::Failed(_)) => {}
                other => return Ok(other),
            }
            stage.log.note(None, text).await?;
        }
        Ok(None)
    }

    /// What reads how far the package manager is, for this transaction.
    async fn progress_of(&self, stage: &Stage) -> Option<ProgressReader> {
        let live = self.live.lock().await;
        let shown = live.entries.get(&stage.id)?.progress.clone();
        let manager = Arc::clone(&self.manager);
        Some(ProgressReader::new(manager, shown, self.changes.clone()))
    }

    /// Runs a command of the package manager; what follows if that isn't success.
    pub(super) async fn run_manager(
        &self,
        stage: &Stage,
        order: &CommandOrder,
    ) -> Result<Option<Event>, SetupError> {
        self.run_manager_with(stage, order, None).await
    }

    /// The same with an eye on how far it is.
    async fn run_manager_with(
        &self,
        stage: &Stage,
        order: &CommandOrder,
        progress: Option<ProgressReader>,
    ) -> Result<Option<Event>, SetupError> {
        if stage.stop.is_cancelled() {
            return Ok(Some(Event::Stopped));
        }
        let command = command(order);
        stage.log.command(None, &command).await?;
        let start = async |run: &RunName| order.clone().with(RunName::VARIABLE, run.mark()).start();
        let ran = self.run_program(stage, None, Orphan::Left, progress, start);
        let ran = ran.await?;
        let ran = match ran {
            Ok(ran) => ran,
            Err(error) => {
                return Ok(Some(Event::Failed(Failure {
                    command: Some(command),
                    ..failure(error.explanation())
                })));
            }
        };
        if ran.end.is_success {
            return Ok(None);
        }
        if ran.was_stopped {
            let text = message!(
                "The package manager was ended. The next retry repairs what it left half done."
            );
            stage.log.note(None, text).await?;
            return Ok(Some(Event::Stopped));
        }
        Ok(Some(Event::Failed(Failure {
            command: Some(command),
            exit: Some(ran.end.status.clone()),
            last_lines: ran.last_lines,
            ..failure(unsuccessful(&ran.end))
        })))
    }
}

/// What went wrong, and what to do.
fn unsuccessful(end: &CommandEnd) -> Message {
    let status = Message::phrase(&end.status);
    match end.is_killed {
        true => message!(
            "The package manager was {status}, by somebody or by a machine without memory. Packages may be half installed: retry repairs that and goes on.",
            status = status
        ),
        false => message!(
            "The packages can't be installed: {status}. The last lines say why. Retry when that is mended.",
            status = status
        ),
    }
}

fn command(order: &CommandOrder) -> String {
    let program = order.program.to_string_lossy().into_owned();
    let arguments = order.arguments.iter().map(|text| text.to_string_lossy());
    arguments.fold(program, |line, argument| format!("{line} {argument}"))
}

fn failure(message: Message) -> Failure {
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
