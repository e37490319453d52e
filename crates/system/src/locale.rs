//! Which locale a script runs in, so that its texts are really translated: that depends on what the machine has (locale(1)).

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::time::Duration;

use tokio::sync::OnceCell;

use crate::command_run::{CommandOrder, capture};

/// `locale -a` answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// The variables for a language, such as `fr_FR`.
pub(crate) async fn variables(language: &str) -> Vec<(String, OsString)> {
    let chosen = choose(language, installed().await);
    chosen
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

/// Those that the machine has; they hardly ever change. Empty if that can't be found out.
async fn installed() -> &'static BTreeSet<String> {
    static INSTALLED: OnceCell<BTreeSet<String>> = OnceCell::const_new();
    INSTALLED
        .get_or_init(async || {
            let captured = capture(&CommandOrder::new("locale", ["-a"]), PATIENCE).await;
            let text = captured.map(|captured| captured.output).unwrap_or_default();
            text.lines().map(normal).collect()
        })
        .await
}

/// `fr_FR.UTF-8` and `fr_FR.utf8` are one.
fn normal(locale: &str) -> String {
    locale.trim().to_lowercase().replace("utf-8", "utf8")
}

/// The language's own locale in UTF-8 where the machine has it. Else C in UTF-8, with which the GNU C library still translates into
/// `LANGUAGE`; with plain C it never does.
fn choose(language: &str, installed: &BTreeSet<String>) -> Vec<(&'static str, String)> {
    let language = language.split(['.', '@']).next().unwrap_or_default();
    let own = format!("{language}.UTF-8");
    let all = if installed.contains(&normal(&own)) {
        own
    } else {
        "C.UTF-8".to_owned()
    };
    vec![("LC_ALL", all), ("LANGUAGE", language.to_owned())]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, installed: &[&str], all: &str, expected_language: &str) {
        let installed = installed.iter().map(|name| normal(name)).collect();
        let expected = vec![
            ("LC_ALL", all.to_owned()),
            ("LANGUAGE", expected_language.to_owned()),
        ];
        assert_eq!(choose(language, &installed), expected);
    }

    #[test]
    fn the_languages_own_locale_is_used_where_there_is_one() {
        let all = ["C", "C.utf8", "fr_FR.utf8", "pt_BR", "POSIX"];
        check("fr_FR", &all, "fr_FR.UTF-8", "fr_FR");
        check("fr_FR.UTF-8", &all, "fr_FR.UTF-8", "fr_FR");
        check("pt_BR", &all, "C.UTF-8", "pt_BR");
        check("de_DE@euro", &[], "C.UTF-8", "de_DE");
    }

    #[tokio::test]
    async fn this_machine_has_the_plainest() {
        assert!(installed().await.contains("posix"));
    }
}
