//! A run from choice to end: what the script finds around it, what becomes of the module, what people can look up later.

use std::fs;

use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, each, one, setup_folder, step, text, write_setup};
use crate::support::{eventually, lives};

const GREETING: &str = r#"{"greeting": {"whom": "Ada", "loud": true, "passwd": "secret-word", "passwd2": "secret-word"}}"#;

fn greeting() -> Value {
    serde_json::from_str(GREETING).unwrap()
}

#[tokio::test]
async fn from_a_choice_to_a_configured_module() {
    let machine = Machine::start(&["greeting"]).await;
    let id = machine.begin(&["greeting"]).await;
    let waiting = machine.until(id, "waiting").await;
    assert_eq!(waiting["needs"], "answers");
    assert_eq!(step(&waiting, "configure"), "todo");
    assert_eq!(machine.module("greeting").await["configured"], false);
    assert_eq!(machine.module("greeting").await["transaction"], id);
    machine.answer(id, greeting()).await;
    let done = machine.until(id, "done").await;
    assert_eq!(step(&done, "configure"), "done");
    assert_eq!(done["modules"][0]["state"], "done");
    assert_eq!(
        done["modules"][0]["links"][0]["href"],
        "http://127.0.0.1/greeting/"
    );
    assert_eq!(done["failure"], Value::Null);
    assert_eq!(done["reboot"]["state"], "not_needed");
    assert!(done["ended"].is_string());
    assert_eq!(
        machine.probe("greeting"),
        "count=4\n<Ada>\n<on>\n<off>\n<secret-word>\n"
    );
    let module = machine.module("greeting").await;
    assert_eq!(module["configured"], true);
    assert_eq!(module["can_configure"], false);
    assert_eq!(each(&module["links"], "name"), ["Read it"]);
}

#[tokio::test]
async fn the_summary_has_informations_warnings_and_errors_in_order() {
    let machine = Machine::start(&["talker"]).await;
    let id = machine.run(&["talker"], Value::Null).await;
    let summary = machine.summary(id).await;
    let module = &summary["modules"][0];
    assert_eq!(module["slug"], "talker");
    let texts = |what: &str| each(&module[what], "text");
    let info = texts("info");
    assert_eq!(info[..2], ["an information", "an important one"]);
    assert_eq!(info[3], "Information again");
    assert_eq!(
        texts("warnings"),
        [
            "a warning",
            "27.0.0.1 begins with a level too",
            "Another warning"
        ]
    );
    assert_eq!(texts("errors"), ["an error"]);
    let levels: Vec<_> = module["info"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["level"].as_u64())
        .collect();
    assert_eq!(levels, [Some(7), Some(8), Some(7), Some(8)]);
}

#[tokio::test]
async fn every_run_is_in_the_modules_history() {
    let machine = Machine::start(&["slow"]).await;
    machine.allow("slow.end");
    let first = machine
        .run(
            &["slow"],
            json!({"slow": {"word": "one", "slowpasswd": "hidden-word"}}),
        )
        .await;
    let second = machine
        .run(
            &["slow"],
            json!({"slow": {"word": "two", "slowpasswd": "hidden-word"}}),
        )
        .await;
    let module = machine.module("slow").await;
    let runs = module["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(
        (&runs[0]["transaction"], &runs[1]["transaction"]),
        (&second.into(), &first.into())
    );
    assert_eq!(
        runs[0]["answers"],
        json!({"word": "two", "slowpasswd": "set"})
    );
    assert!(
        runs[0]["changed"]
            .as_array()
            .unwrap()
            .contains(&"word".into()),
        "{module:#}"
    );
    assert_eq!(runs[0]["state"], "done");
    assert!(text(&runs[0]["exit"]).contains('0'));
    assert!(!text(&runs[0]["by"]).is_empty());
    assert!(runs[0]["started"].is_string() && runs[0]["ended"].is_string());
    assert!(!module.to_string().contains("hidden-word"));
}

