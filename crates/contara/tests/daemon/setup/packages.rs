//! Packages: with nobody who installs them, and with the real apt, on a root and with a repository of the test's own.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::stream::watch;
use super::{
    As, CONFIGURATION, Machine, copy_all, each, one, setup_folder, step, text, write_setup,
};
use crate::support::{checkout, eventually, lives};

/// A data folder with an apt of its own, which knows two packages that aren't there: `letters` and `numbers`.
pub(super) fn folder(fixtures: &[&str]) -> tempfile::TempDir {
    let data = setup_folder(fixtures);
    add_apt(data.path());
    let packages = json!([{"name": "all", "debs": ["letters", "bash", "numbers"]}]);
    let more = json!({"packages": packages});
    write_setup(data.path(), "writer", &more, "", "echo written\n");
    data
}

/// Makes that apt.
pub(super) fn add_apt(data: &Path) {
    let apt = data.join("apt");
    copy_all(&checkout().join("tests/fixtures/private_apt"), &apt);
    let set_up = Command::new(apt.join("set-up")).output().unwrap();
    assert!(set_up.status.success(), "{set_up:?}");
}

pub(super) async fn start(data: tempfile::TempDir) -> Machine {
    start_with(data, "").await
}

/// With one more line in `[packages]`.
pub(super) async fn start_with(data: tempfile::TempDir, more: &str) -> Machine {
    let configuration = CONFIGURATION.replace("\"none\"", &format!("\"apt\"\n{more}"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", data.path().join("apt").display());
    Machine::start_as(data, &configuration, As::Root, &[("PATH", &path)]).await
}

impl Machine {
    /// What the apt of the tests has left; empty if nothing.
    pub(super) fn apt(&self, file: &str) -> String {
        fs::read_to_string(self.data().join("apt").join(file)).unwrap_or_default()
    }

    /// What is installed, as the machine's own dpkg-query(1) says.
    pub(super) fn installed_packages(&self) -> String {
        let mut query = Command::new(self.data().join("apt/dpkg-query"));
        let format = "${db:Status-Abbrev} ${Package}\n";
        let output = query.args(["-W", "-f", format]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    pub(super) fn tell_apt(&self, file: &str) {
        fs::write(self.data().join("apt").join(file), "").unwrap();
    }

    /// Waits until the package manager is at this; how far it is then.
    pub(super) async fn progress_to(&self, id: u64, phase: &str) -> Value {
        eventually(&format!("packages to be at {phase}"), || async {
            let progress = progress(&self.transaction(id).await);
            (progress["phase"] == phase).then_some(progress)
        })
        .await
    }

    pub(super) async fn apt_pid(&self) -> u32 {
        eventually("apt to run", || async {
            self.apt("pid").trim().parse().ok()
        })
        .await
    }
}

fn progress(transaction: &Value) -> Value {
    one(&transaction["steps"], "kind", "packages")["progress"].clone()
}

#[tokio::test]
async fn without_a_package_manager_packages_are_skipped_and_that_is_said() {
    let machine = Machine::start(&["wants_packages"]).await;
    let plan = machine.plan(&["wants_packages"]).await;
    assert_eq!(plan["packages"]["manager"], "none");
    assert_eq!(each(&plan["warnings"], "kind"), ["packages_skipped"]);
    let id = machine.run(&["wants_packages"], Value::Null).await;
    assert_eq!(step(&machine.transaction(id).await, "packages"), "disabled");
}

#[tokio::test]
async fn packages_that_are_there_need_nothing_to_be_done() {
    let machine = start(folder(&["wants_packages"])).await;
    let plan = machine.plan(&["wants_packages"]).await;
    let packages = &plan["packages"];
    assert_eq!(packages["manager"], "apt");
    assert_eq!(
        packages["wanted"],
        json!({"wants_packages": ["bash", "coreutils"]})
    );
    assert_eq!(packages["present"], json!(["bash", "coreutils"]));
    assert_eq!(packages["install"], json!([]));
    assert_eq!(machine.module("wants_packages").await["installed"], true);
    machine.run(&["wants_packages"], Value::Null).await;
    assert!(!machine.apt("calls").contains("install"));
}

#[tokio::test]
async fn missing_packages_are_planned_and_installed_before_the_script() {
    let machine = start(folder(&[])).await;
    let plan = machine.plan(&["writer"]).await;
    let packages = &plan["packages"];
    assert_eq!(packages["present"], json!(["bash"]));
    assert_eq!(packages["install"], json!(["letters", "numbers"]));
    // They are on this machine already.
    assert_eq!(packages["download_bytes"], 0);
    // Two of 5 KiB, as apt rounds it.
    assert_eq!(packages["disk_bytes"], 10_200);
    assert_eq!(machine.module("writer").await["installed"], false);
    let id = machine.begin(&["writer"]).await;
    machine.apt_pid().await;
    let running = machine.transaction(id).await;
    assert_eq!(step(&running, "packages"), "running");
    machine.tell_apt("go");
    let done = machine.until(id, "done").await;
    assert_eq!(step(&done, "packages"), "done");
    let output = machine.output(id).await;
    let places = [
        "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.",
        "Unpacking letters (1.0) ...",
        "Setting up letters (1.0) ...",
        "written",
    ]
    .map(|wanted| output.iter().position(|line| line == wanted));
    assert!(places[0].is_some() && places.is_sorted(), "{output:#?}");
    assert_eq!(machine.module("writer").await["installed"], true);
}

#[tokio::test]
async fn how_far_it_is_is_shown_while_packages_are_installed() {
    let machine = start(folder(&[])).await;
    let mut stream = machine.api.stream().await;
    stream.send(watch(&json!({"transaction": null}))).await;
    let id = machine.begin(&["writer"]).await;
    let expected = json!({
        "phase": "configuring", "package": "numbers", "number": 1, "total": 2, "percent": 55,
    });
    assert_eq!(machine.progress_to(id, "configuring").await, expected);
    let mut percents = Vec::new();
    loop {
        let frame = stream.next().await.unwrap();
        let transaction = &frame["transaction"];
        if frame["type"] != "setup" || transaction["id"] != id {
            continue;
        }
        let progress = progress(transaction);
        if progress == expected {
            machine.tell_apt("go");
        }
        let is_changing = progress.is_object() && progress["phase"] != "downloading";
        percents.extend(is_changing.then(|| progress["percent"].as_u64()));
        if transaction["state"] == "done" {
            assert_eq!(progress, Value::Null);
            break;
        }
    }
    assert!(
        percents.contains(&Some(55)) && percents.is_sorted(),
        "{percents:?}"
    );
    assert_eq!(progress(&machine.transaction(id).await), Value::Null);
    let log = machine.log_text(id).await;
    assert!(!log.contains("pmstatus"), "{log}");
}

#[tokio::test]
async fn lists_are_updated_before_packages_are_installed() {
    let machine = start(folder(&[])).await;
    machine.tell_apt("go");
    machine.run(&["writer"], Value::Null).await;
    let calls = machine.apt("calls");
    let calls: Vec<_> = calls.lines().collect();
    assert_eq!(calls.len(), 2, "{calls:#?}");
    assert_eq!(calls[0], "apt-get -q update");
    assert!(
        calls[1].ends_with(" install -- letters numbers"),
        "{calls:#?}"
    );
}

#[tokio::test]
async fn lists_that_cant_be_updated_are_tried_twice_and_then_those_that_are_there_do() {
    let machine = start(folder(&[])).await;
    machine.tell_apt("go");
    fs::remove_file(machine.data().join("apt/repository/Packages")).unwrap();
    let id = machine.run(&["writer"], Value::Null).await;
    let log = machine.log_text(id).await;
    let said: Vec<_> = log
        .split("The lists of packages couldn't be updated: ")
        .collect();
    assert_eq!(said.len(), 3, "{log}");
    assert!(said[1].starts_with("trying once more."), "{log}");
    assert!(
        said[2].starts_with("going on with those that are there."),
        "{log}"
    );
    assert_eq!(machine.apt("calls").matches("update").count(), 2);
}

#[tokio::test]
async fn packages_for_another_family_are_a_problem_before_anything_starts() {
    let machine = start(folder(&["only_rpms"])).await;
    let plan = machine.plan(&["only_rpms"]).await;
    assert_eq!(
        each(&plan["problems"], "kind"),
        ["no_packages_for_this_system"]
    );
    assert_eq!(plan["problems"][0]["modules"], json!(["only_rpms"]));
    let (status, body) = machine.try_begin(&["only_rpms"]).await;
    assert_eq!(status, 422, "{body}");
    assert!(body.to_string().contains("only_rpms"), "{body}");
}

#[tokio::test]
async fn packages_that_nobody_knows_are_a_problem_too() {
    let data = folder(&[]);
    let more = json!({"packages": [{"name": "all", "debs": ["no-such-letters"]}]});
    write_setup(data.path(), "dreamer", &more, "", "true\n");
    let machine = start(data).await;
    let plan = machine.plan(&["dreamer"]).await;
    let remarks = format!("{}{}", plan["problems"], plan["warnings"]);
    assert!(remarks.contains("package_unknown"), "{plan}");
    assert!(remarks.contains("no-such-letters"), "{plan}");
}

#[tokio::test]
async fn a_package_manager_that_fails_is_named_and_tried_again() {
    let machine = start(folder(&[])).await;
    machine.tell_apt("fail");
    let id = machine.begin(&["writer"]).await;
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(failure["step"], "packages");
    assert!(text(&failure["command"]).contains("apt-get"), "{failure}");
    assert!(text(&failure["exit"]).contains("100"), "{failure}");
    assert!(
        failure["last_lines"]
            .to_string()
            .contains("returned an error code"),
        "{failure}"
    );
    assert!(machine.installed_packages().contains("iF  letters"));
    assert_eq!(step(&failed, "configure"), "todo");
    fs::remove_file(machine.data().join("apt/fail")).unwrap();
    machine.tell_apt("go");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
}

#[tokio::test]
async fn a_kill_while_packages_are_installed() {
    let machine = start(folder(&[])).await;
    let id = machine.begin(&["writer"]).await;
    let apt = machine.apt_pid().await;
    const WAITS: &str = "Setting up numbers (1.0) ...";
    eventually("its line", || async {
        let output = machine.output(id).await;
        output.contains(&WAITS.to_owned()).then_some(())
    })
    .await;
    let machine = start(machine.daemon.kill()).await;
    let interrupted = machine.until(id, "interrupted").await;
    assert_eq!(step(&interrupted, "packages"), "interrupted");
    let output = machine.output(id).await;
    assert_eq!(output.last().map(String::as_str), Some(WAITS));
    assert!(
        lives(apt),
        "to end a package manager in its midst would do harm"
    );
    machine.tell_apt("go");
    eventually("apt to end by itself", || async {
        (!lives(apt)).then_some(())
    })
    .await;
    machine.order(id, "retry").await;
    let done = machine.until(id, "done").await;
    assert_eq!(step(&done, "configure"), "done");
    assert_eq!(
        machine.installed_packages(),
        "ii  bash\nii  coreutils\nii  letters\nii  numbers\n"
    );
}
