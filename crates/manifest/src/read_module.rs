//! `module.json` field by field, as the module.json reference lists them.

use std::collections::BTreeMap;
use std::ops::Range;

use contara_i18n::{Message, message};
use jsonc_parser::ast::{Object, Value};

use crate::engine::{EngineRange, MODULE_API};
use crate::fields::{Field, Fields};
use crate::finding::{Finding, Report};
use crate::folder::Folder;
use crate::icon;
use crate::module::{Capabilities, Dependencies, ModuleManifest, Source};
use crate::object_file::read_object;
use crate::platform::Platform;
use crate::problem::{Code, Problem};
use crate::python_requirement::{PythonRequirement, RequirementError};
use crate::source_text::quoted;
use crate::spelling::did_you_mean;

/// Reads a module's folder. The manifest is there unless one of the problems is an error.
pub fn read_module(folder: &Folder, source: Source) -> (Option<ModuleManifest>, Vec<Problem>) {
    let (manifest, mut problems) = match &folder.manifest {
        Ok(bytes) => read_bytes(folder, source, bytes),
        Err(failure) => (None, vec![folder.read_failure(failure)]),
    };
    if folder.has_init {
        return (manifest, problems);
    }
    problems.push(folder.missing_init());
    (None, problems)
}

fn read_bytes(
    folder: &Folder,
    source: Source,
    bytes: &[u8],
) -> (Option<ModuleManifest>, Vec<Problem>) {
    read_object(&folder.manifest_path(), bytes, |object, report| {
        read_fields(object, folder, source, report)
    })
}

/// Every field is read before the first missing one ends it: all problems are to be reported at once.
fn read_fields(
    object: &Object<'_>,
    folder: &Folder,
    source: Source,
    report: &mut Report,
) -> Option<ModuleManifest> {
    let mut fields = Fields::of_root(object, report);
    let name = fields.required("name", |field, report| name(field, &folder.name, report));
    let display_name = fields.required("displayName", said);
    let version = fields.required("version", version);
    let author = fields.required("author", said);
    let description = fields.required("description", said);
    let icon = fields.required("icon", icon);
    let engine = fields.required_inside("engine", "contaranas", engine);
    let platforms = fields.required("platforms", platforms);
    let dependencies = fields.optional_object("dependencies", dependencies);
    let capabilities = fields.optional_object("capabilities", capabilities);
    let category = fields.optional("category", text);
    let tags = fields.optional("tags", texts);
    let homepage = fields.optional("homepage", link);
    let repository = fields.optional("repository", link);
    let requires_network = fields.optional("requires_network", Field::flag);
    fields.ignored("source");
    fields.ignored("$schema");
    fields.finish();
    Some(ModuleManifest {
        name: name?,
        display_name: display_name?,
        version: version?,
        author: author?,
        description: description?,
        icon: icon?,
        engine: engine?,
        platforms: platforms?,
        dependencies: dependencies.unwrap_or_default(),
        capabilities: capabilities.unwrap_or_default(),
        category,
        tags: tags.unwrap_or_default(),
        homepage,
        repository,
        source,
        requires_network: requires_network.unwrap_or(false),
    })
}

fn dependencies(fields: &mut Fields<'_, '_, '_>) -> Dependencies {
    let python = fields.optional("python", python);
    let python_platform = fields.optional("python_platform", python_platform);
    let system = fields.optional("system", texts);
    Dependencies {
        python: python.unwrap_or_default(),
        python_platform: python_platform.unwrap_or_default(),
        system: system.unwrap_or_default(),
    }
}

fn capabilities(fields: &mut Fields<'_, '_, '_>) -> Capabilities {
    let default = Capabilities::default();
    let mut flag = |key, default| fields.optional(key, Field::flag).unwrap_or(default);
    Capabilities {
        websocket: flag("websocket", default.websocket),
        dashboard: flag("dashboard", default.dashboard),
        detail_page: flag("detailPage", default.detail_page),
        settings: flag("settings", default.settings),
    }
}

fn text(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    field.text(report).map(str::to_owned)
}

