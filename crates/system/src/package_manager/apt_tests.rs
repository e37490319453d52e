//! Apt's answers, as it gave them, and this machine's apt, which is asked and changes nothing.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::super::{installed, simulate};
use super::*;
use crate::environment::find_program;

fn answer(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/apt");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

#[track_caller]
fn check(files: &[&str], expected: &Changes) {
    let answers: String = files.iter().map(|file| answer(file)).collect();
    assert_eq!(Apt::default().read_simulations(&answers), *expected);
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn sizes_that_no_disk_has_are_no_more_than_the_highest_number() {
    let huge = u64::MAX;
    let line = format!("'http://a/a.deb' a.deb {huge} SHA256:0\n");
    let changes = Apt::default().read_simulations(&format!(
        "{line}{line}After this operation, {huge} TB of additional disk space will be used.\n"
    ));
    assert_eq!(
        (changes.download_bytes, changes.disk_bytes),
        (Some(huge), Some(huge))
    );
}

#[test]
fn what_would_be_done_is_read() {
    let new = Changes {
        install: names(&["libtext-charwidth-perl", "cowsay"]),
        ..Changes::default()
    };
    check(&["simulate_new.txt"], &new);
    let both = Changes {
        upgrade: names(&["bash"]),
        remove: names(&["avahi-utils"]),
        download_bytes: Some(1_490_652 + 9_496 + 21_372),
        disk_bytes: Some(136_000),
        sources: ["http://mirror.example".to_owned()].into(),
        ..new
    };
    check(&["simulate_mixed.txt", "print_uris.txt"], &both);
    let upgrade = Changes {
        upgrade: names(&["bash"]),
        ..Changes::default()
    };
    check(&["simulate_upgrade.txt"], &upgrade);
    check(&["present.txt"], &Changes::default());
}

#[test]
fn what_lies_on_this_machine_isnt_downloaded() {
    let changes = Apt::default().read_simulations(
        "Inst letters (1.0 localhost [all])\n'file:/srv/packages/./letters.deb' letters_1.0_all.deb 612 SHA256:0\n",
    );
    assert_eq!(changes.download_bytes, Some(0));
    assert!(changes.sources.is_empty());
}

#[test]
fn what_cant_be_done_is_said() {
    let unknown = Changes {
        unknown: names(&["nosuchpkg"]),
        ..Changes::default()
    };
    check(&["unknown.txt"], &unknown);
    let refusal = Apt::default()
        .read_simulations(&answer("conflict.txt"))
        .refusal
        .unwrap();
    assert!(
        refusal.starts_with(
            "Unable to correct problems, you have held broken packages. exim4 : Depends: "
        ),
        "{refusal}"
    );
    assert!(
        refusal.contains("exim4-config : Conflicts: postfix"),
        "{refusal}"
    );
    let none = "Package foo is a virtual package\nE: Package 'foo' has no installation candidate\n";
    assert_eq!(Apt::default().read_simulations(none).unknown, ["foo"]);
}

#[test]
fn what_is_there_is_read() {
    let there = Apt::default().read_installed(&answer("installed.txt"));
    for name in [
        "bash",
        "perl-base",
        "apt-transport-https",
        "libsocket-perl",
        "base",
    ] {
        assert!(there.contains(name), "{name}");
    }
    assert!(!there.contains("(="));
    let odd = "rc \ta\t\nhi \tb\t\niU \tc\t\nii \td\n\nii";
    assert_eq!(
        Apt::default().read_installed(odd),
        BTreeSet::from(["b".into(), "d".into()])
    );
}

#[test]
fn sizes_are_read() {
    for (text, expected) in [
        ("136 kB of", Some(136_000)),
        ("0 B of", Some(0)),
        ("1,234 MB of", Some(1_234_000_000)),
        ("1.5 GB of", Some(1_500_000_000)),
        ("many", None),
        ("1 potato", None),
    ] {
        assert_eq!(bytes(text), expected, "{text}");
    }
    let freed = "After this operation, 12.3 MB disk space will be freed.";
    assert_eq!(Apt::default().read_simulations(freed).disk_bytes, Some(0));
}

#[test]
fn names_are_nothing_but_names() {
    for name in ["bash", "g++", "libc6", "libc6:i386", "python3.11", "0ad"] {
        assert!(Apt::default().is_name(name), "{name}");
    }
    for bad in [
        "",
        "-y",
        "bash-",
        "bash=1",
        "b*",
        "Bash",
        "a b",
        "task^",
        "bash/stable",
        "x",
        "bash:",
    ] {
        assert!(!Apt::default().is_name(bad), "{bad}");
    }
}

#[test]
fn installing_asks_nobody_and_waits_for_others() {
    let apt = Apt(LockWait(Duration::from_secs(600)));
    let order = apt.install(&names(&["cowsay"])).unwrap();
    let arguments: Vec<_> = order
        .arguments
        .iter()
        .map(|part| part.to_str().unwrap())
        .collect();
    assert_eq!(arguments[..2], ["-y", "-q"]);
    assert_eq!(
        arguments[arguments.len() - 3..],
        ["install", "--", "cowsay"]
    );
    let wait = ["-o", "DPkg::Lock::Timeout=600"];
    assert!(arguments.windows(2).any(|pair| pair == wait));
    let frontend = ("DEBIAN_FRONTEND".to_owned(), "noninteractive".into());
    assert!(order.environment.contains(&frontend));
}

/// As apt 2.6.1 wrote it.
#[test]
fn how_far_it_is_is_read() {
    let at = |phase, package: Option<&str>, count, percent| {
        Some(ProgressReport::At {
            phase,
            package: package.map(str::to_owned),
            count,
            percent: Some(percent),
        })
    };
    let letters = |phase, percent| at(phase, Some("letters"), None, percent);
    for (line, expected) in [
        (
            "0 upgraded, 2 newly installed, 0 to remove and 5 not upgraded.",
            Some(ProgressReport::Total {
                coming: 2,
                going: 0,
            }),
        ),
        (
            "1 upgraded, 2 newly installed, 1 downgraded, 3 to remove and 0 not upgraded.",
            Some(ProgressReport::Total {
                coming: 4,
                going: 3,
            }),
        ),
        (
            "dlstatus:2:50.0000:Retrieving file 2 of 12 (3min 5s remaining)",
            at(Phase::Downloading, None, Some((2, 12)), 50),
        ),
        ("pmstatus:dpkg-exec:0.0000:Running dpkg", None),
        (
            "pmstatus:letters:0.0000:Preparing letters (amd64)",
            letters(Phase::Unpacking, 0),
        ),
        (
            "pmstatus:letters:22.2222:Installing letters (amd64)",
            letters(Phase::Unpacking, 22),
        ),
        (
            "pmstatus:letters:66.6667:Preparing to configure letters (amd64)",
            letters(Phase::Configuring, 66),
        ),
        (
            "pmstatus:letters:88.8889:Installed letters (amd64)",
            letters(Phase::Configuring, 88),
        ),
        (
            "pmstatus:letters:33.3333:Preparing for removal of letters (amd64)",
            letters(Phase::Removing, 33),
        ),
        (
            "pmstatus:man-db:90.0000:Running post-installation trigger man-db",
            None,
        ),
        ("pmerror:/tmp/letters.deb:40.0000:no such file", None),
        ("Setting up letters (1.0) ...", None),
    ] {
        assert_eq!(Apt::default().progress(line), expected, "{line}");
    }
}

#[test]
fn what_was_broken_off_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!is_broken_off(folder.path()) && !is_broken_off(Path::new("/nowhere")));
    std::fs::write(folder.path().join("tmp.i"), "").unwrap();
    assert!(!is_broken_off(folder.path()));
    std::fs::write(folder.path().join("0003"), "").unwrap();
    assert!(is_broken_off(folder.path()));
}

