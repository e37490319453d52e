//! What a module's catalogue says in one language, for texts that Contara itself shows: those of its manifest and its checks.

use std::collections::BTreeMap;
use std::path::Path;

/// Translations by their originals. Empty for a module without a catalogue of the language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<Vec<u8>, String>);

impl Texts {
    /// Reads the module's `.po` file of a language such as `fr_FR`, else that of `fr`. What can't be read has no translations: what
    /// is wrong with it is said where it is compiled. Blocks for a file's time.
    #[must_use]
    pub fn of(module: &Path, slug: &str, language: &str) -> Self {
        let short = language.split('_').next().unwrap_or(language);
        let read = |language: &str| {
            let file = module.join(format!("locale/{language}/LC_MESSAGES/{slug}.po"));
            super::read(&file).ok()
        };
        let messages = read(language).or_else(|| read(short)).unwrap_or_default();
        let usable = messages.iter().filter(|message| message.is_usable());
        let texts = usable.filter_map(|message| {
            let text = String::from_utf8(message.translation()).ok()?;
            Some((message.original(), text))
        });
        Self(texts.collect())
    }

    /// A text in the language; as it is if there is no translation. An empty one would be the catalogue's header.
    #[must_use]
    pub fn translate(&self, text: &str) -> String {
        let found = self.0.get(text.as_bytes());
        let found = found.filter(|_| !text.is_empty());
        found.cloned().unwrap_or_else(|| text.to_owned())
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
        let texts = Texts::of(module.path(), "toy", "fr_FR");
        assert_eq!(texts.translate("City"), "Ville");
        assert_eq!(texts.translate("Size"), "Size", "nobody has looked at it");
        assert_eq!(texts.translate(""), "");
        assert_eq!(Texts::of(module.path(), "toy", "en_US"), Texts::default());
    }
}
