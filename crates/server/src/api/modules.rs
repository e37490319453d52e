//! Modules: what there is, on and off, and their UI.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use contara_i18n::Message;
use contara_manifest::{Capabilities, ModuleManifest, Platform, Severity, Source};
use contara_protocol::Tree;
use contara_protocol::stream::v1;
use contara_supervisor::{Enabled, ModuleView};
use contara_system::catalog::Found;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::principal::Principal;
use crate::reader::Reader;
use crate::refusal::{ProblemDetails, Refusal};
use crate::snapshot::Page;
use crate::{modules, snapshot};

/// Every module's folder, usable or not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Modules {
    modules: Vec<ModuleInfo>,
}

/// What is known of a module apart from its UI.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleInfo {
    name: String,
    display_name: String,
    enabled: bool,
    initialized: bool,
    /// `builtin` or `community`.
    #[schema(value_type = String)]
    source: Source,
    removable: bool,
    version: String,
    system_deps: Vec<String>,
    /// False when the module can't be enabled; `problems` says why.
    valid: bool,
    life: v1::Life,
    problem: Option<v1::Problem>,
    /// How far the installation of its Python packages is, while `life` is `preparing`.
    preparing: Option<v1::Preparing>,
    icon: String,
    description: String,
    author: String,
    folder: String,
    category: Option<String>,
    tags: Vec<String>,
    homepage: Option<String>,
    repository: Option<String>,
    requires_network: bool,
    capabilities: ModuleCapabilities,
    /// Platforms that it runs on, such as `linux`.
    platforms: Vec<String>,
    /// Python packages that it needs here, as in pip.
    python_deps: Vec<String>,
    problems: Vec<ModuleProblem>,
    /// Whether `contara module dev` runs it.
    in_development: bool,
}

/// What a module offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleCapabilities {
    /// Its UI comes by itself; else it is rendered when somebody asks.
    websocket: bool,
    /// It has a tile.
    dashboard: bool,
    /// It has a detail page.
    detail_page: bool,
    /// It has settings.
    settings: bool,
}

/// What is wrong with or doubtful about a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ModuleProblem {
    /// `error` or `warning`.
    #[schema(value_type = String)]
    severity: Severity,
    message: String,
    /// The file, or the folder.
    file: Option<String>,
    /// From 1.
    line: Option<usize>,
    /// From 1, in characters.
    column: Option<usize>,
    /// What stands there.
    found: Option<String>,
    /// What should stand there.
    expected: Option<String>,
    /// What to do.
    help: Option<String>,
}

/// A module was switched on or off.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Switched {
    success: bool,
    module: String,
    enabled: bool,
    /// `preparing` in an answer of 202.
    #[serde(skip_serializing_if = "Option::is_none")]
    life: Option<v1::Life>,
}

/// A module's UI.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleUi {
    module: String,
    ui: Option<v1::Ui>,
}

/// A module's tile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleTile {
    module: String,
    #[schema(value_type = Option<Object>)]
    tile: Option<Tree>,
}

/// A module's modals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleModals {
    module: String,
    #[schema(value_type = Vec<Object>)]
    modals: Tree,
}

/// All live modules, also those whose manifest has errors. What is only set up is listed at `/api/setup`.
#[utoipa::path(get, path = "/api/modules", tag = "modules", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Modules),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
) -> Json<Modules> {
    // Whoever looks at the list may enable something.
    app.supervisor.spawner().expect_work();
    let catalog = Arc::clone(&app.catalog.borrow());
    let now = Instant::now();
    let modules = catalog
        .live()
        .map(|found| ModuleInfo::of(&app, found, now, &reader))
        .collect();
    Json(Modules { modules })
}