fn texts(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<String>> {
    field.list(report, text)
}

/// A text that people read, so an empty one is worth a warning.
fn said(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    let said = text(field, report)?;
    if said.trim().is_empty() {
        report.add(
            Finding::warning(
                Code::EmptyField,
                field.span(),
                message!("Empty field: {field}", field = &field.path),
            )
            .found(message!("an empty text"))
            .expected(message!("something to read"))
            .help(message!(
                "Fill in {field}; people see it in the list of modules.",
                field = &field.path
            )),
        );
    }
    Some(said)
}

fn name(field: &Field<'_, '_>, folder: &str, report: &mut Report) -> Option<String> {
    let name = field.text(report)?;
    if !is_module_name(name) {
        report.add(invalid_name(field.span(), name, folder));
    } else if name != folder {
        report.add(name_mismatch(field.span(), name, folder));
    }
    Some(name.to_owned())
}

/// Whether a module may be named so: lowercase letters, digits and underscores, starting with a letter.
pub fn is_module_name(name: &str) -> bool {
    let is_part = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
    name.starts_with(|char: char| char.is_ascii_lowercase()) && name.chars().all(is_part)
}

fn invalid_name(at: Range<usize>, name: &str, folder: &str) -> Finding {
    let help = if is_module_name(folder) {
        message!(
            "Write {name}, as the folder is named.",
            name = quoted(folder)
        )
    } else {
        message!(
            "Choose a name like \"my_module\", and name the folder so too; it is named {name}.",
            name = quoted(folder)
        )
    };
    Finding::error(Code::InvalidName, at, message!("Invalid module name"))
        .found_text(name)
        .expected(message!(
            "lowercase letters, digits and underscores, starting with a letter"
        ))
        .help(help)
}

fn name_mismatch(at: Range<usize>, name: &str, folder: &str) -> Finding {
    let finding = Finding::error(Code::NameMismatch, at, message!("Module name mismatch"))
        .found_text(name)
        .expected(message!(
            "{name}, as the folder is named",
            name = quoted(folder)
        ));
    if is_module_name(folder) {
        finding.help(message!(
            "Write {folder} here, or rename the folder to {name}.",
            folder = quoted(folder),
            name = quoted(name)
        ))
    } else {
        finding.help(message!(
            "Rename the folder to {name}.",
            name = quoted(name)
        ))
    }
}

fn version(field: &Field<'_, '_>, report: &mut Report) -> Option<semver::Version> {
    let written = field.text(report)?;
    let version = semver::Version::parse(written).ok();
    if version.is_none() {
        let help = match repaired_version(written) {
            Some(repaired) => did_you_mean(&repaired),
            None => message!("Write three numbers with dots: \"1.0.0\"."),
        };
        report.add(
            Finding::error(
                Code::InvalidVersion,
                field.span(),
                message!("Invalid version format"),
            )
            .found_text(written)
            .expected(message!("a semantic version such as \"1.0.0\""))
            .help(help),
        );
    }
    version
}

/// The semantic version that `v1.0` or `1` was meant to be.
fn repaired_version(written: &str) -> Option<String> {
    let bare = written.trim().trim_start_matches(['v', 'V', '=']);
    ["", ".0", ".0.0"]
        .map(|end| format!("{bare}{end}"))
        .into_iter()
        .find(|candidate| semver::Version::parse(candidate).is_ok())
}

fn icon(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    let written = text(field, report)?;
    if icon::resolve(&written).is_none() {
        report.add(
            Finding::warning(Code::UnknownIcon, field.span(), message!("Unknown icon"))
                .found_text(&written)
                .expected(message!("the name of a Lucide icon"))
                .help(icon_help(&written)),
        );
    }
    Some(written)
}

/// What to do about an icon that isn't one.
pub(crate) fn icon_help(written: &str) -> Message {
    let advice = match icon::suggest(written) {
        Some(suggestion) => did_you_mean(suggestion),
        None => message!("The names are listed at lucide.dev/icons."),
    };
    let until_then = message!("Until then a neutral fallback icon will be shown.");
    Message::sentences(vec![advice, until_then])
}

fn engine(field: &Field<'_, '_>, report: &mut Report) -> Option<EngineRange> {
    let written = field.text(report)?;
    let range = EngineRange::parse(written);
    if range.is_none() {
        report.add(
            Finding::error(
                Code::InvalidEngineRange,
                field.span(),
                message!("Invalid version range"),
            )
            .found_text(written)
            .expected(message!("an npm-style range such as \"^0.1.0\""))
            .help(message!(
                "This host implements {version}; \"^{version}\" asks for it.",
                version = MODULE_API
            )),
        );
    }
    range
}

fn platforms(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<Platform>> {
    let element = |field: &Field<'_, '_>, report: &mut Report| {
        let written = field.text(report)?;
        platform(written, field.span(), report)
    };
    let listed = field.list(report, element)?;
    if matches!(field.value, Value::Array(array) if array.elements.is_empty()) {
        report.add(
            Finding::warning(Code::NoPlatform, field.span(), message!("No platform"))
                .found(message!("an empty array"))
                .expected(message!("at least one of linux, windows, darwin"))
                .help(message!(
                    "List the platforms you have tested; without any, the module runs nowhere."
                )),
        );
    }
    Some(without_repeats(listed))
}

fn without_repeats(listed: Vec<Platform>) -> Vec<Platform> {
    let mut platforms = Vec::new();
    for platform in listed {
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    platforms
}

fn platform(written: &str, at: Range<usize>, report: &mut Report) -> Option<Platform> {
    let platform = Platform::named(written);
    if platform.is_none() {
        let help = match Platform::meant_by(written) {
            Some(meant) => did_you_mean(meant.name()),
            None => message!("Use linux, windows or darwin (macOS)."),
        };
        report.add(
            Finding::error(Code::UnknownPlatform, at, message!("Unknown platform"))
                .found_text(written)
                .expected(message!("linux, windows or darwin"))
                .help(help),
        );
    }
    platform
}

fn python(field: &Field<'_, '_>, report: &mut Report) -> Option<Vec<PythonRequirement>> {
    field.entries(report, |package, key, field, report| {
        let specifier = field.text(report)?;
        let read = PythonRequirement::from_pair(package, specifier);
        let at = match &read {
            Err(RequirementError::Specifier { .. }) => field.span(),
            _ => key,
        };
        accept(read, at, report)
    })
}

type PlatformRequirements = BTreeMap<Platform, Vec<PythonRequirement>>;

fn python_platform(field: &Field<'_, '_>, report: &mut Report) -> Option<PlatformRequirements> {
    let entries = field.entries(report, |written, key, field, report| {
        let platform = platform(written, key, report);
        let requirements = field.list(report, requirement)?;
        Some((platform?, requirements))
    });
    entries.map(|entries| entries.into_iter().collect())
}

fn requirement(field: &Field<'_, '_>, report: &mut Report) -> Option<PythonRequirement> {
    let written = field.text(report)?;
    accept(PythonRequirement::from_text(written), field.span(), report)
}

fn accept(
    read: Result<PythonRequirement, RequirementError>,
    at: Range<usize>,
    report: &mut Report,
) -> Option<PythonRequirement> {
    let error = match read {
        Ok(requirement) => return Some(requirement),
        Err(error) => error,
    };
    let (message, expected, help) = match error {
        RequirementError::Specifier { .. } => (
            message!("Invalid version specifier"),
            message!("a specifier such as \">=2.28.0\", \"^6.0\", \"~3.4\" or \"==1.2.3\""),
            message!("Use >=, ^, ~ or ==; join several with commas: \">=1.2.3,<2.0\"."),
        ),
        _ => (
            message!("Invalid Python requirement"),
            message!("a package name and a specifier, such as \"requests\" and \">=2.28.0\""),
            message!("Write the package's name as PyPI has it."),
        ),
    };
    let finding = Finding::error(Code::InvalidRequirement, at, message);
    report.add(finding.found(error.message()).expected(expected).help(help));
    None
}

/// A link for people to click: anything but http and https (think `javascript:`) is left out of the manifest.
fn link(field: &Field<'_, '_>, report: &mut Report) -> Option<String> {
    let link = field.text(report)?;
    if is_web_link(link) {
        return Some(link.to_owned());
    }
    report.add(
        Finding::warning(
            Code::InvalidLink,
            field.span(),
            message!("Invalid link: {field}", field = &field.path),
        )
        .found_text(link)
        .expected(message!("a link that starts with https:// or http://"))
        .help(message!("Write the whole link. Until then it isn't shown.")),
    );
    None
}

fn is_web_link(link: &str) -> bool {
    let lower = link.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    let is_plain = !link
        .chars()
        .any(|char| char.is_whitespace() || char.is_control());
    is_plain && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}
