//! `desc.json`, the manifest of a setup module, key by key. Modules of many years have to stay usable: only what leaves
//! nothing sensible to do is an error, the rest is told and done without.

use std::collections::HashMap;
use std::ops::Range;

use contara_i18n::{Message, message};
use jsonc_parser::ast::{Object, Value};

use crate::amounts::{min_disk, port};
use crate::fields::{Field, Fields, read_object, soft};
use crate::finding::{Finding, Report};
use crate::folder::Folder;
use crate::json::span;
use crate::object_file;
use crate::problem::{Code, Problem};
use crate::read_field::{field_spec, names, text};
use crate::read_module::is_module_name;
use crate::read_packages::{packages, repositories};
use crate::read_sections::named;
use crate::setup::{FieldKind, FieldSpec, Link, Section, SetupManifest};
use crate::source_text::quoted;
use crate::wanted::Wanted;
use crate::yes_no::yes_or_no;

/// Longer ones make no good names of folders, units and catalogues.
const LONGEST_SLUG: usize = 64;

/// Keys that stand in setup modules, and that only a shop or an editor reads.
const OTHER_KEYS: [&str; 5] = [
    "$schema",
    "can_download",
    "downloaded",
    "price",
    "purshased",
];

/// Reads the `desc.json` of a folder, whose bytes stand in `folder.manifest`. The manifest is there unless one of the
/// problems is an error.
pub fn read_setup(folder: &Folder) -> (Option<SetupManifest>, Vec<Problem>) {
    let file = folder.path.join("desc.json");
    let (manifest, mut problems) = match &folder.manifest {
        Ok(bytes) => object_file::read_object(&file, bytes, |object, report| {
            read_keys(object, &folder.name, report)
        }),
        Err(failure) => (None, vec![folder.setup_read_failure(failure)]),
    };
    if folder.has_init {
        return (manifest, problems);
    }
    problems.push(folder.missing_setup_init());
    (None, problems)
}

/// What the object `module` says.
#[derive(Default)]
struct Inner {
    section: Option<String>,
    dependencies: Option<Vec<String>>,
    conflicts: Option<Vec<String>>,
    reboot: Option<bool>,
}

fn read_keys(object: &Object<'_>, folder: &str, report: &mut Report) -> Option<SetupManifest> {
    let mut fields = Fields::of_root(object, report);
    let slug = fields.required("slug", |field, report| slug(field, folder, report));
    let own = slug.clone().unwrap_or_default();
    let description = fields.optional("description", soft(text));
    let desc = fields.optional("desc", soft(deprecated("description", text)));
    let inner = fields.optional("module", |field, report| read_object(field, report, inner));
    let inner = inner.unwrap_or_default();
    let dependencies = fields.optional("dependencies", deprecated("module.dependencies", slugs));
    let conflicts = fields.optional("conflicts", deprecated("module.conflicts", slugs));
    let reboot = fields.optional("postinstall", soft(postinstall));
    fields.optional("conflict", conflict);
    let manifest = SetupManifest {
        slug: String::new(),
        name: fields.optional("name", soft(text)).unwrap_or_default(),
        description: desc
            .filter(|desc| !desc.is_empty())
            .or(description)
            .unwrap_or_default(),
        is_standalone: fields.optional("standalone", yes_or_no).unwrap_or(true),
        section: inner.section.unwrap_or_else(|| "other".to_owned()),
        category: category(&mut fields),
        links: fields.optional("actions", soft(links)).unwrap_or_default(),
        packages: fields.optional("packages", packages).unwrap_or_default(),
        repositories: fields
            .optional("repositories", repositories)
            .unwrap_or_default(),
        config: fields.optional("config", |field, report| config(field, &own, report)),
        dependencies: dependencies.or(inner.dependencies).unwrap_or_default(),
        conflicts: conflicts.or(inner.conflicts).unwrap_or_default(),
        reboot: reboot.or(inner.reboot).unwrap_or(false),
        url: fields.optional("url", soft(url)).flatten(),
        services: fields.optional("services", soft(names)).unwrap_or_default(),
        ports: fields
            .optional(
                "ports",
                soft(|field, report| field.list_of(Wanted::Ports, report, port)),
            )
            .unwrap_or_default(),
        files: fields.optional("files", soft(names)).unwrap_or_default(),
        min_disk: fields.optional("min_disk", soft(min_disk)),
    };
    OTHER_KEYS.into_iter().for_each(|key| fields.ignored(key));
    fields.finish();
    let slug = slug?;
    let name = Some(manifest.name).filter(|name| !name.trim().is_empty());
    Some(SetupManifest {
        name: name.unwrap_or_else(|| slug.clone()),
        slug,
        ..manifest
    })
}

