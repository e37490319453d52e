//! What messages look like, and that each there is can be said in each language.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::{message, po};

fn in_language(message: &Message, language: &str) -> String {
    message.in_language(&Languages::of([language]))
}

#[track_caller]
fn check(message: &Message, english: &str, german: &str, french: &str) {
    assert_eq!(message.to_string(), english);
    let said = ["en-GB", "it", "de-AT", "fr-CA"].map(|language| in_language(message, language));
    assert_eq!(said, [english, english, german, french]);
}

#[test]
fn a_message_is_said_in_each_language() {
    check(
        &message!("Runs {count} scripts.", count = 3_usize),
        "Runs 3 scripts.",
        "Führt 3 Skripte aus.",
        "Exécute 3 scripts.",
    );
    let names = ["a", "b", "c"];
    check(
        &message!("Adds {repositories}.", repositories = &names[..]),
        "Adds a, b and c.",
        "Fügt a, b und c hinzu.",
        "Ajoute a, b et c.",
    );
    let sentences = vec![
        message!("No module was chosen."),
        message!("{module} is configured already.", module = "dns"),
    ];
    check(
        &message!("There is nothing to do: {sentences}", sentences = sentences),
        "There is nothing to do: No module was chosen. dns is configured already.",
        "Es ist nichts zu tun: Es wurde kein Modul gewählt. dns ist schon eingerichtet.",
        "Il n’y a rien à faire\u{202f}: Aucun module n’a été choisi. dns est déjà configuré.",
    );
}

#[test]
fn what_continues_something_else_can_stand_for_itself() {
    check(
        &message!("another process").capitalised(),
        "Another process",
        "Ein anderer Prozess",
        "Un autre processus",
    );
    let words = Message::verbatim("über alles");
    assert_eq!(words.capitalised().to_string(), "Über alles");
}

#[test]
fn values_are_neither_translated_nor_templates() {
    let value = "{person} {count} No module was chosen.";
    let message = message!("{person} tries again.", person = value);
    let german = format!("{value} versucht es noch einmal.");
    assert_eq!(in_language(&message, "de"), german);
    let verbatim = Message::verbatim("No module was chosen.");
    assert_eq!(in_language(&verbatim, "de"), "No module was chosen.");
    let braces = Message::verbatim("{text} {");
    assert_eq!(in_language(&braces, "de"), "{text} {");
}

#[test]
fn only_values_are_hidden_in_a_message_at_any_depth() {
    let inner = message!("{module} is configured already.", module = "secret");
    let message = message!("There is nothing to do: {sentences}", sentences = inner);
    let hidden = message.with_texts(&|text| text.replace("is", "?").replace("secret", "•"));
    assert_eq!(
        hidden.to_string(),
        "There is nothing to do: • is configured already."
    );
    assert_eq!(
        in_language(&hidden, "de"),
        "Es ist nichts zu tun: • ist schon eingerichtet."
    );
}

#[test]
fn what_has_no_value_stays_as_it_is() {
    for text in ["", "{", "}{", "{}", "{A} {a b} {a}", "ä{ö{u"] {
        assert_eq!(Message::of_text(text.into()).to_string(), text);
    }
}

#[test]
fn the_journal_keeps_values_and_reads_what_was_a_text() {
    let message = message!(
        "There is nothing to do: {sentences}",
        sentences = vec![message!("No module was chosen.")]
    );
    let json = serde_json::to_string(&message).unwrap();
    assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
    let plain = message!("No module was chosen.");
    let json = serde_json::to_string(&plain).unwrap();
    assert_eq!(json, "\"No module was chosen.\"");
    let read: Message = serde_json::from_str(&json).unwrap();
    assert_eq!(in_language(&read, "de"), "Es wurde kein Modul gewählt.");
}

/// All Rust files of these folders, tests of their own excepted.
fn sources(crates: &[&str]) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<_> = crates
        .iter()
        .map(|name| root.join(name).join("src"))
        .collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_test = path.to_string_lossy().ends_with("tests.rs");
            if path.is_dir() {
                folders.push(path);
            } else if !is_test {
                let code = fs::read_to_string(&path).unwrap();
                files.push((path, code));
            }
        }
    }
    files
}

/// The templates in code, as they are written there.
fn templates(code: &str) -> impl Iterator<Item = &str> {
    let calls = code.split("message!(").skip(1);
    calls.filter_map(|call| {
        let literal = call.trim_start().strip_prefix('"')?;
        let quote = literal.match_indices('"');
        let mut ends = quote.map(|(end, _)| end);
        let end = ends.find(|end| !literal[..*end].ends_with('\\'))?;
        Some(&literal[..end])
    })
}

/// By the original; both as they are written in the catalogue.
fn catalogue_of(language: &str) -> BTreeMap<String, String> {
    let (_, files) = catalogues::FILES
        .iter()
        .find(|(name, _)| *name == language)
        .unwrap();
    let mut all = BTreeMap::new();
    for file in *files {
        assert_eq!(po::read(file.as_bytes()).err(), None);
        let texts = file.lines().filter_map(|line| {
            let line = line
                .strip_prefix("msgid \"")
                .or(line.strip_prefix("msgstr \""))?;
            line.strip_suffix('"').map(str::to_owned)
        });
        let texts: Vec<_> = texts.collect();
        for pair in texts.chunks(2).filter(|pair| !pair[0].is_empty()) {
            let twice = all.insert(pair[0].clone(), pair[1].clone());
            assert_eq!(twice, None, "{language}: {:?} stands twice", pair[0]);
        }
    }
    all
}

#[test]
fn each_language_has_each_file_of_its_folder() {
    for (language, files) in catalogues::FILES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("locale")
            .join(language);
        assert_eq!(
            fs::read_dir(folder).unwrap().count(),
            files.len(),
            "{language}"
        );
    }
}

fn places(text: &str) -> BTreeSet<&str> {
    let mut places = BTreeSet::new();
    let mut rest = text;
    while let Some((_, name, after)) = next_place(rest) {
        places.insert(name);
        rest = after;
    }
    places
}

#[test]
fn each_catalogue_has_each_message_with_its_places_and_no_other() {
    let sources = sources(&[
        "contara",
        "i18n",
        "manifest",
        "server",
        "setup",
        "store",
        "supervisor",
        "system",
    ]);
    for language in ["de", "fr"] {
        let catalogue = catalogue_of(language);
        let mut count = 0;
        for (path, code) in &sources {
            for template in templates(code) {
                let found = catalogue.get(template);
                let message = format!("{language}: {template:?} of {}", path.display());
                let translation = found.unwrap_or_else(|| panic!("{message} lacks"));
                assert_eq!(places(translation), places(template), "{message}");
                count += 1;
            }
        }
        assert!(count > 100, "{count} messages were found");
        for original in catalogue.keys() {
            let literal = format!("\"{original}\"");
            let mut used = sources.iter().filter(|(_, code)| code.contains(&literal));
            assert!(
                used.next().is_some(),
                "{language}: nobody says {original:?}"
            );
        }
    }
}

#[test]
fn french_has_the_spaces_and_apostrophes_of_print() {
    for translation in catalogue_of("fr").values() {
        let typed = [" :", " ;", " !", " ?", "« ", " »", "'"];
        let found = typed.iter().find(|typed| translation.contains(*typed));
        assert_eq!(found, None, "{translation}");
    }
}
