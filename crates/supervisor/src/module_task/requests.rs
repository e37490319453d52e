//! What a module's task is asked by the rest of the daemon.

use std::sync::Arc;
use std::time::Instant;

use contara_protocol::Tree;
use contara_protocol::link::{Loaded, Private, ToWorker};
use tokio::sync::{oneshot, watch};

use super::{Asked, ModuleTask, preparation};
use crate::calls::{Answer, Followed};
use crate::errors::{ActionError, DisableError, EnableError, Enabled, SettingsError};
use crate::machine::{Event, Life};
use crate::supervisor::{Arguments, ModuleSpec};
use crate::view::Ui;

/// What a module's task can be asked.
#[derive(Debug)]
pub(crate) enum ModuleRequest {
    Enable(oneshot::Sender<Result<Enabled, EnableError>>),
    Disable(oneshot::Sender<Result<(), DisableError>>),
    /// Load it if need be, and say what is in it.
    Inspect(oneshot::Sender<Result<Arc<Loaded>, EnableError>>),
    Act {
        action: String,
        arguments: Arguments,
        follow: watch::Sender<Followed>,
        answer: Answer,
    },
    Cancel {
        call: u64,
        answer: oneshot::Sender<bool>,
    },
    /// Nothing comes back from a module that doesn't run or can't draw.
    Render(oneshot::Sender<Option<Ui>>),
    /// For a module that is loaded.
    Question {
        question: Question,
        answer: oneshot::Sender<Result<Tree, SettingsError>>,
    },
    /// The module's code or manifest has changed.
    Update(ModuleSpec),
    /// Stop for good; the task ends when its worker is gone.
    Leave,
}

/// What a module that is loaded can be asked about its settings.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    CheckSettings(Private),
    Configure(Private),
}

impl ModuleTask {
    pub(super) fn take_request(&mut self, request: ModuleRequest) {
        match request {
            ModuleRequest::Enable(answer) => self.enable(answer),
            ModuleRequest::Disable(answer) => {
                self.waiting.disable.push(answer);
                self.dispatch(Event::Disable);
            }
            ModuleRequest::Inspect(answer) => {
                self.waiting.loaded.push(answer);
                self.dispatch(Event::Inspect);
            }
            ModuleRequest::Act {
                action,
                arguments,
                follow,
                answer,
            } => self.act(action, arguments, follow, answer),
            ModuleRequest::Cancel { call, answer } => self.cancel(call, answer),
            ModuleRequest::Render(answer) => {
                if self.machine.life() == Life::Running {
                    self.ask_for(Asked::Render(answer), |id| ToWorker::Render { id });
                }
            }
            ModuleRequest::Question { question, answer } => {
                if self.machine.is_loaded() {
                    self.put_question(question, answer);
                }
            }
            ModuleRequest::Update(spec) => self.update(spec),
            ModuleRequest::Leave => unreachable!("handled where the loop ends"),
        }
    }

    /// Also *Try again*: a module that runs but isn't all that it was gets a new worker.
    fn enable(&mut self, answer: oneshot::Sender<Result<Enabled, EnableError>>) {
        self.waiting.enable.push(answer);
        self.check_system();
        let is_whole = self.looks.trouble(&self.machine).is_none();
        match self.machine.life() {
            Life::Running if is_whole => {
                self.publish();
                self.settle();
            }
            Life::Running => self.dispatch(Event::Reload),
            _ => self.dispatch(Event::Enable),
        }
    }

    fn update(&mut self, spec: ModuleSpec) {
        self.log.folder_changed();
        if self.spec.requirements != spec.requirements {
            self.spare = None;
            self.packages = None;
            // What it gives at its end are the packages of before.
            self.preparation = None;
            self.machine.require(preparation::requirements(&spec));
        }
        self.spec = spec;
        self.looks.forget_warnings();
        if self.machine.wanted() {
            self.check_system();
        }
        if !self.spec.keep_state {
            self.keeper.forget_unstored();
        }
        self.dispatch(Event::Reload);
    }

    fn act(
        &mut self,
        action: String,
        arguments: Arguments,
        follow: watch::Sender<Followed>,
        answer: Answer,
    ) {
        let refusal = match (self.machine.wanted(), self.machine.life()) {
            (false, _) => Some(ActionError::NotEnabled),
            (true, Life::Running) if self.calls.is_full() => Some(ActionError::Busy),
            (true, Life::Running) => None,
            (true, _) => Some(ActionError::NotRunning),
        };
        if let Some(refusal) = refusal {
            // Whoever asked may have gone; then nobody minds.
            let _ = answer.send(Err(refusal));
            return;
        }
        let id = self.take_id();
        let limit = self
            .context
            .timing
            .of_action(self.loaded.times.get(&action));
        let Arguments { params, form } = arguments;
        let shown = params.as_ref().map(|Private(params)| params.clone());
        self.calls
            .begin(id, action.clone(), shown, limit, answer, Instant::now());
        self.calls.follow(id, follow);
        let message = ToWorker::Action {
            id,
            action,
            params,
            form,
        };
        if self.send(&message).is_err()
            && let Some(answer) = self.calls.finish(id).and_then(|call| call.answer)
        {
            let _ = answer.send(Err(ActionError::Busy));
        }
    }

    fn cancel(&mut self, call: u64, answer: oneshot::Sender<bool>) {
        if self.calls.has(call) {
            self.ask_for(Asked::Cancel(answer), |id| ToWorker::Cancel {
                id,
                action_id: call,
            });
        }
    }

    fn put_question(
        &mut self,
        question: Question,
        answer: oneshot::Sender<Result<Tree, SettingsError>>,
    ) {
        match question {
            Question::CheckSettings(settings) => {
                self.ask_for(Asked::CheckSettings(answer), |id| ToWorker::CheckSettings {
                    id,
                    settings,
                });
            }
            Question::Configure(settings) => {
                self.ask_for(Asked::Configure(answer), |id| ToWorker::Configure {
                    id,
                    settings,
                });
            }
        }
    }
}
