//! One watcher for all workers: how many processes each module has, and what they hold in memory. It also has a module stand
//! back that computes or draws without a pause: what it wants then it gets when nobody else wants it; of one that computes its log
//! says so.
//!
//! It runs on a thread of its own, since looking at processes takes time that the runtime's threads don't have, and sleeps for
//! as long as there is no worker. What follows from a worker that takes too much isn't its business.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use contara_i18n::{Message, message};
use contara_system::limits::Limits;
use contara_system::priority::{Priority, prioritise, used, wanted};
use contara_system::process_family::Processes;
use tokio::sync::oneshot;
use tracing::error;

use crate::busyness::{Account, Busyness, LONG};
use crate::link_reader::Traffic;
use crate::module_log::ModuleLog;

/// How often it looks. Within this time a module can start some thousand processes, or take half a gigabyte.
const TICK: Duration = Duration::from_millis(250);
/// How often it looks at all processes if new ones have come, whosever they are ...
const SCAN_EVERY: Duration = Duration::from_secs(1);
/// ... and for how many times the time that this takes it rests at least, unless a module may have gone over its limit.
const REST: u32 = 500;
/// On a machine that has too much to do everything takes long, and this isn't to be left for later then.
const LONGEST_REST: Duration = Duration::from_secs(3);
/// Likewise for weighing one module's memory exactly.
const REST_OF_WEIGHING: u32 = 50;
/// Whoever holds less than this part of the memory that it may is looked at once a second.
const FAR: u64 = 4;

/// So long a look waits for a weighing.
const WEIGHING: Duration = Duration::from_millis(20);

/// Something that a module may have so much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Processes, the worker included.
    Processes,
    /// Bytes of memory of all its processes.
    Memory,
}

/// More than is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excess {
    /// Of what.
    pub what: Limited,
    /// So much was there.
    pub used: u64,
    /// So much may be.
    pub allowed: u64,
}

impl Excess {
    /// What it was, and what sets the limit.
    pub(crate) fn message(self) -> Message {
        let Self { used, allowed, .. } = self;
        match self.what {
            Limited::Processes => message!(
                "the module had {used} processes; {allowed} are allowed (processes)",
                used = used,
                allowed = allowed
            ),
            Limited::Memory => message!(
                "the module held {used} MiB of memory; {allowed} MiB are allowed (memory)",
                used = used.div_ceil(MIB),
                allowed = allowed / MIB
            ),
        }
    }
}

const MIB: u64 = 1024 * 1024;

/// See the file's first lines. Cheap to clone; the thread ends when the last one is dropped.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResourceWatch(Arc<Handle>);

