//! One build, from requirements to a folder of packages, or the reason why there is none.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contara_i18n::message;
use sha2::{Digest, Sha256};
use tokio::process::Command;
use tokio::sync::{OnceCell, Semaphore};

use super::facts::Facts;
use super::installer::{Installer, Network, Pin};
use super::preparation::{PreparationEnd, Reporter};
use super::program::run;
use super::resolution::{Resolution, Resolver};
use super::shelf::{Contents, Shelf, Unfinished};
use super::steps::Steps;
use super::variables::Variables;
use super::{Doing, EnvironmentError, Packages};
use crate::worker_process::Interpreter;

/// What all builds share.
#[derive(Debug)]
pub(super) struct Workshop {
    pub(super) interpreter: Interpreter,
    /// Where the installers keep downloads.
    pub(super) cache: std::path::PathBuf,
    pub(super) variables: Variables,
    pub(super) shelf: Shelf,
    /// Asked once: another Python or SDK means another daemon.
    pub(super) facts: OnceCell<Facts>,
    /// For all of one build.
    pub(super) limit: Duration,
    pub(super) turns: Semaphore,
}

/// Builds at once. Each keeps a core and the network busy; two, so that a large download doesn't hold up a small one.
pub(super) const AT_ONCE: usize = 2;

/// For all of one build, unless configured otherwise. The largest packages have some 2 GB, which takes 7 minutes at 40 Mbit/s; a slower line goes on
/// from what uv has kept when it is tried again.
pub(super) const LIMIT: Duration = Duration::from_secs(10 * 60);

/// Packages that one process compiles in about the time that several take to start.
const FEW: usize = 5;

impl Workshop {
    /// What the interpreter is: asked once.
    pub(super) async fn facts(&self) -> Result<&Facts, EnvironmentError> {
        let asked = self
            .facts
            .get_or_try_init(|| Facts::ask(&self.interpreter, &self.variables));
        asked.await
    }

    /// Finds the packages or makes them.
    pub(super) async fn build(
        self: Arc<Self>,
        requirements: Vec<String>,
        reporter: &Reporter,
    ) -> PreparationEnd {
        let facts = self.facts().await?;
        if requirements.iter().all(|each| facts.meet(each)) {
            return Ok(None);
        }
        let key = key(&requirements, facts);
        if let Some(found) = self.find(&key).await {
            return Ok(found);
        }
        let steps = Steps::new(reporter);
        let _turn = self.turn(&steps).await;
        let make = Make {
            workshop: &self,
            facts,
            requirements: &requirements,
            key: &key,
            steps: &steps,
        };
        let made = tokio::time::timeout(self.limit, make.make()).await;
        made.unwrap_or(Err(EnvironmentError::TooLong(self.limit)))
    }

    /// Reading a few files may take long on a disk that sleeps.
    async fn find(self: &Arc<Self>, key: &str) -> Option<Option<Packages>> {
        let (workshop, key) = (self.clone(), key.to_owned());
        let found = tokio::task::spawn_blocking(move || workshop.shelf.find(&key));
        found.await.ok().flatten()
    }

    async fn turn(&self, steps: &Steps<'_>) -> Option<tokio::sync::SemaphorePermit<'_>> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Some(turn);
        }
        steps.begin(message!("Waiting until other packages are installed"), None);
        self.turns.acquire().await.ok()
    }
}

/// One that has to be made.
struct Make<'a> {
    workshop: &'a Arc<Workshop>,
    facts: &'a Facts,
    requirements: &'a [String],
    key: &'a str,
    steps: &'a Steps<'a>,
}