fn inner(fields: &mut Fields<'_, '_, '_>) -> Inner {
    let inner = Inner {
        section: fields.optional("section", soft(text)),
        dependencies: fields.optional("dependencies", slugs),
        conflicts: fields.optional("conflicts", slugs),
        reboot: fields.optional("reboot", yes_or_no),
    };
    ["path", "file", "file_sha1"]
        .into_iter()
        .for_each(|key| fields.ignored(key));
    inner
}

/// Whether a setup module may be called so: what fits into addresses, file names and units.
fn is_slug(slug: &str) -> bool {
    let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
    slug.len() <= LONGEST_SLUG
        && slug.starts_with(|char: char| char.is_ascii_alphanumeric())
        && slug.chars().all(is_part)
}

fn slug(field: &Field<'_, '_>, folder: &str, report: &mut Report) -> Option<String> {
    let slug = field.text(report)?;
    let invalid = |finding: Finding| {
        finding
            .found_text(slug)
            .expected(message!(
                "lowercase letters, digits and underscores, starting with a letter"
            ))
            .help(message!(
                "Choose a slug like \"my_module\", and name the folder so too."
            ))
    };
    if !is_slug(slug) {
        let finding = Finding::error(Code::InvalidName, field.span(), message!("Invalid slug"));
        report.add(invalid(finding));
        return None;
    }
    if !is_module_name(slug) {
        let finding = Finding::warning(Code::InvalidName, field.span(), message!("Unusual slug"));
        report.add(invalid(finding));
    }
    if slug != folder {
        report.add(other_folder(field, slug, folder));
    }
    Some(slug.to_owned())
}

fn other_folder(field: &Field<'_, '_>, slug: &str, folder: &str) -> Finding {
    Finding::warning(
        Code::NameMismatch,
        field.span(),
        message!("The slug isn't the folder's name"),
    )
    .found_text(slug)
    .expected(message!(
        "{name}, as the folder is named",
        name = quoted(folder)
    ))
    .help(message!(
        "The module is known by its slug. Change one of the two."
    ))
}

/// Reads an old spelling, which wins over the new one.
fn deprecated<'v, 't: 'v, T>(
    new: &'static str,
    read: impl FnOnce(&Field<'v, 't>, &mut Report) -> Option<T>,
) -> impl FnOnce(&Field<'v, 't>, &mut Report) -> Option<T> {
    move |field, report| {
        let message = message!("Deprecated spelling: {field}", field = &field.path);
        report.add(
            Finding::warning(Code::Deprecated, field.span(), message)
                .expected(Message::verbatim(new))
                .help(message!(
                    "Move it to {new}. As long as {old} is there, it wins over {new}.",
                    new = new,
                    old = &field.path
                )),
        );
        read(field, report)
    }
}

/// It wins as soon as it is there, even if it says nothing.
fn postinstall(field: &Field<'_, '_>, report: &mut Report) -> Option<bool> {
    let reboot = read_object(field, report, |fields| {
        fields.optional("reboot", deprecated("module.reboot", yes_or_no))
    })?;
    Some(reboot.unwrap_or(false))
}

