//! Modules with Python packages of their own: installed, shared, kept, and missing. There is no network: packages come from
//! a folder, and those with a gate are built for as long as a test wants to look.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Api, Daemon, checkout, copy, data_folder, eventually, fixture, python, run, stderr,
};

const PACKAGE: &str = "contara-test-greeting";

/// A folder of packages, and what the daemon has to be told to find them there.
struct Shop(TempDir);

impl Shop {
    fn open() -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        fs::create_dir(shop.shelf()).unwrap();
        shop
    }

    fn shelf(&self) -> PathBuf {
        self.0.path().join("shelf")
    }

    fn gate(&self) -> PathBuf {
        self.0.path().join("gate")
    }

    fn add(&self, version: &str) {
        self.make(version, None);
    }

    /// One that takes until the gate is opened.
    fn add_gated(&self, version: &str) {
        self.make(version, Some(&self.gate()));
    }

    fn open_gate(&self) {
        fs::write(self.gate(), "").unwrap();
    }

    fn make(&self, version: &str, gate: Option<&Path>) {
        let mut make = Command::new(python());
        make.arg(checkout().join("tests/fixtures/make_package.py"))
            .arg(self.shelf())
            .args([PACKAGE, version])
            .args(gate);
        assert!(make.status().unwrap().success());
    }

    fn daemon(&self, data: TempDir) -> Daemon {
        let shelf = self.shelf();
        let variables = [
            ("UV_NO_INDEX", "1"),
            ("UV_FIND_LINKS", shelf.to_str().unwrap()),
        ];
        Daemon::start_in(data, &[], &variables)
    }
}

/// Port 9 discards; here nobody listens on it.
fn without_network(data: TempDir) -> Daemon {
    let variables = [
        ("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple"),
        ("UV_HTTP_RETRIES", "0"),
    ];
    Daemon::start_in(data, &[], &variables)
}

/// Another module that needs another version.
fn add_greeter(data: &Path, name: &str, version: &str) {
    let folder = data.join("modules").join(name);
    copy(&fixture("greeter"), &folder);
    require(&folder, name, version);
}

fn require(folder: &Path, name: &str, version: &str) {
    let manifest = fs::read_to_string(fixture("greeter").join("module.json")).unwrap();
    let manifest = manifest
        .replace("\"greeter\"", &format!("\"{name}\""))
        .replace("==1.0", &format!("=={version}"));
    fs::write(folder.join("module.json"), manifest).unwrap();
}

/// A command to this daemon.
fn ask(daemon: &Daemon, arguments: &[&str]) -> Output {
    let data = ["--data-dir", daemon.data.path().to_str().unwrap()];
    run(arguments.iter().chain(&data))
}

async fn enable(api: &Api, name: &str) -> (StatusCode, Value) {
    api.post(&format!("/api/modules/{name}/enable")).await
}

/// The version that a tile shows.
fn shown(snapshot: &Value) -> &str {
    snapshot["ui"]["tile"]["stats"][0]["value"]
        .as_str()
        .unwrap_or_default()
}

async fn runs_with(api: &Api, name: &str, version: &str) {
    let snapshot = api.wait_for_life(name, "running").await;
    assert_eq!(shown(&snapshot), version, "{snapshot}");
}

#[tokio::test]
async fn the_packages_of_a_module_can_be_looked_at_however_they_are() {
    let shop = Shop::open();
    shop.add_gated("1.0");
    let daemon = shop.daemon(data_folder(&["greeter", "my_module"]));
    add_greeter(daemon.data.path(), "twin", "1.0");
    add_greeter(daemon.data.path(), "wanting", "3.0");
    let api = daemon.pair().await;
    eventually("the twins", || api.module("wanting")).await;
    let look = async |name: &str| {
        let path = format!("/api/modules/{name}/environment");
        api.get(&path).await
    };
    let state = async |name: &str| look(name).await.1["state"].clone();

    let (status, answer) = look("my_module").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{answer}");
    let (_, missing) = look("greeter").await;
    assert_eq!(
        missing,
        json!({
            "module": "greeter", "state": "missing", "requirements": [format!("{PACKAGE}==1.0")],
            "python": missing["python"], "folder": null, "packages": [], "size": 0, "shared_with": ["twin"],
        })
    );
    let version = missing["python"].as_str().unwrap();
    assert!(version.starts_with("3."), "{version}");

    enable(&api, "greeter").await;
    assert_eq!(state("twin").await, "preparing");
    shop.open_gate();
    runs_with(&api, "greeter", "1.0").await;
    let (_, ready) = look("greeter").await;
    assert_eq!(
        (&ready["state"], &ready["packages"]),
        (
            &"ready".into(),
            &json!([{"name": PACKAGE, "version": "1.0"}])
        )
    );
    assert!(ready["size"].as_u64().unwrap() > 0, "{ready}");
    let folder = ready["folder"].as_str().unwrap();
    assert!(Path::new(folder).join("site").is_dir(), "{ready}");
    assert_eq!(look("twin").await.1["folder"], folder);

    enable(&api, "wanting").await;
    api.wait_for_life("wanting", "blocked").await;
    assert_eq!(state("wanting").await, "failed");
    fs::remove_dir_all(folder).unwrap();
    assert_eq!(state("twin").await, "missing");
}

