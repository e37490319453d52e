//! Whoever reads an answer: the name that they have for this machine, and the languages that they read.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use contara_setup::message::Message;
use contara_system::gettext::Languages;

use super::host::Host;
use super::language;
use crate::app::App;

/// See the file's first lines.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// Their name for this machine.
    pub(crate) host: Host,
    languages: Languages,
}

impl Reader {
    /// Who sends a request. `chosen` is a language that they want most of all, whatever the headers say.
    pub(crate) fn of(parts: &Parts, app: &App, chosen: Option<&str>) -> Self {
        let languages = language::languages(&parts.headers, chosen);
        Self {
            host: Host::of(&parts.headers, &parts.uri),
            languages: app.setup.speaking(languages).languages().clone(),
        }
    }

    /// What Contara says, in their language.
    pub(crate) fn say(&self, message: &Message) -> String {
        message.in_language(&self.languages)
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
        Ok(Self::of(parts, app, None))
    }
}
