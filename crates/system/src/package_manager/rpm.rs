//! What the package managers on top of rpm(8) have in common: which packages are there, what a name is, and who locks the database.

use std::collections::BTreeSet;
use std::path::Path;

use super::lock;
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