#[tokio::test]
async fn packages_are_installed_with_progress_and_kept() {
    let shop = Shop::open();
    shop.add_gated("1.0");
    let daemon = shop.daemon(data_folder(&["greeter"]));
    let api = daemon.pair().await;
    let (status, body) = enable(&api, "greeter").await;
    assert_eq!(status, StatusCode::ACCEPTED, "{body}");
    assert_eq!(
        (&body["success"], &body["life"]),
        (&true.into(), &"preparing".into())
    );

    let snapshot = eventually("the number of packages", || async {
        let snapshot = api.wait_for_life("greeter", "preparing").await;
        snapshot["preparing"]["total"]
            .is_number()
            .then_some(snapshot)
    })
    .await;
    assert_eq!(snapshot["preparing"]["total"], 1);
    assert_eq!(snapshot["ui"]["tile"]["content"][0]["type"], "progress");
    assert_eq!(
        api.module("greeter").await.unwrap()["preparing"],
        snapshot["preparing"]
    );
    let (status, body) = api.get("/api/modules/greeter/actions").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");

    shop.open_gate();
    runs_with(&api, "greeter", "1.0").await;
    let log = api.get("/api/modules/greeter/logs").await.1.to_string();
    assert!(log.contains("Installing Python packages with uv"), "{log}");

    let (status, _) = api.post("/api/modules/greeter/disable").await;
    assert_eq!(status, StatusCode::OK);
    add_greeter(daemon.data.path(), "twin", "1.0");
    eventually("the twin", || api.module("twin")).await;
    for name in ["greeter", "twin"] {
        api.enable(name).await;
        runs_with(&api, name, "1.0").await;
    }
}

#[tokio::test]
async fn two_modules_have_two_versions_of_one_package_at_once() {
    let shop = Shop::open();
    shop.add("1.0");
    shop.add("2.0");
    let data = data_folder(&["greeter"]);
    add_greeter(data.path(), "modern", "2.0");
    let daemon = shop.daemon(data);
    let api = daemon.pair().await;
    enable(&api, "greeter").await;
    enable(&api, "modern").await;
    runs_with(&api, "greeter", "1.0").await;
    runs_with(&api, "modern", "2.0").await;
    runs_with(&api, "greeter", "1.0").await;
}

