//! When to stop, and for how long that may take.

use std::future::Future;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;
use tracing::{info, warn};

/// Modules have 10 s to stop, and a little longer to be killed.
const DEADLINE: Duration = Duration::from_secs(13);

/// The signals that end the daemon.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// Absent when whoever started the daemon had it ignored, as nohup does.
    hang_up: Option<Signal>,
}

impl Signals {
    pub(super) fn install() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: if hang_up_is_ignored() {
                None
            } else {
                Some(signal(SignalKind::hangup())?)
            },
        })
    }

    pub(super) async fn wait(&mut self) {
        let name = tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            () = received(&mut self.hang_up) => "SIGHUP",
        };
        info!("{name}: stopping");
    }
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => signal.recv().await.unwrap_or_default(),
        None => std::future::pending().await,
    }
}

/// As proc(5) has it: a hexadecimal mask in which SIGHUP, number 1, is the lowest bit.
fn hang_up_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

/// Stops in order, unless that takes too long or a second signal says that it must be now. Workers end with the daemon
/// in any case: each notices that its link is gone.
pub(super) async fn within_deadline(mut signals: Signals, in_order: impl Future<Output = ()>) {
    tokio::select! {
        stopped = timeout(DEADLINE, in_order) => match stopped {
            Ok(()) => info!("stopped"),
            Err(_) => warn!("not everything has stopped within {} s; ending all the same", DEADLINE.as_secs()),
        },
        () = signals.wait() => warn!("a second signal: ending at once"),
    }
}
