//! The lists `packages` and `repositories` of `desc.json`.

use contara_i18n::message;
use jsonc_parser::ast::Value;

use crate::fields::{Field, Fields, read_object, soft};
use crate::finding::{Finding, Report};
use crate::problem::Code;
use crate::read_field::text;
use crate::setup::{PackageFamily, PackageSet, Repository};
use crate::wanted::Wanted;
use crate::yes_no::yes_or_no;

const FAMILIES: [(&str, PackageFamily); 4] = [
    ("rpms", PackageFamily::Rpm),
    ("debs", PackageFamily::Deb),
    ("apks", PackageFamily::Apk),
    ("pacman", PackageFamily::Pacman),
];

/// One set for each family that an entry names.
pub(crate) fn packages(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<PackageSet>> {
    let entries = field.list_of(Wanted::Objects, report, |field, report| {
        read_object(field, report, entry)
    })?;
    Some(entries.into_iter().flatten().collect())
}

fn entry(fields: &mut Fields<'_, '_, '_>) -> Vec<PackageSet> {
    let architecture = fields.optional("name", soft(text));
    let architecture = architecture.unwrap_or_else(|| "all".to_owned());
    let set = |(key, family)| {
        Some(PackageSet {
            architecture: architecture.clone(),
            family,
            names: fields.optional(key, package_names)?,
        })
    };
    FAMILIES.into_iter().filter_map(set).collect()
}

/// A plain text is one package.
fn package_names(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<String>> {
    if matches!(field.value, Value::StringLit(_)) {
        let message = message!("A text instead of a list: {field}", field = &field.path);
        report.add(
            Finding::warning(Code::WrongType, field.span(), message)
                .found(message!("a string"))
                .expected(message!("an array of strings"))
                .help(message!(
                    "It is taken as the name of one package. Put it in square brackets."
                )),
        );
        return package_name(field, report).map(|name| vec![name]);
    }
    field.list(report, package_name)
}

/// What a package manager can't take for something else.
fn package_name(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    let name = field.text(report)?.trim();
    if name.is_empty() || name.starts_with('-') || name.contains(char::is_control) {
        report.add(
            Finding::error(
                Code::InvalidName,
                field.span(),
                message!("Not a package's name: {field}", field = &field.path),
            )
            .found_text(name)
            .expected(message!("a name as the package manager knows it")),
        );
        return None;
    }
    Some(name.to_owned())
}

/// Where packages come from.
pub(crate) fn repositories(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<Repository>> {
    field.list_of(Wanted::Objects, report, |field, report| {
        read_object(field, report, repository)?
    })
}

fn repository(fields: &mut Fields<'_, '_, '_>) -> Option<Repository> {
    let slug = fields.required("slug", repository_slug);
    let name = fields.optional("name", soft(text));
    let url = fields.required("url", text);
    let options = fields.optional("options", text);
    let is_restricted = fields.optional("restricted", yes_or_no);
    let clean = fields.optional("clean", yes_or_no);
    let key = fields.optional("key", key_file);
    // It only ever led to a link that nobody was shown.
    fields.ignored("required");
    let slug = slug?;
    Some(Repository {
        name: name.unwrap_or_else(|| slug.clone()),
        slug,
        url: url?,
        options: options.unwrap_or_default(),
        is_restricted: is_restricted.unwrap_or(false),
        clean: clean.unwrap_or(false),
        key,
    })
}

/// A file in the module's folder.
fn key_file(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    let path = field.text(report)?;
    let mut parts = path.split('/');
    if path.is_empty() || parts.any(|part| matches!(part, "" | "." | "..")) {
        report.add(
            Finding::error(
                Code::InvalidName,
                field.span(),
                message!("Not a file of the module: {field}", field = &field.path),
            )
            .found_text(path)
            .expected(message!(
                "a path below the module's folder, such as \"repository.asc\""
            )),
        );
        return None;
    }
    Some(path.to_owned())
}

/// A slug becomes the name of a file.
fn repository_slug(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    let slug = field.text(report)?;
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    if slug.is_empty() || slug.starts_with('-') || !slug.chars().all(is_part) {
        report.add(
            Finding::error(
                Code::InvalidName,
                field.span(),
                message!("Invalid slug: {field}", field = &field.path),
            )
            .found_text(slug)
            .expected(message!("letters, digits, underscores and hyphens")),
        );
        return None;
    }
    Some(slug.to_owned())
}