#[test]
fn where_packages_are_known_is_read() {
    let answer = "STATUS='/root/var/lib/dpkg/status'\nLISTS='/lists/'\nARCHIVES='/archives/'\n";
    let expected = Database {
        folder: "/root/var/lib/dpkg".into(),
        locks: vec!["/lists/lock".into(), "/archives/lock".into()],
    };
    assert_eq!(Apt::default().read_database(answer), Some(expected));
    assert_eq!(Apt::default().read_database("E: what?"), None);
}

#[test]
fn who_locks_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("lock");
    std::fs::write(&lock, "").unwrap();
    assert_eq!(lock::holder(&lock), None);
    let program = "import fcntl,sys\nf=open(sys.argv[1],'w')\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint('x',flush=True)\nsys.stdin.read()";
    let mut child = Command::new("python3")
        .args([PathBuf::from("-c"), program.into(), lock.clone()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    let found = lock::holder(&lock).unwrap();
    assert!(
        found.starts_with(&format!("process {} (python", child.id())),
        "{found}"
    );
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(lock::holder(&lock), None);
    assert_eq!(lock::holder(Path::new("/nowhere/lock")), None);
}

/// Where there is no apt there is nothing to be asked.
#[tokio::test]
async fn this_machines_apt_answers() {
    if find_program(Path::new("apt-get")).is_none() {
        return;
    }
    let there = installed(&Apt::default()).await.unwrap();
    assert!(there.contains("dpkg"), "{there:?}");
    let wanted = names(&["dpkg", "no-such-package-at-all", "-y"]);
    let changes = simulate(&Apt::default(), &wanted).await.unwrap();
    assert_eq!(changes.unknown, ["no-such-package-at-all", "-y"]);
    assert_eq!(changes.refusal, None);
    let none = simulate(&Apt::default(), &names(&["apt"])).await.unwrap();
    assert_eq!(
        (none.unknown, none.remove, none.refusal),
        (vec![], vec![], None)
    );
}
