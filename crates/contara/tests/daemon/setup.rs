//! Setup modules from outside: a daemon with setup fixtures, and a client that plans, begins, answers and waits.
//!
//! What scripts and hooks of fixtures leave for tests lies in `probe`, in the data folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Api, Daemon, checkout, contara, eventually, json, run_by, serve_arguments};

mod after;
mod answers;
mod cli;
mod crash;
mod dnf;
mod faults;
mod files;
mod forms;
mod hooks;
mod languages;
mod lines;
mod manifests;
mod packages;
mod plans;
mod queue;
mod read_only;
mod repositories;
mod retry;
mod run;
mod secrets;
mod sentences;
mod shipped;
mod stream;

/// What the tests of setup are configured with, but for what they want to be different.
const CONFIGURATION: &str = r#"
[packages]
manager = "none"

[setup]
hook_seconds = 2
reboot_seconds = 600
reboot_command = ["touch", "the-machine-was-started-again"]
"#;

/// A daemon with setup modules, and a client of it.
pub(crate) struct Machine {
    pub(crate) daemon: Daemon,
    pub(crate) api: Api,
}

/// Who the daemon is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum As {
    /// Root, which can run scripts.
    Root,
    /// Somebody else.
    Nobody,
}

/// A folder for a daemon's data with these setup fixtures.
pub(crate) fn setup_folder(fixtures: &[&str]) -> TempDir {
    let data = tempfile::tempdir().unwrap();
    let (from, to) = (
        checkout().join("tests/fixtures/setup"),
        data.path().join("modules"),
    );
    fs::create_dir_all(&to).unwrap();
    fs::create_dir_all(data.path().join("probe")).unwrap();
    fs::copy(from.join("sections.json"), to.join("sections.json")).unwrap();
    for name in fixtures {
        copy_all(&from.join(name), &to.join(name));
    }
    data
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Adds a module to a data folder: what is said of it beside its slug, its Python, and its script `run.sh`, if any.
pub(crate) fn write_setup(data: &Path, slug: &str, more: &Value, python: &str, script: &str) {
    let folder = data.join("modules").join(slug);
    let mut manifest = json!({"slug": slug, "name": slug});
    manifest
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("desc.json"), manifest.to_string()).unwrap();
    let mut code = python.to_owned();
    if !script.is_empty() {
        fs::write(folder.join("run.sh"), script).unwrap();
        if !code.contains("get_config_info") {
            code += "\ndef get_config_info():\n    return ('run.sh', [])\n";
        }
    }
    fs::write(folder.join("__init__.py"), code).unwrap();
}

/// The same, with dependencies and a script that does nothing.
pub(crate) fn write_plain(data: &Path, slug: &str, dependencies: &[&str]) {
    let more = json!({"module": {"dependencies": dependencies}});
    write_setup(data, slug, &more, "", "echo done\n");
}

/// Whether these tests run as root, as the daemon has to for running scripts.
fn are_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    status.lines().any(|line| {
        line.strip_prefix("Uid:")
            .is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0"))
    })
}

/// `contara serve` as somebody. In a user namespace of its own a process is root, or isn't, whoever runs the tests.
fn serve(arguments: Vec<String>, who: As) -> Command {
    let namespace = match (who, are_root()) {
        (As::Root, true) => return contara(arguments),
        (As::Root, false) => ["--user", "--map-root-user"].as_slice(),
        (As::Nobody, _) => &["--user"],
    };
    let mut unshare = Command::new("unshare");
    unshare.args(namespace);
    run_by(unshare, &contara(arguments))
}

/// What a client posts.
async fn send(client: &Api, path: &str, body: &Value) -> Response {
    let request = client
        .http
        .post(format!("{}/api/setup/{path}", client.url))
        .bearer_auth(&client.token)
        .header("content-type", "application/json")
        .body(body.to_string());
    request.send().await.unwrap()
}

