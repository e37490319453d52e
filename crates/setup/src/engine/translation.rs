//! What modules say in somebody's language: by their own catalogues, and by Contara's for what all modules have in common.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use contara_i18n::{Languages, Texts};
use contara_manifest::SetupManifest;
use contara_system::gettext;

use crate::form::UNCHECKED;
use contara_i18n::message;
use contara_i18n::{Catalogue, catalogue, find};

/// What Python and scripts are told where a module's texts stay as they are written.
const AS_WRITTEN: &str = "en_US";

/// One language that a module speaks, with Contara's own beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Speech {
    /// The name of the module's catalogue, such as `fr_FR`; `None` for texts as they are written.
    pub(super) catalogue: Option<String>,
    /// Contara's own one.
    own: Option<Catalogue>,
}

/// What one module says in one language.
#[derive(Debug)]
pub(super) struct Translation {
    texts: Texts,
    own: Option<Catalogue>,
    /// Its `desc.json`.
    pub(super) manifest: Arc<SetupManifest>,
}

/// What was read of modules' files, until they change.
#[derive(Debug)]
pub(super) struct Cache<K, V>(Mutex<BTreeMap<K, (u64, Arc<V>)>>);

impl Speech {
    /// The best for somebody who reads these languages, of those that a module has catalogues for.
    pub(super) fn best(languages: &Languages, catalogues: &[String]) -> Self {
        Self {
            catalogue: languages.best(catalogues).map(str::to_owned),
            own: catalogue(languages),
        }
    }

    /// What Python and scripts are told.
    pub(super) fn language(&self) -> &str {
        self.catalogue.as_deref().unwrap_or(AS_WRITTEN)
    }

    /// As HTTP names the language.
    pub(super) fn tag(&self) -> String {
        tag(self.catalogue.as_deref().unwrap_or("en"))
    }
}

/// What HTTP calls a catalogue's language (RFC 5646): `fr-FR`.
pub(super) fn tag(catalogue: &str) -> String {
    let name = catalogue.split(['.', '@']).next().unwrap_or_default();
    name.replace('_', "-")
}

impl Translation {
    /// Blocks for a file's time.
    pub(super) fn read(folder: &Path, original: &Arc<SetupManifest>, speech: &Speech) -> Self {
        let catalogue = speech.catalogue.as_deref();
        let read = |language| gettext::texts_of(folder, &original.slug, language);
        let mut translation = Self {
            texts: catalogue.map(read).unwrap_or_default(),
            own: speech.own,
            ..Self::as_written(original)
        };
        if speech.catalogue.is_some() || speech.own.is_some() {
            let mut manifest = original.translated(|text| translation.texts.translate(text));
            let category = &mut manifest.category.name;
            *category = find(speech.own, category).unwrap_or(category).to_owned();
            translation.manifest = Arc::new(manifest);
        }
        translation
    }

    /// Everything as it is.
    pub(super) fn as_written(original: &Arc<SetupManifest>) -> Self {
        Self {
            texts: Texts::default(),
            own: None,
            manifest: Arc::clone(original),
        }
    }

    /// What a check says of an answer, in the language.
    pub(super) fn translate(&self, text: &str) -> String {
        if let Some(reason) = text.strip_prefix(UNCHECKED) {
            let message = message!("This couldn't be checked: {reason}", reason = reason);
            return message.render(self.own);
        }
        let found = self.texts.find(text).or_else(|| find(self.own, text));
        found.unwrap_or(text).to_owned()
    }
}

/// A section's name in the best of these languages.
pub(super) fn section_name(languages: &Languages, name: &str) -> String {
    let found = find(catalogue(languages), name);
    found.unwrap_or(name).to_owned()
}

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord, V> Cache<K, V> {
    /// What is known of files with this fingerprint.
    pub(super) fn get(&self, key: &K, fingerprint: u64) -> Option<Arc<V>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, known) = known.get(key)?;
        (*of == fingerprint).then(|| Arc::clone(known))
    }

    pub(super) fn put(&self, key: K, fingerprint: u64, read: Arc<V>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, (fingerprint, read));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn languages_have_names_for_programs_and_tags_for_http() {
        let speech = |wanted: &str, catalogues: &[&str]| {
            let catalogues: Vec<_> = catalogues.iter().map(ToString::to_string).collect();
            let speech = Speech::best(&Languages::of([wanted]), &catalogues);
            (speech.language().to_owned(), speech.tag())
        };
        assert_eq!(speech("fr", &["fr_FR"]), ("fr_FR".into(), "fr-FR".into()));
        assert_eq!(
            speech("sr", &["sr@latin"]),
            ("sr@latin".into(), "sr".into())
        );
        assert_eq!(speech("it", &["fr_FR"]), ("en_US".into(), "en".into()));
    }

    #[test]
    fn sections_have_names_in_our_languages() {
        let name = |language| section_name(&Languages::of([language]), "Core");
        assert_eq!((name("fr_CA"), name("it")), ("Base".into(), "Core".into()));
        assert_eq!(section_name(&Languages::of(["fr"]), "Boutique"), "Boutique");
    }
}
