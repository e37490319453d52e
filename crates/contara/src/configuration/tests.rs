//! What the configuration file says and what is wrong with it, from text to values. How amounts are read is tested beside them.

use std::collections::BTreeSet;

use super::*;

const GIB: u64 = 1 << 30;

/// Each problem as `line:column message | found | expected | help`.
fn problems(text: &str) -> Vec<String> {
    let problems = Configuration::of(Path::new("contara.toml"), text);
    let shown = |problem: &Problem| {
        let place = [problem.line, problem.column].map(Option::unwrap_or_default);
        let texts = [&problem.found, &problem.expected, &problem.help];
        let texts = texts.map(|text| {
            text.as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string)
        });
        format!(
            "{}:{} {} | {}",
            place[0],
            place[1],
            problem.message,
            texts.join(" | ")
        )
    };
    problems.map_or_else(
        |problems| problems.iter().map(shown).collect(),
        |_| Vec::new(),
    )
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(problems(text), expected, "{text}");
}

fn good(text: &str) -> Configuration {
    Configuration::of(Path::new("contara.toml"), text).expect("it is good")
}

#[test]
fn nothing_said_is_every_default() {
    let configuration = good("");
    assert_eq!(configuration.start, StartWay::Fork);
    assert_eq!(configuration.limits_of("steam"), Limits::default());
    assert_eq!(configuration.setup, SetupOptions::default());
}

#[test]
fn setup_modules_can_be_set_up() {
    let configuration = good(
        r#"
        [packages]
        manager = "none"
        wait_seconds = 600
        [setup]
        language = "pt_BR"
        hook_seconds = 30
        reboot_seconds = 60
        reboot_command = ["shutdown", "-r", "now"]
        recorded_folders = ["/etc", "/srv/config"]
        "#,
    );
    let expected = SetupOptions {
        package_manager: "none".into(),
        package_wait_seconds: 600,
        language: "pt_BR".into(),
        hook_seconds: 30,
        reboot_seconds: 60,
        reboot_command: ["shutdown", "-r", "now"].map(Into::into).into(),
        recorded_folders: ["/etc", "/srv/config"].map(Into::into).into(),
    };
    assert_eq!(configuration.setup, expected);
}

#[test]
fn what_cannot_be_set_of_setup_is_said_in_its_place() {
    check(
        "[packages]\nmanager = \"atp\"\nmanger = 1",
        &[
            "2:11 `packages.manager` is no package manager | \"atp\" | \"auto\", \"none\", \"apt\", \"dnf\", \"zypper\", \"pacman\", \"apk\" or \"urpmi\" | Did you mean \"apt\"?",
            "3:1 Nothing is called `manger` in [packages] | - | one of manager, wait_seconds | Did you mean \"manager\"?",
        ],
    );
    check(
        "[setup]\nlanguage = \"fr-FR\"\nhook_seconds = 0\nreboot_seconds = \"15\"\nreboot_command = []\nrecorded_folders = [\"/\"]",
        &[
            "2:12 `setup.language` is no language | \"fr-FR\" | a language and a country, such as \"en_US\" or \"pt_BR\" | Setup modules have their translations in folders of these names.",
            "3:16 `setup.hook_seconds` is no such time | 0 | a whole number from 1 to 600 | Write seconds without quotes and without a unit.",
            "4:18 `setup.reboot_seconds` is no such time | \"15\" | a whole number from 1 to 3600 | Write seconds without quotes and without a unit.",
            "5:18 `setup.reboot_command` is no command | [] | a list of texts: the program, then its arguments | The default is [\"systemctl\", \"reboot\"]; no shell reads it.",
            "6:20 `setup.recorded_folders` is no list of folders | [\"/\"] | a list of absolute paths, none of them \"/\" | The default is [\"/etc\"]; with [] only what modules name is recorded.",
        ],
    );
}

