//! One promise, one test: what becomes of a module that does its worst, and that it costs nobody else anything.
//! All of them at once are in `tests/hostile.rs`, which is a program of its own, so that nothing else disturbs its figures.

mod blocking;
mod ending;
mod link;
mod memory;
mod output;
mod processes;
mod trees;

use std::cell::RefCell;
use std::path::PathBuf;

use reqwest::StatusCode;
use serde_json::Value;

use crate::observe::{peak_memory, processes_of, resident_memory};
use crate::support::{Api, Daemon, data_folder, eventually};

const MIB: u64 = 1024 * 1024;

/// The defaults, but for memory: what the machine has must not be used up by those that try.
const LIMITS: &str = "
[modules.eats_memory.limits]
memory = \"128MiB\"
[modules.eats_memory_in_children.limits]
memory = \"128MiB\"
";

/// A hostile module beside a healthy one.
struct Culprit {
    daemon: Daemon,
    api: Api,
    name: &'static str,
    /// The daemon's memory before.
    before: u64,
}

impl Culprit {
    /// Starts a daemon, enables `my_module`, and then the culprit, which may do its worst before that is answered.
    async fn enabled(name: &'static str) -> Self {
        let culprit = Self::installed(name).await;
        culprit.enable(name);
        culprit
    }

    async fn installed(name: &'static str) -> Self {
        let data = data_folder(&["my_module", name]);
        let limits = data.path().join("limits.toml");
        std::fs::write(&limits, LIMITS).unwrap();
        let daemon = Daemon::start_on(data, &["--config", limits.to_str().unwrap()]);
        let api = daemon.pair().await;
        api.enable("my_module").await;
        let before = resident_memory(daemon.pid());
        Self {
            daemon,
            api,
            name,
            before,
        }
    }

    fn enable(&self, name: &'static str) {
        let api = self.api.clone();
        // It may fail, and the daemon may be gone by then.
        tokio::spawn(async move {
            let request = api
                .http
                .post(format!("{}/api/modules/{name}/enable", api.url));
            request.bearer_auth(&api.token).send().await
        });
    }

    async fn problem(&self, name: &str) -> Value {
        self.api.snapshot(name).await["problem"].clone()
    }

    /// Waits until the culprit is named, for a reason of this kind in these words.
    async fn is_named(&self, kind: &str, words: &str) -> Value {
        self.names(self.name, kind, words).await
    }

    async fn names(&self, name: &str, kind: &str, words: &str) -> Value {
        let last = RefCell::new(Value::Null);
        let what = format!("{name} to have a problem of the kind {kind}: {words}");
        eventually(&what, || async {
            let problem = self.problem(name).await;
            if last.replace(problem["detail"].clone()) != problem["detail"] {
                println!("{name}: {}: {}", problem["kind"], problem["detail"]);
            }
            let detail = problem["detail"].as_str().unwrap_or_default();
            (problem["kind"] == kind && detail.contains(words)).then_some(problem)
        })
        .await
    }

    /// Waits until its log has a line that begins so.
    async fn says(&self, line: &str) {
        let path = format!("/api/modules/{}/logs?limit=1000", self.name);
        eventually(&format!("{} to say {line}", self.name), || async {
            let (_, part) = self.api.get(&path).await;
            let lines = part["lines"].as_array()?;
            lines
                .iter()
                .filter_map(|found| found["message"].as_str())
                .any(|found| found.starts_with(line))
                .then_some(())
        })
        .await;
    }

    /// The processes of the culprit that live.
    fn processes(&self) -> Vec<u32> {
        processes_of(&self.home())
    }

    /// What the culprit's processes are known by.
    fn home(&self) -> PathBuf {
        self.daemon.data.path().join("module-data").join(self.name)
    }

    async fn is_gone(&self) {
        eventually("its processes to be gone", || async {
            self.processes().is_empty().then_some(())
        })
        .await;
    }

    /// How much memory the daemon has taken, at most, since the culprit was enabled.
    fn memory_taken(&self) -> u64 {
        peak_memory(self.daemon.pid()).saturating_sub(self.before)
    }

    /// The healthy module and the daemon are as they were, and the culprit can be switched off.
    async fn harmed_nobody(self) {
        let (status, _) = self
            .api
            .post("/api/modules/my_module/action/increment")
            .await;
        assert_eq!(status, StatusCode::OK);
        let healthy = self.api.snapshot("my_module").await;
        assert_eq!(
            (&healthy["life"], &healthy["problem"]),
            (&"running".into(), &Value::Null)
        );
        let (status, _) = self.api.get("/api/health").await;
        assert_eq!(status, StatusCode::OK);
        let path = format!("/api/modules/{}/disable", self.name);
        // A stop that fails is told so; the module is off all the same.
        self.api.post(&path).await;
        assert_eq!(self.api.snapshot(self.name).await["enabled"], false);
        let (status, log, data) = self.daemon.stop();
        assert_eq!(status.code(), Some(0), "{log}");
        // What was killed comes last, and on a machine with much to do that takes a while.
        eventually("nothing to be left behind", || async {
            processes_of(data.path()).is_empty().then_some(())
        })
        .await;
    }
}