/// With a folder of its own instead of the machine's `/etc`.
fn recording(configuration: &str, data: &Path) -> String {
    let folder = data.join("etc");
    fs::create_dir_all(&folder).unwrap();
    let line = format!("[setup]\nrecorded_folders = [{folder:?}]\n");
    match configuration.contains("recorded_folders") {
        true => configuration.to_owned(),
        false if configuration.contains("[setup]\n") => configuration.replace("[setup]\n", &line),
        false => format!("{configuration}\n{line}"),
    }
}

impl Machine {
    pub(crate) async fn start(fixtures: &[&str]) -> Self {
        Self::start_on(setup_folder(fixtures), CONFIGURATION).await
    }

    /// A daemon on a folder, configured so.
    pub(crate) async fn start_on(data: TempDir, configuration: &str) -> Self {
        Self::start_as(data, configuration, As::Root, &[]).await
    }

    pub(crate) async fn start_as(
        data: TempDir,
        configuration: &str,
        who: As,
        variables: &[(&str, &str)],
    ) -> Self {
        let file = data.path().join("contara.toml");
        fs::write(&file, recording(configuration, data.path())).unwrap();
        let arguments = serve_arguments(data.path(), &["--config", file.to_str().unwrap()]);
        let mut command = serve(arguments, who);
        command
            .current_dir(data.path())
            .envs(variables.iter().copied());
        let daemon = Daemon::start_by(command, data);
        let api = daemon.pair().await;
        Self { daemon, api }
    }

    /// `kill -9`, and another daemon on the same folder.
    pub(crate) async fn kill_and_start(self) -> Self {
        Self::start_on(self.daemon.kill(), CONFIGURATION).await
    }

    pub(crate) fn data(&self) -> &Path {
        self.daemon.data.path()
    }

    fn probe_path(&self, name: &str) -> PathBuf {
        self.data().join("probe").join(name)
    }

    /// What a script left for the tests; empty if it hasn't.
    pub(crate) fn probe(&self, name: &str) -> String {
        fs::read_to_string(self.probe_path(name)).unwrap_or_default()
    }

    /// Makes a file that a script or a hook looks for.
    pub(crate) fn allow(&self, name: &str) {
        fs::write(self.probe_path(name), "").unwrap();
    }

    /// Waits until a script has left something.
    pub(crate) async fn wait_for(&self, name: &str) -> String {
        eventually(name, || async {
            Some(self.probe(name)).filter(|text| text.ends_with('\n'))
        })
        .await
    }

    /// A number that a script has left.
    pub(crate) async fn wait_for_pid(&self, name: &str) -> u32 {
        self.wait_for(name).await.trim().parse().unwrap()
    }

    pub(crate) async fn send(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        json(send(&self.api, path, body).await).await
    }

