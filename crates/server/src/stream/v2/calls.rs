//! The actions that one client has asked for over its stream.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::http::StatusCode;
use bytes::Bytes;
use contara_i18n::message;
use contara_protocol::Tree;
use contara_protocol::stream::v2::ServerFrame;
use contara_supervisor::{Arguments, Followed};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use serde_json::{Map, Value};
use tokio::sync::watch;

use crate::api::body;
use crate::app::App;
use crate::auth::principal::Principal;
use crate::modules;
use crate::reader::Reader;
use crate::refusal::Refusal;

/// So many may run at a time.
const MOST: usize = 32;

/// What is to be told of an action.
#[derive(Debug)]
pub(super) enum CallEvent {
    /// How far it is.
    Progress(Bytes),
    /// It has ended. What it changed of this module is to be told first.
    Ended(String, Bytes),
}

/// See the file's first lines. Dropping them gives up waiting; the actions go on.
pub(super) struct Calls {
    app: Arc<App>,
    by: Principal,
    reader: Reader,
    /// By the client's number: the module, and how far it is.
    known: HashMap<u64, (String, watch::Receiver<Followed>)>,
    cancelled: HashSet<u64>,
    running: FuturesUnordered<BoxFuture<'static, (Call, Moment)>>,
}

struct Call {
    id: u64,
    module: String,
    results: BoxFuture<'static, Result<Tree, Refusal>>,
    followed: watch::Receiver<Followed>,
}

enum Moment {
    Progress(Bytes),
    Ended(Result<Tree, Refusal>),
}

impl Calls {
    pub(super) fn new(app: Arc<App>, by: Principal, reader: Reader) -> Self {
        Self {
            app,
            by,
            reader,
            known: HashMap::new(),
            cancelled: HashSet::new(),
            running: FuturesUnordered::new(),
        }
    }

    /// Runs an action. An error is the `result` to be sent at once.
    pub(super) fn begin(
        &mut self,
        id: u64,
        module: String,
        action: String,
        params: Option<Tree>,
    ) -> Result<(), Bytes> {
        let arguments = self
            .may_begin(id)
            .and_then(|()| arguments(params))
            .map_err(|refusal| self.result(id, Err(refusal)))?;
        let (follow, followed) = watch::channel(Followed::default());
        self.known.insert(id, (module.clone(), followed.clone()));
        let (app, reader, name) = (Arc::clone(&self.app), self.reader.clone(), module.clone());
        let by = self.by.clone();
        let results = async move {
            modules::act(&app, &by, &name, &action, arguments, follow, &reader).await
        };
        let call = Call {
            id,
            module,
            results: Box::pin(results),
            followed,
        };
        self.running.push(Box::pin(call.next_moment()));
        Ok(())
    }

    fn may_begin(&self, id: u64) -> Result<(), Refusal> {
        if self.known.contains_key(&id) {
            let reason = message!("An action of the number {id} is running already", id = id);
            return Err(Refusal::new(StatusCode::CONFLICT, reason));
        }
        if self.known.len() >= MOST {
            let reason = message!("{count} actions are running already", count = MOST as u64);
            return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, reason));
        }
        Ok(())
    }

    /// Has an action cancelled; `false` if it isn't running. Its own result says what came of it.
    pub(super) fn cancel(&mut self, id: u64) -> bool {
        let Some((module, followed)) = self.known.get(&id) else {
            return false;
        };
        if !self.cancelled.insert(id) {
            return true;
        }
        let (app, module, mut followed) = (Arc::clone(&self.app), module.clone(), followed.clone());
        tokio::spawn(async move {
            // It may not have begun yet, or have ended meanwhile.
            let begun = followed.wait_for(|followed| followed.call.is_some()).await;
            let call = begun.ok().and_then(|followed| followed.call);
            if let Some(call) = call {
                // A module that is gone has nothing to cancel.
                let _ = app.supervisor.cancel(&module, call).await;
            }
        });
        true
    }

    /// Waits for something to be told; for ever, if nothing runs. Nothing is lost if this is given up.
    pub(super) async fn next(&mut self) -> CallEvent {
        let Some((call, moment)) = self.running.next().await else {
            return std::future::pending().await;
        };
        match moment {
            Moment::Progress(frame) => {
                self.running.push(Box::pin(call.next_moment()));
                CallEvent::Progress(frame)
            }
            Moment::Ended(results) => {
                self.known.remove(&call.id);
                self.cancelled.remove(&call.id);
                CallEvent::Ended(call.module, self.result(call.id, results))
            }
        }
    }

    fn result(&self, id: u64, results: Result<Tree, Refusal>) -> Bytes {
        let (results, error) = match results {
            Ok(results) => (Some(results), None),
            Err(refusal) => (None, Some(refusal.of_action(self.reader.catalogue()))),
        };
        ServerFrame::Result { id, results, error }.encode()
    }
}

impl Call {
    async fn next_moment(mut self) -> (Self, Moment) {
        loop {
            tokio::select! {
                biased;
                results = &mut self.results => return (self, Moment::Ended(results)),
                Ok(()) = self.followed.changed() => {
                    let progress = self.followed.borrow_and_update().progress.clone();
                    if let Some(progress) = progress {
                        let frame = ServerFrame::Progress {
                            id: self.id,
                            done: progress.done,
                            total: progress.total,
                            text: progress.text,
                        };
                        return (self, Moment::Progress(frame.encode()));
                    }
                }
            }
        }
    }
}

fn arguments(params: Option<Tree>) -> Result<Arguments, Refusal> {
    let Some(params) = params else {
        return Ok(Arguments::default());
    };
    let params: Map<String, Value> = params.decode().map_err(|error| Refusal::internal(&error))?;
    body::arguments_of(params)
}
