//! What can be wrong with a machine when packages are installed: each is said with what to do, and is got over.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::packages::{add_apt, folder, start, start_with};
use super::{Machine, each, setup_folder, step, write_setup};
use crate::support::{eventually, lives, python};

/// The apt of the tests knows these too: of each its name, its version, what it needs, and the bytes that it has.
fn add_packages(data: &Path, packages: &[(&str, &str, &str, u64)]) {
    let apt = data.join("apt");
    for (name, version, needs, bytes) in packages {
        let control = apt.join("build").join(name).join("DEBIAN");
        fs::create_dir_all(&control).unwrap();
        let depends = match needs.is_empty() {
            true => String::new(),
            false => format!("Depends: {needs}\n"),
        };
        let facts = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Tests <tests@example.org>\n\
             {depends}Description: for tests\n"
        );
        fs::write(control.join("control"), facts).unwrap();
        let file = fs::File::create(apt.join("build").join(name).join(name)).unwrap();
        file.set_len(*bytes).unwrap();
    }
    let names: Vec<_> = packages.iter().map(|(name, ..)| *name).collect();
    run(Command::new(apt.join("add-packages")).args(names));
}

#[track_caller]
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

fn wants(data: &Path, slug: &str, package: &str) {
    let more = json!({"packages": [{"name": "all", "debs": [package]}]});
    write_setup(data, slug, &more, "", "echo done\n");
}

/// That the only problem of a plan is what apt says, that this is in it, and that nothing can be begun.
async fn assert_refused(machine: &Machine, slug: &str, words: &str) {
    let plan = machine.plan(&[slug]).await;
    assert_eq!(
        each(&plan["problems"], "kind"),
        ["packages_refused"],
        "{plan:#}"
    );
    let problem = &plan["problems"][0];
    assert!(
        problem["message"].as_str().unwrap().contains(words),
        "{problem:#}"
    );
    assert!(problem["help"].is_string(), "{problem:#}");
    let (status, refused) = machine.try_begin(&[slug]).await;
    assert_eq!(
        (status.as_u16(), &refused["kind"]),
        (422, &"packages_refused".into())
    );
}

#[tokio::test]
async fn a_broken_package_database_is_said_before_anything_starts() {
    let machine = start(folder(&[])).await;
    machine.tell_apt("go");
    let database = machine.data().join("apt/root/var/lib/dpkg/status");
    let whole = fs::read(&database).unwrap();
    for broken in ["Package: bash\nStatus: neither\n", "\u{1}\u{2} no fields\n"] {
        fs::write(&database, broken).unwrap();
        assert_refused(&machine, "writer", "dpkg/status").await;
    }
    fs::write(&database, whole).unwrap();
    machine.run(&["writer"], Value::Null).await;
    assert!(machine.installed_packages().contains("ii  letters"));
}

#[tokio::test]
async fn a_package_that_is_held_is_said_before_anything_starts() {
    let data = folder(&[]);
    add_packages(
        data.path(),
        &[("bash", "2.0", "", 0), ("needy", "1.0", "bash (>= 2.0)", 0)],
    );
    wants(data.path(), "needs", "needy");
    let dpkg = data.path().join("apt/dpkg");
    let select = |word: &str| {
        let line = format!("echo bash {word} | {} --set-selections", dpkg.display());
        run(Command::new("bash").args(["-c", &line]));
    };
    select("hold");
    let machine = start(data).await;
    assert_refused(
        &machine,
        "needs",
        "Depends: bash (>= 2.0) but 1.0 is to be installed",
    )
    .await;
    select("install");
    let plan = machine.plan(&["needs"]).await;
    assert_eq!(plan["packages"]["upgrade"], json!(["bash"]), "{plan:#}");
    machine.run(&["needs"], Value::Null).await;
    assert!(machine.installed_packages().contains("ii  needy"));
}

/// Somebody else who changes packages, until this is dropped.
struct Locked(std::process::Child);

