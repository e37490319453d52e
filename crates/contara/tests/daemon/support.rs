//! The real daemon in a folder of its own, and clients to talk to it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Longer than anything here takes on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A data folder, and the daemon on it.
pub(crate) struct Daemon {
    pub(crate) data: TempDir,
    pub(crate) url: String,
    pub(crate) code: String,
    pub(crate) http: Client,
    child: Reaped,
    log: Log,
}

/// The checkout.
pub(crate) fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// A module that tests share, hostile or not.
pub(crate) fn fixture(name: &str) -> PathBuf {
    let fixtures = checkout().join("tests/fixtures");
    let folder = ["modules", "hostile"].map(|kind| fixtures.join(kind).join(name));
    let found = folder.into_iter().find(|folder| folder.exists());
    found.unwrap_or_else(|| panic!("no fixture is called {name}"))
}

/// The Python with the SDK.
pub(crate) fn python() -> PathBuf {
    let named = std::env::var_os("CONTARA_PYTHON").map(PathBuf::from);
    named.unwrap_or_else(|| checkout().join("python/.venv/bin/python"))
}

/// `contara` with arguments, in English whatever the language of the terminal is that tests run in.
pub(crate) fn contara<I: AsRef<std::ffi::OsStr>>(
    arguments: impl IntoIterator<Item = I>,
) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contara"));
    command
        .args(arguments)
        .env_remove("CONTARA_DATA_DIR")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANG")
        .env("CONTARA_PYTHON", python())
        .env("CONTARA_LOG", "info");
    command
}

/// The same run by another program, in the same environment.
pub(crate) fn run_by(mut other: Command, command: &Command) -> Command {
    other.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
    other
}

/// The arguments of `contara serve` on a data folder, on a free port unless `more` names one.
pub(crate) fn serve_arguments(data: &Path, more: &[&str]) -> Vec<String> {
    let data = data.to_str().unwrap();
    let mut arguments = vec!["serve", "--ready-json", "--data-dir", data];
    if !more.contains(&"--port") {
        arguments.extend(["--port", "0"]);
    }
    let all = arguments.iter().chain(more);
    all.map(|&argument| argument.to_owned()).collect()
}

/// Runs `contara` to its end.
pub(crate) fn run<I: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = I>) -> Output {
    contara(arguments).output().unwrap()
}

/// What a command wrote to standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder for a daemon's data, with these fixtures in its modules folder.
pub(crate) fn data_folder(fixtures: &[&str]) -> TempDir {
    let data = tempfile::tempdir().unwrap();
    for name in fixtures {
        copy(&fixture(name), &data.path().join("modules").join(name));
    }
    data
}

/// Copies a module's files.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Changes a module's code. The new one must have another length: Python takes bytecode of the same second and length for
/// current.
pub(crate) fn rewrite(module: &Path, from: &str, to: &str) {
    assert_ne!(from.len(), to.len());
    let code = module.join("__init__.py");
    let before = fs::read_to_string(&code).unwrap();
    assert!(before.contains(from));
    fs::write(&code, before.replace(from, to)).unwrap();
}

/// Writes a module of this code, with a good manifest.
pub(crate) fn write_module(folder: &Path, code: &str) {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let manifest = fs::read_to_string(fixture("my_module").join("module.json")).unwrap();
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("__init__.py"), code).unwrap();
    fs::write(
        folder.join("module.json"),
        manifest.replace("my_module", name),
    )
    .unwrap();
}

impl Daemon {
    pub(crate) fn start(fixtures: &[&str]) -> Self {
        Self::start_on(data_folder(fixtures), &[])
    }

    /// Starts a daemon on a data folder and waits until it listens.
    pub(crate) fn start_on(data: TempDir, more: &[&str]) -> Self {
        Self::start_in(data, more, &[])
    }

    /// Starts one with these variables too.
    pub(crate) fn start_in(data: TempDir, more: &[&str], variables: &[(&str, &str)]) -> Self {
        let arguments = serve_arguments(data.path(), more);
        let mut command = contara(arguments);
        command.envs(variables.iter().copied());
        Self::start_by(command, data)
    }

