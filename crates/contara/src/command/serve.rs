//! `contara serve`: the daemon. What starts and stops, and in which order, is [`Serve::serve`].

mod banner;
mod listen;
mod modules;
mod setup;
mod stop;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use contara_i18n::message;
use contara_manifest::Source;
use contara_server::{App, Folders, Settings, serve_admin, serve_tcp};
use contara_store::Store;
use contara_supervisor::{Supervisor, Timing};
use contara_system::catalog::{Root, Watch};
use contara_system::data_folder::{DataFolder, own_uid};
use contara_system::environments::Environments;
use contara_system::spawner::Spawner;
use contara_system::worker_process::Interpreter;
use tokio::task::JoinError;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::warn;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::configuration::Configuration;
use crate::locale_language::say;

use super::{DataDir, Python, admin_socket, machine_name};

/// How long requests may go on once all workers are gone; somebody may have sent only half of one.
const LAST_REQUESTS: Duration = Duration::from_secs(1);

/// Log lines that may wait for whoever reads them. Room for a burst; the library's default would cost 3 MB at once.
const LOG_LINES: usize = 4096;

/// By then every module that is enabled has asked for its packages, which marks them as used.
const SETTLED: Duration = Duration::from_secs(60 * 60);

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    data_dir: DataDir,
    /// The address to listen on; 0.0.0.0 or :: for every interface
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The TCP port; 0 takes a free one and prints it
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// A further folder of modules, beside <data-dir>/modules; may be given several times
    #[arg(long, value_name = "DIR")]
    modules: Vec<PathBuf>,
    /// A folder of modules that ship with Contara; may be given several times [default: ../lib/contara/modules beside the program's
    /// folder, such as /usr/lib/contara/modules, if there is one]
    #[arg(long, value_name = "DIR")]
    builtin_modules: Vec<PathBuf>,
    #[command(flatten)]
    python: Python,
    /// The configuration: what modules may use, and how they are started [default: /etc/contara/contara.toml, if it is there]
    #[arg(
        long,
        value_name = "FILE",
        env = "CONTARA_CONFIG",
        hide_env_values = true
    )]
    config: Option<PathBuf>,
    /// The origin of another site whose pages may call the API, such as http://localhost:5173; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    cors_origin: Vec<String>,
    /// Print {"url","pairing_url","pairing_code","pid"} as the first line on stdout, for programs that start Contara
    #[arg(long)]
    ready_json: bool,
}

