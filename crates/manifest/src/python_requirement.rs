//! Python packages a module needs, and the translation of the documented specifiers (`>=`, `^`, `~`, `==`, lists
//! with commas) to PEP 440, the language of pip and uv. Installing is the business of `system`.

use std::fmt;
use std::str::FromStr;

use contara_i18n::{Message, message};
use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};

use crate::source_text::quoted;

/// A package and the versions of it that will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonRequirement {
    /// The package's name as written.
    pub name: String,
    /// Optional parts of the package, from `name[extra, …]`.
    pub extras: Vec<String>,
    /// The version specifier as written, e.g. `^6.0`.
    pub written: String,
    /// The same in PEP 440, e.g. `>=6.0, <7`; empty when any version will do.
    pub pep440: VersionSpecifiers,
    /// What follows a `;`, verbatim: the environment marker that pip and uv evaluate.
    pub marker: Option<String>,
}

/// Why a requirement can't be understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RequirementError {
    Name,
    Extras,
    Link,
    ControlCharacter,
    Marker,
    Specifier { clause: String },
}

impl RequirementError {
    /// To follow "found".
    pub(crate) fn message(&self) -> Message {
        match self {
            Self::Name => message!("no valid package name at the start"),
            Self::Extras => message!("square brackets without a list of extras in them"),
            Self::Link => message!("a link to a package"),
            Self::ControlCharacter => message!("a control character"),
            Self::Marker => message!("nothing after the ;"),
            Self::Specifier { clause } => message!(
                "{specifier}, which isn't a version specifier",
                specifier = quoted(clause)
            ),
        }
    }
}

impl PythonRequirement {
    /// From a member of `dependencies.python`: the key (a name, maybe with extras) and the value (a specifier).
    pub(crate) fn from_pair(package: &str, specifier: &str) -> Result<Self, RequirementError> {
        let (name, extras, rest) = split_package(package)?;
        if !rest.is_empty() {
            return Err(RequirementError::Name);
        }
        Self::build(name, extras, specifier, None)
    }

    /// From a text of `dependencies.python_platform`, e.g. `wmi>=1.5.1`.
    pub(crate) fn from_text(text: &str) -> Result<Self, RequirementError> {
        let (requirement, marker) = match text.split_once(';') {
            Some((requirement, marker)) => (requirement, Some(marker)),
            None => (text, None),
        };
        let (name, extras, specifier) = split_package(requirement)?;
        Self::build(name, extras, specifier, marker)
    }

    fn build(
        name: &str,
        extras: Vec<String>,
        specifier: &str,
        marker: Option<&str>,
    ) -> Result<Self, RequirementError> {
        Ok(PythonRequirement {
            name: name.to_owned(),
            extras,
            written: specifier.trim().to_owned(),
            pep440: translate(specifier)?,
            marker: marker.map(checked_marker).transpose()?,
        })
    }
}

impl fmt::Display for PythonRequirement {
    /// The requirement as pip and uv take it (PEP 508): `name[extra]>=6.0,<7 ; marker`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.extras.is_empty() {
            write!(f, "[{}]", self.extras.join(","))?;
        }
        let clauses: Vec<_> = self.pep440.iter().map(ToString::to_string).collect();
        f.write_str(&clauses.join(","))?;
        match &self.marker {
            Some(marker) => write!(f, " ; {marker}"),
            None => Ok(()),
        }
    }
}

/// Markers are for pip and uv to judge; here it only matters that one can't start a new line of a requirements file.
fn checked_marker(marker: &str) -> Result<String, RequirementError> {
    let marker = marker.trim();
    if marker.chars().any(char::is_control) {
        return Err(RequirementError::ControlCharacter);
    }
    if marker.is_empty() {
        return Err(RequirementError::Marker);
    }
    Ok(marker.to_owned())
}

/// Name, extras, and what follows them.
fn split_package(text: &str) -> Result<(&str, Vec<String>, &str), RequirementError> {
    let (name, rest) = split_name(text.trim())?;
    let rest = rest.trim_start();
    if rest.starts_with('@') {
        return Err(RequirementError::Link);
    }
    let Some(inner) = rest.strip_prefix('[') else {
        return Ok((name, Vec::new(), rest));
    };
    let (extras, rest) = inner.split_once(']').ok_or(RequirementError::Extras)?;
    Ok((name, read_extras(extras)?, rest))
}

/// A name as PEP 508 has it: letters, digits, `.`, `_`, `-`, with a letter or digit at either end.
fn split_name(text: &str) -> Result<(&str, &str), RequirementError> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-');
    let end = text.find(|char| !is_part(char)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_edge = |char: char| char.is_ascii_alphanumeric();
    if name.starts_with(is_edge) && name.ends_with(is_edge) {
        Ok((name, rest))
    } else {
        Err(RequirementError::Name)
    }
}

