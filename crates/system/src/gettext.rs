//! Modules' catalogues of translations, compiled for programs outside the modules' folders, which stay as they are. bash and Python
//! read what comes out: `<language>/LC_MESSAGES/<domain>.mo`.
//!
//! Catalogues are as trusted as scripts: bash expands variables and commands in the translation of `$"…"`.

mod mo;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use contara_i18n::{Message, Texts, po};
use thiserror::Error;

/// A module's compiled catalogues.
#[derive(Debug)]
pub struct Catalogues {
    /// To be used as `TEXTDOMAINDIR`. It may be absent, if there is nothing to translate.
    pub root: PathBuf,
    /// Those that can't be used.
    pub problems: Vec<CatalogueProblem>,
}

/// Why a catalogue can't be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CatalogueProblem {
    /// It isn't written as it should be.
    #[error("{}:{line}: {message}", .path.display())]
    Written {
        /// The `.po` file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: Message,
    },
    /// It can't be read, or its compiled form not be written.
    #[error("can't compile {}", .path.display())]
    File {
        /// The catalogue.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// Compiles what has changed of a module's catalogues into `cache`, in a folder of its slug. Blocks for milliseconds.
#[must_use]
pub fn compile(module: &Path, slug: &str, cache: &Path) -> Catalogues {
    // A module's script and its code may want them at the same time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let root = cache.join(slug);
    let mut problems = Vec::new();
    let mut kept = BTreeSet::new();
    for source in sources(&module.join("locale")) {
        let target = root.join(&source.place).with_extension("mo");
        match source.update(&target) {
            Ok(()) => {
                kept.insert(target);
            }
            Err(problem) => problems.push(problem),
        }
    }
    for old in compiled(&root) {
        if !kept.contains(&old) {
            // At worst an old translation is used.
            let _ = fs::remove_file(old);
        }
    }
    Catalogues { root, problems }
}

/// The names of the languages that a module has a catalogue for, such as `fr_FR`, in order. Blocks for milliseconds.
#[must_use]
pub fn languages_of(module: &Path, slug: &str) -> Vec<String> {
    let mut languages = entries(&module.join("locale"));
    let has = |language: &Path, kind| {
        let catalogue = language.join(format!("LC_MESSAGES/{slug}.{kind}"));
        catalogue.is_file()
    };
    languages.retain(|language| has(language, "po") || has(language, "mo"));
    languages.sort();
    let names = languages.iter().filter_map(|language| language.file_name());
    names
        .filter_map(|name| Some(name.to_str()?.to_owned()))
        .collect()
}

/// The texts of a module in a language, by its catalogue's name such as `fr_FR`. What can't be read has no translations: what is wrong
/// with it is said where it is compiled. Blocks for a file's time.
#[must_use]
pub fn texts_of(module: &Path, slug: &str, language: &str) -> Texts {
    let file = module.join(format!("locale/{language}/LC_MESSAGES/{slug}.po"));
    fs::read(file).map_or_else(|_| Texts::default(), |catalogue| Texts::read(&catalogue))
}

/// What is wrong with a `.po` file, if anything.
#[must_use]
pub fn check(path: &Path) -> Option<CatalogueProblem> {
    read(path).err()
}

/// A catalogue as a module brings it.
struct Source {
    path: PathBuf,
    /// `<language>/LC_MESSAGES/<file>`.
    place: PathBuf,
}

impl Source {
    /// The compiled form has its source's time, by which a change is seen.
    fn update(&self, target: &Path) -> Result<(), CatalogueProblem> {
        let failed = |source| CatalogueProblem::File {
            path: self.path.clone(),
            source,
        };
        let changed = fs::metadata(&self.path)
            .and_then(|metadata| metadata.modified())
            .map_err(failed)?;
        if is_current(target, changed) {
            return Ok(());
        }
        let bytes = match self.path.extension() {
            Some(kind) if kind == "po" => mo::compile(&read(&self.path)?),
            _ => fs::read(&self.path).map_err(failed)?,
        };
        write(target, &bytes, changed).map_err(failed)
    }
}

fn is_current(target: &Path, changed: SystemTime) -> bool {
    let metadata = fs::metadata(target);
    metadata.is_ok_and(|metadata| metadata.modified().is_ok_and(|time| time == changed))
}

fn read(path: &Path) -> Result<Vec<po::Entry>, CatalogueProblem> {
    let bytes = fs::read(path).map_err(|source| CatalogueProblem::File {
        path: path.to_owned(),
        source,
    })?;
    po::read(&bytes).map_err(|problem| CatalogueProblem::Written {
        path: path.to_owned(),
        line: problem.line,
        message: problem.message,
    })
}

/// As a whole: a program may be reading it.
fn write(target: &Path, bytes: &[u8], changed: SystemTime) -> io::Result<()> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder)?;
    let new = target.with_extension("new");
    fs::write(&new, bytes)?;
    fs::File::options()
        .write(true)
        .open(&new)?
        .set_modified(changed)?;
    fs::rename(new, target)
}

