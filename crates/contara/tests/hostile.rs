//! All hostile modules at once beside healthy ones: what they cost the others, in figures.
//!
//! A program of its own, which cargo runs alone, so that no other test disturbs the figures. The promises one by one are in
//! `tests/daemon/hostile`. `cargo test -p contara --test hostile -- --nocapture` prints what was measured.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "what the tests of the daemon need beside this")]
#[path = "daemon/observe.rs"]
mod observe;
#[allow(dead_code, reason = "what the tests of the daemon need beside this")]
#[path = "daemon/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use observe::{peak_memory, processes_of, resident_memory};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use support::{Api, Daemon, data_folder, eventually};

const MIB: u64 = 1024 * 1024;
const HEALTHY: [&str; 2] = ["my_module", "ticker"];

/// Each hostile module, and for what it has to be named: the kind of its problem, and words of it. One that has several kinds
/// at once is named for the latest, and on a busy machine a client may see just one of them. Of those that only do too
/// much of what is allowed, the log says what was dropped, or nothing has to be said.
const HOSTILE: [(&str, Option<(&str, &str)>); 31] = [
    (
        "blocks_its_loop",
        Some(("timeout", "has not answered for 10 s")),
    ),
    ("commits_in_a_thread", None),
    ("commits_in_its_loop", None),
    ("draws_a_huge_tree", Some(("tile", "too large"))),
    ("draws_sometimes", Some(("tile", "an odd tick"))),
    ("eats_memory", Some(("limit", "(memory)"))),
    ("eats_memory_in_children", Some(("limit", "(memory)"))),
    ("exits", Some(("exit", "exit status 7"))),
    ("exits_at_import", Some(("exit", "exit status 3"))),
    (
        "faults_without_end",
        Some(("task or thread", "RuntimeError: fault")),
    ),
    ("floods_the_link", None),
    ("forks_without_end", Some(("limit", "(processes)"))),
    (
        "holds_the_gil",
        Some(("timeout", "has not answered for 10 s")),
    ),
    ("leaves_a_daemon", Some(("exit", "exit status 5"))),
    ("logs_without_end", None),
    ("never_answers", None),
    ("opens_files", Some(("task", "Too many open files"))),
    ("prints_100_mb", None),
    ("prints_one_line", None),
    ("prints_without_end", None),
    (
        "reserves_addresses",
        Some(("task", "Cannot allocate memory")),
    ),
    ("segfaults", Some(("exit", "SIGSEGV"))),
    (
        "sleeps_in_its_loop",
        Some(("timeout", "has not answered for 10 s")),
    ),
    ("spins_in_children", None),
    ("spins_in_threads", None),
    ("starts_threads", Some(("task", "can't start new thread"))),
    ("stores_without_end", None),
    ("writes_a_deep_frame", Some(("link", ""))),
    ("writes_a_giant_frame", Some(("link", ""))),
    ("writes_garbage_to_link", Some(("link", ""))),
    (
        "writes_half_a_frame",
        Some(("timeout", "has not answered for 10 s")),
    ),
];

/// The defaults, but for memory: what the machine has must not be used up by those that try.
const LIMITS: &str = "
[modules.eats_memory.limits]
memory = \"128MiB\"
[modules.eats_memory_in_children.limits]
memory = \"128MiB\"
";

const QUIET: Duration = Duration::from_secs(5);
/// Their start, all at once, is the worst of it and a part of what is measured; with fewer seconds a percentile is a matter of chance.
const HOSTILE_FOR: Duration = Duration::from_secs(45);
/// By then even those that are named after ten seconds without an answer must have been.
const NAMED_WITHIN: Duration = Duration::from_secs(45);

/// How long each of many requests took.
#[derive(Default)]
struct Durations(Vec<Duration>);

impl Durations {
    fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "an index into the list"
        )]
        let index = ((sorted.len() - 1) as f64 * share).round() as usize;
        sorted[index]
    }
}