impl Serve {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        // Before anything is started, locked or written.
        let configuration = Configuration::load(self.config.as_deref())?;
        let _log = start_log();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.serve(configuration))?;
        // Whatever still waits in a thread, such as a slow look at a folder, must not hold up the end.
        runtime.shutdown_background();
        Ok(ExitCode::SUCCESS)
    }

    /// Everything starts from what holds to what shows, and stops the other way round.
    async fn serve(&self, configuration: Configuration) -> anyhow::Result<()> {
        let mut signals = stop::Signals::install()?;
        let data = DataFolder::hold(&self.data_dir.path()?)?;
        let store = Store::open(&data.path().join("contara.db"))?;
        let interpreter = self.interpreter(&data)?;
        let environments = Environments::new(&interpreter, &data.folder("cache")?);
        clean(&environments);
        let spawner = Spawner::new(interpreter.clone(), configuration.start);
        let supervisor = Supervisor::new(spawner, environments, Timing::default(), store.clone());
        let roots = self.roots(&data)?;
        let found = Watch::start(roots.clone())?;
        let tcp = listen::tcp(&self.host, self.port).await?;
        let admin = listen::admin(&admin_socket(data.path())?)?;
        let stopping = CancellationToken::new();
        let settings = Settings {
            url: listen::url(&self.host, tcp.local_addr()?),
            cors_origins: self.cors_origin.clone(),
            node: machine_name(),
            uid: own_uid(),
            folders: Folders {
                data: data.path().to_owned(),
                module_data: interpreter.module_data.clone(),
                module_cache: interpreter.module_cache.clone(),
                modules: roots.iter().map(|root| root.path.clone()).collect(),
            },
            limits: configuration.usual_limits(),
            own_limits: configuration.own_limits(),
        };
        let url = settings.url.clone();
        let setup_options = configuration.setup.clone();
        let (follower, catalog) = modules::Follower::start(
            found.subscribe(),
            store.clone(),
            supervisor.clone(),
            configuration,
        )
        .await;
        let setup =
            setup::start(&store, supervisor.spawner(), &catalog, setup_options, &data).await?;
        let app = App::new(
            settings,
            store,
            supervisor.clone(),
            setup.clone(),
            found,
            catalog,
            stopping.clone(),
        )?;

        let modules = tokio::spawn(follower.run());
        let servers = [
            tokio::spawn(serve_tcp(tcp, app.clone())),
            tokio::spawn(serve_admin(admin, app.clone())),
        ];
        let recorder = tokio::spawn({
            let app = app.clone();
            async move { app.keep_activity().await }
        });
        banner::print(&app, &url, data.path(), self.ready_json)?;

        signals.wait().await;
        modules.abort();
        // Whatever it was applying must not go on behind the supervisor's back.
        let _ = modules.await;
        stop::within_deadline(signals, async {
            stopping.cancel();
            // Each has its own deadlines, and neither waits for the other.
            tokio::join!(setup.shut_down(), supervisor.shut_down());
            app.sockets_closed().await;
            for server in servers {
                report(timeout(LAST_REQUESTS, server).await);
            }
            // Ended, since it heard of the stop, unless it is in the middle of writing.
            let _ = recorder.await;
            if let Err(error) = app.activity_kept().await {
                warn!("what happened last isn't written down: {error}");
            }
        })
        .await;
        Ok(())
    }

    fn interpreter(&self, data: &DataFolder) -> anyhow::Result<Interpreter> {
        Ok(Interpreter {
            python: self.python.program()?,
            bytecode_cache: data.folder("cache/python")?,
            module_data: data.folder("module-data")?,
            module_cache: data.folder("cache/modules")?,
        })
    }

    fn roots(&self, data: &DataFolder) -> anyhow::Result<Vec<Root>> {
        let mut roots = Vec::new();
        let installed = installed_modules();
        let builtin = match self.builtin_modules.as_slice() {
            [] => installed.as_slice(),
            named => named,
        };
        for path in builtin {
            roots.push(Root {
                path: existing(path)?,
                source: Source::Builtin,
            });
        }
        roots.push(Root {
            path: data.folder("modules")?,
            source: Source::Community,
        });
        for path in &self.modules {
            roots.push(Root {
                path: existing(path)?,
                source: Source::Community,
            });
        }
        Ok(roots)
    }
}

/// Throws away what nobody uses, beside everything else: a start doesn't wait for it.
fn clean(environments: &Environments) {
    let (leftovers, unused) = (environments.clone(), environments.clone());
    tokio::task::spawn_blocking(move || leftovers.remove_leftovers());
    tokio::spawn(async move {
        tokio::time::sleep(SETTLED).await;
        tokio::task::spawn_blocking(move || unused.remove_unused());
    });
}

/// Where a package puts the modules that ship, if this program was installed by one.
fn installed_modules() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let modules = program.parent()?.parent()?.join("lib/contara/modules");
    modules.is_dir().then_some(modules)
}

fn existing(folder: &Path) -> anyhow::Result<PathBuf> {
    let shown = || folder.display().to_string();
    let path = folder.canonicalize().with_context(|| {
        say(&message!(
            "can't use the module folder {folder}",
            folder = shown()
        ))
    })?;
    if !path.is_dir() {
        bail!(say(&message!(
            "can't use the module folder {folder}: it is a file",
            folder = shown()
        )));
    }
    Ok(path)
}

/// Logs to standard error, through a thread of its own: a terminal that was stopped, or a pipe that nobody reads, must not
/// stop the daemon. Lines that find no room are dropped. What waits is written when the guard is dropped.
fn start_log() -> WorkerGuard {
    // The migrations' own lines would show SQL to people who asked for nothing.
    let filter = EnvFilter::try_from_env("CONTARA_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,rusqlite_migration=warn"));
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(LOG_LINES)
        .finish(std::io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    guard
}

fn report(end: Result<Result<std::io::Result<()>, JoinError>, Elapsed>) {
    match end {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => warn!("a server ended: {error}"),
        Ok(Err(error)) => warn!("a server's task broke: {error}"),
        Err(_) => warn!("some requests were not finished"),
    }
}
