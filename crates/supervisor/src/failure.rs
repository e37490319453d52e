//! Why a module isn't running though it should be, in words for people.

use std::time::Duration;

use contara_protocol::link::{ErrorKind, WorkerError};
use thiserror::Error;

use crate::resource_watch::Excess;
use crate::view::TroubleKind;

/// What a worker can be waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its `hello`.
    Greet,
    /// Importing the module.
    Load,
    /// `initialize()`
    Initialize,
    /// `start_monitoring()` and the first tree.
    Start,
    /// `stop_monitoring()`
    Stop,
    /// Ending by itself.
    Shutdown,
}

impl Step {
    /// What the step is, to finish the sentence "while …".
    #[must_use]
    pub fn doing(self) -> &'static str {
        match self {
            Self::Greet => "Python was starting",
            Self::Load => "the module was being imported",
            Self::Initialize => "initialize() was running",
            Self::Start => "start_monitoring() was running",
            Self::Stop => "stop_monitoring() was running",
            Self::Shutdown => "the worker was ending",
        }
    }
}

/// Why a module's Python packages can't be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unprepared {
    /// In one sentence, in the resolver's words where it has any.
    pub reason: String,
    /// All that the resolver or the installer said, if that is more.
    pub output: Option<String>,
    /// Whether to look again without being asked.
    pub retry: Retry,
}

/// Whether what can't be had now may be had later without anybody's doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Such as when the network is away.
    ByItself,
    /// Such as when there is no such package.
    WhenAsked,
}

/// Why a module isn't running though it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// Python could not be started.
    #[error("Python could not be started: {reason}")]
    Spawn {
        /// Why, in one line.
        reason: String,
        /// The last lines that Python wrote.
        last_words: Option<String>,
    },
    /// Its Python packages can't be had.
    #[error("{}", .0.reason)]
    Unprepared(Unprepared),
    /// The worker process ended.
    #[error("the worker ended by itself ({status}){}{}", during(*.step), limit_met(.last_words.as_deref()))]
    Exited {
        /// Such as "exit status 3" or "killed by signal 9 (SIGKILL)".
        status: String,
        /// What was going on, if it wasn't simply running.
        step: Option<Step>,
        /// The last lines that it wrote to standard error.
        last_words: Option<String>,
    },
    /// What came over the link was no message, or the link closed.
    #[error("the link to the worker broke: {0}")]
    Link(String),
    /// It took more than it may; the worker was killed for it.
    #[error("{0}")]
    OverLimit(Excess),
    /// A step took longer than its deadline.
    #[error("no answer within {} s while {}", .after.as_secs_f32(), .step.doing())]
    NoAnswer {
        /// Which.
        step: Step,
        /// The deadline.
        after: Duration,
    },
    /// A running worker didn't answer a ping.
    #[error("the worker's loop has not answered for {} s: the module blocks it", .after.as_secs_f32())]
    Unresponsive {
        /// The deadline.
        after: Duration,
    },
    /// The module's code raised.
    #[error("{}{}", .error.message, limit_met(Some(&.error.message)))]
    Refused {
        /// In which step.
        step: Step,
        /// The worker's words.
        error: WorkerError,
    },
}

impl Failure {
    /// What went wrong, in a few words.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::Spawn { .. } => "Python can't be started",
            Self::Unprepared(_) => "Its Python packages can't be installed",
            Self::Exited { .. } => "The module's worker ended",
            Self::OverLimit(_) => "The module took more than it may",
            Self::Link(_) => "The module's worker can't be understood",
            Self::NoAnswer { .. } | Self::Unresponsive { .. } => "The module doesn't answer",
            Self::Refused {
                step: Step::Load, ..
            } => "The module can't be loaded",
            Self::Refused {
                step: Step::Stop | Step::Shutdown,
                ..
            } => "The module can't be stopped in order",
            Self::Refused { .. } => "The module can't start",
        }
    }

    /// What sort of thing went wrong.
    pub(crate) fn kind(&self) -> TroubleKind {
        match self {
            Self::Spawn { .. } => TroubleKind::Python,
            Self::Unprepared(_) => TroubleKind::Packages,
            Self::Exited { .. } => TroubleKind::Exit,
            Self::OverLimit(_) => TroubleKind::Limit,
            Self::Link(_) => TroubleKind::Link,
            Self::NoAnswer { .. } | Self::Unresponsive { .. } => TroubleKind::Timeout,
            Self::Refused { step, error } => match (step, error.kind) {
                (Step::Load, ErrorKind::Import) => TroubleKind::Import,
                (Step::Load, ErrorKind::NoModuleClass) => TroubleKind::NoModuleClass,
                (Step::Greet | Step::Load, _) => TroubleKind::Load,
                (Step::Initialize, _) => TroubleKind::Initialize,
                (Step::Start, _) => TroubleKind::Start,
                (Step::Stop | Step::Shutdown, _) => TroubleKind::Stop,
            },
        }
    }

    /// The module's frames, the last lines that it wrote, or what the installer said.
    pub(crate) fn traceback(&self) -> Option<&str> {
        match self {
            Self::Refused { error, .. } => error.traceback.as_deref(),
            Self::Spawn { last_words, .. } | Self::Exited { last_words, .. } => {
                last_words.as_deref()
            }
            Self::Unprepared(why) => why.output.as_deref(),
            _ => None,
        }
    }

    /// Whether it is the stop itself that went wrong.
    pub(crate) fn is_of_stop(&self) -> bool {
        let step = match self {
            Self::NoAnswer { step, .. } | Self::Refused { step, .. } => Some(*step),
            Self::Exited { step, .. } => *step,
            Self::Spawn { .. }
            | Self::Unprepared(_)
            | Self::Link(_)
            | Self::OverLimit(_)
            | Self::Unresponsive { .. } => None,
        };
        matches!(step, Some(Step::Stop | Step::Shutdown))
    }
}

/// What the module's words say about a limit that the system holds it to, with the key that sets it.
pub(crate) fn limit_met(words: Option<&str>) -> &'static str {
    let has = |sign| words.is_some_and(|words| words.contains(sign));
    match () {
        () if has("MemoryError") || has("Cannot allocate memory") => {
            "; it met its limit of memory: `address_space` in the configuration says how much it may have"
        }
        () if has("Too many open files") => {
            "; it met its limit of open files: `open_files` in the configuration says how many it may have"
        }
        () => "",
    }
}

fn during(step: Option<Step>) -> String {
    match step {
        None => String::new(),
        Some(Step::Greet) => {
            " while Python was starting: is the Contara SDK installed in it?".into()
        }
        Some(step) => format!(" while {}", step.doing()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(last_words: Option<&str>, expected: &str) {
        let failure = Failure::Exited {
            status: "exit status 1".into(),
            step: None,
            last_words: last_words.map(Into::into),
        };
        assert_eq!(failure.to_string(), expected);
    }

    #[test]
    fn a_limit_that_was_met_is_named_with_its_key() {
        check(None, "the worker ended by itself (exit status 1)");
        check(
            Some("ValueError: no"),
            "the worker ended by itself (exit status 1)",
        );
        check(
            Some("Traceback …\nMemoryError"),
            "the worker ended by itself (exit status 1); it met its limit of memory: `address_space` in the configuration says how much it may have",
        );
        check(
            Some("OSError: [Errno 24] Too many open files: '/dev/null'"),
            "the worker ended by itself (exit status 1); it met its limit of open files: `open_files` in the configuration says how many it may have",
        );
    }
}