impl fmt::Display for Durations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |share| self.quantile(share).as_secs_f64() * 1e3;
        let (p50, p99, max) = (ms(0.5), ms(0.99), ms(1.0));
        write!(
            f,
            "p50 {p50:.2} ms, p99 {p99:.2} ms, longest {max:.2} ms ({} times)",
            self.0.len()
        )
    }
}

/// What was measured in one part of the test.
#[derive(Default)]
struct Figures {
    actions: Durations,
    health: Durations,
    /// Between two updates of the module that ticks ten times a second.
    gaps: Durations,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  action of a healthy module   {}", self.actions)?;
        writeln!(f, "  GET /api/health              {}", self.health)?;
        write!(f, "  between updates of a ticker  {}", self.gaps)
    }
}

/// What comes over a v1 socket, noted while it is read.
#[derive(Default)]
struct Seen {
    ticks: Vec<Instant>,
    /// Kind and detail of the problems of each module.
    problems: BTreeMap<String, BTreeSet<(String, String)>>,
}

impl Seen {
    fn take(&mut self, frame: &Value) {
        if frame["type"] != "module_ui" {
            return;
        }
        let module = frame["module"].as_str().unwrap();
        if module == "ticker" {
            self.ticks.push(Instant::now());
        }
        let problem = &frame["problem"];
        if let (Some(kind), Some(detail)) = (problem["kind"].as_str(), problem["detail"].as_str()) {
            let problems = self.problems.entry(module.to_owned()).or_default();
            problems.insert((kind.to_owned(), detail.to_owned()));
        }
    }

    /// The hostile modules that haven't been named for what they do.
    fn unnamed(&self) -> Vec<&'static str> {
        let named = |name: &str, (kind, words): (&str, &str)| {
            self.problems.get(name).is_some_and(|problems| {
                problems.iter().any(|problem| {
                    kind.split(" or ").any(|kind| problem.0 == kind) && problem.1.contains(words)
                })
            })
        };
        let unnamed = HOSTILE
            .iter()
            .filter(|(name, reason)| reason.is_some_and(|reason| !named(name, reason)));
        unnamed.map(|(name, _)| *name).collect()
    }

    /// The time between ticks since then.
    fn gaps(&self, since: Instant) -> Durations {
        let ticks: Vec<_> = self.ticks.iter().filter(|tick| **tick >= since).collect();
        Durations(ticks.windows(2).map(|pair| *pair[1] - *pair[0]).collect())
    }
}

/// Measures for so long, and until `done`.
async fn measure(
    api: &Api,
    seen: &Mutex<Seen>,
    length: Duration,
    done: impl Fn(&Seen) -> bool,
) -> Figures {
    let start = Instant::now();
    let over = Arc::new(AtomicBool::new(false));
    let action = format!("{}/api/modules/my_module/action/increment", api.url);
    let actions = tokio::spawn(requests(api.clone(), action, 10, Arc::clone(&over)));
    let health = format!("{}/api/health", api.url);
    let health = tokio::spawn(requests(api.clone(), health, 20, Arc::clone(&over)));
    let mut pause = tokio::time::interval(Duration::from_millis(100));
    while start.elapsed() < length || !done(&seen.lock().unwrap()) {
        pause.tick().await;
    }
    over.store(true, Ordering::Relaxed);
    Figures {
        actions: actions.await.unwrap(),
        health: health.await.unwrap(),
        gaps: seen.lock().unwrap().gaps(start),
    }
}

/// Sends one request after the other over one connection, with a pause between, until it is over.
async fn requests(api: Api, url: String, pause_ms: u64, over: Arc<AtomicBool>) -> Durations {
    let http = Client::new();
    let mut pause = tokio::time::interval(Duration::from_millis(pause_ms));
    pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        pause.tick().await;
        let request = if url.contains("/action/") {
            http.post(&url)
        } else {
            http.get(&url)
        };
        let start = Instant::now();
        let response = request.bearer_auth(&api.token).send().await.unwrap();
        let status = response.status();
        let body = response.text().await.unwrap();
        took.push(start.elapsed());
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    Durations(took)
}

