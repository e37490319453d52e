//! One client's stream, version 2: each module whole once, then what changes of it; actions and their results.
//!
//! A session remembers the revision of each module that its client has, and nothing else: when the socket can take more, it
//! asks the publisher what leads from there to the latest. Modules take turns, the one that was sent longest ago first.

mod calls;
mod updates;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use contara_i18n::{Message, message};
use contara_protocol::stream::v2::{ClientFrame, FEATURES, NoticeKind, ServerFrame, SetupWatch};
use contara_supervisor::{PageWatch, Subscription};
use contara_system::catalog::Catalog;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tracing::debug;

use crate::app::App;
use crate::auth::principal::Principal;
use crate::reader::Reader;
use crate::stream::catalog_changed;
use crate::stream::connection::{Connection, Ending, Heard, POLICY, shortened};
use crate::stream::setup_feed::SetupFeed;
use calls::{CallEvent, Calls};
use updates::Seen;

/// How long a client may take for its first frame.
const GREETING: Duration = Duration::from_secs(10);

const UNSUPPORTED: u16 = 1003;
const MALFORMED: u16 = 1007;

/// Bytes of a client's own words that it is told again.
const MOST_SHOWN: usize = 100;

/// Serves one client until it, its sign-in or the daemon ends.
pub(super) async fn run(
    app: Arc<App>,
    connection: Connection,
    principal: Principal,
    reader: Reader,
) {
    let number = app.next_session();
    debug!(session = number, "a stream of version 2 began");
    let mut session = Session {
        number,
        subscription: app.supervisor.board().subscribe(),
        catalog: app.catalog.clone(),
        calls: Calls::new(Arc::clone(&app), principal, reader.clone()),
        app,
        connection,
        reader,
        seen: BTreeMap::new(),
        watched: None,
        setup: None,
        stage: Stage::Greeting(Instant::now() + GREETING),
    };
    let ending = session.run().await;
    debug!(session = session.number, ?ending, "a stream ended");
    session.connection.close(ending).await;
}

struct Session {
    /// Names it in the log.
    number: u64,
    app: Arc<App>,
    connection: Connection,
    subscription: Subscription,
    catalog: watch::Receiver<Arc<Catalog>>,
    reader: Reader,
    /// By module: what the client has.
    seen: BTreeMap<String, Seen>,
    /// The module whose detail page the client looks at.
    watched: Option<(String, PageWatch)>,
    /// What the client gets of setup, if it watches that.
    setup: Option<SetupFeed>,
    calls: Calls,
    stage: Stage,
}

/// How far a session is.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// The client has to say by then what it has.
    Greeting(Instant),
    /// There is something new to be sent, from then on.
    Behind(Instant),
    /// The client has what there is.
    Level,
}

impl Session {
    async fn run(&mut self) -> Ending {
        let mut done = self.greet().await;
        loop {
            if let Err(ending) = done {
                return ending;
            }
            let stage = self.stage;
            done = tokio::select! {
                // In boxes: what a session does now and then mustn't make all of them larger.
                heard = self.connection.heard() => Box::pin(self.take(heard)).await,
                event = self.calls.next() => Box::pin(self.tell(event)).await,
                frame = SetupFeed::next(&mut self.setup) => self.connection.send(frame).await,
                () = catalog_changed(&mut self.catalog), if !matches!(stage, Stage::Greeting(_)) => {
                    self.send_snapshot().await
                }
                () = self.subscription.changed(), if matches!(stage, Stage::Level) => {
                    self.stage = Stage::Behind(Instant::now());
                    Ok(())
                }
                () = due(stage) => match stage {
                    Stage::Greeting(_) => Err(Ending::told(POLICY, "no `resume` within 10 s")),
                    Stage::Behind(_) | Stage::Level => self.send_next().await,
                },
            };
        }
    }

    async fn greet(&mut self) -> Result<(), Ending> {
        let hello = ServerFrame::Hello {
            protocol: 2,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            node: self.app.settings.node.clone(),
            session: self.number,
            run: self.run_name(),
            features: FEATURES.map(str::to_owned).to_vec(),
        };
        self.connection.send(hello.encode()).await
    }

    /// What the revisions are of: words of Contara's own differ from language to language.
    fn run_name(&self) -> String {
        let language = self.reader.catalogue().map_or("en", |own| own.language());
        format!("{}-{language}", self.app.run)
    }

    async fn take(&mut self, heard: Result<Heard, Ending>) -> Result<(), Ending> {
        let Heard::Frame(frame) = heard? else {
            return Err(Ending::told(UNSUPPORTED, "frames are binary: MessagePack"));
        };
        let frame = ClientFrame::decode(frame)
            .map_err(|error| Ending::told(MALFORMED, error.to_string()))?;
        if matches!(self.stage, Stage::Greeting(_))
            && !matches!(frame, ClientFrame::Resume { .. } | ClientFrame::Ping)
        {
            return Err(Ending::told(POLICY, "the first frame has to be `resume`"));
        }
        match frame {
            ClientFrame::Ping => self.connection.send(ServerFrame::Pong.encode()).await,
            ClientFrame::Resume { run, modules } => self.resume(run.as_deref(), modules).await,
            ClientFrame::Action {
                id,
                module,
                action,
                params,
            } => match self.calls.begin(id, module, action, params) {
                Ok(()) => Ok(()),
                Err(refused) => self.connection.send(refused).await,
            },
            ClientFrame::Cancel { id } => match self.calls.cancel(id) {
                true => Ok(()),
                false => {
                    let text = message!("No action {id} is running", id = id);
                    self.notice(NoticeKind::UnknownAction, &text, None).await
                }
            },
            ClientFrame::Subscribe { page, setup } => {
                if let Some(setup) = setup {
                    self.watch_setup(setup);
                }
                match page {
                    Some(page) => self.watch_page(page).await,
                    None => Ok(()),
                }
            }
            ClientFrame::Unknown { kind } => {
                let text = message!("A frame of the type “{type}” isn't known", type = shortened(&kind, MOST_SHOWN));
                self.notice(NoticeKind::UnknownType, &text, None).await
            }
        }
    }

    async fn notice(
        &mut self,
        kind: NoticeKind,
        text: &Message,
        module: Option<String>,
    ) -> Result<(), Ending> {
        let text = self.reader.say(text);
        let notice = ServerFrame::Notice { kind, text, module };
        self.connection.send(notice.encode()).await
    }

    /// From now on the client wants that of setup, or nothing.
    fn watch_setup(&mut self, watch: Option<SetupWatch>) {
        self.setup = watch.map(|SetupWatch { transaction, after }| {
            let watched = transaction.map(|id| (id, after));
            SetupFeed::start(&self.app, self.reader.clone(), watched)
        });
    }

    async fn tell(&mut self, event: CallEvent) -> Result<(), Ending> {
        let frame = match event {
            CallEvent::Progress(frame) => frame,
            CallEvent::Ended(module, frame) => {
                // What the action changed comes first.
                self.bring_up_to_date(&module).await?;
                frame
            }
        };
        self.connection.send(frame).await
    }
}

/// Waits until there is something to be done.
async fn due(stage: Stage) {
    match stage {
        Stage::Greeting(at) | Stage::Behind(at) => sleep_until(at).await,
        Stage::Level => std::future::pending().await,
    }
}
