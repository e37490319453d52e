//! Setup scripts, run for real: what they get, what nobody sees, how they end.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use contara_system::command_run::{
    CommandEnd, CommandEvent, CommandOrder, RunningCommand, StartCommandError, capture,
};
use contara_system::run_name::RunName;
use contara_system::script::ScriptOrder;
use tempfile::TempDir;

struct Toy {
    root: TempDir,
    order: ScriptOrder,
}

impl Toy {
    fn new(script: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("toy");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("setup.sh"), script).unwrap();
        let order = ScriptOrder {
            slug: "toy".into(),
            folder,
            script: "setup.sh".into(),
            parameters: Vec::new(),
            language: "en_US".into(),
            catalogues: root.path().join("cache"),
            run: RunName::new(),
        };
        Self { root, order }
    }

    fn with<T: Into<String>>(mut self, parameters: impl IntoIterator<Item = T>) -> Self {
        self.order.parameters = parameters.into_iter().map(Into::into).collect();
        self
    }

    async fn run(&self) -> (String, CommandEnd) {
        finish(&mut self.order.start().await.unwrap()).await
    }

    #[track_caller]
    fn path(&self, name: &str) -> PathBuf {
        self.order.folder.join(name)
    }
}

/// All that it still prints, and its end.
async fn finish(running: &mut RunningCommand) -> (String, CommandEnd) {
    let mut output = Vec::new();
    loop {
        match running.next().await {
            CommandEvent::Output(bytes) => output.extend(bytes),
            CommandEvent::Status(status) => panic!("{status:?} of a script"),
            CommandEvent::Ended(end) => return (String::from_utf8(output).unwrap(), end),
        }
    }
}

/// What it prints up to and with a line feed.
async fn line(running: &mut RunningCommand) -> String {
    let mut output = Vec::new();
    while !output.ends_with(b"\n") {
        match running.next().await {
            CommandEvent::Output(bytes) => output.extend(bytes),
            CommandEvent::Status(status) => panic!("{status:?} of a script"),
            CommandEvent::Ended(end) => panic!("{end:?} after {output:?}"),
        }
    }
    String::from_utf8(output).unwrap()
}

fn success() -> CommandEnd {
    CommandEnd {
        status: "exit status 0".into(),
        is_success: true,
        is_killed: false,
    }
}

/// Processes of a session that haven't ended, by their numbers.
fn members(session: u32) -> Vec<u32> {
    let stat = |pid: u32| fs::read_to_string(format!("/proc/{pid}/stat")).ok();
    let belongs = |pid: &u32| {
        stat(*pid).is_some_and(|stat| {
            let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split(' ').collect();
            fields[4] == session.to_string() && fields[1] != "Z"
        })
    };
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(belongs).collect()
}

async fn until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "it never came so far");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn parameters_arrive_as_they_are() {
    let odd = [
        "",
        "plain",
        "it's",
        "''",
        "a b  c",
        " lead",
        "$HOME `id` $(id) \\",
        "\"q\"",
        "*",
        "-n",
        "--",
        "é€𝄞",
        "!x",
        "a\nb",
        "",
    ];
    let toy = Toy::new("printf '%s\\0' \"$#\" \"$@\"").with(odd);
    let (output, end) = toy.run().await;
    let parts: Vec<_> = output.split_terminator('\0').collect();
    assert_eq!(parts[0], odd.len().to_string());
    assert_eq!((&parts[1..], end), (odd.as_slice(), success()));
}

#[tokio::test]
async fn two_hundred_parameters_of_500_bytes_arrive() {
    let many: Vec<_> = (0..200).map(|number| format!("{number:0500}")).collect();
    let toy = Toy::new("printf '%s\\n' \"$@\"").with(&many);
    let (output, end) = toy.run().await;
    assert_eq!(
        (output.lines().collect::<Vec<_>>(), end),
        (many.iter().map(String::as_str).collect(), success())
    );
}

