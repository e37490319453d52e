//! `contara setup`: for people at a terminal, and for programs.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::{CONFIGURATION, Machine, each, setup_folder, write_plain};
use crate::support::{Following, checkout, contara, eventually, lives, python, run_by};

/// What a command did.
pub(crate) struct Ran(Output);

impl Ran {
    pub(crate) fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    /// All that it printed.
    pub(crate) fn text(&self) -> String {
        self.stdout() + &String::from_utf8_lossy(&self.0.stderr)
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// It ended with this status.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{}", self.text());
        self
    }
}

impl Machine {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = contara(["setup"].iter().chain(arguments));
        command
            .env("CONTARA_DATA_DIR", self.data())
            .current_dir(self.data())
            .stdin(Stdio::null());
        command
    }

    /// Runs `contara setup …`, with nobody at a terminal.
    pub(crate) fn contara(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }

    /// Runs it at a terminal, where somebody answers what is asked: pairs of a question's end and its answer.
    pub(crate) fn contara_at_terminal(&self, arguments: &[&str], answers: &[(&str, &str)]) -> Ran {
        self.contara_at_terminal_with(&[], arguments, answers)
    }

    /// The same for somebody whose environment says this.
    pub(crate) fn contara_at_terminal_with(
        &self,
        variables: &[(&str, &str)],
        arguments: &[&str],
        answers: &[(&str, &str)],
    ) -> Ran {
        let mut terminal = Command::new(python());
        terminal.arg(checkout().join("tests/fixtures/at_terminal.py"));
        let mut command = run_by(terminal, &self.command(arguments));
        command
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        let answers = answers.iter();
        let answers = answers.map(|(asked, answer)| format!("{asked}\t{answer}\n"));
        let mut input = running.stdin.take().unwrap();
        input
            .write_all(answers.collect::<String>().as_bytes())
            .unwrap();
        drop(input);
        Ran(running.wait_with_output().unwrap())
    }

    /// Runs it with nobody at a terminal, for somebody whose environment says this.
    pub(crate) fn contara_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        Ran(command.envs(variables.iter().copied()).output().unwrap())
    }

    pub(super) fn write(&self, name: &str, content: &str) {
        fs::write(self.data().join(name), content).unwrap();
    }
}

#[tokio::test]
async fn modules_are_listed_and_planned() {
    let machine = Machine::start(&["mailer", "resolver", "greeting"]).await;
    let listed = machine.contara(&["list"]).ends(0).stdout();
    for word in ["mailer", "Mailer", "resolver", "greeting"] {
        assert!(listed.contains(word), "{listed}");
    }
    let listed = machine.contara(&["list", "--json"]).ends(0).json();
    assert_eq!(listed["modules"].as_array().unwrap().len(), 3, "{listed}");
    let plan = machine.contara(&["plan", "mailer"]).ends(0).stdout();
    assert!(
        plan.contains("resolver") && plan.contains("mailer"),
        "{plan}"
    );
    let plan = machine
        .contara(&["plan", "mailer", "--json"])
        .ends(0)
        .json();
    assert_eq!(each(&plan["modules"], "slug"), ["resolver", "mailer"]);
    assert_eq!(plan["modules"][0]["dependency"], true);
    assert_eq!(each(&plan["steps"], "kind").len(), 6);
    assert!(
        plan["packages"].is_object() && plan["warnings"].is_array(),
        "{plan}"
    );
    let unapproved = machine.contara(&["install", "resolver", "--json"]).ends(5);
    assert_eq!(unapproved.json()["kind"], "unapproved");
    let status = machine.contara(&["status"]).ends(0);
    assert!(!status.text().is_empty());
}

#[tokio::test]
async fn a_refused_plan_exits_1_and_names_the_modules() {
    let data = setup_folder(&[]);
    write_plain(data.path(), "hen", &["egg"]);
    write_plain(data.path(), "egg", &["hen"]);
    let machine = Machine::start_on(data, CONFIGURATION).await;
    let refused = machine.contara(&["plan", "hen"]).ends(1).text();
    assert!(
        refused.contains("hen") && refused.contains("egg"),
        "{refused}"
    );
    let refused = machine.contara(&["plan", "hen", "--json"]).ends(1);
    assert_eq!(refused.json()["kind"], "cycle");
    let refused = machine.contara(&["install", "nowhere", "--yes"]).ends(1);
    assert!(refused.text().contains("nowhere"), "{}", refused.text());
}

