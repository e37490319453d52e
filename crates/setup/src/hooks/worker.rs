//! One live worker with a setup module's code in it: asked one thing at a time, and ended when it takes too long.
//!
//! A worker that has failed in any other way than by raising is of no more use: whoever gets [`Trouble`] drops it, which kills it
//! and all that it started.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use contara_i18n::{Explained, Message, message};
use contara_protocol::link::{
    ErrorKind, FromWorker, LINK_PROTOCOL, LogLevel, MAX_FRAME, Private, SetupModule, ToWorker,
    WorkerError,
};
use contara_system::gettext;
use contara_system::limits::Limits;
use contara_system::spawner::{Spawner, WorkerOrder};
use contara_system::worker_process::WorkerLife;
use contara_ui_tree::Tree;
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::Value;
use tokio::net::UnixStream;
use tokio::time::timeout;
use tokio_util::codec::{Framed, LengthDelimitedCodec};

use super::HookError;
use super::drain::Drain;
use super::pool::{HookSettings, SetupModuleRef};

/// How long a worker that has closed its link may take to end by itself, so that its own exit status is told.
const GRACE: Duration = Duration::from_secs(2);

/// Bytes of what a failure says.
const LONGEST_MESSAGE: usize = 2_000;

/// See the file's first lines.
pub(super) struct HookWorker {
    frames: Framed<UnixStream, LengthDelimitedCodec>,
    life: WorkerLife,
    drain: Drain,
    limit: Duration,
    last_id: u64,
}

/// Why a worker gave no answer.
pub(super) enum Trouble {
    /// What it was asked went wrong, and it can be asked on.
    Error(WorkerError),
    /// It took too long.
    TooLong,
    /// It has ended, or isn't to be understood.
    Ended(Message),
}

/// What is answered to `load_setup`.
#[derive(Deserialize)]
struct Loaded {
    functions: BTreeSet<String>,
}

impl HookWorker {
    /// Starts one and loads the module's code; gives the names of its functions too.
    pub(super) async fn start(
        spawner: &Spawner,
        settings: &HookSettings,
        module: &SetupModuleRef,
    ) -> Result<(Self, BTreeSet<String>), HookError> {
        let mut worker = Self::spawn(spawner, settings, module).await?;
        let loaded = worker.load(settings, module).await;
        let loaded = loaded.map_err(|trouble| not_loaded(trouble, settings.limit))?;
        Ok((worker, loaded.functions))
    }

    async fn spawn(
        spawner: &Spawner,
        settings: &HookSettings,
        module: &SetupModuleRef,
    ) -> Result<Self, HookError> {
        let order = WorkerOrder {
            module: module.slug.clone(),
            packages: None,
            limits: Limits::default(),
        };
        let process = spawner.start(order).await.map_err(|error| {
            let why = match error.last_words() {
                Some(words) => error.message().because(Message::verbatim(words)),
                None => error.message(),
            };
            HookError::NotLoaded { why }
        })?;
        let drain = match module.may_know_secrets {
            true => Drain::silent(&module.slug),
            false => Drain::new(&module.slug),
        };
        // Both end with the process, or with whatever holds its pipes.
        tokio::spawn(drain.clone().read(LogLevel::Info, process.stdout));
        tokio::spawn(drain.clone().read(LogLevel::Warning, process.stderr));
        let codec = LengthDelimitedCodec::builder()
            .max_frame_length(MAX_FRAME)
            .new_codec();
        Ok(Self {
            frames: Framed::new(process.link, codec),
            life: process.life,
            drain,
            limit: settings.limit,
            last_id: 0,
        })
    }

    /// Whether it has ended behind everybody's back.
    pub(super) fn has_ended(&mut self) -> bool {
        self.life.wait().now_or_never().is_some()
    }

    /// How long a call may take.
    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// Calls a function, which translates into this language.
    pub(super) async fn call(
        &mut self,
        function: &str,
        arguments: Vec<Value>,
        module: Option<SetupModule>,
        language: &str,
    ) -> Result<Value, Trouble> {
        let arguments = Tree::from_value(&arguments).map_err(|error| {
            Trouble::Error(WorkerError {
                kind: ErrorKind::BadArguments,
                message: format!("its arguments can't be sent: {error}"),
                traceback: None,
                fields: BTreeMap::new(),
            })
        })?;
        let answer = self
            .ask(|id| ToWorker::Call {
                id,
                function: function.to_owned(),
                arguments: Private(arguments),
                module,
                language: language.to_owned(),
            })
            .await?;
        serde_json::to_value(&answer).map_err(|error| not_understood(&error))
    }

    async fn load(
        &mut self,
        settings: &HookSettings,
        module: &SetupModuleRef,
    ) -> Result<Loaded, Trouble> {
        let hello = timeout(self.limit, self.hello()).await;
        hello.map_err(|_| Trouble::TooLong)??;
        let catalogues = compiled(module, settings.catalogues.clone()).await;
        let answer = self
            .ask(|id| ToWorker::LoadSetup {
                id,
                name: module.slug.clone(),
                path: module.folder.to_string_lossy().into_owned(),
                catalogues: catalogues.to_string_lossy().into_owned(),
                language: module.language.clone(),
                discreet: module.may_know_secrets,
            })
            .await?;
        answer.decode().map_err(|error| not_understood(&error))
    }