fn read_extras(list: &str) -> Result<Vec<String>, RequirementError> {
    let read = |extra: &str| match split_name(extra.trim()) {
        Ok((name, "")) => Ok(name.to_owned()),
        _ => Err(RequirementError::Extras),
    };
    list.split(',').map(read).collect()
}

/// The specifier in PEP 440. Nothing and `*` mean any version; empty clauses are skipped, as pip does.
fn translate(written: &str) -> Result<VersionSpecifiers, RequirementError> {
    if written.trim() == "*" {
        return Ok(VersionSpecifiers::empty());
    }
    let mut clauses = Vec::new();
    for clause in written
        .split(',')
        .map(str::trim)
        .filter(|clause| !clause.is_empty())
    {
        let translated = translate_clause(clause).ok_or_else(|| RequirementError::Specifier {
            clause: clause.to_owned(),
        })?;
        clauses.extend(translated);
    }
    Ok(clauses.into_iter().collect())
}

fn translate_clause(clause: &str) -> Option<Vec<VersionSpecifier>> {
    if let Some(version) = clause.strip_prefix('^') {
        return span(version, caret_end);
    }
    match clause.strip_prefix('~') {
        Some(version) if !version.starts_with('=') => span(version, tilde_end),
        _ => Some(vec![VersionSpecifier::from_str(clause).ok()?]),
    }
}

/// From `version` on, up to but without the release that `end` makes of its release. PEP 440 keeps the end's
/// pre-releases out of `<end`.
fn span(version: &str, end: fn(&[u64]) -> Option<Vec<u64>>) -> Option<Vec<VersionSpecifier>> {
    let start = Version::from_str(version.trim()).ok()?;
    let end = Version::new(end(start.release())?).with_epoch(start.epoch());
    Some(vec![
        VersionSpecifier::from_version(Operator::GreaterThanEqual, start).ok()?,
        VersionSpecifier::from_version(Operator::LessThan, end).ok()?,
    ])
}

/// `^`: the first number that isn't zero may not change: `^6.0` ends at 7, `^0.2.3` at 0.3, `^0.0.3` at 0.0.4. When
/// all are zero it is the last one written: `^0.0` ends at 0.1, `^0` at 1.
fn caret_end(release: &[u64]) -> Option<Vec<u64>> {
    let last = release.len().checked_sub(1)?;
    let fixed = release.iter().position(|number| *number != 0);
    raise(release, fixed.unwrap_or(last))
}

/// `~`: the second number may not change, or the only one: `~3.4` and `~3.4.1` end at 3.5, `~3` at 4.
fn tilde_end(release: &[u64]) -> Option<Vec<u64>> {
    let last = release.len().checked_sub(1)?;
    raise(release, last.min(1))
}

