//! What the package managers on top of rpm(8) have in common: which packages are there, what a name is, and who locks the database.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::lock;
use super::repositories::{Places, RepositoryOrder, has_value, key_path};
use crate::command_run::CommandOrder;

/// A package's name, and then all that it provides, each on a line.
const FORMAT: &str = "%{NAME}\\n[%{PROVIDENAME}\\n]";

/// Where the database is, on older systems and on newer ones.
const LOCKS: [&str; 2] = ["/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock"];

/// A name, or what a package provides, such as `perl(DBI)`. Nothing with a path or an address, no file, no pattern, no group.
pub(super) fn is_name(package: &str) -> bool {
    let is_part = |part: char| part.is_ascii_alphanumeric() || "+-._():".contains(part);
    let ends_as_file = Path::new(package)
        .extension()
        .is_some_and(|end| end == "rpm");
    package.starts_with(|first: char| first.is_ascii_alphanumeric())
        && package.chars().all(is_part)
        && !ends_as_file
}

/// The name of `letters-1.0-1.noarch`; anything else stays as it is, since it may have been cut.
pub(super) fn name_of(package: &str) -> &str {
    const ARCHITECTURES: [&str; 10] = [
        "noarch", "x86_64", "i386", "i486", "i586", "i686", "aarch64", "armv7hl", "ppc64le",
        "s390x",
    ];
    let parts = package.rsplit_once('.');
    let parts = parts.filter(|(_, architecture)| ARCHITECTURES.contains(architecture));
    let name = parts.and_then(|(rest, _)| rest.rsplitn(3, '-').nth(2));
    name.unwrap_or(package)
}

/// Asks which packages there are.
pub(super) fn installed_query() -> CommandOrder {
    CommandOrder::new("rpm", ["-qa", "--queryformat", FORMAT])
}

/// All names that its answer holds.
pub(super) fn read_installed(answer: &str) -> BTreeSet<String> {
    let names = answer.lines().map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Who has locked the database.
pub(super) fn lock_holder() -> Option<String> {
    LOCKS.iter().find_map(|file| lock::holder(Path::new(file)))
}

/// `5.5 k`, `1.2 MiB` or `0`; each unit is 1024 of the one before.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let mut words = text.split_whitespace();
    let number = words.next()?;
    let unit = words.next().unwrap_or("B").chars().next()?;
    let power = "BkMGT".find(if unit == 'K' { 'k' } else { unit })?;
    let unit = 1024_u64.pow(u32::try_from(power).ok()?);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let tenths = part.get(..1)?.parse::<u64>().ok()?;
    let whole = whole.parse::<u64>().ok()?.saturating_mul(unit);
    Some(whole.saturating_add(tenths * unit / 10))
}

/// Asks where configuration is.
pub(super) fn configuration_query() -> CommandOrder {
    CommandOrder::new("rpm", ["--eval", "%{_sysconfdir}"])
}

/// The folder that its answer names.
pub(super) fn read_configuration(answer: &str) -> Option<PathBuf> {
    let folder = Path::new(answer.trim());
    folder.is_absolute().then(|| folder.to_owned())
}

/// Where a repository goes.
pub(super) fn repository_path(places: &Places, order: &RepositoryOrder) -> PathBuf {
    places.sources.join(format!("contara-{}.repo", order.slug))
}

/// What its file says, but for its address.
pub(super) fn repository_lines(places: &Places, order: &RepositoryOrder) -> Vec<String> {
    let mut lines = vec![
        "# Added by Contara.".to_owned(),
        format!("[contara-{}]", order.slug),
        format!("name={}", order.name),
        "enabled=1".to_owned(),
    ];
    if let Some(key) = &order.key {
        lines.push("gpgcheck=1".to_owned());
        let path = key_path(places, order, key);
        lines.push(format!("gpgkey=file://{}", path.display()));
    }
    let options = order.options.split_whitespace();
    let options = options.filter(|word| has_value(word));
    lines.extend(options.map(str::to_owned));
    lines
}
