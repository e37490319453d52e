//! What a session sends of modules: a snapshot of all, then what each lacks.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use contara_i18n::message;
use contara_protocol::stream::v2::{self, NoticeKind};
use contara_supervisor::Pinned;
use tokio::time::Instant;

use super::{MOST_SHOWN, Session, Stage};
use crate::modules;
use crate::snapshot::Page;
use crate::stream::connection::{Ending, shortened};
use crate::stream::publisher::{Asking, Audience, GAP, News};
use crate::stream::revision;

/// What a client has of a module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// `None`: nothing that a step could follow.
    revision: Option<u64>,
    /// When something of it was sent.
    sent: Instant,
}

impl Session {
    /// Takes the client's word for what it has; of another run that is nothing. So it is when it isn't the first word on this
    /// connection: what is still on its way then may follow what was named.
    pub(super) async fn resume(
        &mut self,
        run: Option<&str>,
        modules: BTreeMap<String, u64>,
    ) -> Result<(), Ending> {
        // What modules that don't push draw now comes when it is there: one of them may take its time.
        let app = Arc::clone(&self.app);
        tokio::spawn(async move { modules::refresh(&app, None).await });
        // The snapshot shows the latest catalog.
        self.catalog.mark_unchanged();
        let is_first = matches!(self.stage, Stage::Greeting(_));
        let is_ours = run == Some(self.run_name().as_str());
        let sent = Instant::now();
        let has = modules.into_iter().filter(|_| is_first && is_ours);
        self.seen = has
            .map(|(name, revision)| {
                // Nobody knows whether it has the detail page.
                let revision = Some(revision).filter(|_| self.page(&name) == Page::LeftOut);
                (name, Seen { revision, sent })
            })
            .collect();
        self.send_snapshot().await
    }

    /// Sends which modules there are, whole those of which the client has nothing, and then what the others lack.
    pub(super) async fn send_snapshot(&mut self) -> Result<(), Ending> {
        let all = self.subscription.views();
        self.app.publisher.keep_only(&all);
        let sent = Instant::now();
        let (mut entries, mut steps) = (Vec::new(), Vec::new());
        let mut seen = BTreeMap::new();
        for pinned in &all {
            let name = &pinned.view.name;
            let has = self.has(name);
            let (entry, now_has) = match self.news(pinned, has, Asking::Next) {
                // What comes later is what the session is behind with.
                News::Nothing | News::Later(_) => (None, has),
                News::Step(frames, revision) => {
                    steps.extend(frames);
                    (None, Some(revision))
                }
                News::Whole(frame, revision) => (Some(frame), Some(revision)),
            };
            entries.push(entry.unwrap_or_else(|| v2::unchanged(name, has.unwrap_or_default())));
            let revision = now_has;
            seen.insert(name.clone(), Seen { revision, sent });
        }
        self.seen = seen;
        self.stage = Stage::Behind(Instant::now());
        let snapshot = v2::snapshot(&self.run_name(), &entries);
        self.connection.send(snapshot).await?;
        self.send_all(steps).await
    }

    /// Sends what is new of the module whose turn it is.
    pub(super) async fn send_next(&mut self) -> Result<(), Ending> {
        let all = self.subscription.views();
        if let Some(gone) = self.first_that_is_gone(&all) {
            self.seen.remove(&gone);
            self.app.publisher.keep_only(&all);
            return self.connection.send(v2::removed(&gone)).await;
        }
        let mut lacking: Vec<_> = all.iter().filter(|pinned| self.lacks(pinned)).collect();
        lacking.sort_by_key(|pinned| self.seen.get(&pinned.view.name).map(|seen| seen.sent));
        let mut next_step: Option<Instant> = None;
        for pinned in lacking {
            match self.next_news(pinned) {
                News::Nothing => {}
                News::Later(at) => {
                    let at = at.into();
                    next_step = Some(next_step.map_or(at, |earliest| at.min(earliest)));
                }
                news => return self.send_news(&pinned.view.name, news).await,
            }
        }
        self.stage = next_step.map_or(Stage::Level, Stage::Behind);
        Ok(())
    }