    pub(crate) async fn read(&self, path: &str) -> Value {
        let (status, body) = self.api.get(&format!("/api/setup/{path}")).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// All of `GET /api/setup`.
    pub(crate) async fn overview(&self) -> Value {
        let (status, body) = self.api.get("/api/setup").await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    pub(crate) async fn module(&self, slug: &str) -> Value {
        self.read(&format!("modules/{slug}")).await
    }

    pub(crate) async fn try_plan(&self, modules: &[&str]) -> (StatusCode, Value) {
        self.send("plans", &json!({"modules": modules})).await
    }

    pub(crate) async fn plan(&self, modules: &[&str]) -> Value {
        let (status, plan) = self.try_plan(modules).await;
        assert_eq!(status, StatusCode::OK, "{plan}");
        plan
    }

    pub(crate) async fn try_begin(&self, modules: &[&str]) -> (StatusCode, Value) {
        self.send("transactions", &json!({"modules": modules}))
            .await
    }

    /// Begins a transaction, and gives its number.
    pub(crate) async fn begin(&self, modules: &[&str]) -> u64 {
        let (status, transaction) = self.try_begin(modules).await;
        assert_eq!(status, StatusCode::CREATED, "{transaction}");
        transaction["id"].as_u64().unwrap()
    }

    pub(crate) async fn transaction(&self, id: u64) -> Value {
        self.read(&format!("transactions/{id}")).await
    }

    /// Does something to a transaction.
    pub(crate) async fn ask(&self, id: u64, what: &str) -> (StatusCode, Value) {
        self.send(&format!("transactions/{id}/{what}"), &json!({}))
            .await
    }

    /// The same, and it is done.
    pub(crate) async fn order(&self, id: u64, what: &str) -> Value {
        let (status, transaction) = self.ask(id, what).await;
        assert_eq!(status, StatusCode::OK, "{what}: {transaction}");
        transaction
    }

    pub(crate) async fn try_answer(&self, id: u64, answers: Value) -> (StatusCode, Value) {
        let body = json!({"answers": answers});
        self.send(&format!("transactions/{id}/answers"), &body)
            .await
    }

    /// Answers the forms, and the answers do.
    pub(crate) async fn answer(&self, id: u64, answers: Value) {
        let (status, body) = self.try_answer(id, answers).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }

    /// The messages at fields of answers that don't do.
    pub(crate) async fn errors(&self, id: u64, answers: Value) -> Value {
        let (status, body) = self.try_answer(id, answers).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(body["kind"], "answers", "{body}");
        body["errors"].clone()
    }

    /// Waits until it neither runs nor is queued, and has come to this.
    pub(crate) async fn until(&self, id: u64, state: &str) -> Value {
        let transaction = eventually(&format!("transaction {id} to be {state}"), || async {
            let transaction = self.transaction(id).await;
            let is_moving = ["queued", "running"].contains(&transaction["state"].as_str().unwrap());
            (!is_moving || transaction["state"] == state).then_some(transaction)
        })
        .await;
        if transaction["state"] != state {
            let log = self.log_text(id).await;
            panic!("{state} was expected: {transaction:#}\n{log}");
        }
        transaction
    }

    /// Begins one whose forms are answered so, if there are any, and waits until it is done.
    pub(crate) async fn run(&self, modules: &[&str], answers: Value) -> u64 {
        let id = self.begin(modules).await;
        if answers.is_object() {
            self.until(id, "waiting").await;
            self.answer(id, answers).await;
        }
        self.until(id, "done").await;
        id
    }

    /// The forms of one that waits for answers.
    pub(crate) async fn forms(&self, id: u64) -> Vec<Value> {
        let body = self.read(&format!("transactions/{id}/form")).await;
        body["forms"].as_array().unwrap().clone()
    }

    /// All lines, part by part.
    pub(crate) async fn log(&self, id: u64) -> Vec<Value> {
        let (mut lines, mut after) = (Vec::new(), 0);
        loop {
            let path = format!("transactions/{id}/log?after={after}&limit=1000");
            let part = self.read(&path).await;
            lines.extend(part["lines"].as_array().unwrap().iter().cloned());
            after = part["next"].as_u64().unwrap();
            if part["more"] != true {
                return lines;
            }
        }
    }

    /// The texts of what scripts have printed.
    pub(crate) async fn output(&self, id: u64) -> Vec<String> {
        let lines = self.log(id).await;
        let output = lines.iter().filter(|line| line["kind"] == "output");
        output.map(|line| text(&line["text"])).collect()
    }

    /// The log as text.
    pub(crate) async fn log_text(&self, id: u64) -> String {
        let path = format!("/api/setup/transactions/{id}/log.txt");
        self.api
            .send(Method::GET, &path)
            .await
            .text()
            .await
            .unwrap()
    }

    pub(crate) async fn summary(&self, id: u64) -> Value {
        self.read(&format!("transactions/{id}/summary")).await
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The values under a key of the members of a list.
pub(crate) fn each(list: &Value, key: &str) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    list.iter().map(|member| text(&member[key])).collect()
}

/// The member of a list with this under a key.
#[track_caller]
pub(crate) fn one<'a>(list: &'a Value, key: &str, value: &str) -> &'a Value {
    let found = list
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member[key] == value);
    found.unwrap_or_else(|| panic!("no {key} {value} in {list:#}"))
}

/// The state of a step.
pub(crate) fn step<'a>(transaction: &'a Value, kind: &str) -> &'a str {
    one(&transaction["steps"], "kind", kind)["state"]
        .as_str()
        .unwrap()
}
