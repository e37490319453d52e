//! Rules over the text of the tracked files. They look at words, not at syntax: simple enough to trust, and a false alarm
//! is easy to see.

use std::fs;

use crate::{assert_none, root, tracked_files};

/// A tracked file.
struct File {
    /// Relative to the root, with `/`.
    path: String,
    content: String,
}

/// What a marker of unfinished work looks like; put together here so that this file has none.
const MARKERS: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];

/// All tracked text files. What isn't UTF-8 (images, hostile fixtures) has no words to look at.
fn files() -> Vec<File> {
    let root = root();
    tracked_files()
        .into_iter()
        .filter_map(|path| {
            let content = fs::read_to_string(root.join(&path)).ok()?;
            Some(File { path, content })
        })
        .collect()
}

impl File {
    fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = self.path.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| extensions.contains(&extension))
    }

    fn is_in(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// Whether the whole file is a test of its own.
    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.starts_with("tests/")
    }

    /// The lines, numbered from 1, before a Rust file's unit tests, which by our habit come last.
    fn lines_before_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.content.lines())
    }

    fn violation(&self, line: usize, rule: &str) -> String {
        format!("{}:{line}: {rule}", self.path)
    }
}

/// Programs are started by `crates/system` only, so that what Contara does to a machine can be read in one place.
fn processes_outside_system(files: &[File]) -> Vec<String> {
    let starts = |line: &str| line.contains("Command::new(") || line.contains("process::Command");
    files
        .iter()
        .filter(|file| {
            file.has_extension(&["rs"])
                && !file.is_in(&["crates/system/", "xtask/"])
                && !file.is_test()
        })
        .flat_map(|file| {
            let lines = file.lines_before_tests().filter(|(_, text)| starts(text));
            lines
                .map(|(line, _)| file.violation(line, "programs are started in crates/system only"))
        })
        .collect()
}

/// The types crates get their input as values: no files, sockets, processes or environment.
fn io_in_types(files: &[File]) -> Vec<String> {
    let does_io = |line: &str| {
        ["fs", "net", "process", "env", "os"].iter().any(|module| {
            line.contains(&format!("std::{module}::")) || line.contains(&format!("std::{module};"))
        })
    };
    files
        .iter()
        .filter(|file| {
            file.is_in(&[
                "crates/i18n/src/",
                "crates/manifest/src/",
                "crates/ui-tree/src/",
                "crates/protocol/src/",
            ])
        })
        .filter(|file| file.has_extension(&["rs"]) && !file.is_test())
        .flat_map(|file| {
            let lines = file.lines_before_tests().filter(|(_, text)| does_io(text));
            lines.map(|(line, _)| file.violation(line, "this crate does no IO"))
        })
        .collect()
}

/// The browser never gets HTML from a module. The icon component shows our own shapes, cut at build time.
fn raw_html(files: &[File]) -> Vec<String> {
    let is_icon = |file: &File| file.path.ends_with("/Icon.svelte");
    files
        .iter()
        .filter(|file| file.is_in(&["web/src/"]) && !is_icon(file))
        .flat_map(|file| {
            let lines = file.lines().filter(|(_, text)| text.contains("{@html"));
            lines.map(|(line, _)| file.violation(line, "raw HTML is for the icon component only"))
        })
        .collect()
}

/// Unfinished work is an issue, not a comment.
fn markers(files: &[File]) -> Vec<String> {
    let has_marker = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| MARKERS.contains(&word))
    };
    files
        .iter()
        .filter(|file| {
            file.has_extension(&[
                "rs", "py", "ts", "js", "svelte", "css", "html", "sh", "toml",
            ])
        })
        .flat_map(|file| {
            let lines = file.lines().filter(|(_, text)| has_marker(text));
            lines.map(|(line, _)| file.violation(line, "unfinished work belongs in an issue"))
        })
        .collect()
}

/// Every Rust file of the product opens with what it owns.
fn unopened(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is_in(&["crates/", "xtask/"]) && file.has_extension(&["rs"]))
        .filter(|file| !file.content.starts_with("//! "))
        .map(|file| {
            file.violation(
                1,
                "the file opens with a `//!` paragraph: what it owns and what it doesn't",
            )
        })
        .collect()
}

