//! `sections.json`: the sections that setup modules are sorted into.

use std::path::Path;

use contara_i18n::message;
use jsonc_parser::ast::Value;

use crate::fields::{Field, read_object, soft};
use crate::finding::{Finding, Report};
use crate::json::{kind, span};
use crate::object_file::read_value;
use crate::problem::{Code, Problem};
use crate::read_field::text;
use crate::setup::Section;
use crate::source_text::quoted;
use crate::wanted::Wanted;

/// Reads the file at `path`. An entry that can't be used is left out, with a warning; of two with one slug the first is
/// used.
pub fn read_sections(path: &Path, bytes: &[u8]) -> (Vec<Section>, Vec<Problem>) {
    let (sections, problems) = read_value(path, bytes, |value, report| {
        let Value::Array(_) = value else {
            report.add(no_list(value));
            return None;
        };
        let root = Field {
            path: "sections".to_owned(),
            value,
        };
        let mut sections: Vec<Section> = Vec::new();
        soft(|field: &Field<'_, '_>, report: &mut Report| {
            field.list_of(Wanted::Objects, report, |field, report| {
                let section = named(field, &[], report)?;
                if sections.iter().any(|known| known.slug == section.slug) {
                    report.add(stands_twice(field, &section.slug));
                } else {
                    sections.push(section);
                }
                Some(())
            })
        })(&root, report);
        Some(sections)
    });
    (sections.unwrap_or_default(), problems)
}

/// An object with a slug and a name, such as a section or a category. `others` are keys that may stand there too.
pub(crate) fn named(
    field: &Field<'_, '_>,
    others: &[&'static str],
    report: &mut Report,
) -> Option<Section> {
    read_object(field, report, |fields| {
        let slug = fields.required("slug", text);
        let name = fields.optional("name", soft(text));
        others.iter().for_each(|key| fields.ignored(key));
        let slug = slug.filter(|slug| !slug.trim().is_empty())?;
        let name = name.filter(|name| !name.trim().is_empty());
        Some(Section {
            name: name.unwrap_or_else(|| slug.clone()),
            slug,
        })
    })?
}

fn no_list(value: &Value<'_>) -> Finding {
    Finding::error(
        Code::WrongType,
        span(value),
        message!("Sections are an array"),
    )
    .found(kind(value))
    .expected(message!("an array of objects with slug and name"))
    .help(message!("Until then the usual sections are used."))
}

fn stands_twice(field: &Field<'_, '_>, slug: &str) -> Finding {
    Finding::warning(
        Code::DuplicateKey,
        field.span(),
        message!("The section {section} stands twice", section = quoted(slug)),
    )
    .help(message!("Only the first one is used."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)], problems: &[&str]) {
        let (sections, found) = read_sections(Path::new("sections.json"), text.as_bytes());
        let sections: Vec<_> = sections
            .iter()
            .map(|section| (section.slug.as_str(), section.name.as_str()))
            .collect();
        assert_eq!(sections, expected, "{text}");
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, problems, "{text}");
    }

    #[test]
    fn they_are_read_in_order() {
        check(
            r#"[{"slug": "core", "name": "Core"}, {"slug": "shop"}]"#,
            &[("core", "Core"), ("shop", "shop")],
            &[],
        );
        check("[]", &[], &[]);
    }

    #[test]
    fn a_bad_entry_costs_only_itself() {
        check(
            "[3,\n{\"name\": \"A\"},\n{\"slug\": \"a\", \"name\": 1, \"nmae\": 2},\n{\"slug\": \"a\"}]",
            &[("a", "a")],
            &[
                "sections.json:1:2: warning: Wrong type: sections[0]",
                "sections.json:2:1: warning: Missing required field: sections[1].slug",
                "sections.json:3:23: warning: Wrong type: sections[2].name",
                "sections.json:3:26: warning: Unknown field: sections[2].nmae",
                "sections.json:4:1: warning: The section \"a\" stands twice",
            ],
        );
        check(
            "{}",
            &[],
            &["sections.json:1:1: error: Sections are an array"],
        );
        check(
            "[",
            &[],
            &["sections.json:1:1: error: An array is never closed"],
        );
    }
}