fn daemon() -> Daemon {
    let names: Vec<_> = HEALTHY
        .into_iter()
        .chain(HOSTILE.map(|(name, _)| name))
        .collect();
    let data = data_folder(&names);
    let limits = data.path().join("limits.toml");
    fs::write(&limits, LIMITS).unwrap();
    Daemon::start_on(data, &["--config", limits.to_str().unwrap()])
}

/// Asks for all hostile modules at once. Some are never answered, some with a refusal.
fn enable_all(api: &Api) {
    for (name, _) in HOSTILE {
        let api = api.clone();
        tokio::spawn(async move {
            let request = api
                .http
                .post(format!("{}/api/modules/{name}/enable", api.url));
            request.bearer_auth(&api.token).send().await
        });
    }
}

async fn read_stream(api: &Api) -> Arc<Mutex<Seen>> {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let (mut stream, noted) = (api.stream().await, Arc::clone(&seen));
    tokio::spawn(async move {
        while let Ok(frame) = stream.next().await {
            noted.lock().unwrap().take(&frame);
        }
    });
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_hostile_modules_at_once_cost_the_healthy_ones_nothing_that_people_notice() {
    let daemon = daemon();
    let api = daemon.pair().await;
    for name in HEALTHY {
        api.enable(name).await;
    }
    let seen = read_stream(&api).await;
    let quiet = measure(&api, &seen, QUIET, |_| true).await;
    let before = resident_memory(daemon.pid());
    println!(
        "without hostile modules\n{quiet}\n  memory of the host           {} MiB",
        before / MIB
    );

    enable_all(&api);
    let start = Instant::now();
    let all_named = |seen: &Seen| seen.unnamed().is_empty() || start.elapsed() > NAMED_WITHIN;
    let hostile = measure(&api, &seen, HOSTILE_FOR, all_named).await;
    let peak = peak_memory(daemon.pid());
    println!("beside {} hostile modules\n{hostile}", HOSTILE.len());
    println!("  memory of the host           {} MiB at most", peak / MIB);
    for (module, problems) in &seen.lock().unwrap().problems {
        for (kind, detail) in problems.iter().take(3) {
            println!(
                "  {module}: {kind}: {}",
                detail.chars().take(160).collect::<String>()
            );
        }
    }
    let unnamed = seen.lock().unwrap().unnamed();

    let (data, log) = stops_in_time(daemon).await;
    println!("  log                          {} KiB", log.len() / 1024);
    assert_eq!(processes_of(data.path()), [0; 0], "left behind");
    assert!(log.len() < 48 * 1024 * 1024, "{} bytes of log", log.len());
    assert_eq!(unnamed, [""; 0], "not named for what they do");
    assert!(peak < 512 * MIB, "{peak} bytes");
    assert!(
        hostile.actions.quantile(0.99) < Duration::from_millis(50),
        "{hostile}"
    );
    assert!(
        hostile.health.quantile(0.99) < Duration::from_millis(50),
        "{hostile}"
    );
    assert!(
        hostile.gaps.quantile(1.0) < Duration::from_secs(5),
        "{hostile}"
    );
}

/// All that runs is told to stop, and what doesn't is ended.
async fn stops_in_time(daemon: Daemon) -> (tempfile::TempDir, String) {
    let start = Instant::now();
    let (status, log, data) = tokio::task::spawn_blocking(|| daemon.stop()).await.unwrap();
    println!(
        "  time to stop                 {:.1} s",
        start.elapsed().as_secs_f64()
    );
    assert_eq!(status.code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(20));
    eventually("the last process to be gone", || async {
        processes_of(data.path()).is_empty().then_some(())
    })
    .await;
    (data, log)
}
