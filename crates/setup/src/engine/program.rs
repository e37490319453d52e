//! Runs a program for a transaction: its output goes into the log, and it can be ended.

use std::sync::Arc;

use contara_store::{SetupSessionRow, Store};
use contara_system::command_run::{CommandEnd, CommandEvent, RunningCommand, StartCommandError};
use contara_system::run_name::RunName;
use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;

use super::lines::Lines;
use super::log::Log;
use super::progress::ProgressReader;
use super::records::row_id;
use super::{Engine, SetupError};
use crate::output::{Mask, Secrets};
use crate::transaction::TransactionId;

/// How a program's run went.
#[derive(Debug)]
pub(super) struct Ran {
    /// How it ended.
    pub(super) end: CommandEnd,
    /// Whether it was ended before its time.
    pub(super) was_stopped: bool,
    /// The last lines that it printed.
    pub(super) last_lines: Vec<String>,
}

/// What becomes of a program when the daemon is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Orphan {
    /// It is ended at the next start.
    Ended,
    /// It may go on: breaking it off does harm.
    Left,
}

/// What is needed to run a program for a transaction.
pub(super) struct Stage {
    pub(super) id: TransactionId,
    pub(super) log: Arc<Log>,
    pub(super) stop: CancellationToken,
    pub(super) mask: Mask,
    /// What was answered and must not be seen.
    pub(super) secrets: Secrets,
}

impl Engine {
    /// Runs a program, which `start` starts, to its end. It is in the journal before it is started.
    pub(super) async fn run_program(
        &self,
        stage: &Stage,
        module: Option<&str>,
        orphan: Orphan,
        progress: Option<ProgressReader>,
        start: impl AsyncFnOnce(&RunName) -> Result<RunningCommand, StartCommandError>,
    ) -> Result<Result<Ran, StartCommandError>, SetupError> {
        let run = RunName::new();
        self.remember(stage.id, &run, orphan).await?;
        let ran = match start(&run).await {
            Ok(running) => {
                let started = run.started(running.session());
                self.remember(stage.id, &started, orphan).await?;
                let lines = Lines::new(Arc::clone(&stage.log), module, stage.mask.clone());
                Ok(follow(stage, lines.telling(progress), running).await?)
            }
            Err(error) => Err(error),
        };
        let id = row_id(stage.id);
        let forget = move |store: &Store| store.remove_setup_session(id);
        self.store.run(forget).await?;
        Ok(ran)
    }

    /// So that it is found again if the daemon is killed.
    async fn remember(
        &self,
        id: TransactionId,
        run: &RunName,
        orphan: Orphan,
    ) -> Result<(), SetupError> {
        let session = SetupSessionRow {
            transaction: row_id(id),
            session: run.to_string(),
            ends_with_us: orphan == Orphan::Ended,
        };
        let write = move |store: &Store| store.add_setup_session(&session);
        Ok(self.store.run(write).await?)
    }

    /// What running a program for this transaction needs.
    pub(super) async fn stage(&self, id: TransactionId) -> Result<Stage, SetupError> {
        let live = self.live.lock().await;
        let entry = live.entries.get(&id).ok_or(SetupError::NoTransaction(id))?;
        let earlier = live.secrets.get(&id).into_iter().flatten().cloned();
        let secrets: Vec<_> = earlier.chain(entry.secrets()).collect();
        Ok(Stage {
            id,
            log: Arc::clone(&entry.log),
            stop: entry.stop.clone(),
            mask: Mask::new(secrets.iter().cloned()),
            secrets: Secrets::new(&secrets),
        })
    }
}

/// Reads a program that was started until it has ended.
async fn follow(
    stage: &Stage,
    mut lines: Lines,
    mut running: RunningCommand,
) -> Result<Ran, SetupError> {
    let mut was_stopped = false;
    let end = loop {
        let due = lines.due();
        tokio::select! {
            biased;
            () = stage.stop.cancelled(), if !was_stopped => {
                was_stopped = true;
                running.cancel();
            }
            event = running.next() => match event {
                CommandEvent::Output(bytes) => lines.push(&bytes).await?,
                CommandEvent::Status(bytes) => lines.status(&bytes),
                CommandEvent::Ended(end) => break end,
            },
            () = until(due) => lines.tick().await?,
        }
    };
    let last_lines = lines.finish().await?;
    Ok(Ran {
        end,
        was_stopped,
        last_lines,
    })
}

async fn until(due: Option<std::time::Instant>) {
    match due {
        Some(due) => sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}