#[test]
fn a_module_has_its_own_limits_over_those_of_all() {
    let configuration = good(
        r#"
        [workers]
        start = "exec"
        [limits]
        address_space = "3GiB"
        memory = 536_870_912
        processes = "unlimited"
        frames_per_second = 0x0a
        [modules.steam.limits]
        open_files = 4096
        address_space = "unlimited"
        tree_size = "1.5MiB"
        "#,
    );
    assert_eq!(configuration.start, StartWay::Exec);
    let all = Limits {
        address_space: 3 * GIB,
        memory: GIB / 2,
        processes: u32::MAX,
        frames_per_second: 10,
        ..Limits::default()
    };
    assert_eq!(configuration.limits_of("other"), all);
    let steam = Limits {
        open_files: 4096,
        address_space: u64::MAX,
        tree_size: 3 << 19,
        ..all
    };
    assert_eq!(configuration.limits_of("steam"), steam);
}

#[test]
fn what_is_misspelt_is_said_with_what_was_meant() {
    check(
        "[worker]\n",
        &[
            "1:2 Nothing is called `worker` at the top of the configuration | - | one of workers, limits, modules, packages, setup | Did you mean \"workers\"?",
        ],
    );
    check(
        "[limits]\nadress_space = \"1GiB\"\n",
        &[
            "2:1 Nothing is called `adress_space` in [limits] | - | one of address_space, memory, open_files, processes, tree_size, frames_per_second | Did you mean \"address_space\"?",
        ],
    );
    check(
        "[workers]\nstart = \"forks\"",
        &[
            "2:9 `workers.start` is no way to start workers | \"forks\" | \"fork\" or \"exec\" | Did you mean \"fork\"?",
        ],
    );
    check(
        "[workers]\nthreads = 4\nstart = true",
        &[
            "2:1 Nothing is called `threads` in [workers] | - | one of start | -",
            "3:9 `workers.start` is no way to start workers | true | \"fork\" or \"exec\" | \"fork\" copies a Python that is ready, \"exec\" starts a new one for each module.",
        ],
    );
    check(
        "[modules.steam]\nopen_files = 3\n[modules.\"no name\"]\n",
        &[
            "2:1 Nothing is called `open_files` in [modules.steam] | - | one of limits | Put it into [modules.steam.limits].",
            "3:10 No module can have this name | \"no name\" | the `name` of a module's module.json | `contara module list` shows the names.",
        ],
    );
}

#[test]
fn a_limit_in_the_wrong_section_is_told_its_place() {
    check(
        "memory = \"1GiB\"",
        &[
            "1:1 Nothing is called `memory` at the top of the configuration | - | one of workers, limits, modules, packages, setup | Put it into [limits].",
        ],
    );
}

#[test]
fn what_follows_a_broken_header_is_not_held_against_it() {
    check(
        "[limits\nmemory = 3\n",
        &[
            "1:8 Not TOML: unclosed table, expected `]` | - | - | docs/configuration.md has a whole example.",
        ],
    );
}

