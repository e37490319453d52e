//! The language of whoever runs a command, as the environment has it (POSIX, Base Definitions, 8.2): the first of these variables that
//! says something counts.

const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// As `Accept-Language` has it; `None` if the environment names no language, as `C` does.
pub(crate) fn language() -> Option<String> {
    tag_of(|name| std::env::var(name).ok())
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
