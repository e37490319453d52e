//! `contara module new NAME`: the folder of a new module that runs at once, with tests, as a first example to change.
//!
//! The files are templates of a module called `my_module`, so that they are real Python, JSON and shell here too.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use contara_i18n::message;
use contara_manifest::is_module_name;
use serde_json::json;

use super::{about, say};
use crate::locale_language::{self, with_colon};

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The module's name, such as disk_health: lowercase letters, digits and underscores, starting with a letter
    name: String,
    /// What it does
    #[arg(long, value_enum, default_value_t = Kind::Live)]
    kind: Kind,
    /// The folder to make the module's folder in
    #[arg(long = "in", value_name = "DIR", default_value = ".")]
    parent: PathBuf,
    /// The name that people read [default: made from NAME]
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// Who writes it
    #[arg(long, value_name = "TEXT", default_value = "Your Name")]
    author: String,
    /// Print one JSON object: the folder and the files in it
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A tile on the dashboard: module.json and a Module class
    Live,
    /// Installs and configures software: desc.json, hooks and a script
    Setup,
    /// Both in one folder
    Both,
}

/// A file of the template.
#[derive(Debug, Clone, Copy)]
struct Template {
    path: &'static str,
    content: &'static str,
}

macro_rules! template {
    ($folder:literal, $path:literal) => {
        Template {
            path: $path,
            content: include_str!(concat!("../../../templates/", $folder, "/", $path)),
        }
    };
}

const LIVE: [Template; 3] = [
    template!("live", "module.json"),
    template!("live", "__init__.py"),
    template!("live", "tests/test_my_module.py"),
];

const SETUP: [Template; 3] = [
    template!("setup", "desc.json"),
    template!("setup", "setup-my_module.sh"),
    template!("setup", "tests/test_setup.py"),
];

/// The rest of `__init__.py`, or all of it.
const HOOKS: &str = include_str!("../../../templates/setup/hooks.py");

impl New {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        self.refuse_bad_texts()?;
        let folder = self.make_folder()?;
        let files = self.files();
        for (path, content) in &files {
            write(&folder.join(path), content).with_context(|| {
                about(&folder.join(path), |path| {
                    message!("can't write {path}", path = path)
                })
            })?;
        }
        self.print(&folder, &files)?;
        Ok(ExitCode::SUCCESS)
    }

    fn refuse_bad_texts(&self) -> anyhow::Result<()> {
        if !is_module_name(&self.name) {
            let help = match repaired(&self.name) {
                Some(name) => message!("\"{name}\" would do", name = name),
                None => message!("choose one like \"{name}\"", name = "my_module"),
            };
            bail!(locale_language::say(&message!(
                "{name} can't be a module's name: it takes lowercase letters, digits and underscores, starting with a letter; {help}",
                name = format!("{:?}", self.name),
                help = help
            )));
        }
        if is_python_keyword(&self.name) {
            bail!(locale_language::say(&message!(
                "\"{name}\" is a word of Python's own, so no module can be imported by that name: choose one like \"my_{name}\"",
                name = &self.name
            )));
        }
        for (flag, text) in [
            ("--display-name", &self.display_name()),
            ("--author", &self.author),
        ] {
            if text.trim().is_empty() || text.chars().any(char::is_control) {
                bail!(locale_language::say(&message!(
                    "{flag} takes one line with something to read",
                    flag = flag
                )));
            }
        }
        Ok(())
    }

    fn display_name(&self) -> String {
        self.display_name
            .clone()
            .unwrap_or_else(|| words(&self.name).join(" "))
    }

    fn make_folder(&self) -> anyhow::Result<PathBuf> {
        if !self.parent.is_dir() {
            bail!(about(&self.parent, |folder| message!(
                "there is no folder {folder}: make it, or name another one with --in",
                folder = folder
            )));
        }
        // "./name" is no clearer than "name".
        let here = self.parent == Path::new(".");
        let folder = if here {
            PathBuf::from(&self.name)
        } else {
            self.parent.join(&self.name)
        };
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                bail!(about(&folder, |folder| message!(
                    "there is something at {folder} already: choose another name, or another folder with --in",
                    folder = folder
                )))
            }
            made => made.with_context(|| {
                about(&folder, |path| message!("can't make {path}", path = path))
            })?,
        }
        Ok(folder)
    }

    /// Paths and contents.
    fn files(&self) -> Vec<(String, String)> {
        let live: &[Template] = if self.kind == Kind::Setup { &[] } else { &LIVE };
        let setup: &[Template] = if self.kind == Kind::Live { &[] } else { &SETUP };
        let all = live.iter().chain(setup);
        let mut files: Vec<_> = all
            .map(|template| (self.fill(template.path), self.fill(template.content)))
            .collect();
        let hooks = self.fill(HOOKS);
        match self.kind {
            Kind::Live => {}
            Kind::Setup => files.push(("__init__.py".to_owned(), hooks)),
            Kind::Both => {
                let init = files.iter_mut().find(|(path, _)| path == "__init__.py");
                if let Some((_, content)) = init {
                    *content = with_hooks(content, &hooks);
                }
            }
        }
        files
    }

    fn fill(&self, template: &str) -> String {
        let values = [
            ("my_module", self.name.clone()),
            ("MyModule", class_name(&self.name)),
            ("My Module", in_json(&self.display_name())),
            ("Your Name", in_json(&self.author)),
        ];
        fill(template, &values)
    }

    fn print(&self, folder: &Path, files: &[(String, String)]) -> anyhow::Result<()> {
        let paths: Vec<_> = files.iter().map(|(path, _)| path).collect();
        if self.json {
            let made =
                json!({"name": self.name, "path": folder.display().to_string(), "files": paths});
            say(&made.to_string())?;
            return Ok(());
        }
        say(&about(folder, |folder| {
            message!("Made {folder} with", folder = folder)
        }))?;
        for path in paths {
            say(&format!("  {path}"))?;
        }
        let next = locale_language::say(&message!("Next"));
        say(&format!("\n{}", with_colon(&next)))?;
        let see = match self.kind {
            Kind::Setup => message!("see it among what can be set up while you write it"),
            Kind::Live | Kind::Both => message!("see it on the dashboard while you write it"),
        };
        let steps = [
            ("contara module dev", see),
            (
                "contara module check",
                message!("find what is wrong with it"),
            ),
            ("pytest", message!("run its tests")),
        ];
        let folder = in_shell(&folder.display().to_string());
        let width = folder.chars().count() + "contara module check ".len();
        for (command, what) in steps {
            let command = format!("{command} {folder}");
            say(&format!(
                "  {command:width$}    {}",
                locale_language::say(&what)
            ))?;
        }
        Ok(())
    }
}