fn conflict(field: &Field<'_, '_>, report: &mut Report) -> Option<()> {
    report.add(
        Finding::warning(
            Code::UnknownField,
            field.span(),
            message!("Nothing reads conflict; the key is called conflicts"),
        )
        .expected(Message::verbatim("module.conflicts"))
        .help(message!(
            "Move it to module.conflicts if it is meant, or delete it."
        )),
    );
    None
}

fn slugs(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<String>> {
    let slugs = names(field, report)?;
    Some(slugs.into_iter().filter(|slug| !slug.is_empty()).collect())
}

/// `false` stands for none.
fn url(field: &Field<'_, '_>, report: &mut Report) -> Option<Option<String>> {
    if matches!(field.value, Value::BooleanLit(flag) if !flag.value) {
        return Some(None);
    }
    let written = field.text(report)?;
    if written.is_empty() {
        return Some(None);
    }
    Some(web_address(field, written, report).map(str::to_owned))
}

fn web_address<'a>(
    field: &Field<'_, '_>,
    written: &'a str,
    report: &mut Report,
) -> Option<&'a str> {
    let lower = written.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Some(written);
    }
    report.add(
        Finding::warning(
            Code::InvalidLink,
            field.span(),
            message!("Not a link: {field}", field = &field.path),
        )
        .found_text(written)
        .expected(message!("an address that starts with https:// or http://"))
        .help(message!("Until then it is left out.")),
    );
    None
}

/// Only the first one counts.
fn category(fields: &mut Fields<'_, '_, '_>) -> Section {
    let read = |field: &Field<'_, '_>, report: &mut Report| {
        field.list_of(Wanted::Objects, report, |field, report| {
            named(field, &["icon"], report)
        })
    };
    let listed = fields.optional("categories", soft(read));
    let first = listed.unwrap_or_default().into_iter().next();
    first.unwrap_or_else(|| Section {
        slug: "other".to_owned(),
        name: "Other".to_owned(),
    })
}

fn links(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<Link>> {
    field.list_of(Wanted::Objects, report, |field, report| {
        read_object(field, report, |fields| {
            let is_link = fields.required("type", is_link);
            let name = fields.required("name", text);
            let value = fields.required("value", |field, report| {
                let written = field.text(report)?;
                web_address(field, written, report).map(str::to_owned)
            });
            is_link.filter(|is_link| *is_link)?;
            Some(Link {
                name: name?,
                value: value?,
            })
        })?
    })
}

fn is_link(field: &Field<'_, '_>, report: &mut Report) -> Option<bool> {
    let written = field.text(report)?;
    if written != "link" {
        report.add(
            Finding::warning(
                Code::UnknownFieldType,
                field.span(),
                message!("Unknown type of action"),
            )
            .found_text(written)
            .expected(Message::verbatim("\"link\""))
            .help(message!("Nothing else is shown.")),
        );
    }
    Some(written == "link")
}

fn config(field: &Field<'_, '_>, slug: &str, report: &mut Report) -> Option<Vec<FieldSpec>> {
    let mut seen = HashMap::new();
    field.list_of(Wanted::Objects, report, |field, report| {
        let spec = field_spec(field, slug, report)?;
        if let (Some(name), true) = (&spec.name, spec.kind != FieldKind::Custom) {
            let at = name_span(field);
            let first = *seen.entry(name.clone()).or_insert(at.start);
            if first != at.start {
                report.add(same_name(name, at, first));
            }
        }
        Some(spec)
    })
}

fn name_span(field: &Field<'_, '_>) -> Range<usize> {
    let Value::Object(object) = field.value else {
        return field.span();
    };
    let mut members = object.properties.iter();
    let name = members.find(|member| member.name.as_str() == "name");
    name.map_or_else(|| field.span(), |name| span(&name.value))
}

fn same_name(name: &str, at: Range<usize>, first: usize) -> Finding {
    Finding::warning(
        Code::DuplicateKey,
        at,
        message!("Two fields are called {name}", name = quoted(name)),
    )
    .found(message!("a second one"))
    .expected(message!("a name that no other field has"))
    .help(message!(
        "The script gets the answer twice. Give one of the two another name."
    ))
    .first(first)
}
