//! The commands in the module author guide: each is run, in the order of the page, against a real daemon, in a folder
//! with the files that the page has shown so far. What is in those files is tested in `python/tests/test_guide.py`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::setup::Machine;
use crate::support::{Api, Daemon, checkout, contara, eventually, python};

/// Stands in expected output for whatever there is.
const ANYTHING: char = '…';

/// A fenced block: its first line, and what is in it.
struct Block {
    info: String,
    body: String,
}

/// A command with the output that the guide promises.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    output: String,
}

/// A reader of the guide: a folder to work in, a daemon, and commands that go on in other terminals.
struct Reader {
    /// Ended before the daemon, as a person would.
    running: Vec<Running>,
    folder: PathBuf,
    api: Api,
    daemon: Daemon,
}

#[tokio::test]
async fn the_first_module_works_as_it_is_told() {
    read("first-module.md").await;
}

#[tokio::test]
async fn the_tools_say_what_the_guide_says() {
    read("tools.md").await;
}

#[tokio::test]
async fn the_first_setup_module_works_as_it_is_told() {
    let machine = Machine::start(&[]).await;
    let modules = machine.daemon.modules();
    read_in(
        machine.daemon,
        machine.api,
        modules,
        "first-setup-module.md",
    )
    .await;
}

#[test]
fn no_other_page_has_commands() {
    let folder = checkout().join("docs/guide");
    let pages = fs::read_dir(folder).unwrap().flatten();
    let mut with_commands: Vec<_> = pages
        .filter(|page| {
            let text = fs::read_to_string(page.path()).unwrap();
            blocks(&text)
                .iter()
                .any(|block| block.info.starts_with("console"))
        })
        .map(|page| page.file_name().into_string().unwrap())
        .collect();
    with_commands.sort();
    assert_eq!(
        with_commands,
        ["first-module.md", "first-setup-module.md", "tools.md"]
    );
}

async fn read(page: &str) {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let folder = tempfile::tempdir().unwrap();
    read_in(daemon, api, folder.path().to_owned(), page).await;
}

async fn read_in(daemon: Daemon, api: Api, folder: PathBuf, page: &str) {
    let text = fs::read_to_string(checkout().join("docs/guide").join(page)).unwrap();
    let mut reader = Reader {
        folder,
        api,
        daemon,
        running: Vec::new(),
    };
    for block in blocks(&text) {
        match block.info.split_once(' ') {
            Some(("console", "background")) => reader.start(&block.body).await,
            None if block.info == "console" => reader.run(&block.body).await,
            Some((_, path)) => reader.write(path, &block.body).await,
            None => {}
        }
    }
}

impl Reader {
    /// Writes a file, and waits until a `contara module dev` that runs has noticed.
    async fn write(&self, path: &str, content: &str) {
        let developed = self
            .running
            .iter()
            .find(|running| path == format!("{}/__init__.py", running.module));
        let before = developed.map(Running::reloads);
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        if let (Some(running), Some(before)) = (developed, before) {
            eventually("the module to be loaded anew", || async {
                (running.reloads() > before).then_some(())
            })
            .await;
        }
    }

    async fn run(&self, body: &str) {
        for step in steps(body) {
            if let Some(module) = step.command.strip_prefix("contara setup plan ") {
                self.wait_until_found(module).await;
            }
            let output = self.command(&step.command).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && matches(&step.output, &text),
                "$ {}\n{text}{}",
                step.command,
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }

    /// Waits until the daemon has seen a setup module as it is now: people aren't as quick as this.
    async fn wait_until_found(&self, module: &str) {
        let path = format!("/api/setup/modules/{module}");
        eventually("the module to be found", || async {
            let (_, found) = self.api.get(&path).await;
            (found["section"] == "management").then_some(())
        })
        .await;
    }

    /// Starts `contara module dev`, and waits until the module runs.
    async fn start(&mut self, body: &str) {
        for step in steps(body) {
            let module = step.command.strip_prefix("contara module dev ").unwrap();
            let running = Running::start(module, &mut self.command(&step.command));
            let expected = format!("{}{ANYTHING}", step.output.trim_end());
            eventually(&format!("what `{}` says", step.command), || async {
                matches(&expected, &running.text()).then_some(())
            })
            .await;
            self.api.wait_for_life(module, "running").await;
            self.running.push(running);
        }
    }

    fn command(&self, line: &str) -> Command {
        let mut words = line.split_whitespace();
        let mut command = match words.next().unwrap() {
            "contara" => contara(words),
            // `python -m` would look for modules in this folder first, so that a module "email" would hide Python's.
            "pytest" => {
                let mut command = Command::new(python().with_file_name("pytest"));
                command.args(words);
                command
            }
            other => panic!("the guide runs {other:?}, which this test doesn't know"),
        };
        command
            .current_dir(&self.folder)
            .env("CONTARA_DATA_DIR", self.daemon.data.path())
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// A `contara module dev`, which goes on; it ends with the test.
struct Running {
    module: String,
    child: Child,
    text: Arc<Mutex<String>>,
}

impl Running {
    fn start(module: &str, command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let text = Arc::new(Mutex::new(String::new()));
        let (shared, output) = (Arc::clone(&text), child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                *shared.lock().unwrap() += &(line + "\n");
            }
        });
        Self {
            module: module.to_owned(),
            child,
            text,
        }
    }

    fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    fn reloads(&self) -> usize {
        self.text().matches("Reloaded in").count()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if let Some(info) = line.strip_prefix("```") {
            is_inside = !is_inside;
            if is_inside {
                found.push(Block {
                    info: info.trim().to_owned(),
                    body: String::new(),
                });
            }
        } else if is_inside {
            found.last_mut().unwrap().body += &format!("{line}\n");
        }
    }
    found
}

fn steps(body: &str) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    for line in body.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            found.push(Step {
                command: command.to_owned(),
                output: String::new(),
            });
        } else {
            let step = found.last_mut().expect("a command before its output");
            step.output += &format!("{line}\n");
        }
    }
    found
}

/// Whether `text` is as expected, where `…` stands for anything, also over several lines.
fn matches(expected: &str, text: &str) -> bool {
    let parts: Vec<_> = expected.trim().split(ANYTHING).collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let mut rest = text.trim();
    if parts.len() == 1 {
        return rest == first;
    }
    if !rest.starts_with(first) || !rest.ends_with(last) {
        return false;
    }
    for part in parts {
        match rest.find(part.trim()) {
            Some(at) => rest = &rest[at + part.trim().len()..],
            None => return false,
        }
    }
    true
}

#[test]
fn expected_output_may_leave_things_open() {
    assert!(matches("Done.\n", "Done.\n"));
    assert!(!matches("Done.\n", "Done. Or not.\n"));
    assert!(matches(
        "Made …x with\n  a\n…\n",
        "Made /tmp/x with\n  a\n  b\n\nNext:\n"
    ));
    assert!(!matches("Made …x with\n…", "Made /tmp/y with\n  a\n"));
    assert!(matches("…", ""));
    assert_eq!(
        steps("$ a b\nc\n$ d\n"),
        [
            Step {
                command: "a b".to_owned(),
                output: "c\n".to_owned()
            },
            Step {
                command: "d".to_owned(),
                output: String::new()
            },
        ]
    );
}
