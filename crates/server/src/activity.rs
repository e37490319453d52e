//! What happened and who did it, for people: noted in memory, and written to the store in batches, so that nothing that is noted
//! waits for the disk. A power cut costs the last second, and of what was in the table already the repeats of the last minute.
//!
//! Repeats of the same within a minute are one row with a count, so that a flood of actions doesn't flood the table. Noted are
//! names and outcomes, never a parameter, a form, a value of a setting or a code: those may be secrets.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use contara_store::{ActivityDeed, ActivityRow, Store, StoreError};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex as Turn, Notify};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};
use utoipa::ToSchema;

use crate::auth::principal::Principal;
use crate::to_the_end::ToTheEnd;

/// How long something new may wait to be written, in milliseconds. Its repeats wait until nothing more can come to them: an action
/// that a program runs each second must not be a write to the disk each second.
const DELAY: i64 = 1_000;
/// How long repeats count as one, in milliseconds.
const SAME: i64 = 60_000;
/// How long what is still under way at the end of the daemon is waited for.
const LAST_TASKS: Duration = Duration::from_secs(1);
/// Rows of the table: months of a household's, and about 2 MiB.
const MOST_ROWS: i64 = 10_000;
/// Different deeds within a minute of those who are known. More than all modules' actions are at all.
const MOST_AT_ONCE: usize = 1_000;
/// The same of strangers: who guesses codes from everywhere takes no room from the others.
const MOST_OF_STRANGERS: usize = 100;

/// The families of what is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Clients that were paired, refused or signed out.
    SignIn,
    /// Modules that were switched on or off.
    Module,
    /// Actions of modules.
    Action,
    /// Modules' settings.
    Settings,
    /// Transactions of setup.
    Setup,
}

/// What was done.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// A client was paired, from this address.
    Paired {
        from: IpAddr,
    },
    /// Somebody tried a wrong code.
    WrongCode {
        from: IpAddr,
    },
    /// Somebody tried while nobody may. From where isn't noted: those are as many as somebody likes.
    LockedOut,
    /// A client signed itself out.
    SignedOut,
    /// A client of this name was signed out by another.
    Revoked {
        client: String,
    },
    Enabled {
        module: String,
    },
    Disabled {
        module: String,
    },
    Ran {
        module: String,
        action: String,
    },
    SettingsChanged {
        module: String,
    },
    Setup {
        transaction: u64,
        order: SetupOrder,
    },
}

/// What became of a transaction of setup by somebody's hand.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SetupOrder {
    Begun,
    Retried,
    Cancelled,
    RebootOrdered,
    Undone,
}

/// How it ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Done,
    Failed,
    Cancelled,
    Refused,
}

/// What was done, by whom, how it ended, and how long it took.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    row: ActivityDeed,
    took: Option<Duration>,
}

/// See the file's first lines.
#[derive(Debug)]
pub(crate) struct Activity {
    store: Store,
    recent: Mutex<Recent>,
    /// There is something to be written.
    news: Notify,
    /// Held while it is being written: nothing is written twice.
    writing: Arc<Turn<()>>,
    /// What goes on though nobody waits for it any more, and is noted at its end.
    tasks: TaskTracker,
}

/// What was done within the last minute, or isn't written yet.
#[derive(Debug, Default)]
struct Recent {
    by_deed: HashMap<ActivityDeed, Noted>,
    /// How many there have been.
    count: u64,
    /// Whether something found no room since the last time that there was.
    is_full: bool,
}

/// Times are Unix time in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Noted {
    /// The order in which they began, within a millisecond too.
    number: u64,
    /// 0 while it isn't in the table.
    id: i64,
    at: i64,
    last: i64,
    times: i64,
    /// How often it had been done when it was written.
    written: i64,
    longest: Option<i64>,
}

