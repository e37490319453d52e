//! How all parts of Contara are, what they are, what they take and what they may take.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use contara_store::Store;
use contara_system::limits::Limits;
use contara_system::machine;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::principal::Principal;
use crate::clock;
use crate::reader::Reader;
use crate::refusal::ProblemDetails;
use crate::system::{self, Condition, Figures, Machine, ModuleSize, Part, Sizes};

/// The whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct System {
    /// The worst of its parts.
    condition: Condition,
    /// In the order in which they depend on each other.
    parts: Vec<SystemPart>,
    versions: Versions,
    /// This machine's name.
    node: String,
    /// Where browsers reach it.
    url: String,
    /// Seconds since the daemon started.
    uptime: u64,
    /// Bytes that the daemon has in memory, its modules' processes left out; null if the system doesn't say, or doesn't answer.
    memory: Option<u64>,
    storage: Storage,
    limits: LimitsInForce,
}

/// How one part is.
#[derive(Debug, Serialize, ToSchema)]
struct SystemPart {
    /// `daemon`, `listener`, `store`, `disk`, `python`, `packages`, `modules`, `catalog`, `setup` or `stream`; there may be others.
    name: &'static str,
    condition: Condition,
    /// How it is, in words of the reader's language.
    detail: String,
    /// What to do, where something isn't well.
    help: Option<String>,
}

/// What runs here.
#[derive(Debug, Serialize, ToSchema)]
struct Versions {
    contara: &'static str,
    /// Null while it isn't known.
    python: Option<String>,
    sqlite: &'static str,
    /// The operating system, as it calls itself.
    system: Option<String>,
    kernel: String,
    /// Of the processor: `x86_64`, `aarch64`, …
    architecture: String,
}

/// What is taken, in bytes on disk.
#[derive(Debug, Serialize, ToSchema)]
struct Storage {
    /// The data folder.
    folder: String,
    /// Its disk; null if the system doesn't say, or the disk doesn't answer.
    disk: Option<Disk>,
    /// Null until it was measured for the first time, which is begun by the first request.
    taken: Option<Taken>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Disk {
    total: u64,
    /// What the daemon's user may still take.
    free: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Taken {
    /// When it was measured: RFC 3339 in UTC. It is measured anew after ten minutes, or later where it takes more than half a minute.
    at: String,
    /// With its journal.
    database: u64,
    /// Python packages of all modules.
    environments: u64,
    /// What was downloaded for them, and is kept for the next time.
    downloads: u64,
    /// Files as they were before setup scripts changed them.
    files: u64,
    /// The largest first.
    modules: Vec<TakenByModule>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TakenByModule {
    module: String,
    /// What it keeps.
    data: u64,
    /// What it can have again.
    cache: u64,
}

/// What modules may use.
#[derive(Debug, Serialize, ToSchema)]
struct LimitsInForce {
    usual: ModuleLimits,
    /// Of modules that have a section of their own in the configuration.
    modules: BTreeMap<String, ModuleLimits>,
}

/// As docs/configuration.md has them; null stands for no limit.
#[derive(Debug, Serialize, ToSchema)]
struct ModuleLimits {
    /// Bytes.
    memory: Option<u64>,
    /// Bytes.
    address_space: Option<u64>,
    processes: Option<u64>,
    open_files: Option<u64>,
    /// Bytes.
    tree_size: Option<u64>,
    frames_per_second: Option<u64>,
}

/// How all parts of Contara are. Nothing secret is in it.
#[utoipa::path(get, path = "/api/system", tag = "daemon", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = System),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn system(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
) -> Json<System> {
    let figures = app.measured.latest(&app);
    let seen = app.looks.look(&app).await;
    let machine = seen.machine.as_ref();
    let parts = system::parts(&app, &seen, &figures);
    let worst = parts.iter().map(|part| part.condition).max();
    let settings = &app.settings;
    let own = settings.own_limits.iter();
    Json(System {
        condition: worst.unwrap_or(Condition::Well),
        parts: parts.into_iter().map(|each| part(each, &reader)).collect(),
        versions: versions(machine, &figures),
        node: settings.node.clone(),
        url: settings.url.clone(),
        uptime: app.started.elapsed().as_secs(),
        memory: machine.and_then(|machine| machine.memory),
        storage: Storage {
            folder: settings.folders.data.display().to_string(),
            disk: machine.and_then(|machine| machine.disk).map(|disk| Disk {
                total: disk.total,
                free: disk.free,
            }),
            taken: figures.sizes.as_deref().map(taken),
        },
        limits: LimitsInForce {
            usual: limits(&settings.limits),
            modules: own.map(|(name, own)| (name.clone(), limits(own))).collect(),
        },
    })
}

fn part(part: Part, reader: &Reader) -> SystemPart {
    SystemPart {
        name: part.name,
        condition: part.condition,
        detail: reader.say(&part.detail),
        help: part.help.map(|help| reader.say(&help)),
    }
}

fn versions(machine: Option<&Machine>, figures: &Figures) -> Versions {
    Versions {
        contara: env!("CARGO_PKG_VERSION"),
        python: figures.python.clone().and_then(Result::ok),
        sqlite: Store::sqlite_version(),
        system: machine.and_then(|machine| machine.name.clone()),
        kernel: machine::kernel(),
        architecture: machine::architecture(),
    }
}

fn taken(sizes: &Sizes) -> Taken {
    let by_module = |size: &ModuleSize| TakenByModule {
        module: size.module.clone(),
        data: size.data,
        cache: size.cache,
    };
    Taken {
        at: clock::rfc3339(sizes.at),
        database: sizes.database,
        environments: sizes.environments,
        downloads: sizes.downloads,
        files: sizes.files,
        modules: sizes.modules.iter().map(by_module).collect(),
    }
}

fn limits(limits: &Limits) -> ModuleLimits {
    let wide = |limit: u64| (limit != u64::MAX).then_some(limit);
    let narrow = |limit: u32| (limit != u32::MAX).then_some(u64::from(limit));
    ModuleLimits {
        memory: wide(limits.memory),
        address_space: wide(limits.address_space),
        processes: narrow(limits.processes),
        open_files: wide(limits.open_files),
        tree_size: wide(limits.tree_size),
        frames_per_second: narrow(limits.frames_per_second),
    }
}
