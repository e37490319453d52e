//! The language of answers: a client says which it reads (`Accept-Language`; RFC 9110, 12.5.4), an answer which it is in.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use contara_i18n::Languages;
use contara_setup::engine::Setup;
use utoipa::IntoParams;

use crate::app::App;

/// What `q=1` is in thousandths, of which a weight has three digits at most.
const WHOLE: u16 = 1_000;

/// Setup as it speaks to the client that asks.
#[derive(Debug)]
pub(crate) struct Speaking(pub(crate) Setup);

/// The header, for the description of the API.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header, which `Speaking` reads")]
pub(crate) struct AcceptLanguage {
    /// Languages of texts, such as `fr-CA, fr;q=0.9`: of each module the best that it has a catalogue for, and what Contara itself
    /// says in English, French or German; else English. Without it that of the configuration.
    #[param(rename = "Accept-Language")]
    accept_language: Option<String>,
}

/// An answer with texts of these languages, as HTTP names them.
#[derive(Debug)]
pub(crate) struct InLanguages<T>(pub(crate) Vec<String>, pub(crate) T);

impl FromRequestParts<Arc<App>> for Speaking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self(app.setup.speaking(languages(&parts.headers))))
    }
}

impl<T: serde::Serialize> IntoResponse for InLanguages<T> {
    fn into_response(self) -> Response {
        let Self(languages, body) = self;
        let mut response = Json(body).into_response();
        // A folder's name may be anything, a header's value not.
        if let Ok(value) = HeaderValue::from_str(&languages.join(", "))
            && !languages.is_empty()
        {
            response
                .headers_mut()
                .insert(header::CONTENT_LANGUAGE, value);
        }
        response
    }
}

/// Those that a client reads, the most wanted first. What makes no sense is as if it weren't there, and so is `*`.
pub(crate) fn languages(headers: &HeaderMap) -> Languages {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let mut ranges: Vec<_> = values
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .collect();
    ranges.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    Languages::of(ranges.into_iter().map(|(range, _)| range))
}

/// A language and its weight; `None` for one that isn't wanted.
fn range(text: &str) -> Option<(&str, u16)> {
    let (range, weight) = match text.split_once(';') {
        None => (text, WHOLE),
        Some((range, weight)) => (range, thousandths(weight.trim())?),
    };
    (weight > 0).then_some((range.trim(), weight))
}

/// `q=0.8` is 800.
fn thousandths(weight: &str) -> Option<u16> {
    let value = weight.strip_prefix("q=").or(weight.strip_prefix("Q="))?;
    let (whole, digits) = value.split_once('.').unwrap_or((value, ""));
    if !matches!(whole, "0" | "1") || digits.len() > 3 {
        return None;
    }
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let is_number = digits.bytes().all(is_digit);
    let thousandths: u16 = format!("{whole}{digits:0<3}").parse().ok()?;
    (is_number && thousandths <= WHOLE).then_some(thousandths)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(header::ACCEPT_LANGUAGE, value);
        }
        assert_eq!(languages(&headers).to_string(), expected, "{values:?}");
    }

    #[test]
    fn the_most_wanted_comes_first() {
        check(&["fr"], "fr");
        check(&["fr-CA,fr;q=0.9,en;q=0.8"], "fr_CA,fr,en");
        check(
            &["en;q=0.5, de ; q=0.75 ,fr;Q=1.000,it;q=0.751"],
            "fr,it,de,en",
        );
        check(&["de;q=0.8, fr;q=0.8"], "de,fr");
        check(&["en;q=0.1", "pt-BR"], "pt_BR,en");
    }

    #[test]
    fn what_is_not_wanted_and_what_makes_no_sense_is_left_out() {
        check(&[], "");
        check(&["*"], "");
        check(&["fr;q=0, de;q=0.000, en"], "en");
        check(&["fr, *;q=0.5"], "fr");
        for nonsense in [
            "fr;q=2",
            "fr;q=1.1",
            "fr;q=-1",
            "fr;q=0.1234",
            "fr;q=",
            "fr;q=x",
            "fr;level=1",
            "fr;q=0.5;x=1",
            "q=1",
            ";;;,,,",
            "français",
            "fr_FR_",
            "../../etc",
            "%00",
        ] {
            check(&[nonsense], "");
            check(&[nonsense, "de"], "de");
        }
        check(&[&format!("{}de", "xx;q=9,".repeat(10_000))], "de");
    }
}