impl Activity {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            recent: Mutex::default(),
            news: Notify::new(),
            writing: Arc::default(),
            tasks: TaskTracker::new(),
        }
    }

    /// Work that is noted at its end goes on to it, also if nobody waits for it any more.
    pub(crate) fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> ToTheEnd<T> {
        ToTheEnd::new(&self.tasks, work)
    }

    /// Notes something, now that it is over. Doesn't wait.
    pub(crate) fn record(&self, deed: Deed) {
        self.recent().note(deed, now());
        self.news.notify_one();
    }

    /// Writes what comes until the daemon stops. What the disk doesn't take is tried again.
    pub(crate) async fn keep(self: &Arc<Self>, stopping: &CancellationToken) {
        let mut is_failing = false;
        loop {
            let wait = match is_failing {
                true => Some(milliseconds(DELAY)),
                false => self.recent().patience(now()),
            };
            tokio::select! {
                () = self.news.notified() => continue,
                () = async { sleep(wait.unwrap_or_default()).await }, if wait.is_some() => {}
                () = stopping.cancelled() => return,
            }
            let written = self.write().await;
            if let Err(error) = &written
                && !is_failing
            {
                warn!("can't write down what happens; it is tried again: {error}");
            }
            is_failing = written.is_err();
        }
    }

    /// Writes what isn't written yet. Goes on to its end if nobody waits for it: what is in the table must be known to be there.
    pub(crate) async fn write(self: &Arc<Self>) -> Result<(), StoreError> {
        let turn = Arc::clone(&self.writing).lock_owned().await;
        let activity = Arc::clone(self);
        let write = move |store: &Store| {
            let _turn = turn;
            let rows = activity.recent().unwritten();
            let ids = match rows.is_empty() {
                true => Vec::new(),
                false => store.keep_activity(&rows, MOST_ROWS)?,
            };
            activity.recent().written(&rows, &ids, now());
            Ok(())
        };
        self.store.run(write).await
    }

    /// Writes all that isn't written yet, once what is still under way is over.
    pub(crate) async fn finish(self: &Arc<Self>) -> Result<(), StoreError> {
        self.tasks.close();
        // What doesn't end by then ends with the daemon.
        let _ = timeout(LAST_TASKS, self.tasks.wait()).await;
        self.write().await
    }

    /// The latest of all kinds or of one, `limit` at most, and only what is older than an id, if there is one.
    pub(crate) async fn latest(
        self: &Arc<Self>,
        before: Option<i64>,
        kind: Option<Kind>,
        limit: usize,
    ) -> Result<Vec<ActivityRow>, StoreError> {
        // What is there can be read from a disk that is full, too.
        if let Err(error) = self.write().await {
            debug!("what happened last isn't in the table yet: {error}");
        }
        let kind = kind.map(Kind::word);
        let read = move |store: &Store| store.activity(before, kind, limit);
        self.store.run(read).await
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn note(&mut self, Deed { row, took }: Deed, now: i64) {
        let took = took.map(|took| i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
        if let Some(noted) = self.by_deed.get_mut(&row)
            && !noted.is_over(now)
        {
            noted.last = now.max(noted.at);
            noted.times += 1;
            noted.longest = noted.longest.max(took);
            return;
        }
        if !self.has_room(&row) {
            if !std::mem::replace(&mut self.is_full, true) {
                warn!("too many different things happen at once; not all are written down");
            }
            return;
        }
        self.count += 1;
        let noted = Noted {
            number: self.count,
            id: 0,
            at: now,
            last: now,
            times: 1,
            written: 0,
            longest: took,
        };
        self.by_deed.insert(row, noted);
    }

    fn has_room(&self, deed: &ActivityDeed) -> bool {
        let is_alike = |other: &&ActivityDeed| other.by.is_some() == deed.by.is_some();
        let most = match deed.by {
            Some(_) => MOST_AT_ONCE,
            None => MOST_OF_STRANGERS,
        };
        self.by_deed.contains_key(deed) || self.by_deed.keys().filter(is_alike).count() < most
    }

    /// How long it has time until something has to be written; `None` while there is nothing.
    fn patience(&self, now: i64) -> Option<Duration> {
        let unwritten = self.by_deed.values().filter(|noted| noted.is_unwritten());
        let due = unwritten.map(|noted| match noted.id {
            0 => noted.at + DELAY,
            _ => noted.at + SAME,
        });
        // A clock that was set back makes nothing wait longer.
        Some(milliseconds((due.min()? - now).min(SAME)))
    }

    /// In the order in which it happened.
    fn unwritten(&self) -> Vec<ActivityRow> {
        let unwritten = self.by_deed.iter();
        let unwritten = unwritten.filter(|(_, noted)| noted.is_unwritten());
        let mut unwritten: Vec<_> = unwritten.collect();
        unwritten.sort_by_key(|(_, noted)| noted.number);
        unwritten
            .into_iter()
            .map(|(deed, noted)| noted.row(deed))
            .collect()
    }

    /// These have these ids in the table now.
    fn written(&mut self, rows: &[ActivityRow], ids: &[i64], now: i64) {
        for (row, id) in rows.iter().zip(ids) {
            if let Some(noted) = self.by_deed.get_mut(&row.deed) {
                noted.id = *id;
                noted.written = row.times;
            }
        }
        self.by_deed.retain(|_, noted| !noted.is_over(now));
        self.is_full = self.is_full && self.by_deed.len() >= MOST_OF_STRANGERS;
    }
}

impl Noted {
    /// Whether a repeat would be another row. What isn't written stays what repeats are counted by.
    fn is_over(&self, now: i64) -> bool {
        // A time before it means that the clock was set back.
        !self.is_unwritten() && !(0..SAME).contains(&(now - self.at))
    }

    fn is_unwritten(&self) -> bool {
        self.written < self.times
    }

    fn row(&self, deed: &ActivityDeed) -> ActivityRow {
        ActivityRow {
            id: self.id,
            deed: deed.clone(),
            at: self.at,
            last: self.last,
            times: self.times,
            longest: self.longest,
        }
    }
}

impl Deed {
    /// Somebody did it.
    pub(crate) fn done(by: &Principal, what: What) -> Self {
        Self::ended(by, what, Outcome::Done)
    }

    /// Somebody did it, or tried to.
    pub(crate) fn ended(by: &Principal, what: What, outcome: Outcome) -> Self {
        let mut deed = Self::of(what, outcome);
        deed.row.client = by.client().map(|client| client.id);
        deed.row.by = Some(by.name());
        deed
    }

    /// Somebody who isn't known tried to, and was refused.
    pub(crate) fn refused(what: What) -> Self {
        Self::of(what, Outcome::Refused)
    }

    /// The same, and it took so long.
    pub(crate) fn taking(mut self, took: Duration) -> Self {
        self.took = Some(took);
        self
    }

    fn of(what: What, outcome: Outcome) -> Self {
        let (kind, event) = (what.kind(), what.event());
        let mut row = ActivityDeed {
            kind: Cow::Borrowed(kind.word()),
            event: Cow::Borrowed(event),
            outcome: Cow::Borrowed(outcome.word()),
            ..ActivityDeed::default()
        };
        match what {
            What::LockedOut | What::SignedOut => {}
            What::Paired { from } | What::WrongCode { from } => {
                row.about = Some(shown(from));
            }
            What::Revoked { client } => row.about = Some(client),
            What::Enabled { module }
            | What::Disabled { module }
            | What::SettingsChanged { module } => row.module = Some(module),
            What::Ran { module, action } => {
                row.module = Some(module);
                row.action = Some(action);
            }
            What::Setup { transaction, .. } => row.transaction = i64::try_from(transaction).ok(),
        }
        Self { row, took: None }
    }
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Module => "module",
            Self::Action => "action",
            Self::Settings => "settings",
            Self::Setup => "setup",
        }
    }
}

