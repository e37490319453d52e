//! The marks that scripts and actions may use in what they say: `@HOSTNAME@`, `@BR@`, `@B@…@B@`, and addresses. Everything else is
//! plain text, whatever it looks like.

use super::Span;

/// A text as people see it. `host` is the name by which they reached this machine.
#[must_use]
pub fn spans(text: &str, host: &str) -> Vec<Span> {
    let text = text.replace("@HOSTNAME@", host).replace("@BR@", "\n");
    let mut spans = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, strong, after)) = strong(rest) {
        link(before, false, &mut spans);
        link(strong, true, &mut spans);
        rest = after;
    }
    link(rest, false, &mut spans);
    spans
}

/// The first strong part, what is before it and what is after it.
fn strong(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("@B@")?;
    let (strong, after) = rest.split_once("@B@")?;
    Some((before, strong, after))
}

/// Adds a text with its addresses.
fn link(text: &str, bold: bool, spans: &mut Vec<Span>) {
    let mut rest = text;
    while let Some((start, length)) = address(rest) {
        let (before, from) = rest.split_at(start);
        let (href, after) = from.split_at(length);
        add(before, bold, None, spans);
        add(href, bold, Some(href), spans);
        rest = after;
    }
    add(rest, bold, None, spans);
}

fn add(text: &str, bold: bool, href: Option<&str>, spans: &mut Vec<Span>) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        // After an empty strong part.
        Some(last) if last.bold == bold && last.href.is_none() && href.is_none() => {
            last.text.push_str(text);
        }
        _ => spans.push(Span {
            text: text.to_owned(),
            bold,
            href: href.map(str::to_owned),
        }),
    }
}

/// Where the first address is, and its length.
fn address(text: &str) -> Option<(usize, usize)> {
    let schemes = text.match_indices("http");
    schemes.into_iter().find_map(|(start, _)| {
        let from = &text[start..];
        let behind = ["https://", "http://"]
            .iter()
            .find_map(|scheme| from.strip_prefix(scheme))?;
        let scheme = from.len() - behind.len();
        let end = behind.find(ends_address).unwrap_or(behind.len());
        // A sentence's punctuation isn't part of the address that it ends with.
        let host = behind[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
        (!host.is_empty()).then_some((start, scheme + host.len()))
    })
}

fn ends_address(character: char) -> bool {
    character.is_whitespace() || character.is_control() || "<>)\"'`”’»".contains(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Strong text in stars, addresses in brackets.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown: String = spans(text, "nas.example")
            .into_iter()
            .map(|span| {
                let text = match span.href {
                    Some(href) => {
                        assert_eq!(href, span.text);
                        format!("[{href}]")
                    }
                    None => span.text,
                };
                if span.bold { format!("*{text}*") } else { text }
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn marks_become_spans() {
        check("plain", "plain");
        check("", "");
        check("on @HOSTNAME@@BR@now", "on nas.example\nnow");
        check("a @B@b@B@ c @B@d@B@", "a *b* c *d*");
        check("a @B@b", "a @B@b");
        check("a @B@b@B@ @B@c", "a *b* @B@c");
        check("@B@@B@x", "x");
        check("@b@ @HOST@ <b>x</b> &amp;", "@b@ @HOST@ <b>x</b> &amp;");
    }

    #[test]
    fn addresses_become_links() {
        check(
            "see http://@HOSTNAME@/mmc.",
            "see [http://nas.example/mmc].",
        );
        check(
            "(https://a.example/x?y=1&z)!",
            "([https://a.example/x?y=1&z])!",
        );
        check(
            "\"http://a/\" 'http://b'<http://c>",
            "\"[http://a/]\" '[http://b]'<[http://c]>",
        );
        check(
            "http://a, http://b; https://c:443/?!",
            "[http://a], [http://b]; [https://c:443/]?!",
        );
        check("@B@go to http://a@B@.", "*go to **[http://a]*.");
        check("http://@BR@x", "http://\nx");
        check(
            "http:// httpx https://... javascript:alert(1)",
            "http:// httpx https://... javascript:alert(1)",
        );
    }

    proptest! {
        #[test]
        fn no_text_is_lost_and_links_are_of_the_web(text in "(http|s|://|@B@|[a-z.é ])*") {
            let spans = spans(&text, "h");
            let all: String = spans.iter().map(|span| span.text.as_str()).collect();
            prop_assert_eq!(all.replace("@B@", ""), text.replace("@B@", ""));
            for href in spans.iter().filter_map(|span| span.href.as_ref()) {
                prop_assert!(href.starts_with("http://") || href.starts_with("https://"));
            }
        }
    }
}
