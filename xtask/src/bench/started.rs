//! What the bench has started and made: daemons and one folder. All of it goes when the bench ends, however it ends.

use std::env;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a daemon may take to stop its modules and end.
const PATIENCE: Duration = Duration::from_secs(20);
/// As shells have it for a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// See the file's first lines.
pub(crate) struct Started {
    folder: PathBuf,
    running: Running,
}

/// Processes that run now.
type Running = Arc<Mutex<Vec<Pid>>>;

/// A process that ends with its owner.
pub(crate) struct Ended {
    child: Child,
    pid: Pid,
    running: Running,
}

impl Started {
    /// Makes the folder, and cleans up at Ctrl-C and its like from now on.
    pub(crate) fn watch() -> Result<Self> {
        // Short: the admin socket's path must fit into 108 bytes.
        let folder = env::temp_dir().join(format!("contara-bench-{}", process::id()));
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("couldn't make {}", folder.display()))?;
        let running = Running::default();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let (to_remove, to_end) = (folder.clone(), Arc::clone(&running));
        thread::spawn(move || {
            if signals.forever().next().is_some() {
                end_all(&to_end);
                let _ = fs::remove_dir_all(&to_remove);
                process::exit(INTERRUPTED);
            }
        });
        Ok(Self { folder, running })
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn spawn(&self, command: &mut Command) -> Result<Ended> {
        // Under the lock: a signal must not come between the start and its note.
        let mut running = lock(&self.running);
        let child = command.spawn().context("couldn't start the daemon")?;
        let pid = Pid::from_child(&child);
        running.push(pid);
        Ok(Ended {
            child,
            pid,
            running: Arc::clone(&self.running),
        })
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

impl Ended {
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = kill_process(self.pid, Signal::TERM);
        let since = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if since.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let _ = self.child.wait();
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        lock(&self.running).retain(|pid| *pid != self.pid);
    }
}

/// Removes a folder; what can't be removed is named.
pub(crate) fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        crate::process::say(&format!("couldn't remove {}: {error}", folder.display()));
    }
}

fn end_all(running: &Running) {
    // Kept: nothing may be started any more.
    let running = lock(running);
    let signal_all = |signal| {
        for pid in running.iter() {
            let _ = kill_process(*pid, signal);
        }
    };
    signal_all(Signal::TERM);
    let since = Instant::now();
    while running.iter().any(|pid| lives(*pid)) && since.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(20));
    }
    signal_all(Signal::KILL);
}

/// Whether it is there and no zombie.
fn lives(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    test_kill_process(pid).is_ok()
        && stat.is_ok_and(|stat| {
            stat.rsplit_once(") ")
                .is_some_and(|(_, rest)| !rest.starts_with('Z'))
        })
}

fn lock(running: &Running) -> std::sync::MutexGuard<'_, Vec<Pid>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
