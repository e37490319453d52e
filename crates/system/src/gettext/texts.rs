//! What a module's catalogue says in one language, for texts that Contara itself shows: those of its manifest and its checks.

use std::collections::BTreeMap;
use std::path::Path;

use super::po;

/// Translations by their originals. Empty for a module without a catalogue of the language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<Vec<u8>, String>);

impl Texts {
    /// Reads the module's `.po` file of a language, by its catalogue's name such as `fr_FR`. What can't be read has no
    /// translations: what is wrong with it is said where it is compiled. Blocks for a file's time.
    #[must_use]
    pub fn of(module: &Path, slug: &str, language: &str) -> Self {
        let file = module.join(format!("locale/{language}/LC_MESSAGES/{slug}.po"));
        Self::new(&super::read(&file).unwrap_or_default())
    }

    /// What a `.po` file says that is no module's; nothing if it isn't written as it should be.
    #[must_use]
    pub fn read(catalogue: &[u8]) -> Self {
        Self::new(&po::read(catalogue).unwrap_or_default())
    }

    fn new(messages: &[po::Message]) -> Self {
        let usable = messages.iter().filter(|message| message.is_usable());
        let texts = usable.filter_map(|message| {
            let text = String::from_utf8(message.translation()).ok()?;
            Some((message.original(), text))
        });
        Self(texts.collect())
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
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    const FRENCH: &str = "msgid \"\"\nmsgstr \"Language: fr\\n\"\n\nmsgid \"City\"\nmsgstr \"Ville\"\n\n#, fuzzy\nmsgid \"Size\"\nmsgstr \"Taille\"\n";

    #[test]
    fn texts_are_translated_where_the_catalogue_has_them() {
        let module = tempfile::tempdir().unwrap();
        let folder = module.path().join("locale/fr/LC_MESSAGES");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("toy.po"), FRENCH).unwrap();
        let texts = Texts::of(module.path(), "toy", "fr");
        assert_eq!(texts.translate("City"), "Ville");
        assert_eq!(texts.translate("Size"), "Size", "nobody has looked at it");
        assert_eq!(texts.translate(""), "");
        assert_eq!(texts.find("Country"), None);
        assert_eq!(Texts::of(module.path(), "toy", "de"), Texts::default());
        assert_eq!(Texts::read(FRENCH.as_bytes()), texts);
    }
}
