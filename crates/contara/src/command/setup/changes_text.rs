//! What scripts did to files, and what became of an undo, as a person reads it.

use contara_i18n::{Message, message};

use super::transaction_text::local;
use super::wire::{ChangedFile, Changes, FileFacts, Leaves, Undone};
use crate::locale_language::say;
use crate::plain::plain;

/// All that was done to files; nothing if nothing was.
pub(super) fn changes(id: u64, changes: &Changes) -> String {
    let mut lines = Vec::new();
    if !changes.files.is_empty() {
        lines.push(say(&message!("What its scripts did to files:")));
        lines.extend(files(changes));
    }
    if !changes.unknown.is_empty() {
        let unknown = listed(&changes.unknown);
        lines.push(say(&message!(
            "It isn't known what they did to files: {modules}.",
            modules = unknown
        )));
    }
    lines.extend(undo(id, changes).as_ref().map(say));
    lines.join("\n")
}

/// How it stands with an undo, if there is anything to say of it.
fn undo(id: u64, changes: &Changes) -> Option<Message> {
    match (&changes.undo.undone, &changes.undo.began) {
        (Some(undone), _) => Some(message!(
            "It was undone {time} by {person}.",
            time = local(&undone.at),
            person = plain(&undone.by)
        )),
        (None, Some(_)) => Some(message!(
            "An undo was broken off. Do it again: contara setup undo {id}",
            id = id
        )),
        (None, None) => changes
            .undo
            .possible
            .then(|| message!("Put them back: contara setup undo {id}", id = id)),
    }
}

/// One line a file.
pub(super) fn files(changes: &Changes) -> Vec<String> {
    changes.files.iter().map(file).collect()
}

/// What an undo doesn't touch; nothing if there is nothing of that kind.
pub(super) fn leaves(leaves: &Leaves) -> Vec<String> {
    let named = |names: &[String]| (!names.is_empty()).then(|| listed(names));
    let packages = named(&leaves.packages)
        .map(|names| message!("Packages stay as they are: {names}.", names = names));
    let services = named(&leaves.services)
        .map(|names| message!("Services stay as they are: {names}.", names = names));
    let all = packages.into_iter().chain(services);
    all.map(|message| say(&message)).collect()
}

/// What became of it.
pub(super) fn undone(id: u64, undone: &Undone) -> String {
    let mut lines = vec![say(&match undone.put_back {
        1 => message!("1 file or folder is as it was."),
        count => message!("{count} files and folders are as they were.", count = count),
    })];
    lines.extend(undone.left.iter().map(|left| {
        let (path, reason) = (plain(&left.path), plain(&left.reason));
        let isnt = message!("{path} isn't: {reason}", path = path, reason = reason);
        format!("  {}", say(&isnt))
    }));
    if !undone.complete {
        lines.push(say(&message!(
            "Try again when that is put right: contara setup undo {id}",
            id = id
        )));
    }
    lines.extend(leaves(&undone.leaves));
    lines.extend(undone.modules.iter().map(|module| {
        let slug = plain(&module.slug);
        say(&match module.configured {
            true => message!("{module} counts as configured.", module = slug),
            false => message!("{module} doesn't count as configured.", module = slug),
        })
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
    let change = change(&file.change);
    format!("  {change:8} {}{slash}{rights}{lost}", plain(&file.path))
}

fn change(kind: &str) -> String {
    say(&match kind {
        "created" => message!("created"),
        "changed" => message!("changed"),
        "deleted" => message!("deleted"),
        // Of a later daemon.
        kind => Message::verbatim(plain(kind)),
    })
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
