//! What scripts did to files: shown, and taken back, also after `kill -9`.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{CONFIGURATION, Machine, each, one, setup_folder, text, write_setup};
use crate::support::eventually;

/// A data folder in which `etc` is what is recorded, with a module whose script stands there.
fn data(script: &str) -> TempDir {
    let data = setup_folder(&[]);
    let etc = data.path().join("etc");
    fs::create_dir(&etc).unwrap();
    for (name, content) in [
        ("changed", "1\n2\n"),
        ("deleted", "gone\n"),
        ("rights", "x"),
    ] {
        fs::write(etc.join(name), content).unwrap();
        fs::set_permissions(etc.join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let script = format!("cd ../../etc || exit 9\numask 022\n{script}\n");
    let more = json!({"services": ["it.service"]});
    write_setup(data.path(), "it", &more, "", &script);
    data
}

const WORK: &str = "echo 3 >>changed; rm deleted; chmod 600 rights; mkdir -p made/deep; echo new >made/deep/created";

/// Every file and folder with its mode and content.
fn all(folder: &Path) -> Vec<(PathBuf, u32, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let mode = entry.metadata().unwrap().mode();
        let is_folder = path.is_dir();
        let content = fs::read_to_string(&path).unwrap_or_default();
        if is_folder {
            found.extend(all(&path));
        }
        found.push((path, mode, content));
    }
    found.sort();
    found
}

impl Machine {
    fn etc(&self) -> PathBuf {
        self.data().join("etc")
    }

    async fn changes(&self, id: u64) -> Value {
        self.read(&format!("transactions/{id}/changes")).await
    }

    async fn diff(&self, id: u64, name: &str) -> Value {
        let changes = self.changes(id).await;
        let path = self.etc().join(name);
        let file = one(&changes["files"], "path", path.to_str().unwrap());
        self.read(&format!("transactions/{id}/changes/{}", file["number"]))
            .await
    }
}

#[tokio::test]
async fn what_a_script_did_is_seen_and_taken_back() {
    let machine = Machine::start_on(data(WORK), CONFIGURATION).await;
    let before = all(&machine.etc());
    let id = machine.run(&["it"], Value::Null).await;
    let changes = machine.changes(id).await;
    let names = each(&changes["files"], "path");
    let expected = [
        "changed",
        "deleted",
        "made",
        "made/deep",
        "made/deep/created",
        "rights",
    ];
    assert_eq!(
        names,
        expected.map(|name| text(&json!(machine.etc().join(name))))
    );
    let kinds = each(&changes["files"], "change");
    assert_eq!(
        kinds,
        [
            "changed", "deleted", "created", "created", "created", "changed"
        ]
    );
    let rights = &changes["files"][5];
    assert_eq!(
        (&rights["before"]["mode"], &rights["after"]["mode"]),
        (&json!("0644"), &json!("0600"))
    );
    assert_eq!(
        (&rights["diff"], &changes["files"][0]["diff"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(changes["undo"]["leaves"]["services"], json!(["it.service"]));
    let diff = machine.diff(id, "changed").await;
    assert_eq!(diff["diff"], "@@ -1,2 +1,3 @@\n 1\n 2\n+3\n", "{diff}");
    let diff = machine.diff(id, "rights").await;
    assert_eq!(diff["reason"], "What is in it hasn't changed.", "{diff}");
    let run = &machine.module("it").await["runs"][0];
    assert_eq!(
        run["files"],
        json!({"created": 3, "changed": 2, "deleted": 1})
    );

    let status = machine
        .contara(&["status", &id.to_string()])
        .ends(0)
        .stdout();
    assert!(status.contains("(0644 0:0 → 0600 0:0)"), "{status}");
    assert!(
        status.contains(&format!("Put them back: contara setup undo {id}")),
        "{status}"
    );
    let undone = machine.order(id, "undo").await;
    assert_eq!(
        (&undone["put_back"], &undone["complete"]),
        (&json!(6), &json!(true))
    );
    assert_eq!(
        undone["modules"],
        json!([{"slug": "it", "configured": false}])
    );
    assert_eq!(all(&machine.etc()), before);
    let module = machine.module("it").await;
    assert_eq!(module["configured"], false);
    assert!(module["runs"][0]["undone"]["by"].is_string(), "{module}");
    let (status, body) = machine.ask(id, "undo").await;
    assert_eq!(
        (status, &body["kind"]),
        (StatusCode::CONFLICT, &json!("wrong_state"))
    );
    // What was undone can be begun anew.
    machine.run(&["it"], Value::Null).await;
    assert_eq!(machine.module("it").await["configured"], true);
}

#[tokio::test]
async fn what_was_changed_since_is_named_and_only_overwritten_when_told() {
    let machine = Machine::start_on(data(WORK), CONFIGURATION).await;
    let before = all(&machine.etc());
    let id = machine.run(&["it"], Value::Null).await;
    let changed = machine.etc().join("changed");
    fs::write(&changed, "mine\n").unwrap();
    let (status, body) = machine.ask(id, "undo").await;
    assert_eq!(
        (status, &body["kind"]),
        (StatusCode::CONFLICT, &json!("changed_since"))
    );
    assert_eq!(body["paths"], json!([changed]));
    let (status, body) = machine
        .send(&format!("transactions/{id}/undo"), &json!({"overwrite": 1}))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    let number = id.to_string();
    let unattended = machine.contara(&["undo", &number]).ends(5);
    assert!(unattended.text().contains("--yes"), "{}", unattended.text());
    let refused = machine.contara(&["undo", &number, "--yes"]).ends(1);
    let said = refused.text();
    assert!(
        said.contains("--overwrite") && said.contains(changed.to_str().unwrap()),
        "{said}"
    );
    let refused = machine
        .contara(&["undo", &number, "--yes", "--json"])
        .ends(1);
    assert_eq!(refused.json()["kind"], "changed_since");
    assert_eq!(fs::read_to_string(&changed).unwrap(), "mine\n");
    let done = machine
        .contara(&["undo", &number, "--yes", "--overwrite"])
        .ends(0);
    let said = done.stdout();
    assert!(
        said.contains("6 files and folders are as they were."),
        "{said}"
    );
    assert!(
        said.contains("Services stay as they are: it.service."),
        "{said}"
    );
    assert_eq!(all(&machine.etc()), before);
    let again = machine.contara(&["undo", &number, "--yes"]).ends(1);
    assert!(
        again.text().contains("was undone already"),
        "{}",
        again.text()
    );
}

#[tokio::test]
async fn what_a_killed_run_did_is_known_and_can_be_taken_back() {
    let script =
        format!("{WORK}\necho $$ >../probe/begun\nuntil test -e ../probe/may; do sleep 0.05; done");
    let machine = Machine::start_on(data(&script), CONFIGURATION).await;
    let before = all(&machine.etc());
    let id = machine.begin(&["it"]).await;
    machine.wait_for_pid("begun").await;
    let (status, _) = machine.ask(id, "undo").await;
    assert_eq!(status, StatusCode::CONFLICT, "not while it runs");
    let machine = machine.kill_and_start().await;
    machine.until(id, "interrupted").await;
    assert_eq!(
        machine.changes(id).await["files"].as_array().unwrap().len(),
        6
    );
    let diff = machine.diff(id, "changed").await;
    assert!(
        text(&diff["reason"]).contains("nobody looked for passwords"),
        "{diff}"
    );
    machine.order(id, "undo").await;
    assert_eq!(all(&machine.etc()), before);
    let (status, body) = machine.ask(id, "retry").await;
    assert_eq!(status, StatusCode::CONFLICT, "{body}");
}

#[tokio::test]
async fn an_undo_that_was_killed_is_done_again() {
    let script = "for name in $(seq 1 1500); do echo x >file$name; done; echo 3 >>changed";
    let machine = Machine::start_on(data(script), CONFIGURATION).await;
    let before = all(&machine.etc());
    let id = machine.run(&["it"], Value::Null).await;
    let path = format!("{}/api/setup/transactions/{id}/undo", machine.api.url);
    let request = machine.api.http.post(path).bearer_auth(&machine.api.token);
    let asked = tokio::spawn(request.send());
    eventually("some of it to be done", || async {
        (fs::read_dir(machine.etc()).unwrap().count() < 1_300).then_some(())
    })
    .await;
    let machine = machine.kill_and_start().await;
    assert!(
        asked.await.unwrap().is_err(),
        "it was killed before its end"
    );
    let undo = &machine.changes(id).await["undo"];
    assert_eq!(
        (&undo["undone"], &undo["possible"]),
        (&Value::Null, &json!(true)),
        "{undo}"
    );
    assert!(undo["began"].is_string(), "{undo}");
    machine.order(id, "undo").await;
    assert_eq!(all(&machine.etc()), before);
}
