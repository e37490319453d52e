//! The language of whoever runs a command, as the environment has it (POSIX, Base Definitions, 8.2): the first of these variables that
//! says something counts.

use std::sync::LazyLock;

use contara_i18n::{Languages, Message, message};

const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// As `Accept-Language` has it. It is English if the environment names no language, as `C` does: the daemon, asked for it, says its
/// part in the language of the command's own words around it.
pub(crate) fn language() -> String {
    // Unit tests are in English, wherever they run.
    let variable = |name: &str| std::env::var(name).ok().filter(|_| !cfg!(test));
    tag_of(variable).unwrap_or_else(|| "en".to_owned())
}

/// What the command itself says, in that language.
pub(crate) fn say(message: &Message) -> String {
    static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| Languages::of([language().as_str()]));
    message.in_language(&LANGUAGES)
}

/// A label with its colon, before which French has a space.
pub(crate) fn with_colon(label: &str) -> String {
    say(&message!("{label}:", label = label))
}

/// Such as `error: there is no such file`.
pub(crate) fn error_line(error: &str) -> String {
    say(&message!("error: {error}", error = error))
}

/// Such as `warning: everybody can read it`.
pub(crate) fn warning_line(warning: &str) -> String {
    say(&message!("warning: {warning}", warning = warning))
}

fn tag_of(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = VARIABLES.iter().filter_map(|name| variable(name));
    let locale = set.into_iter().find(|locale| !locale.is_empty())?;
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    let is_language = |name: &str| (2..=3).contains(&name.len());
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let language = name.split('_').next().filter(|name| is_language(name));
    language.filter(|_| name.bytes().all(is_plain))?;
    Some(name.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let find = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(tag_of(find).as_deref(), expected, "{variables:?}");
    }

    #[test]
    fn the_first_variable_that_says_something_counts() {
        check(&[], None);
        check(&[("LANG", "fr_FR.UTF-8")], Some("fr-FR"));
        check(
            &[("LANG", "fr_FR"), ("LC_MESSAGES", "de_DE@euro")],
            Some("de-DE"),
        );
        check(&[("LANG", "fr_FR"), ("LC_ALL", "")], Some("fr-FR"));
        check(&[("LANG", "fr_FR"), ("LC_ALL", "C.UTF-8")], None);
        for none in ["C", "POSIX", "../x", "fr\r\nx: y", "é"] {
            check(&[("LC_ALL", none)], None);
        }
    }
}