#[tokio::test]
async fn whoever_stops_reading_stops_nothing() {
    let machine = Machine::start(&["greeting"]).await;
    machine.write(
        "answers.json",
        &json!({"greeting": {"whom": "Ada", "passwd": "geheim"}}).to_string(),
    );
    let mut command =
        machine.command(&["install", "greeting", "--yes", "--answers", "answers.json"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = command.stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(machine.module("greeting").await["configured"], true);
}

#[tokio::test]
async fn configure_asks_again_where_install_has_nothing_to_do() {
    let machine = Machine::start(&["greeting"]).await;
    let answers = |whom: &str| json!({"greeting": {"whom": whom, "passwd": "geheim"}}).to_string();
    machine.write("answers.json", &answers("Ada"));
    let way = ["greeting", "--yes", "--answers", "answers.json"];
    machine.contara(&[&["install"], &way[..]].concat()).ends(0);
    let refused = machine.contara(&[&["install"], &way[..]].concat()).ends(1);
    let words = refused.text();
    assert!(
        words.contains("contara setup configure greeting"),
        "{words}"
    );
    machine.contara(&["plan", "greeting"]).ends(1);
    let plan = machine.contara(&["plan", "greeting", "--reconfigure"]);
    assert!(plan.ends(0).text().contains("Greeting"));
    machine.write("answers.json", &answers("Grace"));
    let again = machine
        .contara(&[&["configure"], &way[..]].concat())
        .ends(0);
    assert!(again.text().contains("Grace"), "{}", again.text());
}

#[tokio::test]
async fn an_installation_with_answers_from_a_file() {
    let machine = Machine::start(&["greeting"]).await;
    machine.write("password", "from a file\n");
    machine.write(
        "answers.toml",
        "[greeting]\nwhom = \"Ada\"\nloud = true\npasswd = { file = \"password\" }\n",
    );
    let ran = machine
        .contara(&["install", "greeting", "--yes", "--answers", "answers.toml"])
        .ends(0);
    assert!(ran.text().contains("Hello, Ada!"), "{}", ran.text());
    assert!(!ran.text().contains("from a file"), "{}", ran.text());
    assert_eq!(
        machine.probe("greeting"),
        "count=4\n<Ada>\n<on>\n<off>\n<from a file>\n"
    );
    let status = machine.contara(&["status", "--json"]).ends(0).json();
    assert!(status.to_string().contains("\"done\""), "{status}");
    let log = machine.contara(&["log"]).ends(0).stdout();
    assert!(log.contains("Nobody answered."), "{log}");
    let again = machine.contara(&["install", "greeting", "--yes"]).ends(1);
    assert!(again.text().contains("greeting"), "{}", again.text());
}

#[tokio::test]
async fn secrets_come_from_the_environment_too_and_bad_answers_are_named() {
    let machine = Machine::start(&["greeting"]).await;
    let answers = json!({"greeting": {"whom": "-x", "passwd": {"env": "GREETING_PASSWORD"}}});
    machine.write("answers.json", &answers.to_string());
    let install = ["install", "greeting", "--yes", "--answers", "answers.json"];
    let run = || {
        let mut command = machine.command(&install);
        Ran(command
            .env("GREETING_PASSWORD", "from outside")
            .output()
            .unwrap())
    };
    let refused = run().ends(1);
    assert!(
        refused.text().contains("Names don't begin with a dash."),
        "{}",
        refused.text()
    );
    assert!(refused.text().contains("whom"), "{}", refused.text());
    machine.write("answers.json", &answers.to_string().replace("-x", "Ada"));
    let id = machine.overview().await["transactions"][0]["id"].as_u64();
    if let Some(id) = id {
        // What was begun and not answered would keep the module busy.
        let _ = machine.ask(id, "cancel").await;
    }
    run().ends(0);
    assert!(machine.probe("greeting").contains("<from outside>"));
}

#[tokio::test]
async fn with_nobody_to_ask_it_says_what_has_to_be_answered() {
    let machine = Machine::start(&["greeting"]).await;
    let ran = machine.contara(&["install", "greeting", "--yes"]).ends(5);
    assert!(ran.text().contains("--answers"), "{}", ran.text());
    let ran = machine.contara(&["install", "greeting"]);
    assert_ne!(ran.code(), Some(0), "nobody has said yes: {}", ran.text());
}

#[tokio::test]
async fn a_failure_exits_1_and_a_retry_goes_on() {
    let machine = Machine::start(&["fails_once"]).await;
    machine.write(
        "answers.toml",
        "[fails_once]\nword = \"w\"\noncepasswd = \"p\"\n",
    );
    let answers = ["--yes", "--answers", "answers.toml"];
    let install: Vec<_> = ["install", "fails_once"]
        .into_iter()
        .chain(answers)
        .collect();
    let failed = machine.contara(&install).ends(1).text();
    assert!(failed.contains("Something is missing."), "{failed}");
    machine.allow("fails_once.may");
    machine
        .contara(&["retry", "--answers", "answers.toml"])
        .ends(0);
    assert_eq!(machine.module("fails_once").await["configured"], true);
}

#[tokio::test]
async fn a_cancelled_one_exits_3_and_an_interrupted_one_4() {
    let machine = Machine::start(&["slow"]).await;
    machine.write("answers.toml", "[slow]\nword = \"w\"\n");
    let configure = ["configure", "slow", "--yes", "--answers", "answers.toml"];
    let mut first = Following::start(&mut machine.command(&configure));
    first.until("Waiting.");
    let script = machine.wait_for_pid("slow.child").await;
    machine.contara(&["cancel"]).ends(0);
    assert_eq!(first.wait().code(), Some(3));
    eventually("the script to end", || async {
        (!lives(script)).then_some(())
    })
    .await;
    let mut follower = machine.command(&["log", "-f"]);
    let mut second = Following::start(&mut machine.command(&configure));
    second.until("Waiting.");
    let mut follower = Following::start(&mut follower);
    follower.until("Waiting.");
    let machine = machine.kill_and_start().await;
    assert_eq!(second.wait().code(), Some(4), "the daemon has gone");
    let status = machine.contara(&["status"]).text();
    assert!(status.contains("interrupted"), "{status}");
}
