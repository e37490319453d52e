//! The part of a check that is about translations: catalogues that can't be compiled leave a language untranslated.

use std::path::{Path, PathBuf};

use contara_i18n::{Message, message};
use contara_manifest::{Code, Problem, Severity, in_code};
use contara_system::gettext::{self, CatalogueProblem};

use super::code::read;

/// What is wrong with the catalogues below `locale/`.
pub(super) fn check(folder: &Path) -> Vec<Problem> {
    let catalogues = catalogues(&folder.join("locale")).into_iter();
    catalogues
        .filter_map(|file| gettext::check(&file).map(|problem| told(&file, &problem)))
        .collect()
}

/// `<language>/LC_MESSAGES/*.po`, in order.
fn catalogues(locale: &Path) -> Vec<PathBuf> {
    let languages = entries(locale).into_iter();
    let files = languages.flat_map(|language| entries(&language.join("LC_MESSAGES")));
    let mut files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|kind| kind == "po"))
        .collect();
    files.sort_unstable();
    files
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn told(file: &Path, problem: &CatalogueProblem) -> Problem {
    let (message, line) = match problem {
        CatalogueProblem::Written { line, message, .. } => {
            (message.clone().capitalised(), Some(*line))
        }
        CatalogueProblem::File { source, .. } => (
            message!("Can't be read: {reason}", reason = source.to_string()),
            None,
        ),
        other => (Message::verbatim(other.to_string()), None),
    };
    let text = line.and_then(|_| read(file));
    let place = line.map(|line| (line, 1));
    let mut problem = in_code(Severity::Warning, message, file, place, text.as_deref());
    problem.code = Code::Catalogue;
    problem.help = Some(message!("Until then this language stays untranslated."));
    problem
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_does_not_compile_has_its_line() {
        let temp = tempfile::tempdir().unwrap();
        let write = |language: &str, content: &str| {
            let folder = temp
                .path()
                .join("locale")
                .join(language)
                .join("LC_MESSAGES");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("dns.po"), content).unwrap();
        };
        write("fr_FR", "msgid \"Domain\"\nmsgstr \"Domaine\"\n");
        assert_eq!(check(temp.path()), []);
        write("de_DE", "msgid \"Domain\"\nmsgstr \"Bereich\n");
        let problems = check(temp.path());
        assert_eq!(problems.len(), 1, "{problems:?}");
        let problem = &problems[0];
        assert!(problem.file.ends_with("locale/de_DE/LC_MESSAGES/dns.po"));
        assert_eq!(
            (problem.line, problem.code, problem.severity),
            (Some(2), Code::Catalogue, Severity::Warning)
        );
        assert_eq!(check(&temp.path().join("elsewhere")), []);
    }
}
