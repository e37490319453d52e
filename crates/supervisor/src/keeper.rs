//! What a module finds again: its last state, kept in memory for the next worker and in the store for the next daemon.
//!
//! A state is written at once. While a write is under way the latest state waits, and only that: a module that commits faster
//! than the disk is costs one write at a time. Whoever needs to know that a state is stored can wait for that; if its write
//! failed, it is written again then, since the disk may have room by now. It decides nothing about the module's life.
//!
//! A module that commits without end would keep the disk busy for good: what it may write in a second is bounded, and what is more
//! waits a little, with the latest state taking the place of those before.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use contara_protocol::Tree;
use contara_protocol::link::Private;
use contara_store::{ModuleSettings, Store, StoreError};
use contara_ui_tree::Limits;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep_until;

use crate::budget::Budget;
use crate::settings;

/// Bytes that a module may write in a second, and at once: two of the largest states. A disk that lives of flash has some years
/// at this rate, and a module at its worst leaves others most of it.
const WRITTEN: u32 = 4 * 1024 * 1024;
const WRITTEN_AT_ONCE: u32 = 4 * WRITTEN;
/// What a write costs beside its bytes: some pages of the database and of its log, which reach the disk at once.
const COST: usize = 4 * 1024;

/// What a worker is given at `load`.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) state: Option<Tree>,
    pub(crate) settings: Option<Private>,
}

/// What the store has done.
#[derive(Debug)]
pub(crate) enum KeeperEvent {
    /// See [`Keeper::recall`].
    Recalled(Result<Memory, StoreError>),
    /// A write ended.
    Written(Result<(), StoreError>),
}

/// Where a state is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Until the module's code is no longer being worked on.
    InMemory,
    /// For good.
    InStore,
}

/// What became of the states that are for the store, numbered as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written {
    /// The number of the last one that needn't be waited for any more: it, or a later one, was written.
    number: u64,
    /// Whether that went well.
    well: bool,
}

#[derive(Debug)]
struct Aside {
    number: u64,
    state: Tree,
    reason: String,
}

/// A write that is under way, the number of what it writes, and the state to be written again should it fail.
#[derive(Debug)]
struct Writing {
    number: u64,
    state: Option<Tree>,
    task: JoinHandle<Result<(), StoreError>>,
}

#[derive(Debug)]
struct Recalled {
    state: Option<Vec<u8>>,
    settings: Option<ModuleSettings>,
}

/// See the file's first lines.
#[derive(Debug)]
pub(crate) struct Keeper {
    store: Store,
    module: Arc<str>,
    /// The last state that this daemon has seen.
    latest: Option<(Tree, Keep)>,
    /// The state that the worker was given.
    given: Option<Tree>,
    reading: Option<JoinHandle<Result<Recalled, StoreError>>>,
    writing: Option<Writing>,
    budget: Budget,
    /// When the next write may begin, if that isn't now.
    not_before: Option<Instant>,
    /// To be written next: first what is put aside, then the state that came after it.
    aside: Option<Aside>,
    unwritten: Option<(u64, Tree)>,
    /// What could not be written, until a later state takes its place.
    failed: Option<Tree>,
    /// How many states were for the store so far.
    number: u64,
    written: watch::Sender<Written>,
}

impl Keeper {
    pub(crate) fn new(store: Store, module: &str) -> Self {
        Self {
            store,
            module: module.into(),
            latest: None,
            given: None,
            reading: None,
            writing: None,
            budget: Budget::new(WRITTEN, WRITTEN_AT_ONCE, Instant::now()),
            not_before: None,
            aside: None,
            unwritten: None,
            failed: None,
            number: 0,
            written: watch::Sender::new(Written {
                number: 0,
                well: true,
            }),
        }
    }

    /// Starts to look up what the next worker is given; [`KeeperEvent::Recalled`] follows.
    pub(crate) fn recall(&mut self) {
        let (store, module) = (self.store.clone(), Arc::clone(&self.module));
        self.reading = Some(tokio::spawn(async move {
            let read = move |store: &Store| {
                Ok(Recalled {
                    state: store.module_state(&module)?,
                    settings: store.module_settings(&module)?,
                })
            };
            store.run(read).await
        }));
    }

    /// The worker that should have been given something is gone.
    pub(crate) fn forget_recall(&mut self) {
        self.reading = None;
    }

    /// Keeps a state that was committed.
    pub(crate) fn keep(&mut self, state: Tree, keep: Keep) {
        if keep == Keep::InStore {
            self.queue(state.clone());
        }
        self.latest = Some((state, keep));
        self.write_next();
    }

    fn queue(&mut self, state: Tree) {
        self.number += 1;
        self.failed = None;
        self.unwritten = Some((self.number, state));
    }

