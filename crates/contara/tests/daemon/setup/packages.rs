//! Packages on this machine: with nobody who installs them, and with apt.

use serde_json::{Value, json};

use super::{Machine, each, setup_folder, step};

const APT: &str = "[packages]\nmanager = \"apt\"\n";

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
    let machine = Machine::start_on(setup_folder(&["wants_packages"]), APT).await;
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
}

#[tokio::test]
async fn packages_for_another_family_are_a_problem_before_anything_starts() {
    let machine = Machine::start_on(setup_folder(&["only_rpms"]), APT).await;
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