#[tokio::test]
async fn a_script_finds_what_it_would_find_in_bash() {
    let script = "\
        #!/nowhere/perl\n\
        echo \"$0|${BASH_SOURCE[0]}|$PWD|$#\"\n\
        shift 9; echo \"$?|$1|$#\"\n\
        echo \"${BASH_ENV-none}|$TEXTDOMAIN|$TEXTDOMAINDIR|$LANGUAGE\"\n\
        read -r line; echo \"$?$line\"\n\
        readlink /proc/self/fd/0\n\
        readlink /proc/$$/fd/* /proc/self/fd/* | grep memfd\n\
        case $PATH in */usr/sbin*) echo sbin;; esac\n\
        (: > /dev/tty) 2>/dev/null || echo 'no terminal'\n\
        echo complaint >&2\n\
        exit 3\n";
    let toy = Toy::new(script).with((1..=11).map(|number| number.to_string()));
    let (output, end) = toy.run().await;
    let (path, root) = (toy.path("setup.sh"), toy.root.path());
    let (path, root) = (path.display(), root.display());
    let expected = format!(
        "{path}|{path}|{root}/toy|11\n0|10|2\nnone|toy|{root}/cache/toy|en_US\n1\n/dev/null\nsbin\nno \
         terminal\ncomplaint\n"
    );
    assert_eq!(output, expected);
    assert_eq!(
        (end.status.as_str(), end.is_success),
        ("exit status 3", false)
    );
}

#[tokio::test]
async fn nobody_can_look_parameters_up() {
    let canary = "canary-81c2f7";
    let script = "sleep 60 & (sleep 60; true) & bash -c 'sleep 60; true' & echo ready; wait";
    let toy = Toy::new(script).with([canary]);
    let mut running = toy.order.start().await.unwrap();
    line(&mut running).await;
    let session = running.session().id;
    // The script, a child, a part of itself and its child, another bash and its child.
    until(|| members(session).len() == 6).await;
    for pid in members(session) {
        for file in ["cmdline", "environ"] {
            let bytes = fs::read(format!("/proc/{pid}/{file}")).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!bytes.is_empty() && !text.contains(canary), "{pid}: {text}");
        }
        let input = fs::read_link(format!("/proc/{pid}/fd/0")).unwrap();
        assert_eq!(input.to_str(), Some("/dev/null"));
    }
    assert!(!format!("{:?} {running:?}", toy.order).contains(canary));
    running.cancel();
    assert!(!finish(&mut running).await.1.is_success);
    assert_eq!(members(session), [0; 0]);
}

#[tokio::test]
async fn nothing_of_the_daemons_environment_comes_along() {
    let toy = Toy::new("env");
    let (output, _) = toy.run().await;
    let known = [
        "PATH",
        "HOME",
        "SHELL",
        "TERM",
        "LC_ALL",
        "LANGUAGE",
        RunName::VARIABLE,
        "LOGNAME",
        "TMPDIR",
        "TZ",
        "USER",
        "TEXTDOMAIN",
        "TEXTDOMAINDIR",
        "PWD",
        "SHLVL",
        "_",
        "OLDPWD",
    ];
    for variable in output.lines() {
        let name = variable.split('=').next().unwrap();
        assert!(known.contains(&name), "{variable}");
    }
}

#[tokio::test]
async fn a_script_that_isnt_there_is_named() {
    let mut toy = Toy::new("");
    toy.order.script = "other.sh".into();
    let error = toy.order.start().await.unwrap_err();
    let path = toy.path("other.sh");
    assert_eq!(
        error.to_string(),
        format!("there is no script {}, which toy names", path.display())
    );
    let error = Toy::new("").with(["a", "b\0"]).order.start().await;
    assert!(matches!(error, Err(StartCommandError::Nul { number: 2 })));
    let error = CommandOrder::new("no-such-program", [""; 0]).start();
    assert!(matches!(error, Err(StartCommandError::NoProgram(_))));
}

#[tokio::test]
async fn what_keeps_the_pipe_open_isnt_waited_for() {
    let toy = Toy::new("sleep 600 & echo done");
    let start = Instant::now();
    let mut running = toy.order.start().await.unwrap();
    let (output, end) = finish(&mut running).await;
    assert_eq!((output.as_str(), end), ("done\n", success()));
    assert!(start.elapsed() < Duration::from_secs(60));
    // It was meant to go on, and does.
    let session = running.session().clone();
    drop(running);
    assert_eq!(members(session.id).len(), 1);
    // Its leader is gone; a daemon that starts anew ends it all the same.
    let recorded: RunName = toy.order.run.started(&session).to_string().parse().unwrap();
    assert!(recorded.end_leftovers().await);
    assert_eq!(members(session.id), [0; 0]);
    assert!(!recorded.end_leftovers().await);
}