/// Lock files name packages, versions and hashes, not the place that one developer happened to fetch them from.
fn pinned_hosts(files: &[File]) -> Vec<String> {
    let pins = |file: &File, line: &str| match file.path.rsplit('/').next() {
        Some("package-lock.json") => line.contains("\"resolved\": \"http"),
        Some("requirements.lock") => line.contains("://") && !line.trim_start().starts_with('#'),
        Some(".npmrc") => line.trim_start().starts_with("registry") || line.contains("://"),
        _ => false,
    };
    files
        .iter()
        .flat_map(|file| {
            let lines = file.lines().filter(|(_, text)| pins(file, text));
            lines.map(|(line, _)| file.violation(line, "no registry host in a lock file"))
        })
        .collect()
}

#[test]
fn programs_are_started_in_system_only() {
    assert_none(&processes_outside_system(&files()));
}

#[test]
fn types_crates_touch_nothing_outside() {
    assert_none(&io_in_types(&files()));
}

#[test]
fn no_html_from_modules() {
    assert_none(&raw_html(&files()));
}

#[test]
fn no_markers_of_unfinished_work() {
    assert_none(&markers(&files()));
}

#[test]
fn rust_files_open_with_a_paragraph() {
    assert_none(&unopened(&files()));
}

#[test]
fn lock_files_name_no_hosts() {
    assert_none(&pinned_hosts(&files()));
}

mod examples {
    use super::*;

    /// Runs a rule over one made-up file and compares the lines that it finds.
    #[track_caller]
    fn check(
        rule: fn(&[File]) -> Vec<String>,
        path: &str,
        content: &str,
        expected_lines: &[usize],
    ) {
        let file = File {
            path: path.to_owned(),
            content: content.to_owned(),
        };
        let found = rule(&[file]);
        let expected = expected_lines.iter().map(|line| format!("{path}:{line}: "));
        assert_eq!(found.len(), expected_lines.len(), "{found:?}");
        for (violation, start) in found.iter().zip(expected) {
            assert!(violation.starts_with(&start), "{violation}");
        }
    }

    #[test]
    fn a_program_started_elsewhere_is_found() {
        let code = "use std::process::Command;\nlet ls = Command::new(\"ls\");\n#[cfg(test)]\nCommand::new(\"x\")";
        check(
            processes_outside_system,
            "crates/server/src/a.rs",
            code,
            &[1, 2],
        );
        check(
            processes_outside_system,
            "crates/system/src/a.rs",
            code,
            &[],
        );
        check(
            processes_outside_system,
            "crates/contara/tests/a.rs",
            code,
            &[],
        );
    }

    #[test]
    fn io_in_a_types_crate_is_found() {
        let code = "//! Reads.\nlet text = std::fs::read_to_string(path);\nuse std::net;\n";
        check(io_in_types, "crates/protocol/src/a.rs", code, &[2, 3]);
        check(io_in_types, "crates/store/src/a.rs", code, &[]);
    }

    #[test]
    fn raw_html_is_found() {
        check(
            raw_html,
            "web/src/lib/Text.svelte",
            "<p>\n{@html text}</p>",
            &[2],
        );
        check(raw_html, "web/src/lib/Icon.svelte", "{@html shape}", &[]);
    }

    #[test]
    fn markers_are_found_as_words() {
        let code = format!(
            "a = 1\n# {}: finish\n# {}S is a word\n",
            MARKERS[0], MARKERS[1]
        );
        check(markers, "python/a.py", &code, &[2]);
        check(markers, "docs/a.md", &code, &[]);
    }

    #[test]
    fn a_file_without_an_opening_is_found() {
        check(unopened, "crates/store/src/a.rs", "use std::fs;\n", &[1]);
        check(unopened, "crates/store/src/a.rs", "//! Owns a.\n", &[]);
    }

    #[test]
    fn hosts_in_lock_files_are_found() {
        let lock = "{\n\"resolved\": \"https://example.org/a.tgz\"\n}";
        check(pinned_hosts, "web/package-lock.json", lock, &[2]);
        let lock = "# see https://example.org\n--index-url https://example.org\na==1\n";
        check(pinned_hosts, "python/requirements.lock", lock, &[2]);
        check(pinned_hosts, "web/.npmrc", "registry=example.org\n", &[1]);
    }
}
