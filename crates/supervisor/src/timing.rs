//! How long things may take.

use std::time::Duration;

use contara_protocol::link::ActionTimes;

use crate::failure::Step;

/// How long things may take. The defaults are those of the documentation.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// From the start of Python to its `hello`.
    pub greet: Duration,
    /// For `load`, `initialize` and `start`, each.
    pub start: Duration,
    /// For `stop` and `shutdown`, each.
    pub stop: Duration,
    /// Between a ping's answer and the next ping.
    pub ping_every: Duration,
    /// For a ping's answer.
    pub ping: Duration,
    /// For an action that doesn't say how long it may take.
    pub action: Duration,
    /// How long the worker may take, after an action's time is over, to end it by itself.
    pub action_grace: Duration,
    /// For a tree that somebody asked for.
    pub render: Duration,
    /// For a check of settings.
    pub check: Duration,
    /// For taking new settings.
    pub configure: Duration,
    /// The first pause after a failure; doubles with each.
    pub backoff_first: Duration,
    /// The longest pause.
    pub backoff_max: Duration,
    /// So many failures without `healthy` running in between, and the module is `Failed`.
    pub failures: u32,
    /// Running so long forgets earlier failures.
    pub healthy: Duration,
    /// How long the worker of a disabled module is kept.
    pub warm: Duration,
    /// How long a module whose packages couldn't be fetched waits until it is tried again by itself.
    pub retry_blocked: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            greet: Duration::from_secs(20),
            start: Duration::from_secs(60),
            stop: Duration::from_secs(10),
            ping_every: Duration::from_secs(5),
            ping: Duration::from_secs(10),
            action: Duration::from_secs(60),
            action_grace: Duration::from_secs(5),
            // Somebody waits in front of a browser, and there is an older tree to show.
            render: Duration::from_secs(2),
            check: Duration::from_secs(10),
            configure: Duration::from_secs(30),
            backoff_first: Duration::from_secs(1),
            backoff_max: Duration::from_secs(30),
            failures: 5,
            healthy: Duration::from_secs(60),
            warm: Duration::from_secs(60),
            // A network that was away comes back in its own time; asking more often helps nobody.
            retry_blocked: Duration::from_secs(300),
        }
    }
}

impl Timing {
    pub(crate) fn of(&self, step: Step) -> Duration {
        match step {
            Step::Greet => self.greet,
            Step::Load | Step::Initialize | Step::Start => self.start,
            Step::Stop | Step::Shutdown => self.stop,
        }
    }

    /// How long the host waits for an action whose schema says these times.
    pub(crate) fn of_action(&self, times: Option<&ActionTimes>) -> Option<Duration> {
        let limit = match times {
            None => self.action,
            Some(times) => Duration::try_from_secs_f64(times.timeout?).unwrap_or(self.action),
        };
        Some(limit.saturating_add(self.action_grace))
    }

    pub(crate) fn pause(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        self.backoff_max
            .min(self.backoff_first * 2_u32.pow(doublings))
    }
}