impl What {
    fn kind(&self) -> Kind {
        match self {
            Self::Paired { .. }
            | Self::WrongCode { .. }
            | Self::LockedOut
            | Self::SignedOut
            | Self::Revoked { .. } => Kind::SignIn,
            Self::Enabled { .. } | Self::Disabled { .. } => Kind::Module,
            Self::Ran { .. } => Kind::Action,
            Self::SettingsChanged { .. } => Kind::Settings,
            Self::Setup { .. } => Kind::Setup,
        }
    }

    fn event(&self) -> &'static str {
        match self {
            Self::Paired { .. } => "paired",
            Self::WrongCode { .. } => "wrong_code",
            Self::LockedOut => "locked_out",
            Self::SignedOut => "signed_out",
            Self::Revoked { .. } => "revoked",
            Self::Enabled { .. } => "enabled",
            Self::Disabled { .. } => "disabled",
            Self::Ran { .. } => "ran",
            Self::SettingsChanged { .. } => "changed",
            Self::Setup { order, .. } => match order {
                SetupOrder::Begun => "begun",
                SetupOrder::Retried => "retried",
                SetupOrder::Cancelled => "cancelled",
                SetupOrder::RebootOrdered => "reboot_ordered",
                SetupOrder::Undone => "undone",
            },
        }
    }
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
        }
    }
}

