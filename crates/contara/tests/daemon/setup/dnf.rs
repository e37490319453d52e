//! Packages with the real dnf, on a root and with a repository of the test's own.

use std::fs;
use std::process::Command;

use serde_json::json;

use super::{As, CONFIGURATION, Machine, copy_all, setup_folder, step, text, write_setup};
use crate::support::{checkout, eventually, lives};

/// A data folder with a dnf of its own, which knows two packages that aren't there: `letters` and `numbers`.
fn folder() -> tempfile::TempDir {
    let data = setup_folder(&[]);
    let dnf = data.path().join("dnf");
    copy_all(&checkout().join("tests/fixtures/private_dnf"), &dnf);
    let set_up = Command::new(dnf.join("set-up")).output().unwrap();
    assert!(set_up.status.success(), "{set_up:?}");
    let packages = json!([{"name": "all", "rpms": ["letters", "bash", "numbers"]}]);
    let more = json!({"packages": packages});
    write_setup(data.path(), "writer", &more, "", "echo written\n");
    data
}

async fn start(data: tempfile::TempDir) -> Machine {
    let configuration = CONFIGURATION.replace("\"none\"", "\"dnf\"");
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", data.path().join("dnf").display());
    Machine::start_as(data, &configuration, As::Root, &[("PATH", &path)]).await
}

impl Machine {
    fn tell_dnf(&self, file: &str) {
        fs::write(self.data().join("dnf/root").join(file), "").unwrap();
    }

    /// What is installed, as the machine's own rpm(8) says.
    fn installed_rpms(&self) -> Vec<String> {
        let mut query = Command::new(self.data().join("dnf/rpm"));
        let output = query.args(["-qa", "--queryformat", "%{NAME}\n"]).output();
        let output = String::from_utf8(output.unwrap().stdout).unwrap();
        let mut names: Vec<_> = output.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    async fn dnf_pid(&self) -> u32 {
        eventually("dnf to run", || async {
            let pid = fs::read_to_string(self.data().join("dnf/pid"));
            pid.unwrap_or_default().trim().parse().ok()
        })
        .await
    }
}

#[tokio::test]
async fn missing_packages_are_planned_and_installed_before_the_script() {
    let machine = start(folder()).await;
    let plan = machine.plan(&["writer"]).await;
    let packages = &plan["packages"];
    assert_eq!(packages["manager"], "dnf");
    assert_eq!(packages["present"], json!(["bash"]));
    assert_eq!(packages["install"], json!(["letters", "numbers"]));
    // They are on this machine already.
    assert_eq!(packages["download_bytes"], 0);
    assert_eq!(plan["problems"], json!([]));
    assert_eq!(machine.module("writer").await["installed"], false);
    let id = machine.begin(&["writer"]).await;
    machine.dnf_pid().await;
    assert_eq!(step(&machine.transaction(id).await, "packages"), "running");
    let progress = machine.progress_to(id, "installing").await;
    assert_eq!(
        (&progress["number"], &progress["total"]),
        (&json!(1), &json!(2)),
        "{progress}"
    );
    let first = text(&progress["package"]);
    assert!(["letters", "numbers"].contains(&&*first), "{progress}");
    machine.tell_dnf("go");
    machine.until(id, "done").await;
    let output = machine.output(id).await;
    let places = [
        "  Installing       : letters-1.0-1.noarch",
        "Complete!",
        "written",
    ]
    .map(|wanted| output.iter().position(|line| line.starts_with(wanted)));
    assert!(places[0].is_some() && places.is_sorted(), "{output:#?}");
    assert_eq!(
        machine.installed_rpms(),
        ["bash", "coreutils", "letters", "numbers"]
    );
    assert_eq!(machine.module("writer").await["installed"], true);
    let calls = fs::read_to_string(machine.data().join("dnf/calls")).unwrap();
    assert!(
        calls.contains("dnf install -y -- letters numbers"),
        "{calls}"
    );
}

#[tokio::test]
async fn packages_that_nobody_knows_are_a_problem() {
    let data = folder();
    let packages = json!([{"name": "all", "rpms": ["letters", "no-such-letters", "@core"]}]);
    write_setup(
        data.path(),
        "dreamer",
        &json!({"packages": packages}),
        "",
        "true\n",
    );
    let machine = start(data).await;
    let plan = machine.plan(&["dreamer"]).await;
    assert_eq!(plan["problems"][0]["kind"], "package_unknown", "{plan}");
    let message = text(&plan["problems"][0]["message"]);
    assert_eq!(message, "dnf doesn't know no-such-letters and @core.");
}

#[tokio::test]
async fn a_failure_is_named_and_tried_again() {
    let machine = start(folder()).await;
    machine.tell_dnf("fail");
    machine.tell_dnf("go");
    let id = machine.begin(&["writer"]).await;
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(failure["step"], "packages");
    assert!(
        text(&failure["command"]).starts_with("dnf install"),
        "{failure}"
    );
    let last = failure["last_lines"].to_string();
    assert!(last.contains("Error: Transaction failed"), "{failure}");
    fs::remove_file(machine.data().join("dnf/root/fail")).unwrap();
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
}

#[tokio::test]
async fn a_kill_while_packages_are_installed() {
    let machine = start(folder()).await;
    let id = machine.begin(&["writer"]).await;
    let dnf = machine.dnf_pid().await;
    eventually("its work", || async {
        let output = machine.output(id).await.join("\n");
        output.contains("Installing       : ").then_some(())
    })
    .await;
    let machine = start(machine.daemon.kill()).await;
    machine.until(id, "interrupted").await;
    assert!(
        lives(dnf),
        "to end a package manager in its midst would do harm"
    );
    machine.tell_dnf("go");
    eventually("dnf to end by itself", || async {
        (!lives(dnf)).then_some(())
    })
    .await;
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    assert_eq!(
        machine.installed_rpms(),
        ["bash", "coreutils", "letters", "numbers"]
    );
}

#[tokio::test]
async fn a_dnf_that_is_killed_is_said_and_the_next_one_goes_on() {
    let machine = start(folder()).await;
    let id = machine.begin(&["writer"]).await;
    machine.progress_to(id, "installing").await;
    let dnf = machine.dnf_pid().await;
    let kill = Command::new("kill").args(["-9", &dnf.to_string()]).status();
    assert!(kill.unwrap().success());
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(failure["step"], "packages", "{failure:#}");
    assert_eq!(failure["exit"], "killed by signal 9 (SIGKILL)");
    let message = text(&failure["message"]);
    assert!(message.contains("retry repairs that"), "{message}");
    machine.tell_dnf("go");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    assert_eq!(
        machine.installed_rpms(),
        ["bash", "coreutils", "letters", "numbers"]
    );
}
