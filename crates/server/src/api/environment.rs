//! The Python packages of a module.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contara_system::environments::{EnvironmentStatus, Package, Readiness};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::principal::Principal;
use crate::environment;
use crate::refusal::{ProblemDetails, Refusal};

/// The Python packages of a module and how they are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModuleEnvironment {
    module: String,
    state: EnvironmentState,
    /// What it needs here, as in pip.
    requirements: Vec<String>,
    /// The version of Python, such as `3.11`.
    python: String,
    /// Where they lie; null while there are none, and where Contara's own will do.
    folder: Option<String>,
    packages: Vec<PythonPackage>,
    /// What they take on the disk, in bytes.
    size: u64,
    /// The modules that use the same.
    shared_with: Vec<String>,
}

/// Whether a module's packages can be used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnvironmentState {
    /// All of them are there.
    Ready,
    /// They are being installed.
    Preparing,
    /// They couldn't be had: the module's `problem` says why.
    Failed,
    /// Nobody has needed them yet.
    Missing,
}

/// An installed package.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PythonPackage {
    name: String,
    version: String,
}

/// The Python packages of a module. Looks at each of their files, so ask when somebody wants to know.
#[utoipa::path(get, path = "/api/modules/{name}/environment", tag = "modules", params(("name" = String, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ModuleEnvironment),
    (status = 404, description = "no such module, or it needs no packages", body = ProblemDetails),
    (status = 500, description = "Python can't be asked", body = ProblemDetails),
))]
pub(crate) async fn environment(
    State(app): State<Arc<App>>,
    _: Principal,
    Path(name): Path<String>,
) -> Result<Json<ModuleEnvironment>, Refusal> {
    let found = environment::of(&app, &name).await?;
    let state = match found.status.readiness {
        Readiness::Ready => EnvironmentState::Ready,
        Readiness::Preparing => EnvironmentState::Preparing,
        Readiness::Missing if found.has_failed => EnvironmentState::Failed,
        Readiness::Missing => EnvironmentState::Missing,
    };
    let EnvironmentStatus {
        python,
        folder,
        packages,
        bytes,
        ..
    } = found.status;
    Ok(Json(ModuleEnvironment {
        module: name,
        state,
        requirements: found.requirements,
        python,
        folder: folder.map(|folder| folder.display().to_string()),
        packages: packages.into_iter().map(PythonPackage::of).collect(),
        size: bytes,
        shared_with: found.shared_with,
    }))
}

impl PythonPackage {
    fn of(package: Package) -> Self {
        Self {
            name: package.name,
            version: package.version,
        }
    }
}
