//! Whoever reads an answer: the name that they have for this machine, and the languages that they read.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use contara_i18n::Languages;
use contara_i18n::{Catalogue, Message};

use crate::app::App;
use crate::host::Host;
use crate::language;

/// See the file's first lines.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// Their name for this machine.
    pub(crate) host: Host,
    languages: Languages,
}

impl Reader {
    /// Who sends a request.
    pub(crate) fn of(parts: &Parts, app: &App) -> Self {
        let languages = language::languages(&parts.headers);
        Self {
            host: Host::of(&parts.headers, &parts.uri),
            languages: app.setup.speaking(languages).languages().clone(),
        }
    }

    /// The same, but this language is wanted before the others. What is no language changes nothing.
    pub(crate) fn preferring(&self, language: &str) -> Self {
        let others = self.languages.to_string();
        Self {
            host: self.host.clone(),
            languages: Languages::of(std::iter::once(language).chain(others.split(','))),
        }
    }

    /// The best of Contara's own languages for them; `None` for English.
    pub(crate) fn catalogue(&self) -> Option<Catalogue> {
        contara_i18n::catalogue(&self.languages)
    }

    /// What Contara says, in their language.
    pub(crate) fn say(&self, message: &Message) -> String {
        message.render(self.catalogue())
    }

    /// How a program ended, or who holds something, in their language.
    pub(crate) fn say_phrase(&self, text: &str) -> String {
        self.say(&Message::phrase(text))
    }

    #[cfg(test)]
    pub(crate) fn for_test(uri: &'static str, language: &str) -> Self {
        let uri = axum::http::Uri::from_static(uri);
        Self {
            host: Host::of(&axum::http::HeaderMap::new(), &uri),
            languages: Languages::of([language]),
        }
    }
}

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app))
    }
}

#[cfg(test)]
mod tests {
    use contara_i18n::message;

    use super::*;

    #[test]
    fn what_a_page_wants_comes_before_what_its_browser_says() {
        let said = |reader: &Reader| reader.say(&message!("No module was chosen."));
        let german = Reader::for_test("/", "de");
        assert_eq!(said(&german), "Es wurde kein Modul gewählt.");
        let french = german.preferring("fr-CA");
        assert_eq!(said(&french), "Aucun module n’a été choisi.");
        assert_eq!(said(&german.preferring("en")), "No module was chosen.");
        for other in ["it", "../..", ""] {
            assert_eq!(said(&german.preferring(other)), said(&german), "{other}");
        }
    }
}
