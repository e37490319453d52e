//! One client's stream, version 1: a whole tree per update.
//!
//! A session remembers which change of each module its client has, and nothing else: when the socket can take more, it
//! gets the latest. Between two `module_ui` frames lie at least 60 ms, since v1 clients wait for 50 ms of silence before
//! they draw; the first after a pause goes out at once. So does the one that says that a module runs, right after the one
//! that said that it starts: whoever has enabled it waits for its tile, and the silence after it is the same.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contara_protocol::stream::v1::{ClientFrame, ServerFrame};
use contara_supervisor::{Life, PageWatch, Pinned, Subscription};
use contara_system::catalog::Catalog;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::reader::Reader;
use crate::snapshot::Page;
use crate::stream::connection::{Connection, Ending, Heard};
use crate::stream::setup_feed::SetupFeed;
use crate::stream::{catalog_changed, revision};
use crate::{clock, modules, snapshot};

const FRAME_GAP: Duration = Duration::from_millis(60);

/// Serves one client until it, its sign-in or the daemon ends.
pub(super) async fn run(app: Arc<App>, connection: Connection, reader: Reader) {
    let mut session = Session {
        subscription: app.supervisor.board().subscribe(),
        catalog: app.catalog.clone(),
        app,
        connection,
        seen: HashMap::new(),
        watched: None,
        reader,
        setup: None,
        is_behind: false,
        starting: None,
        next_frame: Instant::now(),
    };
    let ending = session.run().await;
    session.connection.close(ending).await;
}

struct Session {
    app: Arc<App>,
    connection: Connection,
    subscription: Subscription,
    catalog: watch::Receiver<Arc<Catalog>>,
    /// By module: the change that the client has.
    seen: HashMap<String, u64>,
    /// The module whose detail page the client looks at.
    watched: Option<(String, PageWatch)>,
    /// Who looks at it.
    reader: Reader,
    /// What the client gets of setup, if it watches that.
    setup: Option<SetupFeed>,
    is_behind: bool,
    /// The module of the last frame, if that frame said that it starts.
    starting: Option<String>,
    next_frame: Instant,
}

/// The module whose state at the client is the oldest. The one whose last change is the oldest it mustn't be: among many
/// busy modules one that changes without end would never have its turn.
fn longest_waiting<'p>(newer: Vec<&'p Pinned>, seen: &HashMap<String, u64>) -> Option<&'p Pinned> {
    newer
        .into_iter()
        .min_by_key(|pinned| seen.get(&pinned.view.name))
}

impl Session {
    async fn run(&mut self) -> Ending {
        modules::refresh(&self.app, None).await;
        // The full state shows the latest catalog.
        self.catalog.mark_unchanged();
        let mut turn = self.send_full_state().await;
        loop {
            if let Err(ending) = turn {
                return ending;
            }
            turn = tokio::select! {
                heard = self.connection.heard() => self.take(heard).await,
                () = catalog_changed(&mut self.catalog) => self.send_full_state().await,
                () = self.subscription.changed(), if !self.is_behind || self.starting.is_some() => {
                    self.is_behind = true;
                    self.show_started().await
                }
                () = sleep_until(self.next_frame), if self.is_behind => self.send_next().await,
                frame = SetupFeed::next(&mut self.setup) => self.send(frame).await,
            };
        }
    }

    /// v1 ends the connection without a word at text and at anything that it can't read.
    async fn take(&mut self, heard: Result<Heard, Ending>) -> Result<(), Ending> {
        let Heard::Frame(frame) = heard? else {
            return Err(Ending::Gone);
        };
        match ClientFrame::decode(&frame).map_err(|_| Ending::Gone)? {
            ClientFrame::Ping => {
                let timestamp = clock::v1_now();
                let pong = ServerFrame::Pong { timestamp };
                self.send(pong.encode().into()).await?;
            }
            ClientFrame::Watch { page } => self.watch(page),
            ClientFrame::WatchSetup {
                transaction,
                after,
                stop,
            } => {
                let watched = transaction.map(|id| (id, after));
                let feed = || SetupFeed::start(&self.app, self.reader.clone(), watched);
                self.setup = (!stop).then(feed);
            }
            ClientFrame::Unknown => {}
        }
        Ok(())
    }

