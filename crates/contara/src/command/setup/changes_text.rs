//! What scripts did to files, and what became of an undo, as a person reads it.

use super::transaction_text::local;
use super::wire::{ChangedFile, Changes, FileFacts, Leaves, Undone};
use crate::plain::plain;

/// All that was done to files; nothing if nothing was.
pub(super) fn changes(id: u64, changes: &Changes) -> String {
    let mut lines = Vec::new();
    if !changes.files.is_empty() {
        lines.push("What its scripts did to files:".to_owned());
        lines.extend(files(changes));
    }
    if !changes.unknown.is_empty() {
        let unknown = listed(&changes.unknown);
        lines.push(format!("It isn't known what they did to files: {unknown}."));
    }
    match (&changes.undo.undone, &changes.undo.began) {
        (Some(undone), _) => lines.push(format!(
            "It was undone {} by {}.",
            local(&undone.at),
            plain(&undone.by)
        )),
        (None, Some(_)) => lines.push(format!(
            "An undo was broken off. Do it again: contara setup undo {id}"
        )),
        (None, None) if changes.undo.possible => {
            lines.push(format!("Put them back: contara setup undo {id}"));
        }
        (None, None) => {}
    }
    lines.join("\n")
}

/// One line a file.
pub(super) fn files(changes: &Changes) -> Vec<String> {
    changes.files.iter().map(file).collect()
}

/// What an undo doesn't touch; nothing if there is nothing of that kind.
pub(super) fn leaves(leaves: &Leaves) -> Vec<String> {
    let said = |what: &str, names: &[String]| {
        let names = (!names.is_empty()).then(|| listed(names));
        names.map(|names| format!("{what} stay as they are: {names}."))
    };
    let packages = said("Packages", &leaves.packages);
    let services = said("Services", &leaves.services);
    packages.into_iter().chain(services).collect()
}

/// What became of it.
pub(super) fn undone(id: u64, undone: &Undone) -> String {
    let mut lines = vec![match undone.put_back {
        1 => "1 file or folder is as it was.".to_owned(),
        count => format!("{count} files and folders are as they were."),
    }];
    let left = undone.left.iter();
    lines
        .extend(left.map(|left| format!("  {} isn't: {}", plain(&left.path), plain(&left.reason))));
    if !undone.complete {
        lines.push(format!(
            "Try again when that is put right: contara setup undo {id}"
        ));
    }
    lines.extend(leaves(&undone.leaves));
    let modules = undone.modules.iter();
    lines.extend(modules.map(|module| match module.configured {
        true => format!("{} counts as configured.", plain(&module.slug)),
        false => format!("{} doesn't count as configured.", plain(&module.slug)),
    }));
    lines.join("\n")
}

fn file(file: &ChangedFile) -> String {
    let folder = [&file.before, &file.after].into_iter().flatten().last();
    let slash = match folder {
        Some(facts) if facts.kind == "folder" => "/",
        _ => "",
    };
    let rights = match (&file.before, &file.after) {
        (Some(before), Some(after)) if rights(before) != rights(after) => {
            format!(" ({} → {})", rights(before), rights(after))
        }
        _ => String::new(),
    };
    let lost = file
        .lost
        .as_deref()
        .map_or_else(String::new, |lost| format!(" {}", plain(lost)));
    let change = plain(&file.change);
    format!("  {change:8} {}{slash}{rights}{lost}", plain(&file.path))
}

fn rights(facts: &FileFacts) -> String {
    let mode = facts.mode.as_deref().unwrap_or("");
    plain(&format!("{mode} {}:{}", facts.owner, facts.group))
}

fn listed(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| plain(name)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn all(undo: &Value) -> Changes {
        let facts = |mode: &str| json!({"kind": "file", "mode": mode, "owner": 0, "group": 0});
        let mut value = json!({"unknown": ["dns"], "undo": {"possible": true, "reason": null, "began": null, "undone": null,
        "leaves": {"packages": ["a", "b"], "services": []}}, "files": [
            {"path": "/etc/a\u{1b}[2J", "change": "created", "before": null, "after": facts("0644"), "lost": null},
            {"path": "/etc/b", "change": "changed", "before": facts("0644"), "after": facts("0600"), "lost": "It is lost."},
            {"path": "/etc/c", "change": "deleted", "after": null, "lost": null,
                "before": {"kind": "folder", "mode": "0755", "owner": 0, "group": 0}},
        ]});
        for (key, field) in undo.as_object().into_iter().flatten() {
            value["undo"][key] = field.clone();
        }
        serde_json::from_value(value).expect("they are changes")
    }

    #[test]
    fn changes_are_one_a_line_with_what_can_be_done() {
        let text = changes(7, &all(&json!({})));
        let expected = "What its scripts did to files:\n  created  /etc/a[2J\n  \
            changed  /etc/b (0644 0:0 → 0600 0:0) It is lost.\n  deleted  /etc/c/\n\
            It isn't known what they did to files: dns.\nPut them back: contara setup undo 7";
        assert_eq!(text, expected);
        let broken_off = changes(7, &all(&json!({"began": "2026-01-31T12:00:00Z"})));
        assert!(broken_off.ends_with("An undo was broken off. Do it again: contara setup undo 7"));
        let refused = changes(7, &all(&json!({"possible": false})));
        assert!(refused.ends_with("dns."));
    }

    #[test]
    fn an_undo_says_what_is_left_and_what_it_leaves() {
        let value = json!({"put_back": 1, "left": [{"path": "/etc/x", "reason": "it is a mount"}], "complete": false,
            "leaves": {"packages": ["a", "b"], "services": ["x.service"]}, "modules": [{"slug": "dns", "configured": false}]});
        let text = undone(
            7,
            &serde_json::from_value(value).expect("it is what became of it"),
        );
        let expected = "1 file or folder is as it was.\n  /etc/x isn't: it is a mount\n\
            Try again when that is put right: contara setup undo 7\nPackages stay as they are: a, b.\n\
            Services stay as they are: x.service.\ndns doesn't count as configured.";
        assert_eq!(text, expected);
    }
}
