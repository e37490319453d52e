//! The web client, embedded in the binary.
//!
//! Files under `assets/` carry a hash of their content in their name and are kept by browsers for good; everything else
//! is asked for again each time. Paths that are no file belong to the client's own pages.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use contara_i18n::message;
use rust_embed::{Embed, EmbeddedFile};

use crate::refusal::Refusal;

#[derive(Embed)]
#[folder = "../../web/dist"]
struct Files;

/// Serves a file, or the page for any other path.
pub(crate) fn serve(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            message!("Method Not Allowed"),
        )
        .into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let is_compressed = ENCODINGS.iter().any(|(_, ending)| path.ends_with(ending));
    let is_file = path.contains('.') && !is_compressed;
    match path {
        path if is_file => match find(path, headers) {
            Some(found) => respond(path, found, headers),
            None => Refusal::new(StatusCode::NOT_FOUND, message!("Not Found")).into_response(),
        },
        _ => match find("index.html", headers) {
            Some(found) => respond("index.html", found, headers),
            None => Refusal::new(
                StatusCode::NOT_FOUND,
                message!("The web client was not built"),
            )
            .into_response(),
        },
    }
}

/// Content codings that files are there in, the smallest first, and what their names end with.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

struct Found {
    file: EmbeddedFile,
    /// Its content coding, if it has one.
    encoding: Option<&'static str>,
}

fn find(path: &str, headers: &HeaderMap) -> Option<Found> {
    find_in(Files::get, path, headers)
}

fn find_in(
    get: impl Fn(&str) -> Option<EmbeddedFile>,
    path: &str,
    headers: &HeaderMap,
) -> Option<Found> {
    let accepted = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(headers, encoding));
    let mut compressed = accepted.filter_map(|(encoding, ending)| {
        Some(Found {
            file: get(&format!("{path}{ending}"))?,
            encoding: Some(encoding),
        })
    });
    compressed.next().or_else(|| {
        Some(Found {
            file: get(path)?,
            encoding: None,
        })
    })
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|accepted| {
        let mut parts = accepted.trim().split(';');
        let is_it = parts.next() == Some(encoding);
        is_it && !parts.any(|part| matches!(part.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn respond(path: &str, found: Found, asked: &HeaderMap) -> Response {
    let tag = etag(&found);
    let is_known = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known == tag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(found.file.data).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(path)),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(caching(path)),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::ETAG, tag);
    if let Some(encoding) = found.encoding.filter(|_| !is_known) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn etag(found: &Found) -> HeaderValue {
    let hash = found.file.metadata.sha256_hash();
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::try_from(format!("\"{hex}\""))
        .unwrap_or_else(|_| unreachable!("hexadecimal digits are a valid header"))
}

fn caching(path: &str) -> &'static str {
    if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// What Vite emits, and nothing else.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn accepting(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    fn get(path: &'static str, accept: &'static str) -> Response {
        serve(&Method::GET, &Uri::from_static(path), &accepting(accept))
    }

    #[test]
    fn pages_of_the_client_are_all_the_index() {
        let page = get("/modules", "identity");
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(
            page.headers()[header::CONTENT_TYPE],
            "text/html; charset=utf-8"
        );
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(get("/assets/none.js", "br").status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn a_known_page_is_not_sent_again() {
        let tag = get("/", "identity").headers()[header::ETAG].clone();
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]);
        assert_eq!(
            serve(&Method::GET, &Uri::from_static("/"), &headers).status(),
            StatusCode::NOT_MODIFIED
        );
    }

    #[test]
    fn each_is_sent_the_smallest_that_it_takes() {
        let all = ["index.html.br", "index.html.gz", "index.html"];
        for (there, accepted, sent) in [
            (&all[..], "gzip, deflate, br", Some("br")),
            (&all, "br;q=0.5", Some("br")),
            (&all, "gzip, deflate", Some("gzip")),
            (&all, "gzip, br;q=0", Some("gzip")),
            (&all, "brotli", None),
            (&all, "", None),
            (&all[1..], "br, gzip", Some("gzip")),
            (&all[2..], "br, gzip", None),
        ] {
            let headers = accepting(accepted);
            let get = |name: &str| there.contains(&name).then(|| Files::get("index.html"))?;
            let found = find_in(get, "index.html", &headers).unwrap();
            let response = respond("index.html", found, &headers);
            let encoding = response.headers().get(header::CONTENT_ENCODING);
            let sent = sent.map(HeaderValue::from_static);
            assert_eq!(encoding, sent.as_ref(), "{there:?} {accepted}");
            assert_eq!(response.headers()[header::VARY], "Accept-Encoding");
        }
    }

    #[test]
    fn what_is_compressed_has_no_address_of_its_own() {
        for hidden in ["/index.html.br", "/index.html.gz"] {
            let page = get(hidden, "identity");
            assert_eq!(
                page.headers()[header::CONTENT_TYPE],
                "text/html; charset=utf-8"
            );
        }
    }

    #[test]
    fn hashed_files_are_kept_for_good() {
        assert_eq!(
            caching("assets/index-abc.js"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(caching("index.html"), "no-cache");
    }
}
