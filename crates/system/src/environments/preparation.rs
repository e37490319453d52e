//! What somebody who waits for packages sees: lines and steps while it goes on, and the end. The work itself goes on without
//! anybody who looks.

use contara_i18n::Message;
use tokio::sync::{broadcast, watch};

use super::{Doing, EnvironmentError, Packages};

/// How packages are coming along. Dropping it stops nothing.
#[derive(Debug)]
pub struct Preparation {
    lines: broadcast::Receiver<String>,
    step: watch::Receiver<Step>,
    end: watch::Receiver<Option<PreparationEnd>>,
}

/// How a preparation ends: the packages, or none if the module needs none beyond the SDK's.
pub type PreparationEnd = Result<Option<Packages>, EnvironmentError>;

/// Something that happened on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// A line for the module's log, without control characters and credentials.
    Line(String),
    /// What is being done now, in place of what was before.
    Step(Step),
}

/// What is being done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Packages that are done with, if that is known.
    pub done: Option<u64>,
    /// Packages in all, if that is known.
    pub total: Option<u64>,
    /// What people read, such as "Downloading aiohttp (1.8MiB)".
    pub text: Message,
}

/// The other end of all [`Preparation`]s of one build. When it is dropped they end.
#[derive(Debug)]
pub(crate) struct Reporter {
    lines: broadcast::Sender<String>,
    step: watch::Sender<Step>,
    end: watch::Sender<Option<PreparationEnd>>,
}

/// Lines that are kept for a reader that is behind; after that the oldest are left out, and their number is said. An
/// installer prints a few lines for each package.
const LINES: usize = 256;

impl Preparation {
    /// The next thing that happens, or nothing when it has ended. If this gives nothing at the first time, the packages
    /// were there already (or can't be had, and that was clear at once). Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Progress> {
        tokio::select! {
            biased;
            line = self.lines.recv() => match line {
                Ok(line) => Some(Progress::Line(line)),
                Err(broadcast::error::RecvError::Lagged(lines)) => {
                    Some(Progress::Line(format!("({lines} lines are left out here)")))
                }
                Err(broadcast::error::RecvError::Closed) => None,
            },
            Ok(()) = self.step.changed() => Some(Progress::Step(self.step.borrow_and_update().clone())),
        }
    }

    /// Waits for the end; may be called again. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// The packages can't be had.
    pub async fn end(&mut self) -> PreparationEnd {
        match self.end.wait_for(Option::is_some).await {
            Ok(end) => end.clone().unwrap_or_else(broken_off),
            Err(_) => broken_off(),
        }
    }

    /// One that ended before it began.
    pub(crate) fn ended(end: PreparationEnd) -> Self {
        let (reporter, preparation) = channel();
        reporter.end(end);
        preparation
    }

    /// Another one of the same build, which begins with the step that is being done.
    pub(crate) fn another(&self) -> Self {
        let mut step = self.step.clone();
        if *step.borrow() != Step::default() {
            step.mark_changed();
        }
        Self {
            lines: self.lines.resubscribe(),
            step,
            end: self.end.clone(),
        }
    }
}

/// The daemon is ending, or the build's task has panicked.
fn broken_off() -> PreparationEnd {
    Err(EnvironmentError::Failed {
        doing: Doing::Installing,
        words: "It was broken off.".to_owned(),
    })
}

/// Both ends.
pub(crate) fn channel() -> (Reporter, Preparation) {
    let (lines, lines_out) = broadcast::channel(LINES);
    let (step, step_out) = watch::channel(Step::default());
    let (end, end_out) = watch::channel(None);
    let reporter = Reporter { lines, step, end };
    let preparation = Preparation {
        lines: lines_out,
        step: step_out,
        end: end_out,
    };
    (reporter, preparation)
}

impl Reporter {
    /// Passes a line on.
    pub(crate) fn line(&self, line: String) {
        // Without readers there is nobody to tell.
        let _ = self.lines.send(line);
    }

    /// Says what is being done now.
    pub(crate) fn step(&self, step: Step) {
        self.step.send_replace(step);
    }

    /// Says how it ended.
    pub(crate) fn end(self, end: PreparationEnd) {
        self.end.send_replace(Some(end));
    }
}