/// Switch a module on, or try again after it failed. Answers once it runs, or with 202 as soon as it is clear that Python
/// packages must be installed first.
#[utoipa::path(post, path = "/api/modules/{name}/enable", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Switched),
    (status = 202, description = "its Python packages are being installed; it starts after that, or is blocked", body = Switched),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
    (status = 409, description = "its manifest has errors, it can't run on this machine, or its packages can't be had", body = ProblemDetails),
    (status = 500, description = "it failed on the way; it is tried again by itself", body = ProblemDetails),
))]
pub(crate) async fn enable(
    State(app): State<Arc<App>>,
    principal: Principal,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<Switched>), Refusal> {
    let (status, life) = match modules::enable(&app, &principal, &name).await? {
        Enabled::Running => (StatusCode::OK, None),
        Enabled::Preparing => (StatusCode::ACCEPTED, Some(v1::Life::Preparing)),
    };
    let switched = Switched {
        success: true,
        module: name,
        enabled: true,
        life,
    };
    Ok((status, Json(switched)))
}

/// Switch a module off. Answers once it has stopped.
#[utoipa::path(post, path = "/api/modules/{name}/disable", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = Switched),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
    (status = 500, description = "it is off, but stop_monitoring() failed", body = ProblemDetails),
))]
pub(crate) async fn disable(
    State(app): State<Arc<App>>,
    principal: Principal,
    Path(name): Path<String>,
) -> Result<Json<Switched>, Refusal> {
    modules::disable(&app, &principal, &name).await?;
    Ok(Json(Switched {
        success: true,
        module: name,
        enabled: false,
        life: None,
    }))
}

/// The UI of a module that is enabled.
#[utoipa::path(get, path = "/api/modules/{name}/ui", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ModuleUi),
    (status = 400, description = "not enabled", body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
))]
pub(crate) async fn ui(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<ModuleUi>, Refusal> {
    let view = modules::fresh_view(&app, &name).await?;
    Ok(Json(ModuleUi {
        module: name,
        ui: snapshot::of(&view, Instant::now(), Page::LeftOut, reader.catalogue()).ui,
    }))
}

/// The tile of a module that is enabled.
#[utoipa::path(get, path = "/api/modules/{name}/tile", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ModuleTile),
    (status = 400, description = "not enabled", body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
))]
pub(crate) async fn tile(
    State(app): State<Arc<App>>,
    _: Principal,
    reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<ModuleTile>, Refusal> {
    let view = modules::fresh_view(&app, &name).await?;
    let tile = view.ui.as_ref().and_then(|ui| ui.tile.as_ref());
    let tile = tile.and_then(|tile| tile.tree(reader.catalogue()));
    Ok(Json(ModuleTile { module: name, tile }))
}

/// The modals of a module that is enabled.
#[utoipa::path(get, path = "/api/modules/{name}/modals", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ModuleModals),
    (status = 400, description = "not enabled", body = ProblemDetails),
    (status = 404, description = "no such module", body = ProblemDetails),
))]
pub(crate) async fn modals(
    State(app): State<Arc<App>>,
    _: Principal,
    Path(name): Path<String>,
) -> Result<Json<ModuleModals>, Refusal> {
    let view = modules::fresh_view(&app, &name).await?;
    let modals = view
        .ui
        .as_ref()
        .map_or_else(Tree::empty_list, |ui| ui.modals.clone());
    Ok(Json(ModuleModals {
        module: name,
        modals,
    }))
}

