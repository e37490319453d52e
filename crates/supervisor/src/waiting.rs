//! Who waits for a module to get somewhere, and what they hear once it has.

use std::sync::Arc;

use contara_protocol::link::Loaded;
use tokio::sync::oneshot;

use crate::errors::{DisableError, EnableError, Enabled};
use crate::failure::Failure;
use crate::machine::{Life, Machine};

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) enable: Vec<oneshot::Sender<Result<Enabled, EnableError>>>,
    pub(crate) disable: Vec<oneshot::Sender<Result<(), DisableError>>>,
    pub(crate) loaded: Vec<oneshot::Sender<Result<Arc<Loaded>, EnableError>>>,
}

impl Waiting {
    /// Answers those whose answer is known now.
    pub(crate) fn settle(&mut self, machine: &Machine, loaded: &Arc<Loaded>) {
        let life = machine.life();
        let failure = machine.failure().cloned();
        if let Some(result) = enable_result(&life, failure.clone()) {
            answer_all(&mut self.enable, &result);
        }
        if !matches!(life, Life::Stopping) {
            let why = failure.clone().filter(Failure::is_of_stop);
            let result = why.map_or(Ok(()), |why| Err(DisableError::Failed(why)));
            answer_all(&mut self.disable, &result);
        }
        if machine.is_loaded() {
            answer_all(&mut self.loaded, &Ok(Arc::clone(loaded)));
        } else if machine.is_installing() {
            answer_all(&mut self.loaded, &Err(EnableError::Preparing));
        } else if !machine.is_inspected() && !self.loaded.is_empty() {
            let why = failure.map_or(EnableError::Disabled, EnableError::Failed);
            answer_all(&mut self.loaded, &Err(why));
        }
    }
}

fn enable_result(life: &Life, failure: Option<Failure>) -> Option<Result<Enabled, EnableError>> {
    match life {
        Life::Running => Some(Ok(Enabled::Running)),
        Life::Preparing => Some(Ok(Enabled::Preparing)),
        Life::Starting => None,
        Life::Stopping | Life::Stopped => Some(Err(EnableError::Disabled)),
        Life::Backoff { .. } | Life::Failed | Life::Blocked { .. } => Some(Err(
            failure.map_or(EnableError::Disabled, EnableError::Failed)
        )),
    }
}

fn answer_all<T: Clone>(waiting: &mut Vec<oneshot::Sender<T>>, result: &T) {
    for answer in waiting.drain(..) {
        // Whoever asked may have gone; then nobody minds.
        let _ = answer.send(result.clone());
    }
}
