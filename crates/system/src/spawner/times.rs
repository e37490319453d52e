//! How long the spawner may take, and how long it is kept.

use std::time::Duration;

/// How long the spawner may take, and how long it is kept.
#[derive(Debug, Clone, Copy)]
pub struct SpawnerTimes {
    /// From its start to its `hello`. On a slow disk Python first has to compile the SDK. Longer than the 20 s after which the
    /// supervisor gives a worker up and tries again, so that a machine under load gets there instead of starting over.
    pub ready: Duration,
    /// From anything that it is asked until it says something: it answers in milliseconds.
    pub silence: Duration,
    /// Without a worker and without a client; then its memory is worth more than the quarter of a second that its start takes.
    pub idle: Duration,
    /// Between failing and the next start that is only a hint's: a Python without the SDK isn't tried at every look at the
    /// list of modules.
    pub retry: Duration,
    /// From the end of its socket to its exit; with no worker left it has nothing to wait for.
    pub end: Duration,
}

impl Default for SpawnerTimes {
    fn default() -> Self {
        Self {
            ready: Duration::from_secs(60),
            silence: Duration::from_secs(15),
            idle: Duration::from_secs(60),
            retry: Duration::from_secs(30),
            end: Duration::from_secs(1),
        }
    }
}