impl ModuleInfo {
    fn of(app: &App, found: &Found, now: Instant, reader: &Reader) -> Self {
        let catalogue = reader.catalogue();
        let manifest = found.manifest.as_deref();
        let blocked = manifest
            .map(|manifest| manifest.blocked(Platform::current()))
            .unwrap_or_default();
        // A folder that lost its name to another one must not show the other's life.
        let view = manifest.and_then(|manifest| app.supervisor.board().get(&manifest.name));
        let text = |field: fn(&ModuleManifest) -> &str| {
            manifest.map_or_else(String::new, |it| field(it).to_owned())
        };
        let problems = ModuleProblem::all(found, view.as_deref(), reader);
        let list =
            |field: fn(&ModuleManifest) -> Vec<String>| manifest.map(field).unwrap_or_default();
        Self {
            name: found.name.clone(),
            display_name: manifest
                .map_or(&found.name, |manifest| &manifest.display_name)
                .clone(),
            enabled: view.as_ref().is_some_and(|view| view.wanted),
            initialized: view.as_ref().is_some_and(|view| view.initialized),
            source: found.source,
            removable: found.source == Source::Community,
            version: manifest.map_or_else(String::new, |manifest| manifest.version.to_string()),
            system_deps: list(|manifest| manifest.dependencies.system.clone()),
            valid: manifest.is_some() && blocked.is_empty(),
            life: match &view {
                Some(view) => snapshot::life(&view.life),
                None if blocked.is_empty() => v1::Life::Stopped,
                None => v1::Life::Blocked,
            },
            preparing: view
                .as_ref()
                .and_then(|view| view.preparing.as_ref())
                .map(|preparing| snapshot::preparing(preparing, catalogue)),
            problem: match view {
                Some(view) => view
                    .trouble
                    .as_deref()
                    .map(|trouble| snapshot::problem(trouble, now, catalogue)),
                None => blocked.first().map(|why| snapshot::unfit(why, catalogue)),
            },
            icon: text(|manifest| &manifest.icon),
            description: text(|manifest| &manifest.description),
            author: text(|manifest| &manifest.author),
            folder: found.folder.display().to_string(),
            category: manifest.and_then(|manifest| manifest.category.clone()),
            tags: list(|manifest| manifest.tags.clone()),
            homepage: manifest.and_then(|manifest| manifest.homepage.clone()),
            repository: manifest.and_then(|manifest| manifest.repository.clone()),
            requires_network: manifest.is_some_and(|manifest| manifest.requires_network),
            capabilities: ModuleCapabilities::of(
                manifest
                    .map(|manifest| manifest.capabilities)
                    .unwrap_or_default(),
            ),
            platforms: list(|manifest| {
                let platforms = manifest.platforms.iter();
                platforms.map(ToString::to_string).collect()
            }),
            python_deps: list(|manifest| {
                let needed = manifest.python_requirements(Platform::current());
                needed.map(ToString::to_string).collect()
            }),
            problems,
            in_development: found.in_development,
        }
    }
}

impl ModuleCapabilities {
    fn of(capabilities: Capabilities) -> Self {
        Self {
            websocket: capabilities.websocket,
            dashboard: capabilities.dashboard,
            detail_page: capabilities.detail_page,
            settings: capabilities.settings,
        }
    }
}

impl ModuleProblem {
    /// All that is known: of its manifest, of this machine, and of what it draws.
    pub(crate) fn all(found: &Found, view: Option<&ModuleView>, reader: &Reader) -> Vec<Self> {
        let manifest = found.manifest.as_deref();
        let blocked = manifest
            .map(|manifest| manifest.blocked(Platform::current()))
            .unwrap_or_default();
        let blocked = blocked
            .iter()
            .map(|why| Self::about(Severity::Error, reader.say(&why.message())));
        let warnings = view.iter().flat_map(|view| &view.warnings);
        let warnings = warnings.map(|warning| Self::about(Severity::Warning, reader.say(warning)));
        let problems = found.problems.iter();
        let problems = problems.map(|problem| Self::of(problem, reader));
        problems.chain(blocked).chain(warnings).collect()
    }

    fn of(problem: &contara_manifest::Problem, reader: &Reader) -> Self {
        let say = |message: &Option<Message>| message.as_ref().map(|message| reader.say(message));
        Self {
            severity: problem.severity,
            message: reader.say(&problem.message),
            file: Some(problem.file.clone()),
            line: problem.line,
            column: problem.column,
            found: say(&problem.found),
            expected: say(&problem.expected),
            help: say(&problem.help),
        }
    }

    fn about(severity: Severity, message: String) -> Self {
        Self {
            severity,
            message,
            file: None,
            line: None,
            column: None,
            found: None,
            expected: None,
            help: None,
        }
    }
}