#[test]
fn amounts_that_cannot_be_are_refused_with_the_reason() {
    check(
        "[limits]\naddress_space = \"100MiB\"",
        &[
            "2:17 `limits.address_space` is too small | \"100MiB\" | at least 256MiB | Python with the SDK can't start with less than 256MiB of address space; to hold a module to less memory, set `memory`.",
        ],
    );
    check(
        "modules.a.limits = { memory = 0, tree_size = \"17MiB\", processes = 0 }",
        &[
            "1:31 `modules.a.limits.memory` is too small | 0 | at least 32MiB | A worker takes about 20MiB before the module does anything.",
            "1:46 `modules.a.limits.tree_size` is too large | \"17MiB\" | at most 16MiB, or \"unlimited\" | A plain tile takes 1KiB, and no message of a worker may be larger than 16MiB.",
            "1:67 `modules.a.limits.processes` is too small | 0 | at least 1 | The worker itself is one process.",
        ],
    );
    check(
        "[limits]\nopen_files = 31\nframes_per_second = 0\ntree_size = 1",
        &[
            "2:14 `limits.open_files` is too small | 31 | at least 32 | Python opens more than 20 files while it imports a module, and Linux gives no process more than 1048576; write \"unlimited\" to leave it at the daemon's own limit.",
            "3:21 `limits.frames_per_second` is too small | 0 | at least 1 | With none a module could never show a change; to see none, disable it.",
            "4:13 `limits.tree_size` is too small | 1 | at least 4KiB | A plain tile takes 1KiB, and no message of a worker may be larger than 16MiB.",
        ],
    );
    let bytes = "bytes: a text with a unit, such as \"512MiB\", a whole number, or \"unlimited\" | The units are KiB, MiB, GiB, TiB (of 1024) and kB, MB, GB, TB (of 1000).";
    for written in [
        "\"2 gigabytes\"",
        "-1",
        "1.5",
        "[1]",
        "\"Unlimited\"",
        "2026-01-01",
    ] {
        check(
            &format!("[limits]\nmemory = {written}"),
            &[&format!(
                "2:10 `limits.memory` is no amount | {written} | {bytes}"
            )],
        );
    }
    check(
        "[limits]\nprocesses = \"64\"",
        &[
            "2:13 `limits.processes` is no amount | \"64\" | a whole number, or \"unlimited\" | Write it without quotes and without a unit.",
        ],
    );
}

#[test]
fn sections_that_are_none_are_refused() {
    check(
        "limits = 3\nworkers = \"fork\"\nmodules.a = true\nmodules.b.limits = []",
        &[
            "1:10 `limits` is not a section | integer 3 | a section [limits] | -",
            "2:11 `workers` is not a section | string \"fork\" | a section [workers] | -",
            "3:13 `modules.a` is not a section | boolean true | a section [modules.a] | -",
            "4:20 `modules.b.limits` is not a section | array [] | a section [modules.b.limits] | -",
        ],
    );
}

#[test]
fn what_is_no_toml_is_said_beside_all_other_problems() {
    let help = "docs/configuration.md has a whole example.";
    let found = problems("[limits]\nmemory = 2GiB\nprocesses = 0\nprocesses = 2\n");
    let lines: Vec<_> = found.iter().map(|line| &line[..2]).collect();
    assert_eq!(lines, ["2:", "3:", "4:"], "{found:#?}");
    assert!(
        found[0].contains("Not TOML") && found[0].ends_with(help),
        "{found:#?}"
    );
    assert!(found[2].contains("duplicate key"), "{found:#?}");
}

#[test]
fn the_line_is_shown_with_a_mark() {
    let problems = Configuration::of(Path::new("contara.toml"), "[limits]\nopen_file = 1\n");
    let shown = render(
        &problems.expect_err("a problem"),
        Colour::Never,
        ToString::to_string,
    );
    for expected in [
        "error[unknown-field]",
        "contara.toml:2:1",
        "open_file = 1",
        "^^^^^^^^^",
        "open_files",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
}

#[test]
fn modules_that_are_not_there_are_told() {
    let configuration = good("[modules.steem.limits]\nopen_files = 64\n[modules.steam.limits]\n");
    let known = BTreeSet::from(["steam", "sys_monitor"]);
    assert_eq!(
        configuration.strangers(&known),
        [
            "the configuration has limits for the module \"steem\", which isn't there. Did you mean \"steam\"?"
        ]
    );
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let error = Configuration::load(Some(Path::new("/nowhere/contara.toml")));
    assert_eq!(
        error.expect_err("no file").to_string(),
        "can't read the configuration /nowhere/contara.toml"
    );
}

#[test]
fn what_is_no_text_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("contara.toml");
    for (bytes, expected) in [
        (vec![0xff], "is not UTF-8 text"),
        (vec![b'#'; 2 << 20], "has more than 1048576 bytes"),
    ] {
        std::fs::write(&path, bytes).expect("written");
        let error = Configuration::load(Some(&path)).expect_err("no configuration");
        assert!(error.to_string().contains(expected), "{error}");
    }
}
