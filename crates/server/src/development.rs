//! One author at work: a folder that is a module meanwhile, and all that happens to it in one stream of events.
//!
//! Owns the folder's place in the catalog, which ends with the stream. Reloading is what the supervisor does with any
//! module whose code changes.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use contara_manifest::Source;
use contara_protocol::stream::v1;
use contara_supervisor::{LogRing, ModuleView, Subscription};
use contara_system::catalog::{Catalog, DevFolder, DevelopError, read_module_folder};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::api::logs::Line;
use crate::api::modules::ModuleProblem;
use crate::app::App;
use crate::reader::Reader;
use crate::snapshot;

/// Lines that are taken from the log at once.
const LINES: usize = 100;

/// What happens to a module in development.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum DevEvent {
    /// It is a module from now on; always the first.
    Started {
        /// Its name: the folder's.
        module: String,
        folder: String,
        /// Its place on the dashboard, or among what can be set up.
        url: String,
    },
    /// A line of its log.
    Log {
        #[serde(flatten)]
        line: Line,
    },
    /// It is somewhere else in its life, or something else is wrong.
    Life {
        life: v1::Life,
        problem: Option<v1::Problem>,
    },
    /// All that is wrong with or doubtful about its manifests and its tile; empty when all is well again.
    Problems { problems: Vec<ModuleProblem> },
}

/// One author at work.
pub(crate) struct Session {
    app: Arc<App>,
    /// Who works on it.
    reader: Reader,
    folder: DevFolder,
    name: String,
    catalog: watch::Receiver<Arc<Catalog>>,
    board: Subscription,
    log: Option<Arc<LogRing>>,
    /// The number of the last line that was told.
    seen: u64,
    view: Option<Arc<ModuleView>>,
    problems: Vec<ModuleProblem>,
    pending: VecDeque<DevEvent>,
}

impl Session {
    /// Makes `path` a module.
    ///
    /// # Errors
    /// It can't be one.
    pub(crate) async fn start(
        app: Arc<App>,
        path: &Path,
        reader: Reader,
    ) -> Result<Self, DevelopError> {
        let catalog = app.catalog.clone();
        let board = app.supervisor.board().subscribe();
        let folder = app.folders.develop(path)?;
        let name = folder.path().file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        // What an installed module of this name has logged so far is none of this one's.
        let log = app.supervisor.log(&name).await;
        let seen = log.as_ref().map_or(0, |log| log.read(None, 0).next);
        let started = DevEvent::Started {
            url: format!("{}/{}", app.settings.url, page(folder.path(), &name)),
            folder: folder.path().display().to_string(),
            module: name.clone(),
        };
        Ok(Self {
            app,
            reader,
            folder,
            name,
            catalog,
            board,
            log,
            seen,
            view: None,
            problems: Vec::new(),
            pending: VecDeque::from([started]),
        })
    }

    /// What happens from now on. Ends with the daemon; dropping it ends the folder's time as a module.
    pub(crate) fn events(self) -> impl Stream<Item = DevEvent> + Send {
        unfold(self, async |mut session| {
            let event = session.next().await?;
            Some((event, session))
        })
    }

    async fn next(&mut self) -> Option<DevEvent> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            self.look().await;
            if self.pending.is_empty() && !self.wait().await {
                return None;
            }
        }
    }

    /// Waits until there may be news; false when the daemon ends.
    async fn wait(&mut self) -> bool {
        let log = self.log.clone();
        let seen = self.seen;
        tokio::select! {
            changed = self.catalog.changed() => changed.is_ok(),
            () = self.board.changed() => true,
            () = newer_line(log, seen) => true,
            () = self.app.stopping.cancelled() => false,
        }
    }

    /// What is on the board is looked at before the log, which then has every line that led to it.
    async fn look(&mut self) {
        let view = self.app.supervisor.board().get(&self.name);
        self.look_at_log().await;
        let catalog = Arc::clone(&self.catalog.borrow_and_update());
        let mut modules = catalog.modules.iter();
        let Some(found) = modules.find(|found| found.folder == self.folder.path()) else {
            return;
        };
        let view = view.filter(|_| found.manifest.is_some());
        let problems = ModuleProblem::all(found, view.as_deref(), &self.reader);
        if problems != self.problems {
            self.problems.clone_from(&problems);
            self.pending.push_back(DevEvent::Problems { problems });
        }
        self.look_at_life(view);
    }

    fn look_at_life(&mut self, view: Option<Arc<ModuleView>>) {
        let Some(view) = view else {
            return;
        };
        let looks_the_same = |last: &Arc<ModuleView>| {
            last.life == view.life && last.trouble == view.trouble && last.wanted == view.wanted
        };
        if !self.view.as_ref().is_some_and(looks_the_same) {
            let trouble = view.trouble.as_deref();
            let catalogue = self.reader.catalogue();
            self.pending.push_back(DevEvent::Life {
                life: snapshot::life(&view.life),
                problem: trouble
                    .map(|trouble| snapshot::problem(trouble, Instant::now(), catalogue)),
            });
        }
        self.view = Some(view);
    }

    async fn look_at_log(&mut self) {
        let log = self.app.supervisor.log(&self.name).await;
        let is_another = |log: &Arc<LogRing>| {
            let last = self.log.as_ref();
            last.is_none_or(|last| !Arc::ptr_eq(last, log))
        };
        if log.as_ref().is_some_and(is_another) {
            self.seen = 0;
        }
        self.log = log;
        if let Some(log) = &self.log {
            let part = log.read(Some(self.seen), LINES);
            self.seen = part.next;
            let lines = part.lines.iter().map(|line| Line::of(line));
            self.pending
                .extend(lines.map(|line| DevEvent::Log { line }));
        }
    }
}

async fn newer_line(log: Option<Arc<LogRing>>, seen: u64) {
    match log {
        Some(log) => log.newer_than(seen).await,
        None => std::future::pending().await,
    }
}

/// Where people find the module.
fn page(folder: &Path, name: &str) -> String {
    let found = read_module_folder(folder, Source::Community);
    match &found.setup {
        Some(setup) if !found.is_live() => format!("setup/modules/{}", setup.slug),
        None if !found.is_live() => "setup".to_owned(),
        _ => format!("m/{name}"),
    }
}