    /// Starts one with a command that ends up as `contara serve` on this folder, in the same process.
    pub(crate) fn start_by(mut command: Command, data: TempDir) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = Reaped(command.spawn().unwrap());
        let mut line = String::new();
        let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let log = Log::follow(child.0.stderr.take().unwrap());
        if line.is_empty() {
            child.0.wait().unwrap();
            panic!("the daemon did not start: {}", log.whole());
        }
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["pid"], child.0.id());
        let text = |key: &str| ready[key].as_str().unwrap().to_owned();
        assert_eq!(
            text("pairing_url"),
            format!("{}/#pair={}", text("url"), text("pairing_code"))
        );
        Self {
            data,
            url: text("url"),
            code: text("pairing_code"),
            // A connection that is kept would be reused after the daemon was killed.
            http: Client::builder().pool_max_idle_per_host(0).build().unwrap(),
            child,
            log,
        }
    }

    pub(crate) fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.0.id()
    }

    pub(crate) fn log(&self) -> String {
        self.log.text.lock().unwrap().clone()
    }

    pub(crate) fn modules(&self) -> PathBuf {
        self.data.path().join("modules")
    }

    /// `kill -9`; gives the folder back.
    pub(crate) fn kill(mut self) -> TempDir {
        self.child.0.kill().unwrap();
        self.child.0.wait().unwrap();
        self.data
    }

    /// SIGTERM; gives the exit status and the log.
    pub(crate) fn stop(mut self) -> (ExitStatus, String, TempDir) {
        signal(self.child.0.id(), "TERM");
        let status = self.child.0.wait().unwrap();
        (status, self.log.whole(), self.data)
    }

    /// The worker processes that live now.
    pub(crate) fn workers(&self) -> Vec<u32> {
        workers_of(self.pid())
    }

    /// A pairing code that `contara pair` gives.
    pub(crate) fn fresh_code(&self) -> String {
        let output = run([
            "pair",
            "--json",
            "--data-dir",
            self.data.path().to_str().unwrap(),
        ]);
        assert!(output.status.success(), "{}", stderr(&output));
        let code: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(code["expires_in_seconds"], 300);
        code["pairing_code"].as_str().unwrap().to_owned()
    }

    /// A paired API client.
    pub(crate) async fn pair(&self) -> Api {
        self.pair_by(&self.code).await
    }

    /// One that is paired with this code.
    pub(crate) async fn pair_by(&self, code: &str) -> Api {
        let response = self
            .post("/api/auth/pair")
            .json(&serde_json::json!({"pairing_code": code}))
            .send()
            .await;
        let body: Value = response.unwrap().json().await.unwrap();
        Api {
            url: self.url.clone(),
            http: self.http.clone(),
            token: body["api_token"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }
}

/// What the daemon has logged so far.
struct Log {
    text: Arc<Mutex<String>>,
    reader: std::thread::JoinHandle<()>,
}

impl Log {
    fn follow(errors: ChildStderr) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                *shared.lock().unwrap() += &(line + "\n");
            }
        });
        Self { text, reader }
    }

    /// All of it, once the daemon has ended.
    fn whole(self) -> String {
        self.reader.join().unwrap();
        self.text.lock().unwrap().clone()
    }
}

/// A process that ends with the test.
struct Reaped(Child);

impl Drop for Reaped {
    fn drop(&mut self) {
        // Already gone after `kill` and `stop`.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A command that goes on, ended with the test.
pub(crate) struct Following {
    child: Reaped,
    lines: Receiver<String>,
}

impl Following {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = Reaped(command.stdout(Stdio::piped()).spawn().unwrap());
        let stdout = child.0.stdout.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // The test may have seen enough.
                let _ = sender.send(line);
            }
        });
        Self { child, lines }
    }

    /// Reads on until a line holds this.
    pub(crate) fn until(&mut self, text: &str) -> String {
        let mut seen = String::new();
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("no line with {text} after {seen}");
            };
            if line.contains(text) {
                return line;
            }
            seen += &(line + "\n");
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// Waits until it has ended.
    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.0.wait().unwrap()
    }
}

/// The workers of a daemon: what its spawner has started, but for the spare, which still writes where the spawner does.
pub(crate) fn workers_of(daemon: u32) -> Vec<u32> {
    let Some(spawner) = spawner_of(daemon) else {
        return Vec::new();
    };
    let output = |pid: u32| fs::read_link(format!("/proc/{pid}/fd/1")).ok();
    let mut workers = children_of(spawner);
    workers.retain(|worker| output(*worker).is_some_and(|it| Some(it) != output(spawner)));
    workers
}

