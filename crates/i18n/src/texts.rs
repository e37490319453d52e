//! What a catalogue says in one language.

use crate::po;
use std::collections::BTreeMap;

/// Translations by their originals. Empty for a module without a catalogue of the language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<Vec<u8>, String>);

impl Texts {
    /// What a `.po` file says. One that isn't written as it should be has no translations: what is wrong with it is said where it
    /// is compiled or checked.
    #[must_use]
    pub fn read(catalogue: &[u8]) -> Self {
        let entries = po::read(catalogue).unwrap_or_default();
        let usable = entries.iter().filter(|entry| entry.is_usable());
        let texts = usable.filter_map(|entry| {
            let text = String::from_utf8(entry.translation()).ok()?;
            Some((entry.original(), text))
        });
        Self(texts.collect())
    }

    /// All of these together.
    #[must_use]
    pub fn of_all(texts: impl IntoIterator<Item = Self>) -> Self {
        Self(texts.into_iter().flat_map(|texts| texts.0).collect())
    }

    /// A text in the language, if there is a translation. That of an empty one would be the catalogue's header.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&str> {
        let found = self.0.get(text.as_bytes()).filter(|_| !text.is_empty());
        found.map(String::as_str)
    }

    /// A text in the language; as it is if there is no translation.
    #[must_use]
    pub fn translate(&self, text: &str) -> String {
        self.find(text).unwrap_or(text).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRENCH: &str = "msgid \"\"\nmsgstr \"Language: fr\\n\"\n\nmsgid \"City\"\nmsgstr \"Ville\"\n\n#, fuzzy\nmsgid \"Size\"\nmsgstr \"Taille\"\n";

    #[test]
    fn texts_are_translated_where_the_catalogue_has_them() {
        let texts = Texts::read(FRENCH.as_bytes());
        assert_eq!(texts.translate("City"), "Ville");
        assert_eq!(texts.translate("Size"), "Size", "nobody has looked at it");
        assert_eq!(texts.translate(""), "");
        assert_eq!(texts.find("Country"), None);
        assert_eq!(Texts::read(b"msgid Ville"), Texts::default());
    }
}
