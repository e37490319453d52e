//! The Lucide icon names, in whatever style an author writes them.
//!
//! `lucide.txt` holds the names: the keys of `icons` and of `aliases` in `icons.json` of the npm package
//! `@iconify-json/lucide`, together, without repeats, sorted by bytes, one a line, each line ended by `\n`, and
//! nothing else.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::spelling::{closest, squash};

static NAMES: &str = include_str!("lucide.txt");

/// From the squashed name to the name. Where two names differ in their dashes only (`axis-3d`, `axis-3-d`), one is an
/// alias of the other, so it does not matter which one stays.
static BY_SQUASHED: LazyLock<HashMap<String, &'static str>> =
    LazyLock::new(|| names().map(|name| (squash(name), name)).collect());

/// All names, aliases included, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines()
}

/// The kebab-case name of an icon written in any style: `hard-drive`, `HardDrive`, `hard_drive`, `LucideHardDrive`,
/// `HardDriveIcon`. `None` if there is no such icon.
pub fn resolve(name: &str) -> Option<&'static str> {
    let squashed = squash(name);
    let bare = squashed.strip_prefix("lucide").unwrap_or(&squashed);
    [&squashed, bare, bare.strip_suffix("icon").unwrap_or(bare)]
        .into_iter()
        .find_map(|candidate| BY_SQUASHED.get(candidate).copied())
}

/// The name closest to one that doesn't [`resolve`], if any is close enough to be what was meant.
pub fn suggest(name: &str) -> Option<&'static str> {
    closest(name, names())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, resolved: Option<&str>) {
        assert_eq!(resolve(written), resolved, "{written}");
    }

    #[test]
    fn every_style_resolves() {
        for written in [
            "hard-drive",
            "HardDrive",
            "hardDrive",
            "hard_drive",
            "Hard Drive",
        ] {
            check(written, Some("hard-drive"));
        }
        check("wrench", Some("wrench"));
        check("Wrench", Some("wrench"));
        check("Gamepad2", Some("gamepad-2"));
        check("gamepad-2", Some("gamepad-2"));
        check("LucideMonitor", Some("monitor"));
        check("MonitorIcon", Some("monitor"));
        check("LucideMonitorIcon", Some("monitor"));
    }

    #[test]
    fn what_is_no_icon_does_not() {
        for written in ["", "Icon", "Lucide", "Counter", "wrenchh", "../wrench"] {
            check(written, None);
        }
    }

    #[test]
    fn every_name_resolves_to_itself_or_its_twin() {
        for name in names() {
            let resolved = resolve(name).map(squash);
            assert_eq!(resolved, Some(squash(name)), "{name}");
        }
    }

    #[test]
    fn slips_are_recognised() {
        assert_eq!(suggest("wrenhc"), Some("wrench"));
        assert_eq!(suggest("HardDrives"), Some("hard-drive"));
        assert_eq!(suggest("qqqqqqqq"), None);
        assert_eq!(suggest(&"wrench".repeat(1000)), None);
    }

    #[test]
    fn the_list_is_as_its_rule_says() {
        assert!(names().count() > 2000);
        assert!(names().is_sorted());
        assert!(NAMES.ends_with('\n') && !NAMES.ends_with("\n\n"));
        let kebab = |name: &str| {
            let mut chars = name.chars();
            !name.is_empty()
                && chars.all(|c| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        assert!(names().all(kebab));
    }
}
