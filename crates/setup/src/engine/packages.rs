//! The step that installs packages.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::program::{Orphan, Stage};
use super::progress::ProgressReader;
use super::steps::chain;
use super::{Engine, SetupError};
use crate::output::Mask;
use crate::transaction::machine::Event;
use crate::transaction::{Failure, StepKind, TransactionId};
use contara_system::command_run::{CommandEnd, CommandOrder};
use contara_system::package_manager::{self, Changes};
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
        let database = package_manager::database(&*self.manager).await;
        if let Some(repair) = self.manager.repair(database.as_deref())
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
                self.run_manager_with(stage, &install, progress).await
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
        let Some(difference) = difference(&approved, &now) else {
            return Ok(None);
        };
        let mut live = self.live.lock().await;
        if let Some(entry) = live.entries.get_mut(&stage.id) {
            entry.approved = None;
        }
        Ok(Some(Event::Failed(failure(format!(
            "More would be done to packages than was approved: {difference}. Nothing was installed. Retry does it all the same."
        )))))
    }

    /// Waits until nobody else changes packages, but not for ever. Package managers wait a while too, for those that come after that.
    pub(super) async fn wait_for_others(&self, stage: &Stage) -> Result<Option<Event>, SetupError> {
        let database = package_manager::database(&*self.manager).await;
        let holder = || self.manager.lock_holder(database.as_deref());
        let Some(mut other) = holder() else {
            return Ok(None);
        };
        let mut said = String::new();
        let patience = self.settings.package_patience;
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if other != said {
                let text = format!("Packages are being changed by {other}: waiting for its end.");
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
        let seconds = patience.as_secs();
        Ok(Some(Event::Failed(failure(format!(
            "After {seconds} s packages are still being changed by {other}. Nothing was done. Retry when that has ended."
        )))))
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
            ..failure(unsuccessful(&ran.end))
        })))
    }
}

/// What would be done beyond what was approved. What packages of new repositories bring along couldn't be known.
fn difference(approved: &Changes, now: &Changes) -> Option<String> {
    let beyond = |what: &str, now: &[String], approved: &[String]| {
        let more: Vec<_> = now.iter().filter(|name| !approved.contains(name)).collect();
        let names: Vec<_> = more.into_iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
    };
    let install = match approved.unknown.is_empty() {
        true => beyond("also installed:", &now.install, &approved.install),
        false => None,
    };
    let upgrade = beyond("also replaced:", &now.upgrade, &approved.upgrade);
    let remove = beyond("also removed:", &now.remove, &approved.remove);
    let parts: Vec<_> = [install, upgrade, remove].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What went wrong, and what to do.
fn unsuccessful(end: &CommandEnd) -> String {
    let status = &end.status;
    match end.is_killed {
        true => format!(
            "The package manager was {status}, by somebody or by a machine without memory. Packages may be half installed: retry repairs that and goes on."
        ),
        false => format!(
            "The packages can't be installed: {status}. The last lines say why. Retry when that is mended."
        ),
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(install: &str, upgrade: &str, remove: &str, unknown: &str) -> Changes {
        let names = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Changes {
            install: names(install),
            upgrade: names(upgrade),
            remove: names(remove),
            unknown: names(unknown),
            ..Changes::default()
        }
    }

    #[test]
    fn less_than_approved_is_fine_and_more_is_told() {
        let approved = changes("a b", "c", "d", "");
        assert_eq!(difference(&approved, &approved), None);
        assert_eq!(difference(&approved, &Changes::default()), None);
        let more = changes("a x y", "b c", "e", "");
        assert_eq!(
            difference(&approved, &more).as_deref(),
            Some("also installed: x, y; also replaced: b; also removed: e")
        );
        let open = changes("", "", "", "a");
        assert_eq!(
            difference(&open, &more).as_deref(),
            Some("also replaced: b, c; also removed: e")
        );
    }
}
