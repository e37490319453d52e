//! How long the spawner may take, and how long it is kept.

use std::time::Duration;

/// How long the spawner may take, and how long it is kept.
#[derive(Debug, Clone, Copy)]
pub struct SpawnerTimes {
    /// From anything that it is asked, its start included, until it says something. On a slow disk Python first has to
    /// compile the SDK; still less than the 20 s after which the supervisor gives up a worker's `hello`, so that the right one
    /// is named.
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
            silence: Duration::from_secs(15),
            idle: Duration::from_secs(60),
            retry: Duration::from_secs(30),
            end: Duration::from_secs(1),
        }
    }
}
