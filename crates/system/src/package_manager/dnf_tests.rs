//! dnf's answers, as dnf 4.14 gave them on a root of its own with a repository of packages made for the purpose. The real one is run by
//! the daemon's tests.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::command_run::CommandEnd;

fn answer(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/dnf");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

#[track_caller]
fn check(file: &str, expected: &Changes) {
    assert_eq!(Dnf.read_simulations(&answer(file)), *expected);
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn captured(output: String) -> Captured {
    let end = CommandEnd {
        status: "exit status 1".into(),
        is_success: false,
        is_killed: false,
    };
    Captured { output, end }
}

#[test]
fn what_would_be_done_is_read() {
    let new = Changes {
        install: names(&["letters", "numbers"]),
        download_bytes: Some(14 * 1024),
        disk_bytes: Some(1024 * 1024 + 9 * 1024 * 1024 / 10),
        ..Changes::default()
    };
    check("simulate_new.txt", &new);
    let upgrade = Changes {
        install: names(&["letters"]),
        upgrade: names(&["numbers"]),
        download_bytes: Some(14 * 1024),
        ..Changes::default()
    };
    check("simulate_upgrade.txt", &upgrade);
    let long = "a-package-with-an-extraordinarily-long-name-that-has-to-be-wrapped-by-dnf";
    let mixed = Changes {
        install: names(&[long, "replaces"]),
        upgrade: names(&["numbers"]),
        remove: names(&["letters"]),
        download_bytes: Some(0),
        ..Changes::default()
    };
    check("simulate_mixed.txt", &mixed);
    check("present.txt", &Changes::default());
    let removed =
        "Removing dependent packages:\n old.one  noarch 1-1 @tests 1 k\n\nTransaction Summary\n";
    assert_eq!(Dnf.read_simulations(removed).remove, ["old.one"]);
}

#[test]
fn what_cant_be_done_is_said() {
    let unknown = Changes {
        unknown: names(&["nosuch", "other"]),
        ..Changes::default()
    };
    check("unknown.txt", &unknown);
    for (file, words) in [
        (
            "conflict.txt",
            "Problem: package letters-1.0-1.noarch requires numbers, but none",
        ),
        (
            "no_network.txt",
            "Failed to download metadata for repo 'tests': Cannot download repomd.xml",
        ),
    ] {
        let refusal = Dnf.read_simulations(&answer(file)).refusal.unwrap();
        assert!(refusal.starts_with(words), "{refusal}");
        assert!(!refusal.contains("--skip-broken"), "{refusal}");
        assert!(!Dnf.has_answered(&captured(answer(file))), "{file}");
    }
}

#[test]
fn that_nothing_was_done_is_an_answer() {
    assert!(Dnf.has_answered(&captured(answer("simulate_new.txt"))));
    assert!(Dnf.has_answered(&captured("Operation aborted by the user.\n\n".into())));
    assert!(!Dnf.has_answered(&captured(answer("unknown.txt"))));
}

#[test]
fn what_is_there_is_read() {
    let there = Dnf.read_installed("bash\n/bin/sh\nbash(x86-64)\n\nperl-DBI\nperl(DBI)\n");
    for name in ["bash", "/bin/sh", "perl(DBI)"] {
        assert!(there.contains(name), "{name}");
    }
    assert_eq!(there.len(), 5);
}

#[test]
fn sizes_are_read() {
    for (text, expected) in [
        ("0  ", Some(0)),
        ("5.5 k", Some(5_632)),
        ("14 k", Some(14_336)),
        ("10.9 KiB. Already", Some(11_161)),
        ("1.5 G", Some(1_610_612_736)),
        ("99999999999999999999 k", None),
        ("18446744073709551615 T", Some(u64::MAX)),
        ("1 potato", None),
        ("", None),
    ] {
        assert_eq!(rpm::bytes(text), expected, "{text}");
    }
}

#[test]
fn names_are_nothing_but_names() {
    for name in ["bash", "gcc-c++", "glibc.i686", "perl(DBI)", "7zip"] {
        assert!(Dnf.is_name(name), "{name}");
    }
    for bad in [
        "",
        "-y",
        "@core",
        "b*",
        "/usr/bin/bash",
        "a b",
        "letters.rpm",
        "http://a/b",
        "b\nc",
    ] {
        assert!(!Dnf.is_name(bad), "{bad}");
    }
}

#[test]
fn installing_asks_nobody() {
    let order = Dnf.install(&names(&["letters"])).unwrap();
    assert_eq!(order.arguments, ["install", "-y", "--", "letters"]);
}

#[test]
fn who_locks_is_found_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lock.pid");
    assert_eq!(lock::writer(&file), None);
    let own = std::process::id();
    std::fs::write(&file, own.to_string()).unwrap();
    let found = lock::writer(&file).unwrap();
    assert!(found.starts_with(&format!("process {own} (")), "{found}");
    std::fs::write(&file, u32::MAX.to_string()).unwrap();
    assert_eq!(lock::writer(&file), None);
}

/// As dnf 4.14 printed it.
#[test]
fn how_far_it_is_is_read() {
    for (line, phase, package, count) in [
        (
            "(1/2): letters.rpm                              485 kB/s | 5.6 kB     00:00    ",
            Phase::Downloading,
            "letters",
            (1, 2),
        ),
        (
            "  Installing       : numbers-1.0-1.noarch                                   1/2 ",
            Phase::Installing,
            "numbers",
            (1, 2),
        ),
        (
            "  Cleanup          : two-words-1.0-1.x86_64                                 4/4 ",
            Phase::Removing,
            "two-words",
            (4, 4),
        ),
        (
            "  Upgrading        : name-that-was-cut-1:1.0-1.noa                          2/4 ",
            Phase::Installing,
            "name-that-was-cut-1:1.0-1.noa",
            (2, 4),
        ),
    ] {
        let expected = ProgressReport::counted(phase, package, count);
        assert_eq!(Dnf.progress(line), Some(expected), "{line}");
    }
    for line in [
        "  Preparing        :                                                        1/1 ",
        "  Running scriptlet: numbers-1.0-1.noarch                                   1/2 ",
        "  Verifying        : letters-1.0-1.noarch                                   1/2 ",
        "Total                                           870 kB/s |  11 kB     00:00     ",
        " letters            noarch            1.0-1              tests            5.6 k",
    ] {
        assert_eq!(Dnf.progress(line), None, "{line}");
    }
}

/// As dnf 4.14 wrote it.
#[test]
fn which_keys_didnt_do_is_read() {
    let keys = " GPG Keys are configured as: file:///etc/pki/rpm-gpg/contara-a.asc, file:///k.asc, http://b/key";
    assert_eq!(
        Dnf.refused_keys(keys),
        ["/etc/pki/rpm-gpg/contara-a.asc", "/k.asc"].map(PathBuf::from)
    );
    for other in [
        "Package other.rpm is not signed",
        "Error: GPG check FAILED",
        "",
    ] {
        assert_eq!(Dnf.refused_keys(other), [""; 0].map(PathBuf::from));
    }
}