#[tokio::test]
async fn a_package_that_is_not_there_blocks_until_it_is_and_somebody_tries_again() {
    let shop = Shop::open();
    let daemon = shop.daemon(data_folder(&["greeter"]));
    let api = daemon.pair().await;
    enable(&api, "greeter").await;
    let snapshot = api.wait_for_life("greeter", "blocked").await;
    let problem = &snapshot["problem"];
    assert_eq!(problem["kind"], "packages");
    assert!(
        problem["detail"].as_str().unwrap().contains(PACKAGE),
        "{problem}"
    );
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("unsatisfiable"),
        "{problem}"
    );
    assert_eq!(problem["traceback"], Value::Null, "it is said once");
    assert_eq!(problem["retry_in_ms"], Value::Null);
    assert_eq!(snapshot["ui"]["tile"]["content"][0]["type"], "alert");
    assert!(daemon.workers().is_empty(), "nothing was started");

    let output = ask(&daemon, &["module", "enable", "greeter"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("is blocked: "),
        "{}",
        stderr(&output)
    );
    assert!(
        stderr(&output).contains("unsatisfiable"),
        "{}",
        stderr(&output)
    );
    let output = ask(&daemon, &["module", "list"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("greeter  blocked"));

    shop.add("1.0");
    let output = ask(&daemon, &["module", "enable", "greeter"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "greeter is running.\n"
    );
    runs_with(&api, "greeter", "1.0").await;
}

#[tokio::test]
async fn without_a_network_it_says_so_and_tries_again_by_itself_later() {
    let daemon = without_network(data_folder(&["greeter"]));
    let api = daemon.pair().await;
    enable(&api, "greeter").await;
    let snapshot = api.wait_for_life("greeter", "blocked").await;
    let detail = snapshot["problem"]["detail"].as_str().unwrap();
    assert!(detail.contains("can't be reached"), "{detail}");
    let retry = snapshot["problem"]["retry_in_ms"].as_u64().unwrap();
    assert!(retry > 0 && retry <= 300_000, "{retry}");
}

#[tokio::test]
async fn what_is_installed_needs_no_network_after_a_restart() {
    let shop = Shop::open();
    shop.add("1.0");
    let daemon = shop.daemon(data_folder(&["greeter"]));
    let api = daemon.pair().await;
    enable(&api, "greeter").await;
    runs_with(&api, "greeter", "1.0").await;
    let (_, _, data) = daemon.stop();

    let daemon = without_network(data);
    let api = daemon.pair().await;
    runs_with(&api, "greeter", "1.0").await;
    assert!(!daemon.log().contains("Installing Python packages"));
}

#[tokio::test]
async fn another_version_in_the_manifest_is_another_environment() {
    let shop = Shop::open();
    shop.add("1.0");
    shop.add("2.0");
    let daemon = shop.daemon(data_folder(&["greeter"]));
    let api = daemon.pair().await;
    enable(&api, "greeter").await;
    runs_with(&api, "greeter", "1.0").await;
    require(&daemon.modules().join("greeter"), "greeter", "2.0");
    eventually("the other version", || async {
        let snapshot = api.snapshot("greeter").await;
        (shown(&snapshot) == "2.0").then_some(())
    })
    .await;
    // One that can't be had takes the place of one that runs, since the manifest says so.
    require(&daemon.modules().join("greeter"), "greeter", "3.0");
    api.wait_for_life("greeter", "blocked").await;
}

/// A daemon that waits for the gate of the shop, to install the package of the greeter.
async fn installing() -> (Shop, Daemon, Api) {
    let shop = Shop::open();
    shop.add_gated("1.0");
    let daemon = shop.daemon(data_folder(&["greeter"]));
    let api = daemon.pair().await;
    enable(&api, "greeter").await;
    api.wait_for_life("greeter", "preparing").await;
    (shop, daemon, api)
}

#[tokio::test]
async fn a_daemon_that_was_killed_while_it_installed_begins_anew() {
    let (shop, daemon, _) = installing().await;
    let data = daemon.kill();

    shop.open_gate();
    let daemon = shop.daemon(data);
    let api = daemon.pair().await;
    runs_with(&api, "greeter", "1.0").await;
}

#[tokio::test]
async fn whoever_disables_does_not_wait_and_the_installation_goes_on() {
    let (shop, _daemon, api) = installing().await;
    let (status, _) = api.post("/api/modules/greeter/disable").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(api.snapshot("greeter").await["life"], "stopped");

    shop.open_gate();
    eventually("the end of the installation", || async {
        let log = api.get("/api/modules/greeter/logs").await.1.to_string();
        log.contains("packages are ready").then_some(())
    })
    .await;
    api.enable("greeter").await;
}

#[tokio::test]
async fn a_module_of_another_platform_or_engine_is_blocked_with_the_reason() {
    let data = data_folder(&["my_module"]);
    let manifest = fs::read_to_string(fixture("my_module").join("module.json")).unwrap();
    let write = |name: &str, manifest: String| {
        let folder = data.path().join("modules").join(name);
        copy(&fixture("my_module"), &folder);
        let manifest = manifest.replace("\"my_module\"", &format!("\"{name}\""));
        fs::write(folder.join("module.json"), manifest).unwrap();
    };
    write("elsewhere", manifest.replace("\"linux\",", ""));
    write("tomorrow", manifest.replace("^0.1.0", "^9.0.0"));
    let daemon = Daemon::start_on(data, &[]);
    let api = daemon.pair().await;
    for (name, kind) in [("elsewhere", "platform"), ("tomorrow", "engine")] {
        let module = api.module(name).await.unwrap();
        assert_eq!(module["life"], "blocked", "{module}");
        assert_eq!(module["problem"]["kind"], kind);
        let (status, body) = enable(&api, name).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let why = module["problem"]["detail"].as_str().unwrap();
        assert!(body["detail"].as_str().unwrap().contains(why), "{body}");
    }
    assert_eq!(api.module("my_module").await.unwrap()["life"], "stopped");
}

#[tokio::test]
async fn what_the_system_lacks_is_a_warning_until_it_is_there() {
    let data = data_folder(&["my_module"]);
    let programs = tempfile::tempdir().unwrap();
    let manifest = data.path().join("modules/my_module/module.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let needs = "\"dependencies\": {\"system\": [\"contara-test-program\"]}";
    fs::write(&manifest, text.replace("\"dependencies\": {}", needs)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", programs.path().display());
    let daemon = Daemon::start_in(data, &[], &[("PATH", &path)]);
    let api = daemon.pair().await;
    api.enable("my_module").await;
    let warned = async || {
        let module = api.module("my_module").await.unwrap();
        let problems = module["problems"].as_array().unwrap();
        problems.iter().any(|problem| {
            problem["severity"] == "warning"
                && problem["message"]
                    .to_string()
                    .contains("contara-test-program")
        })
    };
    eventually("the warning", || async { warned().await.then_some(()) }).await;
    assert_eq!(api.module("my_module").await.unwrap()["life"], "running");

    let program = programs.path().join("contara-test-program");
    fs::copy("/bin/true", &program).unwrap();
    api.enable("my_module").await;
    eventually("the end of the warning", || async {
        (!warned().await).then_some(())
    })
    .await;
}
