//! `desc.json`, the manifest of a setup module, as far as its author is told what is wrong with it: that it can be read,
//! that its slug is the folder's name, and that its fields are of sorts that exist.

use std::path::Path;

use jsonc_parser::ast::Object;

use crate::fields::{Field, Fields};
use crate::finding::{Finding, Report};
use crate::object_file::read_object;
use crate::problem::{Code, Problem};
use crate::read_module::is_module_name;
use crate::source_text::quoted;
use crate::spelling::{closest, did_you_mean};

/// The sorts of fields that a form can have.
const FIELD_TYPES: [&str; 8] = [
    "text", "password", "check", "options", "network", "custom", "subtitle", "file",
];

/// Keys that stand in setup modules and aren't looked at here.
const OTHER_KEYS: [&str; 19] = [
    "$schema",
    "actions",
    "can_download",
    "categories",
    "conflict",
    "conflicts",
    "dependencies",
    "desc",
    "description",
    "downloaded",
    "module",
    "name",
    "packages",
    "postinstall",
    "price",
    "purshased",
    "repositories",
    "standalone",
    "url",
];

/// Everything that is wrong with or doubtful about the `desc.json` of the module in `folder`.
pub fn check_setup(folder: &Path, bytes: &[u8]) -> Vec<Problem> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let read = |object: &Object<'_>, report: &mut Report| {
        read_fields(object, &name, report);
        Some(())
    };
    read_object(&folder.join("desc.json"), bytes, read).1
}

fn read_fields(object: &Object<'_>, folder: &str, report: &mut Report) {
    let mut fields = Fields::of_root(object, report);
    fields.required("slug", |field, report| slug(field, folder, report));
    fields.optional("config", config);
    OTHER_KEYS.into_iter().for_each(|key| fields.ignored(key));
    fields.finish();
}

fn slug(field: &Field<'_, '_>, folder: &str, report: &mut Report) -> Option<()> {
    let slug = field.text(report)?;
    if !is_module_name(slug) {
        report.add(
            Finding::error(Code::InvalidName, field.span(), "Invalid slug")
                .found(quoted(slug))
                .expected("lowercase letters, digits and underscores, starting with a letter")
                .help("Choose a slug like \"my_module\", and name the folder so too."),
        );
    } else if slug != folder {
        report.add(
            Finding::error(
                Code::NameMismatch,
                field.span(),
                "The slug isn't the folder's name",
            )
            .found(quoted(slug))
            .expected(format!("{}, as the folder is named", quoted(folder)))
            .help("Change one of the two."),
        );
    }
    Some(())
}

fn config(field: &Field<'_, '_>, report: &mut Report) -> Option<()> {
    let element = |field: &Field<'_, '_>, report: &mut Report| {
        check_field(field.object(report)?, report);
        Some(())
    };
    field.list(report, element)?;
    Some(())
}

fn check_field(object: &Object<'_>, report: &mut Report) {
    let mut fields = Fields::of_root(object, report);
    let kind = fields.required("type", field_type);
    if kind.as_deref() != Some("subtitle") {
        fields.required("name", |field, report| {
            field.text(report).map(str::to_owned)
        });
    }
}

fn field_type(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    let written = field.text(report)?;
    if !FIELD_TYPES.contains(&written) {
        let help = match closest(written, FIELD_TYPES) {
            Some(known) => did_you_mean(known),
            None => "Until then the field is left out.".into(),
        };
        report.add(
            Finding::error(
                Code::UnknownFieldType,
                field.span(),
                "Unknown type of field",
            )
            .found(quoted(written))
            .expected(format!("one of {}", FIELD_TYPES.join(", ")))
            .help(help),
        );
    }
    Some(written.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let problems = check_setup(Path::new("a/dns"), text.as_bytes());
        let found: Vec<_> = problems
            .iter()
            .map(|problem| format!("{}:{}", problem.line.unwrap_or_default(), problem.message))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_good_one_has_no_problems() {
        check(
            r#"{"slug": "dns", "name": "DNS", "config": [{"type": "text", "name": "a", "require": "yes"},
                {"type": "subtitle", "label": "b"}], "module": {"section": "core"}}"#,
            &[],
        );
        check(r#"{"slug": "dns"}"#, &[]);
    }

    #[test]
    fn each_problem_has_its_place() {
        check("{", &["1:An object is never closed"]);
        check("[]", &["1:A manifest is an object"]);
        check("{}", &["1:Missing required field: slug"]);
        check(r#"{"slug": "DNS"}"#, &["1:Invalid slug"]);
        check(
            r#"{"slug": "dhcp"}"#,
            &["1:The slug isn't the folder's name"],
        );
        check(
            "{\"slug\": \"dns\",\n\"cofig\": [],\n\"config\": [\n{\"type\": \"txt\", \"name\": 1},\n{\"type\": \"text\"}, 3]}",
            &[
                "2:Unknown field: cofig",
                "4:Unknown type of field",
                "4:Wrong type: name",
                "5:Missing required field: name",
                "5:Wrong type: config[2]",
            ],
        );
    }
}
