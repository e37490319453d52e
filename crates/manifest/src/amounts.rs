//! Ports and sizes, as `desc.json` writes them.

use contara_i18n::message;
use jsonc_parser::ast::Value;

use crate::fields::Field;
use crate::finding::{Finding, Report};
use crate::problem::Code;
use crate::read_field::number_or_text;
use crate::setup::Port;

/// A port: `8080`, `"8080"`, `"8080/tcp"` or `"53/udp"`.
pub(crate) fn port(field: &Field<'_, '_>, report: &mut Report) -> Option<Port> {
    let written = number_or_text(field, report)?;
    let port = parse_port(written);
    if port.is_none() {
        report.add(
            Finding::error(
                Code::InvalidAmount,
                field.span(),
                message!("Not a port: {field}", field = &field.path),
            )
            .found_text(written)
            .expected(message!(
                "a number from 1 to 65535, such as 8080, or \"53/udp\""
            ))
            .help(message!("Until then it is left out.")),
        );
    }
    port
}

fn parse_port(written: &str) -> Option<Port> {
    let (number, protocol) = written.split_once('/').unwrap_or((written, "tcp"));
    let number = number.trim().parse().ok().filter(|number| *number > 0)?;
    let is_udp = match protocol.trim().to_ascii_lowercase().as_str() {
        "tcp" => false,
        "udp" => true,
        _ => return None,
    };
    Some(Port { number, is_udp })
}

/// An amount of disk: bytes as a number, or a text such as `"500 MB"` or `"2 GiB"`.
pub(crate) fn min_disk(field: &Field<'_, '_>, report: &mut Report) -> Option<u64> {
    let size = match field.value {
        Value::NumberLit(number) => number.value.parse().ok(),
        _ => parse_size(field.text(report)?),
    };
    if size.is_none() {
        report.add(
            Finding::error(
                Code::InvalidAmount,
                field.span(),
                message!("Not a size: {field}", field = &field.path),
            )
            .expected(message!(
                "a number of bytes, or a text such as \"500 MB\" or \"2 GiB\""
            ))
            .help(message!("Until then no disk is asked for.")),
        );
    }
    size
}

fn parse_size(written: &str) -> Option<u64> {
    let written = written.trim();
    let end = written.find(|char: char| !char.is_ascii_digit() && char != '.');
    let (amount, unit) = written.split_at(end.unwrap_or(written.len()));
    let factor: f64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        "tib" => 1_099_511_627_776.0,
        _ => return None,
    };
    let amount: f64 = amount.parse().ok()?;
    let bytes = amount * factor;
    // Beyond this a float skips whole numbers, and no disk is as large.
    (bytes <= 9e15).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_numbers_with_or_without_a_protocol() {
        let check = |written: &str, expected: Option<(u16, bool)>| {
            let port = parse_port(written).map(|port| (port.number, port.is_udp));
            assert_eq!(port, expected, "{written}");
        };
        check("8080", Some((8080, false)));
        check("53/udp", Some((53, true)));
        check("443 / TCP", Some((443, false)));
        check("0", None);
        check("65536", None);
        check("53/icmp", None);
        check("-1", None);
    }

    #[test]
    fn sizes_have_units_of_both_sorts() {
        let check = |written: &str, expected: Option<u64>| {
            assert_eq!(parse_size(written), expected, "{written}");
        };
        check("500 MB", Some(500_000_000));
        check("2GiB", Some(2_147_483_648));
        check("1.5 kb", Some(1500));
        check(" 12 ", Some(12));
        check("2 G", None);
        check("much", None);
        check("1e3 MB", None);
        check("99999999999 TB", None);
    }
}
