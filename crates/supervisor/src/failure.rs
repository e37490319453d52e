//! Why a module isn't running though it should be, in words for people.

use std::fmt;
use std::time::Duration;

use contara_i18n::{Explained, Message, message};
use contara_protocol::link::{ErrorKind, WorkerError};
use thiserror::Error;

use crate::log_ring::cut_message;
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
    /// When the step is taken, to follow what went wrong.
    fn during(self) -> Message {
        match self {
            Self::Greet => message!("while Python was starting"),
            Self::Load => message!("while the module was being imported"),
            Self::Initialize => message!("while initialize() was running"),
            Self::Start => message!("while start_monitoring() was running"),
            Self::Stop => message!("while stop_monitoring() was running"),
            Self::Shutdown => message!("while the worker was ending"),
        }
    }
}

/// Why a module's Python packages can't be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unprepared {
    /// In one sentence, in the resolver's words where it has any.
    pub reason: Message,
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
    Spawn {
        /// Why, in one line.
        reason: Message,
        /// The last lines that Python wrote.
        last_words: Option<String>,
    },
    /// Its Python packages can't be had.
    Unprepared(Unprepared),
    /// The worker process ended.
    Exited {
        /// Such as "exit status 3" or "killed by signal 9 (SIGKILL)".
        status: String,
        /// What was going on, if it wasn't simply running.
        step: Option<Step>,
        /// The last lines that it wrote to standard error.
        last_words: Option<String>,
    },
    /// What came over the link was no message, or the link closed.
    Link(Message),
    /// It took more than it may; the worker was killed for it.
    OverLimit(Excess),
    /// A step took longer than its deadline.
    NoAnswer {
        /// Which.
        step: Step,
        /// The deadline.
        after: Duration,
    },
    /// A running worker didn't answer a ping.
    Unresponsive {
        /// The deadline.
        after: Duration,
    },
    /// The module's code raised.
    Refused {
        /// In which step.
        step: Step,
        /// The worker's words.
        error: WorkerError,
    },
}

impl Failure {
    /// What went wrong, in a few words.
    pub(crate) fn title(&self) -> Message {
        match self {
            Self::Spawn { .. } => message!("Python can't be started"),
            Self::Unprepared(_) => message!("Its Python packages can't be installed"),
            Self::Exited { .. } => message!("The module's worker ended"),
            Self::OverLimit(_) => message!("The module took more than it may"),
            Self::Link(_) => message!("The module's worker can't be understood"),
            Self::NoAnswer { .. } | Self::Unresponsive { .. } => {
                message!("The module doesn't answer")
            }
            Self::Refused {
                step: Step::Load, ..
            } => message!("The module can't be loaded"),
            Self::Refused {
                step: Step::Stop | Step::Shutdown,
                ..
            } => message!("The module can't be stopped in order"),
            Self::Refused { .. } => message!("The module can't start"),
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

/// Why, to follow a colon.
impl Explained for Failure {
    fn message(&self) -> Message {
        match self {
            Self::Spawn { reason, .. } => {
                message!(
                    "Python could not be started: {reason}",
                    reason = reason.clone()
                )
            }
            Self::Unprepared(why) => why.reason.clone(),
            Self::Exited {
                status,
                step,
                last_words,
            } => with_limit(ended(status, *step), last_words.as_deref()),
            Self::Link(reason) => {
                message!(
                    "the link to the worker broke: {reason}",
                    reason = reason.clone()
                )
            }
            Self::OverLimit(excess) => excess.message(),
            Self::NoAnswer { step, after } => message!(
                "no answer within {seconds} s {during}",
                seconds = seconds(*after),
                during = step.during()
            ),
            Self::Unresponsive { after } => message!(
                "the worker's loop has not answered for {seconds} s: the module blocks it",
                seconds = seconds(*after)
            ),
            Self::Refused { error, .. } => with_limit_of_words(&error.message),
        }
    }
}

/// In English.
impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

/// A module's words, and the limit that they speak of, if they do.
pub(crate) fn with_limit_of_words(words: &str) -> Message {
    with_limit(Message::verbatim(cut_message(words)), Some(words))
}

/// What the module's words say about a limit that the system holds it to, with the key that sets it, after what went wrong.
fn with_limit(what: Message, words: Option<&str>) -> Message {
    let has = |sign| words.is_some_and(|words| words.contains(sign));
    match () {
        () if has("MemoryError") || has("Cannot allocate memory") => message!(
            "{what}; it met its limit of memory: `address_space` in the configuration says how much it may have",
            what = what
        ),
        () if has("Too many open files") => message!(
            "{what}; it met its limit of open files: `open_files` in the configuration says how many it may have",
            what = what
        ),
        () => what,
    }
}

fn ended(status: &str, step: Option<Step>) -> Message {
    let status = Message::phrase(status);
    match step {
        None => message!("the worker ended by itself ({status})", status = status),
        Some(Step::Greet) => message!(
            "the worker ended by itself ({status}) while Python was starting: is the Contara SDK installed in it?",
            status = status
        ),
        Some(step) => message!(
            "the worker ended by itself ({status}) {during}",
            status = status,
            during = step.during()
        ),
    }
}

pub(crate) fn seconds(duration: Duration) -> String {
    duration.as_secs_f32().to_string()
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
