//! What a module's worker says, and what its task makes of it.

use std::sync::Arc;

use contara_i18n::{Message, message};
use contara_protocol::Tree;
use contara_protocol::link::{
    ErrorKind, FromWorker, LINK_PROTOCOL, Loaded, MAX_STATE, Progress, WorkerError,
};
use tracing::debug;

use super::{Asked, ModuleTask};
use crate::calls::Answer;
use crate::errors::{ActionError, SettingsError};
use crate::failure::Step;
use crate::keeper::Keep;
use crate::link_reader::no_message;
use crate::log_ring::cut_message;
use crate::machine::Event;
use crate::tile::Tile;
use crate::view::Ui;

/// Characters of a progress text that are shown, as the link's protocol says.
const MOST_PROGRESS_TEXT: usize = 500;

impl ModuleTask {
    pub(super) fn take_message(&mut self, message: FromWorker) {
        match message {
            FromWorker::Hello {
                protocol,
                sdk,
                python,
                ..
            } => self.greet(protocol, &sdk, &python),
            FromWorker::Answer { id, value } => self.take_answer(id, Ok(value)),
            FromWorker::Error { id, error } => self.take_answer(id, Err(error)),
            FromWorker::Ui {
                tile, modals, page, ..
            } => {
                let ui = Ui {
                    tile: tile.map(Tile::Drawn),
                    modals,
                    page,
                };
                self.looks.draw(&self.log, ui, self.spec.limits.tree_size);
                self.publish();
            }
            FromWorker::UiFailed { message, traceback } => {
                let reason = Message::verbatim(cut_message(&message));
                self.looks.fail_to_draw(&self.log, reason, traceback);
                self.publish();
            }
            FromWorker::State { value } => self.keep_state(value),
            FromWorker::Progress { id, progress } => self.note_progress(id, progress),
            FromWorker::Fault {
                origin,
                name,
                message,
                traceback,
            } => {
                self.looks
                    .fault(&self.log, origin, &name, &message, traceback);
                self.publish();
            }
            FromWorker::Log {
                level,
                logger,
                message,
                traceback,
            } => {
                self.log
                    .logged(level, &logger, &message, traceback.as_deref());
            }
            FromWorker::Unknown { kind } => {
                debug!(module = self.spec.name, kind, "a message of a newer worker");
            }
            _ => {}
        }
    }

    fn note_progress(&mut self, call: u64, mut progress: Progress) {
        // The worker cuts it too; one that doesn't must not fill every client's frames.
        progress.text = progress
            .text
            .map(|text| text.chars().take(MOST_PROGRESS_TEXT).collect());
        if self.calls.progress(call, progress) {
            self.publish();
        }
    }

    fn greet(&mut self, protocol: u32, sdk: &str, python: &str) {
        debug!(
            module = self.spec.name,
            protocol, sdk, python, "the worker said hello"
        );
        if protocol == LINK_PROTOCOL {
            self.dispatch(Event::Answered(Step::Greet));
        } else {
            let reason = message!(
                "the SDK {sdk} speaks version {theirs} of it, this daemon version {ours}",
                sdk = sdk,
                theirs = u64::from(protocol),
                ours = u64::from(LINK_PROTOCOL)
            );
            self.dispatch(Event::LinkBroken(reason));
        }
    }

    fn take_answer(&mut self, id: u64, result: Result<Tree, WorkerError>) {
        if let Some(call) = self.calls.finish(id) {
            if call.shown {
                self.publish();
            }
            if let Err(error) = &result {
                self.note_failed_action(&call.action, error);
            }
            if let Some(answer) = call.answer {
                self.answer_call(answer, result.map_err(ActionError::from));
            }
            return;
        }
        match (self.asked.remove(&id), result) {
            // Answers to what was given up meanwhile come late; nobody waits for them.
            (None | Some(Asked::Notice), _) => {}
            (Some(Asked::Watch), _) => self.tell_of_page_watchers(),
            (Some(Asked::Ping), _) => self.dispatch(Event::Pong),
            (Some(Asked::Cancel(answer)), result) => {
                let was_there = result.is_ok_and(|value| value.decode().unwrap_or(false));
                let _ = answer.send(was_there);
            }
            (Some(Asked::Render(answer)), result) => {
                let ui = self.looks.drawn().filter(|_| result.is_ok());
                let _ = answer.send(ui.cloned());
            }
            (Some(Asked::CheckSettings(answer)), result) => {
                let _ = answer.send(result.map_err(SettingsError::from));
            }
            (Some(Asked::Configure(answer)), result) => {
                if result.is_ok() {
                    // What was stored before may have been at fault; this isn't.
                    self.looks.warn_of_settings(&self.log, None);
                    self.looks.change_settings();
                    self.publish();
                }
                let _ = answer.send(result.map_err(SettingsError::from));
            }
            (Some(Asked::Step(step)), Ok(value)) => self.take_step(step, &value),
            (Some(Asked::Step(step)), Err(error)) => self.dispatch(Event::Refused(step, error)),
        }
    }

    /// Whoever called it sees one line; the traceback is for the author. What was refused or cancelled is no failure.
    fn note_failed_action(&self, action: &str, error: &WorkerError) {
        if matches!(error.kind, ErrorKind::Exception | ErrorKind::Timeout) {
            let message = format!("the action {action} failed: {}", error.message);
            self.log.complain(&message, error.traceback.as_deref());
        }
    }

    /// Whoever hears that an action is done can rely on what it changed, also if the power fails a moment later.
    fn answer_call(&mut self, answer: Answer, result: Result<Tree, ActionError>) {
        let Some(stored) = self.keeper.stored() else {
            // Whoever asked may have gone; then nobody minds.
            let _ = answer.send(result);
            return;
        };
        tokio::spawn(async move {
            let result = match stored.await {
                true => result,
                false => result.and(Err(ActionError::NotStored)),
            };
            let _ = answer.send(result);
        });
    }

    fn take_step(&mut self, step: Step, value: &Tree) {
        if step == Step::Load {
            match Loaded::of(value) {
                Ok(loaded) => self.take_loaded(loaded),
                Err(error) => return self.dispatch(Event::LinkBroken(no_message(&error))),
            }
        }
        self.dispatch(Event::Answered(step));
        if step == Step::Load {
            self.tell_of_page_watchers();
        }
    }

    fn take_loaded(&mut self, loaded: Loaded) {
        let before = std::mem::replace(&mut self.loaded, Arc::new(loaded));
        if before.settings != self.loaded.settings {
            self.looks.change_settings();
        }
        if let Some(reason) = &self.loaded.state_problem {
            self.looks.warn_of_state(&self.log, reason);
            self.keeper.put_aside(reason, self.keep());
        }
        let reason = self.loaded.settings_problem.as_deref();
        self.looks.warn_of_settings(&self.log, reason);
    }

    /// The worker checks the size too; one that doesn't must not end up with a state that no `load` can carry.
    fn keep_state(&mut self, state: Tree) {
        let size = state.as_msgpack().len();
        if size > MAX_STATE {
            let why = format!("its state of {size} bytes is not kept: more than {MAX_STATE}");
            self.log.complain(&why, None);
        } else {
            self.keeper.keep(state, self.keep());
        }
    }

    fn keep(&self) -> Keep {
        if self.loaded.persist {
            Keep::InStore
        } else {
            Keep::InMemory
        }
    }
}
