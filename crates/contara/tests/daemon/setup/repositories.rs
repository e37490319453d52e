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

    /// A key to sign with, in a folder of gpg's, and its public half beside that.
    fn make_key(&self, data: &Path, name: &str) -> PathBuf {
        let home = data.join(self.manager).join(name);
        let made = Command::new(checkout().join("tests/fixtures/make_key"))
            .args([home.as_os_str(), name.as_ref()])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        fs::write(home.join("public.asc"), made.stdout).unwrap();
        home
    }

    /// The repository `signed`, signed with the key `right`, and a module that brings it with one of these keys.
    fn write_signed(&self, data: &Path, key: &str) {
        let served = data.join(self.manager).join("served");
        copy_all(&served.join("closed"), &served.join("signed"));
        self.sign(data, "signed", "right");
        if key != "right" {
            self.make_key(data, key);
        }
        self.write_with_key(data, "signed", "The mirror", "extra");
        self.bring_key(data, "signed", key);
    }

    /// Signs a repository with a new key.
    fn sign(&self, data: &Path, repository: &str, key: &str) {
        let folder = data.join(self.manager);
        let home = self.make_key(data, key);
        let served = folder.join("served").join(repository);
        let signing = Command::new(folder.join("sign"))
            .args([served.as_os_str(), home.as_os_str(), key.as_ref()])
            .output()
            .unwrap();
        assert!(signing.status.success(), "{signing:?}");
    }

    /// A module that brings a repository with a key, and wants a package of it.
    fn write_with_key(&self, data: &Path, slug: &str, name: &str, package: &str) {
        let url = format!("http://127.0.0.1:{}/{slug}/", self.port);
        let repository = json!({"slug": slug, "name": name, "url": url, "key": "key.asc"});
        let packages = json!([{"name": "all", "debs": [package], "rpms": [package]}]);
        let more = json!({"repositories": [repository], "packages": packages});
        write_setup(data, slug, &more, "", "echo written\n");
    }

    /// The module has this key from now on.
    fn bring_key(&self, data: &Path, module: &str, key: &str) {
        let public = data.join(self.manager).join(key).join("public.asc");
        let folder = data.join("modules").join(module);
        fs::copy(public, folder.join("key.asc")).unwrap();
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
        let folders = [
            "apt/sources.list.d",
            "apt/auth.conf.d",
            "apt/keyrings",
            "yum.repos.d",
            "pki/rpm-gpg",
        ];
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

#[tokio::test]
async fn a_restricted_one_is_signed_in_to_from_the_command_line() {
    let (data, served) = Served::start("apt");
    served.write_module(data.path(), "closed", "--updates trusted=yes");
    let machine = served.machine(data).await;
    let nobody = machine.contara(&["install", "closed", "--yes"]).ends(5);
    let missing = "closed.closed (a login and a password)";
    assert!(nobody.text().contains(missing), "{}", nobody.text());
    let file = machine.data().join("answers.toml");
    let login = "[closed]\nclosed = { login = \"me\", password = { file = \"password\" } }\n";
    fs::write(&file, login).unwrap();
    let password = |text: &str| fs::write(machine.data().join("password"), text).unwrap();
    password("Qz7wX'canary-wrong\n");
    let way = ["--answers", file.to_str().unwrap()];
    let refused = machine.contara(&["install", "closed", "--yes", way[0], way[1]]);
    let refused = refused.ends(1).text();
    assert!(refused.contains("refuses the login"), "{refused}");
    assert_clean("the command's output", refused.as_bytes());

    let transactions = machine.read("transactions").await;
    let id = transactions["transactions"][0]["id"].as_u64().unwrap();
    let waiting = machine.contara(&["retry", "--json"]).ends(5).json();
    assert_eq!(waiting["kind"], "unanswered", "{waiting}");
    assert_eq!(waiting["missing"], json!([missing]));
    password(&format!("{SECRET}\n"));
    let done = machine.contara(&["retry", way[0], way[1]]).ends(0).text();
    assert_clean("the command's output", done.as_bytes());
    fs::remove_file(machine.data().join("password")).unwrap();
    machine.until(id, "done").await;
    machine.assert_nobody_is_told(id).await;
}

#[tokio::test]
async fn somebody_at_a_terminal_is_asked_for_the_login() {
    let (data, served) = Served::start("dnf");
    served.write_module(data.path(), "closed", "gpgcheck=0");
    let machine = served.machine(data).await;
    let asked = ["Go on? [y/N] ", "Login: ", "Password: "];
    let answers = ["y", "me", SECRET];
    let answers: Vec<_> = asked.into_iter().zip(answers).collect();
    let done = machine.contara_at_terminal(&["install", "closed"], &answers);
    let shown = done.ends(0).text();
    assert!(shown.contains("The mirror (http://127.0.0.1:"), "{shown}");
    assert_clean("the terminal", shown.as_bytes());
    assert_eq!(machine.module("closed").await["installed"], true);
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

/// A repository that is signed, with the key that its module brings.
async fn check_signed(manager: &'static str) {
    let (data, served) = Served::start(manager);
    served.write_signed(data.path(), "right");
    let machine = served.machine(data).await;
    let id = machine.run(&["signed"], Value::Null).await;
    assert!(machine.output(id).await.contains(&"written".to_owned()));
    assert_eq!(machine.module("signed").await["installed"], true);
    assert_eq!(served.written(&machine).len(), 2);
}

/// One whose module brings another key: nothing of it stays, and it works once the module has the right one.
async fn check_wrong_key(manager: &'static str, expected: &str) {
    let (data, served) = Served::start(manager);
    served.write_signed(data.path(), "wrong");
    let machine = served.machine(data).await;
    let id = machine.begin(&["signed"]).await;
    let failed = machine.until(id, "failed").await;
    assert_eq!(failed["failure"]["step"], "repositories", "{failed:#}");
    assert_eq!(failed["failure"]["message"], expected, "{failed:#}");
    assert_eq!(step(&failed, "packages"), "todo");
    let log = machine.log_text(id).await;
    let taken_out = "The repository The mirror was taken out again.";
    assert!(log.contains(taken_out), "{log}");
    assert_eq!(served.written(&machine), [""; 0].map(PathBuf::from));
    assert_eq!(machine.module("signed").await["installed"], false);

    served.bring_key(machine.data(), "signed", "right");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    assert_eq!(machine.module("signed").await["installed"], true);
}

#[tokio::test]
async fn a_repository_that_is_signed_is_added_with_its_key() {
    check_signed("apt").await;
    check_signed("dnf").await;
}

#[tokio::test]
async fn apt_refuses_a_repository_with_another_key() {
    let expected = "The repository The mirror isn't signed with a key that this machine trusts. The module has to bring the right key.";
    check_wrong_key("apt", expected).await;
}

#[tokio::test]
async fn dnf_refuses_packages_with_another_key() {
    let expected = "Packages aren't signed with the key that came with the repository The mirror, so none was installed. \
                    The module has to bring the right key: correct that, and retry.";
    check_wrong_key("dnf", expected).await;
}

#[tokio::test]
async fn of_two_repositories_dnf_takes_out_the_one_with_another_key() {
    let (data, served) = Served::start("dnf");
    served.write_signed(data.path(), "right");
    served.sign(data.path(), "other", "second");
    served.make_key(data.path(), "wrong");
    served.write_with_key(data.path(), "other", "Another mirror", "another");
    served.bring_key(data.path(), "other", "wrong");
    let machine = served.machine(data).await;
    let id = machine.begin(&["signed", "other"]).await;
    let failed = machine.until(id, "failed").await;
    let message = text(&failed["failure"]["message"]);
    assert!(
        message.contains("that came with the repository Another mirror, so none was installed."),
        "{failed:#}"
    );
    let log = machine.log_text(id).await;
    let taken_out = |name| log.contains(&format!("The repository {name} was taken out again."));
    assert!(
        taken_out("Another mirror") && !taken_out("The mirror"),
        "{log}"
    );
    let written = served.written(&machine);
    let is_signed = |path: &PathBuf| path.to_string_lossy().contains("contara-signed.");
    assert!(
        written.len() == 2 && written.iter().all(is_signed),
        "{written:?}"
    );

    served.bring_key(machine.data(), "other", "second");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    for module in ["signed", "other"] {
        assert_eq!(machine.module(module).await["installed"], true, "{module}");
    }
}

/// What a served repository has is known, and then nobody serves it any more.
#[tokio::test]
async fn where_nobody_answers_is_said_before_anything_starts() {
    let (data, served) = Served::start("apt");
    let apt = data.path().join("apt");
    copy_all(&apt.join("served/closed"), &apt.join("served/open"));
    let url = format!("http://127.0.0.1:{}/open/", served.port);
    let known = format!("deb [trusted=yes] {url} ./\n");
    fs::write(apt.join("root/etc/apt/sources.list.d/open.list"), known).unwrap();
    let lists = Command::new(apt.join("apt-get")).arg("update").output();
    assert!(lists.unwrap().status.success());
    let packages = json!([{"name": "all", "debs": ["extra"]}]);
    let more = json!({"packages": packages});
    write_setup(data.path(), "near", &more, "", "true\n");
    served.write_module(data.path(), "closed", "--updates trusted=yes");
    let machine = served.machine(data).await;
    let port = served.port;
    drop(served);
    let plan = machine.plan(&["near"]).await;
    assert_eq!(plan["packages"]["install"], json!(["extra"]));
    assert_eq!(each(&plan["problems"], "kind"), ["repository_unreachable"]);
    assert_eq!(
        plan["problems"][0]["message"],
        format!("Packages have to be downloaded, and nobody answers at 127.0.0.1:{port}.")
    );
    let (status, refused) = machine.try_begin(&["near"]).await;
    assert_eq!(
        (status.as_u16(), &refused["kind"]),
        (422, &"repository_unreachable".into())
    );
    let plan = machine.plan(&["closed"]).await;
    assert_eq!(
        plan["warnings"][0]["message"],
        format!("The repository The mirror can't be reached: nobody answers at 127.0.0.1:{port}.")
    );
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
