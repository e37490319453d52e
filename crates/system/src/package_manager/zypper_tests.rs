//! zypper's answers, as zypper 1.14.42 gave them on a root of its own with a repository of packages made for the purpose.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use super::*;

fn read(file: &str) -> Changes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/zypper");
    Zypper::default().read_simulations(&std::fs::read_to_string(folder.join(file)).unwrap())
}

#[test]
fn what_would_be_done_is_read() {
    let new = read("simulate_new.txt");
    assert_eq!(new.install.len(), 8, "{new:?}");
    assert_eq!(new.install[6..], ["letters", "numbers"]);
    assert_eq!(new.download_bytes, Some(60 * 1024 + 9 * 1024 / 10));
    assert_eq!(
        new.disk_bytes,
        Some(13 * 1024 * 1024 + 4 * 1024 * 1024 / 10)
    );
    let mixed = read("simulate_mixed.txt");
    assert_eq!(mixed.install, ["replaces"]);
    assert_eq!(mixed.upgrade, ["numbers"]);
    assert_eq!(mixed.remove, ["letters"]);
    assert_eq!(mixed.refusal, None);
    assert_eq!(read("present.txt"), Changes::default());
}

#[test]
fn how_far_it_is_is_read() {
    let at = |phase, count| {
        let package = Some("numbers".to_owned());
        Some(ProgressReport::At {
            phase,
            package,
            count: Some(count),
            percent: None,
        })
    };
    for (line, expected) in [
        (
            "Retrieving package numbers-1.0-1.noarch (1/1),   5.6 KiB (    0   B unpacked)",
            at(Phase::Downloading, (1, 1)),
        ),
        (
            "Retrieving: numbers-1.0-1.noarch (tests) (2/3),   5.6 KiB",
            at(Phase::Downloading, (2, 3)),
        ),
        (
            "(1/1) Installing: numbers-1.0-1.noarch [",
            at(Phase::Installing, (1, 1)),
        ),
        (
            "(2/3) Removing: numbers-1.0-1.noarch [..done]",
            at(Phase::Removing, (2, 3)),
        ),
        ("Checking for file conflicts: [.....done]", None),
        ("Retrieving repository 'tests' metadata [..done]", None),
    ] {
        assert_eq!(Zypper::default().progress(line), expected, "{line}");
    }
}

#[test]
fn what_cant_be_done_is_said() {
    assert_eq!(read("unknown.txt").unknown, ["nosuch"]);
    let conflict = read("conflict.txt");
    assert_eq!(
        conflict.refusal.unwrap(),
        "Problem: clashes-1.0-1.noarch conflicts with numbers provided by numbers-1.0-1.noarch"
    );
    assert_eq!(conflict.remove, [""; 0]);
}

#[test]
fn installing_asks_nobody_and_waits_for_others() {
    let zypper = Zypper(LockWait(Duration::from_secs(600)));
    let order = zypper.install(&["letters".to_owned()]).unwrap();
    assert_eq!(
        order.arguments,
        ["--non-interactive", "install", "--", "letters"]
    );
    let wait = ("ZYPP_LOCK_TIMEOUT".to_owned(), "600".into());
    assert!(order.environment.contains(&wait));
}