    /// What the worker was given doesn't fit: it is put aside if it came from the store, and not given again.
    pub(crate) fn put_aside(&mut self, reason: &str, keep: Keep) {
        self.latest = None;
        let Some(state) = self.given.take() else {
            return;
        };
        if keep == Keep::InStore {
            self.unwritten = None;
            self.failed = None;
            self.aside = Some(Aside {
                number: self.number,
                state,
                reason: reason.to_owned(),
            });
            self.write_next();
        }
    }

    /// Nobody works on the module's code any more: what isn't stored is forgotten.
    pub(crate) fn forget_unstored(&mut self) {
        self.latest.take_if(|(_, keep)| *keep == Keep::InMemory);
    }

    /// Waits for what the store does next; for ever while there is nothing.
    pub(crate) async fn next(&mut self) -> KeeperEvent {
        loop {
            tokio::select! {
                read = end_of(self.reading.as_mut()) => {
                    self.reading = None;
                    return KeeperEvent::Recalled(read.map(|recalled| self.memory(recalled)));
                }
                (writing, result) = end_of_write(&mut self.writing) => {
                    self.note_written(writing, result.is_ok());
                    return KeeperEvent::Written(result);
                }
                () = wait_until(self.not_before) => {
                    self.not_before = None;
                    self.write_next();
                }
            }
        }
    }

    fn note_written(&mut self, writing: Writing, well: bool) {
        if !well && self.unwritten.is_none() {
            self.failed = writing.state;
        }
        self.written.send_replace(Written {
            number: writing.number,
            well,
        });
        self.write_next();
    }

    /// Waits until every state that was kept so far is written, or a later one in its place; gives whether that went well.
    /// `None` if nothing has to be waited for.
    pub(crate) fn stored(&mut self) -> Option<impl Future<Output = bool> + Send + use<>> {
        if let Some(state) = self.failed.take() {
            self.queue(state);
            self.write_next();
        }
        let number = self.number;
        let mut written = self.written.subscribe();
        if written.borrow().number >= number {
            return None;
        }
        Some(async move {
            let last = written.wait_for(|written| written.number >= number);
            last.await.is_ok_and(|written| written.well)
        })
    }

    /// Writes what is left.
    pub(crate) async fn finish(mut self) {
        self.reading = None;
        loop {
            self.not_before = None;
            self.write_next();
            if self.writing.is_none() {
                return;
            }
            self.next().await;
        }
    }

    fn memory(&mut self, recalled: Recalled) -> Memory {
        let stored = || Tree::from_msgpack(Bytes::from(recalled.state?), Limits::default()).ok();
        let latest = self.latest.as_ref().map(|(state, _)| state.clone());
        self.given = latest.or_else(stored);
        Memory {
            state: self.given.clone(),
            settings: recalled.settings.as_ref().and_then(settings::whole),
        }
    }

    fn write_next(&mut self) {
        if self.writing.is_some() || self.not_before.is_some() {
            return;
        }
        let size = |state: &Tree| state.as_msgpack().len() + COST;
        if let Some(aside) = self.aside.take() {
            self.spend(size(&aside.state));
            self.writing = Some(self.write_aside(aside));
        } else if let Some((number, state)) = self.unwritten.take() {
            self.spend(size(&state));
            self.writing = Some(self.write(number, state));
        }
    }

    /// Counts a write, and puts the one after it off if it was too much.
    fn spend(&mut self, bytes: usize) {
        let now = Instant::now();
        let wait = self.budget.charge(bytes, now);
        self.not_before = (wait > Duration::ZERO).then(|| now + wait);
    }

    fn write_aside(&self, aside: Aside) -> Writing {
        let (store, module, now) = (self.store.clone(), Arc::clone(&self.module), unix_now());
        let number = aside.number;
        let write = move |store: &Store| {
            store.put_module_state_aside(&module, aside.state.as_msgpack(), &aside.reason, now)
        };
        Writing {
            number,
            state: None,
            task: tokio::spawn(async move { store.run(write).await }),
        }
    }

    fn write(&self, number: u64, state: Tree) -> Writing {
        let (store, module, now) = (self.store.clone(), Arc::clone(&self.module), unix_now());
        let msgpack = state.as_msgpack().clone();
        let write = move |store: &Store| store.keep_module_state(&module, &msgpack, now);
        Writing {
            number,
            state: Some(state),
            task: tokio::spawn(async move { store.run(write).await }),
        }
    }
}

async fn wait_until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// Stays pending while there is no task.
async fn end_of<T>(task: Option<&mut JoinHandle<T>>) -> T {
    match task {
        None => std::future::pending().await,
        Some(task) => match task.await {
            Ok(value) => value,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // Cancelled: the runtime ends, and whoever waits ends with it.
            Err(_) => std::future::pending().await,
        },
    }
}

async fn end_of_write(writing: &mut Option<Writing>) -> (Writing, Result<(), StoreError>) {
    let result = end_of(writing.as_mut().map(|writing| &mut writing.task)).await;
    match writing.take() {
        Some(writing) => (writing, result),
        None => std::future::pending().await,
    }
}

fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use futures_util::FutureExt;

    fn state(counter: u32) -> Tree {
        Tree::from_value(&BTreeMap::from([("counter", counter)])).unwrap()
    }

    fn store() -> (tempfile::TempDir, Store) {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        (temp, store)
    }

    impl KeeperEvent {
        fn unwrap_written(self) -> Result<(), StoreError> {
            match self {
                Self::Written(result) => result,
                Self::Recalled(_) => panic!("nothing was recalled"),
            }
        }
    }

    async fn recalled(keeper: &mut Keeper) -> Option<Tree> {
        keeper.recall();
        loop {
            if let KeeperEvent::Recalled(memory) = keeper.next().await {
                return memory.unwrap().state;
            }
        }
    }

    #[tokio::test]
    async fn of_many_commits_the_last_is_written_and_nothing_queues_up() {
        let (_temp, store) = store();
        let mut keeper = Keeper::new(store.clone(), "a");
        for counter in 0..1000 {
            keeper.keep(state(counter), Keep::InStore);
        }
        keeper.finish().await;
        let mut next = Keeper::new(store, "a");
        assert_eq!(recalled(&mut next).await, Some(state(999)));
    }

    #[tokio::test]
    async fn whoever_waits_hears_once_the_state_or_a_later_one_is_stored() {
        let (_temp, store) = store();
        let mut keeper = Keeper::new(store, "a");
        assert!(keeper.stored().is_none());
        keeper.keep(state(1), Keep::InMemory);
        assert!(keeper.stored().is_none(), "it is never written");
        keeper.keep(state(1), Keep::InStore);
        let mut first = Box::pin(keeper.stored().unwrap());
        keeper.keep(state(2), Keep::InStore);
        let second = keeper.stored().unwrap();
        assert_eq!((&mut first).now_or_never(), None);
        keeper.next().await.unwrap_written().unwrap();
        assert_eq!(first.now_or_never(), Some(true));
        let mut second = Box::pin(second);
        assert_eq!((&mut second).now_or_never(), None);
        keeper.next().await.unwrap_written().unwrap();
        assert_eq!(second.now_or_never(), Some(true));
        assert!(keeper.stored().is_none());
    }

    #[tokio::test]
    async fn a_worker_gets_the_last_state_even_before_it_is_written() {
        let (_temp, store) = store();
        let mut keeper = Keeper::new(store, "a");
        keeper.keep(state(1), Keep::InStore);
        keeper.keep(state(2), Keep::InStore);
        assert_eq!(recalled(&mut keeper).await, Some(state(2)));
    }

    #[tokio::test]
    async fn what_is_only_in_memory_is_never_stored_and_can_be_forgotten() {
        let (_temp, store) = store();
        let mut keeper = Keeper::new(store.clone(), "a");
        keeper.keep(state(1), Keep::InMemory);
        assert_eq!(recalled(&mut keeper).await, Some(state(1)));
        keeper.forget_unstored();
        assert_eq!(recalled(&mut keeper).await, None);
        assert_eq!(store.module_state("a").unwrap(), None);
    }

    #[tokio::test]
    async fn a_module_that_commits_without_end_is_slowed_and_its_last_state_is_written() {
        let (_temp, store) = store();
        let mut keeper = Keeper::new(store.clone(), "a");
        let large = |mark: u8| {
            let text = char::from(mark).to_string().repeat(4 * 1024 * 1024);
            Tree::from_value(&std::collections::BTreeMap::from([("text", text)])).unwrap()
        };
        let mut writes = 0;
        let begin = Instant::now();
        for mark in b'a'..=b'z' {
            keeper.keep(large(mark), Keep::InStore);
            if keeper.writing.is_some() {
                keeper.next().await;
                writes += 1;
            }
        }
        let most = 5.0 + begin.elapsed().as_secs_f64();
        assert!(f64::from(writes) <= most, "{writes} writes of 4 MiB");
        keeper.finish().await;
        let stored = store.module_state("a").unwrap().unwrap();
        assert_eq!(stored.last(), Some(&b'z'));
    }

    #[tokio::test]
    async fn what_does_not_fit_is_put_aside_before_what_comes_after_it() {
        let (_temp, store) = store();
        store
            .keep_module_state("a", state(1).as_msgpack(), 1)
            .unwrap();
        let mut keeper = Keeper::new(store.clone(), "a");
        assert_eq!(recalled(&mut keeper).await, Some(state(1)));
        keeper.put_aside("counter: too small", Keep::InStore);
        keeper.keep(state(2), Keep::InStore);
        keeper.finish().await;
        let mut next = Keeper::new(store, "a");
        assert_eq!(recalled(&mut next).await, Some(state(2)));
    }
}
