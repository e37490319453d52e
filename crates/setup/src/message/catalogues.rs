//! Contara's own catalogues: English is what its texts are written in.

use std::sync::LazyLock;

use contara_system::gettext::{Languages, Texts};

/// By the names of the languages.
static OWN: LazyLock<(Vec<String>, Vec<Texts>)> = LazyLock::new(|| {
    let catalogues = [
        ("de", include_str!("../../locale/de.po")),
        ("fr", include_str!("../../locale/fr.po")),
    ];
    let read = |(name, catalogue): (&str, &str)| (name.into(), Texts::read(catalogue.as_bytes()));
    catalogues.into_iter().map(read).unzip()
});

/// The place of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Catalogue(usize);

/// The best for somebody who reads these languages; `None` for English.
pub(crate) fn catalogue(languages: &Languages) -> Option<Catalogue> {
    let best = languages.best(&OWN.0)?;
    OWN.0.iter().position(|name| name == best).map(Catalogue)
}

/// A text in its language, if there is one.
pub(crate) fn find(catalogue: Option<Catalogue>, text: &str) -> Option<&'static str> {
    let Catalogue(place) = catalogue?;
    OWN.1.get(place)?.find(text)
}
