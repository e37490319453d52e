//! The step that installs packages.

use super::program::{Orphan, Stage};
use super::steps::chain;
use super::{Engine, SetupError};
use crate::output::Mask;
use crate::transaction::machine::Event;
use crate::transaction::{Failure, StepKind, TransactionId};
use contara_system::command_run::CommandOrder;
use contara_system::run_name::RunName;

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
        if let Some(holder) = self.manager.lock_holder() {
            let text = format!("Packages are being changed by {holder}: waiting for its end.");
            stage.log.note(None, text).await?;
        }
        let orders = [self.manager.repair(), self.manager.install(&wanted)];
        for order in orders.into_iter().flatten() {
            if let Some(event) = self.run_manager(&stage, &order).await? {
                return Ok(event);
            }
        }
        Ok(Event::StepDone)
    }

    /// Runs a command of the package manager; what follows if that isn't success.
    async fn run_manager(
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
    }
}