/// An address as people know it. Those of this machine are one, since any program on it has millions of them.
fn shown(address: IpAddr) -> String {
    match address.to_canonical() {
        own if own.is_loopback() => Ipv4Addr::LOCALHOST.to_string(),
        other => other.to_string(),
    }
}

/// None, if it is less.
fn milliseconds(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or_default())
}

/// Unix time in milliseconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn activity() -> (Arc<Activity>, tempfile::TempDir) {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::open(&temp.path().join("contara.db")).unwrap();
        (Arc::new(Activity::new(store)), temp)
    }

    fn ran(action: &str) -> Deed {
        let what = What::Ran {
            module: "mail".into(),
            action: action.into(),
        };
        Deed::done(&Principal::Admin, what).taking(Duration::from_millis(3))
    }

    /// By row, the latest first: which action, and how often.
    async fn told(activity: &Arc<Activity>) -> Vec<(String, i64)> {
        let rows = activity.latest(None, None, 9).await.unwrap();
        let told = rows.into_iter();
        told.map(|row| (row.deed.action.unwrap_or_default(), row.times))
            .collect()
    }

    #[tokio::test]
    async fn a_flood_of_one_action_is_one_row_whenever_it_is_written() {
        let (activity, _temp) = activity();
        activity.record(ran("other"));
        for round in 1..=3 {
            for _ in 0..1_000 {
                activity.record(ran("scan"));
            }
            let expected = [("scan".to_owned(), round * 1_000), ("other".to_owned(), 1)];
            assert_eq!(told(&activity).await, expected);
        }
    }

    #[tokio::test]
    async fn how_it_ended_and_who_did_it_are_told_apart() {
        let (activity, _temp) = activity();
        activity.record(ran("scan"));
        let what = What::Ran {
            module: "mail".into(),
            action: "scan".into(),
        };
        activity.record(Deed::ended(&Principal::Admin, what, Outcome::Failed));
        assert_eq!(told(&activity).await.len(), 2);
    }

    #[test]
    fn a_repeat_after_a_minute_is_another_row() {
        let mut recent = Recent::default();
        recent.note(ran("scan"), 0);
        recent.note(ran("scan"), SAME - 1);
        let rows = recent.unwritten();
        assert_eq!((rows.len(), rows[0].times), (1, 2));
        recent.written(&rows, &[1], SAME - 1);
        assert_eq!(recent.unwritten(), []);
        recent.note(ran("scan"), SAME);
        let rows = recent.unwritten();
        assert_eq!((rows[0].id, rows[0].at, rows[0].times), (0, SAME, 1));
    }

    #[test]
    fn what_the_disk_did_not_take_is_not_lost() {
        let mut recent = Recent::default();
        recent.note(ran("scan"), 0);
        recent.note(ran("scan"), 5 * SAME);
        let rows = recent.unwritten();
        assert_eq!((rows[0].at, rows[0].last, rows[0].times), (0, 5 * SAME, 2));
        // One more while it was being written.
        recent.note(ran("scan"), 5 * SAME + 1);
        recent.written(&rows, &[4], 5 * SAME + 2);
        let rows = recent.unwritten();
        assert_eq!((rows[0].id, rows[0].times), (4, 3));
    }

    #[test]
    fn different_deeds_are_bounded_and_there_is_room_again_later() {
        let mut recent = Recent::default();
        for number in 0..MOST_AT_ONCE + 5 {
            recent.note(ran(&number.to_string()), 0);
        }
        let rows = recent.unwritten();
        assert_eq!(rows.len(), MOST_AT_ONCE);
        let ids: Vec<_> = (1..).take(rows.len()).collect();
        recent.written(&rows, &ids, SAME);
        recent.note(ran("later"), SAME);
        assert_eq!(recent.unwritten().len(), 1);
    }

    fn wrong_code(from: &str) -> Deed {
        Deed::refused(What::WrongCode {
            from: from.parse().unwrap(),
        })
    }

    #[test]
    fn an_address_is_shown_as_people_know_it() {
        let Deed { row, .. } = wrong_code("::ffff:10.0.0.7");
        assert_eq!(row.about.as_deref(), Some("10.0.0.7"));
        assert_eq!((row.client, row.by), (None, None));
        assert_eq!(
            wrong_code("127.3.2.1").row.about.as_deref(),
            Some("127.0.0.1")
        );
    }

    #[test]
    fn who_guesses_codes_from_everywhere_takes_no_room_from_the_others() {
        let mut recent = Recent::default();
        for number in 0..2 * MOST_OF_STRANGERS {
            recent.note(
                wrong_code(&format!("10.0.{}.{}", number / 200, number % 200)),
                0,
            );
        }
        recent.note(ran("scan"), 0);
        assert_eq!(recent.unwritten().len(), MOST_OF_STRANGERS + 1);
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_repeat_and_nobody_wait() {
        let mut recent = Recent::default();
        recent.note(ran("scan"), 500 * SAME);
        assert_eq!(
            recent.patience(0),
            Some(Duration::from_millis(SAME.unsigned_abs()))
        );
        let rows = recent.unwritten();
        recent.written(&rows, &[1], 500 * SAME);
        recent.note(ran("scan"), 7);
        let rows = recent.unwritten();
        assert_eq!((rows[0].id, rows[0].at, rows[0].last), (0, 7, 7));
    }

    #[test]
    fn what_is_new_is_written_soon_and_repeats_once_they_are_over() {
        let mut recent = Recent::default();
        assert_eq!(recent.patience(0), None);
        recent.note(ran("scan"), 0);
        assert_eq!(recent.patience(400), Some(Duration::from_millis(600)));
        let rows = recent.unwritten();
        recent.written(&rows, &[1], 400);
        assert_eq!(recent.patience(400), None);
        recent.note(ran("scan"), 500);
        assert_eq!(recent.patience(500), Some(Duration::from_millis(59_500)));
        recent.note(ran("other"), 700);
        assert_eq!(recent.patience(700), Some(Duration::from_secs(1)));
    }

    #[tokio::test]
    async fn who_goes_away_while_it_is_written_makes_nothing_be_written_twice() {
        let (activity, _temp) = activity();
        activity.record(ran("scan"));
        // As far as it gets at once; then nobody waits any more.
        drop(activity.latest(None, None, 9).now_or_never());
        assert_eq!(told(&activity).await, [("scan".to_owned(), 1)]);
    }
}
