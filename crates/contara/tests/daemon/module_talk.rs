//! `contara module list`, `enable`, `disable` and `action`, against a daemon that runs.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::{Daemon, contara, eventually, fixture, run, stderr, write_module};

const FORM: &str = "
from ContaraNAS.core.action import Notify, OpenModal, action
from ContaraNAS.core.module import Module

class Form(Module):
    @action
    async def add(self, amount: int, tags: list[str] = []):
        return [Notify(message=f'{amount + 1} {tags}', title='Added'), OpenModal(modal_id='more')]

    @action
    async def fail(self):
        raise RuntimeError('on purpose')
";

const BROKEN: &str = "raise RuntimeError('no such thing')";

impl Daemon {
    /// Runs `contara module …` on this daemon.
    fn module(&self, arguments: &[&str]) -> Output {
        let data = ["--data-dir", self.data.path().to_str().unwrap()];
        run(["module"].iter().chain(arguments).chain(&data))
    }

    #[track_caller]
    fn module_ok(&self, arguments: &[&str]) -> String {
        let output = self.module(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            stderr(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn module_fails(&self, arguments: &[&str], expected: &str) {
        let output = self.module(arguments);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        assert!(text.contains(expected), "{arguments:?}: {expected}: {text}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

fn daemon(modules: &[(&str, &str)]) -> Daemon {
    let data = crate::support::data_folder(&["my_module"]);
    for (name, code) in modules {
        write_module(&data.path().join("modules").join(name), code);
    }
    Daemon::start_on(data, &[])
}

#[test]
fn modules_are_switched_and_listed() {
    let daemon = daemon(&[]);
    assert_eq!(
        daemon.module_ok(&["list"]),
        "NAME       STATE    VERSION  SOURCE     TITLE\n\
         my_module  stopped  1.0.0    community  My Module\n"
    );
    assert_eq!(
        daemon.module_ok(&["enable", "my_module"]),
        "my_module is running.\n"
    );
    let listed: Value = serde_json::from_str(&daemon.module_ok(&["list", "--json"])).unwrap();
    assert_eq!(listed[0]["life"], "running");
    let answer = daemon.module_ok(&["disable", "my_module", "--json"]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        answer,
        json!({"success": true, "module": "my_module", "enabled": false})
    );
    assert!(daemon.module_ok(&["list"]).contains("stopped"));
}

#[test]
fn an_unknown_module_is_told_and_a_close_one_named() {
    let daemon = daemon(&[]);
    daemon.module_fails(&["enable", "my_modul"], "did you mean \"my_module\"?");
    daemon.module_fails(&["disable", "zzz"], "`contara module list` shows");
    daemon.module_fails(
        &["logs", "../my_module"],
        "there is no module \"../my_module\"",
    );
    daemon.module_fails(
        &["action", "my_modul", "increment"],
        "did you mean \"my_module\"?",
    );
}

#[test]
fn a_module_that_fails_says_why_and_where_to_read_on() {
    let daemon = daemon(&[("broken", BROKEN)]);
    daemon.module_fails(&["enable", "broken"], "`contara module logs broken` shows");
    daemon.module_fails(&["enable", "broken"], "no such thing");
    let list = daemon.module_ok(&["list"]);
    assert!(list.contains("\nbroken: "), "{list}");
}

#[test]
fn an_unusable_module_is_refused_with_its_reason() {
    let daemon = daemon(&[("odd", "")]);
    let manifest = daemon.modules().join("odd/module.json");
    std::fs::write(manifest, "{}").unwrap();
    let is_seen = || async {
        let list = daemon.module_ok(&["list"]);
        list.contains("unusable").then_some(())
    };
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(eventually("the change to be seen", is_seen));
    daemon.module_fails(&["enable", "odd"], "Missing required field");
    daemon.module_fails(&["logs", "odd"], "Missing required field");
}

#[test]
fn an_action_takes_fields_and_shows_its_results() {
    let daemon = daemon(&[("form", FORM)]);
    daemon.module_ok(&["enable", "form"]);
    assert_eq!(
        daemon.module_ok(&["action", "form", "add", "amount=41", "tags=a", "tags=b"]),
        "Added: 42 ['a', 'b']\nOpens the modal \"more\".\n"
    );
    let answer = daemon.module_ok(&["action", "form", "add", "amount=1", "--json"]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["success"], true);
    assert_eq!(answer["results"][0]["message"], "2 []");
}

#[test]
fn fields_that_do_not_fit_are_named() {
    let daemon = daemon(&[("form", FORM)]);
    daemon.module_ok(&["enable", "form"]);
    daemon.module_fails(&["action", "form", "add", "amount=many"], "error: amount: ");
    let output = daemon.module(&["action", "form", "add", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["success"], false);
    assert!(answer["errors"]["amount"].is_string(), "{answer}");
    let misspelt = ["action", "form", "add", "amount=1", "tag=a"];
    daemon.module_fails(
        &misspelt,
        "there is no field \"tag\": did you mean \"tags\"?",
    );
}

#[test]
fn an_action_that_cannot_run_is_an_error() {
    let daemon = daemon(&[("form", FORM)]);
    daemon.module_fails(&["action", "form", "add", "amount=1"], "not enabled");
    daemon.module_fails(&["action", "form", "ad"], "did you mean \"add\"?");
    daemon.module_ok(&["enable", "form"]);
    daemon.module_fails(&["action", "form", "zzzzzz"], "it has add, fail");
    let output = daemon.module(&["action", "form", "fail"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("on purpose"), "{text}");
    let output = daemon.module(&["action", "form", "add", "amount"]);
    assert!(
        stderr(&output).contains("expected KEY=VALUE"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn without_a_daemon_each_command_says_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let folder = fixture("my_module");
    let folder = folder.to_str().unwrap();
    let commands: [&[&str]; 6] = [
        &["list"],
        &["enable", "a"],
        &["disable", "a"],
        &["action", "a", "b"],
        &["logs", "a"],
        &["dev", folder],
    ];
    for command in commands {
        let more = ["--data-dir", data];
        let output = contara(["module"].iter().chain(command).chain(&more))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = stderr(&output);
        assert!(
            text.contains(&format!("no Contara is running on the data folder {data}")),
            "{command:?}: {text}"
        );
    }
}
