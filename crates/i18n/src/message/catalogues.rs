//! Contara's own catalogues: English is what its texts are written in.

use std::sync::LazyLock;

use crate::{Languages, Texts};

/// By language: a file for each room whose texts are in it.
pub(super) const FILES: [(&str, &[&str]); 2] = [
    (
        "de",
        &[
            include_str!("../../locale/de/cli.po"),
            include_str!("../../locale/de/manifest.po"),
            include_str!("../../locale/de/server.po"),
            include_str!("../../locale/de/setup.po"),
            include_str!("../../locale/de/supervisor.po"),
        ],
    ),
    (
        "fr",
        &[
            include_str!("../../locale/fr/cli.po"),
            include_str!("../../locale/fr/manifest.po"),
            include_str!("../../locale/fr/server.po"),
            include_str!("../../locale/fr/setup.po"),
            include_str!("../../locale/fr/supervisor.po"),
        ],
    ),
];

/// By the names of the languages.
static OWN: LazyLock<(Vec<String>, Vec<Texts>)> = LazyLock::new(|| {
    let read = |(name, files): &(&str, &[&str])| {
        let texts = files.iter().map(|file| Texts::read(file.as_bytes()));
        ((*name).into(), Texts::of_all(texts))
    };
    FILES.iter().map(read).unzip()
});

/// The place of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Catalogue(usize);

impl Catalogue {
    /// The name of its language, such as `de`.
    #[must_use]
    pub fn language(self) -> &'static str {
        FILES[self.0].0
    }
}

/// The best for somebody who reads these languages; `None` for English.
#[must_use]
pub fn catalogue(languages: &Languages) -> Option<Catalogue> {
    let best = languages.best(&OWN.0)?;
    OWN.0.iter().position(|name| name == best).map(Catalogue)
}

/// A text in its language, if there is one.
#[must_use]
pub fn find(catalogue: Option<Catalogue>, text: &str) -> Option<&'static str> {
    let Catalogue(place) = catalogue?;
    OWN.1.get(place)?.find(text)
}

/// Whether it is a text of Contara's own that is translated.
pub(super) fn knows(text: &str) -> bool {
    OWN.1.iter().any(|texts| texts.find(text).is_some())
}