/// The spawner of a daemon, if it runs.
pub(crate) fn spawner_of(daemon: u32) -> Option<u32> {
    children_of(daemon).into_iter().find(|child| {
        let command = fs::read_to_string(format!("/proc/{child}/cmdline"));
        command.is_ok_and(|command| command.contains("contara_worker.spawner"))
    })
}

fn children_of(pid: u32) -> Vec<u32> {
    let children = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let parent: u32 = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            (parent == pid).then_some(id)
        });
    children.collect()
}

/// Whether a process is there and no zombie.
pub(crate) fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

pub(crate) fn signal(pid: u32, name: &str) {
    assert!(
        Command::new("kill")
            .args([&format!("-{name}"), &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// Waits until `probe` gives something.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut probe: impl FnMut() -> F,
) -> T {
    let start = Instant::now();
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        pause.tick().await;
    }
}

/// A client with a bearer token.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) url: String,
    pub(crate) http: Client,
    pub(crate) token: String,
}

impl Api {
    /// The same client, but it says that it reads these languages.
    pub(crate) fn reading(&self, languages: &str) -> Self {
        let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, languages.parse().unwrap())]);
        let client = Client::builder().default_headers(headers);
        Self {
            http: client.build().unwrap(),
            ..self.clone()
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str) -> Response {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        json(self.send(Method::GET, path).await).await
    }

    pub(crate) async fn post(&self, path: &str) -> (StatusCode, Value) {
        json(self.send(Method::POST, path).await).await
    }

    pub(crate) async fn post_text(&self, path: &str, body: &str) -> (StatusCode, Value) {
        let request = self
            .http
            .post(format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            .body(body.to_owned());
        json(request.send().await.unwrap()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self
            .http
            .put(format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            .body(body.to_string());
        json(request.send().await.unwrap()).await
    }

    pub(crate) async fn enable(&self, name: &str) {
        let (status, body) = self.post(&format!("/api/modules/{name}/enable")).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }

    /// What `/api/modules` says of a module.
    pub(crate) async fn module(&self, name: &str) -> Option<Value> {
        let (_, body) = self.get("/api/modules").await;
        body["modules"]
            .as_array()
            .unwrap()
            .iter()
            .find(|module| module["name"] == name)
            .cloned()
    }

    /// What `/api/state` says of a module.
    pub(crate) async fn snapshot(&self, name: &str) -> Value {
        let (_, body) = self.get("/api/state").await;
        let modules = body["modules"].as_array().unwrap();
        modules
            .iter()
            .find(|module| module["name"] == name)
            .cloned()
            .unwrap_or_default()
    }

    pub(crate) async fn wait_for_life(&self, name: &str, life: &str) -> Value {
        eventually(&format!("{name} to be {life}"), || async {
            let snapshot = self.snapshot(name).await;
            (snapshot["life"] == life).then_some(snapshot)
        })
        .await
    }

    pub(crate) async fn stream(&self) -> Stream {
        self.stream_by("").await
    }

    /// With more of a query.
    pub(crate) async fn stream_by(&self, more: &str) -> Stream {
        let url = self.url.replace("http", "ws");
        let url = format!("{url}/ws?token={}{more}", self.token);
        Stream(tokio_tungstenite::connect_async(url).await.unwrap().0)
    }
}

pub(crate) async fn json(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// A stream v1 client.
pub(crate) struct Stream(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Stream {
    /// The next frame, or the close code.
    pub(crate) async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("a frame in time");
            match message {
                Some(Ok(Message::Binary(bytes))) => {
                    return Ok(rmp_serde::from_slice(&bytes).unwrap());
                }
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(Message::Text(text))) => panic!("a text frame: {text}"),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.unwrap();
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }
}

/// The value of the first stat of a module's tile.
pub(crate) fn count(ui: &Value) -> i64 {
    ui["tile"]["stats"][0]["value"].as_i64().unwrap_or(-1)
}

/// A v1 ping.
pub(crate) fn ping() -> Message {
    Message::Binary(
        rmp_serde::to_vec_named(&serde_json::json!({"type": "ping"}))
            .unwrap()
            .into(),
    )
}