    /// What is new of a module, if the pause since its last frame is over: steps that other clients' actions have hurried come
    /// faster than a dashboard can draw.
    fn next_news(&self, pinned: &Pinned) -> News {
        let seen = self.seen.get(&pinned.view.name);
        let due = seen
            .filter(|seen| seen.revision.is_some())
            .map(|seen| seen.sent + GAP)
            .filter(|due| *due > Instant::now());
        match due {
            Some(due) => News::Later(due.into_std()),
            None => self.news(pinned, self.has(&pinned.view.name), Asking::Next),
        }
    }

    /// Sends what is new of a module, without waiting for its next step.
    pub(super) async fn bring_up_to_date(&mut self, module: &str) -> Result<(), Ending> {
        let Some(pinned) = self.subscription.view(module) else {
            return Ok(());
        };
        let news = self.news(&pinned, self.has(module), Asking::AfterAction);
        self.send_news(module, news).await
    }

    /// From now on the client looks at this module's detail page, or at none. Both modules come whole.
    pub(super) async fn watch_page(&mut self, page: Option<String>) -> Result<(), Ending> {
        if self.watched.as_ref().map(|(name, _)| name) == page.as_ref() {
            return Ok(());
        }
        if let Some((before, _)) = self.watched.take() {
            self.forget(&before);
        }
        let Some(name) = page else {
            return Ok(());
        };
        let watch = self.app.supervisor.watch_page(&name);
        self.forget(&name);
        self.watched = Some((name.clone(), watch));
        if self.subscription.view(&name).is_some() {
            return Ok(());
        }
        let text = message!(
            "Module '{module}' not found",
            module = shortened(&name, MOST_SHOWN)
        );
        self.notice(NoticeKind::UnknownModule, &text, Some(name))
            .await
    }

    /// What the client has of a module isn't what the next step begins with.
    fn forget(&mut self, module: &str) {
        if let Some(seen) = self.seen.get_mut(module) {
            seen.revision = None;
            self.stage = Stage::Behind(Instant::now());
        }
    }

    fn first_that_is_gone(&self, all: &[Pinned]) -> Option<String> {
        let is_there = |name: &str| {
            let place = all.binary_search_by(|pinned| pinned.view.name.as_str().cmp(name));
            place.is_ok()
        };
        self.seen.keys().find(|name| !is_there(name)).cloned()
    }

    fn has(&self, module: &str) -> Option<u64> {
        self.seen.get(module).and_then(|seen| seen.revision)
    }

    fn lacks(&self, pinned: &Pinned) -> bool {
        let name = &pinned.view.name;
        self.has(name) != Some(revision(pinned, self.page(name)))
    }

    fn page(&self, module: &str) -> Page {
        match &self.watched {
            Some((name, _)) if name == module => Page::Shown,
            _ => Page::LeftOut,
        }
    }

    fn news(&self, pinned: &Pinned, has: Option<u64>, asking: Asking) -> News {
        let audience = Audience {
            page: self.page(&pinned.view.name),
            catalogue: self.reader.catalogue(),
        };
        self.app.publisher.news(pinned, audience, has, asking)
    }

    async fn send_news(&mut self, module: &str, news: News) -> Result<(), Ending> {
        let (frames, revision) = match news {
            News::Nothing | News::Later(_) => return Ok(()),
            News::Step(frames, revision) => (frames, revision),
            News::Whole(frame, revision) => (vec![frame], revision),
        };
        let (revision, sent) = (Some(revision), Instant::now());
        self.seen.insert(module.to_owned(), Seen { revision, sent });
        self.send_all(frames).await
    }

    async fn send_all(&mut self, frames: Vec<Bytes>) -> Result<(), Ending> {
        for frame in frames {
            self.connection.send(frame).await?;
        }
        Ok(())
    }
}