impl Make<'_> {
    async fn make(&self) -> PreparationEnd {
        let start = Instant::now();
        let workshop = self.workshop;
        let python = &workshop.interpreter.python;
        let installer = Installer::find(python, self.facts, &workshop.cache, &workshop.variables)?;
        self.steps.note(format!(
            "Installing Python packages with {}: {}",
            installer.name(),
            self.requirements.join(", ")
        ));
        let unfinished = Arc::new(workshop.shelf.begin()?);
        let resolution = self.install(&installer, &unfinished).await?;
        let count = resolution.pins.len();
        self.compile(&unfinished, count).await;
        let packages = self.finish(unfinished, resolution).await?;
        self.steps.note(format!(
            "Python packages are ready: {count}, after {:.1} s",
            start.elapsed().as_secs_f32()
        ));
        Ok(packages)
    }

    /// Asks the network first. Without one, what was downloaded before may do.
    async fn install(
        &self,
        installer: &Installer,
        unfinished: &Unfinished,
    ) -> Result<Resolution, EnvironmentError> {
        match self.attempt(installer, unfinished, Network::Online).await {
            Err(error @ EnvironmentError::NoNetwork { .. }) if installer.knows_offline() => {
                self.steps
                    .note("No network: trying what was downloaded before".to_owned());
                let attempt = self.attempt(installer, unfinished, Network::Offline).await;
                attempt.map_err(|_| error)
            }
            result => result,
        }
    }

    async fn attempt(
        &self,
        installer: &Installer,
        unfinished: &Unfinished,
        network: Network,
    ) -> Result<Resolution, EnvironmentError> {
        let resolver = Resolver {
            installer,
            facts: self.facts,
            folder: &unfinished.path,
            network,
            steps: self.steps,
        };
        let resolution = resolver.resolve(self.requirements).await?;
        let count = resolution.pins.len();
        if count > 0 {
            self.steps
                .begin(message!("Installing packages"), Some(count));
            let list = unfinished.path.join("requirements.txt");
            let text = resolution
                .pins
                .iter()
                .map(|pin| format!("{pin}\n"))
                .collect::<String>();
            std::fs::write(&list, text).map_err(EnvironmentError::folder(&list))?;
            let site = unfinished.site();
            installer.install(&list, &site, network, self.steps).await?;
        }
        Ok(resolution)
    }

    /// Compiles now what each worker would have to compile at its first start. Files that aren't for this Python don't
    /// compile, which matters to nobody.
    async fn compile(&self, unfinished: &Unfinished, count: usize) {
        if count == 0 {
            return;
        }
        self.steps.begin(message!("Compiling packages"), None);
        // 0 is one process for each core, which takes 0.3 s to begin with.
        let processes = if count > FEW { "0" } else { "1" };
        let mut command = Command::new(&self.workshop.interpreter.python);
        let cache = format!("pycache_prefix={}", unfinished.bytecode().display());
        command
            .args(["-P", "-X", &cache, "-m", "compileall", "-q"])
            .args(["-j", processes])
            .arg(unfinished.site())
            .env_clear()
            .envs(self.workshop.variables.iter())
            .stdout(Stdio::null());
        // It says what it can't compile, at length.
        let _ = run(command, Doing::Compiling, &|_| ()).await;
    }

    async fn finish(&self, unfinished: Arc<Unfinished>, resolution: Resolution) -> PreparationEnd {
        let contents = Contents {
            requirements: self.requirements.to_vec(),
            packages: resolution.pins.iter().map(Pin::to_string).collect(),
            overrides_sdk: resolution.overrides_sdk,
            entries: unfinished.entries()?,
        };
        let (workshop, key) = (self.workshop.clone(), self.key.to_owned());
        let finish = move || workshop.shelf.finish(&unfinished, &key, &contents);
        tokio::task::spawn_blocking(finish)
            .await
            .unwrap_or_else(|error| {
                Err(EnvironmentError::folder(Path::new(self.key))(
                    std::io::Error::other(error),
                ))
            })
    }
}

/// Names an environment: by what was asked for, the Python (its patch releases share one), and the SDK's packages, which
/// aren't in it and which it goes with.
pub(super) fn key(requirements: &[String], facts: &Facts) -> String {
    let mut hash = Sha256::new();
    let python = [&facts.python, &facts.abi, &facts.platform];
    let pins = facts.pins();
    for text in requirements.iter().chain(python).chain(&pins) {
        hash.update(text);
        hash.update(b"\n");
    }
    let hash = hash.finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
