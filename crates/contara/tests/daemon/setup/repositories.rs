//! Repositories of modules, added to the real apt and the real dnf, and served over HTTP to whoever signs in.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::secrets::{assert_clean, assert_files_are_clean, assert_processes_are_clean};
use super::{As, CONFIGURATION, Machine, copy_all, each, setup_folder, step, text, write_setup};
use crate::support::{checkout, python};

const SECRET: &str = "Qz7wX'canary$\"%";

/// A repository that is served, and the package manager of the tests' own that can use it.
struct Served {
    manager: &'static str,
    server: Child,
    port: u16,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Served {
    /// Beside a data folder with that package manager.
    fn start(manager: &'static str) -> (TempDir, Self) {
        let data = setup_folder(&[]);
        let folder = data.path().join(manager);
        let fixture = format!("tests/fixtures/private_{manager}");
        copy_all(&checkout().join(fixture), &folder);
        let set_up = Command::new(folder.join("set-up")).output().unwrap();
        assert!(set_up.status.success(), "{set_up:?}");
        let mut server = Command::new(python())
            .arg(checkout().join("tests/fixtures/repository_server.py"))
            .arg(folder.join("served"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = server.stdin.take().unwrap();
        input
            .write_all(format!("me\n{SECRET}\n").as_bytes())
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        let served = Self {
            manager,
            server,
            port,
        };
        (data, served)
    }

    /// A module that brings the repository of this name, and the package `extra`.
    fn write_module(&self, data: &Path, name: &str, options: &str) {
        let url = format!("http://127.0.0.1:{}/{name}/", self.port);
        let repository = json!({"slug": name, "name": "The mirror", "url": url, "options": options,
            "restricted": name == "closed"});
        let packages = json!([{"name": "all", "debs": ["extra"], "rpms": ["extra"]}]);
        let more = json!({"repositories": [repository], "packages": packages});
        write_setup(data, name, &more, "", "echo written\n");
    }

    async fn machine(&self, data: TempDir) -> Machine {
        let configuration = CONFIGURATION.replace("\"none\"", &format!("{:?}", self.manager));
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", data.path().join(self.manager).display());
        Machine::start_as(data, &configuration, As::Root, &[("PATH", &path)]).await
    }

    /// What Contara has written for the package manager.
    fn written(&self, machine: &Machine) -> Vec<PathBuf> {
        let etc = machine.data().join(self.manager).join("root/etc");
        let folders = ["apt/sources.list.d", "apt/auth.conf.d", "yum.repos.d"];
        let entries = folders
            .iter()
            .filter_map(|folder| fs::read_dir(etc.join(folder)).ok());
        let paths = entries.flat_map(|entries| entries.flatten().map(|entry| entry.path()));
        paths
            .filter(|path| path.display().to_string().contains("contara"))
            .collect()
    }
}

impl Machine {
    async fn sign_in(&self, id: u64, password: &str) -> (reqwest::StatusCode, Value) {
        let repository = json!({"module": "closed", "repository": "closed", "login": "me", "password": password});
        let body = json!({"repositories": [repository]});
        self.send(&format!("transactions/{id}/sign-in"), &body)
            .await
    }

    async fn assert_nobody_is_told(&self, id: u64) {
        for part in ["", "/log", "/log.txt", "/summary"] {
            let path = format!("/api/setup/transactions/{id}{part}");
            let response = self.api.send(reqwest::Method::GET, &path).await;
            assert_clean(&path, &response.bytes().await.unwrap());
        }
        assert_processes_are_clean();
        for entry in fs::read_dir(self.data()).unwrap().flatten() {
            let name = entry.file_name();
            if name == "apt" || name == "dnf" {
                continue;
            }
            match entry.path().is_dir() {
                true => assert_files_are_clean(&entry.path()),
                false => assert_clean("a file", &fs::read(entry.path()).unwrap_or_default()),
            }
        }
        assert_clean("the daemon's log", self.daemon.log().as_bytes());
    }
}

/// Signs in with a wrong password first, and then with the right one.
async fn check_restricted(manager: &'static str, options: &str) {
    let (data, served) = Served::start(manager);
    served.write_module(data.path(), "closed", options);
    let machine = served.machine(data).await;
    let plan = machine.plan(&["closed"]).await;
    assert_eq!(each(&plan["repositories"], "slug"), ["closed"]);
    assert_eq!(plan["problems"], json!([]));
    assert_eq!(each(&plan["warnings"], "kind"), ["package_unknown"]);
    let id = machine.begin(&["closed"]).await;
    let waiting = machine.until(id, "waiting").await;
    assert_eq!(waiting["needs"], "sign_in");
    assert_eq!(step(&waiting, "sign_in"), "todo");
    let (status, refused) = machine.sign_in(id, "").await;
    assert_eq!(status, 409, "{refused}");
    assert!(
        refused.to_string().contains("The mirror needs a login"),
        "{refused}"
    );

    let (status, _) = machine.sign_in(id, "Qz7wX'canary-wrong").await;
    assert_eq!(status, 200);
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(failure["step"], "repositories");
    assert_eq!(
        failure["message"],
        "The repository The mirror refuses the login and the password. Retry asks for them again."
    );
    assert_eq!(served.written(&machine), [""; 0].map(PathBuf::from));
    machine.assert_nobody_is_told(id).await;

    machine.order(id, "retry").await;
    let waiting = machine.until(id, "waiting").await;
    assert_eq!(waiting["needs"], "sign_in");
    let (_, answered) = machine.sign_in(id, SECRET).await;
    assert_clean("the answer", answered.to_string().as_bytes());
    let done = machine.until(id, "done").await;
    assert_eq!(step(&done, "repositories"), "done");
    assert!(machine.output(id).await.contains(&"written".to_owned()));
    machine.assert_nobody_is_told(id).await;
    assert_eq!(machine.module("closed").await["installed"], true);
    let secret = served
        .written(&machine)
        .into_iter()
        .filter(|path| fs::read_to_string(path).unwrap().contains(SECRET));
    let modes: Vec<_> = secret
        .map(|path| fs::metadata(path).unwrap().permissions().mode() & 0o777)
        .collect();
    assert_eq!(modes, [0o600]);
    assert_eq!(machine.plan_of_repositories("closed").await, [""; 0]);
}

impl Machine {
    /// Those that another module with the same one would bring.
    async fn plan_of_repositories(&self, slug: &str) -> Vec<String> {
        let manifest = self.data().join("modules").join(slug).join("desc.json");
        let manifest: Value = serde_json::from_str(&fs::read_to_string(manifest).unwrap()).unwrap();
        let more = json!({"repositories": manifest["repositories"]});
        write_setup(self.data(), "another", &more, "", "true\n");
        crate::support::eventually("the module", || async {
            let (status, plan) = self.send("plans", &json!({"modules": ["another"]})).await;
            let is_there = status.is_success();
            is_there.then(|| each(&plan["repositories"], "slug"))
        })
        .await
    }
}

#[tokio::test]
async fn a_restricted_one_is_added_to_apt() {
    check_restricted("apt", "--updates trusted=yes").await;
}

#[tokio::test]
async fn a_restricted_one_is_added_to_dnf() {
    check_restricted("dnf", "gpgcheck=0").await;
}

/// What becomes of a repository that is none: what is said begins like this.
async fn check_refused(manager: &'static str, name: &str, options: &str, expected: &str) {
    let (data, served) = Served::start(manager);
    if name == "unsigned" {
        let folder = data.path().join(manager).join("served");
        copy_all(&folder.join("closed"), &folder.join("unsigned"));
        fs::write(folder.join("unsigned/Release"), "Origin: Tests\n").unwrap();
    }
    served.write_module(data.path(), name, options);
    let machine = served.machine(data).await;
    let id = machine.begin(&[name]).await;
    let failed = machine.until(id, "failed").await;
    let message = text(&failed["failure"]["message"]);
    assert!(message.starts_with(expected), "{failed:#}");
    let log = machine.log_text(id).await;
    assert!(
        log.contains("The repository The mirror was taken out again."),
        "{log}"
    );
    assert_eq!(served.written(&machine), [""; 0].map(PathBuf::from));
}

#[tokio::test]
async fn one_that_isnt_there_is_told_from_one_that_makes_no_sense() {
    for (manager, options) in [("apt", "trusted=yes"), ("dnf", "gpgcheck=0")] {
        check_refused(
            manager,
            "nowhere",
            options,
            "There is no repository at http://127.0.0.1:",
        )
        .await;
        check_refused(
            manager,
            "garbage",
            options,
            "The lists of the repository The mirror at ",
        )
        .await;
    }
}

#[tokio::test]
async fn one_that_nobody_has_signed_is_refused_by_apt() {
    let expected = "The repository The mirror isn't signed with a key that this machine trusts.";
    check_refused("apt", "unsigned", "", expected).await;
}

/// With programs that only note how they are called.
#[tokio::test]
async fn urpmi_adds_one_that_wants_to_be_alone_and_keeps_its_login_to_itself() {
    let (data, served) = Served::start("urpmi");
    let url = format!("http://127.0.0.1:{}/closed/@ARCH@", served.port);
    let repository = json!({"slug": "closed", "name": "The mirror", "url": url, "options": "--probe-synthesis",
        "restricted": true, "clean": true});
    let packages = json!([{"name": "all", "rpms": ["extra"]}]);
    let more = json!({"repositories": [repository], "packages": packages});
    write_setup(data.path(), "closed", &more, "", "echo written\n");
    let machine = served.machine(data).await;
    let plan = machine.plan(&["closed"]).await;
    let url = text(&plan["repositories"][0]["url"]);
    assert!(!url.contains('@'), "{url}");

    fs::write(machine.data().join("urpmi/fail.urpmi.removemedia"), "").unwrap();
    let id = machine.begin(&["closed"]).await;
    machine.until(id, "waiting").await;
    let (status, body) = machine.sign_in(id, SECRET).await;
    assert_eq!(status, 200, "{body}");
    let failed = machine.until(id, "failed").await;
    assert_eq!(failed["failure"]["step"], "repositories", "{failed:#}");
    let message = text(&failed["failure"]["message"]);
    assert!(
        message.starts_with("The other repositories couldn't be removed."),
        "{message}"
    );
    fs::remove_file(machine.data().join("urpmi/fail.urpmi.removemedia")).unwrap();
    fs::remove_file(machine.data().join("urpmi/calls")).unwrap();

    machine.order(id, "retry").await;
    machine.until(id, "waiting").await;
    machine.sign_in(id, SECRET).await;
    machine.until(id, "done").await;
    let calls = fs::read_to_string(machine.data().join("urpmi/calls")).unwrap();
    let changing = calls.lines().filter(|call| !call.starts_with("urpmq "));
    assert_eq!(
        changing.collect::<Vec<_>>(),
        [
            "urpmi.removemedia -a",
            &format!("urpmi.addmedia --probe-synthesis closed {url}"),
            "urpmi.update -a",
            "urpmi --auto --no-suggests extra",
        ]
    );
    let netrc = machine.data().join("urpmi/etc/urpmi/netrc");
    let mode = fs::metadata(&netrc).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(
        fs::read_to_string(&netrc).unwrap(),
        format!("machine 127.0.0.1 login me password {SECRET}\n")
    );
    fs::remove_file(netrc).unwrap();
    machine.assert_nobody_is_told(id).await;
}