impl Locked {
    fn new(lock: &Path) -> Self {
        const HOLD: &str = "import fcntl, sys\nfile = open(sys.argv[1], 'w')\nfcntl.lockf(file, fcntl.LOCK_EX)\n\
                            print('locked', flush=True)\nsys.stdin.read()\n";
        let mut holder = Command::new(python())
            .args(["-c", HOLD])
            .arg(lock)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(holder.stdout.take().unwrap());
        lines.read_line(&mut said).unwrap();
        assert_eq!(said, "locked\n");
        Self(holder)
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Whoever installs packages locks the first one, whoever fetches their lists the other one, for which apt itself doesn't wait.
#[tokio::test]
async fn somebody_else_who_changes_packages_or_fetches_lists_is_waited_for() {
    for lock in ["dpkg/lock-frontend", "apt/lists/lock"] {
        is_waited_for(lock).await;
    }
}

async fn is_waited_for(lock: &str) {
    let machine = start(folder(&[])).await;
    machine.tell_apt("go");
    let lock = machine.data().join("apt/root/var/lib").join(lock);
    let locked = Locked::new(&lock);
    let id = machine.begin(&["writer"]).await;
    eventually("it to say that it waits", || async {
        let log = machine.log_text(id).await;
        let holder = format!("process {} (", locked.0.id());
        let says = format!("Packages are being changed by {holder}");
        log.contains(&says).then_some(())
    })
    .await;
    assert_eq!(step(&machine.transaction(id).await, "packages"), "running");
    drop(locked);
    machine.until(id, "done").await;
}

#[tokio::test]
async fn somebody_else_who_doesnt_end_is_named_and_it_goes_on_later() {
    let data = folder(&[]);
    let lock = data.path().join("apt/root/var/lib/dpkg/lock-frontend");
    let machine = start_with(data, "wait_seconds = 1").await;
    machine.tell_apt("go");
    let locked = Locked::new(&lock);
    let id = machine.begin(&["writer"]).await;
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(failure["step"], "packages");
    let message = failure["message"].as_str().unwrap();
    let holder = format!(
        "After 1 s packages are still being changed by process {} (python",
        locked.0.id()
    );
    assert!(message.starts_with(&holder), "{message}");
    assert!(
        message.ends_with("Nothing was done. Retry when that has ended."),
        "{message}"
    );
    assert_eq!(step(&failed, "packages"), "failed");
    assert_eq!(machine.apt("calls"), "");
    drop(locked);
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    assert!(machine.installed_packages().contains("ii  numbers"));
}

/// `kill -9` of what installs, in the midst of a package's own script, and of what that leaves running.
async fn kill_and_retry(what: &str) {
    let machine = start(folder(&[])).await;
    let id = machine.begin(&["writer"]).await;
    eventually("a package's script to run", || async {
        let output = machine.output(id).await.join("\n");
        output.contains("Setting up numbers").then_some(())
    })
    .await;
    let apt = machine.apt_pid().await;
    let pid = match what {
        "apt-get" => apt,
        _ => child_named(apt, what),
    };
    run(Command::new("kill").args(["-9", &pid.to_string()]));
    // The script that waits for this ends, whoever is left to see it.
    machine.tell_apt("go");
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(failure["step"], "packages", "{failure:#}");
    let (exit, message) = (
        failure["exit"].as_str().unwrap(),
        failure["message"].as_str().unwrap(),
    );
    match what {
        "apt-get" => {
            assert_eq!(exit, "killed by signal 9 (SIGKILL)", "{failure:#}");
            assert!(message.contains("was killed by signal 9"), "{message}");
        }
        _ => {
            let log = machine.log_text(id).await;
            assert!(log.contains("/dpkg exited unexpectedly"), "{log}");
        }
    }
    assert!(message.to_lowercase().contains("retry"), "{message}");
    assert_eq!(step(&failed, "configure"), "todo");
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    let log = machine.log_text(id).await;
    assert!(log.contains("--configure -a"), "{log}");
    assert_eq!(
        machine.installed_packages(),
        "ii  bash\nii  coreutils\nii  letters\nii  numbers\n"
    );
}

/// The process of this name that another one has started.
fn child_named(parent: u32, name: &str) -> u32 {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap();
    let mut children = children.split_whitespace();
    let is_it = |pid: &&str| {
        fs::read_to_string(format!("/proc/{pid}/comm"))
            .unwrap()
            .trim()
            == name
    };
    children.find(is_it).unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_apt_that_is_killed_is_said_and_the_next_one_repairs() {
    kill_and_retry("apt-get").await;
}

#[tokio::test]
async fn a_dpkg_that_is_killed_is_said_and_the_next_one_repairs() {
    kill_and_retry("dpkg").await;
}

/// A disk of its own for the root of the tests' apt, taken away when this is dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn new(data: &Path, megabytes: u64) -> Self {
        let (image, at) = (data.join("disk"), data.join("apt/root"));
        fs::create_dir_all(&at).unwrap();
        let file = fs::File::create(&image).unwrap();
        file.set_len(megabytes * 1024 * 1024).unwrap();
        run(Command::new("mkfs.ext4").arg("-q").arg(&image));
        run(Command::new("mount")
            .args(["-o", "loop"])
            .args([&image, &at]));
        Self(at)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a daemon that a failed test leaves behind may still use it.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_disk_that_gets_full_stops_it_and_leaves_nothing_half_done() {
    let data = setup_folder(&[]);
    let disk = SmallDisk::new(data.path(), 64);
    add_apt(data.path());
    add_packages(data.path(), &[("big", "1.0", "", 40 << 20)]);
    wants(data.path(), "greedy", "big");
    let litter = data.path().join("apt/root/litter");
    fs::write(&litter, vec![1; 30 << 20]).unwrap();
    let machine = start(data).await;
    let id = machine.begin(&["greedy"]).await;
    let failed = machine.until(id, "failed").await;
    let failure = &failed["failure"];
    assert_eq!(failure["step"], "packages", "{failure:#}");
    let log = machine.log_text(id).await;
    assert!(log.contains("No space left on device"), "{log}");
    assert!(!machine.installed_packages().contains("big"), "{log}");
    assert_eq!(step(&failed, "configure"), "todo");
    assert_eq!(machine.module("greedy").await["configured"], false);

    fs::remove_file(litter).unwrap();
    machine.order(id, "retry").await;
    machine.until(id, "done").await;
    assert!(machine.installed_packages().contains("ii  big"));
    // A folder with a disk in it can't be removed.
    let (_, _, data) = machine.daemon.stop();
    drop(disk);
    data.close().unwrap();
}

/// The second of two waits for its turn, and meanwhile its package has come to need another one.
#[tokio::test]
async fn more_than_was_approved_isnt_done_before_somebody_has_seen_it() {
    let data = folder(&[]);
    add_packages(data.path(), &[("needy", "1.0", "bash", 0)]);
    wants(data.path(), "needs", "needy");
    let machine = start(data).await;
    let first = machine.begin(&["writer"]).await;
    let second = machine.begin(&["needs"]).await;
    eventually("the first to be at it", || async {
        let output = machine.output(first).await.join("\n");
        output.contains("Setting up ").then_some(())
    })
    .await;
    add_packages(
        machine.data(),
        &[
            ("needy", "1.1", "surprise", 0),
            ("surprise", "1.0", "bash", 0),
        ],
    );
    machine.tell_apt("go");
    machine.until(first, "done").await;
    let failed = machine.until(second, "failed").await;
    assert_eq!(
        failed["failure"]["message"],
        "More would be done to packages than was approved. Also installed: surprise. Nothing was installed. Retry approves exactly this."
    );
    assert!(!machine.installed_packages().contains("needy"));
    machine.order(second, "retry").await;
    machine.until(second, "done").await;
    assert!(machine.installed_packages().contains("ii  surprise"));
}

/// What was approved, and what was seen since, outlives the daemon.
#[tokio::test]
async fn more_than_was_approved_isnt_done_after_a_restart_either() {
    let data = folder(&[]);
    add_packages(data.path(), &[("needy", "1.0", "bash", 0)]);
    wants(data.path(), "needs", "needy");
    let machine = start(data).await;
    machine.begin(&["writer"]).await;
    let apt = machine.apt_pid().await;
    let queued = machine.begin(&["needs"]).await;
    let data = machine.daemon.kill();
    fs::write(data.path().join("apt/go"), "").unwrap();
    eventually("apt to end by itself", || async {
        (!lives(apt)).then_some(())
    })
    .await;
    add_packages(
        data.path(),
        &[
            ("needy", "1.1", "surprise", 0),
            ("surprise", "1.0", "bash", 0),
        ],
    );
    let machine = start(data).await;
    assert_more(&machine, queued, "Also installed: surprise.").await;

    let machine = start(machine.daemon.kill()).await;
    add_packages(
        machine.data(),
        &[
            ("needy", "1.2", "surprise, another", 0),
            ("another", "1.0", "bash", 0),
        ],
    );
    machine.order(queued, "retry").await;
    assert_more(&machine, queued, "Also installed: another.").await;

    let machine = start(machine.daemon.kill()).await;
    machine.order(queued, "retry").await;
    machine.until(queued, "done").await;
    let installed = machine.installed_packages();
    for package in ["needy", "surprise", "another"] {
        assert!(installed.contains(&format!("ii  {package}")), "{installed}");
    }
}

/// That it has failed since exactly this would be done beyond what was approved, and that nothing was.
async fn assert_more(machine: &Machine, id: u64, more: &str) {
    let failed = machine.until(id, "failed").await;
    let message = failed["failure"]["message"].as_str().unwrap();
    let expected = format!("More would be done to packages than was approved. {more} ");
    assert!(message.starts_with(&expected), "{message}");
    assert!(!machine.installed_packages().contains("needy"));
}