    /// From now on the client looks at this module's detail page, or at none. One that is there already is sent at once.
    fn watch(&mut self, page: Option<String>) {
        self.watched = page.map(|name| {
            let watch = self.app.supervisor.watch_page(&name);
            (name, watch)
        });
        let Some((name, _)) = &self.watched else {
            return;
        };
        let view = self.app.supervisor.board().get(name);
        let has_page =
            view.is_some_and(|view| view.ui.as_ref().is_some_and(|ui| ui.page.is_some()));
        if let Some(seen) = self.seen.get_mut(name).filter(|_| has_page) {
            *seen = 0;
            self.is_behind = true;
        }
    }

    fn page(&self, module: &str) -> Page {
        match &self.watched {
            Some((name, _)) if name == module => Page::Shown,
            _ => Page::LeftOut,
        }
    }

    async fn send_full_state(&mut self) -> Result<(), Ending> {
        let all = self.subscription.views();
        // Whatever this is sent for, a module may have gone.
        self.app.frames.keep_only(&all);
        self.seen = all
            .iter()
            .map(|pinned| (pinned.view.name.clone(), pinned.page_change))
            .collect();
        self.is_behind = false;
        self.starting = None;
        let now = std::time::Instant::now();
        let catalogue = self.reader.catalogue();
        let modules = all.iter().map(|pinned| {
            let page = self.page(&pinned.view.name);
            snapshot::of(&pinned.view, now, page, catalogue)
        });
        let modules = modules.collect();
        let frame = ServerFrame::FullState {
            modules,
            active_modal: None,
            timestamp: clock::v1_now(),
        };
        self.send(frame.encode().into()).await
    }

    /// Sends what the client has waited for longest.
    async fn send_next(&mut self) -> Result<(), Ending> {
        let all = self.subscription.views();
        let is_known = |pinned: &Pinned| self.seen.contains_key(&pinned.view.name);
        if all.len() != self.seen.len() || !all.iter().all(is_known) {
            return self.send_full_state().await;
        }
        let newer: Vec<_> = all.iter().filter(|pinned| self.lacks(pinned)).collect();
        self.is_behind = newer.len() > 1;
        match longest_waiting(newer, &self.seen) {
            Some(pinned) => self.send_module(pinned).await,
            None => Ok(()),
        }
    }

    /// Sends a module's own tile, if its start is what has come to an end.
    async fn show_started(&mut self) -> Result<(), Ending> {
        let Some(name) = &self.starting else {
            return Ok(());
        };
        match self.subscription.view(name) {
            Some(pinned) if pinned.view.life == Life::Running => self.send_module(&pinned).await,
            _ => Ok(()),
        }
    }

    async fn send_module(&mut self, pinned: &Pinned) -> Result<(), Ending> {
        let name = &pinned.view.name;
        let frame = self
            .app
            .frames
            .module_ui(pinned, self.page(name), self.reader.catalogue());
        self.seen.insert(name.clone(), pinned.page_change);
        self.starting = (pinned.view.life == Life::Starting).then(|| name.clone());
        self.next_frame = Instant::now() + FRAME_GAP;
        self.send(frame).await
    }

    /// A change of nothing but the detail page concerns only those who look at it.
    fn lacks(&self, pinned: &Pinned) -> bool {
        let name = &pinned.view.name;
        let change = revision(pinned, self.page(name));
        self.seen.get(name).is_none_or(|seen| *seen < change)
    }

    async fn send(&mut self, frame: Bytes) -> Result<(), Ending> {
        self.connection.send(frame).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::samples::pinned;

    #[test]
    fn a_module_that_changes_without_end_has_its_turn_among_others_that_do() {
        let names = ["a", "b", "stormy"];
        let mut seen: HashMap<_, _> = names.map(|name| (name.to_owned(), 0)).into();
        let mut sent = Vec::new();
        for turn in 1..=6 {
            // All have changed since, and the stormy one last.
            let changes = [10 * turn, 10 * turn + 1, 10 * turn + 2];
            let all: Vec<_> = std::iter::zip(names, changes)
                .map(|(name, change)| pinned(name, change))
                .collect();
            let next = longest_waiting(all.iter().collect(), &seen);
            let next = next.map(|next| next.view.name.clone()).unwrap_or_default();
            seen.insert(next.clone(), 10 * turn + 2);
            sent.push(next);
        }
        sent.sort_unstable();
        assert_eq!(sent, ["a", "a", "b", "b", "stormy", "stormy"]);
    }
}
