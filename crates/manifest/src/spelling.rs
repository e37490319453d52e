//! "Did you mean": the known name closest to what was written. Used for fields, platforms and icons.

use contara_i18n::{Message, message};

/// Longer than every known name by far; a longer one is no slip of the finger, and comparing it would cost time.
const LONGEST: usize = 64;

/// `name` as compared: case, `-`, `_` and spaces don't count, so that `requiresNetwork` is `requires_network`.
pub(crate) fn squash(name: &str) -> String {
    name.chars()
        .filter(|char| !matches!(char, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The candidate that `written` most likely stands for: at most one edit in three characters away.
pub fn closest<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    if written.len() > LONGEST {
        return None;
    }
    let written = squash(written);
    let furthest = (written.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&written, &squash(candidate)),
                candidate,
            )
        })
        .filter(|(edits, _)| *edits <= furthest)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// The sentence for a help text.
pub fn did_you_mean(suggestion: &str) -> Message {
    message!("Did you mean \"{name}\"?", name = suggestion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: Option<&str>) {
        let known = ["name", "displayName", "requires_network", "tags"];
        assert_eq!(closest(written, known), expected, "{written}");
    }

    #[test]
    fn slips_and_other_styles_are_recognised() {
        check("nmae", Some("name"));
        check("display_name", Some("displayName"));
        check("requiresNetwork", Some("requires_network"));
        check("tag", Some("tags"));
    }

    #[test]
    fn strangers_are_not() {
        check("colour", None);
        check("nxxe", None);
        check("", None);
        check(&"name".repeat(20), None);
    }
}