#[tokio::test]
async fn all_that_was_printed_comes_however_late_it_is_read() {
    // Less than a pipe holds, so that the script ends before anything is read.
    let toy = Toy::new("head -c 60000 /dev/zero | tr '\\0' x; sleep 600 &");
    let mut running = toy.order.start().await.unwrap();
    let session = running.session().clone();
    let zombie = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", session.id)).unwrap();
        stat.contains(") Z ")
    };
    until(zombie).await;
    let (output, end) = finish(&mut running).await;
    assert_eq!((output.len(), end), (60000, success()));
    toy.order.run.started(&session).end_leftovers().await;
}

#[tokio::test]
async fn much_output_comes_in_full() {
    let toy = Toy::new("seq 1 100000");
    let (output, end) = toy.run().await;
    assert_eq!((output.lines().count(), end), (100_000, success()));
    assert!(output.ends_with("99999\n100000\n"));
}

#[tokio::test]
async fn cancelling_ends_the_whole_session() {
    // Groups of their own, and one that is asked and answers.
    let script = "set -m; sleep 600 & sleep 601 & trap 'echo bye; exit 7' TERM; echo ready; wait";
    let toy = Toy::new(script);
    let mut running = toy.order.start().await.unwrap();
    line(&mut running).await;
    let session = running.session().id;
    assert_eq!(members(session).len(), 3);
    running.cancel();
    let (output, end) = finish(&mut running).await;
    assert!(output.contains("bye\n"), "{output}");
    assert_eq!(end.status, "exit status 7");
    assert_eq!(members(session), [0; 0]);
}

#[tokio::test]
async fn who_doesnt_listen_is_killed_after_five_seconds() {
    let script =
        "trap '' TERM; (while :; do sleep 1; done) & echo ready; while :; do sleep 1; done";
    let toy = Toy::new(script);
    let mut running = toy.order.start().await.unwrap();
    line(&mut running).await;
    let session = running.session().id;
    let start = Instant::now();
    running.cancel();
    let (_, end) = finish(&mut running).await;
    assert_eq!(end.status, "killed by signal 9 (SIGKILL)");
    assert_eq!(members(session), [0; 0]);
    assert!(start.elapsed() >= Duration::from_secs(5));
}

#[tokio::test]
async fn what_a_killed_daemon_left_is_ended() {
    let toy = Toy::new("sleep 600 & echo ready; wait");
    let mut running = toy.order.start().await.unwrap();
    line(&mut running).await;
    let session = running.session().clone();
    let text = toy.order.run.started(&session).to_string();
    std::mem::forget(running);
    let recorded: RunName = text.parse().unwrap();
    assert_eq!(members(session.id).len(), 2);
    assert!(recorded.end_leftovers().await);
    assert_eq!(members(session.id), [0; 0]);
}

#[tokio::test]
async fn dropping_it_kills_it() {
    let toy = Toy::new("sleep 600 & echo ready; wait");
    let mut running = toy.order.start().await.unwrap();
    line(&mut running).await;
    let session = running.session().id;
    drop(running);
    until(|| members(session).is_empty()).await;
}

#[tokio::test]
async fn a_program_that_takes_too_long_is_ended() {
    let order = CommandOrder::new("sh", ["-c", "echo one; sleep 600"]);
    let captured = capture(&order, Duration::from_secs(1)).await.unwrap();
    assert_eq!(captured.output, "one\n");
    assert_eq!(captured.end.status, "no end after 1 s");
    assert!(!captured.end.is_success);
}

#[tokio::test]
async fn texts_are_really_translated() {
    let mut toy = Toy::new("name=$1; echo $\"Hello $name\"; echo $\"Unknown\"").with(["Zoé"]);
    let locale = toy.path("locale/fr_FR/LC_MESSAGES");
    fs::create_dir_all(&locale).unwrap();
    let catalogue = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\
        msgid \"Goodbye\"\nmsgstr \"Adieu\"\nmsgid \"Hello $name\"\nmsgstr \"Bonjour, très cher $name\"\n";
    fs::write(locale.join("toy.po"), catalogue).unwrap();
    toy.order.language = "fr_FR".into();
    let (output, _) = toy.run().await;
    assert_eq!(output, "Bonjour, très cher Zoé\nUnknown\n");
    toy.order.language = "en_US".into();
    assert_eq!(toy.run().await.0, "Hello Zoé\nUnknown\n");
}

#[tokio::test]
async fn the_shared_functions_lie_beside_the_module() {
    let (output, end) = Toy::new(". ../functions.sh; info_b ready").run().await;
    assert_eq!((output.as_str(), end), ("8ready\n", success()));
}