#[tokio::test]
async fn a_script_has_no_terminal_no_input_and_a_session_of_its_own() {
    let data = setup_folder(&[]);
    let script = "cat; readlink /proc/self/fd/0; (: >/dev/tty) 2>/dev/null || echo no terminal\nread -r stat </proc/$$/stat; set -- $stat; echo \"ids $1 $5 $6\"; umask; echo \"$PATH\"; echo \"$HOME\"\n";
    write_setup(data.path(), "looks", &json!({}), "", script);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.run(&["looks"], Value::Null).await;
    let output = machine.output(id).await;
    assert_eq!(output[..2], ["/dev/null", "no terminal"]);
    let ids: Vec<_> = output[2].split(' ').skip(1).collect();
    assert_eq!(
        (ids[0], ids[0]),
        (ids[1], ids[2]),
        "process, group, session: {output:?}"
    );
    assert!(output[4].contains("/usr/sbin"), "{output:?}");
    assert!(output[5].starts_with('/'), "{output:?}");
}

#[tokio::test]
async fn a_daemon_that_keeps_the_pipe_open_holds_nothing_up() {
    let machine = Machine::start(&["lingering"]).await;
    let id = machine.run(&["lingering"], Value::Null).await;
    let daemon = machine.wait_for_pid("lingering.pid").await;
    assert!(lives(daemon), "what a script leaves on purpose goes on");
    assert_eq!(machine.output(id).await, ["The daemon is started."]);
    machine.allow("lingering.end");
    eventually("the daemon to end", || async {
        (!lives(daemon)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn modules_without_script_are_configured_at_the_end() {
    let data = setup_folder(&["no_script"]);
    write_setup(
        data.path(),
        "fails",
        &json!({"module": {"dependencies": ["no_script"]}}),
        "",
        "exit 1\n",
    );
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let id = machine.begin(&["fails"]).await;
    machine.until(id, "failed").await;
    assert_eq!(machine.module("fails").await["configured"], false);
    machine.run(&["no_script"], Value::Null).await.to_string();
    assert_eq!(machine.module("no_script").await["configured"], true);
}

#[tokio::test]
async fn functions_for_scripts_lie_beside_the_modules() {
    let machine = Machine::start(&["greeting"]).await;
    machine.run(&["greeting"], greeting()).await;
    let functions = machine.daemon.modules().join("functions.sh");
    assert!(
        fs::read_to_string(&functions)
            .unwrap()
            .contains("check_root")
    );
    // Somebody's own file is left alone.
    fs::write(
        &functions,
        "check_root() { echo mine; }\ninfo() { :; }\ninfo_b() { :; }\nwarning() { :; }\n",
    )
    .unwrap();
    let machine = machine.kill_and_start().await;
    assert!(
        fs::read_to_string(machine.daemon.modules().join("functions.sh"))
            .unwrap()
            .contains("mine")
    );
}

#[tokio::test]
async fn a_missing_script_fails_and_says_so() {
    let data = setup_folder(&[]);
    let code = "def get_config_info():\n    return ('gone.sh', [])\n";
    write_setup(data.path(), "empty", &json!({}), code, "");
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let (status, body) = machine.try_begin(&["empty"]).await;
    if status == 201 {
        let id = body["id"].as_u64().unwrap();
        let failed = machine.until(id, "failed").await;
        assert!(
            text(&failed["failure"]["message"]).contains("gone.sh"),
            "{failed}"
        );
    } else {
        assert!(body.to_string().contains("gone.sh"), "{body}");
    }
}

#[tokio::test]
async fn the_overview_names_what_runs_and_what_ran() {
    let machine = Machine::start(&["slow"]).await;
    let id = machine.begin(&["slow"]).await;
    machine.until(id, "waiting").await;
    let overview = machine.overview().await;
    assert_eq!(overview["read_only"], Value::Null);
    assert_eq!(overview["package_manager"], "none");
    assert_eq!(overview["transactions"][0]["id"], id);
    let listed = machine.read("transactions?limit=5").await;
    assert_eq!(listed["transactions"][0]["state"], "waiting");
    assert_eq!(one(&overview["modules"], "slug", "slow")["transaction"], id);
}