/// One file of two: imports stand at the top.
fn with_hooks(live: &str, hooks: &str) -> String {
    let (imports, hooks): (Vec<_>, Vec<_>) = hooks
        .lines()
        .partition(|line| line.starts_with("from ") || line.starts_with("import "));
    let (docstring, rest) = live.split_once("\n\n").unwrap_or(("", live));
    let hooks = hooks.join("\n");
    let (comment, hooks) = hooks.split_once("\n\n").unwrap_or(("", &hooks));
    format!(
        "{docstring}\n\n{}\n\n{}\n\n\n{comment}\n\n{}\n",
        imports.join("\n"),
        rest.trim_end(),
        hooks.trim()
    )
}

fn write(file: &Path, content: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content)?;
    if file.extension().is_some_and(|extension| extension == "sh") {
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Replaces each word by its value, once: a value that holds another word stays as it is.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    let next = |rest: &str| {
        let found = values
            .iter()
            .filter_map(|(word, value)| Some((rest.find(word)?, word.len(), value.clone())));
        found.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, length, value)) = next(rest) {
        filled.push_str(&rest[..at]);
        filled.push_str(&value);
        rest = &rest[at + length..];
    }
    filled + rest
}

/// Text as it stands between the quotes of JSON.
fn in_json(text: &str) -> String {
    let quoted = json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// A path as it is typed into a shell.
fn in_shell(path: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "/._-".contains(char);
    if path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// The words of a module's name, each with a capital letter.
fn words(name: &str) -> Vec<String> {
    let words = name.split('_').filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    words.map(capital).collect()
}

/// A class's name that hides nothing that the templates use.
fn class_name(module: &str) -> String {
    let name = words(module).concat();
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    let templates = LIVE.iter().map(|template| template.content).chain([HOOKS]);
    let mut used = templates.flat_map(|content| content.split(|char| !is_word(char)));
    if used.any(|word| word == name) {
        name + "Module"
    } else {
        name
    }
}

/// The name that was probably meant.
fn repaired(name: &str) -> Option<String> {
    let mut repaired = String::new();
    for char in name.trim().chars() {
        let follows_lower =
            repaired.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit());
        if char.is_ascii_uppercase() && follows_lower {
            repaired.push('_');
        }
        match char {
            char if char.is_ascii_alphanumeric() => repaired.push(char.to_ascii_lowercase()),
            _ if repaired.ends_with('_') => {}
            _ => repaired.push('_'),
        }
    }
    let repaired = repaired.trim_matches('_').to_owned();
    is_module_name(&repaired).then_some(repaired)
}

/// Those that a module's name could be.
fn is_python_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 32] = [
        "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
        "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
        "yield",
    ];
    KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_replaced_once() {
        let values = [("one", "two".to_owned()), ("two", "one".to_owned())];
        assert_eq!(fill("one, two; three", &values), "two, one; three");
    }

    #[test]
    fn names_are_repaired() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(repaired(name).as_deref(), expected, "{name}");
        };
        check("Disk-Health", Some("disk_health"));
        check("diskHealth2", Some("disk_health2"));
        check(" my module! ", Some("my_module"));
        check("2fast", None);
        check("日本", None);
    }

    #[test]
    fn classes_and_titles_are_made_of_words() {
        assert_eq!(words("disk_health__2"), ["Disk", "Health", "2"]);
        assert_eq!(class_name("disk_health"), "DiskHealth");
        assert_eq!(class_name("tile"), "TileModule");
        assert_eq!(class_name("path"), "PathModule");
    }

    #[test]
    fn of_two_files_imports_come_first() {
        let live = "\"\"\"Doc.\"\"\"\n\nimport a\n\nclass A: ...\n";
        let hooks = "# Hooks.\n\nfrom b import c\n\nD = c()\n";
        assert_eq!(
            with_hooks(live, hooks),
            "\"\"\"Doc.\"\"\"\n\nfrom b import c\n\nimport a\n\nclass A: ...\n\n\n# Hooks.\n\nD = c()\n"
        );
    }
}