/// All `.po` files, and `.mo` files that have none.
fn sources(locale: &Path) -> Vec<Source> {
    let files = files(locale);
    let is_compiled_of_another = |path: &Path| {
        has_kind(path, "mo")
            && files
                .iter()
                .any(|other| *other == path.with_extension("po"))
    };
    let wanted = files.iter().filter(|path| {
        (has_kind(path, "po") || has_kind(path, "mo")) && !is_compiled_of_another(path)
    });
    wanted
        .filter_map(|path| {
            let place = path.strip_prefix(locale).ok()?.to_owned();
            let path = path.clone();
            Some(Source { path, place })
        })
        .collect()
}

fn compiled(root: &Path) -> Vec<PathBuf> {
    let mut files = files(root);
    files.retain(|path| has_kind(path, "mo"));
    files
}

/// In `<language>/LC_MESSAGES`.
fn files(root: &Path) -> Vec<PathBuf> {
    let languages = entries(root).into_iter();
    let mut files: Vec<_> = languages
        .flat_map(|language| entries(&language.join("LC_MESSAGES")))
        .collect();
    files.sort();
    files
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn has_kind(path: &Path, kind: &str) -> bool {
    path.extension() == Some(OsStr::new(kind))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const GOOD: &str = "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"Hello\"\nmsgstr \"Bonjour\"\n";

    struct Toy(TempDir);

    impl Toy {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn file(&self, place: &str, content: &str) -> PathBuf {
            let path = self.0.path().join("module/locale").join(place);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            path
        }

        fn compile(&self) -> Catalogues {
            let module = self.0.path().join("module");
            compile(&module, "toy", &self.0.path().join("cache"))
        }
    }

    fn places(catalogues: &Catalogues) -> Vec<String> {
        let root = &catalogues.root;
        let place = |path: &PathBuf| path.strip_prefix(root).unwrap().display().to_string();
        files(root).iter().map(place).collect()
    }

    #[test]
    fn catalogues_are_compiled_outside_the_module() {
        let toy = Toy::new();
        toy.file("fr_FR/LC_MESSAGES/toy.po", GOOD);
        toy.file("de_DE/LC_MESSAGES/toy.mo", "as it is");
        toy.file("toy.pot", "");
        let catalogues = toy.compile();
        assert!(catalogues.problems.is_empty());
        assert_eq!(
            places(&catalogues),
            ["de_DE/LC_MESSAGES/toy.mo", "fr_FR/LC_MESSAGES/toy.mo"]
        );
        let copied = fs::read(catalogues.root.join("de_DE/LC_MESSAGES/toy.mo"));
        assert_eq!(copied.unwrap(), b"as it is");
        let module = files(&toy.0.path().join("module/locale"));
        assert_eq!(module.len(), 2);
    }

    #[test]
    fn languages_are_those_of_the_module_s_own_catalogues() {
        let toy = Toy::new();
        toy.file("pt_BR/LC_MESSAGES/toy.po", GOOD);
        toy.file("de/LC_MESSAGES/toy.mo", "");
        toy.file("it/LC_MESSAGES/other.po", GOOD);
        toy.file("toy.pot", "");
        let module = toy.0.path().join("module");
        assert_eq!(languages_of(&module, "toy"), ["de", "pt_BR"]);
        assert_eq!(languages_of(toy.0.path(), "toy"), [""; 0]);
    }

    #[test]
    fn texts_are_those_of_the_module_s_own_catalogue() {
        let toy = Toy::new();
        toy.file("fr_FR/LC_MESSAGES/toy.po", GOOD);
        let texts = |language| texts_of(&toy.0.path().join("module"), "toy", language);
        assert_eq!(texts("fr_FR").translate("Hello"), "Bonjour");
        assert_eq!(texts("de_DE"), Texts::default());
    }

    #[test]
    fn only_what_has_changed_is_compiled() {
        let toy = Toy::new();
        let source = toy.file("fr_FR/LC_MESSAGES/toy.po", GOOD);
        let target = toy.compile().root.join("fr_FR/LC_MESSAGES/toy.mo");
        let changed = fs::metadata(&source).unwrap().modified().unwrap();
        write(&target, b"mark", changed).unwrap();
        toy.compile();
        assert_eq!(fs::read(&target).unwrap(), b"mark");
        // Also if the new one is older, as an older package's may be.
        let file = fs::File::options().write(true).open(&source).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        toy.compile();
        assert_ne!(fs::read(&target).unwrap(), b"mark");
        fs::remove_file(source).unwrap();
        assert_eq!(places(&toy.compile()), [""; 0]);
    }

    #[test]
    fn a_bad_one_is_named_and_the_others_go_on() {
        let toy = Toy::new();
        let bad = toy.file("fr_FR/LC_MESSAGES/toy.po", "msgid \"a\"\nmsgstr b\n");
        toy.file("pt_BR/LC_MESSAGES/toy.po", GOOD);
        let catalogues = toy.compile();
        assert_eq!(places(&catalogues), ["pt_BR/LC_MESSAGES/toy.mo"]);
        let expected = format!(
            "{}:2: a text in quotes belongs here, such as msgstr \"text\"",
            bad.display()
        );
        assert_eq!(catalogues.problems[0].to_string(), expected);
        assert_eq!(check(&bad).unwrap().to_string(), expected);
    }
}
