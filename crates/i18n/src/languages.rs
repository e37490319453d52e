//! Which languages somebody reads, and which of a module's catalogues suits them best.

use std::fmt;

/// Nobody reads more, whatever a client says.
const MOST: usize = 10;
/// What texts are written in, before they are translated.
const ENGLISH: &str = "en";

/// Languages that somebody reads, the most wanted first. Empty if nothing is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Languages(Vec<Language>);

/// `fr`, or that of a country: `fr_CA`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Language {
    name: String,
    country: Option<String>,
}

impl Languages {
    /// Of names such as `fr`, `fr-CA` and `fr_CA.UTF-8`. What is no language is left out, and so is what comes after the tenth.
    #[must_use]
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut languages: Vec<Language> = Vec::new();
        for language in names.into_iter().filter_map(Language::read) {
            if languages.len() < MOST && !languages.contains(&language) {
                languages.push(language);
            }
        }
        Self(languages)
    }

    /// Whether nothing is known of them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the best of these catalogues, which are called as gettext does: `fr_FR`, `fr`. For each wish in turn the country's
    /// own, the language's, or that of another country will do. `None`: the texts as they are written, which is English.
    #[must_use]
    pub fn best<'c>(&self, catalogues: &'c [String]) -> Option<&'c str> {
        let read = catalogues.iter();
        let read: Vec<_> = read
            .filter_map(|name| Some((Language::read(name)?, name.as_str())))
            .collect();
        for wanted in &self.0 {
            let found = wanted.among(&read);
            if found.is_some() || wanted.name == ENGLISH {
                return found;
            }
        }
        None
    }
}

impl fmt::Display for Languages {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(Language::to_string).collect();
        out.write_str(&names.join(","))
    }
}

impl Language {
    /// A script, as in `zh-Hant-TW`, a character set and a variant are passed over.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().split(['.', '@']).next()?;
        let mut parts = text.split(['-', '_']);
        let name = parts.next()?;
        let is_name = (2..=3).contains(&name.len()) && is_alphabetic(name);
        let is_plain = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let rest: Vec<_> = parts.collect();
        if !is_name || !rest.iter().copied().all(is_plain) {
            return None;
        }
        let is_country = |part: &&str| part.len() == 2 && is_alphabetic(part);
        let country = rest.into_iter().find(is_country);
        Some(Self {
            name: name.to_ascii_lowercase(),
            country: country.map(str::to_ascii_uppercase),
        })
    }

    fn among<'c>(&self, catalogues: &[(Self, &'c str)]) -> Option<&'c str> {
        let with = |country: Option<&str>| {
            let mut own = catalogues.iter();
            let own =
                own.find(|(one, _)| one.name == self.name && one.country.as_deref() == country);
            own.map(|(_, name)| *name)
        };
        let exact = with(self.country.as_deref()).or_else(|| with(None));
        // English of another country is no better than what is written.
        if exact.is_some() || self.name == ENGLISH {
            return exact;
        }
        // French is most of all what is spoken in France.
        let native = self.name.to_ascii_uppercase();
        let mut others = catalogues.iter();
        let other = others.find(|(one, _)| one.name == self.name);
        with(Some(&native)).or(other.map(|(_, name)| *name))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.country {
            Some(country) => write!(out, "{}_{country}", self.name),
            None => out.write_str(&self.name),
        }
    }
}

fn is_alphabetic(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wanted: &[&str], catalogues: &[&str], expected: Option<&str>) {
        let catalogues: Vec<_> = catalogues.iter().map(ToString::to_string).collect();
        let languages = Languages::of(wanted.iter().copied());
        assert_eq!(languages.best(&catalogues), expected, "{wanted:?}");
    }

    #[test]
    fn the_country_s_own_catalogue_then_the_language_s_then_another_country_s() {
        check(&["fr-CA"], &["fr", "fr_CA", "fr_FR"], Some("fr_CA"));
        check(&["fr-CA"], &["fr", "fr_FR"], Some("fr"));
        check(&["fr-CA"], &["fr_BE", "fr_FR"], Some("fr_FR"));
        check(&["fr"], &["de_DE", "fr_BE"], Some("fr_BE"));
        check(&["pt-PT"], &["pt_BR"], Some("pt_BR"));
        check(&["ZH-hant-tw"], &["zh_CN", "zh_TW"], Some("zh_TW"));
        check(&["sr"], &["sr@latin"], Some("sr@latin"));
        check(&["de_DE.UTF-8"], &["de_DE"], Some("de_DE"));
    }

    #[test]
    fn the_first_language_that_there_is_wins() {
        check(&["it", "de", "fr"], &["fr_FR", "de_DE"], Some("de_DE"));
        check(&["it"], &["fr_FR"], None);
        check(&[], &["fr_FR"], None);
    }

    #[test]
    fn english_is_always_there() {
        check(&["en-US", "en", "fr"], &["fr_FR"], None);
        check(&["it", "en", "fr"], &["fr_FR"], None);
        check(&["en-US"], &["en_GB"], None);
        check(&["en-GB", "fr"], &["en_GB", "fr"], Some("en_GB"));
    }

    #[test]
    fn what_is_no_language_is_left_out() {
        let written = [
            "*",
            "",
            "C",
            "POSIX",
            "fr_CA",
            "x-klingon",
            "fr-CA",
            "../../de",
            "é",
            "de-ä",
        ];
        assert_eq!(Languages::of(written).to_string(), "fr_CA");
        assert!(Languages::of(["C.UTF-8"]).is_empty());
        let names: Vec<_> = ('a'..='z').map(|letter| format!("q{letter}")).collect();
        let many = Languages::of(names.iter().map(String::as_str));
        assert_eq!(many.to_string().split(',').count(), MOST);
        assert_eq!(Languages::of(many.to_string().split(',')), many);
    }
}
