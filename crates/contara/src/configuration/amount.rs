//! Amounts as people write them: `2GiB`, `1024`, `unlimited`.

/// Stands for no limit.
pub(super) const UNLIMITED: &str = "unlimited";

/// What a limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Bytes,
    Count,
}

impl Unit {
    /// An amount as people write it.
    pub(super) fn shown(self, amount: u64) -> String {
        match self {
            Self::Bytes => with_unit(amount),
            Self::Count => amount.to_string(),
        }
    }
}

const UNITS: [(&str, u64); 9] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("B", 1),
];

/// The bytes that a text such as `1.5 GiB` stands for; `None` if it is no such text.
pub(super) fn bytes_of(text: &str) -> Option<u64> {
    let (number, unit) = UNITS
        .iter()
        .find_map(|(name, unit)| Some((text.strip_suffix(name)?.trim_end(), *unit)))?;
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(unit);
    }
    let is_decimal = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = number.parse().ok().filter(|_| is_decimal)?;
    // Exact enough: nobody limits a module to a part of a byte.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "checked to be in range"
    )]
    Some(number * unit as f64)
        .filter(|bytes| *bytes < i64::MAX as f64)
        .map(|bytes| bytes as u64)
}

/// An amount of bytes with the largest binary unit that fits without a remainder, such as `256MiB`.
pub(super) fn with_unit(bytes: u64) -> String {
    let binary = UNITS[..4].iter().rev();
    let unit = binary
        .into_iter()
        .find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    match unit {
        Some((name, unit)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes}B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(bytes_of(text), expected, "{text}");
    }

    #[test]
    fn amounts_have_a_number_and_a_unit() {
        check("2GiB", Some(2 << 30));
        check("1.5 GiB", Some(3 << 29));
        check("500kB", Some(500_000));
        check("7B", Some(7));
        check("1TB", Some(1_000_000_000_000));
    }

    #[test]
    fn what_could_mean_anything_is_no_amount() {
        for text in [
            "2",
            "GiB",
            "2gib",
            "2 G",
            "-1GiB",
            "1e3MB",
            "infMB",
            "NaNB",
            "1..5GB",
            "1_000B",
            "",
            "99999999999999TiB",
            "9999999999999999999999GB",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn whole_units_are_said_as_such() {
        for (bytes, expected) in [
            (256 << 20, "256MiB"),
            (2 << 30, "2GiB"),
            (1000, "1000B"),
            (0, "0B"),
        ] {
            assert_eq!(with_unit(bytes), expected);
        }
    }
}