/// The numbers up to `index`, that one raised by one.
fn raise(release: &[u64], index: usize) -> Option<Vec<u64>> {
    let mut end = release.get(..=index)?.to_vec();
    end[index] = end[index].checked_add(1)?;
    Some(end)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(written: &str, pep440: &str) {
        let requirement = PythonRequirement::from_pair("p", written).unwrap();
        assert_eq!(requirement.to_string(), format!("p{pep440}"), "{written}");
        assert_eq!(requirement.written, written.trim());
    }

    #[track_caller]
    fn check_text(written: &str, expected: Result<&str, &str>) {
        let requirement = PythonRequirement::from_text(written);
        let shown = requirement
            .map(|it| it.to_string())
            .map_err(|error| error.message().to_string());
        assert_eq!(
            shown.as_deref().map_err(String::as_str),
            expected,
            "{written}"
        );
    }

    #[test]
    fn documented_specifiers() {
        check(">=2.28.0", ">=2.28.0");
        check("^6.0", ">=6.0,<7");
        check("~3.4", ">=3.4,<3.5");
        check("==1.2.3", "==1.2.3");
        check(">=1.2.3,<2.0", ">=1.2.3,<2.0");
    }

    #[test]
    fn carets_and_tildes_near_zero() {
        check("^0.2.3", ">=0.2.3,<0.3");
        check("^0.0.3", ">=0.0.3,<0.0.4");
        check("^0.0", ">=0.0,<0.1");
        check("^0", ">=0,<1");
        check("^1.2.3.4", ">=1.2.3.4,<2");
        check("~3.4.1", ">=3.4.1,<3.5");
        check("~3", ">=3,<4");
        check("^1!2.3", ">=1!2.3,<1!3");
        check("^6.0rc1", ">=6.0rc1,<7");
    }

    #[test]
    fn other_operators_spaces_and_lists() {
        check("<2", "<2");
        check("<=2", "<=2");
        check(">2", ">2");
        check("!=2.1", "!=2.1");
        check("~=3.4", "~=3.4");
        check("==6.*", "==6.*");
        check(" >= 1.2 , ^ 1.0, ", ">=1.0,>=1.2,<2");
        check("*", "");
        check("", "");
    }

    #[test]
    fn what_is_no_specifier_is_named() {
        for bad in [
            "3.4",
            "^",
            "^x",
            "^6.*",
            "~=1",
            ">=1 || <3",
            "latest",
            "^1.0+local",
            "=1.0",
            "^18446744073709551615",
        ] {
            let error = PythonRequirement::from_pair("p", &format!(">=1,{bad}")).unwrap_err();
            assert_eq!(error, RequirementError::Specifier { clause: bad.into() });
        }
    }

    #[test]
    fn requirement_texts() {
        check_text("wmi>=1.5.1", Ok("wmi>=1.5.1"));
        check_text("python-xlib >= 0.33", Ok("python-xlib>=0.33"));
        check_text("wmi", Ok("wmi"));
        check_text("zope.interface^5.1", Ok("zope.interface>=5.1,<6"));
        check_text(
            "uvicorn[standard, dev]~0.30",
            Ok("uvicorn[standard,dev]>=0.30,<0.31"),
        );
        check_text(
            "a==1; python_version < '3.12'",
            Ok("a==1 ; python_version < '3.12'"),
        );
    }

    #[test]
    fn bad_requirement_texts() {
        check_text("", Err("no valid package name at the start"));
        check_text("--index-url=x", Err("no valid package name at the start"));
        check_text("a-", Err("no valid package name at the start"));
        check_text(
            "a[b",
            Err("square brackets without a list of extras in them"),
        );
        check_text(
            "a[]",
            Err("square brackets without a list of extras in them"),
        );
        check_text("a @ https://example.org/a.whl", Err("a link to a package"));
        check_text("a==1;", Err("nothing after the ;"));
        check_text("a==1; x\n-r other", Err("a control character"));
        check_text("a b", Err(r#""b", which isn't a version specifier"#));
        assert_eq!(
            PythonRequirement::from_pair("a b", "").unwrap_err(),
            RequirementError::Name
        );
    }

    fn release() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec(0..4u64, 1..4)
    }

    fn dotted(release: &[u64]) -> String {
        let numbers: Vec<_> = release.iter().map(ToString::to_string).collect();
        numbers.join(".")
    }

    /// Releases compare as if filled up with zeros.
    fn filled(release: &[u64]) -> [u64; 3] {
        std::array::from_fn(|index| release.get(index).copied().unwrap_or(0))
    }

    fn satisfies(specifier: &str, version: &str) -> bool {
        translate(specifier)
            .unwrap()
            .contains(&Version::from_str(version).unwrap())
    }

    proptest! {
        /// `^` as semver words it: not lower, and the same up to and including the first number that isn't zero (of
        /// those written).
        #[test]
        fn caret_is_its_documented_interval(base in release(), version in release()) {
            let kept = base.iter().position(|n| *n != 0).unwrap_or(base.len() - 1);
            let (low, it) = (filled(&base), filled(&version));
            let inside = it >= low && it[..=kept] == low[..=kept];
            prop_assert_eq!(satisfies(&format!("^{}", dotted(&base)), &dotted(&version)), inside);
        }

        /// `~`: not lower, and the same first two numbers (or the one that is written).
        #[test]
        fn tilde_is_its_documented_interval(base in release(), version in release()) {
            let kept = base.len().min(2);
            let (low, it) = (filled(&base), filled(&version));
            let inside = it >= low && it[..kept] == low[..kept];
            prop_assert_eq!(satisfies(&format!("~{}", dotted(&base)), &dotted(&version)), inside);
        }

        /// A list means all of its clauses, and pre-releases of the end stay out.
        #[test]
        fn lists_are_intersections(base in release(), other in release(), version in release()) {
            let (caret, least) = (format!("^{}", dotted(&base)), format!(">={}", dotted(&other)));
            let version = dotted(&version);
            prop_assert_eq!(
                satisfies(&format!("{caret},{least}"), &version),
                satisfies(&caret, &version) && satisfies(&least, &version)
            );
            let end = dotted(&caret_end(&base).unwrap());
            let excluded = format!("{end}.0rc1");
            prop_assert!(!satisfies(&caret, &excluded));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let _ = PythonRequirement::from_text(&text);
            if let Ok(requirement) = PythonRequirement::from_pair("p", &text) {
                prop_assert_eq!(PythonRequirement::from_text(&requirement.to_string()).unwrap().pep440, requirement.pep440);
            }
        }
    }
}