    /// Both sides say who they are.
    async fn hello(&mut self) -> Result<(), Trouble> {
        let protocol = loop {
            if let FromWorker::Hello { protocol, .. } = self.next().await? {
                break protocol;
            }
        };
        if protocol != LINK_PROTOCOL {
            return Err(Trouble::Ended(message!(
                "its SDK speaks version {theirs} of the link, this daemon version {ours}",
                theirs = u64::from(protocol),
                ours = u64::from(LINK_PROTOCOL)
            )));
        }
        let hello = ToWorker::Hello {
            protocol: LINK_PROTOCOL,
            host: concat!("contara ", env!("CARGO_PKG_VERSION")).into(),
            features: Vec::new(),
        };
        self.send(&hello).await
    }

    /// Sends a request and waits for its answer, for as long as it may take.
    async fn ask(&mut self, request: impl FnOnce(u64) -> ToWorker) -> Result<Tree, Trouble> {
        self.last_id += 1;
        let id = self.last_id;
        let request = request(id);
        let limit = self.limit;
        let exchange = async {
            self.send(&request).await?;
            self.answer(id).await
        };
        let answer = timeout(limit, exchange).await;
        answer.unwrap_or(Err(Trouble::TooLong))
    }

    async fn answer(&mut self, request: u64) -> Result<Tree, Trouble> {
        loop {
            match self.next().await? {
                FromWorker::Answer { id, value } if id == request => return Ok(value),
                FromWorker::Error { id, error } if id == request => {
                    let traceback = error.traceback.iter().flat_map(|text| text.lines());
                    traceback.for_each(|line| self.drain.line(LogLevel::Warning, line));
                    return Err(Trouble::Error(error));
                }
                FromWorker::Log {
                    level,
                    logger,
                    message,
                    ..
                } => {
                    self.drain.line(level, &format!("{logger}: {message}"));
                }
                // A setup module has no UI, no state and no tasks.
                _ => {}
            }
        }
    }

    async fn send(&mut self, message: &ToWorker) -> Result<(), Trouble> {
        let sent = self.frames.send(Bytes::from(message.encode())).await;
        match sent {
            Ok(()) => Ok(()),
            Err(_) => Err(self.end().await),
        }
    }

    async fn next(&mut self) -> Result<FromWorker, Trouble> {
        match self.frames.next().await {
            Some(Ok(frame)) => {
                FromWorker::decode(frame.freeze()).map_err(|error| not_understood(&error))
            }
            Some(Err(_)) | None => Err(self.end().await),
        }
    }

    /// How it ended, now that its link is broken.
    async fn end(&mut self) -> Trouble {
        match timeout(GRACE, self.life.wait()).await {
            Ok(status) => Trouble::Ended(Message::phrase(&status)),
            Err(_) => Trouble::Ended(message!("it closed its link to the daemon")),
        }
    }
}

impl Trouble {
    /// Whether the worker is of no more use.
    pub(super) fn is_over(&self) -> bool {
        !matches!(self, Self::Error(_))
    }

    /// As whoever called `function` is told.
    pub(super) fn of_call(self, function: &str, limit: Duration) -> HookError {
        let function = function.to_owned();
        match self {
            Self::Error(error) if error.kind == ErrorKind::UnknownFunction => {
                HookError::Missing(function)
            }
            Self::Error(error) => HookError::Raised {
                function,
                message: shortened(error.message),
            },
            Self::TooLong => HookError::TooLong {
                function,
                seconds: limit.as_secs(),
            },
            Self::Ended(status) => HookError::Ended { function, status },
        }
    }
}

/// Where a module's compiled catalogues are. Code can do without what can't be made.
async fn compiled(module: &SetupModuleRef, cache: PathBuf) -> PathBuf {
    let (folder, slug) = (module.folder.clone(), module.slug.clone());
    let compile = move || gettext::compile(&folder, &slug, &cache);
    let catalogues = tokio::task::spawn_blocking(compile).await;
    // It doesn't panic; and it isn't cancelled, but with tokio.
    let Ok(catalogues) = catalogues else {
        return PathBuf::new();
    };
    for problem in &catalogues.problems {
        tracing::warn!(module = module.slug, "{problem}");
    }
    catalogues.root
}

fn not_understood(error: &dyn std::error::Error) -> Trouble {
    Trouble::Ended(message!(
        "answers in a way unknown here: {reason}",
        reason = error.to_string()
    ))
}

/// A line for people has an end, whatever the module puts into it.
fn shortened(mut message: String) -> String {
    if message.len() > LONGEST_MESSAGE {
        message.truncate(message.floor_char_boundary(LONGEST_MESSAGE));
        message.push('…');
    }
    message
}

fn not_loaded(trouble: Trouble, limit: Duration) -> HookError {
    let why = match trouble {
        Trouble::Error(error) => Message::verbatim(shortened(error.message)),
        Trouble::TooLong => message!(
            "it took longer than {seconds} s and was ended",
            seconds = limit.as_secs()
        ),
        Trouble::Ended(status) => {
            message!("it ended its process ({status})", status = status)
        }
    };
    HookError::NotLoaded { why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_an_end_and_stay_text() {
        assert_eq!(shortened("KeyError: 'x'".into()), "KeyError: 'x'");
        let long = shortened(format!("a{}", "ä".repeat(LONGEST_MESSAGE)));
        assert_eq!(long.len(), LONGEST_MESSAGE - 1 + '…'.len_utf8());
        assert!(long.ends_with("ä…"));
    }
}
