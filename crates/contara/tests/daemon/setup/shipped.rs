//! The setup modules that ship, for real: installed on a Debian root from nothing, used by a client, configured anew, edited by hand,
//! undone. They change the machine that they run on, so they run where `cargo xtask test setup` makes one for them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Machine, each, step, text};
use crate::support::{Daemon, checkout, contara, serve_arguments};

mod nfs_server;
mod postgresql;
mod samba;

/// Longer than apt takes for any of them on a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// A daemon on the machine as it is, with the modules that ship.
async fn start(data: TempDir) -> Machine {
    let file = data.path().join("contara.toml");
    // A kernel that is a program is slow.
    let configuration = "[packages]\nmanager = \"apt\"\n[setup]\nhook_seconds = 60\n";
    fs::write(&file, configuration).unwrap();
    let modules = checkout().join("modules/setup");
    let more = [
        "--config",
        file.to_str().unwrap(),
        "--builtin-modules",
        modules.to_str().unwrap(),
    ];
    let daemon = Daemon::start_by(contara(serve_arguments(data.path(), &more)), data);
    let api = daemon.pair().await;
    Machine { daemon, api }
}

impl Machine {
    /// Waits for as long as packages may take.
    async fn comes_to(&self, id: u64, state: &str) -> Value {
        let start = Instant::now();
        loop {
            let transaction = self.transaction(id).await;
            let is_moving = ["queued", "running"].contains(&text(&transaction["state"]).as_str());
            if !is_moving || start.elapsed() > PATIENCE {
                return self.until(id, state).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Begins a module that isn't there yet, and waits until its packages are and it asks.
    async fn installs(&self, slug: &str) -> u64 {
        let plan = self.plan(&[slug]).await;
        assert_eq!(plan["problems"], json!([]), "{plan:#}");
        assert_ne!(plan["packages"]["install"], json!([]), "{plan:#}");
        let start = Instant::now();
        let id = self.begin(&[slug]).await;
        let waiting = self.comes_to(id, "waiting").await;
        assert_eq!(step(&waiting, "packages"), "done");
        println!("{slug}: packages in {:.1} s", start.elapsed().as_secs_f64());
        id
    }

    /// Answers, waits until it is done, and gives the number of files that it changed below `/etc` and what it said.
    async fn configures(&self, id: u64, slug: &str, answers: &Value) -> (usize, String) {
        let start = Instant::now();
        self.comes_to(id, "waiting").await;
        self.answer(id, json!({ slug: answers })).await;
        self.comes_to(id, "done").await;
        println!(
            "{slug}: configured in {:.1} s",
            start.elapsed().as_secs_f64()
        );
        let changes = self.read(&format!("transactions/{id}/changes")).await;
        let files = each(&changes["files"], "path");
        println!("{slug}: files {files:?}");
        let said = self.output(id).await.join("\n");
        println!("{said}");
        (files.len(), said)
    }

    /// Configures a module anew.
    async fn again(&self, slug: &str, answers: &Value) -> (u64, usize, String) {
        let (status, begun) = self.send("transactions", &anew(slug)).await;
        assert_eq!(status, StatusCode::CREATED, "{begun}");
        let id = begun["id"].as_u64().unwrap();
        let (files, said) = self.configures(id, slug, answers).await;
        (id, files, said)
    }

    /// The values that stand in a module's form when it is configured anew, by name; `true` for a password that is set.
    async fn current(&self, slug: &str) -> Value {
        let (status, plan) = self.send("plans", &anew(slug)).await;
        assert_eq!(status, StatusCode::OK, "{plan}");
        let form = &plan["modules"][0]["form"];
        let value = |field: &Value| match &field["type"] {
            kind if kind == "password" => field["is_set"].clone(),
            _ => field["value"].clone(),
        };
        let fields = form["fields"].as_array().unwrap().iter();
        fields
            .map(|field| (text(&field["name"]), value(field)))
            .collect()
    }

    /// Takes a transaction back.
    async fn undoes(&self, id: u64) {
        let undone = self.order(id, "undo").await;
        assert_eq!(undone["complete"], true, "{undone}");
    }
}

/// A module that is configured already.
fn anew(slug: &str) -> Value {
    json!({"modules": [slug], "reconfigure": true})
}

/// Runs a program of the machine's, and gives what it printed.
#[track_caller]
fn sh(script: &str) -> Result<String, String> {
    let output = Command::new("bash").args(["-c", script]).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(printed.trim().to_owned()),
        false => Err(printed + &String::from_utf8_lossy(&output.stderr)),
    }
}

/// Changes a file as a person would.
fn edit(path: &Path, from: &str, to: &str) {
    let before = fs::read_to_string(path).unwrap();
    assert!(before.contains(from), "{before}");
    fs::write(path, before.replace(from, to)).unwrap();
}