#[derive(Debug, Default)]
struct Handle(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct State {
    next_id: u64,
    workers: BTreeMap<u64, Entry>,
    is_running: bool,
    is_over: bool,
}

#[derive(Debug)]
struct Entry {
    worker: Watched,
    log: ModuleLog,
    report: oneshot::Sender<Excess>,
}

#[derive(Debug, Clone)]
struct Watched {
    pid: u32,
    limits: Limits,
    traffic: Traffic,
}

/// A worker that is watched, until this is dropped.
#[derive(Debug)]
pub(crate) struct Observation {
    id: u64,
    shared: Arc<Shared>,
    report: oneshot::Receiver<Excess>,
    is_told: bool,
}

impl ResourceWatch {
    /// Watches a worker from now on.
    pub(crate) fn follow(
        &self,
        pid: u32,
        limits: Limits,
        traffic: Traffic,
        log: ModuleLog,
    ) -> Observation {
        let shared = &self.0.0;
        let (sender, report) = oneshot::channel();
        let mut state = shared.lock();
        let id = state.next_id;
        state.next_id += 1;
        let worker = Watched {
            pid,
            limits,
            traffic,
        };
        state.workers.insert(
            id,
            Entry {
                worker,
                log,
                report: sender,
            },
        );
        if !state.is_running {
            state.is_running = start(Arc::clone(shared));
        }
        drop(state);
        shared.news.notify_one();
        Observation {
            id,
            shared: Arc::clone(shared),
            report,
            is_told: false,
        }
    }
}

impl Observation {
    /// Waits until the worker and what it started have taken too much; that is told once.
    pub(crate) async fn excess(&mut self) -> Excess {
        if !self.is_told {
            let report = (&mut self.report).await;
            self.is_told = true;
            if let Ok(excess) = report {
                return excess;
            }
        }
        std::future::pending().await
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        self.shared.lock().workers.remove(&self.id);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.news.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The workers to look at, after a pause; waits while there is none. `None` once nobody is interested any more.
    fn next_look(&self) -> Option<Vec<(u64, Watched)>> {
        let state = self.lock();
        let wait = self
            .news
            .wait_timeout_while(state, TICK, |state| !state.is_over);
        let (state, _) = wait.unwrap_or_else(PoisonError::into_inner);
        let is_idle = |state: &mut State| state.workers.is_empty() && !state.is_over;
        let state = self.news.wait_while(state, is_idle);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let workers = state
            .workers
            .iter()
            .map(|(id, entry)| (*id, entry.worker.clone()));
        (!state.is_over).then(|| workers.collect())
    }

    fn report(&self, id: u64, finding: Finding) {
        match finding {
            Finding::TooMuch(excess) => self.report_excess(id, excess),
            Finding::Busy => self.report_busy(id),
        }
    }

    fn report_busy(&self, id: u64) {
        // Not under the lock: a log may be slow.
        let log = self.lock().workers.get(&id).map(|entry| entry.log.clone());
        if let Some(log) = log {
            log.warn(&format!(
                "it has kept a processor busy for {} s without being asked for anything, so all others go first until it is \
                 calm again; if it has nothing to compute, it has a loop without a pause",
                LONG.as_secs()
            ));
        }
    }

    fn report_excess(&self, id: u64, excess: Excess) {
        if let Some(entry) = self.lock().workers.remove(&id) {
            // Whoever asked may have gone.
            let _ = entry.report.send(excess);
        }
    }
}

/// Whether there is a thread now.
fn start(shared: Arc<Shared>) -> bool {
    let watch = move || {
        let mut look = Look::default();
        while let Some(workers) = shared.next_look() {
            for (id, finding) in look.at(&workers, Instant::now()) {
                shared.report(id, finding);
            }
        }
    };
    let thread = std::thread::Builder::new().name("limits".into());
    match thread.spawn(watch) {
        Ok(_) => true,
        Err(why) => {
            error!("can't watch what modules use: there is no thread for it: {why}");
            false
        }
    }
}

/// What somebody has to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finding {
    TooMuch(Excess),
    /// It has been standing back for a while.
    Busy,
}

/// What is known from one look to the next.
#[derive(Debug, Default)]
struct Look {
    processes: Processes,
    newest: Option<u32>,
    /// At most so many processes have been started since all were looked at.
    started: u64,
    next_scan: Option<Instant>,
    families: HashMap<u64, Family>,
}

#[derive(Debug, Default)]
struct Family {
    members: Vec<u32>,
    /// Of one that is far from its limit not at every look.
    next_rough: Option<Instant>,
    next_weighing: Option<Instant>,
    /// One that has taken longer than a look may.
    weighing: Option<Weighing>,
    /// Of one that does nothing it is not looked at every time either.
    next_balance: Option<Instant>,
    /// Processor time so far.
    used: Duration,
    busyness: Busyness,
    /// Whether some of its processes don't have the priority that they should.
    is_unsettled: bool,
}

impl Family {
    fn replace(&mut self, members: Vec<u32>) {
        // What has joined may be in a session of its own.
        self.is_unsettled |= self.busyness.is_busy() && self.members != members;
        self.members = members;
    }

    /// Takes note of what it has used.
    fn weigh_time(&mut self, traffic: &Traffic, now: Instant) {
        if self.next_balance.is_some_and(|at| now < at) {
            return;
        }
        self.next_balance = None;
        let used = self.members.iter().map(|pid| used(*pid)).sum();
        if std::mem::replace(&mut self.used, used) == used && !self.busyness.is_busy() {
            // Most modules do nothing most of the time, and that costs no closer look.
            self.busyness.rest();
            self.next_balance = Some(now + SCAN_EVERY);
        } else {
            let account = Account {
                wanted: self.members.iter().map(|pid| wanted(*pid)).sum(),
                requests: traffic.requests(),
                trees: traffic.trees(),
            };
            self.is_unsettled |= self.busyness.note(account, now);
        }
    }

    /// Has one that is busy stand back, until it is calm.
    fn settle(&mut self) {
        let priority = match self.busyness.is_busy() {
            true => Priority::Last,
            false => Priority::Usual,
        };
        self.is_unsettled = !prioritise(&self.members, priority);
    }
}

impl Look {
    fn at(&mut self, workers: &[(u64, Watched)], now: Instant) -> Vec<(u64, Finding)> {
        self.count_started();
        self.families
            .retain(|id, _| workers.iter().any(|(known, _)| known == id));
        if self.needs_scan(workers, now) {
            self.scan(workers, now);
        }
        let mut findings = Vec::new();
        for (id, worker) in workers {
            if let Some(family) = self.families.get_mut(id) {
                family.weigh_time(&worker.traffic, now);
                if family.is_unsettled {
                    family.members = members(&mut self.processes, worker.pid);
                    family.settle();
                }
                if family.busyness.is_to_be_told() {
                    findings.push((*id, Finding::Busy));
                }
            }
            let excess = self
                .too_many(*id, worker)
                .or_else(|| self.too_much(*id, worker, now));
            findings.extend(excess.map(|excess| (*id, Finding::TooMuch(excess))));
        }
        findings
    }

    fn count_started(&mut self) {
        let newest = self.processes.newest();
        self.started = match (self.newest, newest) {
            (Some(before), Some(now)) if now >= before => {
                self.started.saturating_add(u64::from(now - before))
            }
            // The numbers began anew, or are unknown.
            _ => u64::MAX,
        };
        self.newest = newest;
    }

    fn needs_scan(&self, workers: &[(u64, Watched)], now: Instant) -> bool {
        let is_rested = self.next_scan.is_none_or(|at| at <= now);
        let may_be_over = |(id, worker): &(u64, Watched)| {
            // One that is new is a single process, and has started others since the last look at most.
            let known = self
                .families
                .get(id)
                .map_or(1, |family| family.members.len() as u64);
            known.saturating_add(self.started) > u64::from(worker.limits.processes)
        };
        let is_new = |(id, _): &(u64, Watched)| !self.families.contains_key(id);
        self.started > 0 && (is_rested || workers.iter().any(may_be_over))
            || workers.iter().any(is_new)
    }

    fn scan(&mut self, workers: &[(u64, Watched)], now: Instant) {
        let roots: Vec<_> = workers.iter().map(|(_, worker)| worker.pid).collect();
        let began = Instant::now();
        let found = self.processes.families(&roots);
        let rest = (began.elapsed() * REST).clamp(SCAN_EVERY, LONGEST_REST);
        self.next_scan = Some(now + rest);
        self.started = 0;
        for (id, worker) in workers {
            let family = self.families.entry(*id).or_default();
            family.replace(found.get(&worker.pid).cloned().unwrap_or_default());
        }
    }

    fn too_many(&self, id: u64, worker: &Watched) -> Option<Excess> {
        let used = self.families.get(&id)?.members.len() as u64;
        excess(Limited::Processes, used, worker.limits.processes.into())
    }

    /// What is quick to find out may be too much; then it is weighed exactly, as copies of one process share their memory.
    fn too_much(&mut self, id: u64, worker: &Watched, now: Instant) -> Option<Excess> {
        let allowed = worker.limits.memory;
        let family = self.families.get_mut(&id)?;
        if family.next_rough.is_some_and(|at| now < at) {
            return None;
        }
        let roughly = family
            .members
            .iter()
            .map(|pid| self.processes.held(*pid))
            .sum();
        family.next_rough = (roughly < allowed / FAR).then(|| now + SCAN_EVERY);
        excess(Limited::Memory, roughly, allowed)?;
        let weighing = match family.weighing.take() {
            Some(weighing) => weighing,
            None if family.next_weighing.is_some_and(|at| now < at) => return None,
            None => weigh(members(&mut self.processes, worker.pid))?,
        };
        match weighing.recv_timeout(WEIGHING) {
            Ok((used, took)) => {
                family.next_weighing = Some(now + took * REST_OF_WEIGHING);
                excess(Limited::Memory, used, allowed)
            }
            Err(RecvTimeoutError::Timeout) => {
                family.weighing = Some(weighing);
                None
            }
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }
}

/// A worker's processes as they are now. What is known of the last look may name somebody else's by now, where processes come and go
/// by the thousand.
fn members(processes: &mut Processes, worker: u32) -> Vec<u32> {
    processes
        .families(&[worker])
        .remove(&worker)
        .unwrap_or_default()
}

/// What a weighing has found, and how long it took.
type Weighing = Receiver<(u64, Duration)>;

/// Weighs in a thread of its own: the kernel lets whoever asks wait for as long as such a process is forking, and one that forks
/// without end must not keep the watch from counting its processes. `None` if there is no thread for it.
fn weigh(members: Vec<u32>) -> Option<Weighing> {
    let (sender, weighing) = channel();
    let work = move || {
        let began = Instant::now();
        let mut processes = Processes::default();
        let mut weigh = |pid: &u32| {
            let exactly = processes.held_alone(*pid);
            exactly.unwrap_or_else(|| processes.held(*pid))
        };
        let used = members.iter().map(&mut weigh).sum();
        // The worker may be gone by now.
        let _ = sender.send((used, began.elapsed()));
    };
    let thread = std::thread::Builder::new().name("weighing".into());
    thread.spawn(work).ok().map(|_| weighing)
}

fn excess(what: Limited, used: u64, allowed: u64) -> Option<Excess> {
    (used > allowed).then_some(Excess {
        what,
        used,
        allowed,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn limits(processes: u32, memory: u64) -> Limits {
        Limits {
            processes,
            memory,
            ..Limits::default()
        }
    }

    fn follow(watch: &ResourceWatch, limits: Limits) -> Observation {
        let log = ModuleLog::new("a", Arc::default());
        watch.follow(std::process::id(), limits, Traffic::default(), log)
    }

    #[tokio::test]
    async fn a_process_that_takes_too_much_is_told_once_and_others_are_not() {
        let watch = ResourceWatch::default();
        let mut fine = follow(&watch, limits(1_000, 1 << 40));
        let mut heavy = follow(&watch, limits(1_000, 4096));
        let excess = timeout(PATIENCE, heavy.excess()).await.unwrap();
        assert_eq!((excess.what, excess.allowed), (Limited::Memory, 4096));
        assert!(excess.used > 4096);
        let mut crowded = follow(&watch, limits(0, u64::MAX));
        let excess = timeout(PATIENCE, crowded.excess()).await.unwrap();
        assert_eq!((excess.what, excess.allowed), (Limited::Processes, 0));
        for quiet in [&mut fine, &mut heavy] {
            assert!(timeout(TICK * 2, quiet.excess()).await.is_err());
        }
        drop(fine);
        assert!(watch.0.0.lock().workers.is_empty());
    }

    #[test]
    fn nothing_is_looked_at_again_while_nothing_is_started() {
        let now = Instant::now();
        let worker = Watched {
            pid: std::process::id(),
            limits: limits(64, u64::MAX),
            traffic: Traffic::default(),
        };
        let workers = [(1, worker)];
        let mut look = Look::default();
        assert!(look.at(&workers, now).is_empty());
        assert!(!look.families[&1].members.is_empty());
        look.started = 0;
        assert!(
            !look.needs_scan(&workers, now + SCAN_EVERY * 100),
            "nothing is new"
        );
        look.started = 1;
        assert!(!look.needs_scan(&workers, now), "too soon");
        assert!(look.needs_scan(&workers, now + SCAN_EVERY * 100));
        look.started = 64;
        assert!(look.needs_scan(&workers, now), "they may all be its own");
    }

    #[test]
    fn the_sentence_names_both_figures_and_the_key() {
        let check = |what, used, allowed, expected: &str| {
            let message = excess(what, used, allowed).unwrap().message();
            assert_eq!(message.to_string(), expected);
        };
        check(
            Limited::Processes,
            312,
            64,
            "the module had 312 processes; 64 are allowed (processes)",
        );
        check(
            Limited::Memory,
            (1024 << 20) + 1,
            1024 << 20,
            "the module held 1025 MiB of memory; 1024 MiB are allowed (memory)",
        );
    }
}
